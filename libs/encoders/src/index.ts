export {
  EncoderDisposedError,
  ModelFileCorruptError,
  ModelFileMissingError,
  OnnxRunError,
  OnnxRuntimeMissingError,
  TokenizerUnsupportedError,
  TooManyTextsError,
} from './errors.js';
export { openModelFolder } from './internal/model-folder.js';
export type { ModelFolder } from './internal/model-folder.js';
export { createStaticEncoder } from './static/create-static-encoder.js';
export type { StaticEncoderOptions } from './static/create-static-encoder.js';
export { staticEncoder } from './static/static-encoder-plugin.js';
export { loadTokenizer } from './tokenizer/load-tokenizer.js';
export type { Tokenizer } from './tokenizer/tokenizer.js';
export { trainBpe } from './tokenizer/train-bpe.js';
export type { TrainBpeOptions, TrainedTokenizer } from './tokenizer/train-bpe.js';
