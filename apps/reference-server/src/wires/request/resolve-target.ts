import { unknownModel } from '../wire-error.js';
import type { Caller, ModelDirectory, ModelTarget } from '../wires-context.js';

/**
 * The model or agent that a caller means.
 *
 * @throws {WireError} `ERR_WIRE_MODEL_UNKNOWN`
 */
export function resolveTarget(
  models: ModelDirectory,
  modelId: string,
  caller: Caller,
): ModelTarget {
  const target = models.resolve(modelId, caller);
  if (target === undefined) throw unknownModel(modelId);
  return target;
}
