import { abs, add, exp, log, maximum, neg } from '../../tensor/elementwise.js';
import type { Tensor } from '../../tensor/trace.js';

/** −log σ(z) = max(−z, 0) + log(1 + e^−|z|), which cannot overflow. */
export function minusLogSigmoid(z: Tensor): Tensor {
  return add(maximum(neg(z), 0), log(add(exp(neg(abs(z))), 1)));
}
