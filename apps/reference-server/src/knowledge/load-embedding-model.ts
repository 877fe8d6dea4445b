import type { EmbeddingModel, Logger } from '@espalier/core';

/** Which model makes vectors; `auto` takes the better one that loads. */
export type EmbeddingChoice = 'auto' | 'minilm-l6' | 'static-256';

/**
 * Loads the embedding model; its package and its runtime are read only now.
 *
 * `auto` is the MiniLM encoder, or the static one where onnxruntime-node does not load.
 */
export async function loadEmbeddingModel(options: {
  choice: EmbeddingChoice;
  logger: Logger;
  /** In place of the packages. */
  loaders?: Readonly<Record<Exclude<EmbeddingChoice, 'auto'>, () => Promise<EmbeddingModel>>>;
}): Promise<EmbeddingModel> {
  const load = options.loaders ?? { 'minilm-l6': loadMiniLm, 'static-256': loadStatic };
  if (options.choice === 'static-256') return load['static-256']();
  try {
    return await load['minilm-l6']();
  } catch (error) {
    if (options.choice === 'minilm-l6') throw error;
    options.logger.warn('The MiniLM encoder does not load here; the static one takes its place.', {
      error: error instanceof Error ? error.message : String(error),
    });
    return load['static-256']();
  }
}

async function loadMiniLm(): Promise<EmbeddingModel> {
  const [{ createOnnxEncoder }, { modelFolder }] = await Promise.all([
    import('@espalier/encoders/onnx'),
    import('@espalier/model-minilm-l6'),
  ]);
  return createOnnxEncoder({ folder: modelFolder });
}

async function loadStatic(): Promise<EmbeddingModel> {
  const [{ createStaticEncoder }, { modelFolder }] = await Promise.all([
    import('@espalier/encoders'),
    import('@espalier/model-static-256'),
  ]);
  return createStaticEncoder({ folder: modelFolder });
}
