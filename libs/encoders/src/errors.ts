import { EspalierError, truncateValue } from '@espalier/core';

/** A file that a model needs is not there. */
export class ModelFileMissingError extends EspalierError {
  static override readonly errorName = 'ModelFileMissingError';

  constructor(options: { file: string; cause?: unknown }) {
    super({
      code: 'ERR_ENCODERS_MODEL_FILE_MISSING',
      message: `The model file ${truncateValue(options.file, 200)} cannot be read. Pass the folder of a model package (its \`modelFolder\`), or reinstall that package.`,
      cause: options.cause,
      details: { file: options.file },
    });
  }
}

/** A model file is cut, changed or not what its header says. */
export class ModelFileCorruptError extends EspalierError {
  static override readonly errorName = 'ModelFileCorruptError';

  constructor(options: { file: string; problem: string; cause?: unknown }) {
    super({
      code: 'ERR_ENCODERS_MODEL_FILE_CORRUPT',
      message: `The model file ${truncateValue(options.file, 200)} is damaged: ${options.problem}. Reinstall the model package, or restore the file.`,
      cause: options.cause,
      details: { file: options.file },
    });
  }
}

/** The tokeniser's parts are of a kind that this library does not implement. */
export class TokenizerUnsupportedError extends EspalierError {
  static override readonly errorName = 'TokenizerUnsupportedError';

  constructor(options: { file: string; part: string; found: unknown; supported: string }) {
    super({
      code: 'ERR_ENCODERS_TOKENIZER_UNSUPPORTED',
      message: `The tokeniser ${truncateValue(options.file, 200)} has ${options.part} ${truncateValue(options.found)}, but only ${options.supported} is supported. Use a model whose tokeniser is made of those.`,
      details: { file: options.file, part: options.part },
    });
  }
}

/** The native runtime that executes ONNX graphs is not installed or does not load here. */
export class OnnxRuntimeMissingError extends EspalierError {
  static override readonly errorName = 'OnnxRuntimeMissingError';

  constructor(options: { cause?: unknown }) {
    super({
      code: 'ERR_ENCODERS_ONNX_RUNTIME_MISSING',
      message:
        'The ONNX encoder needs the package "onnxruntime-node", which is not installed or does not load on this machine. Run `npm install onnxruntime-node`, or use createStaticEncoder from "@espalier/encoders", which needs no native code.',
      cause: options.cause,
    });
  }
}

/** The ONNX runtime failed while it loaded or ran a graph. */
export class OnnxRunError extends EspalierError {
  static override readonly errorName = 'OnnxRunError';

  constructor(options: { file: string; problem: string; cause?: unknown }) {
    super({
      code: 'ERR_ENCODERS_ONNX_RUN',
      message: `The ONNX graph ${truncateValue(options.file, 200)} failed: ${truncateValue(options.problem, 300)}. Check that the graph takes input_ids and attention_mask and gives sentence_embedding; a new call starts a fresh session.`,
      cause: options.cause,
      isRetryable: true,
      details: { file: options.file },
    });
  }
}

/** The encoder was disposed before or during the call. */
export class EncoderDisposedError extends EspalierError {
  static override readonly errorName = 'EncoderDisposedError';

  constructor(options: { modelId: string }) {
    super({
      code: 'ERR_ENCODERS_DISPOSED',
      message: `The encoder "${options.modelId}" is disposed. Create a new one.`,
      details: options,
    });
  }
}

/** One call carried more texts than the encoder takes at once. */
export class TooManyTextsError extends EspalierError {
  static override readonly errorName = 'TooManyTextsError';

  constructor(options: { modelId: string; count: number; max: number }) {
    super({
      code: 'ERR_ENCODERS_TOO_MANY_TEXTS',
      message: `The encoder "${options.modelId}" was given ${options.count} texts in one call, but takes ${options.max}. Split the call by limits.maxTextsPerCall.`,
      details: options,
    });
  }
}

/** A chat template cannot be parsed, or refuses a conversation. */
export class ChatTemplateError extends EspalierError {
  static override readonly errorName = 'ChatTemplateError';
  /** What the template, or its parser, says. */
  readonly problem: string;

  constructor(options: { problem: string; cause?: unknown }) {
    super({
      code: 'ERR_ENCODERS_CHAT_TEMPLATE',
      message: `The chat template failed: ${truncateValue(options.problem, 300)}. Correct the messages, or the template.`,
      cause: options.cause,
      details: { problem: options.problem },
    });
    this.problem = options.problem;
  }
}

/** A model folder has no chat template. */
export class ChatTemplateMissingError extends EspalierError {
  static override readonly errorName = 'ChatTemplateMissingError';

  constructor(options: { folder: string }) {
    super({
      code: 'ERR_ENCODERS_CHAT_TEMPLATE_MISSING',
      message: `The model folder ${truncateValue(options.folder, 200)} has no chat template. Add a file chat_template.jinja, or use a model that was trained on conversations.`,
      details: options,
    });
  }
}
