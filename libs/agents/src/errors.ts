import { EspalierError, truncateValue } from '@espalier/core';

/** A stored run state does not fit its schema, so that the run cannot go on from it. */
export class RunStateInvalidError extends EspalierError {
  static override readonly errorName = 'RunStateInvalidError';

  constructor(options: { problem: string; cause?: unknown }) {
    super({
      code: 'ERR_AGENTS_RUN_STATE_INVALID',
      message: `The state of the paused run is not valid: ${options.problem} Resume with the state of a run-paused event, unchanged.`,
      cause: options.cause,
    });
  }
}

/** A stored run state was written in a form that this version does not read. */
export class RunStateVersionError extends EspalierError {
  static override readonly errorName = 'RunStateVersionError';

  constructor(options: { version: unknown }) {
    super({
      code: 'ERR_AGENTS_RUN_STATE_VERSION',
      message: `The state of the paused run has version ${truncateValue(options.version)}, but this library reads version 1. Resume it with the library version that paused it, or start the run again.`,
      details: { version: options.version },
    });
  }
}

/** A run was paused by another agent than the one that is asked to go on with it. */
export class RunAgentMismatchError extends EspalierError {
  static override readonly errorName = 'RunAgentMismatchError';

  constructor(options: { agent: string; pausedBy: string }) {
    super({
      code: 'ERR_AGENTS_RUN_AGENT_MISMATCH',
      message: `The run was paused by agent ${truncateValue(options.pausedBy)}, but agent ${truncateValue(options.agent)} is asked to resume it. Resume it with the agent that paused it.`,
      details: options,
    });
  }
}

/** The decisions do not match the calls that wait: one is missing, doubled, or for a call that does not wait. */
export class RunDecisionsError extends EspalierError {
  static override readonly errorName = 'RunDecisionsError';

  constructor(options: {
    missing: readonly string[];
    unknown: readonly string[];
    doubled: readonly string[];
  }) {
    const problems = [
      ...(options.missing.length > 0 ? [`none for ${listOf(options.missing)}`] : []),
      ...(options.unknown.length > 0
        ? [`one for ${listOf(options.unknown)}, which does not wait`]
        : []),
      ...(options.doubled.length > 0 ? [`more than one for ${listOf(options.doubled)}`] : []),
    ];
    super({
      code: 'ERR_AGENTS_RUN_DECISIONS',
      message: `The decisions do not match the calls that wait for approval: there is ${problems.join('; ')}. Send exactly one decision for each pending call.`,
      details: options,
    });
  }
}

/** A model's stream ended without saying that it was done. */
export class ModelStreamIncompleteError extends EspalierError {
  static override readonly errorName = 'ModelStreamIncompleteError';

  constructor(options: { provider: string; modelId: string }) {
    super({
      code: 'ERR_AGENTS_MODEL_STREAM_INCOMPLETE',
      message: `The stream of model ${truncateValue(options.modelId)} (${options.provider}) ended without a finish, so the answer may be cut off. Ask again; if it recurs, correct the adapter.`,
      isRetryable: true,
      details: options,
    });
  }
}

/** Something failed that has no code of its own. */
export class RunFailedError extends EspalierError {
  static override readonly errorName = 'RunFailedError';

  constructor(options: { cause: unknown }) {
    super({
      code: 'ERR_AGENTS_RUN_FAILED',
      message: `The run failed: ${truncateValue(options.cause instanceof Error ? options.cause.message : options.cause, 200)}. See the log for its cause.`,
      cause: options.cause,
    });
  }
}

function listOf(ids: readonly string[]): string {
  return ids.map((id) => truncateValue(id)).join(', ');
}
