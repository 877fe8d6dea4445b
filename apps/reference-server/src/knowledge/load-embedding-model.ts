import type { EmbeddingModel, Logger, TokenEncoder } from '@espalier/core';

/** One window of the MiniLM encoder, which is what a vector stands for. */
const MINILM_TOKENS = 256;

/** Which model makes vectors; `auto` takes the better one that loads. */
export type EmbeddingChoice = 'auto' | 'minilm-l6' | 'static-256';

/** An embedding model that may also give the states of tokens, by which knowledge bases rank more closely. */
export interface ServerEmbeddingModel extends EmbeddingModel {
  readonly tokenEncoder?: TokenEncoder;
}

/**
 * Loads the embedding model; its package and its runtime are read only now.
 *
 * `auto` is the MiniLM encoder, or the static one where onnxruntime-node does not load.
 */
export async function loadEmbeddingModel(options: {
  choice: EmbeddingChoice;
  logger: Logger;
  /** How long the encoder stays in memory without work; absent: as long as the server runs. Units: ms. */
  idleMs?: number;
  /** In place of the packages. */
  loaders?: Readonly<Record<Exclude<EmbeddingChoice, 'auto'>, () => Promise<ServerEmbeddingModel>>>;
}): Promise<ServerEmbeddingModel> {
  const load = options.loaders ?? {
    'minilm-l6': () => loadMiniLm(options.idleMs),
    'static-256': loadStatic,
  };
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

async function loadMiniLm(idleMs: number | undefined): Promise<ServerEmbeddingModel> {
  const [{ createOnnxTokenEncoder }, { createTokenEmbeddingModel }, { modelFolder }] =
    await Promise.all([
      import('@espalier/encoders/onnx'),
      import('@espalier/rag/ranking'),
      import('@espalier/model-minilm-l6'),
    ]);
  const tokenEncoder = await createOnnxTokenEncoder({
    folder: modelFolder,
    ...(idleMs !== undefined && { idleMs }),
  });
  const model = createTokenEmbeddingModel({
    encoder: tokenEncoder,
    maxTokensPerText: MINILM_TOKENS,
  });
  return { ...model, tokenEncoder };
}

async function loadStatic(): Promise<EmbeddingModel> {
  const [{ createStaticEncoder }, { modelFolder }] = await Promise.all([
    import('@espalier/encoders'),
    import('@espalier/model-static-256'),
  ]);
  return createStaticEncoder({ folder: modelFolder });
}
