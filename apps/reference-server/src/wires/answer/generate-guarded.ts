import type {
  AssistantPart,
  Guardrails,
  LanguageModel,
  LanguageModelCallOptions,
  Message,
  ToolCallPart,
} from '@espalier/core';
import type { WholeAnswer } from '../wire.js';
import { beginAttempts, preambleOf, type DeniedCall } from './answer-attempts.js';
import { guardCall } from './guard-calls.js';

/** What the rails leave of one whole answer. */
interface GuardedContent {
  readonly content: AssistantPart[];
  readonly denied: readonly DeniedCall[];
  readonly isBlocked: boolean;
  readonly feedback?: string | undefined;
}

/** Answers whole, behind the rails. */
export async function generateGuarded(
  model: LanguageModel,
  guardrails: Guardrails,
  given: LanguageModelCallOptions,
): Promise<WholeAnswer> {
  const attempts = await beginAttempts(guardrails, given);
  for (;;) {
    const { call } = attempts;
    const { content, finishReason, usage, logProbabilities } = await model.doGenerate(call);
    attempts.addUsage(usage);
    const left = await guardContent(guardrails, content, call.messages);
    if (left.isBlocked) {
      if (left.feedback !== undefined && attempts.reask(left.feedback)) continue;
      return { content: [], finishReason: 'content-filter', usage: attempts.usage };
    }
    const isMuted =
      left.denied.length > 0 && left.content.every(({ type }) => type !== 'tool-call');
    if (isMuted) {
      if (attempts.refuse(left.denied)) continue;
      return { content: left.content, finishReason: 'content-filter', usage: attempts.usage };
    }
    const released = withPreamble(left.content, preambleOf(guardrails, given));
    return {
      content: released,
      finishReason,
      usage: attempts.usage,
      // Tokens tell the text: what a rail took out of it must not stand there.
      ...(logProbabilities && textOf(released) === textOf(content) && { logProbabilities }),
    };
  }
}

async function guardContent(
  guardrails: Guardrails,
  answer: readonly AssistantPart[],
  messages: readonly Message[],
): Promise<GuardedContent> {
  const content: AssistantPart[] = [];
  const denied: DeniedCall[] = [];
  const earlierCalls: ToolCallPart[] = [];
  for (const part of answer) {
    if (part.type === 'text' || part.type === 'reasoning') {
      const result = await guardrails.check({ point: 'output', text: part.text });
      if (result.isBlocked)
        return { content: [], denied: [], isBlocked: true, feedback: result.feedback };
      content.push({ ...part, text: result.text });
    } else if (part.type === 'tool-call') {
      const guarded = await guardCall(guardrails, part, { messages, earlierCalls });
      if (guarded.action === 'block') return { content: [], denied: [], isBlocked: true };
      if (guarded.action === 'deny') {
        denied.push({ call: part, reason: guarded.reason });
      } else {
        earlierCalls.push(guarded.call);
        content.push(guarded.call);
      }
    } else {
      content.push(part);
    }
  }
  return { content, denied, isBlocked: false };
}

const textOf = (content: readonly AssistantPart[]): string =>
  content.map((part) => (part.type === 'text' ? part.text : '')).join('');

function withPreamble(
  content: readonly AssistantPart[],
  preamble: string | undefined,
): readonly AssistantPart[] {
  const first = content.findIndex(({ type }) => type === 'text');
  if (preamble === undefined || first === -1) return content;
  return content.map((part, index) =>
    index === first && part.type === 'text' ? { ...part, text: preamble + part.text } : part,
  );
}
