import { truncateValue } from '@espalier/core';
import type { ParsedRows, RowProblem } from './collection.js';
import type { LineSource } from './line-source.js';

/** One place in a ranking. */
export interface RankedPassage {
  readonly id: string;
  readonly score: number;
}

/** What a search gave: query → passages, best first. */
export type Run = ReadonlyMap<string, readonly RankedPassage[]>;

/** Smaller steps are lost in the printed number. */
const SCORE_DIGITS = 6;
const SCORE_STEP = 10 ** -SCORE_DIGITS;

/**
 * Yields a run in TREC's format, one line at a time.
 *
 * Scores fall from line to line by at least a millionth, so that every tool that sorts by score sees the order given. The
 * format has no quotes: where an id holds a blank, all columns are set apart by tabs.
 */
export function* formatRun(run: Run, name: string): Generator<string> {
  const tag = name.replaceAll(/\s+/gu, '-');
  const gap = hasBlanks(run) ? '\t' : ' ';
  for (const [query, passages] of run) {
    let last = Infinity;
    for (const [index, { id, score }] of passages.entries()) {
      const rounded = Number(score.toFixed(SCORE_DIGITS));
      last = rounded < last ? rounded : last - SCORE_STEP;
      const cells = [query, 'Q0', id, String(index + 1), last.toFixed(SCORE_DIGITS), tag];
      yield `${cells.join(gap)}\n`;
    }
  }
}

function hasBlanks(run: Run): boolean {
  for (const [query, passages] of run)
    if (/\s/u.test(query) || passages.some(({ id }) => /\s/u.test(id))) return true;
  return false;
}

/** Reads a run in TREC's format: `query Q0 passage rank score tag`, with blanks or tabs between. Sorted as trec_eval does: by score, equal ones by id, both falling. */
export async function parseRun(source: LineSource): Promise<ParsedRows<Run>> {
  const rows = new Map<string, RankedPassage[]>();
  const problems: RowProblem[] = [];
  let line = 0;
  for await (const raw of source.lines) {
    line += 1;
    const text = raw.trim();
    if (text === '') continue;
    const [query, , id, , score] = text.split(text.includes('\t') ? '\t' : /\s+/u);
    if (query === undefined || id === undefined || !Number.isFinite(Number(score ?? Number.NaN))) {
      const problem = `${truncateValue(text)} is not "query Q0 passage rank score tag"`;
      problems.push({ file: source.file, line, problem });
      continue;
    }
    const passages = rows.get(query) ?? [];
    passages.push({ id, score: Number(score) });
    rows.set(query, passages);
  }
  for (const passages of rows.values()) {
    passages.sort((a, b) => b.score - a.score || (a.id < b.id ? 1 : -1));
  }
  return { rows, problems };
}
