import type { Rail } from '@espalier/core';
import { expect, it } from 'vitest';
import { guardInPieces } from './__fixtures__/guard-in-pieces.js';
import { createGuardrails } from './create-guardrails.js';
import { compilePolicy } from './policy/compile-policy.js';
import type { RailKind } from './policy/rail-kinds.js';
import { runPolicyTests } from './policy/run-policy-tests.js';

// #region whole
/** Stops answers that promise a refund. */
const noPromises: Rail = {
  specificationVersion: 'v1',
  name: 'no-promises',
  points: ['output'],
  // It must see the whole text, so nothing is given out before the end.
  maxHoldBack: Number.POSITIVE_INFINITY,
  lookBehind: 0,
  check({ text, isFinal }) {
    if (!isFinal) return { verdict: { action: 'allow' }, clearedUntil: 0 };
    const clearedUntil = text.length;
    const start = text.toLowerCase().indexOf('refund you');
    if (start === -1) return { verdict: { action: 'allow' }, clearedUntil };
    const span = { start, end: start + 'refund you'.length };
    return {
      clearedUntil,
      verdict: {
        action: 'block',
        reason: 'The answer promises a refund.',
        // Present where asking the model again makes sense; say so with `mayReask: true`.
        feedback: 'Do not promise refunds. Name the form for complaints instead.',
        findings: [{ span, category: 'promise', score: 1, rule: 'refund' }],
      },
    };
  },
  mayReask: true,
};
// #endregion whole

// #region streaming
const CODE = 'PROJECT-X';

/** Removes the code name of a project while the text streams. */
const codeName: Rail = {
  specificationVersion: 'v1',
  name: 'code-name',
  points: ['input', 'output'],
  // The most that may be the beginning of a finding: nothing older is ever held back.
  maxHoldBack: CODE.length - 1,
  lookBehind: 0,
  check({ text, from = 0, isFinal }) {
    const findings = [];
    let at = text.indexOf(CODE, from);
    let end = from;
    while (at !== -1) {
      end = at + CODE.length;
      findings.push({ span: { start: at, end }, category: 'code-name', score: 1 });
      at = text.indexOf(CODE, end);
    }
    // Up to where nothing that follows can change the verdict.
    const open = openFrom(text, end);
    return {
      verdict:
        findings.length === 0
          ? { action: 'allow' }
          : { action: 'redact', reason: 'It names a secret project.', findings },
      clearedUntil: isFinal ? text.length : open,
    };
  },
};

/** Where the longest end of the text begins that may still become the code name. */
function openFrom(text: string, from: number): number {
  for (let at = Math.max(from, text.length - CODE.length + 1); at < text.length; at += 1) {
    if (CODE.startsWith(text.slice(at))) return at;
  }
  return text.length;
}
// #endregion streaming

// #region kind
/** `kind: code-name` in a policy, with an option of its own. */
const codeNameKind: RailKind = {
  create(options, { name, points }) {
    const { mayUsersSayIt = false } = options as { mayUsersSayIt?: boolean };
    if (typeof mayUsersSayIt !== 'boolean') return { problem: 'mayUsersSayIt is true or false' };
    return { ...codeName, name, points: points ?? (mayUsersSayIt ? ['output'] : codeName.points) };
  },
};

const policy = await compilePolicy({
  source: `version: 1
name: support
extends: default
rails:
  - { id: project, kind: code-name, mayUsersSayIt: true }
tests:
  - name: the code name stays inside
    at: output
    text: It is called PROJECT-X.
    expect: { action: redact, rail: project, text: "It is called [redacted]." }
  - name: users may say it
    text: What is PROJECT-X?
    expect: { action: allow }
`,
  kinds: { 'code-name': codeNameKind },
});
const results = await runPolicyTests(policy);
// #endregion kind

it('stops a whole answer and says what to change', async () => {
  const guardrails = createGuardrails({ rails: [noPromises] });
  expect(guardrails.mayReask).toBe(true);
  const checked = await guardrails.check({ point: 'output', text: 'We will refund you.' });
  expect(checked).toMatchObject({ isBlocked: true, reason: 'The answer promises a refund.' });
  expect(checked.feedback).toContain('complaints');
});

// #region test
it('gives the same however the text is split', async () => {
  const guardrails = createGuardrails({ rails: [codeName] });
  const text = 'PROJECT-X and PROJECT-PROJECT-X, not PROJECT-';
  const { text: whole } = await guardrails.check({ point: 'output', text });
  expect(whole).toBe('[redacted] and PROJECT-[redacted], not PROJECT-');
  for (let cut = 0; cut <= text.length; cut += 1) {
    const pieces = [text.slice(0, cut), text.slice(cut)];
    expect((await guardInPieces(guardrails, pieces)).text).toBe(whole);
  }
  expect((await guardInPieces(guardrails, [...text])).text).toBe(whole);
});
// #endregion test

it('can be named by a policy, with tests', () => {
  expect(results.map(({ problems }) => problems)).toEqual([[], []]);
});

it('holds back no more than the chain of all rails may, whatever it is fed', async () => {
  const guardrails = createGuardrails({
    rails: [codeName, { ...codeName, name: 'other', points: ['output'] }],
  });
  const stream = guardrails.openStream({ point: 'output' });
  const bound = codeName.maxHoldBack + Math.ceil(codeName.maxHoldBack / 16);
  let pushed = 0;
  let released = 0;
  // Always the longest beginning of a finding that then is none.
  for (const piece of Array.from({ length: 400 }, (_, at) => 'PROJECT-'.slice(0, (at % 8) + 1))) {
    pushed += piece.length;
    released += (await stream.push(piece)).text.length;
    expect(pushed - released).toBeLessThanOrEqual(bound);
  }
});
