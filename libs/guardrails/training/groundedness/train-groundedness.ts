/**
 * Trains the small model of groundedness and measures it.
 *
 *     npx jiti libs/guardrails/training/groundedness/train-groundedness.ts <data folder>
 *
 * Claims are made by rules from prose whose licence allows it (`made-claims.ts`). What it is measured on takes no part in the
 * training (`measure-groundedness.ts`).
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CLAIM_FEATURES,
  claimFeatures,
  prepareEvidence,
} from '../../src/groundedness/claim-features.js';
import { splitClaims } from '../../src/groundedness/split-claims.js';
import { CORRUPTIONS, createClaimMaker, readDocuments, seededRandom } from './made-claims.js';
import { measureGroundedness, type MeasuredRow } from './measure-groundedness.js';

const data = process.argv[2] ?? '../shared/data';
const PAIRS = 10_000;
const HELD_OUT_PAIRS = 2_000;

interface Sample {
  readonly x: readonly number[];
  readonly y: 0 | 1;
  readonly kind: string;
}

const random = seededRandom(20_240_601);
const docs = readDocuments(data)
  .map((doc) => ({ doc, at: random() }))
  .sort((one, other) => one.at - other.at)
  .map(({ doc }) => doc);
const split = Math.floor(docs.length * 0.8);

function samplesOf(some: readonly string[][], pairs: number): Sample[] {
  const maker = createClaimMaker(some, random);
  const samples: Sample[] = [];
  while (samples.length < 2 * pairs) {
    const doc = some[Math.floor(random() * some.length)] ?? [];
    const size = 2 + Math.floor(random() * 7);
    const start = Math.floor(random() * Math.max(1, doc.length - size));
    const passage = doc.slice(start, start + size);
    const kind = CORRUPTIONS[Math.floor(random() * CORRUPTIONS.length)] ?? 'number';
    const good = maker.supported(passage);
    const bad = maker.unsupported(passage, doc, kind);
    if (good === '' || bad === undefined || bad === '') continue;
    const evidence = prepareEvidence([passage.join(' ')]);
    samples.push(
      { x: claimFeatures(good, evidence), y: 0, kind: 'supported' },
      { x: claimFeatures(bad, evidence), y: 1, kind },
    );
  }
  return samples;
}

/** Logistic regression by gradient descent with momentum. */
function train(samples: readonly Sample[]): { bias: number; weights: number[] } {
  const size = CLAIM_FEATURES.length;
  const rows = Float64Array.from(samples.flatMap(({ x }) => [...x, 1]));
  const weights = new Float64Array(size + 1);
  const momentum = new Float64Array(size + 1);
  const gradient = new Float64Array(size + 1);
  for (let epoch = 0; epoch < 1_000; epoch++) {
    gradient.fill(0);
    for (const [row, { y }] of samples.entries()) {
      const start = row * (size + 1);
      let sum = 0;
      for (let at = 0; at <= size; at++) sum += (weights[at] ?? 0) * (rows[start + at] ?? 0);
      const error = 1 / (1 + Math.exp(-sum)) - y;
      for (let at = 0; at <= size; at++)
        gradient[at] = (gradient[at] ?? 0) + error * (rows[start + at] ?? 0);
    }
    for (let at = 0; at <= size; at++) {
      const decay = at === size ? 0 : 1e-4 * (weights[at] ?? 0);
      momentum[at] = 0.9 * (momentum[at] ?? 0) + (gradient[at] ?? 0) / samples.length + decay;
      weights[at] = (weights[at] ?? 0) - 0.5 * (momentum[at] ?? 0);
    }
  }
  return { bias: weights[size] ?? 0, weights: [...weights.subarray(0, size)] };
}

const round = (value: number): number => Math.round(value * 1e4) / 1e4;
const trained = train(samplesOf(docs.slice(0, split), PAIRS));
const fit = { bias: round(trained.bias), weights: trained.weights.map(round) };
const scoreOf = (x: readonly number[]): number =>
  1 /
  (1 +
    Math.exp(
      -(fit.bias + fit.weights.reduce((sum, weight, at) => sum + weight * (x[at] ?? 0), 0)),
    ));
const heldOut = samplesOf(docs.slice(split), HELD_OUT_PAIRS).map(({ x, y, kind }): MeasuredRow => ({
  score: scoreOf(x),
  y,
  kind,
}));
measureGroundedness({
  data,
  heldOut,
  worst(text, context) {
    const evidence = prepareEvidence([context]);
    return Math.max(
      0,
      ...splitClaims(text).map((claim) => scoreOf(claimFeatures(claim.text, evidence))),
    );
  },
  print: (line) => process.stdout.write(`${line}\n`),
});
writeFileSync(
  join(import.meta.dirname, '../../src/groundedness/groundedness-weights.ts'),
  `/** The weights of the logistic model over the features of a claim; made by \`training/groundedness/train-groundedness.ts\`. */
export const GROUNDEDNESS_WEIGHTS: { readonly bias: number; readonly weights: readonly number[] } =
  {
    bias: ${fit.bias},
    weights: [
${fit.weights.map((weight, at) => `      // ${CLAIM_FEATURES[at] ?? ''}\n      ${weight},`).join('\n')}
    ],
  };
`,
);
