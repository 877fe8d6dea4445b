import { chmod, mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createModelRegistry, type ModelRegistry } from '../index.js';

let root: string;
let registry: ModelRegistry;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'espalier-registry-'));
  registry = open();
});
afterEach(() => rm(root, { recursive: true, force: true }));

const open = (): ModelRegistry =>
  createModelRegistry({ folder: join(root, 'registry'), now: () => new Date(0) });

async function folderWith(files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(root, 'model-'));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  await mkdir(join(folder, 'checkpoints'));
  return folder;
}

const register = async (weights: string, options: object = {}) =>
  registry.register({
    name: 'tiny',
    kind: 'model',
    folder: await folderWith({ 'config.json': '{}', 'model.safetensors': weights }),
    ...options,
  });

describe('a model registry', () => {
  it('keeps each content once, and what was registered when its folder changes', async () => {
    const folder = await folderWith({ 'config.json': '{}', 'model.safetensors': 'a' });
    const first = await registry.register({ name: 'tiny', kind: 'model', folder });
    await writeFile(join(folder, 'model.safetensors'), 'b');
    const second = await registry.register({ name: 'tiny', kind: 'model', folder });
    expect([first.version, second.version]).toEqual([1, 2]);
    expect(await readFile(join(registry.folderOf(first), 'model.safetensors'), 'utf8')).toBe('a');
    expect(await readFile(join(registry.folderOf(second), 'model.safetensors'), 'utf8')).toBe('b');
    const objects = await readdir(join(root, 'registry/objects'), { recursive: true });
    expect(objects.filter((path) => path.includes('/'))).toHaveLength(3);
    await registry.verify('tiny@1');
  });

  it('takes folders below and linked files, but not what training leaves beside a model', async () => {
    const folder = await folderWith({ 'config.json': '{}' });
    const weights = await folderWith({ blob: 'linked' });
    await symlink(join(weights, 'blob'), join(folder, 'model.safetensors'));
    await mkdir(join(folder, '1_Pooling'));
    await writeFile(join(folder, '1_Pooling/config.json'), '{"mean":true}');
    await writeFile(join(folder, 'checkpoints/state'), 's');
    const version = await registry.register({ name: 'embedder', kind: 'model', folder });
    expect(version.files.map(({ path }) => path)).toEqual([
      '1_Pooling/config.json',
      'config.json',
      'model.safetensors',
    ]);
    const kept = registry.folderOf(version);
    expect(await readFile(join(kept, '1_Pooling/config.json'), 'utf8')).toBe('{"mean":true}');
    expect(await readFile(join(kept, 'model.safetensors'), 'utf8')).toBe('linked');
    await registry.verify('embedder@1');
  });

  it('refuses a folder without a file', async () => {
    const folder = await folderWith({});
    await expect(registry.register({ name: 'none', kind: 'model', folder })).rejects.toMatchObject({
      code: 'ERR_REGISTRY_FILE',
    });
  });

  it('takes over the lock of a dead process that had the number of this one', async () => {
    await register('a');
    await writeFile(join(root, 'registry/lock'), `${process.pid} earlier`);
    expect((await register('b')).version).toBe(2);
  });

  it('gives the version that is there for the same content again', async () => {
    const first = await register('a');
    expect((await register('a')).version).toBe(first.version);
    expect((await register('a', { id: 'ft:tiny:x:1' })).version).toBe(2);
  });

  it('finds versions by number, id, alias, stage and name, also from another process', async () => {
    await register('a', { id: 'ft:tiny:x:1' });
    await register('b');
    await registry.setAlias('tiny', 'best', 'tiny@1');
    await registry.promote('tiny@1', 'staging');
    const other = open();
    expect(
      [
        'tiny@1',
        'ft:tiny:x:1',
        'tiny@best',
        'tiny@staging',
        'tiny',
        'tiny@3',
        'x',
        '__proto__',
      ].map((reference) => other.find(reference)?.version),
    ).toEqual([1, 1, 1, 1, 2, undefined, undefined, undefined]);
    await registry.promote('tiny@1', 'production');
    expect(other.find('tiny')?.version).toBe(1);
    expect(() => other.get('tiny@none')).toThrow(
      expect.objectContaining({ code: 'ERR_REGISTRY_UNKNOWN' }),
    );
  });

  it('archives what was in production, and rolls back production and aliases', async () => {
    await register('a');
    await register('b');
    await registry.promote('tiny@1', 'production');
    await registry.promote('tiny@2', 'production');
    expect(registry.list('tiny').map(({ stage }) => stage)).toEqual(['production', 'archived']);
    expect((await registry.rollback('tiny')).version).toBe(1);
    expect(registry.list('tiny').map(({ stage }) => stage)).toEqual(['archived', 'production']);
    await registry.setAlias('tiny', 'blue', 'tiny@1');
    await registry.setAlias('tiny', 'blue', 'tiny@2');
    expect((await registry.rollback('tiny', 'blue')).version).toBe(1);
    expect(registry.history('tiny')).toHaveLength(6);
    await expect(registry.rollback('tiny', 'green')).rejects.toMatchObject({
      code: 'ERR_REGISTRY_REQUEST',
    });
  });

  it('tells what differs between two versions', async () => {
    const lineage = (rate: number) => ({
      config: { learning_rate: rate, seed: 1 },
      data: { 'rows.jsonl': 'aa' },
    });
    await register('a', { lineage: lineage(1), metrics: { loss: 2 } });
    await register('b', { lineage: lineage(2), metrics: { loss: 1 } });
    expect(registry.compare('tiny@1', 'tiny@2')).toEqual({
      from: 'tiny@1',
      to: 'tiny@2',
      config: { learning_rate: { from: 1, to: 2 } },
      data: {},
      metrics: { loss: { from: 2, to: 1 } },
      files: { added: [], removed: [], changed: ['model.safetensors'] },
      base: { from: null, to: null },
    });
  });

  it('removes only archived versions that nothing holds, after telling which', async () => {
    await register('base');
    const adapter = await folderWith({ 'adapter_model.safetensors': 'l' });
    await registry.register({ name: 'chat', kind: 'adapter', folder: adapter, base: 'tiny@1' });
    await register('aliased');
    await register('old');
    for (const version of [1, 2, 3]) await registry.promote(`tiny@${version}`, 'archived');
    await registry.setAlias('tiny', 'kept', 'tiny@2');
    const expected = { versions: ['tiny@3'], objects: 1, bytes: 3 };
    expect(await registry.collectGarbage({ isDryRun: true })).toEqual({
      ...expected,
      isDryRun: true,
    });
    expect(registry.find('tiny@3')).toBeDefined();
    expect(await registry.collectGarbage()).toEqual({ ...expected, isDryRun: false });
    expect(registry.list('tiny').map(({ version }) => version)).toEqual([2, 1]);
    await registry.verify('tiny@1');
    expect((await register('new')).version).toBe(4);
  });

  it('removes what a killed process left and takes over its lock', async () => {
    await register('a');
    const drafts = join(root, 'registry/drafts/1-version');
    await mkdir(drafts, { recursive: true });
    await mkdir(join(root, 'registry/versions/tiny/9'), { recursive: true });
    // Above every process number of Linux.
    await writeFile(join(root, 'registry/lock'), '4194305');
    await registry.collectGarbage();
    expect(await readdir(join(root, 'registry/versions/tiny'))).toEqual(['1']);
    expect(await readdir(join(root, 'registry'))).toEqual(['index.json', 'objects', 'versions']);
  });

  it('lets several writers add versions at once', async () => {
    const folders = await Promise.all(
      Array.from({ length: 6 }, (_, i) => folderWith({ 'model.safetensors': String(i) })),
    );
    const added = await Promise.all(
      folders.map((folder) => open().register({ name: 'tiny', kind: 'model', folder })),
    );
    expect(added.map(({ version }) => version).sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('lets several writers promote at once: one is in production, and each move is told', async () => {
    for (const weights of ['a', 'b', 'c', 'd']) await register(weights);
    await Promise.all(
      [1, 2, 3, 4].map((version) => open().promote(`tiny@${version}`, 'production')),
    );
    const stages = registry.list('tiny').map(({ stage }) => stage);
    expect(stages.filter((stage) => stage === 'production')).toHaveLength(1);
    expect(stages.filter((stage) => stage === 'archived')).toHaveLength(3);
    const moves = registry.history('tiny');
    expect(moves.map(({ from }) => from)).toEqual([
      null,
      ...moves.slice(0, -1).map(({ to }) => to),
    ]);
    expect(registry.get('tiny@production').version).toBe(moves.at(-1)?.to);
  });

  it('finds by its hash a file whose content was changed, or that is gone', async () => {
    const entry = await register('weights');
    const file = join(registry.folderOf(entry), 'model.safetensors');
    await chmod(file, 0o644);
    await writeFile(file, 'weightz');
    await expect(registry.verify('tiny@1')).rejects.toMatchObject({
      code: 'ERR_REGISTRY_FILE',
      message: expect.stringMatching(/model\.safetensors.*its content was changed/u) as string,
    });
    await rm(file);
    await expect(registry.verify('tiny@1')).rejects.toMatchObject({ code: 'ERR_REGISTRY_FILE' });
  });

  it('refuses names, adapters without a base, empty folders and a damaged index', async () => {
    const folder = await folderWith({});
    const add = (options: object) =>
      registry.register({ name: 'tiny', kind: 'model', folder, ...options });
    await expect(add({ name: '../x' })).rejects.toMatchObject({ code: 'ERR_REGISTRY_REQUEST' });
    await expect(add({ kind: 'adapter' })).rejects.toMatchObject({ code: 'ERR_REGISTRY_REQUEST' });
    await expect(add({})).rejects.toMatchObject({ code: 'ERR_REGISTRY_FILE' });
    await register('a');
    await expect(registry.setAlias('tiny', 'production', 'tiny@1')).rejects.toMatchObject({
      code: 'ERR_REGISTRY_REQUEST',
    });
    await writeFile(join(root, 'registry/index.json'), '{');
    expect(() => registry.list()).toThrow(expect.objectContaining({ code: 'ERR_REGISTRY_FILE' }));
  });
});
