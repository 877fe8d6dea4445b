import type { JsonValue } from '../json/json-value.js';
import type { Message } from '../messages/message.js';
import type { GuardTurn } from './rail.js';
import type { RailPoint, RailReport } from './verdict.js';

/** One text to be checked whole. */
export interface GuardCheckOptions {
  readonly point: RailPoint;
  readonly text: string;
  readonly toolName?: string;
  /** All turns in order, at `conversation`. */
  readonly turns?: readonly GuardTurn[];
  /** What an answer may rest on, at `output`. Rails read it when they are called, so that it may grow. */
  readonly evidence?: readonly string[];
  readonly abortSignal?: AbortSignal;
}

/** What the rails leave of a text. */
export interface GuardCheckResult {
  readonly isBlocked: boolean;
  /** The text as it may go on; empty when blocked. */
  readonly text: string;
  /** One report for each rail that did not allow. */
  readonly reports: readonly RailReport[];
  /** Why it was blocked, fit to be shown to a user. */
  readonly reason?: string;
  /** What to tell the model so that another answer may pass. */
  readonly feedback?: string;
}

/** What may be released after a push. */
export interface GuardRelease {
  /** Cleared text, redacted where rails say so; may be empty. */
  readonly text: string;
  readonly isBlocked: boolean;
  /** New since the last release. */
  readonly reports: readonly RailReport[];
  readonly reason?: string;
  readonly feedback?: string;
}

/** A tool call that is about to be made, with all that led to it. */
export interface ToolCallJudgement {
  readonly toolCallId: string;
  readonly toolName: string;
  readonly input: JsonValue;
  /** The conversation up to the turn that makes the call, with its evidence and tool results. */
  readonly messages: readonly Message[];
  /** Calls of the same turn that were decided before this one. */
  readonly earlierCalls?: readonly { readonly toolName: string; readonly input: JsonValue }[];
  /** What the run has cost so far, where that is known. Units: US dollars. */
  readonly costUsd?: number;
  /** Units: ms since the run began. */
  readonly elapsedMs?: number;
}

/** Whether a tool call may be made. */
export interface ToolCallDecision {
  /** `approve`: only after a person has approved it. `deny`: not at all; the model is told `reason`. */
  readonly action: 'allow' | 'approve' | 'deny';
  readonly reason?: string;
  readonly reports: readonly RailReport[];
}

/**
 * Guards one growing text.
 *
 * The joined released text is exactly what a check of the whole text would give, and no character is released
 * before every rail has cleared it. After a block nothing more is released.
 */
export interface GuardStream {
  push(text: string): Promise<GuardRelease>;
  /** Tells that the text is whole and releases the rest. */
  end(): Promise<GuardRelease>;
}

/** The rails of a run, composed by a policy. */
export interface Guardrails {
  readonly specificationVersion: 'v1';
  /** The names of the rails at a point. */
  railsAt(point: RailPoint): readonly string[];
  check(options: GuardCheckOptions): Promise<GuardCheckResult>;
  openStream(options: Omit<GuardCheckOptions, 'text'>): GuardStream;
  /** Loads what the rails need, so that the first text need not wait for it; fails with the first rail that cannot. */
  prepare?(): Promise<void>;
  /** Decides on a tool call by where its input may come from; absent where there are no such rules. */
  judgeToolCall?(options: ToolCallJudgement): ToolCallDecision;
  /** Whether a block of an output may carry `feedback`. */
  readonly mayReask?: boolean;
  /**
   * The same guardrails with a memory of one conversation, for rails that put back in answers what they take out of
   * questions; absent where no rail does.
   *
   * `memory` is what `memory()` of an earlier conversation gave, so that a run goes on where it paused.
   */
  openConversation?(memory?: JsonValue): Guardrails;
  /** Takes out of a text that was given out before what the model must not see; present in such a conversation only. */
  conceal?(text: string): Promise<string>;
  /**
   * What the rails remember of the conversation, as plain JSON; `undefined` when that is nothing. Present in a conversation
   * only. It holds what was taken out of texts: whoever stores it enciphers it.
   */
  memory?(): JsonValue | undefined;
  /** Text that the first answer of a conversation begins with, such as a disclosure that a machine answers. */
  readonly preamble?: string;
}
