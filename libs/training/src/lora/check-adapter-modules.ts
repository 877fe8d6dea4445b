import { ModelConfigError } from '../errors.js';
import type { ModelConfig } from '../models/model-config.js';
import { parameterShapes } from '../models/parameter-shapes.js';
import { isSavedModule, loraLayerOf, type AdapterConfig } from './adapter-config.js';

/**
 * Fails unless the model has every module that an adapter is to be put on, or is to train whole.
 *
 * @throws {ModelConfigError} `ERR_TRAINING_MODEL_CONFIG`: a name that no module of the model has.
 */
export function checkAdapterModules(adapter: AdapterConfig, config: ModelConfig): void {
  const linear = new Set<string>();
  const shapes = parameterShapes(config, (scope) => ({
    ...scope,
    linear(layer) {
      linear.add(layer.name);
      return scope.linear(layer);
    },
  }));
  const modules = [...shapes.keys()].map((name) => name.replace(/\.(?:weight|bias)$/u, ''));
  const fail = (field: string, found: string, among: Iterable<string>): never => {
    const names = [...new Set(Array.from(among, (name) => name.replace(/^.*\./u, '')))];
    throw new ModelConfigError({
      file: 'the job',
      field,
      found,
      expected: `a module of the model, one of ${names.join(', ')}`,
    });
  };
  const { targetModules } = adapter;
  for (const name of typeof targetModules === 'string' ? [] : targetModules) {
    const alone = { ...adapter, targetModules: [name], modulesToSave: [] };
    if (![...linear].some((module) => loraLayerOf(alone, module) !== undefined))
      fail('lora.target_modules', name, linear);
  }
  for (const name of adapter.modulesToSave) {
    const alone = { ...adapter, modulesToSave: [name] };
    if (!modules.some((module) => isSavedModule(alone, module)))
      fail('lora.modules_to_save', name, modules);
  }
}
