import { EspalierError, truncateValue } from '@espalier/core';

/** An operation was asked for on tensors that it does not take. */
export class TraceError extends EspalierError {
  static override readonly errorName = 'TraceError';

  constructor(options: { operation: string; problem: string }) {
    super({
      code: 'ERR_TRAINING_TRACE',
      message: `Operation "${options.operation}": ${options.problem}. Correct the shapes or types where the program is traced.`,
      details: options,
    });
  }
}

/** A step was given other tensors than its program declares. */
export class FeedMismatchError extends EspalierError {
  static override readonly errorName = 'FeedMismatchError';

  constructor(options: { name: string; expected: string; found: string }) {
    super({
      code: 'ERR_TRAINING_FEED_MISMATCH',
      message: `The program takes "${options.name}" as ${options.expected}, but was given ${options.found}. Pass what it declares, or trace it for this shape.`,
      details: options,
    });
  }
}

/** The runtime of a backend is not installed, or does not load on this machine. */
export class BackendMissingError extends EspalierError {
  static override readonly errorName = 'BackendMissingError';

  constructor(options: { backend: string; requirement: string; cause?: unknown }) {
    super({
      code: 'ERR_TRAINING_BACKEND_MISSING',
      message: `The backend "${options.backend}" needs ${options.requirement}, which is not installed or does not load here. Install it, or choose another backend (\`js\` needs nothing).`,
      cause: options.cause,
      details: { backend: options.backend },
    });
  }
}

/** The backend does not multiply matrices in the type that was asked for. */
export class PrecisionError extends EspalierError {
  static override readonly errorName = 'PrecisionError';

  constructor(options: { backend: string; asked: string; found: string; reason?: string }) {
    const reason = options.reason === undefined ? '' : ` (${options.reason})`;
    super({
      code: 'ERR_TRAINING_PRECISION',
      message: `The backend "${options.backend}" multiplies matrices in ${options.found}, but ${options.asked} was asked for${reason}. bfloat16: the backend tfjs-node on CPUs with instructions for it; float16: none. Else leave out \`precision\`, or set it to ${options.found}.`,
      details: options,
    });
  }
}

/** The runtime of a backend failed. */
export class BackendRunError extends EspalierError {
  static override readonly errorName = 'BackendRunError';

  constructor(options: { backend: string; problem: string; cause?: unknown }) {
    super({
      code: 'ERR_TRAINING_BACKEND_RUN',
      message: `The backend "${options.backend}" failed: ${truncateValue(options.problem, 400)}. Try a smaller batch or another backend; the states are unchanged.`,
      cause: options.cause,
      details: { backend: options.backend },
    });
  }
}

/** A file of a model cannot be read or written. */
export class ModelFileError extends EspalierError {
  static override readonly errorName = 'ModelFileError';

  constructor(options: { file: string; problem: string; cause?: unknown }) {
    super({
      code: 'ERR_TRAINING_MODEL_FILE',
      message: `The file ${truncateValue(options.file, 300)} cannot be used: ${options.problem}. Restore the file, or pass another folder.`,
      cause: options.cause,
      details: { file: options.file },
    });
  }
}

/** A tensor of a model is missing, of another shape, or of a type that is not read. */
export class ModelTensorError extends EspalierError {
  static override readonly errorName = 'ModelTensorError';

  constructor(options: { file: string; tensor: string; problem: string }) {
    super({
      code: 'ERR_TRAINING_MODEL_TENSOR',
      message: `Tensor "${options.tensor}" of ${truncateValue(options.file, 300)}: ${options.problem}. Check that the weights and config.json belong together.`,
      details: options,
    });
  }
}

/** A model's configuration asks for something that is not implemented or makes no sense. */
export class ModelConfigError extends EspalierError {
  static override readonly errorName = 'ModelConfigError';

  constructor(options: { file: string; field: string; found: unknown; expected: string }) {
    super({
      code: 'ERR_TRAINING_MODEL_CONFIG',
      message: `Field "${options.field}" in ${truncateValue(options.file, 300)} is ${truncateValue(options.found)}, but must be ${options.expected}. Use a model of a supported kind, or correct the field.`,
      details: { file: options.file, field: options.field },
    });
  }
}

/** Tokens that a model cannot take. */
export class TokenInputError extends EspalierError {
  static override readonly errorName = 'TokenInputError';

  constructor(options: { place: string; problem: string }) {
    super({
      code: 'ERR_TRAINING_TOKEN_INPUT',
      message: `${options.place}: ${options.problem}. Pass token ids of this model's vocabulary, no more than it has positions.`,
      details: options,
    });
  }
}

/** A file of training data is empty or has a row that cannot be used. */
export class TrainingDataError extends EspalierError {
  static override readonly errorName = 'TrainingDataError';

  constructor(options: { file: string; line?: number; problem: string; cause?: unknown }) {
    const place = options.line === undefined ? '' : `, line ${options.line}`;
    super({
      code: 'ERR_TRAINING_DATA',
      message: `${truncateValue(options.file, 300)}${place}: ${options.problem}. Correct the data and start again.`,
      cause: options.cause,
      details: {
        file: options.file,
        ...(options.line === undefined ? {} : { line: options.line }),
      },
    });
  }
}

/** The loss or the gradient is no longer a finite number. */
export class DivergedError extends EspalierError {
  static override readonly errorName = 'DivergedError';

  constructor(options: { step: number; quantity: string; value: number }) {
    super({
      code: 'ERR_TRAINING_DIVERGED',
      message: `At step ${options.step} the ${options.quantity} is ${options.value}. Lower learning_rate, set max_grad_norm, or resume from an earlier checkpoint.`,
      details: options,
    });
  }
}

/** There is no checkpoint to resume from, or it belongs to another job. */
export class CheckpointError extends EspalierError {
  static override readonly errorName = 'CheckpointError';

  constructor(options: { folder: string; problem: string; cause?: unknown }) {
    super({
      code: 'ERR_TRAINING_CHECKPOINT',
      message: `The checkpoint in ${truncateValue(options.folder, 300)} cannot be used: ${options.problem}. Start without resuming, or restore the folder.`,
      cause: options.cause,
      details: { folder: options.folder },
    });
  }
}

/** A checkpoint cannot be written; earlier ones are whole. */
export class CheckpointWriteError extends EspalierError {
  static override readonly errorName = 'CheckpointWriteError';

  constructor(options: { folder: string; step: number; cause: unknown }) {
    const problem = options.cause instanceof Error ? options.cause.message : String(options.cause);
    super({
      code: 'ERR_TRAINING_CHECKPOINT_WRITE',
      message: `The checkpoint of step ${options.step} cannot be written to ${truncateValue(options.folder, 300)}: ${truncateValue(problem, 300)}. Free space or correct the permissions, then resume: the earlier checkpoint is whole.`,
      cause: options.cause,
      details: { folder: options.folder, step: options.step },
    });
  }
}

/** A run needs more memory or disk than there is. */
export class TrainingResourcesError extends EspalierError {
  static override readonly errorName = 'TrainingResourcesError';

  constructor(options: {
    resource: 'memory' | 'disk';
    neededBytes: number;
    availableBytes: number;
    advice: string;
  }) {
    const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;
    super({
      code: 'ERR_TRAINING_RESOURCES',
      message: `The run needs about ${mebibytes(options.neededBytes)} of ${options.resource}, but there are ${mebibytes(options.availableBytes)}. ${options.advice}`,
      details: {
        resource: options.resource,
        neededBytes: options.neededBytes,
        availableBytes: options.availableBytes,
      },
    });
  }
}

/** TensorFlow could not be set up for the backend `tfjs-node`. */
export class TensorFlowSetupError extends EspalierError {
  static override readonly errorName = 'TensorFlowSetupError';

  constructor(options: { step: string; output: string; advice: string }) {
    super({
      code: 'ERR_TRAINING_TENSORFLOW_SETUP',
      message: `TensorFlow is not set up: ${options.step} failed. ${options.advice} It said: ${options.output}`,
      details: { step: options.step },
    });
  }
}

/** A job could not be run elsewhere: the cluster does not answer, refuses it, or it failed there. */
export class RemoteJobError extends EspalierError {
  static override readonly errorName = 'RemoteJobError';

  constructor(options: { place: string; problem: string; advice: string; cause?: unknown }) {
    super({
      code: 'ERR_TRAINING_REMOTE',
      message: `${options.place.slice(0, 300)}: ${options.problem.slice(0, 1000)}. ${options.advice}`,
      cause: options.cause,
      details: { place: options.place },
    });
  }
}

/** A run in a process of its own failed; the code is that of what it threw. */
export class TrainingFailedError extends EspalierError {
  static override readonly errorName = 'TrainingFailedError';

  constructor(options: {
    code: string;
    message: string;
    details: Readonly<Record<string, unknown>>;
  }) {
    super(options);
  }
}

/** A training process was killed, or ended without saying how. */
export class TrainingProcessError extends EspalierError {
  static override readonly errorName = 'TrainingProcessError';

  constructor(options: {
    how: string;
    output: string;
    /** What ran out, where that is known. */
    lacking?: 'memory' | 'disk' | undefined;
    cause?: unknown;
  }) {
    const { how, lacking } = options;
    const output = options.output.trim();
    const advice =
      lacking === 'disk'
        ? 'The disk is full. Free space'
        : `${lacking === 'memory' ? 'It ran out of memory. Lower' : 'Where memory was short, lower'} batch_size or max_length, or train an adapter (lora)`;
    super({
      code: 'ERR_TRAINING_PROCESS',
      message: `The training process ${how}. ${advice}; then go on from its last checkpoint, or start it again.${output === '' ? '' : ` It said: ${truncateValue(output, 600)}`}`,
      cause: options.cause,
      details: { lacking: lacking ?? null },
    });
  }
}

/** A conversation that a local language model does not take. */
export class LanguageModelInputError extends EspalierError {
  static override readonly errorName = 'LanguageModelInputError';

  constructor(options: { modelId: string; problem: string }) {
    super({
      code: 'ERR_TRAINING_LANGUAGE_MODEL_INPUT',
      message: `The model ${truncateValue(options.modelId)} cannot answer: ${options.problem}.`,
      details: { status: 400 },
    });
  }
}
