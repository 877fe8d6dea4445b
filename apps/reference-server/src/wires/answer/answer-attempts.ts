import {
  addUsage,
  concealMessages,
  type Guardrails,
  type LanguageModelCallOptions,
  type Message,
  type ToolCallPart,
  type Usage,
} from '@espalier/core';

/** How often a model is asked again; as often as agents do by default. */
const MAX_REASKS = 2;

/** A call that was left out, with what the model is told. */
export interface DeniedCall {
  readonly call: ToolCallPart;
  readonly reason: string;
}

/** The calls of a model that come to one answer: the first, and those after what rails want changed. */
export interface AnswerAttempts {
  /** What the model is asked now. */
  readonly call: LanguageModelCallOptions;
  /** From 0. */
  readonly number: number;
  /** What all attempts have used. */
  readonly usage: Usage;
  addUsage(usage: Usage): void;
  /** Prepares another attempt with what a rail wants changed; `false` when there have been enough. */
  reask(feedback: string): boolean;
  /** Prepares another attempt after calls that were left out; `false` when there have been enough. */
  refuse(denied: readonly DeniedCall[]): boolean;
}

/** Begins the attempts of one call. */
export async function beginAttempts(
  guardrails: Guardrails,
  given: LanguageModelCallOptions,
): Promise<AnswerAttempts> {
  let messages = await concealMessages(guardrails, given.messages);
  let number = 0;
  let usage: Usage = {};
  const next = (...added: Message[]): boolean => {
    if (number >= MAX_REASKS) return false;
    number += 1;
    messages = [...messages, ...added];
    return true;
  };
  return {
    get call() {
      return { ...given, messages: [...messages] };
    },
    get number() {
      return number;
    },
    get usage() {
      return usage;
    },
    addUsage(used) {
      usage = addUsage(usage, used);
    },
    reask: (feedback) => next({ role: 'user', content: [{ type: 'text', text: feedback }] }),
    refuse: (denied) =>
      next(
        { role: 'assistant', content: denied.map(({ call }) => call) },
        {
          role: 'tool',
          content: denied.map(({ call: { toolCallId, toolName }, reason }) => ({
            type: 'tool-result' as const,
            toolCallId,
            toolName,
            output: reason,
            isError: true,
          })),
        },
      ),
  };
}

/** What the first answer of a conversation begins with, where the guardrails ask for anything. */
export function preambleOf(
  guardrails: Guardrails,
  call: LanguageModelCallOptions,
): string | undefined {
  return call.messages.some(({ role }) => role === 'assistant') ? undefined : guardrails.preamble;
}
