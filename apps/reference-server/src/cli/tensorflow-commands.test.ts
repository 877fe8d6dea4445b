import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXIT } from '../errors/exit-codes.js';
import { runProgram } from './run-cli.js';

let folder: string;
let out: string;
let err: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-tensorflow-'));
  out = '';
  err = '';
});
afterEach(() => rm(folder, { recursive: true }));

const run = (args: readonly string[], environment: Record<string, string> = {}): Promise<number> =>
  runProgram(args, {
    environment,
    directory: folder,
    isTerminal: false,
    out: (text) => (out += text),
    err: (text) => (err += text),
    abortSignal: new AbortController().signal,
  });

describe('espalier tensorflow', () => {
  it('looks where the environment says, and fails with what to do', async () => {
    const code = await run(['tensorflow', 'doctor', '--json'], { ESPALIER_TENSORFLOW: 'here' });
    expect(code).toBe(EXIT.failure);
    expect(JSON.parse(out)).toMatchObject({ folder: join(folder, 'here'), isGood: false });
    expect(out).toContain(process.platform === 'linux' ? 'tensorflow install' : 'Linux');
  });

  it('marks for a person what is good and what is not', async () => {
    expect(await run(['tensorflow', 'doctor', '--folder', 'there'])).toBe(EXIT.failure);
    expect(out).toMatch(/^[✓✗] platform/u);
    expect(out).toContain('✗');
  });

  it('tells which step of a set-up failed', async () => {
    const code = await run(['tensorflow', 'install', '--folder', 'x', '--library', 'nothing']);
    expect(code).toBe(EXIT.failure);
    expect(err).toContain('libtensorflow_cc.so.2');
  });
});
