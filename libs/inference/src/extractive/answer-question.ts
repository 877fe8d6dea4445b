import type { EmbeddingModel, Message } from '@espalier/core';
import type { AnswerUnit } from './answer-unit.js';
import { composeAnswer, type AnswerPiece } from './compose-answer.js';
import { readQuestion, type Question } from './question.js';
import { scoreUnits } from './score-units.js';
import { selectUnits } from './select-units.js';
import { splitUnits } from './split-units.js';

const NO_QUESTION = 'There is no question in this conversation.';
const NO_PASSAGES =
  "I can only answer by quoting documents, and none came with this question. Ask an agent that has a knowledge base, or configure a language model for free conversation. (This is Espalier's extractive answerer, which works without a model.)";
const NO_ANSWER =
  "The documents that were found do not seem to hold an answer to this question. (This is Espalier's extractive answerer: it quotes documents and does not draw conclusions of its own.)";

/** The least share of the question that the best unit and what stands around it must speak of. */
const MIN_COVERAGE = 0.38;
/** The cosine from which meaning alone is enough. */
const MIN_SIMILARITY = 0.6;
/** The most units whose meaning is compared. */
const MAX_EMBEDDED = 96;

/** Resolves to the pieces of the answer: quotes with citations, or one plain statement that there is none. */
export async function answerQuestion(options: {
  readonly messages: readonly Message[];
  readonly embeddingModel: EmbeddingModel | undefined;
  readonly abortSignal: AbortSignal | undefined;
}): Promise<AnswerPiece[]> {
  const { question, passages } = readQuestion(options.messages);
  if (question === undefined) return [{ text: NO_QUESTION }];
  if (passages.length === 0) return [{ text: NO_PASSAGES }];
  const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });
  const units = passages.flatMap((part) => splitUnits(part, segmenter));
  const similarity = await similarityOf(units, question, options);
  const scored = scoreUnits(units, question, similarity);
  const best = scored.reduce(
    (top, next) => (next.score > top.score ? next : top),
    scored[0] ?? { score: 0, coverage: 0, unit: undefined },
  );
  const isNear =
    similarity !== undefined && best.unit !== undefined && similarity(best.unit) >= MIN_SIMILARITY;
  if (best.score <= 0 || (best.coverage < MIN_COVERAGE && !isNear)) return [{ text: NO_ANSWER }];
  return composeAnswer(selectUnits(scored, question));
}

async function similarityOf(
  units: readonly AnswerUnit[],
  question: Question,
  options: {
    readonly embeddingModel: EmbeddingModel | undefined;
    readonly abortSignal: AbortSignal | undefined;
  },
): Promise<((unit: AnswerUnit) => number) | undefined> {
  const { embeddingModel, abortSignal } = options;
  if (embeddingModel === undefined) return undefined;
  const signal = abortSignal === undefined ? {} : { abortSignal };
  const chosen = scoreUnits(units, question)
    .filter(({ unit }) => unit.kind !== 'heading')
    .sort((a, b) => b.score - a.score)
    .slice(0, MAX_EMBEDDED)
    .map(({ unit }) => unit);
  const [asked] = (
    await embeddingModel.doEmbed({ texts: [question.text], purpose: 'query', ...signal })
  ).embeddings;
  const cosines = new Map<AnswerUnit, number>();
  const size = Math.max(1, embeddingModel.limits.maxTextsPerCall);
  for (let from = 0; from < chosen.length; from += size) {
    const batch = chosen.slice(from, from + size);
    const { embeddings } = await embeddingModel.doEmbed({
      texts: batch.map(({ text }) => text),
      purpose: 'document',
      ...signal,
    });
    batch.forEach((unit, index) => cosines.set(unit, dot(asked, embeddings[index])));
  }
  return (unit) => cosines.get(unit) ?? 0;
}

function dot(first: Float32Array | undefined, second: Float32Array | undefined): number {
  if (first === undefined || second === undefined) return 0;
  let sum = 0;
  for (let index = 0; index < first.length; index += 1)
    sum += (first[index] ?? 0) * (second[index] ?? 0);
  return sum;
}
