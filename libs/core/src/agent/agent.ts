import type { Guardrails } from '../guard/guardrails.js';
import type { JsonObject } from '../json/json-value.js';
import type { Message } from '../messages/message.js';
import type { LanguageModel, LanguageModelCallOptions } from '../model/language-model.js';
import type { RunEvent } from './run-event.js';
import type { ApprovalDecision, RunState } from './run-state.js';

/** Settings of the model call that a caller of an agent may set for one run. */
export type AgentCallSettings = Pick<
  LanguageModelCallOptions,
  | 'maxOutputTokens'
  | 'temperature'
  | 'topP'
  | 'seed'
  | 'stopSequences'
  | 'responseFormat'
  | 'reasoningEffort'
>;

interface RunOptionsBase {
  /** Default: a new id. */
  readonly runId?: string;
  readonly settings?: AgentCallSettings;
  /** Answers instead of the agent's own model for this run. */
  readonly model?: LanguageModel;
  /** Guards this run in place of the agent's own guardrails. */
  readonly guardrails?: Guardrails;
  /** Who asks; retrieval leaves out what they may not read. */
  readonly principals?: readonly string[];
  readonly metadata?: JsonObject;
  readonly abortSignal?: AbortSignal;
}

/** Starts a run over a conversation. */
export interface StartRunOptions extends RunOptionsBase {
  readonly messages: readonly Message[];
}

/** Goes on with a paused run. */
export interface ResumeRunOptions extends RunOptionsBase {
  readonly state: RunState;
  /** One decision for each pending call. */
  readonly decisions: readonly ApprovalDecision[];
}

/** Something that works on a conversation until it has an answer. */
export interface Agent {
  readonly specificationVersion: 'v1';
  readonly name: string;
  readonly description: string;
  /**
   * The events of a run; iterate once.
   *
   * The iterator does not throw for what happens inside a run: faults end it with `run-failed`, an abort with
   * `run-cancelled`. Leaving the loop early cancels the run.
   */
  run(options: StartRunOptions | ResumeRunOptions): AsyncIterable<RunEvent>;
}
