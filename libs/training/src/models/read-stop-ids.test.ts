import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readStopIds } from './read-stop-ids.js';

describe('readStopIds', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'espalier-stop-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  const read = (family: 'llama' | 'qwen2' | 'gpt2', config: object) =>
    readStopIds({ folder, config: { family }, configText: JSON.stringify(config) });

  it('takes config.json, where a family has its own default and null means none', async () => {
    expect(await read('qwen2', { eos_token_id: 7 })).toEqual([7]);
    expect(await read('qwen2', {})).toEqual([]);
    expect(await read('llama', {})).toEqual([2]);
    expect(await read('gpt2', {})).toEqual([50_256]);
    expect(await read('llama', { eos_token_id: null })).toEqual([]);
  });

  it('lets generation_config.json go first, with one id or several', async () => {
    const file = join(folder, 'generation_config.json');
    await writeFile(file, '{"eos_token_id": [128001, 128009]}');
    expect(await read('llama', { eos_token_id: 7 })).toEqual([128_001, 128_009]);
    await writeFile(file, '{"do_sample": true}');
    expect(await read('llama', { eos_token_id: 7 })).toEqual([]);
    await writeFile(file, '{"eos_token_id": "</s>"}');
    await expect(read('llama', {})).rejects.toMatchObject({ code: 'ERR_TRAINING_MODEL_FILE' });
    await writeFile(file, '{');
    await expect(read('llama', {})).rejects.toThrow(/generation_config\.json/u);
  });
});
