import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDataFolder } from './open-data-folder.js';

describe('openDataFolder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'espalier-data-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('makes what is missing, for this user only, and finds it again', async () => {
    const root = join(folder, 'a', 'b');
    const { uploads, knowledge } = await openDataFolder(root);
    expect((await stat(root)).mode & 0o777).toBe(0o700);
    expect([uploads, knowledge].every(existsSync)).toBe(true);
    expect((await openDataFolder(root)).root).toBe(root);
  });

  it('says that a file stands in its place', async () => {
    await writeFile(join(folder, 'file'), '');
    for (const root of [join(folder, 'file'), join(folder, 'file', 'below')]) {
      await expect(openDataFolder(root)).rejects.toMatchObject({
        code: 'ERR_SERVER_DATA_FOLDER',
        message: expect.stringContaining('a file stands in its place') as string,
      });
    }
  });

  it.skipIf(!existsSync('/proc/self'))('gives up where nothing can be made', async () => {
    await expect(openDataFolder('/proc/espalier/data')).rejects.toMatchObject({
      code: 'ERR_SERVER_DATA_FOLDER',
    });
  });
});
