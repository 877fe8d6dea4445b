/**
 * Trains the small model of groundedness and measures it.
 *
 *     npx jiti libs/guardrails/training/groundedness/train-groundedness.ts <data folder>
 *
 * Claims are made from prose whose licence allows it (wikigold, CC BY 4.0; the answers of GPTeacher's
 * role play, MIT): sentences of a passage, whole, cut, joined or put in other order, are supported by it; sentences of
 * elsewhere, and sentences with a name, a number or the sense changed, are not. XQuAD and HaluEval are measured only.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CLAIM_FEATURES,
  claimFeatures,
  prepareEvidence,
} from '../../src/groundedness/claim-features.js';
import { splitClaims } from '../../src/groundedness/split-claims.js';

const data = process.argv[2] ?? '../shared/data';
let seed = 20_240_601;
const random = (): number => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return seed / 2 ** 32;
};
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

function documents(): string[][] {
  const wiki = readFileSync(join(data, 'ner/wikigold.conll.txt'), 'utf8')
    .split(/-DOCSTART-[^\n]*\n/u)
    .map((doc) =>
      doc
        .split(/\n\s*\n/u)
        .map((sentence) =>
          sentence
            .split('\n')
            .map((line) => line.split(' ')[0])
            .join(' ')
            .replace(/ ([,.;:!?%)'])/gu, '$1')
            .replace(/([(]) /gu, '$1')
            .trim(),
        )
        .filter((sentence) => sentence.split(' ').length > 4),
    );
  const rows = JSON.parse(
    readFileSync(join(data, 'benign-prompts/gpteacher_roleplay.json'), 'utf8'),
  ) as { response: string }[];
  const answers = rows
    .filter(({ response }) => response.length > 500)
    .slice(0, 1_500)
    .map(({ response }) => splitClaims(response).map(({ text }) => text));
  return [...wiki, ...answers].filter((doc) => doc.length >= 5);
}

const docs = documents();
const NAME = /(?<=\S )\p{Lu}[\p{L}]+(?: \p{Lu}[\p{L}]+)*/gu;
const namesIn = (text: string): string[] => text.match(NAME) ?? [];
const allNames = [...new Set(docs.flatMap((doc) => doc.flatMap(namesIn)))];
const phrases = (sentence: string): string[] => [
  ...namesIn(sentence),
  ...(sentence.match(/\b\d[\d,.]*\d\b(?: \p{Ll}+)?/gu) ?? []),
  ...(sentence.match(/(?<=\b(?:the|a|an|of|in) )\p{Ll}{4,}(?: \p{Ll}{4,})?/gu) ?? []),
];
const SAME: readonly [RegExp, string][] = [
  [/\bhowever\b/giu, 'but'],
  [/\blarge\b/giu, 'big'],
  [/\bbegan\b/giu, 'started'],
  [/\bmany\b/giu, 'a lot of'],
  [/\bimportant\b/giu, 'significant'],
  [/\bis\b/u, 'was'],
  [/\buse\b/giu, 'employ'],
  [/\bhelp\b/giu, 'assist'],
  [/\bshow\b/giu, 'demonstrate'],
  [/\bcreate\b/giu, 'make'],
];

function supported(passage: readonly string[]): string {
  const sentence = pick(passage);
  const kind = random();
  if (kind < 0.2) return sentence;
  if (kind < 0.35) return pick(phrases(sentence)) ?? sentence;
  const clauses = sentence
    .split(/, | (?:and|but|which|because|while) /u)
    .filter((clause) => clause.split(' ').length > 3);
  if (kind < 0.5) return pick(clauses) ?? sentence;
  if (kind < 0.6) return `${pick(clauses) ?? sentence}, and ${pick(passage)}`;
  if (kind < 0.7) return [...clauses].reverse().join(', ') || sentence;
  let said = sentence;
  for (const [from, to] of SAME) said = said.replace(from, to);
  const lost = said.split(' ').filter(() => random() > (kind < 0.85 ? 0.12 : 0.25));
  const intro = pick(['', '', 'According to the text, ', 'The answer is that ', 'It says that ']);
  return intro + lost.join(' ');
}

function unsupported(passage: readonly string[], doc: readonly string[]): string | undefined {
  const sentence = pick(passage);
  const kind = random();
  const other = pick(pick(docs));
  if (kind < 0.12) return other;
  if (kind < 0.24) return pick(doc.filter((each) => !passage.includes(each)));
  if (kind < 0.36) {
    const phrase = pick(phrases(other));
    return passage
      .join(' ')
      .toLowerCase()
      .includes((phrase ?? '').toLowerCase())
      ? undefined
      : phrase;
  }
  if (kind < 0.54) {
    const name = pick(namesIn(sentence));
    const inside = passage.flatMap(namesIn).filter((each) => each !== name);
    const swap = random() < 0.35 && inside.length > 0 ? pick(inside) : pick(allNames);
    return name === undefined || swap === name
      ? undefined
      : supportedFrom(sentence).replace(name, swap);
  }
  if (kind < 0.66) {
    const changed = sentence.replace(/\d+/u, (digits) =>
      String(Number(digits) + 1 + Math.floor(random() * 40)),
    );
    return changed === sentence ? undefined : changed;
  }
  if (kind < 0.78) {
    const changed =
      random() < 0.6
        ? sentence.replace(/\b(is|are|was|were|can|will|has|have)\b/u, '$1 not')
        : sentence.replace(/ not\b|n't\b/u, '');
    return changed === sentence ? undefined : changed;
  }
  const clauses = other
    .split(/, | (?:and|but|which|because|while) /u)
    .filter((clause) => clause.split(' ').length > 3);
  return `${supportedFrom(sentence).replace(/[.!?]$/u, '')}, ${pick(['and', 'because', 'where', 'while'])} ${pick(clauses) ?? other}`;
}

const supportedFrom = (sentence: string): string => supported([sentence]);

interface Sample {
  readonly x: readonly number[];
  readonly y: 0 | 1;
}

function samplesOf(some: readonly string[][], count: number): Sample[] {
  const samples: Sample[] = [];
  while (samples.length < count) {
    const doc = pick(some);
    const size = 2 + Math.floor(random() * 7);
    const start = Math.floor(random() * Math.max(1, doc.length - size));
    const passage = doc.slice(start, start + size);
    const evidence = prepareEvidence([passage.join(' ')]);
    const good = supported(passage);
    const bad = unsupported(passage, doc);
    if (good === undefined || bad === undefined || bad === '') continue;
    samples.push(
      { x: claimFeatures(good, evidence), y: 0 },
      { x: claimFeatures(bad, evidence), y: 1 },
    );
  }
  return samples;
}

function train(samples: readonly Sample[]): { bias: number; weights: number[] } {
  const size = CLAIM_FEATURES.length;
  const weights = new Array<number>(size).fill(0);
  let bias = 0;
  const momentum = new Array<number>(size + 1).fill(0);
  for (let epoch = 0; epoch < 3_000; epoch++) {
    const gradient = new Array<number>(size + 1).fill(0);
    for (const { x, y } of samples) {
      let sum = bias;
      for (let at = 0; at < size; at++) sum += (weights[at] ?? 0) * (x[at] ?? 0);
      const error = 1 / (1 + Math.exp(-sum)) - y;
      for (let at = 0; at < size; at++) gradient[at] = (gradient[at] ?? 0) + error * (x[at] ?? 0);
      gradient[size] = (gradient[size] ?? 0) + error;
    }
    for (let at = 0; at <= size; at++) {
      const decay = at === size ? 0 : 1e-4 * (weights[at] ?? 0);
      momentum[at] = 0.9 * (momentum[at] ?? 0) + (gradient[at] ?? 0) / samples.length + decay;
      if (at === size) bias -= 0.3 * (momentum[at] ?? 0);
      else weights[at] = (weights[at] ?? 0) - 0.3 * (momentum[at] ?? 0);
    }
  }
  return { bias, weights };
}

function auroc(scored: readonly { score: number; y: number }[]): number {
  const sorted = [...scored].sort((a, b) => a.score - b.score);
  let rankSum = 0;
  for (let at = 0; at < sorted.length;) {
    let end = at;
    while (end < sorted.length && sorted[end]?.score === sorted[at]?.score) end += 1;
    for (let each = at; each < end; each++)
      if (sorted[each]?.y === 1) rankSum += (at + end + 1) / 2;
    at = end;
  }
  const positives = scored.filter(({ y }) => y === 1).length;
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (scored.length - positives));
}

const split = Math.floor(docs.length * 0.8);
const shuffled = [...docs].sort(() => random() - 0.5);
const fit = train(samplesOf(shuffled.slice(0, split), 16_000));
const scoreOf = (x: readonly number[]): number =>
  1 /
  (1 +
    Math.exp(
      -(fit.bias + fit.weights.reduce((sum, weight, at) => sum + weight * (x[at] ?? 0), 0)),
    ));
const report = (name: string, scored: { score: number; y: number }[]): void => {
  const right = scored.filter(({ score, y }) => (score >= 0.5 ? 1 : 0) === y).length;
  process.stdout.write(
    `${name}: n ${scored.length}, AUROC ${auroc(scored).toFixed(3)}, accuracy ${(right / scored.length).toFixed(3)}\n`,
  );
};
report(
  'own, held out',
  samplesOf(shuffled.slice(split), 4_000).map(({ x, y }) => ({ score: scoreOf(x), y })),
);

const worst = (text: string, context: string): number => {
  const evidence = prepareEvidence([context]);
  return Math.max(
    0,
    ...splitClaims(text).map((claim) => scoreOf(claimFeatures(claim.text, evidence))),
  );
};
const xquad = JSON.parse(readFileSync(join(data, 'xquad/xquad.en.json'), 'utf8')) as {
  data: {
    paragraphs: { context: string; qas: { question: string; answers: { text: string }[] }[] }[];
  }[];
};
const pairs = xquad.data.flatMap(({ paragraphs }, article) =>
  paragraphs.flatMap(({ context, qas }) =>
    qas.map(({ question, answers }) => ({
      article,
      context,
      question,
      answer: answers[0]?.text ?? '',
    })),
  ),
);
const shape = (text: string): string =>
  /\d/u.test(text) ? 'number' : /^\p{Lu}/u.test(text) ? 'name' : 'other';
report(
  'XQuAD answers against answers of the same shape elsewhere',
  pairs.flatMap(({ context, answer }) => {
    const wrong = pick(
      pairs.filter(
        (each) => shape(each.answer) === shape(answer) && !context.includes(each.answer),
      ),
    );
    return [
      { score: worst(answer, context), y: 0 },
      { score: worst(wrong.answer, context), y: 1 },
    ];
  }),
);
const halueval = readFileSync(join(data, 'halueval/general_data.json'), 'utf8')
  .trim()
  .split('\n')
  .map(
    (line) =>
      JSON.parse(line) as { user_query: string; chatgpt_response: string; hallucination: string },
  );
report(
  'HaluEval general, the query as evidence (second half)',
  halueval.slice(Math.floor(halueval.length / 2)).map((row) => ({
    score: worst(row.chatgpt_response, row.user_query),
    y: row.hallucination === 'yes' ? 1 : 0,
  })),
);
const round = (value: number): number => Math.round(value * 1e4) / 1e4;
writeFileSync(
  join(import.meta.dirname, '../../src/groundedness/groundedness-weights.ts'),
  `/** The weights of the logistic model over the features of a claim; made by \`training/groundedness/train-groundedness.ts\`. */
export const GROUNDEDNESS_WEIGHTS: { readonly bias: number; readonly weights: readonly number[] } = {
  bias: ${round(fit.bias)},
  weights: [
${fit.weights.map((weight, at) => `    // ${CLAIM_FEATURES[at] ?? ''}\n    ${round(weight)},`).join('\n')}
  ],
};
`,
);
