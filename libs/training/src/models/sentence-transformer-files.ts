import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelConfigError, ModelFileError } from '../errors.js';
import type { Pooling } from './pool-states.js';

const POOLING_FOLDER = '1_Pooling';
const OWN_FILES =
  /^(?:modules\.json|sentence_bert_config\.json|config_sentence_transformers\.json|\d+_(?:Pooling|Normalize))$/u;
const TOKENIZER_FILE = 'tokenizer_config.json';
const LIMIT_FILE = 'sentence_bert_config.json';

/** How a folder of sentence-transformers makes one vector of a text. */
export interface SentenceSettings {
  /** undefined: the folder does not say. */
  readonly pooling: Pooling | undefined;
  /** Tokens of a text that count; undefined: the folder does not say. */
  readonly maxLength: number | undefined;
}

/**
 * Reads `1_Pooling/config.json`, `sentence_bert_config.json` and `tokenizer_config.json` of a model folder, where they are
 * there.
 *
 * @throws {ModelConfigError} `ERR_TRAINING_MODEL_CONFIG`: a kind of pooling that is not supported.
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`: a file is no JSON.
 */
export async function readSentenceSettings(folder: string): Promise<SentenceSettings> {
  const file = join(folder, POOLING_FOLDER, 'config.json');
  const pooling = await readJson(file);
  const limits = [
    (await readJson(join(folder, LIMIT_FILE)))?.['max_seq_length'],
    (await readJson(join(folder, TOKENIZER_FILE)))?.['model_max_length'],
  ];
  return {
    pooling: pooling === undefined ? undefined : poolingOf(pooling, file),
    maxLength: limits.find((limit) => typeof limit === 'number'),
  };
}

/** Writes the files by which sentence-transformers loads a folder as an encoder with vectors of length 1. */
export async function writeSentenceSettings(options: {
  readonly folder: string;
  readonly width: number;
  readonly pooling: Pooling;
  readonly maxLength: number;
  readonly queryPrefix: string;
  readonly passagePrefix: string;
}): Promise<void> {
  const { folder, pooling } = options;
  const part = (idx: number, path: string, type: string): object => ({
    idx,
    name: String(idx),
    path,
    type: `sentence_transformers.models.${type}`,
  });
  const files: Record<string, unknown> = {
    'modules.json': [
      part(0, '', 'Transformer'),
      part(1, POOLING_FOLDER, 'Pooling'),
      part(2, '2_Normalize', 'Normalize'),
    ],
    [join(POOLING_FOLDER, 'config.json')]: {
      word_embedding_dimension: options.width,
      pooling_mode_cls_token: pooling === 'cls',
      pooling_mode_mean_tokens: pooling === 'mean',
      pooling_mode_max_tokens: false,
      pooling_mode_mean_sqrt_len_tokens: false,
    },
    [LIMIT_FILE]: { max_seq_length: options.maxLength, do_lower_case: false },
    'config_sentence_transformers.json': {
      prompts: { query: options.queryPrefix, document: options.passagePrefix },
      default_prompt_name: null,
      similarity_fn_name: 'cosine',
    },
  };
  try {
    await mkdir(join(folder, POOLING_FOLDER), { recursive: true });
    await mkdir(join(folder, '2_Normalize'), { recursive: true });
    for (const [name, value] of Object.entries(files))
      await writeFile(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
  } catch (cause) {
    throw new ModelFileError({ file: folder, problem: 'it cannot be written', cause });
  }
}

/**
 * Writes into `tokenizer_config.json` how many tokens of a text count, by which classifiers are loaded.
 *
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`: it cannot be read or written.
 */
export async function writeTokenizerLimit(folder: string, maxLength: number): Promise<void> {
  const file = join(folder, TOKENIZER_FILE);
  const config = { ...(await readJson(file)), model_max_length: maxLength };
  try {
    await writeFile(file, `${JSON.stringify(config, null, 2)}\n`);
  } catch (cause) {
    throw new ModelFileError({ file, problem: 'it cannot be written', cause });
  }
}

/** Copies these files to another folder, where they are there. */
export async function copySentenceSettings(from: string, to: string): Promise<void> {
  for (const name of await readdir(from))
    if (OWN_FILES.test(name)) await cp(join(from, name), join(to, name), { recursive: true });
}

async function readJson(file: string): Promise<Record<string, unknown> | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw new ModelFileError({ file, problem: 'it is no JSON', cause });
  }
}

/** Newer releases name the mode, older ones switch each on or off. */
function poolingOf(config: Record<string, unknown>, file: string): Pooling {
  const switched = Object.entries(config).flatMap(([name, value]) =>
    name.startsWith('pooling_mode_') && value === true ? [name.slice('pooling_mode_'.length)] : [],
  );
  const modes = typeof config['pooling_mode'] === 'string' ? [config['pooling_mode']] : switched;
  const [mode] = modes;
  if (modes.length === 1) {
    if (mode === 'mean' || mode === 'mean_tokens') return 'mean';
    if (mode === 'cls' || mode === 'cls_token') return 'cls';
  }
  throw new ModelConfigError({
    file,
    field: 'pooling_mode',
    found: modes.join(', '),
    expected: 'one of mean, cls',
  });
}
