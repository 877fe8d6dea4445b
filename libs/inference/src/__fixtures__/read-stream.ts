import {
  createStreamCollector,
  type CollectedAnswer,
  type LanguageModel,
  type LanguageModelCallOptions,
  type ModelStreamPart,
} from '@espalier/core';

/** What came of a streamed call: the parts read, and the error that ended it, if one did. */
export interface ReadStream {
  readonly parts: readonly ModelStreamPart[];
  readonly answer: CollectedAnswer;
  readonly text: string;
  readonly error: unknown;
}

/** Reads a streamed call to its end, whatever that is. */
export async function readStream(
  model: LanguageModel,
  call: LanguageModelCallOptions,
): Promise<ReadStream> {
  const parts: ModelStreamPart[] = [];
  const collector = createStreamCollector();
  let error: unknown;
  try {
    const { stream } = await model.doStream(call);
    for await (const part of stream) {
      parts.push(part);
      collector.add(part);
    }
  } catch (thrown) {
    error = thrown;
  }
  const answer = collector.read();
  return {
    parts,
    answer,
    error,
    text: answer.content.map((part) => (part.type === 'text' ? part.text : '')).join(''),
  };
}
