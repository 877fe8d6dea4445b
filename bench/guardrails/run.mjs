// What moderation and injection detection cost: one core, one text at a time.
//
//   node bench/guardrails/run.mjs [--data rows.jsonl] [--profile balanced] [--count 2000]
//
// Printed: p50 and p99 of both rails together on texts of 384 characters (or on the rows of --data, which give the share of
// traffic that reaches the encoder), time by length up to 1 MB, the time to load, and memory.
import { readFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import {
  createGuardClassifier,
  createInjectionDetector,
  createModerator,
  createReadings,
} from '@espalier/guardrails';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    profile: { type: 'string', default: 'fast' },
    count: { type: 'string', default: '2000' },
  },
});
const count = Number(values.count);
const memoryBefore = process.memoryUsage().rss;
const loadStart = performance.now();
const classifier = await createGuardClassifier({ profile: values.profile });
const loadMs = performance.now() - loadStart;
const moderator = await createModerator({ classifier });
const detector = await createInjectionDetector({ classifier });
const memoryMb = (process.memoryUsage().rss - memoryBefore) / 2 ** 20;

const SENTENCES = [
  'Please tell me which three places in London are worth a visit with two children on a rainy day.',
  'The function below reads a file line by line and counts the words; why does it print one too many?',
  'Could you write a short and friendly e-mail that asks our landlord to repair the window in the kitchen?',
  'My train was late again today, and the connection was gone; is there any right to get money back?',
];
const textOf = (length, seed) => {
  let text = '';
  for (let n = seed; text.length < length; n += 1)
    text += `${SENTENCES[n % SENTENCES.length]} (${n}) `;
  return text.slice(0, length);
};
const texts =
  values.data === undefined
    ? Array.from({ length: count }, (_, n) => textOf(384, n))
    : readFileSync(values.data, 'utf8')
        .split('\n')
        .filter(Boolean)
        .slice(0, count)
        .map((line) => JSON.parse(line).text);

const judge = async (text) => {
  await moderator.classify({ text });
  await detector.classify({ text });
};
for (const text of texts.slice(0, 200)) await judge(text);
const times = [];
const cpuStart = process.cpuUsage();
for (const text of texts) {
  const start = performance.now();
  await judge(text);
  times.push(performance.now() - start);
}
const cpu = process.cpuUsage(cpuStart);
times.sort((a, b) => a - b);
const at = (share) =>
  times[Math.min(times.length - 1, Math.floor(times.length * share))].toFixed(3);
const { windows, encoderWindows } = classifier.stats;

console.log(`profile ${values.profile}, encoder ${classifier.hasEncoder ? 'present' : 'absent'}`);
console.log(`load ${loadMs.toFixed(0)} ms, resident +${memoryMb.toFixed(0)} MB`);
console.log(`${texts.length} texts: p50 ${at(0.5)} ms, p90 ${at(0.9)} ms, p99 ${at(0.99)} ms`);
console.log(`CPU ${((cpu.user + cpu.system) / 1000 / texts.length).toFixed(3)} ms a text`);
console.log(`encoder share ${((100 * encoderWindows) / Math.max(1, windows)).toFixed(1)} %`);
console.log('LLM Guard, one scanner of 384 characters, published: 104 ms');

const HOSTILE = {
  prose: (n) => textOf(n, 0),
  'one letter': (n) => 'a'.repeat(n),
  'spelt letters': (n) => 'a '.repeat(n / 2),
  'dots and dashes': (n) => '.- '.repeat(n / 3),
  percent: (n) => '%41'.repeat(n / 3),
  'base64 letters': (n) => 'QUJD'.repeat(n / 4),
  'leet letters': (n) => '4b3 '.repeat(n / 4),
  'joined by dots': (n) => 'ab.'.repeat(n / 3),
  digits: (n) => '65 '.repeat(n / 3),
  ampersands: (n) => '&#x'.repeat(n / 3),
};
console.log('\nms for 10 kB, 100 kB, 1 MB of hostile text (readings alone):');
for (const [name, make] of Object.entries(HOSTILE)) {
  const row = [1e4, 1e5, 1e6].map((length) => {
    const text = make(length);
    const start = performance.now();
    createReadings(text);
    return (performance.now() - start).toFixed(0);
  });
  console.log(`  ${name}: ${row.join(', ')}`);
}
await classifier.dispose();
