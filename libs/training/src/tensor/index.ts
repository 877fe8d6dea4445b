export { gradients } from '../autodiff/gradients.js';
export { createJsBackend } from '../backends/create-js-backend.js';
export { applyOptimizer, optimizerFeeds, optimizerStates } from '../optimizers/apply-optimizer.js';
export type { TrainedParameter } from '../optimizers/apply-optimizer.js';
export { learningRate } from '../optimizers/learning-rate.js';
export type { ScheduleConfig } from '../optimizers/learning-rate.js';
export type { OptimizerConfig } from '../optimizers/optimizer-config.js';
export {
  abs,
  add,
  and,
  cast,
  detach,
  div,
  equal,
  erf,
  exp,
  expand,
  gelu,
  geluTanh,
  less,
  log,
  maximum,
  minimum,
  mul,
  neg,
  not,
  reciprocal,
  relu,
  scalar,
  sigmoid,
  sign,
  silu,
  sqrt,
  sub,
  tanh,
  where,
} from './elementwise.js';
export {
  concat,
  matmul,
  max,
  mean,
  pad,
  reshape,
  slice,
  sum,
  sumAll,
  sumSquare,
  transpose,
} from './layout.js';
export {
  gather,
  layerNorm,
  logSoftmax,
  oneHot,
  rmsNorm,
  rotary,
  scatterAdd,
  softmax,
  takeLast,
} from './network.js';
export { after, dequantise } from './storage.js';
export { createTrace } from './trace.js';
export type { Tensor, Trace } from './trace.js';
