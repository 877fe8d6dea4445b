import type { LanguageModelCallOptions, ModelStreamPart } from '@espalier/core';
import type { WholeAnswer } from '../wire.js';

/** Something that answers a call: a model behind rails, or an agent. */
export interface AnswerSource {
  generate(call: LanguageModelCallOptions): Promise<WholeAnswer>;
  /** Ends with `finish`, or throws. */
  stream(call: LanguageModelCallOptions): AsyncIterable<ModelStreamPart>;
}
