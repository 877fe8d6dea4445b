import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ModelFileError } from '../errors.js';
import { openSafetensors } from '../files/open-safetensors.js';
import { writeSafetensors, type TensorToWrite } from '../files/write-safetensors.js';
import { ADAPTER_CONFIG_FILE, toPeftConfig, type AdapterConfig } from './adapter-config.js';
import { LORA_MAGNITUDE } from './lora-scope.js';

const PREFIX = 'base_model.model.';
const WEIGHTS_FILE = 'adapter_model.safetensors';

/** A tensor of an adapter, by its name without PEFT's prefix. */
export interface AdapterTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * Reads the weights of a PEFT folder.
 *
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`: missing or damaged.
 */
export async function readAdapterWeights(
  folder: string,
): Promise<{ file: string; tensors: ReadonlyMap<string, AdapterTensor> }> {
  const file = join(folder, WEIGHTS_FILE);
  const opened = await openSafetensors(file);
  try {
    const tensors = new Map<string, AdapterTensor>();
    for (const [name, { shape }] of opened.tensors) {
      const short = name.startsWith(PREFIX) ? name.slice(PREFIX.length) : name;
      const own = short.endsWith(`${LORA_MAGNITUDE}.weight`)
        ? short.slice(0, -'.weight'.length)
        : short;
      tensors.set(own, { shape, values: await opened.readFloats(name) });
    }
    return { file, tensors };
  } finally {
    await opened.close();
  }
}

/** Writes a folder that Python's `peft` loads. */
export async function writeAdapter(options: {
  readonly folder: string;
  readonly config: AdapterConfig;
  readonly base: string;
  readonly isConv1d: boolean;
  readonly taskType: string | null;
  readonly tensors: Iterable<readonly [string, AdapterTensor]>;
}): Promise<void> {
  const { folder, config } = options;
  const tensors: TensorToWrite[] = Array.from(options.tensors, ([name, { shape, values }]) => ({
    name: `${PREFIX}${name}`,
    shape,
    dtype: 'F32',
    values: () => values,
  }));
  try {
    await mkdir(folder, { recursive: true });
    const text = `${JSON.stringify(toPeftConfig(config, options), null, 2)}\n`;
    await writeFile(join(folder, ADAPTER_CONFIG_FILE), text);
  } catch (cause) {
    throw new ModelFileError({ file: folder, problem: 'it cannot be written', cause });
  }
  await writeSafetensors({ file: join(folder, WEIGHTS_FILE), tensors });
}
