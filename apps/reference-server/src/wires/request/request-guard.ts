import {
  guardTurns,
  type Guardrails,
  type LanguageModelCallOptions,
  type RailPoint,
} from '@espalier/core';
import { blockedByRail } from '../wire-error.js';
import type { Caller, WiresContext } from '../wires-context.js';

/** The guardrails of one request, by what they are for; absent where nothing would look. */
export interface RequestGuard {
  readonly input: Guardrails | undefined;
  readonly output: Guardrails | undefined;
  /** What takes the place of an agent's own. */
  readonly forAgent: Guardrails | undefined;
  /** Whether an answer may be forwarded as it comes: nothing can be asked again or put back there. */
  readonly mayForward: boolean;
}

/** Finds the guardrails of a request, with a memory of its conversation where they have one. */
export function openRequestGuard(
  context: Pick<WiresContext, 'guardrails' | 'guardrailsFor'>,
  who: { readonly caller: Caller; readonly path: string },
): RequestGuard {
  const own = context.guardrailsFor?.(who);
  const chosen = own ?? context.guardrails;
  const guardrails = chosen?.openConversation?.() ?? chosen;
  const looksAt = (points: readonly RailPoint[]): boolean =>
    points.some((point) => (guardrails?.railsAt(point).length ?? 0) > 0);
  const isMore =
    guardrails?.mayReask === true ||
    guardrails?.judgeToolCall !== undefined ||
    guardrails?.conceal !== undefined ||
    guardrails?.preamble !== undefined;
  return {
    input: looksAt(['input', 'tool-result', 'conversation']) ? guardrails : undefined,
    output: isMore || looksAt(['output', 'tool-call']) ? guardrails : undefined,
    forAgent: own,
    mayForward: !isMore,
  };
}

/**
 * Shows all turns of a call together to the rails that look at conversations.
 *
 * @throws {WireError} `ERR_WIRE_BLOCKED` when a rail blocks.
 */
export async function guardConversation(
  guardrails: Guardrails,
  call: LanguageModelCallOptions,
): Promise<void> {
  const turns = guardTurns(call.messages);
  if (turns.length === 0) return;
  const text = turns.map((turn) => turn.text).join('\n\n');
  const result = await guardrails.check({ point: 'conversation', text, turns });
  if (result.isBlocked) throw blockedByRail(result.reason);
}
