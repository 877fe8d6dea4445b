import { EspalierError, truncateValue } from '@espalier/core';

/** A file holds no learned ranker that this version can use. */
export class RankerModelInvalidError extends EspalierError {
  static override readonly errorName = 'RankerModelInvalidError';

  constructor(options: { file: string; problem: string; cause?: unknown }) {
    super({
      code: 'ERR_RAG_RANKER_MODEL_INVALID',
      message: `The ranker ${truncateValue(options.file)} cannot be used: ${options.problem}. Train it again with "espalier train-ranker".`,
      cause: options.cause,
      details: { file: options.file, problem: options.problem },
    });
  }
}

/** A feature that a learned ranker reads is not there, or not a number. */
export class RankerFeatureError extends EspalierError {
  static override readonly errorName = 'RankerFeatureError';

  constructor(options: { feature: string; problem: string }) {
    super({
      code: 'ERR_RAG_RANKER_FEATURE',
      message: `The feature ${truncateValue(options.feature)} that the ranker reads ${options.problem}. Use the profile and the model that it was trained with, or train it again.`,
      details: options,
    });
  }
}

/** There is too little to learn a ranker from. */
export class RankerDataError extends EspalierError {
  static override readonly errorName = 'RankerDataError';

  constructor(options: { problem: string }) {
    super({
      code: 'ERR_RAG_RANKER_DATA',
      message: `No ranker can be learned: ${options.problem}. Judge more queries, or collect more clicks.`,
      details: options,
    });
  }
}
