import { NetworkError, type EspalierClient, type RunStream } from '@espalier/sdk-ts';
import { act, renderHook, waitFor } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { ANSWER, sampleRun } from '../__fixtures__/sample-run.js';
import type { RunEvent } from './run-event.js';
import { useAsk } from './use-ask.js';

const selection = { agent: 'guide', knowledgeBase: 'orchard', model: undefined };

/** A client whose runs yield what `read` does, and that writes down what it was asked. */
function clientOf(read: (abortSignal: AbortSignal) => AsyncGenerator<RunEvent>): {
  client: EspalierClient;
  asked: object[];
} {
  const asked: object[] = [];
  const open = (request: { abortSignal: AbortSignal }): RunStream => {
    const { abortSignal, ...rest } = request;
    asked.push(rest);
    let lastEventId = 0;
    return {
      get lastEventId() {
        return lastEventId;
      },
      async *[Symbol.asyncIterator]() {
        for await (const event of read(abortSignal)) {
          lastEventId += 1;
          yield event;
        }
      },
    } as unknown as RunStream;
  };
  const runs = {
    stream: open,
    attach: open,
    approve: async (request: object) => void asked.push(request),
  };
  return { client: { runs } as unknown as EspalierClient, asked };
}

describe('asking', () => {
  it('shows the answer of the agent, knowledge base and model that were chosen', async () => {
    const { client, asked } = clientOf(async function* () {
      yield* sampleRun('run_1', 'How?');
    });
    const { result } = renderHook(() => useAsk(client));
    act(() => result.current.ask('How?', selection));
    expect(result.current.isBusy).toBe(true);
    await waitFor(() => expect(result.current.isBusy).toBe(false));
    expect(result.current.turns).toMatchObject([
      { question: 'How?', view: { status: 'finished', text: ANSWER }, error: undefined },
    ]);
    expect(asked).toEqual([{ agent: 'guide', input: 'How?', knowledgeBase: 'orchard' }]);
  });

  it('keeps what had come when the connection is lost', async () => {
    const error = new NetworkError({ url: 'http://host', cause: new Error('reset') });
    const { client } = clientOf(async function* () {
      yield { type: 'text-delta', text: 'Half' };
      throw error;
    });
    const { result } = renderHook(() => useAsk(client));
    act(() => result.current.ask('How?', selection));
    await waitFor(() => expect(result.current.isBusy).toBe(false));
    expect(result.current.turns).toMatchObject([
      { error, view: { status: 'failed', text: 'Half' } },
    ]);
  });

  it('stops a run without calling that an error', async () => {
    const { client } = clientOf(async function* (abortSignal) {
      yield { type: 'text-delta', text: 'Half' };
      await new Promise((_, reject) =>
        abortSignal.addEventListener('abort', () => reject(abortSignal.reason as Error)),
      );
    });
    const { result } = renderHook(() => useAsk(client));
    act(() => result.current.ask('How?', selection));
    await waitFor(() => expect(result.current.turns[0]?.view.text).toBe('Half'));
    act(() => result.current.stop());
    await waitFor(() => expect(result.current.isBusy).toBe(false));
    expect(result.current.turns[0]).toMatchObject({
      error: undefined,
      view: { status: 'cancelled' },
    });
  });

  it('goes on after an approval where the run had paused', async () => {
    let part = 0;
    const { client, asked } = clientOf(async function* () {
      part += 1;
      if (part > 1) {
        yield* sampleRun('run_1', 'How?').slice(-1);
        return;
      }
      yield { type: 'run-started', runId: 'run_1', agent: 'guide', isResumed: false };
      yield {
        type: 'run-paused',
        requests: [{ toolCallId: 't', toolName: 'cut', input: {} }],
      } as unknown as RunEvent;
    });
    const { result } = renderHook(() => useAsk(client));
    act(() => result.current.ask('How?', selection));
    await waitFor(() => expect(result.current.turns[0]?.view.status).toBe('paused'));
    await waitFor(() => expect(result.current.isBusy).toBe(false));
    const [turn] = result.current.turns;
    act(() => result.current.decide(turn!, [{ toolCallId: 't', isApproved: true }]));
    await waitFor(() => expect(result.current.turns[0]?.view.status).toBe('finished'));
    expect(asked[1]).toMatchObject({
      id: 'run_1',
      decisions: [{ toolCallId: 't', isApproved: true }],
    });
    expect(asked[2]).toEqual({ id: 'run_1', lastEventId: 2 });
  });
});
