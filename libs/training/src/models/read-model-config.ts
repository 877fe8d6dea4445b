import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelFileError } from '../errors.js';
import type { ModelConfig } from './model-config.js';
import { parseModelConfig } from './parse-model-config.js';

const CONFIG_FILE = 'config.json';

/**
 * Reads and checks `config.json` of a model folder.
 *
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`: missing or no JSON.
 * @throws {ModelConfigError} `ERR_TRAINING_MODEL_CONFIG`: a kind of model that is not supported.
 */
export async function readModelConfig(
  folder: string,
): Promise<{ config: ModelConfig; text: string }> {
  const file = join(folder, CONFIG_FILE);
  let text: string;
  let value: unknown;
  try {
    text = await readFile(file, 'utf8');
    value = JSON.parse(text);
  } catch (cause) {
    throw new ModelFileError({ file, problem: 'it is missing or no JSON', cause });
  }
  return { config: parseModelConfig(value, file), text };
}
