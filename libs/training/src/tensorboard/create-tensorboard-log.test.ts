import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crc32c, maskedCrc32c } from './crc32c.js';
import { createTensorBoardLog } from './create-tensorboard-log.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-tensorboard-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const recordsOf = (file: Buffer): Buffer[] => {
  const records: Buffer[] = [];
  for (let at = 0; at < file.length;) {
    const length = Number(file.readBigUInt64LE(at));
    expect(file.readUInt32LE(at + 8)).toBe(maskedCrc32c(file.subarray(at, at + 8)));
    const data = file.subarray(at + 12, at + 12 + length);
    expect(file.readUInt32LE(at + 12 + length)).toBe(maskedCrc32c(data));
    records.push(data);
    at += length + 16;
  }
  return records;
};

describe('the log for TensorBoard', () => {
  it("has Castagnoli's checksum", () => {
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
  });

  it('holds one record for the version and each event that has something to show', async () => {
    const log = await createTensorBoardLog({ folder, now: () => new Date(1_700_000_000_500) });
    await log.write({
      type: 'step',
      step: 3,
      loss: 0.5,
      learning_rate: 0.25,
      grad_norm: 2,
      tokens: 7,
    });
    await log.write({ type: 'checkpoint', step: 3 });
    await log.write({ type: 'sample', step: 3, prompt: 'To be', text: ' or not' });
    await log.close();
    const [name = ''] = await readdir(folder);
    expect(name).toMatch(/^events\.out\.tfevents\.1700000000\./u);
    const [version, step, sample, ...rest] = recordsOf(await readFile(join(folder, name)));
    expect(rest).toEqual([]);
    expect(version?.readDoubleLE(1)).toBe(1_700_000_000.5);
    expect(version?.toString('latin1')).toContain('brain.Event:2');
    // Event: time, step, summary; its first value: tag train/loss and the float 0.5.
    expect(step?.subarray(9, 11)).toEqual(Buffer.of(0x10, 3));
    const loss = Buffer.concat([
      Buffer.of(0x0a, 17, 0x0a, 10),
      Buffer.from('train/loss'),
      Buffer.of(0x15, 0, 0, 0, 0x3f),
    ]);
    expect(step?.includes(loss)).toBe(true);
    expect(sample?.toString()).toContain('samples/To be');
    expect(sample?.toString()).toContain(' or not');
  });

  it('refuses a folder that it cannot make', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(createTensorBoardLog({ folder: join(folder, 'file') })).rejects.toMatchObject({
      code: 'ERR_TRAINING_MODEL_FILE',
    });
  });
});
