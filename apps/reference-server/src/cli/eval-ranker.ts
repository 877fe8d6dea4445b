import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type {
  HybridProfile,
  HybridRanker,
  HybridWeights,
  RankablePassage,
} from '@espalier/rag/ranking';
import type { CliContext } from './cli-context.js';
import type { ProgressBar } from './output/progress-bar.js';

const MAX_THREADS = 8;
const LAYOUT = 'windows-8';

/** A ranker, and what frees its model and files. */
export interface OpenRanker {
  readonly ranker: HybridRanker;
  readonly model: string;
  /** Length of the vectors. */
  readonly dimension: number;
  /** Bytes of the file of token states; 0 where there is none. */
  readonly stateBytes: () => Promise<number>;
  readonly close: () => Promise<void>;
}

/** Encodes and indexes passages as a profile says. */
export async function openRanker(
  options: {
    profile: HybridProfile;
    passages: readonly RankablePassage[];
    /** Default: those of the profile. */
    weights?: HybridWeights | undefined;
    threads?: number | undefined;
    cache?: string | undefined;
    /** Let the ranker learn from the corpus; with the profile `quality` only. */
    adapt?: boolean | undefined;
    progress: ProgressBar;
  },
  context: CliContext,
): Promise<OpenRanker> {
  const { createHybridRanker, HYBRID_PROFILES } = await import('@espalier/rag/ranking');
  const { encoder, close, ...facts } = await openEncoder(options, context);
  try {
    const ranker = await createHybridRanker({
      passages: options.passages,
      weights: options.weights ?? HYBRID_PROFILES[options.profile],
      encoder,
      adapt: options.adapt === true && options.profile === 'quality',
      onProgress: (progress) => {
        options.progress.update({ label: 'encoding passages', ...progress });
      },
      abortSignal: context.abortSignal,
    });
    return { ranker, ...facts, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openEncoder(
  options: { profile: HybridProfile; threads?: number | undefined; cache?: string | undefined },
  context: CliContext,
) {
  if (options.profile === 'speed') {
    const [{ createStaticEncoder }, { modelFolder }] = await Promise.all([
      import('@espalier/encoders'),
      import('@espalier/model-static-256'),
    ]);
    const embeddingModel = await createStaticEncoder({ folder: modelFolder });
    return {
      encoder: { embeddingModel },
      model: embeddingModel.modelId,
      dimension: embeddingModel.dimension,
      stateBytes: noBytes,
      close: () => Promise.resolve(),
    };
  }
  const threads = options.threads ?? Math.min(MAX_THREADS, availableParallelism());
  const [onnx, { modelFolder }] = await Promise.all([
    import('@espalier/encoders/onnx'),
    import('@espalier/model-minilm-l6'),
  ]);
  if (options.profile === 'balanced') {
    const embeddingModel = await onnx.createOnnxEncoder({ folder: modelFolder, threads });
    return {
      encoder: { embeddingModel },
      model: embeddingModel.modelId,
      dimension: embeddingModel.dimension,
      stateBytes: noBytes,
      close: async () => {
        await embeddingModel.dispose?.();
      },
    };
  }
  const { createTokenStateFile } = await import('@espalier/rag/ranking');
  const tokenEncoder = await onnx.createOnnxTokenEncoder({ folder: modelFolder, threads });
  const passing = options.cache === undefined;
  const folder =
    options.cache === undefined
      ? await mkdtemp(join(tmpdir(), 'espalier-eval-'))
      : resolve(context.directory, options.cache);
  const states = createTokenStateFile({ folder, modelId: tokenEncoder.modelId, layout: LAYOUT });
  return {
    encoder: { tokenEncoder, states },
    model: tokenEncoder.modelId,
    dimension: tokenEncoder.dimension,
    stateBytes: () => bytesUnder(folder),
    close: async () => {
      await tokenEncoder.dispose?.();
      states.close();
      if (passing) await rm(folder, { recursive: true, force: true });
    },
  };
}

const noBytes = (): Promise<number> => Promise.resolve(0);

async function bytesUnder(folder: string): Promise<number> {
  const names = await readdir(folder);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
