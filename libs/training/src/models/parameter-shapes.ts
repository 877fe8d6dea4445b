import { createTrace } from '../tensor/trace.js';
import { decoderLogits, decoderStates } from './decoder.js';
import { CLASSIFIER, classifierLogits, encoderStates, POOLER } from './encoder.js';
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
    createModelScope(trace, {
      onParameter: (name, shape) => {
        shapes.set(name, shape);
      },
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

/** What stands behind the last layer of a model: rounding it would show in every score. */
const LAST: ReadonlySet<string> = new Set(['lm_head', CLASSIFIER, POOLER]);

/** Weights of the linear layers that may be kept in few bits. */
export function linearWeights(config: ModelConfig): ReadonlySet<string> {
  const names = new Set<string>();
  parameterShapes(config, (scope) => ({
    ...scope,
    linear(layer) {
      if (!LAST.has(layer.name)) names.add(`${layer.name}.weight`);
      return scope.linear(layer);
    },
  }));
  return names;
}
