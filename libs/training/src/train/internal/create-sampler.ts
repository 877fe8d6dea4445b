import type { JsonObject } from '@espalier/core';
import { createModelRunner } from '../../models/create-model-runner.js';
import type { LoadedModel } from '../../models/load-model.js';
import type { TrainingJob } from '../job-schema.js';
import type { RowTokenizer } from '../row-tokenizer.js';
import { hearSignal } from './hear-signal.js';

/** A prompt of the job and what the present weights make of it. */
export interface GeneratedSample {
  readonly prompt: string;
  readonly text: string;
}

/** Continues the job's prompts, to be read while training goes on. */
export interface Sampler {
  /** `pauseSignal`: ends with the prompts that are whole. */
  samples(options: {
    readonly abortSignal: AbortSignal | undefined;
    readonly pauseSignal: AbortSignal | undefined;
  }): AsyncIterable<GeneratedSample>;
  dispose(): Promise<void>;
}

/** Creates a sampler; conversations are rendered by the chat template up to the assistant's turn. */
export function createSampler(options: {
  readonly job: TrainingJob;
  readonly model: LoadedModel;
  readonly tokenizer: () => Promise<
    Pick<RowTokenizer, 'encode' | 'decode' | 'endId' | 'chatTemplate'>
  >;
}): Sampler {
  const { job, model } = options;
  const runner = createModelRunner(model);
  return {
    async *samples({ abortSignal, pauseSignal }) {
      if (job.eval_prompts.length === 0) return;
      const tokenizer = await options.tokenizer();
      for (const entry of job.eval_prompts) {
        const isChat = typeof entry !== 'string';
        const prompt = isChat ? await renderPrompt(tokenizer, entry) : entry;
        const ids = tokenizer.encode(prompt, { addsSpecialTokens: !isChat });
        const open = ids.at(-1) === tokenizer.endId ? ids.slice(0, -1) : ids;
        const added: number[] = [];
        const tokens = runner.stream({
          rows: [open],
          maxTokens: job.eval_max_tokens,
          ...(tokenizer.endId === undefined ? {} : { stopIds: [tokenizer.endId] }),
          ...(abortSignal && { abortSignal }),
        });
        for await (const { id } of tokens) {
          if (await hearSignal(pauseSignal)) return;
          added.push(id);
        }
        yield { prompt, text: tokenizer.decode(added) };
      }
    },
    dispose: () => runner.dispose(),
  };
}

async function renderPrompt(
  tokenizer: Pick<RowTokenizer, 'chatTemplate'>,
  messages: readonly JsonObject[],
): Promise<string> {
  const template = await tokenizer.chatTemplate();
  return template.render({ messages, addsGenerationPrompt: true }).text;
}
