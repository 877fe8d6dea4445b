import type { Rail, RailCheckOptions, RailCheckResult, RailPoint, Verdict } from '@espalier/core';
import { createFakeClock, createRecordingLogger } from '@espalier/testing';
import { describe, expect, it } from 'vitest';
import { guardInPieces } from './__fixtures__/guard-in-pieces.js';
import { createGuardrails } from './create-guardrails.js';
import { GuardStreamEndedError, RailContractError, RailNameTakenError } from './errors.js';

interface MadeRail {
  readonly name?: string;
  readonly points?: readonly RailPoint[];
  readonly maxHoldBack?: number;
  readonly lookBehind?: number;
}

/** A rail that sees the text at once and decides by `decide`. */
function makeRail(
  decide: (check: RailCheckOptions) => Verdict | RailCheckResult | Promise<RailCheckResult>,
  {
    name = 'made',
    points = ['output'],
    maxHoldBack = Number.POSITIVE_INFINITY,
    lookBehind = 0,
  }: MadeRail = {},
): Rail {
  return {
    specificationVersion: 'v1',
    name,
    points,
    maxHoldBack,
    lookBehind,
    check(check) {
      const decided = decide(check);
      return 'action' in decided ? { verdict: decided, clearedUntil: check.text.length } : decided;
    },
  };
}

/** Redacts every occurrence of a word; holds back what may be its beginning. */
function wordRail(word: string, replacement: string, name = word): Rail {
  return makeRail(
    ({ text, isFinal, from = 0 }) => {
      const findings = [];
      for (
        let start = text.indexOf(word, from);
        start !== -1;
        start = text.indexOf(word, start + word.length)
      ) {
        findings.push({
          span: { start, end: start + word.length },
          category: name,
          score: 1,
          replacement,
        });
      }
      let clearedUntil = text.length;
      for (
        let held = word.length - 1;
        held > 0 && !isFinal && clearedUntil === text.length;
        held -= 1
      ) {
        if (word.startsWith(text.slice(-held)))
          clearedUntil = Math.max(findings.at(-1)?.span.end ?? 0, text.length - held);
      }
      return {
        verdict:
          findings.length === 0
            ? { action: 'allow' }
            : { action: 'redact', reason: `Holds ${word}.`, findings },
        clearedUntil,
      };
    },
    { name, maxHoldBack: word.length },
  );
}

const allow: Verdict = { action: 'allow' };

describe('a check of a whole text', () => {
  it('lets a text through that no rail objects to, and one that no rail looks at', async () => {
    const guardrails = createGuardrails({ rails: [makeRail(() => allow)] });
    expect(await guardrails.check({ point: 'output', text: 'fine' })).toEqual({
      isBlocked: false,
      text: 'fine',
      reports: [],
    });
    expect(await guardrails.check({ point: 'input', text: 'fine' })).toEqual({
      isBlocked: false,
      text: 'fine',
      reports: [],
    });
    expect(guardrails.railsAt('output')).toEqual(['made']);
    expect(guardrails.railsAt('input')).toEqual([]);
  });

  it('unites redactions that overlap, with the replacement of the one that starts first', async () => {
    const guardrails = createGuardrails({
      rails: [wordRail('cdef', '<2>'), wordRail('abcd', '<1>'), wordRail('xy', '<3>')],
    });
    const { text, reports } = await guardrails.check({ point: 'output', text: '-abcdef-xy' });
    expect(text).toBe('-<1>-<3>');
    expect(reports.map(({ rail, verdict }) => [rail, verdict.action])).toEqual([
      ['cdef', 'redact'],
      ['abcd', 'redact'],
      ['xy', 'redact'],
    ]);
  });

  it('takes of two redactions at one place that of the rail listed first', async () => {
    const guardrails = createGuardrails({
      rails: [wordRail('abc', '<first>', 'a'), wordRail('abc', '<second>', 'b')],
    });
    expect((await guardrails.check({ point: 'output', text: 'abc' })).text).toBe('<first>');
  });

  it('is stopped by one rail that blocks, whatever the others say', async () => {
    const guardrails = createGuardrails({
      rails: [
        wordRail('abc', '<x>'),
        makeRail(() => ({ action: 'block', reason: 'No.', findings: [] })),
      ],
    });
    const result = await guardrails.check({ point: 'output', text: 'abc' });
    expect(result).toMatchObject({ isBlocked: true, text: '', reason: 'No.' });
    expect(result.reports).toHaveLength(2);
  });

  it('has a text that a rail put in place of the whole checked by the other rails', async () => {
    const guardrails = createGuardrails({
      rails: [
        makeRail(() => ({
          action: 'replace',
          reason: 'Rewritten.',
          text: 'new abc',
          findings: [],
        })),
        wordRail('abc', '<x>'),
      ],
    });
    expect((await guardrails.check({ point: 'output', text: 'old' })).text).toBe('new <x>');
    expect((await guardInPieces(guardrails, ['o', 'ld'])).text).toBe('new <x>');
  });

  it('passes the tool name and an abort on to the rails', async () => {
    const seen: unknown[] = [];
    const controller = new AbortController();
    const guardrails = createGuardrails({
      rails: [
        makeRail(({ toolName, abortSignal }) => {
          seen.push(toolName, abortSignal?.aborted);
          controller.abort(new Error('enough'));
          seen.push(abortSignal?.aborted);
          return new Promise(() => undefined);
        }),
      ],
    });
    const check = guardrails.check({
      point: 'output',
      text: 'x',
      toolName: 'search',
      abortSignal: controller.signal,
    });
    await expect(check).rejects.toThrow('enough');
    expect(seen).toEqual(['search', false, true]);
  });
});

describe('a rail that fails', () => {
  it('stops the text when it throws, and names the error', async () => {
    const logger = createRecordingLogger();
    const fail = (): never => {
      throw new Error('no model');
    };
    const guardrails = createGuardrails({ rails: [makeRail(fail)], logger });
    const result = await guardrails.check({ point: 'output', text: 'x' });
    expect(result).toMatchObject({ isBlocked: true, text: '' });
    expect(result.reason).toContain('ERR_GUARDRAILS_RAIL_FAILED');
    expect(result.reports).toMatchObject([{ rail: 'made', verdict: { action: 'block' } }]);
    expect(logger.lines).toMatchObject([
      { level: 'warn', fields: { code: 'ERR_GUARDRAILS_RAIL_FAILED' } },
    ]);
    const rejecting = createGuardrails({
      rails: [makeRail(() => Promise.reject(new Error('no model')))],
    });
    expect((await rejecting.check({ point: 'output', text: 'x' })).reason).toContain(
      'ERR_GUARDRAILS_RAIL_FAILED',
    );
  });

  it('stops the text when it takes too long, and is told so', async () => {
    const clock = createFakeClock();
    let signal: AbortSignal | undefined;
    const guardrails = createGuardrails({
      clock,
      timeoutMs: 50,
      rails: [
        makeRail(({ abortSignal }) => {
          signal = abortSignal;
          return new Promise(() => undefined);
        }),
      ],
    });
    const pending = guardrails.check({ point: 'output', text: 'x' });
    await clock.advance(49);
    expect(signal?.aborted).toBe(false);
    await clock.advance(1);
    expect((await pending).reason).toContain('ERR_GUARDRAILS_RAIL_TIMEOUT');
    expect(signal?.aborted).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it.each<[string, Rail]>([
    [
      'clears more than there is',
      makeRail(({ text }) => ({ verdict: allow, clearedUntil: text.length + 1 })),
    ],
    ['does not clear a whole text', makeRail(() => ({ verdict: allow, clearedUntil: 0 }))],
    [
      'finds something outside the text',
      makeRail(() => ({
        action: 'redact',
        reason: 'x',
        findings: [{ span: { start: 0, end: 9 }, category: 'x', score: 1 }],
      })),
    ],
    [
      'replaces although it clears piece by piece',
      makeRail(() => ({ action: 'replace', reason: 'x', text: 'y', findings: [] }), {
        maxHoldBack: 3,
      }),
    ],
  ])('is a typed error when it %s', async (_, rail) => {
    const check = createGuardrails({ rails: [rail] }).check({ point: 'output', text: 'abc' });
    await expect(check).rejects.toBeInstanceOf(RailContractError);
  });

  it('is a typed error when it holds back more than its bound, and releases nothing more', async () => {
    const rail = makeRail(() => ({ verdict: allow, clearedUntil: 0 }), { maxHoldBack: 3 });
    const stream = createGuardrails({ rails: [rail] }).openStream({ point: 'output' });
    expect((await stream.push('abc')).text).toBe('');
    await expect(stream.push('d')).rejects.toMatchObject({ code: 'ERR_GUARDRAILS_RAIL_CONTRACT' });
    await expect(stream.push('e')).rejects.toBeInstanceOf(RailContractError);
    await expect(stream.end()).rejects.toBeInstanceOf(RailContractError);
  });

  it('is refused when its name is taken', () => {
    expect(() => createGuardrails({ rails: [wordRail('a', 'x'), wordRail('a', 'y')] })).toThrow(
      RailNameTakenError,
    );
  });
});

describe('a guarded stream', () => {
  it('holds back what a rail has not cleared, and releases it when it has', async () => {
    const stream = createGuardrails({ rails: [wordRail('secret', '<x>')] }).openStream({
      point: 'output',
    });
    expect((await stream.push('my sec')).text).toBe('my ');
    expect((await stream.push('tor')).text).toBe('sector');
    expect((await stream.push('secr')).text).toBe('');
    const release = await stream.push('et!');
    expect(release.text).toBe('<x>!');
    expect(release.reports).toMatchObject([
      { verdict: { findings: [{ span: { start: 9, end: 15 } }] } },
    ]);
    expect((await stream.end()).text).toBe('');
  });

  it('lets a redaction go on over a border that one rail has cleared and another has not', async () => {
    const guardrails = createGuardrails({
      rails: [wordRail('abcdef', '<1>'), wordRail('efgh', '<2>')],
    });
    for (const text of ['-abcdefgh-', '-abcdefg-', 'xabcdefghabcdefgh']) {
      const whole = await guardrails.check({ point: 'output', text });
      for (let cut = 0; cut <= text.length; cut += 1) {
        expect((await guardInPieces(guardrails, [text.slice(0, cut), text.slice(cut)])).text).toBe(
          whole.text,
        );
      }
      expect((await guardInPieces(guardrails, text.split(''))).text).toBe(whole.text);
    }
  });

  it('releases nothing after a block', async () => {
    const guardrails = createGuardrails({
      rails: [
        makeRail(
          ({ text }) =>
            text.includes('stop') ? { action: 'block', reason: 'Stopped.', findings: [] } : allow,
          {
            maxHoldBack: 0,
            lookBehind: 4,
          },
        ),
      ],
    });
    const stream = guardrails.openStream({ point: 'output' });
    expect((await stream.push('go on')).text).toBe('go on');
    expect(await stream.push(' stop it')).toMatchObject({
      text: '',
      isBlocked: true,
      reason: 'Stopped.',
    });
    expect(await stream.push('more')).toEqual({
      text: '',
      isBlocked: true,
      reports: [],
      reason: 'Stopped.',
    });
    expect(await stream.end()).toMatchObject({ text: '', isBlocked: true });
  });

  it('asks a rail that must see the whole text once, at the end', async () => {
    let calls = 0;
    const rail = makeRail(() => {
      calls += 1;
      return allow;
    });
    const result = await guardInPieces(createGuardrails({ rails: [rail] }), ['a', 'b', 'c']);
    expect(result.releases.map(({ text }) => text)).toEqual(['', '', '', 'abc']);
    expect(calls).toBe(1);
  });

  it('keeps the order of pieces that are pushed without waiting', async () => {
    const rail = makeRail(async ({ text }) => ({ verdict: allow, clearedUntil: text.length }), {
      maxHoldBack: 0,
    });
    const stream = createGuardrails({ rails: [rail] }).openStream({ point: 'output' });
    const releases = await Promise.all([
      stream.push('a'),
      stream.push('b'),
      stream.push('c'),
      stream.end(),
    ]);
    expect(releases.map(({ text }) => text)).toEqual(['a', 'b', 'c', '']);
  });

  it('never parts a surrogate pair', async () => {
    const guardrails = createGuardrails({ rails: [makeRail(() => allow, { maxHoldBack: 0 })] });
    const { releases } = await guardInPieces(guardrails, [
      'a\ud83d',
      '\ude00b\ud83d',
      'x',
      '\ud83d',
    ]);
    expect(releases.map(({ text }) => text)).toEqual(['a', '😀b', '\ud83dx', '', '\ud83d']);
  });

  it('shows a rail no more than its context and what it has not cleared', async () => {
    const windows: [text: string, from: number | undefined][] = [];
    const rail = makeRail(
      ({ text, from }) => {
        windows.push([text, from]);
        return allow;
      },
      { maxHoldBack: 0, lookBehind: 2 },
    );
    await guardInPieces(createGuardrails({ rails: [rail] }), ['abc', 'def', 'g']);
    expect(windows).toEqual([
      ['abc', 0],
      ['bcdef', 2],
      ['efg', 2],
      ['fg', 2],
    ]);
  });

  it('is a typed error to use after its end', async () => {
    const stream = createGuardrails({ rails: [] }).openStream({ point: 'output' });
    await stream.end();
    await expect(stream.push('x')).rejects.toBeInstanceOf(GuardStreamEndedError);
  });
});
