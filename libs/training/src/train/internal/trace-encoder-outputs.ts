import { MASKED } from '../../models/attention-bias.js';
import { classifierLogits, encoderStates } from '../../models/encoder.js';
import type { BertConfig } from '../../models/model-config.js';
import type { ModelScope } from '../../models/model-scope.js';
import type { Pooling } from '../../models/pool-states.js';
import { div, mul, sub } from '../../tensor/elementwise.js';
import { reshape, slice, sum } from '../../tensor/layout.js';
import type { Tensor } from '../../tensor/trace.js';
import type { TextGroup } from './batch.js';
import type { Objective } from './objectives.js';

/**
 * Traces an encoder over groups of texts: one vector for each text, [rows, width], before normalisation, or the scores of
 * its labels, [rows, labels].
 *
 * Feeds for group n: `ids.n` and `types.n` int32, `mask.n` float32 (1 for tokens, 0 for padding), all [rows, length].
 */
export function traceEncoderOutputs(options: {
  readonly config: BertConfig;
  readonly scope: ModelScope;
  readonly objective: Objective;
  readonly groups: readonly TextGroup[];
}): Tensor[] {
  const { config, scope, objective, groups } = options;
  const { trace } = scope;
  return groups.map(({ rows, length }, n) => {
    const shape = [rows, length];
    const mask = trace.feed(`mask.${n}`, { dtype: 'float32', shape });
    const states = encoderStates(config, scope, {
      ids: trace.feed(`ids.${n}`, { dtype: 'int32', shape }),
      typeIds: trace.feed(`types.${n}`, { dtype: 'int32', shape }),
      positions: trace.constant({
        dtype: 'int32',
        shape,
        data: Int32Array.from({ length: rows * length }, (_, i) => i % length),
      }),
      bias: reshape(mul(sub(mask, 1), -MASKED), [rows, 1, 1, length]),
    });
    if ('pooling' in objective) return pool(states, mask, objective.pooling);
    return classifierLogits(config, scope, { states, batch: rows });
  });
}

/** Shapes: states [rows · length, width], mask [rows, length] → [rows, width]. */
function pool(states: Tensor, mask: Tensor, pooling: Pooling): Tensor {
  const [rows = 1, length = 1] = mask.shape;
  const byText = reshape(states, [rows, length, -1]);
  const width = byText.shape[2] ?? 1;
  if (pooling === 'cls') return reshape(slice(byText, 1, 0, 1), [rows, width]);
  const total = sum(mul(byText, reshape(mask, [rows, length, 1])), [1]);
  return div(reshape(total, [rows, width]), sum(mask, [1]));
}
