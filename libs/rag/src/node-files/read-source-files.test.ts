import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSourceFiles, type ReadSourceFilesOptions } from './index.js';

describe('readSourceFiles', () => {
  let root: string;
  const write = (path: string, text = path): void => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const read = async (options: ReadSourceFilesOptions): Promise<[string, string][]> => {
    const found: [string, string][] = [];
    for await (const { source, bytes } of readSourceFiles(options)) {
      found.push([source, new TextDecoder().decode(bytes)]);
    }
    return found;
  };

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'sources-')));
    write('docs/b.md');
    write('docs/a/deep.txt');
    write('docs/.hidden.md');
    write('docs/node_modules/x/readme.md');
    write('docs/picture.png');
    write('secret.md');
  });
  afterEach(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it('yields the text files of a folder in order, named from the folder', async () => {
    expect(await read({ paths: [join(root, 'docs')] })).toEqual([
      ['a/deep.txt', 'docs/a/deep.txt'],
      ['b.md', 'docs/b.md'],
    ]);
  });

  it('takes a file that is named, whatever its ending', async () => {
    expect(await read({ paths: [join(root, 'docs/picture.png')] })).toEqual([
      ['picture.png', 'docs/picture.png'],
    ]);
  });

  it('names sources from the root where one is given', async () => {
    expect(await read({ paths: [join(root, 'docs/b.md')], root })).toEqual([
      ['docs/b.md', 'docs/b.md'],
    ]);
  });

  it('takes other endings when asked', async () => {
    expect(await read({ paths: [join(root, 'docs')], endings: ['PNG'] })).toEqual([
      ['picture.png', 'docs/picture.png'],
    ]);
  });

  it('follows a link inside its folder and no link out of it', async () => {
    symlinkSync(join(root, 'docs/b.md'), join(root, 'docs/c-inside.md'));
    symlinkSync(join(root, 'secret.md'), join(root, 'docs/d-outside.md'));
    symlinkSync(join(root, 'nowhere.md'), join(root, 'docs/e-broken.md'));
    const names = (await read({ paths: [join(root, 'docs')] })).map(([source]) => source);
    expect(names).toEqual(['a/deep.txt', 'b.md', 'c-inside.md']);
  });

  it('refuses what is not there and what lies outside of the root', async () => {
    await expect(read({ paths: [join(root, 'none.md')] })).rejects.toMatchObject({
      code: 'ERR_RAG_SOURCE_FILE',
    });
    await expect(
      read({ paths: [join(root, 'secret.md')], root: join(root, 'docs') }),
    ).rejects.toMatchObject({
      code: 'ERR_RAG_SOURCE_FILE',
    });
  });

  it('stops at an abort with its reason', async () => {
    const reason = new DOMException('Enough.', 'AbortError');
    await expect(
      read({ paths: [join(root, 'docs')], abortSignal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
  });
});
