import { createFakeClock } from '@espalier/testing';
import { expect, it } from 'vitest';
import { createChatFilter } from '../openai-chat/chat-filter.js';
import { createStreamSink } from './stream-sink.js';

const event = (content: string): Buffer =>
  Buffer.from(
    `data: ${JSON.stringify({ model: 'm', choices: [{ index: 0, delta: { content } }] })}\n\n`,
  );

function openSink() {
  const clock = createFakeClock();
  const writes: string[] = [];
  let isStarted = false;
  let hasEnded = false;
  const sink = createStreamSink({
    clock,
    answerHeaders: {},
    filter: createChatFilter({ modelId: 'm', requestId: 'r', body: {} }),
    control: {
      settle: () => undefined,
      stopUpstream: () => undefined,
      pause: () => undefined,
      resume: () => undefined,
    },
    exchange: {
      header: () => undefined,
      readBody: () => Promise.resolve(new Uint8Array()),
      onClientGone: () => undefined,
      isClientGone: false,
      get isStarted() {
        return isStarted;
      },
      send: () => undefined,
      start: () => {
        isStarted = true;
      },
      write: (text) => {
        writes.push(text);
        return true;
      },
      drained: () => Promise.resolve(),
      end: () => {
        hasEnded = true;
      },
      destroy: () => undefined,
    },
  });
  return { sink, clock, writes, hasEnded: () => hasEnded };
}

it('the first event of a stream goes on at once, a burst behind it as one write', async () => {
  const { sink, clock, writes } = openSink();
  sink.data(event('a'));
  expect(writes).toHaveLength(1);
  sink.data(event('b'));
  sink.data(event('c'));
  expect(writes).toHaveLength(1);
  await clock.advance(4);
  expect(writes).toHaveLength(2);
  expect(writes[1]).toBe(`${event('b').toString()}${event('c').toString()}`);
});

it('an event that comes later than a burst would goes on at once', async () => {
  const { sink, clock, writes } = openSink();
  sink.data(event('a'));
  await clock.advance(20);
  sink.data(event('b'));
  expect(writes).toHaveLength(2);
});

it('the end of a stream waits for nothing', () => {
  const { sink, writes, hasEnded } = openSink();
  sink.data(event('a'));
  sink.data(event('b'));
  sink.data(Buffer.from('data: [DONE]\n\n'));
  sink.end();
  expect(writes).toHaveLength(2);
  expect(hasEnded()).toBe(true);
});
