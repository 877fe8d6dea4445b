import { createHmac } from 'node:crypto';
import type { Clock, IdGenerator, Logger } from '@espalier/core';
import type { EscalationRecord } from '@espalier/guardrails/policy';

/** Tells a URL of what policies escalate. */
export interface EscalationWebhook {
  /** Takes the record and returns at once; it is sent in the background. */
  tell(record: EscalationRecord): void;
  /** Waits a while for what is still to be sent, and gives the rest up. */
  close(): Promise<void>;
}

const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 500;
const TIMEOUT_MS = 10_000;
/** What waits to be sent, at most; behind that the newest is given up, so that a dead receiver costs no memory. */
const MAX_WAITING = 1_000;
const CLOSE_MS = 3_000;

/**
 * Creates the webhook. Its requests are those of Standard Webhooks: `webhook-id` stays the same over all attempts,
 * `webhook-signature` is an HMAC-SHA-256 of id, time and body. They hold no text of any conversation.
 *
 * Answers of 2xx end it, others and faults are tried again with pauses that double; 4xx but 408 and 429 are not.
 *
 * @see https://www.standardwebhooks.com
 */
export function createEscalationWebhook(options: {
  readonly url: string;
  /** At least 16 characters; a receiver verifies with it. */
  readonly secret: string;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly logger: Logger;
  readonly fetch?: typeof fetch;
}): EscalationWebhook {
  const { url, secret, clock, ids, logger } = options;
  const send = options.fetch ?? fetch;
  const leaving = new AbortController();
  const waiting = new Set<Promise<void>>();

  const attempt = async (id: string, body: string): Promise<'done' | 'again' | 'refused'> => {
    const seconds = String(Math.floor(clock.now() / 1000));
    const signature = createHmac('sha256', secret)
      .update(`${id}.${seconds}.${body}`)
      .digest('base64');
    try {
      const response = await send(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'webhook-id': id,
          'webhook-timestamp': seconds,
          'webhook-signature': `v1,${signature}`,
        },
        body,
        redirect: 'error',
        signal: AbortSignal.any([leaving.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      await response.body?.cancel();
      if (response.ok) return 'done';
      const { status } = response;
      return status >= 400 && status < 500 && status !== 408 && status !== 429
        ? 'refused'
        : 'again';
    } catch {
      return 'again';
    }
  };

  const deliver = async (record: EscalationRecord): Promise<void> => {
    const id = ids('esc');
    const body = JSON.stringify(bodyOf(record, clock.now()));
    for (let number = 1; ; number += 1) {
      const outcome = await attempt(id, body);
      if (outcome === 'done') return;
      if (outcome === 'refused' || number === ATTEMPTS || leaving.signal.aborted) {
        logger.error('An escalation could not be delivered.', { id, attempts: number, outcome });
        return;
      }
      await pause(clock, FIRST_PAUSE_MS * 2 ** (number - 1), leaving.signal);
    }
  };

  return {
    tell(record) {
      if (leaving.signal.aborted || waiting.size >= MAX_WAITING) {
        logger.error('An escalation is given up: too many wait.', { policy: record.policy });
        return;
      }
      const work: Promise<void> = deliver(record).finally(() => waiting.delete(work));
      waiting.add(work);
    },
    async close() {
      const enough = new AbortController();
      await Promise.race([Promise.all(waiting), pause(clock, CLOSE_MS, enough.signal)]);
      enough.abort();
      leaving.abort(new DOMException('The server is stopping.', 'AbortError'));
      await Promise.all(waiting);
    },
  };
}

function bodyOf({ policy, tenant, categories, report }: EscalationRecord, nowMs: number): object {
  const { rail, point, verdict } = report;
  return {
    type: 'guardrails.escalation',
    timestamp: new Date(nowMs).toISOString(),
    data: {
      policy,
      tenant: tenant ?? null,
      categories,
      rail,
      point,
      action: verdict.action,
      isDryRun: report.isDryRun === true,
      findings:
        verdict.action === 'allow'
          ? []
          : verdict.findings.map(({ category, score, rule }) => ({
              category,
              score,
              ...(rule === undefined ? {} : { rule }),
            })),
    },
  };
}

/** Waits, or until the signal. */
function pause(clock: Clock, ms: number, abortSignal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (abortSignal.aborted) {
      resolve();
      return;
    }
    const cancel = clock.setTimer(ms, resolve);
    abortSignal.addEventListener(
      'abort',
      () => {
        cancel();
        resolve();
      },
      { once: true },
    );
  });
}
