import type { Clock, Guardrails, Rail, RailCheckResult } from '@espalier/core';
import { createFakeClock } from '@espalier/testing';
import { describe, expect, it } from 'vitest';
import { guardInPieces } from './__fixtures__/guard-in-pieces.js';
import { createGuardrails } from './create-guardrails.js';
import { createPiiRail } from './pii/create-pii-rail.js';

const rail = (name: string, check: Rail['check'], about: Partial<Rail> = {}): Rail => ({
  specificationVersion: 'v1',
  name,
  points: ['input', 'output'],
  maxHoldBack: Number.POSITIVE_INFINITY,
  lookBehind: 0,
  check,
  ...about,
});
const allow = ({ text }: { text: string }): RailCheckResult => ({
  verdict: { action: 'allow' },
  clearedUntil: text.length,
});
const broken = (): never => {
  throw new Error('broken');
};
const stop = ({ text }: { text: string }): RailCheckResult => ({
  verdict: { action: 'block', reason: 'No.', findings: [] },
  clearedUntil: text.length,
});

describe('a rail that fails', () => {
  it('stops the text unless it may fail open', async () => {
    const closed = createGuardrails({ rails: [rail('a', broken)] });
    expect(await closed.check({ point: 'input', text: 'Hi' })).toMatchObject({
      isBlocked: true,
      reports: [{ rail: 'a', faultCode: 'ERR_GUARDRAILS_RAIL_FAILED' }],
    });
    const open = createGuardrails({
      rails: [rail('a', broken)],
      settings: { a: { onFault: 'allow' } },
    });
    expect(await open.check({ point: 'input', text: 'Hi' })).toMatchObject({
      isBlocked: false,
      text: 'Hi',
      reports: [
        { rail: 'a', faultCode: 'ERR_GUARDRAILS_RAIL_FAILED', verdict: { action: 'allow' } },
      ],
    });
  });

  it('fails open without taking down the rails beside it', async () => {
    const clock = createFakeClock();
    const late = rail('late', async () => new Promise<never>(() => undefined));
    const slow = rail('slow', async (options) => {
      await new Promise<void>((resolve) => {
        clock.setTimer(50, resolve);
      });
      return stop(options);
    });
    const guardrails = createGuardrails({
      rails: [late, slow],
      clock,
      settings: { late: { onFault: 'allow', timeoutMs: 10 } },
    });
    const checking = guardrails.check({ point: 'input', text: 'Hi' });
    await clock.advance(10);
    await clock.advance(40);
    expect(await checking).toMatchObject({ isBlocked: true, reason: 'No.' });
  });
});

describe('the time budget of a text', () => {
  it('is shared by all looks at it', async () => {
    const clock = createFakeClock();
    const slow = rail(
      'slow',
      async (options) => {
        await new Promise<void>((resolve) => {
          clock.setTimer(40, resolve);
        });
        return allow(options);
      },
      { maxHoldBack: 100 },
    );
    const guardrails = createGuardrails({ rails: [slow], clock, timeoutMs: 100, budgetMs: 60 });
    const stream = guardrails.openStream({ point: 'output' });
    const first = stream.push('One ');
    await clock.advance(40);
    expect(await first).toMatchObject({ text: 'One ', isBlocked: false });
    const second = stream.push('two ');
    await clock.advance(20);
    expect(await second).toMatchObject({ isBlocked: true });
  });
});

describe('a rail in dry run', () => {
  it('records its verdicts and holds nothing back, whatever it decides', async () => {
    const guardrails = createGuardrails({
      rails: [rail('stop', stop), createPiiRail()],
      settings: { stop: { isDryRun: true }, pii: { isDryRun: true } },
    });
    const text = 'Mail jane@example.org now.';
    const checked = await guardrails.check({ point: 'input', text });
    expect(checked).toMatchObject({ isBlocked: false, text });
    expect(checked.reports.map(({ rail: name, isDryRun }) => [name, isDryRun])).toEqual([
      ['stop', true],
      ['pii', true],
    ]);
    const stream = guardrails.openStream({ point: 'output' });
    expect((await stream.push('Mail jane@exam')).text).toBe('Mail jane@exam');
    expect((await stream.push('ple.org now.')).text).toBe('ple.org now.');
    expect((await stream.end()).isBlocked).toBe(false);
  });
});

describe('the JSON of a tool call', () => {
  const guardrails = createGuardrails({ rails: [createPiiRail({ points: ['tool-call'] })] });
  const checkAllSplits = async (guarded: Guardrails, json: string): Promise<string> => {
    const whole = await guarded.check({ point: 'tool-call', text: json });
    for (let cut = 0; cut <= json.length; cut++) {
      const pieces = [json.slice(0, cut), json.slice(cut)];
      expect((await guardInPieces(guarded, pieces, 'tool-call')).text).toBe(whole.text);
    }
    const single = await guardInPieces(guarded, [...json], 'tool-call');
    expect(single.text).toBe(whole.text);
    return whole.text;
  };

  it('is read as the tool will read it: escapes hide nothing', async () => {
    const left = await checkAllSplits(
      guardrails,
      String.raw`{"to":"jane\u0040example.org","note":"Hi,\njim@example.org \"now\" \u00e9"}`,
    );
    expect(JSON.parse(left)).toEqual({
      to: '[redacted:email]',
      note: 'Hi,\n[redacted:email] "now" é',
    });
  });

  it('comes out as it went in where there is nothing to find', async () => {
    const json = String.raw`{"a":"tab\tquote\" back\\slash\\u0040","b":[1,"😀"]}`;
    const left = await checkAllSplits(guardrails, json);
    expect(JSON.parse(left)).toEqual(JSON.parse(json));
  });
});

it('refuses settings for a rail that is not there', () => {
  const clock: Clock = createFakeClock();
  expect(() => createGuardrails({ rails: [rail('a', allow)], settings: { b: {} }, clock })).toThrow(
    /"b"/,
  );
});
