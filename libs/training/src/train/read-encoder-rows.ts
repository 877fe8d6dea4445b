import type { Tokenizer } from '@espalier/encoders';
import { encodeText, type EncodedText } from './encode-text.js';
import {
  judgedRowSchema,
  labelRowSchema,
  labelsRowSchema,
  listRowSchema,
  retrievalRowSchema,
  taughtRowSchema,
} from './encoder-row-schemas.js';
import type { JudgedRow, LabelledRow, RankedRow, RetrievalRow } from './encoder-rows.js';
import { parseRow, readLines, type FailRow } from './read-lines.js';

/** What rows of encoders are read with. */
export interface ReadEncoderRowsOptions {
  readonly file: string;
  readonly tokenizer: Tokenizer;
  readonly vocabularySize: number;
  /** Longer texts are cut. */
  readonly maxLength: number;
  readonly abortSignal?: AbortSignal;
}

/**
 * Reads rows of a query, its passage and, where given, passages that are not: `{query, positive, negatives?}`.
 *
 * @throws {TrainingDataError} `ERR_TRAINING_DATA`: with the line of the first row that cannot be used.
 */
export async function readRetrievalRows(
  options: ReadEncoderRowsOptions & {
    readonly queryPrefix: string;
    readonly passagePrefix: string;
    readonly needsNegatives: boolean;
  },
): Promise<RetrievalRow[]> {
  const passages = new Map<string, EncodedText>();
  return read(options, (value, fail) => {
    const row = parseRow(
      retrievalRowSchema,
      value,
      fail,
      'query and positive, may have negatives (texts that are not empty),',
    );
    const { negatives = [] } = row;
    if (options.needsNegatives && negatives.length === 0)
      fail('the row has no negatives, which a triplet needs');
    if (negatives.includes(row.positive)) fail('the positive is among the negatives');
    const encode = encoder(options, fail);
    const passage = (text: string): EncodedText => {
      const full = `${options.passagePrefix}${text}`;
      const made = passages.get(full) ?? encode({ text: full });
      passages.set(full, made);
      return made;
    };
    return {
      query: encode({ text: `${options.queryPrefix}${row.query}` }),
      positive: passage(row.positive),
      negatives: negatives.map(passage),
    };
  });
}

/**
 * Reads judged pairs: `{text_a, text_b, label}`.
 *
 * @throws {TrainingDataError} `ERR_TRAINING_DATA`: with the line of the first row that cannot be used.
 */
export async function readJudgedRows(options: ReadEncoderRowsOptions): Promise<JudgedRow[]> {
  return read(options, (value, fail) => {
    const row = parseRow(
      judgedRowSchema,
      value,
      fail,
      'text_a and text_b (not empty) and a label from 0 to 1',
    );
    return {
      pair: encoder(options, fail)({ text: row.text_a, textPair: row.text_b }),
      label: row.label,
      query: row.text_a,
    };
  });
}

/**
 * Reads queries with a passage to be ranked before others: `{query, positive, negatives}`, with `isTaught` also `scores`.
 *
 * @throws {TrainingDataError} `ERR_TRAINING_DATA`: with the line of the first row that cannot be used.
 */
export async function readRankedRows(
  options: ReadEncoderRowsOptions & { readonly isTaught: boolean },
): Promise<RankedRow[]> {
  return read(options, (value, fail) => {
    const { scores, ...row } = options.isTaught
      ? parseRow(
          taughtRowSchema,
          value,
          fail,
          'query, positive, negatives and scores (of the positive, then of each negative)',
        )
      : {
          ...parseRow(listRowSchema, value, fail, 'query, positive and at least one of negatives'),
          scores: [],
        };
    const passages = [row.positive, ...row.negatives];
    if (options.isTaught && scores.length !== passages.length)
      fail(`there are ${scores.length} scores for ${passages.length} passages`);
    const encode = encoder(options, fail);
    return { pairs: passages.map((textPair) => encode({ text: row.query, textPair })), scores };
  });
}

/**
 * Reads labelled texts: `{text, text_pair?, label}`, or with `isMulti` `{text, text_pair?, labels}`.
 *
 * @throws {TrainingDataError} `ERR_TRAINING_DATA`: with the line of the first row that cannot be used.
 */
export async function readLabelledRows(
  options: ReadEncoderRowsOptions & {
    readonly labels: readonly string[];
    readonly isMulti: boolean;
  },
): Promise<LabelledRow[]> {
  return read(options, (value, fail) => {
    const { text, textPair, labels } = parseLabels(value, options.isMulti, fail);
    return {
      text: encoder(options, fail)({ text, ...(textPair !== undefined && { textPair }) }),
      labels: labels.map((label) => labelNumber(label, options.labels, fail)),
    };
  });
}

/**
 * Reads the names of the labels in a file, in order: numbers by size, words by alphabet.
 *
 * @throws {TrainingDataError} `ERR_TRAINING_DATA`: with the line of the first row that cannot be used.
 */
export async function readLabelNames(options: {
  readonly file: string;
  readonly isMulti: boolean;
  readonly abortSignal?: AbortSignal;
}): Promise<string[]> {
  const names = new Set<string | number>();
  await readLines(
    { ...options, vocabularySize: 0, maxLength: 0 },
    () => [],
    (value, fail) => {
      for (const label of parseLabels(value, options.isMulti, fail).labels) names.add(label);
      return Promise.resolve(true);
    },
  );
  const isNumber = (name: string | number): name is number => typeof name === 'number';
  const numbers = [...names].filter(isNumber);
  // Numbers are the scores' own: those that no row has are there too.
  const counted = Array.from({ length: Math.max(-1, ...numbers) + 1 }, (_, i) => String(i));
  const words = [...names].filter((name) => !isNumber(name)).map(String);
  return [...counted, ...words.sort()];
}

function parseLabels(
  value: unknown,
  isMulti: boolean,
  fail: FailRow,
): { text: string; textPair: string | undefined; labels: readonly (string | number)[] } {
  if (isMulti) {
    const row = parseRow(labelsRowSchema, value, fail, 'text (not empty) and labels, a list,');
    return { text: row.text, textPair: row.text_pair, labels: row.labels };
  }
  const row = parseRow(labelRowSchema, value, fail, 'text (not empty) and label');
  return { text: row.text, textPair: row.text_pair, labels: [row.label] };
}

function labelNumber(label: string | number, labels: readonly string[], fail: FailRow): number {
  const byName = labels.indexOf(String(label));
  if (byName >= 0) return byName;
  if (typeof label === 'number' && label < labels.length) return label;
  return fail(`the label ${JSON.stringify(label)} is none of ${labels.join(', ')}`);
}

function encoder(
  { tokenizer, vocabularySize, maxLength }: ReadEncoderRowsOptions,
  fail: FailRow,
): (inputs: { text: string; textPair?: string }) => EncodedText {
  return (inputs) => {
    const encoded = encodeText(tokenizer, inputs, maxLength);
    const wrong = encoded.ids.find((id) => id >= vocabularySize);
    if (wrong !== undefined)
      fail(`token id ${wrong} is outside the model's vocabulary of ${vocabularySize}`);
    return encoded;
  };
}

async function read<Row>(
  options: ReadEncoderRowsOptions,
  toRow: (value: unknown, fail: FailRow) => Row,
): Promise<Row[]> {
  return readLines(
    options,
    () => [],
    (value, fail) => Promise.resolve(toRow(value, fail)),
  );
}
