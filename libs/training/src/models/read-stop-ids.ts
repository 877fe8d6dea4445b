import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelFileError } from '../errors.js';
import type { ModelConfig } from './model-config.js';

/** What transformers takes where neither file says anything. */
const FAMILY_DEFAULTS: Partial<Record<ModelConfig['family'], number>> = {
  llama: 2,
  mistral: 2,
  gpt2: 50_256,
};

/**
 * The ids that end a generated text, as transformers reads them: `eos_token_id` of `generation_config.json`, else of
 * `config.json`, else that of the family.
 *
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`: `generation_config.json` is no JSON object, or its field no id.
 */
export async function readStopIds(options: {
  readonly folder: string;
  readonly config: Pick<ModelConfig, 'family'>;
  /** `config.json`. */
  readonly configText: string;
}): Promise<number[]> {
  const file = join(options.folder, 'generation_config.json');
  const generation = await readObject(file);
  const fields = generation ?? (JSON.parse(options.configText) as Record<string, unknown>);
  const given = fields['eos_token_id'];
  if (given === null) return [];
  if (given === undefined) {
    const known = generation === undefined ? FAMILY_DEFAULTS[options.config.family] : undefined;
    return known === undefined ? [] : [known];
  }
  const ids = [given].flat();
  if (ids.every((id): id is number => Number.isInteger(id))) return ids;
  throw new ModelFileError({
    file: generation === undefined ? join(options.folder, 'config.json') : file,
    problem: `eos_token_id is ${JSON.stringify(given)}, but must be an id or a list of ids`,
  });
}

/** Undefined where there is no such file. */
async function readObject(file: string): Promise<Record<string, unknown> | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new ModelFileError({ file, problem: 'it cannot be read as JSON', cause });
  }
}
