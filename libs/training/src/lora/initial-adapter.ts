import { createSeededRandom, type TensorData } from '@espalier/core';
import type { LoadedModel } from '../models/load-model.js';
import type { ModelConfig } from '../models/model-config.js';
import { parameterShapes } from '../models/parameter-shapes.js';
import { readStored } from '../models/weight-storage.js';
import { isSavedModule, loraLayerOf, type AdapterConfig } from './adapter-config.js';
import { LORA_A, LORA_B, LORA_MAGNITUDE, withLora } from './lora-scope.js';

/** The weights that training an adapter changes, by name: its own, and those of the modules it saves. */
export function adapterShapes(
  config: ModelConfig,
  adapter: AdapterConfig,
): Map<string, readonly number[]> {
  const base = parameterShapes(config);
  const shapes = new Map<string, readonly number[]>();
  for (const [name, shape] of parameterShapes(config, (scope) => withLora(scope, adapter)))
    if (!base.has(name) || isSavedModule(adapter, name.replace(/\.(?:weight|bias)$/u, '')))
      shapes.set(name, shape);
  return shapes;
}

/** Begins an adapter that changes nothing yet: A uniform as PEFT draws it, B zero, DoRA's lengths those of the weights. */
export async function initialiseAdapter(options: {
  readonly model: Pick<LoadedModel, 'config' | 'state' | 'shapes' | 'storage'>;
  readonly adapter: AdapterConfig;
  readonly seed: number;
}): Promise<void> {
  const { adapter } = options;
  const { config, state, shapes, storage } = options.model;
  const random = createSeededRandom(options.seed);
  for (const [name, shape] of adapterShapes(config, adapter)) {
    const count = shape.reduce((product, size) => product * size, 1);
    const write = (data: Float32Array): Promise<void> =>
      state.write(name, { dtype: 'float32', shape, data });
    if (name.endsWith(LORA_A)) {
      const bound = 1 / Math.sqrt(shape[1] ?? 1);
      await write(Float32Array.from({ length: count }, () => (2 * random.next() - 1) * bound));
    } else if (name.endsWith(LORA_B)) await write(new Float32Array(count));
    else if (name.endsWith(LORA_MAGNITUDE)) {
      const module = name.slice(0, -LORA_MAGNITUDE.length);
      if (loraLayerOf(adapter, module) === undefined) continue;
      const target = `${module}.weight`;
      const kept = storage.get(target);
      const weight = await readStored(state, target, {
        shape: shapes.get(target) ?? [],
        ...(kept && { storage: kept }),
      });
      await write(rowLengths(weight, config.family === 'gpt2'));
    }
  }
}

function rowLengths({ shape, data }: TensorData, isConv1d: boolean): Float32Array {
  const [rows = 1, columns = 1] = shape;
  const squares = new Float64Array(isConv1d ? columns : rows);
  for (let i = 0; i < data.length; i++) {
    const at = isConv1d ? i % columns : Math.floor(i / columns);
    squares[at] = (squares[at] ?? 0) + (data[i] ?? 0) ** 2;
  }
  return Float32Array.from(squares, Math.sqrt);
}
