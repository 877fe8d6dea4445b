import { createSeededRandom, type Random } from '@espalier/core';
import type { GeneratedToken, GenerateRowOptions } from '../../models/create-generator.js';
import type { ModelRunner } from '../../models/create-model-runner.js';
import type { SamplingOptions } from '../../models/sample-token.js';

/** Rows that are computed side by side at most. */
const MAX_ROWS = 8;
/** Steps that rows go on before others may join them: joining reads every row anew. */
const STEPS_BEFORE_JOIN = 8;

/** One answer to be generated. */
export interface GenerationRequest {
  readonly ids: readonly number[];
  readonly maxTokens: number;
  readonly sampling: SamplingOptions;
  readonly alternatives: number;
  readonly seed: number;
  readonly abortSignal?: AbortSignal;
}

/** Generates several answers at once, step by step together. */
export interface GenerationBatcher {
  /** The tokens of one answer; leaving the loop ends it. */
  stream(request: GenerationRequest): AsyncGenerator<GeneratedToken, void>;
  /** Resolves when no answer is computed any more; the unfinished ones are cut off. */
  close(): Promise<void>;
}

/** An answer on its way. */
interface Ticket {
  readonly request: GenerationRequest;
  readonly random: Random;
  readonly generated: number[];
  /** Tokens that its reader has not taken. */
  readonly ready: GeneratedToken[];
  state: 'open' | 'over' | 'left';
  error?: unknown;
  wake?: () => void;
}

/**
 * Creates a batcher over a runner, of which only one stream may run at a time.
 *
 * Requests that come while others are computed join them after some steps; each answer draws what it would alone.
 */
export function createGenerationBatcher(options: {
  readonly runner: ModelRunner;
  readonly stopIds: readonly number[];
}): GenerationBatcher {
  const { runner, stopIds } = options;
  let tickets: Ticket[] = [];
  let working: Promise<void> | undefined;
  let isClosed = false;

  const work = async (): Promise<void> => {
    // Who asks in the same moment is computed together.
    await new Promise(setImmediate);
    while (tickets.length > 0 && !isClosed) {
      const batch = tickets.slice(0, MAX_ROWS);
      try {
        await runBatch(batch);
      } catch (error) {
        for (const ticket of batch) {
          if (ticket.state === 'open') Object.assign(ticket, { state: 'over', error });
          ticket.wake?.();
        }
      }
      tickets = tickets.filter(({ state }) => state === 'open');
    }
  };
  const runBatch = async (batch: readonly Ticket[]): Promise<void> => {
    // Programs are compiled for 1, 2, 4 and 8 rows; rows that fill up end before the first step.
    const size = 2 ** Math.ceil(Math.log2(batch.length));
    const rowOf = (index: number): Ticket | undefined => batch[index] ?? batch[0];
    let tokens = 0;
    let mustMakeRoom = false;
    for await (const token of runner.stream({
      rows: Array.from({ length: size }, (_, index) => {
        const ticket = rowOf(index);
        return ticket === undefined ? [] : [...ticket.request.ids, ...ticket.generated];
      }),
      maxTokens: Math.max(...batch.map(({ request }) => request.maxTokens)),
      stopIds,
      perRow: batch.map(({ request, random, generated }): GenerateRowOptions => ({
        maxTokens: request.maxTokens - generated.length,
        sampling: request.sampling,
        alternatives: request.alternatives,
        random,
        generatedBefore: generated.length,
      })),
      isEnded: (index) => mustMakeRoom || batch[index]?.state !== 'open',
    })) {
      const ticket = batch[token.row];
      if (ticket === undefined) continue;
      ticket.generated.push(token.id);
      ticket.ready.push(token);
      if (token.stop !== undefined) ticket.state = 'over';
      ticket.wake?.();
      tokens++;
      // One answer must not keep the process from everything else.
      await new Promise(setImmediate);
      const open = batch.filter(({ state }) => state === 'open').length;
      mustMakeRoom =
        tokens >= STEPS_BEFORE_JOIN * batch.length &&
        tickets.length > batch.length &&
        open < MAX_ROWS;
    }
    // A prompt that fills the model's positions gets no token.
    if (!mustMakeRoom)
      for (const ticket of batch)
        if (ticket.state === 'open') {
          ticket.state = 'over';
          ticket.wake?.();
        }
  };

  return {
    async *stream(request) {
      const { abortSignal } = request;
      abortSignal?.throwIfAborted();
      const ticket: Ticket = {
        request,
        random: createSeededRandom(request.seed),
        generated: [],
        ready: [],
        state: 'open',
      };
      tickets.push(ticket);
      working ??= work().finally(() => {
        working = undefined;
      });
      const onAbort = (): void => ticket.wake?.();
      abortSignal?.addEventListener('abort', onAbort);
      try {
        for (;;) {
          abortSignal?.throwIfAborted();
          const token = ticket.ready.shift();
          if (token !== undefined) {
            yield token;
            continue;
          }
          if (ticket.error !== undefined) throw ticket.error as Error;
          if (ticket.state !== 'open') return;
          await new Promise<void>((resolve) => {
            ticket.wake = resolve;
          });
        }
      } finally {
        abortSignal?.removeEventListener('abort', onAbort);
        if (ticket.state === 'open') ticket.state = 'left';
      }
    },
    async close() {
      isClosed = true;
      for (const ticket of tickets) {
        if (ticket.state === 'open') ticket.state = 'over';
        ticket.wake?.();
      }
      await working;
    },
  };
}
