// Checks every regular expression of the rails for time that grows faster than the text.
//
//   npx nx build guardrails
//   npm install --no-save --omit=optional --ignore-scripts recheck@4.5.0
//   node bench/guardrails/check-expressions.mjs [--only normalisation] [--json]
//
// Literals are read from the sources; expressions that are put together are caught while every rail is made. recheck proves
// what it can by automata; where it gives up or suspects, the expression is run on its attack, or on runs of what stands in
// the pattern, at 4,000 to 64,000 characters, and the growth is fitted: time ~ length^exponent. Ends with 1 where an
// exponent is above 1.5.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import ts from 'typescript';

const root = join(import.meta.dirname, '..', '..');
const { values: flags } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    // A part of the path of the sources to look at; default all.
    only: { type: 'string', default: '' },
  },
});
const LENGTHS = [4_000, 16_000, 64_000];
const TIMEOUT_MS = 2_000;
const RUNS = 3;
/** What is shorter tells nothing of growth. */
const FLOOR_MS = 20;
const found = new Map();
const note = (source, flagsOf, where) => {
  const key = `/${source}/${flagsOf}`;
  if (!found.has(key)) found.set(key, { source, flags: flagsOf, where });
};

function readLiterals() {
  for (const file of globSync(join(root, 'libs/guardrails/src/**/*.ts'))) {
    if (file.includes('.test.') || file.includes('__fixtures__')) continue;
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
    const visit = (node) => {
      if (node.kind === ts.SyntaxKind.RegularExpressionLiteral) {
        const end = node.text.lastIndexOf('/');
        note(node.text.slice(1, end), node.text.slice(end + 1), file.slice(root.length + 1));
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
}

/** Makes every rail with a `RegExp` that notes what is put together. */
async function catchConstructed() {
  const Native = globalThis.RegExp;
  globalThis.RegExp = new Proxy(Native, {
    construct(target, given) {
      const made = new target(...given);
      note(made.source, made.flags, 'put together');
      return made;
    },
  });
  try {
    const rails = await import(join(root, 'libs/guardrails/dist/index.js'));
    rails.createPiiRail({ categories: rails.PII_CATEGORIES });
    rails.createSecretsRail();
    rails.createExfiltrationRail();
    rails.createUrlRail({ allow: ['example.org'] });
    rails.createKeywordRail({ words: ['word', 'two words'] });
    rails.createEscalationRail({ words: ['word'] });
  } finally {
    globalThis.RegExp = Native;
  }
}

function timeOf(expression, text) {
  const started = performance.now();
  let count = 0;
  for (const match of text.matchAll(expression)) count += match[0].length > 0 ? 1 : 0;
  return { ms: performance.now() - started, count };
}

/** How the time grows with the length, as the exponent of a power; 1 where it is too short to tell. */
function exponentOf({ source, flags: own }, attackOf) {
  const expression = new RegExp(source, own.includes('g') ? own : `${own}g`);
  const points = [];
  for (const length of LENGTHS) {
    const text = attackOf(length);
    // The best of some runs: the first ones compile, and others work on the machine too.
    let ms = timeOf(expression, text).ms;
    for (let run = 1; run < RUNS && ms < TIMEOUT_MS / 4; run += 1)
      ms = Math.min(ms, timeOf(expression, text).ms);
    points.push({ length, ms });
    if (ms > TIMEOUT_MS) break;
    if (length > LENGTHS[0] && ms < FLOOR_MS / 16) return 1;
  }
  const last = points.at(-1);
  const before = points.at(-2);
  if (last.ms < FLOOR_MS || before === undefined) return 1;
  return Math.log(last.ms / Math.max(before.ms, 0.05)) / Math.log(last.length / before.length);
}

function attacksOf(source, attack) {
  const attacks = [];
  if (attack !== undefined) {
    attacks.push((length) => {
      const share = length / attack.pumps.reduce((sum, { pump }) => sum + pump.length, 0);
      return (
        attack.pumps.map(({ prefix, pump }) => prefix + pump.repeat(share)).join('') + attack.suffix
      );
    });
  }
  const letters = [...new Set([...source.replaceAll(/\\./g, ''), ...'a0A .-!"<\n'])].slice(0, 40);
  for (const unit of [...letters, 'ab', 'a0', 'a.', '0 ', 'a-', 'aA']) {
    for (const suffix of ['', '\0', 'a', '!']) {
      attacks.push((length) => unit.repeat(length / unit.length) + suffix);
    }
  }
  return attacks;
}

readLiterals();
await catchConstructed();
process.env.RECHECK_BACKEND = 'pure';
// By a variable, as it is no dependency: only this check needs it.
const checker = 'recheck';
const { checkSync } = await import(checker);
const rows = { proven: 0, measured: [], suspects: [] };
for (const expression of found.values()) {
  if (!expression.where.includes(flags.only)) continue;
  const { source, flags: own, where } = expression;
  const verdict = checkSync(source, own, { timeout: TIMEOUT_MS });
  if (verdict.status === 'safe') {
    rows.proven += 1;
    continue;
  }
  const exponent = Math.max(
    ...attacksOf(source, verdict.attack).map((attackOf) => exponentOf(expression, attackOf)),
  );
  const row = { where, source: source.slice(0, 80), recheck: verdict.status, exponent };
  rows[exponent > 1.5 ? 'suspects' : 'measured'].push(row);
}
if (flags.json) console.log(JSON.stringify(rows));
else {
  console.log(`${found.size} expressions known, ${rows.proven} proven linear by recheck.`);
  console.log('Not decided there, and linear as measured:');
  console.table(rows.measured);
  if (rows.suspects.length > 0) {
    console.log('Time grows faster than the text:');
    console.table(rows.suspects);
  }
}
process.exitCode = rows.suspects.length > 0 ? 1 : 0;
