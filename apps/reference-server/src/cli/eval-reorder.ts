import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Reranker } from '@espalier/core';
import type { HybridMatch, RankablePassage, RankerModel } from '@espalier/rag/ranking';
import type { CliContext } from './cli-context.js';
import { assertCount, evalInputError } from './eval-files.js';

/** Options of what orders the first passages of a ranking anew. */
export interface ReorderOptions {
  readonly ranker?: string;
  readonly reranker?: string;
  readonly rerankDepth?: number;
  readonly rerankWeight?: number;
  readonly threads?: number;
}

/** What orders the first passages of a ranking anew. */
export interface Reorder {
  /** A learned ranker; the hybrid ranker applies it. */
  readonly model?: RankerModel;
  /** Gives the matches as they are where there is no reranker. */
  reorder(query: string, matches: readonly HybridMatch[]): Promise<readonly HybridMatch[]>;
  close(): Promise<void>;
}

/** Reads the learned ranker and opens the cross-encoder that a command line names. */
export async function openReorder(
  options: ReorderOptions,
  passages: readonly RankablePassage[],
  context: CliContext,
): Promise<Reorder> {
  const { rerankDepth: depth = 50, rerankWeight: weight = 1 } = options;
  assertCount('rerank-depth', depth);
  if (!(weight >= 0 && weight <= 1))
    throw evalInputError('The option --rerank-weight must be a number from 0 to 1.');
  const model =
    options.ranker === undefined ? undefined : await readRanker(options.ranker, context);
  const reranker =
    options.reranker === undefined ? undefined : await openCrossEncoder(options, context);
  const texts = new Map(
    passages.map(({ id, title = '', text }) => [id, `${title} ${text}`.trim()]),
  );
  const { rerankMatches } = await import('@espalier/rag/ranking');
  return {
    ...(model === undefined ? {} : { model }),
    reorder: async (query, matches) =>
      reranker === undefined
        ? matches
        : rerankMatches({
            query,
            matches,
            textOf: ({ id }) => texts.get(id) ?? '',
            reranker,
            depth,
            weight,
            abortSignal: context.abortSignal,
          }),
    close: async () => {
      await reranker?.dispose();
    },
  };
}

/** Reads a learned ranker as `espalier train-ranker` writes it. */
export async function readRanker(file: string, context: CliContext): Promise<RankerModel> {
  const { parseRankerModel } = await import('@espalier/rag/ranking');
  let text: string;
  try {
    text = await readFile(resolve(context.directory, file), 'utf8');
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw evalInputError(`The ranker ${file} cannot be read: ${problem}. Check the path.`, cause);
  }
  return parseRankerModel(text, file);
}

async function openCrossEncoder(
  options: ReorderOptions,
  context: CliContext,
): Promise<Reranker & { dispose(): Promise<void> }> {
  const { createOnnxCrossEncoder } = await import('@espalier/encoders/onnx');
  return createOnnxCrossEncoder({
    folder: resolve(context.directory, options.reranker ?? ''),
    ...(options.threads === undefined ? {} : { threads: options.threads }),
    abortSignal: context.abortSignal,
  });
}
