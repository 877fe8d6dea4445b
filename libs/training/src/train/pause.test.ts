import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TensorBackend } from '@espalier/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createJsBackend } from '../backends/create-js-backend.js';
import { trainingJobSchema } from './job-schema.js';
import { train, type TrainingEvent } from './train.js';

const FIXTURES = join(import.meta.dirname, '../__fixtures__');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'espalier-pause-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Plain JavaScript that is told how often it computed. */
function countedBackend(onCompute: (count: number) => void): TensorBackend {
  const backend = createJsBackend();
  let count = 0;
  return {
    ...backend,
    async compile(graph, options) {
      const program = await backend.compile(graph, options);
      return {
        ...program,
        step(feeds) {
          count++;
          onCompute(count);
          return program.step(feeds);
        },
      };
    },
  };
}

async function run(
  name: string,
  options: { isResumed?: boolean; pausedAt?: number } = {},
): Promise<{ events: TrainingEvent[]; computed: number }> {
  const job = trainingJobSchema.parse({
    task: 'sft',
    model: join(FIXTURES, 'tuning/chat'),
    output_dir: join(folder, name),
    train_data: join(FIXTURES, 'tuning/chats.jsonl'),
    eval_data: join(FIXTURES, 'tuning/chats.jsonl'),
    eval_steps: 2,
    eval_prompts: ['What'],
    eval_max_tokens: 2,
    batch_size: 1,
    gradient_accumulation: 3,
    max_steps: 3,
    max_length: 128,
    seed: 1,
    lora: { r: 2, dropout: 0.1 },
  });
  const pause = new AbortController();
  let computed = 0;
  const backend = countedBackend((count) => {
    computed = count;
    // As the system's signals: heard only in a later turn of the event loop.
    if (count === options.pausedAt) setImmediate(() => pause.abort());
  });
  const events: TrainingEvent[] = [];
  const { isResumed = false } = options;
  for await (const event of train({ job, backend, isResumed, pauseSignal: pause.signal }))
    events.push(event);
  return { events, computed };
}

const told = (events: readonly TrainingEvent[]): TrainingEvent[] =>
  events.filter(({ type }) => type === 'step' || type === 'eval');
const weights = (name: string) => readFile(join(folder, name, 'adapter_model.safetensors'));

describe('a run that is asked to pause', { timeout: 60_000 }, () => {
  it('ends after the batch it computes, wherever it is, and goes on with the same numbers and bits', async () => {
    const whole = await run('whole');
    const expected = await weights('whole');
    // In a step’s batches, in an evaluation, in a sample, and before the end.
    for (let pausedAt = 2; pausedAt < whole.computed; pausedAt += 4) {
      const name = `paused-${pausedAt}`;
      const paused = await run(name, { pausedAt });
      const isPaused = paused.events.at(-1)?.type === 'paused';
      if (isPaused) expect(paused.computed).toBeLessThanOrEqual(pausedAt + 1);
      const rest = isPaused ? await run(name, { isResumed: true }) : undefined;
      expect(told([...paused.events, ...(rest?.events ?? [])])).toEqual(told(whole.events));
      expect((await weights(name)).equals(expected)).toBe(true);
      await rm(join(folder, name), { recursive: true });
    }
  });

  it('begins anew where it had not made a step', async () => {
    const { events } = await run('first', { pausedAt: 1 });
    expect(events.map(({ type }) => type)).toEqual(['start', 'paused']);
    expect(events.at(-1)).toMatchObject({ step: 0 });
  });
});
