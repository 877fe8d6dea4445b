import { createHmac } from 'node:crypto';
import {
  createIdGenerator,
  createSeededRandom,
  createSystemClock,
  type Clock,
} from '@espalier/core';
import type { EscalationRecord } from '@espalier/guardrails/policy';
import { createRecordingLogger } from '@espalier/testing';
import { describe, expect, it } from 'vitest';
import { createEscalationWebhook, type EscalationWebhook } from './create-escalation-webhook.js';

const SECRET = 'a secret of some length';
const RECORD: EscalationRecord = {
  policy: 'kids',
  tenant: undefined,
  categories: ['age'],
  report: {
    rail: 'not-for-children',
    point: 'input',
    verdict: {
      action: 'block',
      reason: 'Not for children.',
      findings: [{ span: { start: 0, end: 3 }, category: 'age', score: 1 }],
    },
  },
};

/** A clock whose timers run at once, and remember how long they would have taken. */
function hurry(pauses: number[]): Clock {
  return {
    ...createSystemClock(),
    now: () => 1_700_000_000_000,
    setTimer(ms, run) {
      pauses.push(ms);
      const timer = setImmediate(run);
      return () => {
        clearImmediate(timer);
      };
    },
  };
}

function start(
  answers: (number | Error)[],
  pauses: number[] = [],
): {
  webhook: EscalationWebhook;
  requests: { url: string; headers: Headers; body: string }[];
  logger: ReturnType<typeof createRecordingLogger>;
} {
  const clock = hurry(pauses);
  const logger = createRecordingLogger();
  const requests: { url: string; headers: Headers; body: string }[] = [];
  const webhook = createEscalationWebhook({
    url: 'https://people.example/hook',
    secret: SECRET,
    clock: {
      ...clock,
      setTimer: (ms, run) => (ms === 3_000 ? () => undefined : clock.setTimer(ms, run)),
    },
    ids: createIdGenerator({ clock, random: createSeededRandom(1) }),
    logger,
    fetch: async (url, init) => {
      requests.push({
        url: url instanceof Request ? url.url : url.toString(),
        headers: new Headers(init?.headers),
        body: typeof init?.body === 'string' ? init.body : '',
      });
      const answer = answers.shift() ?? 200;
      if (answer instanceof Error) throw answer;
      return new Response(null, { status: answer });
    },
  });
  return { webhook, requests, logger };
}

describe('the webhook of escalations', () => {
  it('signs what it tells, and tells no text', async () => {
    const { webhook, requests } = start([204]);
    webhook.tell(RECORD);
    await webhook.close();
    const [request] = requests;
    expect(request?.url).toBe('https://people.example/hook');
    expect(JSON.parse(request?.body ?? '')).toEqual({
      type: 'guardrails.escalation',
      timestamp: '2023-11-14T22:13:20.000Z',
      data: {
        policy: 'kids',
        tenant: null,
        categories: ['age'],
        rail: 'not-for-children',
        point: 'input',
        action: 'block',
        isDryRun: false,
        findings: [{ category: 'age', score: 1 }],
      },
    });
    const id = request?.headers.get('webhook-id') ?? '';
    const expected = createHmac('sha256', SECRET)
      .update(`${id}.1700000000.${request?.body ?? ''}`)
      .digest('base64');
    expect(request?.headers.get('webhook-signature')).toBe(`v1,${expected}`);
  });

  it('tries again with pauses that double, under one id', async () => {
    const pauses: number[] = [];
    const { webhook, requests, logger } = start([new Error('No route.'), 503, 429, 200], pauses);
    webhook.tell(RECORD);
    await webhook.close();
    expect(requests).toHaveLength(4);
    expect(new Set(requests.map(({ headers }) => headers.get('webhook-id'))).size).toBe(1);
    expect(pauses).toEqual([500, 1_000, 2_000]);
    expect(logger.lines).toEqual([]);
  });

  it('gives up what is refused, and what fails too often, and says so', async () => {
    const { webhook, requests, logger } = start([401, ...Array<number>(6).fill(500)]);
    webhook.tell(RECORD);
    webhook.tell(RECORD);
    await webhook.close();
    expect(requests).toHaveLength(7);
    expect(logger.lines.map(({ message }) => message)).toEqual([
      'An escalation could not be delivered.',
      'An escalation could not be delivered.',
    ]);
  });

  it('takes nothing more once it is closed', async () => {
    const { webhook, requests } = start([]);
    await webhook.close();
    webhook.tell(RECORD);
    expect(requests).toEqual([]);
  });
});
