import { EspalierError, truncateValue } from '@espalier/core';

/** A rail broke the promises of the `Rail` port, so that nothing it says can be trusted. */
export class RailContractError extends EspalierError {
  static override readonly errorName = 'RailContractError';

  constructor(options: { rail: string; problem: string }) {
    super({
      code: 'ERR_GUARDRAILS_RAIL_CONTRACT',
      message: `Rail "${options.rail}" broke its contract: ${options.problem} No further text was released. Correct the rail.`,
      details: { rail: options.rail },
    });
  }
}

/** A rail threw while it checked a text. */
export class RailFailedError extends EspalierError {
  static override readonly errorName = 'RailFailedError';

  constructor(options: { rail: string; cause: unknown }) {
    super({
      code: 'ERR_GUARDRAILS_RAIL_FAILED',
      message: `Rail "${options.rail}" failed, so the text was stopped. See the cause, and correct the rail or what it calls.`,
      cause: options.cause,
      details: { rail: options.rail },
    });
  }
}

/** A rail gave no verdict in time. */
export class RailTimeoutError extends EspalierError {
  static override readonly errorName = 'RailTimeoutError';

  constructor(options: { rail: string; timeoutMs: number }) {
    super({
      code: 'ERR_GUARDRAILS_RAIL_TIMEOUT',
      message: `Rail "${options.rail}" gave no verdict within ${options.timeoutMs} ms, so the text was stopped. Try again or raise timeoutMs.`,
      isRetryable: true,
      details: { rail: options.rail, timeoutMs: options.timeoutMs },
    });
  }
}

/** Two rails of one composition have the same name. */
export class RailNameTakenError extends EspalierError {
  static override readonly errorName = 'RailNameTakenError';

  constructor(options: { rail: string }) {
    super({
      code: 'ERR_GUARDRAILS_RAIL_NAME_TAKEN',
      message: `Two rails are named ${truncateValue(options.rail)}. Give each rail a name of its own, so that reports tell them apart.`,
      details: { rail: options.rail },
    });
  }
}

/** A guarded stream was used after its end. */
export class GuardStreamEndedError extends EspalierError {
  static override readonly errorName = 'GuardStreamEndedError';

  constructor() {
    super({
      code: 'ERR_GUARDRAILS_STREAM_ENDED',
      message:
        'The guarded stream has ended, so it takes no more text. Open a new stream for the next text.',
    });
  }
}

/** The parts of a guard model do not fit each other. */
export class GuardWeightsCorruptError extends EspalierError {
  static override readonly errorName = 'GuardWeightsCorruptError';

  constructor(options: { file: string; problem: string; cause?: unknown }) {
    super({
      code: 'ERR_GUARDRAILS_WEIGHTS_CORRUPT',
      message: `The guard model's file ${truncateValue(options.file, 200)} is damaged: ${options.problem}. Reinstall the model package, or restore the file.`,
      cause: options.cause,
      details: { file: options.file },
    });
  }
}

/** The profile needs the encoder, which is not installed or does not load here. */
export class GuardEncoderMissingError extends EspalierError {
  static override readonly errorName = 'GuardEncoderMissingError';

  constructor(options: { cause: unknown }) {
    super({
      code: 'ERR_GUARDRAILS_ENCODER_MISSING',
      message:
        'The profile "accurate" needs the packages "@espalier/model-guardrail-encoder" and "onnxruntime-node", of which one is not installed or does not load. Run `npm install @espalier/model-guardrail-encoder onnxruntime-node`, or choose the profile "balanced" or "fast".',
      cause: options.cause,
    });
  }
}
