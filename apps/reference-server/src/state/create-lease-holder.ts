import { randomUUID } from 'node:crypto';
import type { Clock, Logger } from '@espalier/core';
import { createLeaseOwner, isLeaseOwnerDead } from '@espalier/database';

/** How long what a process works on is left to it when it is not heard of. Units: ms. */
export const LEASE_MS = 30_000;
const RENEW_MS = LEASE_MS / 3;

/** Who works on something, as a row keeps it. */
export interface Lease {
  readonly owner: string | null;
  readonly lease_until_ms: number | null;
}

/** Holds the leases of one process among those that share a database, and renews them while there are any. */
export interface LeaseHolder {
  readonly owner: string;
  /** The lease that a row gets now. */
  lease(): { owner: string; lease_until_ms: number };
  /** Begins to renew, once more than before. */
  hold(): void;
  /** Ends a hold. */
  readonly letGo: () => void;
  /** Whether nobody works on it any more: its process is dead, or was not heard of until the lease ran out. */
  isAbandoned(lease: Lease): boolean;
  /** Renews no lease any more. */
  close(): void;
}

/** Creates a holder; `renew` writes the time to all rows of the owner that are still worked on. */
export function createLeaseHolder(options: {
  readonly renew: (lease: { owner: string; lease_until_ms: number }) => Promise<void>;
  clock: Clock;
  logger: Logger;
  /** Names the process among all that share the database. */
  owner?: string | undefined;
}): LeaseHolder {
  const { clock, logger, renew } = options;
  const owner = options.owner ?? createLeaseOwner(randomUUID());
  let held = 0;
  let stopTimer: (() => void) | undefined;
  let isClosed = false;

  const lease = () => ({ owner, lease_until_ms: clock.now() + LEASE_MS });
  const stop = (): void => {
    stopTimer?.();
    stopTimer = undefined;
  };
  const renewLater = (): void => {
    stopTimer = clock.setTimer(RENEW_MS, () => {
      stopTimer = undefined;
      renew(lease())
        .catch((error: unknown) => {
          logger.warn('Leases could not be renewed.', { owner, error: String(error) });
        })
        .finally(() => {
          if (held > 0 && stopTimer === undefined && !isClosed) renewLater();
        });
    });
  };
  return {
    owner,
    lease,
    hold() {
      held++;
      if (stopTimer === undefined && !isClosed) renewLater();
    },
    letGo() {
      held--;
      if (held === 0) stop();
    },
    isAbandoned: (found) =>
      found.owner !== owner &&
      (found.owner === null ||
        Number(found.lease_until_ms ?? 0) <= clock.now() ||
        isLeaseOwnerDead(found.owner)),
    close() {
      isClosed = true;
      stop();
    },
  };
}
