import { createTrace } from '../tensor/trace.js';
import { decoderLogits, decoderStates } from './decoder.js';
import { classifierLogits, encoderStates } from './encoder.js';
import type { ModelConfig } from './model-config.js';
import { createModelScope, type ModelScope } from './model-scope.js';

/** The weights that a model has, by name; with `adapt` those of an adapter too. */
export function parameterShapes(
  config: ModelConfig,
  adapt: (scope: ModelScope) => ModelScope = (scope) => scope,
): ReadonlyMap<string, readonly number[]> {
  const trace = createTrace();
  const shapes = new Map<string, readonly number[]>();
  const scope = adapt(
    createModelScope(trace, (name, shape) => {
      shapes.set(name, shape);
    }),
  );
  const token = (name: string) => trace.feed(name, { dtype: 'int32', shape: [1, 1] });
  const [ids, positions] = [token('ids'), token('positions')];
  if (config.family === 'bert') {
    const states = encoderStates(config, scope, { ids, positions, typeIds: token('types') });
    if (config.head !== undefined) classifierLogits(config, scope, { states, batch: 1 });
  } else {
    const input = { ids, positions, maxPositions: 1, bias: () => undefined };
    decoderLogits(config, scope, decoderStates(config, scope, input));
  }
  return shapes;
}
