import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from '@espalier/core/zod';
import { ModelConfigError, ModelFileError } from '../errors.js';

/** What a LoRA adapter changes, and how strongly. */
export interface AdapterConfig {
  readonly rank: number;
  readonly alpha: number;
  /** Share of inputs dropped while training, from 0 to below 1. */
  readonly dropout: number;
  /** Names of modules, a regular expression in a string, or `all-linear`. */
  readonly targetModules: readonly string[] | string;
  /** Scales by α/√r instead of α/r. */
  readonly isRankStabilised: boolean;
  /** Learns the length of each weight row apart from its direction. */
  readonly isDora: boolean;
  /** Ranks of modules whose name ends so, or fits so. */
  readonly rankPattern: Readonly<Record<string, number>>;
  readonly alphaPattern: Readonly<Record<string, number>>;
  /** Modules trained whole and stored with the adapter. */
  readonly modulesToSave: readonly string[];
}

/** One adapted layer. */
export interface LoraLayer {
  readonly rank: number;
  readonly scale: number;
  readonly isDora: boolean;
}

export const ADAPTER_CONFIG_FILE = 'adapter_config.json';

const schema = z.looseObject({
  peft_type: z.literal('LORA'),
  r: z.int().min(1),
  lora_alpha: z.number(),
  lora_dropout: z.number().min(0).max(1).default(0),
  target_modules: z.union([z.array(z.string()), z.string()]),
  bias: z.literal('none').default('none'),
  use_rslora: z.boolean().default(false),
  use_dora: z.boolean().default(false),
  rank_pattern: z.record(z.string(), z.int().min(1)).nullish(),
  alpha_pattern: z.record(z.string(), z.number()).nullish(),
  modules_to_save: z.array(z.string()).nullish(),
  layers_to_transform: z.union([z.int(), z.array(z.int())]).nullish(),
});

/**
 * Reads `adapter_config.json` of a PEFT folder.
 *
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`: missing or no JSON.
 * @throws {ModelConfigError} `ERR_TRAINING_MODEL_CONFIG`: no LoRA, or one of a kind that is not supported.
 */
export async function readAdapterConfig(folder: string): Promise<AdapterConfig> {
  const file = join(folder, ADAPTER_CONFIG_FILE);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new ModelFileError({ file, problem: 'it is missing or no JSON', cause });
  }
  const result = schema.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    const field = issue?.path.map(String).join('.') ?? '';
    const found = (value as Record<string, unknown> | null)?.[field];
    throw new ModelConfigError({ file, field, found, expected: issue?.message ?? 'valid' });
  }
  const { data } = result;
  if (data.layers_to_transform !== undefined && data.layers_to_transform !== null)
    throw new ModelConfigError({
      file,
      field: 'layers_to_transform',
      found: data.layers_to_transform,
      expected: 'null: name the modules in target_modules instead',
    });
  return {
    rank: data.r,
    alpha: data.lora_alpha,
    dropout: data.lora_dropout,
    targetModules: data.target_modules,
    isRankStabilised: data.use_rslora,
    isDora: data.use_dora,
    rankPattern: data.rank_pattern ?? {},
    alphaPattern: data.alpha_pattern ?? {},
    modulesToSave: data.modules_to_save ?? [],
  };
}

/** Whether the adapter in a folder is one of a classifier, whose configuration then lies beside it. */
export async function isClassifierAdapter(folder: string): Promise<boolean> {
  const read = async (name: string): Promise<{ task_type?: unknown; model_type?: unknown }> =>
    JSON.parse(await readFile(join(folder, name), 'utf8')) as Record<string, unknown>;
  try {
    const { task_type: task } = await read(ADAPTER_CONFIG_FILE);
    return task === 'SEQ_CLS' && (await read('config.json')).model_type !== undefined;
  } catch {
    return false;
  }
}

/** The `adapter_config.json` that Python's `peft` reads. */
export function toPeftConfig(
  config: AdapterConfig,
  options: { readonly base: string; readonly isConv1d: boolean; readonly taskType: string | null },
): Record<string, unknown> {
  return {
    peft_type: 'LORA',
    task_type: options.taskType,
    base_model_name_or_path: options.base,
    r: config.rank,
    lora_alpha: config.alpha,
    lora_dropout: config.dropout,
    target_modules: config.targetModules,
    bias: 'none',
    fan_in_fan_out: options.isConv1d,
    modules_to_save: config.modulesToSave.length === 0 ? null : config.modulesToSave,
    rank_pattern: config.rankPattern,
    alpha_pattern: config.alphaPattern,
    use_rslora: config.isRankStabilised,
    use_dora: config.isDora,
    init_lora_weights: true,
    inference_mode: true,
  };
}

/** What the adapter does to a module, by PEFT's rules of names; undefined: nothing. */
export function loraLayerOf(config: AdapterConfig, module: string): LoraLayer | undefined {
  if (isSavedModule(config, module) || !isTarget(config.targetModules, module)) return undefined;
  const rank = patternValue(config.rankPattern, module) ?? config.rank;
  const alpha = patternValue(config.alphaPattern, module) ?? config.alpha;
  return {
    rank,
    scale: alpha / (config.isRankStabilised ? Math.sqrt(rank) : rank),
    isDora: config.isDora,
  };
}

/** Whether a module is trained whole and stored with the adapter. */
export function isSavedModule(config: AdapterConfig, module: string): boolean {
  return config.modulesToSave.some((name) => endsWith(module, name));
}

function isTarget(targets: AdapterConfig['targetModules'], module: string): boolean {
  // Output layers are left out, as PEFT does.
  if (targets === 'all-linear')
    return !endsWith(module, 'lm_head') && !endsWith(module, 'classifier');
  if (typeof targets === 'string') return new RegExp(`^(?:${targets})$`, 'u').test(module);
  return targets.some((name) => endsWith(module, name));
}

function endsWith(module: string, name: string): boolean {
  return module === name || module.endsWith(`.${name}`);
}

function patternValue(
  pattern: Readonly<Record<string, number>>,
  module: string,
): number | undefined {
  const key = Object.keys(pattern).find((candidate) =>
    new RegExp(`^(?:.*\\.)?(?:${candidate})$`, 'u').test(module),
  );
  return key === undefined ? undefined : pattern[key];
}
