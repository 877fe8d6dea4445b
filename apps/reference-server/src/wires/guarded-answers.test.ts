import type { Guardrails } from '@espalier/core';
import { compilePolicy } from '@espalier/guardrails/policy';
import { createMockModel, type MockModel, type MockTurn } from '@espalier/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { startWires, targetAt, TEST_KEY, type RunningWires } from './__fixtures__/start-wires.js';

let running: RunningWires | undefined;

afterEach(async () => {
  await running?.close();
  running = undefined;
});

const policyOf = async (source: string): Promise<Guardrails> =>
  (await compilePolicy({ source: `version: 1\nname: test\n${source}` })).guardrails;

interface Turn {
  readonly role: string;
  readonly content: string;
}

/** A request of each wire, and where the text and the end of its answer stand. */
const WIRES = [
  {
    path: '/v1/chat/completions',
    body: (messages: readonly Turn[]) => ({ messages }),
    delta: (event: string) => /"content":"((?:[^"\\]|\\.)*)"/u.exec(event)?.[1] ?? '',
    stopped: '"finish_reason":"content_filter"',
    call: '"name":"pay"',
  },
  {
    path: '/v1/responses',
    body: (input: readonly Turn[]) => ({ input }),
    delta: (event: string) =>
      /response\.output_text\.delta.*"delta":"((?:[^"\\]|\\.)*)"/u.exec(event)?.[1] ?? '',
    stopped: '"reason":"content_filter"',
    call: '"name":"pay"',
  },
  {
    path: '/v1/messages',
    body: (messages: readonly Turn[]) => ({ messages, max_tokens: 100 }),
    delta: (event: string) =>
      /"type":"text_delta","text":"((?:[^"\\]|\\.)*)"/u.exec(event)?.[1] ?? '',
    stopped: '"stop_reason":"refusal"',
    call: '"name":"pay"',
  },
] as const;
type TestWire = (typeof WIRES)[number];

async function start(guardrails: Guardrails, turns: readonly MockTurn[]): Promise<MockModel> {
  const model = createMockModel(turns);
  // Same-wire upstreams would be forwarded to; nothing listens there.
  const targets = { m: targetAt('http://127.0.0.1:9/v1/chat/completions') };
  running = await startWires({ models: { m: model }, targets, context: { guardrails } });
  return model;
}

async function ask(
  wire: TestWire,
  messages: readonly Turn[],
  isStream: boolean,
): Promise<{ status: number; raw: string; text: string }> {
  const response = await fetch(`${running?.url ?? ''}${wire.path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TEST_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', stream: isStream, ...wire.body(messages) }),
  });
  const raw = await response.text();
  const text = isStream
    ? raw
        .split('\n')
        .filter((line) => line.startsWith('data: '))
        .map((line) => wire.delta(line))
        .join('')
    : raw;
  return { status: response.status, raw, text };
}

const HELLO = [{ role: 'user', content: 'Hello' }];
const CASES = WIRES.flatMap((wire) =>
  [true, false].map((isStream) => [wire.path, isStream, wire] as const),
);

describe.each(CASES)('a policy at %s (streamed: %s)', (_, isStream, wire) => {
  it('has the model asked again where a rail says what to change', async () => {
    const guardrails = await policyOf(
      'rails:\n  - { id: short, kind: length, at: [output], max: 10, on-failure: reask }',
    );
    const model = await start(guardrails, [{ text: ['Much too ', 'long an answer.'] }, 'Short.']);
    const answer = await ask(wire, HELLO, isStream);
    expect(answer.text).toContain('Short.');
    expect(answer.raw).not.toContain('Much');
    expect(model.calls).toHaveLength(2);
    expect(JSON.stringify(model.calls[1]?.messages.at(-1))).toContain('not given out');
  });

  it('stops once the model has been asked often enough', async () => {
    const guardrails = await policyOf(
      'rails:\n  - { id: short, kind: length, at: [output], max: 3, on-failure: reask }',
    );
    const model = await start(guardrails, ['Too long.', 'Too long.', 'Too long.']);
    const answer = await ask(wire, HELLO, isStream);
    expect(answer.raw.replaceAll(' ', '')).toContain(wire.stopped);
    expect(answer.raw).not.toContain('Too long');
    expect(model.calls).toHaveLength(3);
  });

  it('keeps calls back that a rule of the tool flow denies, and tells the model why', async () => {
    const guardrails = await policyOf(
      'tool-flow:\n  arguments:\n    pay: { amount: { max: 100 } }',
    );
    const model = await start(guardrails, [
      { toolCalls: [{ toolName: 'pay', input: { amount: 5000 } }] },
      'That is too much to pay.',
    ]);
    const answer = await ask(wire, HELLO, isStream);
    expect(answer.text).toContain('too much to pay');
    expect(answer.raw).not.toContain(wire.call);
    const told = model.calls[1]?.messages.at(-1);
    expect(told).toMatchObject({ role: 'tool', content: [{ toolName: 'pay', isError: true }] });
    expect(JSON.stringify(told)).toContain('at most 100');
  });

  it('passes calls that the rules allow', async () => {
    const guardrails = await policyOf(
      'tool-flow:\n  arguments:\n    pay: { amount: { max: 100 } }',
    );
    await start(guardrails, [{ toolCalls: [{ toolName: 'pay', input: { amount: 50 } }] }]);
    expect((await ask(wire, HELLO, isStream)).raw).toContain(wire.call);
  });

  it('shows the model pseudonyms, in its own earlier turns too, and the caller the originals', async () => {
    const guardrails = await policyOf(
      'rails:\n  - { id: pii, kind: pii, operators: { "*": { type: pseudonym } } }',
    );
    const model = await start(guardrails, [{ text: ['I wrote to [EMA', 'IL_1] and [EMAIL_2].'] }]);
    const answer = await ask(
      wire,
      [
        { role: 'user', content: 'Write to jane@example.org.' },
        { role: 'assistant', content: 'To jane@example.org?' },
        { role: 'user', content: 'And to bob@example.com.' },
      ],
      isStream,
    );
    expect(answer.text).toContain('I wrote to jane@example.org and bob@example.com.');
    const shown = JSON.stringify(model.calls[0]?.messages);
    expect(shown).toContain('To [EMAIL_1]?');
    expect(shown).not.toContain('example');
  });

  it('shows rails of the conversation all turns, and stops it', async () => {
    const guardrails = await policyOf(
      'rails:\n  - { id: stuck, kind: escalation, at: [conversation], words: [human], max-turns: 2 }',
    );
    const model = await start(guardrails, []);
    const stopped = await ask(
      wire,
      [...HELLO, { role: 'assistant', content: 'Yes?' }, { role: 'user', content: 'A human!' }],
      isStream,
    );
    expect(stopped.status).toBe(400);
    expect(stopped.raw).toContain('The turns of the conversation');
    expect(model.calls).toHaveLength(0);
  });

  it('begins the first answer with what the policy discloses', async () => {
    const guardrails = await policyOf(
      'ethics:\n  disclosure: { text: "A machine answers. ", mode: add }',
    );
    await start(guardrails, ['Hello.', 'Again.']);
    expect((await ask(wire, HELLO, isStream)).text).toContain('A machine answers. Hello.');
    const later = [...HELLO, { role: 'assistant', content: 'Hi' }, ...HELLO];
    expect((await ask(wire, later, isStream)).text).not.toContain('machine');
  });
});
