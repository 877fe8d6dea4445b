import type { LogFields, Logger } from '@espalier/core';
import { createLineBatch } from './line-batch.js';
import { createLogFile, type LogFile } from './log-file.js';
import { pino, type Logger as PinoLogger } from 'pino';

/** A logger with the end of its worker. */
export interface ServerLogger extends Logger {
  /** Writes a line at level info whose fields are known to hold no secret: it is not searched for any. */
  record(message: string, fields: LogFields): void;
  /** Writes out what is held back. */
  flush(): Promise<void>;
}

/** Fields whose values never reach a log, wherever they stand. */
const SECRET_PATHS = [
  'key',
  'apiKey',
  'authorization',
  'token',
  'secret',
  'password',
  '*.key',
  '*.apiKey',
  '*.authorization',
  '*.token',
  '*.secret',
  '*.password',
];

const FLUSH_LIMIT_MS = 2000;

/** Creates JSON lines written in batches: to a file that is set aside when it is full, or to a file descriptor. */
export function createServerLogger(options: {
  level: string;
  /** A path or a file descriptor. */
  destination: string | number;
}): ServerLogger {
  const { destination } = options;
  const sink =
    typeof destination === 'number' ? descriptorSink(destination) : fileSink(destination);
  const batch = createLineBatch(sink);
  const flushBatch = (): void => {
    batch.flush();
    sink.flushSync();
  };
  // Before the transport's own last act at exit.
  process.prependOnceListener('exit', flushBatch);
  const root = pino(
    {
      level: options.level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_PATHS, censor: '[redacted]' },
    },
    batch,
  );
  return {
    ...wrap(root),
    record: (message, fields) => {
      if (!root.isLevelEnabled('info')) return;
      const time = new Date().toISOString();
      batch.write(`${JSON.stringify({ level: 'info', time, ...fields, msg: message })}\n`);
    },
    flush: () => {
      process.off('exit', flushBatch);
      batch.flush();
      return sink.close();
    },
  };
}

function fileSink(path: string): LogFile {
  return createLogFile({
    path,
    onError: ({ message }) =>
      void process.stderr.write(`Logs cannot be written to ${path}: ${message}\n`),
  });
}

/** Writes by a worker thread, so that a reader that is slow holds up nothing here. */
function descriptorSink(destination: number): LogFile {
  const transport = pino.transport({
    target: 'pino/file',
    options: { destination, mkdir: false },
    worker: { resourceLimits: { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 2 } },
  });
  return {
    write: (text) => void transport.write(text),
    flushSync: () => undefined,
    close: () =>
      new Promise((resolve) => {
        // The worker keeps no process alive, so the wait for its end must.
        const timer = setTimeout(resolve, FLUSH_LIMIT_MS);
        transport.once('close', () => {
          clearTimeout(timer);
          resolve();
        });
        transport.end();
      }),
  };
}

function wrap(logger: PinoLogger): Logger {
  const at =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields?: LogFields): void => {
      logger[level](fields ?? {}, message);
    };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => wrap(logger.child(fields)),
  };
}

/** Whether a logger is one of {@link createServerLogger}. */
export function isServerLogger(logger: Logger): logger is ServerLogger {
  return 'record' in logger && 'flush' in logger;
}
