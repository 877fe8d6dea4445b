import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogFile } from './log-file.js';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-log-'));
  path = join(folder, 'server.log');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('a log file', () => {
  it('goes on behind what it holds, for this user only', async () => {
    for (const text of ['one\n', 'two\n']) {
      const file = createLogFile({ path });
      file.write(text);
      await file.close();
    }
    expect(await readFile(path, 'utf8')).toBe('one\ntwo\n');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('is set aside when it is full, and the oldest is dropped', async () => {
    await writeFile(path, 'x'.repeat(9));
    for (const text of ['a', 'b', 'c', 'd']) {
      const file = createLogFile({ path, maxBytes: 10, keep: 2 });
      file.write(text.repeat(9));
      await file.close();
    }
    expect((await readdir(folder)).sort()).toEqual(['server.log', 'server.log.1', 'server.log.2']);
    expect(await readFile(path, 'utf8')).toBe('d'.repeat(9));
    expect(await readFile(`${path}.1`, 'utf8')).toBe('c'.repeat(9));
    expect(await readFile(`${path}.2`, 'utf8')).toBe('b'.repeat(9));
  });

  it('keeps the order of what is written while it writes', async () => {
    const file = createLogFile({ path, maxBytes: 1000 });
    const lines = Array.from({ length: 500 }, (_, index) => `line ${index}\n`);
    for (const [index, line] of lines.entries()) {
      file.write(line);
      if (index % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await file.close();
    const parts = await Promise.all(
      ['.3', '.2', '.1', ''].map((end) => readFile(`${path}${end}`, 'utf8').catch(() => '')),
    );
    expect(lines.join('').endsWith(parts.join(''))).toBe(true);
    expect(parts.join('')).toContain('line 499\n');
  });

  it('writes what waits when the process ends', () => {
    const file = createLogFile({ path: '/dev/null' });
    file.write('first');
    file.write('second');
    expect(() => {
      file.flushSync();
    }).not.toThrow();
  });

  it('never renames what is no plain file', async () => {
    const file = createLogFile({ path: '/dev/null', maxBytes: 4 });
    for (const text of ['first', 'second', 'third']) file.write(text);
    await file.close();
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
  });

  it('says once that it cannot write, and harms nothing', async () => {
    const errors: Error[] = [];
    const file = createLogFile({ path: '/dev/full', onError: (error) => errors.push(error) });
    file.write('first');
    await new Promise((resolve) => setImmediate(resolve));
    file.write('second');
    await file.close();
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ code: 'ENOSPC' });
  });
});
