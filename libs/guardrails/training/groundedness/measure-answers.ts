/**
 * Measures the shipped score of groundedness on short answers that are given with their question.
 *
 *     npx jiti libs/guardrails/training/groundedness/measure-answers.ts <data folder>
 *
 * Answers of XQuAD against answers of the same shape to another question of the same paragraph (`near`) and of another one
 * (`far`). The weights of `question-distance.ts` were chosen on the even paragraphs; the odd ones took no part.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rankAuc } from '../../src/bias/rank-auc.js';
import { scoreGroundedness } from '../../src/groundedness/score-groundedness.js';
import { seededRandom } from './made-claims.js';

interface Pair {
  readonly paragraph: number;
  readonly context: string;
  readonly question: string;
  readonly answer: string;
}

const random = seededRandom(7);
const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
const shape = (text: string): string =>
  /\d/u.test(text) ? 'number' : /^\p{Lu}/u.test(text) ? 'name' : 'other';

const { data: articles } = JSON.parse(
  readFileSync(join(process.argv[2] ?? '../shared/data', 'xquad/xquad.en.json'), 'utf8'),
) as {
  data: {
    paragraphs: { context: string; qas: { question: string; answers: { text: string }[] }[] }[];
  }[];
};
const pairs = articles
  .flatMap(({ paragraphs }) => paragraphs)
  .flatMap(({ context, qas }, paragraph) =>
    qas.map(({ question, answers }): Pair => ({
      paragraph,
      context,
      question,
      answer: answers[0]?.text ?? '',
    })),
  );

const overlap = (one: string, other: string): boolean => one.includes(other) || other.includes(one);
const rows = pairs.map((pair) => {
  const alike = pairs.filter(({ answer }) => shape(answer) === shape(pair.answer));
  return {
    ...pair,
    near: pick(
      alike.filter(
        ({ paragraph, answer }) =>
          paragraph === pair.paragraph && answer !== pair.answer && !overlap(answer, pair.answer),
      ),
    )?.answer,
    far: pick(alike.filter(({ answer }) => !pair.context.includes(answer)))?.answer,
  };
});

const places = {
  'no question': ({ context }: Pair, answer: string) => scoreGroundedness(answer, [context]),
  'question before the answer': ({ context, question }: Pair, answer: string) =>
    scoreGroundedness(`${question} ${answer}`, [context]),
  'question after the evidence': ({ context, question }: Pair, answer: string) =>
    scoreGroundedness(answer, [`${context}\n${question}`]),
};
for (const [place, judge] of Object.entries(places)) {
  for (const parity of [0, 1]) {
    const some = rows.filter(({ paragraph }) => paragraph % 2 === parity);
    const scoresOf = (kind: 'answer' | 'near' | 'far'): number[] =>
      some.flatMap((row) => {
        const text = row[kind];
        return text === undefined ? [] : [judge(row, text).score];
      });
    const [right, near, far] = [scoresOf('answer'), scoresOf('near'), scoresOf('far')];
    const flagged = (scores: readonly number[]): string =>
      (scores.filter((score) => score >= 0.5).length / scores.length).toFixed(3);
    process.stdout.write(
      `${place}, ${parity === 0 ? 'even' : 'odd'} paragraphs, n ${right.length}: AUROC near ${(rankAuc(near, right) ?? Number.NaN).toFixed(3)}, far ${(rankAuc(far, right) ?? Number.NaN).toFixed(3)}; flagged: right ${flagged(right)}, near ${flagged(near)}, far ${flagged(far)}\n`,
    );
  }
}
