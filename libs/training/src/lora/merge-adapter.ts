import type { ModelSource } from '../models/open-model-source.js';
import { loraLayerOf, type AdapterConfig } from './adapter-config.js';
import { LORA_A, LORA_B, LORA_MAGNITUDE } from './lora-scope.js';

/** Whether merging the adapter gives a weight of the base model other values. */
export function isChangedByMerge(source: ModelSource, name: string): boolean {
  return (
    source.isRounded(name) ||
    source.isAdapted(name) ||
    source.isAdapted(`${moduleOf(name)}${LORA_A}`)
  );
}

/** Reads a weight with the adapter added: W + s · B A, or DoRA's rows at their learned length. */
export async function readMerged(source: ModelSource, name: string): Promise<Float32Array> {
  const weight = (await source.read(name)).data as Float32Array;
  const module = moduleOf(name);
  if (source.adapter === undefined || !source.isAdapted(`${module}${LORA_A}`)) return weight;
  return merge(source, source.adapter, module, weight);
}

/** The module of a weight; other parameters have none that an adapter could change. */
function moduleOf(name: string): string {
  return name.endsWith('.weight') ? name.slice(0, -'.weight'.length) : '';
}

async function merge(
  source: ModelSource,
  adapter: AdapterConfig,
  module: string,
  weight: Float32Array,
): Promise<Float32Array> {
  const lora = loraLayerOf(adapter, module);
  if (lora === undefined) return weight;
  const isConv1d = source.config.family === 'gpt2';
  const [first = 1, second = 1] = source.shapes.get(`${module}.weight`) ?? [];
  const [outputs, inputs] = isConv1d ? [second, first] : [first, second];
  const a = (await source.read(`${module}${LORA_A}`)).data;
  const b = (await source.read(`${module}${LORA_B}`)).data;
  const lengths = lora.isDora ? (await source.read(`${module}${LORA_MAGNITUDE}`)).data : undefined;
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
