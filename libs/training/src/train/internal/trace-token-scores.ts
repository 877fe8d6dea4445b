import { causalBias, MASKED } from '../../models/attention-bias.js';
import { decoderLogits, decoderStates } from '../../models/decoder.js';
import type { DecoderConfig } from '../../models/model-config.js';
import type { ModelScope } from '../../models/model-scope.js';
import { add, equal, where } from '../../tensor/elementwise.js';
import { reshape } from '../../tensor/layout.js';
import { logSoftmax, takeLast } from '../../tensor/network.js';
import type { Tensor } from '../../tensor/trace.js';

/**
 * Traces the log-probability of each next token.
 *
 * Feeds: `ids`, `targets`, and for packs `segments` and `positions`, int32 [rows, length] → [rows · length].
 */
export function traceTokenScores(
  config: DecoderConfig,
  scope: ModelScope,
  { rows, length, isPacked }: { rows: number; length: number; isPacked: boolean },
): Tensor {
  const { trace } = scope;
  const feed = (name: string): Tensor =>
    trace.feed(name, { dtype: 'int32', shape: [rows, length] });
  const ids = feed('ids');
  const positions = isPacked
    ? feed('positions')
    : trace.constant({
        dtype: 'int32',
        shape: [rows, length],
        data: Int32Array.from({ length: rows * length }, (_, i) => i % length),
      });
  const segments = isPacked ? feed('segments') : undefined;
  const apart =
    segments === undefined
      ? undefined
      : where(
          equal(reshape(segments, [rows, 1, length, 1]), reshape(segments, [rows, 1, 1, length])),
          0,
          MASKED,
        );
  const biases = new Map<number | undefined, Tensor>();
  const states = decoderStates(config, scope, {
    ids,
    positions,
    maxPositions: length,
    bias(window) {
      const causal = trace.constant(causalBias({ length, window }));
      const known = biases.get(window) ?? (apart === undefined ? causal : add(causal, apart));
      biases.set(window, known);
      return known;
    },
  });
  const logits = decoderLogits(config, scope, states);
  return takeLast(logSoftmax(logits), reshape(feed('targets'), [rows * length]));
}
