import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createStepCounter, type StepCounter } from './__fixtures__/count-steps.js';
import { patternGrowth } from './pii/pattern-growth.js';

// Some ten seconds of work, on a machine that others may use too.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 120_000 });

/** Each of them is known to be linear by its form, or else by counting the steps of a search through food for it. */
const expressions = new Map<string, { readonly expression: RegExp; readonly where: string }>();

function note(expression: RegExp, where: string): void {
  const key = String(expression);
  if (!expressions.has(key)) expressions.set(key, { expression, where });
}

function readLiterals(): void {
  for (const name of globSync('**/*.ts', { cwd: import.meta.dirname })) {
    if (name.includes('.test.') || name.includes('__fixtures__')) continue;
    const file = join(import.meta.dirname, name);
    const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest);
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const end = node.text.lastIndexOf('/');
        note(new RegExp(node.text.slice(1, end), node.text.slice(end + 1)), name);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
}

/** Makes every rail, and lets a text stream through it, with a `RegExp` that notes what is put together. */
async function catchPutTogether(): Promise<void> {
  const Native = globalThis.RegExp;
  globalThis.RegExp = new Proxy(Native, {
    construct(target, given: ConstructorParameters<typeof RegExp>) {
      const made = new target(...given);
      note(made, 'put together');
      return made;
    },
  });
  try {
    const library = await import('./index.js');
    const rails = [
      library.createPiiRail({ categories: library.PII_CATEGORIES }),
      library.createSecretsRail(),
      library.createExfiltrationRail(),
      library.createUrlRail({ allow: ['example.org'] }),
      library.createKeywordRail({ words: ['word', 'two words'] }),
      library.createIdentityRail(),
    ];
    const guardrails = library.createGuardrails({
      rails: rails.map((rail) => ({ ...rail, points: ['output'] })),
    });
    const stream = guardrails.openStream({ point: 'output' });
    for (const piece of ['I am 12', '34 of A', 'B12 3', ' www.', ' 2024-', 'x']) {
      await stream.push(piece);
    }
    await stream.end();
  } finally {
    globalThis.RegExp = Native;
  }
}

/** From the first to the second a text grows; shorter ones where groups repeat deeper than the stack. */
const LENGTHS = [
  [1_500, 6_000],
  [250, 1_000],
  [60, 240],
] as const;
const ENDS = ['', '\0'];
/** Many alternatives: each costs its steps at each place, so that fewer and shorter texts must do. */
const LARGE = 1_000;

/** What a pattern may choke on: long runs of what stands in it, alone and in pairs. */
function foodFor(source: string): readonly string[] {
  const letters = [...new Set([...source.replaceAll(/\\./g, ''), ...'a0A .-!"<[(\n'])];
  const plain = letters.slice(0, 20);
  if (source.length > LARGE) return ['a', '0', 'A', 'a.', '0 ', '![', ...letters.slice(0, 4)];
  const words = source.match(/[a-z]{2,12}/gi)?.slice(0, 4) ?? [];
  return [...plain, ...words, 'ab', 'a0', 'a.', '0 ', 'a-', 'a b', '![', '[](', 'a="', '\\u'];
}

/** By how much the steps grow where the text grows by as much again and again: 1 is linear, 2 the square. */
function growthOf(expression: RegExp): number {
  const count = createStepCounter(expression);
  let worst = 1;
  for (const unit of foodFor(expression.source)) {
    for (const end of ENDS) {
      const textOf = (length: number): string => unit.repeat(length / unit.length) + end;
      const lengths = expression.source.length > LARGE ? LENGTHS.slice(1) : LENGTHS;
      worst = Math.max(worst, growthWith(count, textOf, lengths));
    }
  }
  return worst;
}

function growthWith(
  count: StepCounter,
  textOf: (length: number) => string,
  lengths: readonly (readonly [number, number])[],
): number {
  for (const [short, long] of lengths) {
    try {
      const few = count(textOf(short));
      // The square of the length would take as many steps a character as half of it.
      if (few < (short * short) / 10) return 1;
      return Math.log(count(textOf(long)) / few) / Math.log(long / short);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
  throw new RangeError('The stack is too small for the shortest text.');
}

describe('the expressions of the rails', () => {
  beforeAll(async () => {
    readLiterals();
    await catchPutTogether();
  });

  it('take time linear in the text, each of them', () => {
    expect(expressions.size).toBeGreaterThan(700);
    const bad: string[] = [];
    for (const { expression, where } of expressions.values()) {
      if (patternGrowth(expression) === undefined) continue;
      const growth = growthOf(expression);
      if (growth > 1.3) bad.push(`${where}: ${growth.toFixed(2)} ${String(expression)}`);
    }
    expect(bad).toEqual([]);
  });
});

describe('the count of steps', () => {
  it.each([
    [/a+b/, 2],
    [/a*a*b/, 3],
    [/^a+b/, 1],
    [/x[^\n]{0,20}y/, 1],
    [/"[^"]*"/, 1],
  ])('tells how %s grows', (expression, growth) => {
    const count = createStepCounter(expression);
    const [few, many] = [count('a'.repeat(100)), count('a'.repeat(200))];
    expect(Math.log2(many / few)).toBeCloseTo(growth, 0);
  });
});
