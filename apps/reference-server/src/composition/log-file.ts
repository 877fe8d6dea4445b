import {
  appendFile,
  appendFileSync,
  closeSync,
  fstatSync,
  openSync,
  renameSync,
  type Stats,
} from 'node:fs';

/** A file that grows by whole lines and is set aside when it is full. */
export interface LogFile {
  write(text: string): void;
  /** Writes what waits, now; for the end of the process. */
  flushSync(): void;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

/**
 * Opens a log file for appending, for this user only.
 *
 * When it holds `maxBytes` (default 10 MiB) it becomes `<path>.1`, the one before `<path>.2`, up to `keep` (default 3).
 * What cannot be written is dropped; `onError` is told the first time. Anything but a plain file is never renamed.
 */
export function createLogFile(options: {
  path: string;
  maxBytes?: number;
  keep?: number;
  onError?: (error: Error) => void;
}): LogFile {
  const { path, maxBytes = 10 * 1024 * 1024, keep = 3 } = options;
  let fd = openSync(path, 'a', 0o600);
  const stats: Stats = fstatSync(fd);
  const isPlain = stats.isFile();
  let size = isPlain ? stats.size : 0;
  let waiting = '';
  let isWriting = false;
  let hasFailed = false;
  let idle = Promise.withResolvers<void>();
  idle.resolve();

  const fail = (error: unknown): void => {
    if (!hasFailed) options.onError?.(error as Error);
    hasFailed = true;
  };
  const rotate = (): void => {
    size = 0;
    try {
      for (let index = keep - 1; index >= 1; index -= 1) moveAside(`${path}.${index}`, index + 1);
      renameSync(path, `${path}.1`);
      const next = openSync(path, 'a', 0o600);
      closeSync(fd);
      fd = next;
    } catch (error) {
      fail(error);
    }
  };
  const moveAside = (from: string, to: number): void => {
    try {
      renameSync(from, `${path}.${to}`);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  };
  const pump = (): void => {
    if (waiting === '') {
      isWriting = false;
      idle.resolve();
      return;
    }
    const text = waiting;
    waiting = '';
    if (isPlain && size > 0 && size + text.length > maxBytes) rotate();
    appendFile(fd, text, (error) => {
      if (error === null) size += Buffer.byteLength(text);
      else fail(error);
      pump();
    });
  };

  return {
    write(text) {
      waiting += text;
      if (isWriting) return;
      isWriting = true;
      idle = Promise.withResolvers<void>();
      pump();
    },
    flushSync() {
      const text = waiting;
      waiting = '';
      try {
        if (text !== '') appendFileSync(fd, text);
      } catch (error) {
        fail(error);
      }
    },
    async close() {
      await idle.promise;
      closeSync(fd);
    },
  };
}
