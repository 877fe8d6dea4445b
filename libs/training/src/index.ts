export { createJsBackend } from './backends/create-js-backend.js';
export {
  BackendMissingError,
  BackendRunError,
  CheckpointError,
  CheckpointWriteError,
  DivergedError,
  FeedMismatchError,
  LanguageModelInputError,
  ModelConfigError,
  ModelFileError,
  ModelTensorError,
  PrecisionError,
  RemoteJobError,
  TensorFlowSetupError,
  TokenInputError,
  TraceError,
  TrainingDataError,
  TrainingFailedError,
  TrainingProcessError,
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
export type { GeneratedToken, GenerateOptions } from './models/create-generator.js';
export { readStopIds } from './models/read-stop-ids.js';
export type { SamplingOptions, TokenLikelihood } from './models/sample-token.js';
export { loadTextInputs } from './models/load-text-inputs.js';
export type { TextInputs } from './models/load-text-inputs.js';
export { loadModel } from './models/load-model.js';
export type { LoadedModel, LoadModelOptions } from './models/load-model.js';
export type { QuantisedStorage, WeightStorage } from './models/weight-storage.js';
export type { ModelConfig } from './models/model-config.js';
export type { Pooling } from './models/pool-states.js';
export { kubernetesManifests } from './remote/kubernetes-manifests.js';
export type { ClusterVolume, KubernetesOptions } from './remote/kubernetes-manifests.js';
export { readRunner } from './remote/runner-package.js';
export { submitRayJob } from './remote/submit-ray-job.js';
export type { RayJobEvent, RayJobOptions } from './remote/submit-ray-job.js';
export { createTensorBoardLog } from './tensorboard/create-tensorboard-log.js';
export type { TensorBoardLog } from './tensorboard/create-tensorboard-log.js';
export { trainingJobSchema } from './train/job-schema.js';
export type { TrainingJob } from './train/job-schema.js';
export { readTrainingJob } from './train/read-job.js';
export { train } from './train/train.js';
export type { TrainingEvent, TrainOptions } from './train/train.js';
export { createPace, paceScalars } from './jobs/create-pace.js';
export { runTrainingProcess } from './jobs/run-training-process.js';
export type { TrainingProcessOptions, TrainingProgram } from './jobs/run-training-process.js';
export { serveTrainingProcess, type ServeTrainingOptions } from './jobs/serve-training-process.js';
export { TRAINING_BACKENDS } from './jobs/training-process-messages.js';
export type {
  TrainingBackendName,
  TrainingPace,
  TrainingProcessEvent,
} from './jobs/training-process-messages.js';
export { openLanguageModel } from './serving/open-language-model.js';
export type { LanguageModelOptions, LocalLanguageModel } from './serving/open-language-model.js';
