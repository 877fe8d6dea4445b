import { runStateSchema, type ApprovalDecision, type RunState } from '@espalier/core';
import * as z from '@espalier/core/zod';
import {
  RunAgentMismatchError,
  RunDecisionsError,
  RunStateInvalidError,
  RunStateVersionError,
} from '../errors.js';

/**
 * Checks a stored state and the decisions for it, and returns the state.
 *
 * @throws {RunStateVersionError} `ERR_AGENTS_RUN_STATE_VERSION`
 * @throws {RunStateInvalidError} `ERR_AGENTS_RUN_STATE_INVALID`
 * @throws {RunAgentMismatchError} `ERR_AGENTS_RUN_AGENT_MISMATCH`
 * @throws {RunDecisionsError} `ERR_AGENTS_RUN_DECISIONS`
 */
export function prepareResume(options: {
  readonly agent: string;
  readonly state: RunState;
  readonly decisions: readonly ApprovalDecision[];
}): RunState {
  const stored: unknown = options.state;
  if (
    typeof stored === 'object' &&
    stored !== null &&
    'version' in stored &&
    stored.version !== 1
  ) {
    throw new RunStateVersionError({ version: stored.version });
  }
  const parsed = runStateSchema.safeParse(stored);
  if (!parsed.success) {
    throw new RunStateInvalidError({ problem: z.prettifyError(parsed.error), cause: parsed.error });
  }
  const state = parsed.data;
  if (state.agent !== options.agent)
    throw new RunAgentMismatchError({ agent: options.agent, pausedBy: state.agent });
  const turn = state.messages.at(-1);
  const asked =
    turn?.role === 'assistant'
      ? turn.content.flatMap((part) => (part.type === 'tool-call' ? [part.toolCallId] : []))
      : [];
  const answered = new Set(
    [...state.pendingCalls, ...state.finishedResults].map(({ toolCallId }) => toolCallId),
  );
  if (
    state.pendingCalls.length === 0 ||
    asked.length !== answered.size ||
    !asked.every((id) => answered.has(id))
  ) {
    throw new RunStateInvalidError({
      problem: 'its last message is not the turn whose tool calls are pending and finished.',
    });
  }
  assertDecisions(state, options.decisions);
  return state;
}

function assertDecisions(state: RunState, decisions: readonly ApprovalDecision[]): void {
  const pending = state.pendingCalls.map(({ toolCallId }) => toolCallId);
  const decided = decisions.map(({ toolCallId }) => toolCallId);
  const missing = pending.filter((id) => !decided.includes(id));
  const unknown = decided.filter((id) => !pending.includes(id));
  const doubled = [...new Set(decided.filter((id, position) => decided.indexOf(id) !== position))];
  if (missing.length + unknown.length + doubled.length > 0)
    throw new RunDecisionsError({ missing, unknown, doubled });
}
