import { truncateValue } from '@espalier/core';
import * as z from '@espalier/core/zod';
import type {
  CollectionPassage,
  CollectionQuery,
  Judgements,
  ParsedRows,
  RowProblem,
} from './collection.js';
import type { LineSource } from './line-source.js';
import { numberedLines, parseJsonLines } from './internal/parse-json-lines.js';
import type { PassageView } from './judgements-from-clicks.js';

const idSchema = z.union([z.string().min(1), z.int().transform(String)]);
const passageSchema = z.object({
  _id: idSchema,
  title: z.string().nullish(),
  text: z.string(),
  metadata: z
    .object({
      document_id: idSchema.nullish(),
      position: z.number().nullish(),
      modified_at: z.union([z.string(), z.number()]).nullish(),
    })
    .nullish()
    .catch(undefined),
});
const querySchema = z.object({ _id: idSchema, text: z.string() });
const HEADER = /^query-?_?id\b/iu;

/**
 * Reads the rows of a BEIR corpus: `{"_id", "title", "text", "metadata": {"document_id", "position", "modified_at"}}`, one a
 * line; `modified_at` is a date, or milliseconds since 1970.
 */
export async function parseCorpus(source: LineSource): Promise<ParsedRows<CollectionPassage[]>> {
  return parseJsonLines(source, passageSchema, ({ _id, title, text, metadata }) => {
    const modifiedAt = new Date(metadata?.modified_at ?? Number.NaN).getTime();
    return {
      id: _id,
      title: title ?? '',
      text,
      ...(typeof metadata?.document_id === 'string' ? { documentId: metadata.document_id } : {}),
      ...(typeof metadata?.position === 'number' ? { position: metadata.position } : {}),
      ...(Number.isFinite(modifiedAt) ? { modifiedAt } : {}),
    };
  });
}

/** Reads the rows of BEIR queries: `{"_id", "text"}`, one a line. */
export async function parseQueries(source: LineSource): Promise<ParsedRows<CollectionQuery[]>> {
  return parseJsonLines(source, querySchema, ({ _id, text }) => ({ id: _id, text }));
}

/** Reads judgements: `query⇥passage⇥grade` under a head line as BEIR has them, or `query 0 passage grade` as TREC has them. */
export async function parseJudgements(source: LineSource): Promise<ParsedRows<Judgements>> {
  const rows = new Map<string, Map<string, number>>();
  const problems: RowProblem[] = [];
  for await (const { line, text } of numberedLines(source)) {
    if (line === 1 && HEADER.test(text)) continue;
    const cells = text.includes('\t') ? text.split('\t') : text.split(/\s+/u);
    const [query, passage, grade] = cells.length === 4 ? [cells[0], cells[2], cells[3]] : cells;
    const value = Number(grade);
    if (!query || !passage || !grade?.trim() || cells.length > 4 || !Number.isFinite(value)) {
      const problem = `${truncateValue(text)} is not query, passage and grade with tabs between them`;
      problems.push({ file: source.file, line, problem });
      continue;
    }
    const judged = rows.get(query) ?? new Map<string, number>();
    rows.set(query, judged.set(passage, value));
  }
  return { rows, problems };
}

/** Reads clicks: `query⇥passage⇥rank⇥clicked`, one passage shown a line; ranks count from 1, `clicked` is 1 or 0. */
export async function parseClicks(source: LineSource): Promise<ParsedRows<PassageView[]>> {
  const rows: PassageView[] = [];
  const problems: RowProblem[] = [];
  for await (const { line, text } of numberedLines(source)) {
    if (line === 1 && HEADER.test(text)) continue;
    const [query, passage, place, clicked, ...more] = text.split('\t').map((cell) => cell.trim());
    const rank = Number(place);
    const isRank = Number.isInteger(rank) && rank >= 1;
    if (!query || !passage || !isRank || !/^[01]$/u.test(clicked ?? '') || more.length > 0) {
      const problem = `${truncateValue(text)} is not query, passage, rank and 1 or 0 with tabs between them`;
      problems.push({ file: source.file, line, problem });
      continue;
    }
    rows.push({ query, passage, rank, isClicked: clicked === '1' });
  }
  return { rows, problems };
}
