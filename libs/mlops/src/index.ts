export { referenceOf } from './registry/internal/find-entry.js';
export { registerTrainedModel } from './registry/register-trained-model.js';
export { compareVersions } from './registry/compare-versions.js';
export type { RegistryDifference } from './registry/compare-versions.js';
export { createModelRegistry } from './registry/create-model-registry.js';
export type {
  GarbageReport,
  ModelRegistry,
  RegisterOptions,
} from './registry/create-model-registry.js';
export {
  RegistryFileError,
  RegistryRequestError,
  RegistryUnknownError,
} from './registry/registry-errors.js';
export {
  registryEntrySchema,
  registryMoveSchema,
  registryStageSchema,
} from './registry/registry-entry.js';
export type {
  RegistryEntry,
  RegistryLineage,
  RegistryMove,
  RegistryStage,
} from './registry/registry-entry.js';
