import type { LogFields, Logger } from '@espalier/core';

/** A line that was logged. */
export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: LogFields;
}

/** A logger whose lines a test can read. */
export interface RecordingLogger extends Logger {
  /** All lines so far, those of children included, in order. */
  readonly lines: readonly LogLine[];
}

/** Creates a logger that keeps every line. */
export function createRecordingLogger(): RecordingLogger {
  const lines: LogLine[] = [];
  const make = (bound: LogFields): RecordingLogger => {
    const write =
      (level: LogLine['level']) =>
      (message: string, fields: LogFields = {}): void => {
        lines.push({ level, message, fields: { ...bound, ...fields } });
      };
    return {
      lines,
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      child: (fields) => make({ ...bound, ...fields }),
    };
  };
  return make({});
}
