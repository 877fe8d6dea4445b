import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCommandLine } from '../__fixtures__/command-line.js';
import { EXIT } from '../errors/exit-codes.js';

const cli = createCommandLine();
const { folder, run } = cli;

describe('espalier tensorflow', () => {
  it('looks where the environment says, and fails with what to do', async () => {
    const code = await run(['tensorflow', 'doctor', '--json'], { ESPALIER_TENSORFLOW: 'here' });
    expect(code).toBe(EXIT.failure);
    expect(JSON.parse(cli.out)).toMatchObject({ folder: join(folder, 'here'), isGood: false });
    expect(cli.out).toContain(process.platform === 'linux' ? 'tensorflow install' : 'Linux');
  });

  it('marks for a person what is good and what is not', async () => {
    expect(await run(['tensorflow', 'doctor', '--folder', 'there'])).toBe(EXIT.failure);
    expect(cli.out).toMatch(/^[✓✗] platform/u);
    expect(cli.out).toContain('✗');
  });

  it('tells which step of a set-up failed', async () => {
    const code = await run(['tensorflow', 'install', '--folder', 'x', '--library', 'nothing']);
    expect(code).toBe(EXIT.failure);
    expect(cli.err).toContain('libtensorflow_cc.so.2');
  });
});
