import { describe, expect, it, vi } from 'vitest';
import { isAbortError, throwIfAborted } from './abort.js';
import { ConfigError, InvalidArgumentError, ToolTimeoutError } from './core-errors.js';
import { EspalierError } from './espalier-error.js';
import { truncateValue } from './truncate-value.js';

class OuterError extends EspalierError {
  static override readonly errorName: string = 'OuterError';
}
class InnerError extends OuterError {
  static override readonly errorName = 'InnerError';
}

describe('EspalierError', () => {
  it('carries what it was made from, with safe defaults', () => {
    const cause = new Error('below');
    const error = new InnerError({
      code: 'ERR_X_Y',
      message: 'It broke.',
      cause,
      isRetryable: true,
      details: { n: 1 },
    });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({
      name: 'InnerError',
      code: 'ERR_X_Y',
      message: 'It broke.',
      cause,
      isRetryable: true,
      details: { n: 1 },
    });
    expect(new OuterError({ code: 'ERR_X_Z', message: 'm' })).toMatchObject({
      isRetryable: false,
      details: {},
    });
    expect('cause' in new OuterError({ code: 'ERR_X_Z', message: 'm' })).toBe(false);
  });

  it('knows its own class and those above, and nothing else', () => {
    const inner = new InnerError({ code: 'ERR_X_Y', message: 'm' });
    const outer = new OuterError({ code: 'ERR_X_Y', message: 'm' });
    expect([EspalierError, OuterError, InnerError].map((type) => type.isInstance(inner))).toEqual([
      true,
      true,
      true,
    ]);
    expect([EspalierError, OuterError, InnerError].map((type) => type.isInstance(outer))).toEqual([
      true,
      true,
      false,
    ]);
    for (const other of [
      new Error('m'),
      null,
      undefined,
      'ERR_X_Y',
      { code: 'ERR_X_Y', name: 'InnerError' },
    ]) {
      expect(EspalierError.isInstance(other)).toBe(false);
    }
  });

  it('is recognised by another copy of the library', async () => {
    vi.resetModules();
    const copy = await import('./espalier-error.js');
    const copies = await import('./core-errors.js');
    expect(copy.EspalierError).not.toBe(EspalierError);
    const foreign = new copies.InvalidArgumentError({
      argument: 'n',
      value: -1,
      expected: '0 or more',
    });
    expect(foreign).not.toBeInstanceOf(EspalierError);
    expect(EspalierError.isInstance(foreign)).toBe(true);
    expect(InvalidArgumentError.isInstance(foreign)).toBe(true);
    expect(ConfigError.isInstance(foreign)).toBe(false);
    expect(copy.EspalierError.isInstance(new InnerError({ code: 'ERR_X_Y', message: 'm' }))).toBe(
      true,
    );
  });

  it('becomes plain JSON without stack and cause', () => {
    const error = new ToolTimeoutError({
      tool: 't',
      timeoutMs: 5,
      cause: new Error('secret below'),
    });
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      name: 'ToolTimeoutError',
      code: 'ERR_CORE_TOOL_TIMEOUT',
      message: error.message,
      isRetryable: true,
      details: { tool: 't', timeoutMs: 5 },
    });
    expect(Object.keys(error)).not.toContain('espalier.error.lineage');
  });
});

describe('isAbortError', () => {
  it('knows aborts and time-outs of signals, and no others', () => {
    expect(isAbortError(AbortSignal.abort().reason)).toBe(true);
    expect(isAbortError(new DOMException('late', 'TimeoutError'))).toBe(true);
    for (const other of [new Error('AbortError'), 'AbortError', undefined, null])
      expect(isAbortError(other)).toBe(false);
  });

  it('throws the reason of an aborted signal, whatever it is', () => {
    const reason = new Error('Enough.');
    expect(() => {
      throwIfAborted(AbortSignal.abort(reason));
    }).toThrow(reason);
    expect(() => {
      throwIfAborted(new AbortController().signal);
      throwIfAborted(undefined);
    }).not.toThrow();
  });
});

describe('truncateValue', () => {
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;

  it.each<[unknown, string]>([
    ['text', '"text"'],
    ['two\nlines', '"two\\nlines"'],
    ['half \ud800', '"half \\ud800"'],
    [12n, '12'],
    [Number.NaN, 'NaN'],
    [undefined, 'undefined'],
    [null, 'null'],
    [{ a: [1] }, '{"a":[1]}'],
    [Symbol('s'), 'Symbol(s)'],
    [function named() {}, '[function named]'],
    [circular, '[object Object]'],
  ])('writes %s as one line', (value, expected) => {
    expect(truncateValue(value)).toBe(expected);
  });

  it('cuts what is long, says how long it was, and cuts no character in two', () => {
    expect(truncateValue('x'.repeat(200), 10)).toBe('"xxxxxxxxx… (202 characters)');
    expect(truncateValue('😀'.repeat(100), 4).isWellFormed()).toBe(true);
  });
});
