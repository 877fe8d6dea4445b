import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createSeededRandom, truncateValue, type Chunk } from '@espalier/core';
import { EXIT } from '../errors/exit-codes.js';
import type { CliContext } from './cli-context.js';
import { CliError } from './cli-error.js';

/** Options of `espalier model pairs`. */
export interface ModelPairsOptions {
  readonly documents: string;
  readonly model: string;
  readonly out: string;
  readonly tokens: number;
  readonly heldOut: number;
  readonly heldOutFile?: string;
  readonly seed: number;
  readonly json?: boolean;
}

/** A row of the task `embedding`. */
interface Pair {
  readonly query: string;
  readonly positive: string;
}

const TEXT_FILE = /\.(?:md|markdown|txt)$/iu;
/** A passage with fewer words says too little to be found by. */
const LEAST_WORDS = 8;
/** How many headings above a passage stand for a question: the nearest, and what it is about. */
const HEADINGS = 2;

/** `espalier model pairs`: rows to adapt an encoder with, made of documents that nobody has asked about yet. */
export async function modelPairs(options: ModelPairsOptions, context: CliContext): Promise<number> {
  if (!Number.isInteger(options.tokens) || options.tokens < 1)
    throw usage(`--tokens is ${options.tokens}, but must be a whole number from 1.`);
  if (!(options.heldOut >= 0 && options.heldOut < 1))
    throw usage(`--held-out is ${options.heldOut}, but must be a share from 0 to below 1.`);
  if (options.heldOut > 0 && options.heldOutFile === undefined)
    throw usage('Name the file for the share that is held out: --held-out-file.');
  const at = (path: string): string => resolve(context.directory, path);
  const pairs = await pairsOfFolder(at(options.documents), options, context);
  const random = createSeededRandom(options.seed);
  const parts: { kept: Pair[]; held: Pair[] } = { kept: [], held: [] };
  for (const pair of pairs) (random.next() < options.heldOut ? parts.held : parts.kept).push(pair);
  await writeRows(at(options.out), parts.kept);
  if (options.heldOutFile !== undefined) await writeRows(at(options.heldOutFile), parts.held);
  const counts = { rows: parts.kept.length, held_out: parts.held.length };
  context.out(
    options.json === true
      ? `${JSON.stringify(counts)}\n`
      : `Written: ${options.out}, ${counts.rows} rows${counts.held_out > 0 ? `; ${counts.held_out} held out` : ''}\n`,
  );
  return EXIT.ok;
}

async function pairsOfFolder(
  folder: string,
  options: ModelPairsOptions,
  context: CliContext,
): Promise<Pair[]> {
  const names = await readdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw usage(`The folder ${truncateValue(folder, 200)} cannot be read.`, cause);
  });
  const [{ createMarkdownLoader, createMarkdownChunker }, { loadTokenizer }] = await Promise.all([
    import('@espalier/rag'),
    import('@espalier/encoders'),
  ]);
  const tokenizer = await loadTokenizer({ folder: resolve(context.directory, options.model) });
  const loader = createMarkdownLoader();
  const chunker = await createMarkdownChunker({
    countTokens: (text) => tokenizer.countTokens(text),
    tokenizerId: options.model,
    maxTokens: options.tokens,
  });
  const pairs = new Map<string, Pair>();
  for (const name of names.filter((each) => TEXT_FILE.test(each)).sort()) {
    context.abortSignal.throwIfAborted();
    const bytes = await readFile(join(folder, name));
    const document = await loader.load({ bytes, name, abortSignal: context.abortSignal });
    for (const pair of pairsOf(chunker.chunk(document)))
      pairs.set(`${pair.query}\n${pair.positive}`, pair);
  }
  if (pairs.size > 0) return [...pairs.values()];
  throw usage(
    `The folder ${truncateValue(folder, 200)} holds no .md or .txt file with a passage of ${LEAST_WORDS} words.`,
  );
}

/**
 * The headings above the first passage of a section ask for it; a further passage, or one without headings, is asked for by
 * its own first sentence, which then is not part of the answer.
 */
function pairsOf(chunks: readonly Chunk[]): Pair[] {
  const seen = new Set<string>();
  return chunks.flatMap(({ headingPath, text }) => {
    const heading = headingPath.slice(-HEADINGS).join(': ');
    const body = withoutHeadingLines(text);
    const isFirst = heading !== '' && !seen.has(headingPath.join('\n'));
    seen.add(headingPath.join('\n'));
    const pair = isFirst ? { query: heading, positive: body } : firstSentence(body);
    return pair !== undefined && pair.positive.split(/\s+/u).length >= LEAST_WORDS ? [pair] : [];
  });
}

/** The heading must not answer for itself. */
function withoutHeadingLines(text: string): string {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .trim();
}

function firstSentence(text: string): Pair | undefined {
  const [first] = new Intl.Segmenter('en', { granularity: 'sentence' }).segment(text);
  if (first === undefined) return undefined;
  return { query: first.segment.trim(), positive: text.slice(first.segment.length).trim() };
}

async function writeRows(file: string, rows: readonly Pair[]): Promise<void> {
  const text = rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  await writeFile(file, text).catch((cause: unknown) => {
    throw usage(`The file ${truncateValue(file, 200)} cannot be written.`, cause);
  });
}

function usage(message: string, cause?: unknown): CliError {
  return new CliError({
    code: 'ERR_CLI_MODEL_INPUT',
    message,
    exitCode: EXIT.usage,
    ...(cause === undefined ? {} : { cause }),
  });
}
