import {
  context,
  metrics,
  SpanStatusCode,
  trace,
  type Attributes,
  type Meter,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import { isAbortError } from '../errors/abort.js';
import { EspalierError } from '../errors/espalier-error.js';
import { GEN_AI } from './gen-ai-conventions.js';

/** Spans and metrics of one library. Costs next to nothing where the host has set up no OpenTelemetry. */
export interface Telemetry {
  /**
   * Runs `work` inside a span and ends the span with it.
   *
   * A thrown error marks the span with its code and is thrown on; an abort is not marked as an error.
   */
  withSpan<Result>(
    name: string,
    attributes: Attributes,
    work: (span: Span) => Promise<Result>,
  ): Promise<Result>;
  /**
   * Starts a span that the caller ends, for streams. `run` makes it the parent of what `work` starts.
   */
  startSpan(
    name: string,
    attributes: Attributes,
  ): { span: Span; run<Result>(work: () => Result): Result; fail(error: unknown): void };
  readonly meter: Meter;
}

/** Creates the facade of a library over the host's tracer and meter, by default the globally registered ones. */
export function createTelemetry(options: {
  name: string;
  version?: string;
  tracer?: Tracer;
  meter?: Meter;
}): Telemetry {
  const tracer = options.tracer ?? trace.getTracer(options.name, options.version);
  return {
    meter: options.meter ?? metrics.getMeter(options.name, options.version),
    withSpan: (name, attributes, work) =>
      tracer.startActiveSpan(name, { attributes }, async (span) => {
        try {
          return await work(span);
        } catch (error) {
          markFailed(span, error);
          throw error;
        } finally {
          span.end();
        }
      }),
    startSpan(name, attributes) {
      const span = tracer.startSpan(name, { attributes });
      return {
        span,
        run: (work) => context.with(trace.setSpan(context.active(), span), work),
        fail: (error) => {
          markFailed(span, error);
        },
      };
    },
  };
}

function markFailed(span: Span, error: unknown): void {
  if (isAbortError(error)) return;
  const type = EspalierError.isInstance(error)
    ? error.code
    : error instanceof Error
      ? error.name
      : 'unknown';
  span.setAttribute(GEN_AI.attribute.errorType, type);
  span.setStatus({ code: SpanStatusCode.ERROR, message: type });
}
