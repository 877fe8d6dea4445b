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

/** The bytes given as the weights of a tagger are none, or damaged. */
export class TaggerWeightsError extends EspalierError {
  static override readonly errorName = 'TaggerWeightsError';

  constructor(options: { problem: string }) {
    super({
      code: 'ERR_GUARDRAILS_TAGGER_WEIGHTS',
      message: `The bytes are no weights of a tagger: ${options.problem}. Install the model package again, of the version that this library names.`,
    });
  }
}

/** A key has not the length that its cipher needs. */
export class CipherKeyError extends EspalierError {
  static override readonly errorName = 'CipherKeyError';

  constructor(options: { cipher: string; bytes: number; allowed: readonly number[] }) {
    super({
      code: 'ERR_GUARDRAILS_CIPHER_KEY',
      message: `A key of ${options.bytes} bytes was given to ${options.cipher}, which takes ${options.allowed.join(', ')} bytes. Give a random key of that length.`,
      details: { bytes: options.bytes },
    });
  }
}

/** A text cannot be enciphered or deciphered as it is. */
export class CipherTextError extends EspalierError {
  static override readonly errorName = 'CipherTextError';

  constructor(options: { problem: string; cause?: unknown }) {
    super({
      code: 'ERR_GUARDRAILS_CIPHER_TEXT',
      message: `The text cannot be used with this cipher: ${options.problem}`,
      cause: options.cause,
    });
  }
}

/** The bytes of a vault cannot be opened. */
export class VaultSealError extends EspalierError {
  static override readonly errorName = 'VaultSealError';

  constructor(options: { problem: string; cause?: unknown }) {
    super({
      code: 'ERR_GUARDRAILS_VAULT_SEAL',
      message: `The vault of pseudonyms cannot be opened: ${options.problem}. Use the key that sealed it, or start a new vault.`,
      cause: options.cause,
    });
  }
}

/** A table cannot be made as anonymous as was asked for. */
export class AnonymisationError extends EspalierError {
  static override readonly errorName = 'AnonymisationError';

  constructor(options: { problem: string }) {
    super({
      code: 'ERR_GUARDRAILS_ANONYMISATION',
      message: `The table cannot be anonymised so: ${options.problem}`,
    });
  }
}

/** A question would cost more privacy than is left. */
export class PrivacyBudgetError extends EspalierError {
  static override readonly errorName = 'PrivacyBudgetError';

  constructor(options: { wanted: string; left: string }) {
    super({
      code: 'ERR_GUARDRAILS_PRIVACY_BUDGET',
      message: `The privacy budget has ${options.left} left, but the question costs ${options.wanted}. Ask with less epsilon, or stop asking about these people.`,
    });
  }
}

/** Where in a policy something is wrong. */
interface PolicyPlace {
  /** The file, or the name of the policy. */
  readonly policy?: string | undefined;
  readonly path: string;
  readonly line?: number | undefined;
}

function placeOf({ policy, path, line }: PolicyPlace): string {
  const file = policy === undefined ? 'The policy' : `The policy ${truncateValue(policy, 200)}`;
  return `${file}${line === undefined ? '' : `, line ${line}`}${path === '' ? '' : `, at ${path}`}`;
}

/** A policy is not of the form that policies have. */
export class PolicyInvalidError extends EspalierError {
  static override readonly errorName = 'PolicyInvalidError';

  constructor(options: PolicyPlace & { problem: string; fix: string; cause?: unknown }) {
    super({
      code: 'ERR_GUARDRAILS_POLICY_INVALID',
      message: `${placeOf(options)}: ${options.problem}. ${options.fix}.`,
      cause: options.cause,
      details: { path: options.path, line: options.line },
    });
  }
}

/** A policy is written in a version of the format that is not known here. */
export class PolicyVersionError extends EspalierError {
  static override readonly errorName = 'PolicyVersionError';

  constructor(options: PolicyPlace & { version: unknown; known: readonly number[] }) {
    super({
      code: 'ERR_GUARDRAILS_POLICY_VERSION',
      message: `${placeOf(options)}: the version ${truncateValue(options.version)} is not known. Write "version: ${options.known.join('" or "version: ')}", or use a later Espalier.`,
      details: { version: options.version },
    });
  }
}

/** Two parts of a policy cannot both hold. */
export class PolicyContradictionError extends EspalierError {
  static override readonly errorName = 'PolicyContradictionError';

  constructor(options: PolicyPlace & { problem: string }) {
    super({
      code: 'ERR_GUARDRAILS_POLICY_CONTRADICTION',
      message: `${placeOf(options)} contradicts itself: ${options.problem}. Remove one of the two.`,
      details: { path: options.path, line: options.line },
    });
  }
}

/** A policy extends one that cannot be found, or itself. */
export class PolicyExtendsError extends EspalierError {
  static override readonly errorName = 'PolicyExtendsError';

  constructor(options: PolicyPlace & { parent: string; problem: string; cause?: unknown }) {
    super({
      code: 'ERR_GUARDRAILS_POLICY_EXTENDS',
      message: `${placeOf(options)} extends ${truncateValue(options.parent)}, ${options.problem}`,
      cause: options.cause,
      details: { parent: options.parent },
    });
  }
}

/** The pattern of a recogniser may take time that grows faster than the text. */
export class PatternGrowthError extends EspalierError {
  static override readonly errorName = 'PatternGrowthError';

  constructor(options: { type: string; pattern: RegExp; problem: string }) {
    super({
      code: 'ERR_GUARDRAILS_PATTERN_GROWTH',
      message: `The pattern of the recogniser ${truncateValue(options.type)}, ${truncateValue(String(options.pattern))}, may take time that grows faster than the text: ${options.problem}. Bound the repetition, as in \\d{1,20}, or begin the pattern with a character that the repetition cannot take.`,
      details: { recogniser: options.type },
    });
  }
}
