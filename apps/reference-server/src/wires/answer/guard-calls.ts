import type { Guardrails, JsonValue, Message, ToolCallPart } from '@espalier/core';

/** What the rails and rules of tool flows make of a call. */
export type GuardedCall =
  | { readonly action: 'pass'; readonly call: ToolCallPart }
  /** The whole answer is stopped. */
  | { readonly action: 'block' }
  /** The call is left out, and the model is told why. */
  | { readonly action: 'deny'; readonly reason: string };

/** Whether calls must be seen whole before a caller may see anything of them. */
export function guardsCalls(guardrails: Guardrails): boolean {
  return guardrails.judgeToolCall !== undefined || guardrails.railsAt('tool-call').length > 0;
}

/** Shows a call to the rails and the rules; a rule that wants a person's approval denies here, where nobody can be asked. */
export async function guardCall(
  guardrails: Guardrails,
  call: ToolCallPart,
  about: { readonly messages: readonly Message[]; readonly earlierCalls: readonly ToolCallPart[] },
): Promise<GuardedCall> {
  const input = await guardedInput(guardrails, call);
  if (input === undefined) return { action: 'block' };
  const { toolCallId, toolName } = call;
  const decision = guardrails.judgeToolCall?.({ toolCallId, toolName, input, ...about });
  if (decision === undefined || decision.action === 'allow')
    return { action: 'pass', call: { ...call, input } };
  const reason = decision.reason ?? `A rule forbids to call "${toolName}".`;
  return {
    action: 'deny',
    reason:
      decision.action === 'approve' ? `${reason} Nobody can be asked for approval here.` : reason,
  };
}

/** A call's arguments as the rails leave them; `undefined` when the call must not go on. */
async function guardedInput(
  guardrails: Guardrails,
  call: ToolCallPart,
): Promise<JsonValue | undefined> {
  if (guardrails.railsAt('tool-call').length === 0) return call.input;
  const text = JSON.stringify(call.input);
  const result = await guardrails.check({ point: 'tool-call', text, toolName: call.toolName });
  if (result.isBlocked) return undefined;
  if (result.text === text) return call.input;
  try {
    return JSON.parse(result.text) as JsonValue;
  } catch {
    return undefined;
  }
}
