// What the default policy adds to an answer: to a question's check, to the first token and to the whole, with and without.
//
//   npx nx build guardrails && node bench/guardrails/policy.mjs [--policy default] [--answers 20] [--json]
//
// The "model" is a timer: its first token comes after 50 ms, the next every 5 ms. Each answer is streamed without rails and
// with them, in turn, and the ratio of the two is what can be compared between machines. `added` is the time from a token
// to the first text released, less the same without rails; `insideRailsMs` is all time inside the rails.
//
// What is held back is counted apart from time, of the same answer in words and in pieces as a model's tokeniser cuts
// (letters apart from signs): how many tokens come before the first text goes out, and how many characters and tokens wait
// behind each token in the mean and at most. An address may begin with any word, so that nothing less than the word that a
// stream is at can be held back.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { compilePolicy, policyLibrary } from '@espalier/guardrails/policy';

const { values: flags } = parseArgs({
  options: {
    policy: { type: 'string', default: 'default' },
    answers: { type: 'string', default: '20' },
    json: { type: 'boolean', default: false },
  },
});
const FIRST_MS = 50;
const NEXT_MS = 5;
const QUESTION =
  'My train was late again today, and the connection was gone; is there any right to get money back, and where would I ask ' +
  'for it? I have the ticket still, and the app says that the delay was seventy minutes at the last stop. A friend told me ' +
  'that there is a form for it at the station, but I would rather do it from home, since the station is on the other side.';
const ANSWER =
  'Yes. From sixty minutes of delay on you get a quarter of the fare back, from two hours on half of it. Fill in the form on ' +
  'the website of the railway, with the number of your ticket, and send it within three months. You may choose a voucher or ' +
  'money; the money takes about a month. Keep the ticket until then, and a picture of what the app has shown you.';
const tokens = ANSWER.match(/\s*\S+|\s+$/g) ?? [];

const started = performance.now();
const compiled = await compilePolicy({ source: policyLibrary[flags.policy] });
const compileMs = performance.now() - started;
await compiled.guardrails.prepare();
const prepareMs = performance.now() - started - compileMs;

async function answer(guardrails) {
  const begun = performance.now();
  const stream = guardrails?.openStream({ point: 'output' });
  let first;
  let inside = 0;
  const push = async (token) => {
    if (stream === undefined) return token;
    const before = performance.now();
    const { text } = await stream.push(token);
    inside += performance.now() - before;
    return text;
  };
  await sleep(FIRST_MS);
  for (const token of tokens) {
    const text = await push(token);
    if (text !== '') first ??= performance.now() - begun;
    await sleep(NEXT_MS);
  }
  await stream?.end();
  return { first, whole: performance.now() - begun, inside };
}

const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const rows = { without: [], with: [] };
const checks = [];
for (let n = 0; n < Number(flags.answers) + 2; n += 1) {
  const plain = await answer(undefined);
  const guarded = await answer(compiled.guardrails);
  const before = performance.now();
  await compiled.guardrails.check({ point: 'input', text: QUESTION });
  const checkMs = performance.now() - before;
  // The first two warm up.
  if (n < 2) continue;
  rows.without.push(plain);
  rows.with.push(guarded);
  checks.push(checkMs);
}
const of = (side, field) => median(rows[side].map((row) => row[field]));
/** What waits behind each token, without any clock. */
async function heldBack(cut) {
  const stream = compiled.guardrails.openStream({ point: 'output' });
  let [pushed, released, first] = [0, 0, undefined];
  const ends = [];
  const waiting = [];
  for (const [index, token] of cut.entries()) {
    pushed += token.length;
    ends.push(pushed);
    released += (await stream.push(token)).text.length;
    if (released > 0) first ??= index;
    waiting.push({
      characters: Math.max(0, pushed - released),
      tokens: ends.filter((end) => end > released).length,
    });
  }
  const mean = (field) => waiting.reduce((sum, row) => sum + row[field], 0) / waiting.length;
  const most = (field) => Math.max(...waiting.map((row) => row[field]));
  return {
    tokensBeforeFirstText: first,
    characters: { mean: mean('characters'), most: most('characters') },
    tokens: { mean: mean('tokens'), most: most('tokens') },
  };
}
const pieces = ANSWER.match(/\s?(?:\p{L}+|\p{N}{1,3}|[^\s\p{L}\p{N}]+)|\s+/gu) ?? [];
const result = {
  policy: flags.policy,
  compileMs,
  prepareMs,
  questionCharacters: QUESTION.length,
  questionMs: median(checks),
  answerTokens: tokens.length,
  firstTokenMs: { without: of('without', 'first'), with: of('with', 'first') },
  firstTokenRatio: of('with', 'first') / of('without', 'first'),
  answerMs: { without: of('without', 'whole'), with: of('with', 'whole') },
  answerRatio: of('with', 'whole') / of('without', 'whole'),
  insideRailsMs: of('with', 'inside'),
  heldBack: { words: await heldBack(tokens), pieces: await heldBack(pieces) },
};
const rounded = JSON.parse(
  JSON.stringify(result, (_, value) =>
    typeof value === 'number' ? Math.round(value * 1000) / 1000 : value,
  ),
);
console.log(flags.json ? JSON.stringify(rounded) : rounded);
