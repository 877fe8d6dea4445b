import type { EmbeddingModel } from '@espalier/core';

/** Returns what tells the vectors of one model and revision from all others: `provider/model` or `provider/model@revision`. */
export function embeddingIdentity(
  model: Pick<EmbeddingModel, 'provider' | 'modelId' | 'revision'>,
): string {
  const name = `${model.provider}/${model.modelId}`;
  return model.revision === undefined ? name : `${name}@${model.revision}`;
}
