import { hash } from 'node:crypto';
import type { Clock } from '@espalier/core';
import type { Authentication } from '../wires-context.js';

/** Remembers what keys are good for, by their hash. */
export interface CredentialCache {
  authenticate(key: string): Authentication | Promise<Authentication>;
  /** Forgets everything; call it whenever a key changes. */
  clear(): void;
}

/**
 * Creates a cache in front of a check of keys. Keys themselves are not kept.
 *
 * An entry lives `ttlMs`, so that an expiry is seen in time; the oldest go beyond `maxEntries`.
 */
export function createCredentialCache(options: {
  verify(key: string): Promise<Authentication>;
  clock: Clock;
  /** Default 5 000. */
  ttlMs?: number;
  /** Default 10 000. */
  maxEntries?: number;
}): CredentialCache {
  const { clock, ttlMs = 5_000, maxEntries = 10_000 } = options;
  const entries = new Map<string, { result: Authentication; untilMs: number }>();
  let generation = 0;
  return {
    authenticate(key) {
      const id = hash('sha256', key, 'base64');
      const entry = entries.get(id);
      if (entry !== undefined && entry.untilMs > clock.monotonic()) return entry.result;
      const asked = generation;
      return options.verify(key).then((result) => {
        // A change while the check ran may have made its result old.
        if (asked === generation && result.ok) {
          entries.delete(id);
          entries.set(id, { result, untilMs: clock.monotonic() + ttlMs });
          const oldest = entries.size > maxEntries ? entries.keys().next().value : undefined;
          if (oldest !== undefined) entries.delete(oldest);
        }
        return result;
      });
    },
    clear() {
      generation++;
      entries.clear();
    },
  };
}
