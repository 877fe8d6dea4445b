import type {
  Guardrails,
  LanguageModel,
  LanguageModelCallOptions,
  ModelStreamPart,
} from '@espalier/core';
import { upstreamClosed } from '../forward/upstream-fault.js';
import type { AnswerSource } from './answer-source.js';
import { generateGuarded } from './generate-guarded.js';
import { streamGuarded } from './stream-guarded.js';

/**
 * Answers with a model; every text and call goes by the output rails, where there are any.
 *
 * Where a rail says what to change, or a rule forbids a call, the model is asked again a few times.
 */
export function createModelAnswer(
  model: LanguageModel,
  guardrails: Guardrails | undefined,
): AnswerSource {
  return {
    async generate(call) {
      if (guardrails !== undefined) return generateGuarded(model, guardrails, call);
      const { content, finishReason, usage, logProbabilities } = await model.doGenerate(call);
      return { content, finishReason, usage, ...(logProbabilities && { logProbabilities }) };
    },
    stream: (call) =>
      guardrails === undefined ? plainStream(model, call) : streamGuarded(model, guardrails, call),
  };
}

async function* plainStream(
  model: LanguageModel,
  call: LanguageModelCallOptions,
): AsyncGenerator<ModelStreamPart> {
  const { stream } = await model.doStream(call);
  for await (const part of stream) {
    yield part;
    if (part.type === 'finish') return;
  }
  throw upstreamClosed();
}
