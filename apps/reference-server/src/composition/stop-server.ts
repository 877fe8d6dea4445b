import type { Server } from 'node:http';
import type { Clock, Logger } from '@espalier/core';
import type { RunHub } from '../runs/run-hub.js';
import type { Lifecycle } from './lifecycle.js';

const POLL_MS = 20;

/**
 * Refuses new requests, lets what runs end, and closes every connection.
 *
 * After `graceMs` what is left is aborted.
 */
export async function stopServing(options: {
  server: Server;
  runs: RunHub;
  lifecycle: Lifecycle;
  clock: Clock;
  graceMs: number;
  logger: Logger;
}): Promise<void> {
  const { server, runs, lifecycle, clock, graceMs, logger } = options;
  lifecycle.stop();
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  const grace = new AbortController();
  // Connections that are kept open are closed as they become idle.
  const sweeper = setInterval(() => {
    server.closeIdleConnections();
  }, POLL_MS);
  const quiet = Promise.all([closed, runs.idle()]).then(() => true);
  const expired = clock.sleep(graceMs, { abortSignal: grace.signal }).then(
    () => false,
    () => false,
  );
  if (!(await Promise.race([quiet, expired]))) {
    logger.warn('What still ran after the grace period was aborted.', { runs: runs.activeCount });
    runs.abortAll();
    await Promise.race([runs.idle(), clock.sleep(1000)]);
    server.closeAllConnections();
    await closed;
  }
  clearInterval(sweeper);
  grace.abort();
}
