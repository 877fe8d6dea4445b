import { context, trace } from '@opentelemetry/api';
import { createTelemetry, type Logger, type Telemetry } from '@espalier/core';
import type { ServerConfig } from '../config/config-schema.js';
import { StartError } from '../errors/start-errors.js';
import { EXIT } from '../errors/exit-codes.js';

/** Telemetry that is sent somewhere. */
export interface StartedTelemetry {
  readonly telemetry: Telemetry;
  /** Sends what is held back. */
  stop(): Promise<void>;
}

/**
 * Sends traces to the OTLP endpoint of the configuration; without one there is no telemetry and no cost.
 *
 * @throws {StartError} `ERR_SERVER_TELEMETRY_PACKAGES`: the OpenTelemetry packages are not installed.
 */
export async function startTelemetry(options: {
  config: ServerConfig;
  logger: Logger;
}): Promise<StartedTelemetry | undefined> {
  const endpoint = options.config.telemetry?.otlpEndpoint;
  if (endpoint === undefined) return undefined;
  const { AsyncLocalStorageContextManager, BatchSpanProcessor, OTLPTraceExporter, TracerProvider } =
    await loadPackages();
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/u, '')}/v1/traces` });
  const provider = new TracerProvider({ spanProcessors: [new BatchSpanProcessor({ exporter })] });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  options.logger.info('Traces are sent.', { endpoint });
  return {
    telemetry: createTelemetry({ name: '@espalier/reference-server' }),
    stop: () => provider.shutdown(),
  };
}

async function loadPackages() {
  try {
    const [
      { OTLPTraceExporter },
      { BatchSpanProcessor, TracerProvider },
      { AsyncLocalStorageContextManager },
    ] = await Promise.all([
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/context-async-hooks'),
    ]);
    return {
      AsyncLocalStorageContextManager,
      BatchSpanProcessor,
      OTLPTraceExporter,
      TracerProvider,
    };
  } catch (error) {
    throw new StartError({
      code: 'ERR_SERVER_TELEMETRY_PACKAGES',
      message:
        'telemetry.otlpEndpoint is set, but the OpenTelemetry packages do not load. Install @opentelemetry/sdk-trace, @opentelemetry/context-async-hooks and @opentelemetry/exporter-trace-otlp-http, or leave the setting out.',
      exitCode: EXIT.config,
      cause: error,
    });
  }
}
