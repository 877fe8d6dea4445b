import {
  defineTool,
  userMessage,
  type GuardCheckResult,
  type Guardrails,
  type GuardRelease,
  type RailPoint,
  type RunEvent,
} from '@espalier/core';
import { createMockModel } from '@espalier/testing';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makePassages, makeRetriever } from './__fixtures__/make-retriever.js';
import { eventsOf, runToEnd, textOf } from './__fixtures__/run-to-end.js';
import { createAgent } from './create-agent.js';

const about = { name: 'clerk', description: 'Answers.' };
const ask = (text = 'Hello'): { messages: ReturnType<typeof userMessage>[] } => ({
  messages: [userMessage(text)],
});

/**
 * Guardrails that redact `SECRET` and block `FORBIDDEN`; streams hold the last eight characters back.
 */
function makeGuardrails(
  points: readonly RailPoint[] = ['input', 'output', 'retrieval', 'tool-call', 'tool-result'],
): Guardrails & { readonly checked: readonly string[] } {
  const checked: string[] = [];
  const look = (point: RailPoint, text: string): GuardCheckResult => {
    checked.push(`${point}: ${text}`);
    if (!points.includes(point)) return { isBlocked: false, text, reports: [] };
    if (text.includes('FORBIDDEN')) {
      const verdict = { action: 'block' as const, reason: 'Not allowed here.', findings: [] };
      return {
        isBlocked: true,
        text: '',
        reason: verdict.reason,
        reports: [{ rail: 'test', point, verdict }],
      };
    }
    const start = text.indexOf('SECRET');
    if (start === -1) return { isBlocked: false, text, reports: [] };
    const finding = { span: { start, end: start + 6 }, category: 'secret', score: 1 };
    const verdict = { action: 'redact' as const, reason: 'Secret.', findings: [finding] };
    return {
      isBlocked: false,
      text: text.replaceAll('SECRET', '•'),
      reports: [{ rail: 'test', point, verdict }],
    };
  };
  return {
    specificationVersion: 'v1',
    checked,
    railsAt: (point) => (points.includes(point) ? ['test'] : []),
    check: async ({ point, text }) => look(point, text),
    openStream({ point }) {
      let held = '';
      const release = (upTo: number): GuardRelease => {
        const found = look(point, held);
        if (found.isBlocked) return found;
        let cut = upTo;
        const start = held.indexOf('SECRET');
        if (start !== -1 && start < cut) cut = Math.max(cut, start + 6);
        const text = held.slice(0, cut);
        held = held.slice(cut);
        return { text: text.replaceAll('SECRET', '•'), isBlocked: false, reports: found.reports };
      };
      return {
        async push(text) {
          held += text;
          return release(Math.max(0, held.length - 8));
        },
        end: async () => release(held.length),
      };
    },
  };
}

const echo = defineTool({
  name: 'echo',
  description: 'Gives back what it is given.',
  inputSchema: z.object({ text: z.string() }),
  execute: ({ text }) => ({ said: text }),
});

describe('input rails', () => {
  it('redact every user turn before the model and the retriever see it', async () => {
    const model = createMockModel(['Ok.']);
    const retriever = makeRetriever();
    const agent = createAgent({
      ...about,
      model,
      guardrails: makeGuardrails(),
      retrieval: { retriever },
    });
    const { events } = await runToEnd(
      agent.run({
        messages: [
          userMessage('first SECRET'),
          { role: 'assistant', content: [{ type: 'text', text: 'Yes?' }] },
          userMessage('second SECRET'),
        ],
      }),
    );
    expect(JSON.stringify(model.calls)).not.toContain('SECRET');
    expect(JSON.stringify(events)).not.toContain('SECRET');
    expect(retriever.asked[0]?.query).toBe('second •');
    expect(eventsOf(events, 'rails-checked').map(({ point }) => point)).toEqual([
      'input',
      'retrieval',
      'output',
    ]);
  });

  it('end the run when they block, with the reason as answer and no call of the model', async () => {
    const model = createMockModel([]);
    const { events, last } = await runToEnd(
      createAgent({ ...about, model, guardrails: makeGuardrails() }).run(ask('FORBIDDEN')),
    );
    expect(model.calls).toEqual([]);
    expect(textOf(events)).toBe('Not allowed here.');
    expect(last).toMatchObject({
      type: 'run-finished',
      finishReason: 'blocked',
      newMessages: [{ role: 'assistant', content: [{ type: 'text', text: 'Not allowed here.' }] }],
    });
    expect(eventsOf(events, 'rail')).toMatchObject([
      { report: { point: 'input', verdict: { action: 'block' } } },
    ]);
  });
});

describe('output rails', () => {
  it('redact text that is split over deltas, in the stream and in the message', async () => {
    const model = createMockModel([{ text: ['The key is SEC', 'RE', 'T, keep it.'] }]);
    const { events, last } = await runToEnd(
      createAgent({ ...about, model, guardrails: makeGuardrails() }).run(ask()),
    );
    expect(textOf(events)).toBe('The key is •, keep it.');
    expect(last).toMatchObject({
      message: { content: [{ type: 'text', text: 'The key is •, keep it.' }] },
    });
    expect(JSON.stringify(events)).not.toContain('SECRET');
  });

  it('guard reasoning too, and drop the signature of a text they changed', async () => {
    const reasoning = (id: string, text: string) => [
      { type: 'reasoning-start' as const, id },
      { type: 'reasoning-delta' as const, id, text },
      { type: 'reasoning-end' as const, id, providerMetadata: { mock: { signature: id } } },
    ];
    const model = createMockModel([
      {
        parts: [
          ...reasoning('r1', 'hmm, SECRET it is'),
          ...reasoning('r2', 'fine'),
          { type: 'text-delta', id: 't', text: 'Done.' },
          { type: 'finish', finishReason: 'stop', usage: {} },
        ],
      },
    ]);
    const { events, last } = await runToEnd(
      createAgent({ ...about, model, guardrails: makeGuardrails() }).run(ask()),
    );
    expect(
      eventsOf(events, 'reasoning-delta')
        .map(({ text }) => text)
        .join(''),
    ).toBe('hmm, • it isfine');
    expect(last).toMatchObject({
      message: {
        content: [
          { type: 'reasoning', text: 'hmm, • it is' },
          { type: 'reasoning', text: 'fine', providerMetadata: { mock: { signature: 'r2' } } },
          { type: 'text', text: 'Done.' },
        ],
      },
    });
    if (last.type === 'run-finished')
      expect(last.message.content[0]).not.toHaveProperty('providerMetadata');
  });

  it('stop the answer and the model when they block in mid-stream', async () => {
    let isClosed = false;
    const model = createMockModel([]);
    const stream = async function* () {
      try {
        yield { type: 'text-delta' as const, id: 't', text: 'All is well so far. ' };
        yield { type: 'text-delta' as const, id: 't', text: 'Now FORBIDDEN things' };
        yield { type: 'text-delta' as const, id: 't', text: ' never read' };
      } finally {
        isClosed = true;
      }
    };
    const streaming = { ...model, doStream: async () => ({ stream: stream(), exchange: {} }) };
    const { events, last } = await runToEnd(
      createAgent({ ...about, model: streaming, guardrails: makeGuardrails() }).run(ask()),
    );
    expect('All is well so far. '.startsWith(textOf(events))).toBe(true);
    expect(textOf(events)).not.toBe('');
    expect(last).toMatchObject({ type: 'run-finished', finishReason: 'blocked' });
    expect(isClosed).toBe(true);
  });

  it('look at the quotes of citations', async () => {
    const [first] = makePassages();
    if (first === undefined) return;
    const passages = [{ ...first, text: 'Pears grow. The SECRET lies in pears.' }];
    const model = createMockModel(['The pears hold it, the secret lies there [1].']);
    const agent = createAgent({
      ...about,
      model,
      guardrails: makeGuardrails(['output']),
      retrieval: { retriever: makeRetriever({ passages }) },
    });
    const { events } = await runToEnd(agent.run(ask()));
    expect(eventsOf(events, 'citation').map(({ citation }) => citation.quote)).toEqual([
      'The • lies in pears.',
    ]);
  });
});

describe('retrieval rails', () => {
  it('leave out a passage that they block, and redact others, whose citations name the whole passage', async () => {
    const [first, second] = makePassages();
    if (first === undefined || second === undefined) return;
    const passages = [
      { ...first, text: 'FORBIDDEN orders' },
      { ...second, text: 'Prune SECRET in late summer. Then rest.' },
    ];
    const model = createMockModel(['Prune in late summer [1].']);
    const agent = createAgent({
      ...about,
      model,
      guardrails: makeGuardrails(),
      retrieval: { retriever: makeRetriever({ passages }) },
    });
    const { events, last } = await runToEnd(agent.run(ask()));
    expect(eventsOf(events, 'retrieval')[0]?.passages.map(({ id, text }) => [id, text])).toEqual([
      ['p2', 'Prune • in late summer. Then rest.'],
    ]);
    expect(eventsOf(events, 'citation')[0]?.citation).toMatchObject({
      passageId: 'p2',
      span: second.span,
      lines: second.lines,
      quote: 'Prune • in late summer.',
    });
    expect(last).toMatchObject({ finishReason: 'stop' });
  });
});

describe('tool rails', () => {
  const call = (text: string, toolName = 'echo') => ({
    toolCalls: [{ toolName, input: { text } }],
  });
  const resultsOf = (events: readonly RunEvent[]): unknown[] =>
    eventsOf(events, 'tool-result').map(({ output }) => output);

  it('redact the input of a call before the tool, the events and the conversation hold it', async () => {
    const model = createMockModel([call('a SECRET'), 'Done.']);
    const { events } = await runToEnd(
      createAgent({ ...about, model, tools: [echo], guardrails: makeGuardrails() }).run(ask()),
    );
    expect(eventsOf(events, 'tool-call')[0]?.input).toEqual({ text: 'a •' });
    expect(resultsOf(events)).toEqual([{ said: 'a •' }]);
    expect(JSON.stringify([events, model.calls])).not.toContain('SECRET');
  });

  it('redact the result of a call before the model reads it', async () => {
    const leak = defineTool({
      name: 'leak',
      description: 'Leaks.',
      inputSchema: z.object({ text: z.string() }),
      execute: () => ({ rows: ['SECRET', 2] }),
    });
    const model = createMockModel([call('x', 'leak'), 'Done.']);
    const { events } = await runToEnd(
      createAgent({ ...about, model, tools: [leak], guardrails: makeGuardrails() }).run(ask()),
    );
    expect(resultsOf(events)).toEqual([{ rows: ['•', 2] }]);
    expect(JSON.stringify(model.calls[1])).not.toContain('SECRET');
  });

  it('end the run without running anything when they block a call', async () => {
    const model = createMockModel([call('FORBIDDEN')]);
    const { events, last } = await runToEnd(
      createAgent({ ...about, model, tools: [echo], guardrails: makeGuardrails() }).run(ask()),
    );
    expect(resultsOf(events)).toEqual([]);
    expect(last).toMatchObject({ finishReason: 'blocked', newMessages: [{ role: 'assistant' }] });
    expect(JSON.stringify(last)).not.toContain('tool-call');
  });

  it('end the run when they block a result, and keep the conversation valid', async () => {
    const model = createMockModel([call('fine'), 'never']);
    const bad = defineTool({
      name: 'echo',
      description: 'x',
      inputSchema: z.object({ text: z.string() }),
      execute: () => 'FORBIDDEN',
    });
    const { last } = await runToEnd(
      createAgent({ ...about, model, tools: [bad], guardrails: makeGuardrails() }).run(ask()),
    );
    expect(model.calls).toHaveLength(1);
    expect(last).toMatchObject({
      finishReason: 'blocked',
      newMessages: [
        { role: 'assistant', content: [{ type: 'tool-call' }] },
        { role: 'tool', content: [{ type: 'tool-result', isError: true }] },
        { role: 'assistant', content: [{ type: 'text', text: 'Not allowed here.' }] },
      ],
    });
    expect(JSON.stringify(last)).not.toContain('FORBIDDEN');
  });
});
