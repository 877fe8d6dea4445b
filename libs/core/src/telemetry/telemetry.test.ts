import { SpanStatusCode, type Attributes, type Span, type Tracer } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { InvalidArgumentError } from '../errors/core-errors.js';
import { createTelemetry } from './telemetry.js';

interface RecordedSpan {
  readonly name: string;
  readonly attributes: Attributes;
  status?: { code: SpanStatusCode; message?: string };
  isEnded: boolean;
}

/** A tracer that keeps what the facade does with it. */
function createRecordingTracer(): { tracer: Tracer; spans: RecordedSpan[] } {
  const spans: RecordedSpan[] = [];
  const start = (name: string, options: { attributes?: Attributes } = {}): Span => {
    const recorded: RecordedSpan = { name, attributes: { ...options.attributes }, isEnded: false };
    spans.push(recorded);
    return {
      setAttribute: (key: string, value: string) => {
        recorded.attributes[key] = value;
      },
      setStatus: (status: { code: SpanStatusCode; message?: string }) => {
        recorded.status = status;
      },
      end: () => {
        recorded.isEnded = true;
      },
    } as unknown as Span;
  };
  const tracer = {
    startSpan: start,
    startActiveSpan: (
      name: string,
      options: { attributes?: Attributes },
      work: (span: Span) => unknown,
    ) => work(start(name, options)),
  };
  return { tracer: tracer as unknown as Tracer, spans };
}

describe('createTelemetry', () => {
  const open = () => {
    const { tracer, spans } = createRecordingTracer();
    return { telemetry: createTelemetry({ name: 'test', tracer }), spans };
  };

  it('ends a span with its work and gives the result', async () => {
    const { telemetry, spans } = open();
    expect(await telemetry.withSpan('chat m', { a: 1 }, async () => 'result')).toBe('result');
    expect(spans).toEqual([{ name: 'chat m', attributes: { a: 1 }, isEnded: true }]);
  });

  it('marks a failure with the code of the error, and throws it on', async () => {
    const { telemetry, spans } = open();
    const failure = new InvalidArgumentError({
      argument: 'a',
      value: 'secret text',
      expected: 'b',
    });
    const work = telemetry.withSpan('x', {}, () => Promise.reject(failure));
    await expect(work).rejects.toBe(failure);
    expect(spans[0]).toMatchObject({
      attributes: { 'error.type': 'ERR_CORE_INVALID_ARGUMENT' },
      status: { code: SpanStatusCode.ERROR, message: 'ERR_CORE_INVALID_ARGUMENT' },
      isEnded: true,
    });
    expect(JSON.stringify(spans)).not.toContain('secret text');
  });

  it('does not call an abort a failure', async () => {
    const { telemetry, spans } = open();
    await expect(
      telemetry.withSpan('x', {}, () => Promise.reject(new DOMException('no', 'AbortError'))),
    ).rejects.toThrow('no');
    expect(spans[0]?.status).toBeUndefined();
    expect(spans[0]?.isEnded).toBe(true);
  });

  it('lets the caller of a started span end and fail it', () => {
    const { telemetry, spans } = open();
    const { span, run, fail } = telemetry.startSpan('stream', { b: 2 });
    expect(run(() => 7)).toBe(7);
    fail(new TypeError('odd'));
    expect(spans[0]).toMatchObject({
      name: 'stream',
      attributes: { b: 2, 'error.type': 'TypeError' },
      isEnded: false,
    });
    span.end();
    expect(spans[0]?.isEnded).toBe(true);
  });

  it('works where the host has set up no OpenTelemetry', async () => {
    const telemetry = createTelemetry({ name: 'test', version: '1' });
    expect(await telemetry.withSpan('x', {}, async () => 1)).toBe(1);
    expect(() => {
      telemetry.meter.createCounter('c').add(1);
    }).not.toThrow();
  });
});
