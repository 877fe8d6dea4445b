import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join, parse, resolve } from 'node:path';
import { truncateValue } from '@espalier/core';
import type { ChunkingQuestion, EvaluatedChunk } from '@espalier/rag/evaluation';
import type { HybridProfile, HybridWeights, RankablePassage } from '@espalier/rag/ranking';
import { EXIT } from '../errors/exit-codes.js';
import type { CliContext } from './cli-context.js';
import { assertCount, evalInputError, reportProblems } from './eval-files.js';
import { openRanker } from './eval-ranker.js';
import { createProgressBar } from './output/progress-bar.js';
import { renderTable } from './output/table.js';

/** Options of `espalier eval chunking`. */
export interface EvalChunkingOptions {
  readonly corpus: string;
  readonly questions: string;
  readonly chunkTokens?: number;
  readonly top: number;
  readonly passages: 'adaptive' | 'fixed';
  readonly profile: HybridProfile;
  readonly cache?: string;
  readonly html?: string;
  readonly json?: boolean;
}

const MICROSECONDS = 1e6;
const TEXT_FILE = /\.(?:md|markdown|txt)$/iu;
/** Adaptive passages are put together from small chunks; fixed ones are the chunks themselves. */
const DEFAULT_CHUNK_TOKENS = { adaptive: 50, fixed: 200 };
/** Words and meaning, and late interaction on the best; a document as a whole says nothing of where in it to look. */
const CHUNK_WEIGHTS: HybridWeights = {
  bm25: 0.4,
  vector: 0.6,
  latent: 0,
  part: 0,
  parentBm25: 0,
  parentVector: 0,
  neighbors: 0,
  feedback: 0,
  similar: 0,
  maxSim: 0.4,
  maxSimWindow: 0,
  ordered: 0,
  title: 0,
  identifiers: 0,
  declared: 0,
  candidates: 100,
};

/** Cuts documents, finds the chunks for each question, and prints how well they hold the answers. */
export async function evalChunking(
  options: EvalChunkingOptions,
  context: CliContext,
): Promise<number> {
  assertCount('top', options.top);
  assertCount('chunk-tokens', options.chunkTokens);
  const startedCpu = process.cpuUsage();
  const { evaluateChunking, parseChunkingQuestions } = await import('@espalier/rag/evaluation');
  const documents = await readDocuments(options.corpus, context);
  const file = resolve(context.directory, options.questions);
  const csv = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw evalInputError(
      `The file ${truncateValue(options.questions, 200)} cannot be read. Check the path.`,
      cause,
    );
  });
  const questions = parseChunkingQuestions({
    file: options.questions,
    csv,
    textOf: (id) => documents.get(id),
  });
  reportProblems(questions.problems, { strict: false }, context);
  if (questions.rows.length === 0) {
    throw evalInputError(
      `The file ${options.questions} holds no question about ${options.corpus}.`,
    );
  }
  const { passages, chunks } = await cut(
    documents,
    options.chunkTokens ?? DEFAULT_CHUNK_TOKENS[options.passages],
  );
  const progress = createProgressBar(context);
  const { ranker, model, close } = await openRanker(
    { ...options, passages, weights: CHUNK_WEIGHTS, progress },
    context,
  );
  try {
    const find = await finderOf(options);
    const results: { question: ChunkingQuestion; found: EvaluatedChunk[] }[] = [];
    for (const question of questions.rows) {
      progress.update({ label: 'searching', done: results.length, total: questions.rows.length });
      const matches = await ranker.rank({
        query: question.question,
        topK: options.passages === 'fixed' ? options.top : passages.length,
        abortSignal: context.abortSignal,
      });
      results.push({ question, found: find(matches, chunks, options) });
    }
    progress.end();
    const { recall, precision, iou } = evaluateChunking(results);
    const cpu = process.cpuUsage(startedCpu);
    const cpuSeconds = (cpu.user + cpu.system) / MICROSECONDS;
    if (options.html !== undefined) {
      const { renderChunkingReport } = await import('./chunking-report.js');
      const html = renderChunkingReport({
        title: `Chunking, ${options.passages} passages`,
        facts: [
          ['recall', recall.toFixed(4)],
          ['precision', precision.toFixed(4)],
          ['IoU', iou.toFixed(4)],
          ['chunks', String(chunks.size)],
          ['questions', String(results.length)],
          ['model', model],
          ['CPU', `${cpuSeconds.toFixed(1)} s`],
        ],
        results: results.map((result) => ({ ...result, ...evaluateChunking([result]) })),
        textOf: (id) => documents.get(id) ?? '',
      });
      await writeFile(resolve(context.directory, options.html), html);
    }
    if (options.json === true) {
      context.out(
        `${JSON.stringify({ recall, precision, iou, chunks: chunks.size, questions: results.length, model, cpu_s: Number(cpuSeconds.toFixed(1)) })}\n`,
      );
      return EXIT.ok;
    }
    context.out(
      renderTable([
        ['recall', 'precision', 'iou', 'chunks', 'questions', 'cpu s'],
        [
          recall.toFixed(4),
          precision.toFixed(4),
          iou.toFixed(4),
          String(chunks.size),
          String(results.length),
          cpuSeconds.toFixed(1),
        ],
      ]),
    );
    return EXIT.ok;
  } finally {
    progress.end();
    await close();
  }
}

type Find = (
  matches: readonly { readonly id: string; readonly score: number }[],
  chunks: ReadonlyMap<string, EvaluatedChunk>,
  options: EvalChunkingOptions,
) => EvaluatedChunk[];

/** The way from ranked chunks to passages. */
async function finderOf(options: EvalChunkingOptions): Promise<Find> {
  if (options.passages === 'fixed')
    return (matches, chunks) => matches.flatMap(({ id }) => chunks.get(id) ?? []);
  const { selectEvidence } = await import('@espalier/rag');
  return (matches, chunks, { top }) => {
    const scoreOf = new Map(matches.map(({ id, score }) => [id, score]));
    return selectEvidence({
      chunks: [...chunks.values()],
      scores: Float32Array.from(chunks.keys(), (id) => scoreOf.get(id) ?? 0),
      maxPassages: top,
    });
  };
}

async function readDocuments(folder: string, context: CliContext): Promise<Map<string, string>> {
  const path = resolve(context.directory, folder);
  try {
    const names = (await readdir(path)).filter((name) => TEXT_FILE.test(name)).sort();
    if (names.length === 0) throw new Error('it holds no .md or .txt file');
    const texts = await Promise.all(names.map((name) => readFile(join(path, name), 'utf8')));
    return new Map(names.map((name, index) => [parse(name).name, texts[index] ?? '']));
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw evalInputError(
      `The folder ${truncateValue(folder, 200)} cannot be used: ${problem}.`,
      cause,
    );
  }
}

async function cut(
  documents: ReadonlyMap<string, string>,
  maxTokens: number,
): Promise<{ passages: RankablePassage[]; chunks: Map<string, EvaluatedChunk> }> {
  const [{ createRecursiveChunker }, { loadTokenizer }, { modelFolder }] = await Promise.all([
    import('@espalier/rag'),
    import('@espalier/encoders'),
    import('@espalier/model-minilm-l6'),
  ]);
  const tokenizer = await loadTokenizer({ folder: modelFolder });
  const chunker = createRecursiveChunker({
    countTokens: (text) => tokenizer.countTokens(text),
    tokenizerId: 'minilm-l6',
    maxTokens,
  });
  const passages: RankablePassage[] = [];
  const chunks = new Map<string, EvaluatedChunk>();
  for (const [documentId, text] of documents) {
    const document = {
      id: documentId,
      source: documentId,
      text,
      mediaType: 'text/plain',
      metadata: {},
    };
    for (const [position, { span }] of chunker.chunk(document).entries()) {
      const id = `${documentId}#${position}`;
      chunks.set(id, { documentId, span });
      passages.push({ id, documentId, position, text: text.slice(span.start, span.end) });
    }
  }
  return { passages, chunks };
}
