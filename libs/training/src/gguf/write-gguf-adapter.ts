import { ModelConfigError } from '../errors.js';
import { loraLayerOf, type AdapterConfig } from '../lora/adapter-config.js';
import { LORA_A, LORA_B } from '../lora/lora-scope.js';
import type { ModelSource } from '../models/open-model-source.js';
import { ggufArchitecture } from './architecture-metadata.js';
import { ggufModule, interleaveRows } from './gguf-tensor-plan.js';
import { float32, text, type GgufValue } from './gguf-value.js';
import { writeGguf, type GgufTensor } from './write-gguf.js';
import { requireDecoder } from './write-gguf-model.js';

/**
 * Writes an adapter alone as GGUF, to be loaded on top of the base model's file.
 *
 * The file has one alpha for all layers; where a layer's scale is another than alpha / rank (rsLoRA, patterns), its second
 * factor is multiplied by what is missing.
 *
 * @throws {ModelConfigError} `ERR_TRAINING_MODEL_CONFIG`: no adapter, or one with more than the two factors.
 * @throws {ModelFileError} `ERR_TRAINING_MODEL_FILE`: the file cannot be written.
 */
export async function writeGgufAdapter(options: {
  readonly source: ModelSource;
  readonly file: string;
  readonly type: 'f32' | 'f16';
  readonly abortSignal?: AbortSignal;
}): Promise<void> {
  const { source, file, type, abortSignal } = options;
  const config = requireDecoder(source.config, source.folder);
  const adapter = requirePlain(source);
  const tensors: GgufTensor[] = source.names.flatMap((name) => {
    const module = name.slice(0, -LORA_A.length);
    const lora = name.endsWith(LORA_A) ? loraLayerOf(adapter, module) : undefined;
    if (lora === undefined) return [];
    const missing = (lora.scale * lora.rank) / adapter.alpha;
    const read = async (part: string) => source.read(`${module}${part}`);
    const { inputs, outputs } = widthsOf(source, module);
    return [
      {
        name: `${ggufModule(module)}.weight.lora_a`,
        shape: [lora.rank, inputs],
        type,
        values: async () => (await read(LORA_A)).data as Float32Array,
      },
      {
        name: `${ggufModule(module)}.weight.lora_b`,
        shape: [outputs, lora.rank],
        type,
        values: async () => {
          const values = (await read(LORA_B)).data as Float32Array;
          return interleaveRows(config, module, values, lora.rank).map((value) => value * missing);
        },
      },
    ];
  });
  await writeGguf({
    file,
    tensors,
    metadata: new Map<string, GgufValue>([
      ['general.architecture', text(ggufArchitecture(config))],
      ['general.type', text('adapter')],
      ['adapter.type', text('lora')],
      ['adapter.lora.alpha', float32(adapter.alpha)],
    ]),
    ...(abortSignal && { abortSignal }),
  });
}

function widthsOf(source: ModelSource, module: string): { inputs: number; outputs: number } {
  const [first = 1, second = 1] = source.shapes.get(`${module}.weight`) ?? [];
  return source.config.family === 'gpt2'
    ? { inputs: first, outputs: second }
    : { inputs: second, outputs: first };
}

function requirePlain(source: ModelSource): AdapterConfig {
  const { adapter, folder: file } = source;
  const fail = (field: string, found: unknown, expected: string): never => {
    throw new ModelConfigError({ file, field, found, expected });
  };
  if (adapter === undefined) return fail('adapter', undefined, 'given, to be written as GGUF');
  if (adapter.isDora) fail('use_dora', true, 'false: merge the adapter into the model instead');
  if (adapter.modulesToSave.length > 0)
    fail('modules_to_save', adapter.modulesToSave, 'empty: merge the adapter instead');
  return adapter;
}
