/** Measures scores of groundedness on sets that no training has seen. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CORRUPTIONS, createClaimMaker, seededRandom } from './made-claims.js';

/** A judged claim; 1 is not supported. */
export interface MeasuredRow {
  readonly score: number;
  readonly y: 0 | 1;
  readonly kind: string;
}

/** What is measured, and where the figures go. */
export interface MeasureOptions {
  readonly data: string;
  /** Claims made from documents that took no part in the training. */
  readonly heldOut: readonly MeasuredRow[];
  /** The score of a text's worst claim. */
  readonly worst: (text: string, context: string) => number;
  readonly print: (line: string) => void;
}

/**
 * Prints AUROC, accuracy at .5, Brier score and expected calibration error on: claims made from documents held out;
 * summaries of documentation written by a model, as they are and corrupted; answers of XQuAD against answers of the same
 * shape; HaluEval's general part, where the question is all there is of evidence.
 */
export function measureGroundedness(options: MeasureOptions): void {
  const { data, heldOut, worst, print } = options;
  const random = seededRandom(7);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  report('own claims, held out', heldOut, print);
  report('summaries of documentation', summaries(), print);
  report('answers of XQuAD', xquad(), print);
  report('HaluEval general, second half, the query as evidence', halueval(0, Infinity), print);
  report('HaluEval general, queries that hold a passage', halueval(350, Infinity), print);

  function summaries(): MeasuredRow[] {
    const entries = JSON.parse(
      readFileSync(join(data, 'anthropic_docs_rag/anthropic_summary_indexed_docs.json'), 'utf8'),
    ) as { text: string; summary: string }[];
    const maker = createClaimMaker(
      entries.map(({ summary }) => [summary]),
      random,
    );
    const known = entries.map(({ text }) => ({ text, words: longWords(text) }));
    return entries.flatMap(({ text, summary }): MeasuredRow[] => {
      const said = longWords(summary);
      const nearest = known
        .filter((each) => each.text !== text)
        .reduce((one, other) =>
          shared(said, other.words) > shared(said, one.words) ? other : one,
        );
      const corrupted = CORRUPTIONS.flatMap((kind): MeasuredRow[] => {
        const changed = maker.corrupt(summary, text, kind);
        return changed === undefined ? [] : [{ score: worst(changed, text), y: 1, kind }];
      });
      return [
        { score: worst(summary, text), y: 0, kind: 'supported' },
        { score: worst(summary, nearest.text), y: 1, kind: 'the nearest other section' },
        ...corrupted,
      ];
    });
  }

  function xquad(): MeasuredRow[] {
    const { data: articles } = JSON.parse(
      readFileSync(join(data, 'xquad/xquad.en.json'), 'utf8'),
    ) as {
      data: { paragraphs: { context: string; qas: { answers: { text: string }[] }[] }[] }[];
    };
    const pairs = articles.flatMap(({ paragraphs }) =>
      paragraphs.flatMap(({ context, qas }) =>
        qas.map(({ answers }) => ({ context, answer: answers[0]?.text ?? '' })),
      ),
    );
    return pairs.flatMap(({ context, answer }): MeasuredRow[] => {
      const wrong = pick(
        pairs.filter(
          (each) => shape(each.answer) === shape(answer) && !context.includes(each.answer),
        ),
      );
      return [
        { score: worst(answer, context), y: 0, kind: 'supported' },
        { score: worst(wrong.answer, context), y: 1, kind: shape(answer) },
      ];
    });
  }

  function halueval(shortest: number, longest: number): MeasuredRow[] {
    const rows = readFileSync(join(data, 'halueval/general_data.json'), 'utf8')
      .trim()
      .split('\n')
      .map(
        (line) =>
          JSON.parse(line) as {
            user_query: string;
            chatgpt_response: string;
            hallucination: string;
          },
      );
    return (shortest > 0 ? rows : rows.slice(Math.floor(rows.length / 2)))
      .filter(({ user_query: { length } }) => length >= shortest && length < longest)
      .map((row) => {
        const y = row.hallucination === 'yes' ? 1 : 0;
        const kind = y === 1 ? 'hallucination' : 'supported';
        return { score: worst(row.chatgpt_response, row.user_query), y, kind };
      });
  }
}

const shape = (text: string): string =>
  /\d/u.test(text) ? 'number' : /^\p{Lu}/u.test(text) ? 'name' : 'other';

function shared(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  return [...one].filter((word) => other.has(word)).length;
}

function longWords(text: string): ReadonlySet<string> {
  return new Set(text.toLowerCase().match(/\w{4,}/gu));
}

function report(name: string, rows: readonly MeasuredRow[], print: (line: string) => void): void {
  const supported = rows.filter(({ y }) => y === 0);
  const right = rows.filter(({ score, y }) => (score >= 0.5 ? 1 : 0) === y).length;
  const brier = rows.reduce((sum, { score, y }) => sum + (score - y) ** 2, 0) / rows.length;
  print(
    `${name}: n ${rows.length}, AUROC ${auroc(rows).toFixed(3)}, accuracy ${(right / rows.length).toFixed(3)}, Brier ${brier.toFixed(3)}, ECE ${calibrationError(rows).toFixed(3)}`,
  );
  const kinds = [...new Set(rows.filter(({ y }) => y === 1).map(({ kind }) => kind))];
  if (kinds.length < 2) return;
  for (const kind of kinds) {
    const some = rows.filter((row) => row.kind === kind);
    print(`  ${kind}: n ${some.length}, AUROC ${auroc([...supported, ...some]).toFixed(3)}`);
  }
}

function auroc(rows: readonly MeasuredRow[]): number {
  const sorted = [...rows].sort((a, b) => a.score - b.score);
  let rankSum = 0;
  for (let at = 0; at < sorted.length;) {
    let end = at;
    while (end < sorted.length && sorted[end]?.score === sorted[at]?.score) end += 1;
    for (let each = at; each < end; each++)
      if (sorted[each]?.y === 1) rankSum += (at + end + 1) / 2;
    at = end;
  }
  const positives = rows.filter(({ y }) => y === 1).length;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (rows.length - positives));
}

/** The mean distance between what is promised and what happens, over ten bins of the score. */
function calibrationError(rows: readonly MeasuredRow[]): number {
  let error = 0;
  for (let bin = 0; bin < 10; bin++) {
    const some = rows.filter(({ score }) => Math.min(9, Math.floor(score * 10)) === bin);
    const difference = some.reduce((sum, { score, y }) => sum + score - y, 0);
    error += Math.abs(difference) / rows.length;
  }
  return error;
}
