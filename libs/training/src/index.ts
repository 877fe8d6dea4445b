export { gradients } from './autodiff/gradients.js';
export { createJsBackend } from './backends/create-js-backend.js';
export {
  BackendMissingError,
  BackendRunError,
  CheckpointError,
  CheckpointWriteError,
  DivergedError,
  FeedMismatchError,
  ModelConfigError,
  ModelFileError,
  ModelTensorError,
  TokenInputError,
  TraceError,
  TrainingDataError,
  TrainingResourcesError,
} from './errors.js';
export { openModelWeights } from './files/open-model-weights.js';
export type { ModelWeights } from './files/open-model-weights.js';
export { writeSafetensors } from './files/write-safetensors.js';
export type { TensorToWrite, WeightDType } from './files/write-safetensors.js';
export { readAdapterConfig } from './lora/adapter-config.js';
export type { AdapterConfig } from './lora/adapter-config.js';
export { convertModel } from './convert/convert-model.js';
export type { ConvertOptions, ConvertQuant, ConvertTarget } from './convert/convert-model.js';
export { createModelRunner } from './models/create-model-runner.js';
export type { ModelRunner, TokenRow } from './models/create-model-runner.js';
export { loadModel } from './models/load-model.js';
export type { LoadedModel } from './models/load-model.js';
export type { ModelConfig } from './models/model-config.js';
export type { Pooling } from './models/pool-states.js';
export { applyOptimizer, optimizerFeeds, optimizerStates } from './optimizers/apply-optimizer.js';
export type { TrainedParameter } from './optimizers/apply-optimizer.js';
export { learningRate } from './optimizers/learning-rate.js';
export type { ScheduleConfig } from './optimizers/learning-rate.js';
export type { OptimizerConfig } from './optimizers/optimizer-config.js';
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
} from './tensor/elementwise.js';
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
} from './tensor/layout.js';
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
} from './tensor/network.js';
export { createTrace } from './tensor/trace.js';
export type { Tensor, Trace } from './tensor/trace.js';
export { trainingJobSchema } from './train/job-schema.js';
export type { TrainingJob } from './train/job-schema.js';
export { readTrainingJob } from './train/read-job.js';
export { train } from './train/train.js';
export type { TrainingEvent, TrainOptions } from './train/train.js';
