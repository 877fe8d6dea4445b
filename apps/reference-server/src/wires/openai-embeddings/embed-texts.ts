import type { EmbeddingModel, Usage } from '@espalier/core';
import { invalidRequest, unsupported } from '../wire-error.js';
import type { EmbeddingsRequest } from './embeddings-schema.js';

const MAX_TEXTS = 2048;

/** The texts of a request. */
export function embeddingTexts(body: EmbeddingsRequest): readonly string[] {
  const texts = typeof body.input === 'string' ? [body.input] : body.input;
  if (texts.length === 0) throw invalidRequest('There must be at least one text.', 'input');
  if (texts.length > MAX_TEXTS)
    throw invalidRequest(`There may be ${MAX_TEXTS} texts at most.`, 'input');
  return texts.map((text, index) => {
    if (typeof text !== 'string')
      throw unsupported('Tokens are not taken here; send texts.', 'input');
    if (text === '') throw invalidRequest('A text must not be empty.', `input[${index}]`);
    return text;
  });
}

/** The answer to an embeddings request, as OpenAI's API forms it. */
export async function embedTexts(options: {
  model: EmbeddingModel;
  modelId: string;
  body: EmbeddingsRequest;
  texts: readonly string[];
  abortSignal: AbortSignal;
}): Promise<{ answer: object; usage: Usage }> {
  const { model, body, texts } = options;
  const { dimensions } = body;
  if (typeof dimensions === 'number' && dimensions !== model.dimension) {
    throw unsupported(
      `This model gives vectors of ${model.dimension} numbers and no other.`,
      'dimensions',
    );
  }
  const vectors: Float32Array[] = [];
  let inputTokens = 0;
  for (let from = 0; from < texts.length; from += model.limits.maxTextsPerCall) {
    const batch = texts.slice(from, from + model.limits.maxTextsPerCall);
    const result = await model.doEmbed({ texts: batch, abortSignal: options.abortSignal });
    vectors.push(...result.embeddings);
    inputTokens +=
      result.usage.inputTokens ?? batch.reduce((sum, text) => sum + model.countTokens(text), 0);
  }
  const answer = {
    object: 'list',
    model: options.modelId,
    data: vectors.map((vector, index) => ({
      object: 'embedding',
      index,
      embedding: body.encoding_format === 'base64' ? toBase64(vector) : Array.from(vector),
    })),
    usage: { prompt_tokens: inputTokens, total_tokens: inputTokens },
  };
  return { answer, usage: { inputTokens } };
}

/** Little-endian 32-bit floats, as OpenAI's clients read them. */
function toBase64(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((value, index) => bytes.writeFloatLE(value, index * 4));
  return bytes.toString('base64');
}
