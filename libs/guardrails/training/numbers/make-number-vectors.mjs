/**
 * Makes the vectors of the numbers of states: random numbers in the form of each kind, judged by python-stdnum where it knows
 * the kind, so that another implementation stands behind each.
 *
 *   node libs/guardrails/training/numbers/make-number-vectors.mjs --python <python with python-stdnum>
 *
 * Prints the kinds in which the two disagree, with an example.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values: options } = parseArgs({
  options: { python: { type: 'string', default: 'python3' } },
});
const root = join(import.meta.dirname, '../..');
const { outputFiles } = await build({
  stdin: {
    contents: [
      "export * from './src/pii/national/national-numbers.js';",
      "export * from './src/pii/national/recogniser.js';",
      "export * from './src/__fixtures__/sample-pattern.js';",
      "export { createSeededRandom } from '@espalier/core';",
    ].join('\n'),
    resolveDir: root,
  },
  bundle: true,
  write: false,
  format: 'esm',
  conditions: ['@espalier/source'],
  logLevel: 'error',
});
const code = await import(
  `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`
);
const WANTED = 12;
const random = code.createSeededRandom(2027);
const candidates = {};
for (const number of code.createNationalNumbers()) {
  const right = new Set();
  const wrong = new Set();
  for (let round = 0; round < 60_000 && right.size < 30; round += 1) {
    const written = code.samplePattern(number.pattern, random).toUpperCase();
    const isRight = number.isValid(code.compactNumber(written), written);
    if (isRight) right.add(written);
    else if (wrong.size < 30) wrong.add(written);
  }
  // A wrong digit in a right number is the mistake that people make.
  for (const written of right) {
    const at = [...written].findLastIndex((sign) => /\d/.test(sign));
    if (at < 0) continue;
    const changed = `${written.slice(0, at)}${(Number(written[at]) + 1) % 10}${written.slice(at + 1)}`;
    if (!number.isValid(code.compactNumber(changed), changed)) wrong.add(changed);
  }
  candidates[number.id] ??= { right: [], wrong: [] };
  candidates[number.id].right.push(...right);
  candidates[number.id].wrong.push(...wrong);
}
const judged = spawnSync(options.python, [join(import.meta.dirname, 'judge_numbers.py')], {
  input: JSON.stringify(candidates),
  encoding: 'utf8',
  maxBuffer: 2 ** 28,
});
if (judged.status !== 0) throw new Error(judged.stderr);
const verdicts = JSON.parse(judged.stdout);
const vectors = {};
for (const [id, { right, wrong }] of Object.entries(candidates)) {
  const verdict = verdicts[id];
  const agrees = (written, expected) => (verdict?.[written] ?? expected) === expected;
  const disputed = [
    ...right.filter((one) => !agrees(one, true)),
    ...wrong.filter((one) => !agrees(one, false)),
  ];
  if (disputed.length > 0)
    console.log(
      `${id}: ${disputed.length} of ${right.length + wrong.length} disputed, ${disputed[0]}`,
    );
  if (right.length === 0) console.log(`${id}: no right number was drawn`);
  vectors[id] = {
    confirmed: verdict !== undefined,
    valid: right.filter((one) => agrees(one, true)).slice(0, WANTED),
    invalid: wrong.filter((one) => agrees(one, false)).slice(-WANTED),
  };
}
const confirmed = Object.values(vectors).filter((one) => one.confirmed).length;
console.log(`${Object.keys(vectors).length} kinds, ${confirmed} judged by python-stdnum`);
writeFileSync(
  join(root, 'src/pii/national/__fixtures__/number-vectors.json'),
  `${JSON.stringify(vectors, undefined, 1)}\n`,
);
