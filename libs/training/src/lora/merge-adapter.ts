import type { TensorState } from '@espalier/core';
import type { LoadedModel } from '../models/load-model.js';
import { loraLayerOf, type AdapterConfig } from './adapter-config.js';
import { LORA_A, LORA_B, LORA_MAGNITUDE } from './lora-scope.js';

/** Reads a model's weights with its adapter added: W + s · B A, or DoRA's rows at their learned length. */
export function mergedState(model: LoadedModel): Pick<TensorState, 'read'> {
  const { adapter, state } = model;
  if (adapter === undefined) return state;
  return {
    async read(name) {
      const stored = await state.read(name);
      const module = name.replace(/\.weight$/u, '');
      if (!name.endsWith('.weight') || !state.names.includes(`${module}${LORA_A}`)) return stored;
      const data = await merge(model, adapter, module, stored.data as Float32Array);
      return { ...stored, data };
    },
  };
}

async function merge(
  { state, config, shapes }: LoadedModel,
  adapter: AdapterConfig,
  module: string,
  weight: Float32Array,
): Promise<Float32Array> {
  const lora = loraLayerOf(adapter, module);
  if (lora === undefined) return weight;
  const isConv1d = config.family === 'gpt2';
  const [first = 1, second = 1] = shapes.get(`${module}.weight`) ?? [];
  const [outputs, inputs] = isConv1d ? [second, first] : [first, second];
  const a = (await state.read(`${module}${LORA_A}`)).data;
  const b = (await state.read(`${module}${LORA_B}`)).data;
  const lengths = lora.isDora ? (await state.read(`${module}${LORA_MAGNITUDE}`)).data : undefined;
  const merged = new Float32Array(weight.length);
  const row = new Float64Array(inputs);
  for (let o = 0; o < outputs; o++) {
    row.fill(0);
    for (let r = 0; r < lora.rank; r++) {
      const factor = lora.scale * (b[o * lora.rank + r] ?? 0);
      for (let i = 0; i < inputs; i++) row[i] = (row[i] ?? 0) + factor * (a[r * inputs + i] ?? 0);
    }
    const place = (i: number): number => (isConv1d ? i * outputs + o : o * inputs + i);
    let square = 0;
    for (let i = 0; i < inputs; i++) {
      row[i] = (row[i] ?? 0) + (weight[place(i)] ?? 0);
      square += (row[i] ?? 0) ** 2;
    }
    const stretch = lengths === undefined ? 1 : (lengths[o] ?? 0) / Math.sqrt(square);
    for (let i = 0; i < inputs; i++) merged[place(i)] = (row[i] ?? 0) * stretch;
  }
  return merged;
}
