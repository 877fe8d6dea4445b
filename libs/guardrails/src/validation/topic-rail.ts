import { InvalidArgumentError, type EmbeddingModel, type Rail } from '@espalier/core';
import { createValidationRail, type ValidationRailOptions } from './create-validation-rail.js';

/** A topic, told by examples. */
export interface Topic {
  readonly name: string;
  /** Some texts on the topic; a description is one of them. */
  readonly examples: readonly string[];
}

/** What `createTopicRail` takes. */
export interface TopicRailOptions extends ValidationRailOptions {
  readonly embeddingModel: EmbeddingModel;
  /** Where given, a text must be near one of these. */
  readonly allow?: readonly Topic[];
  /** A text must not be near one of these. */
  readonly deny?: readonly Topic[];
  /** How near is near. Units: cosine. Default .45. */
  readonly threshold?: number;
}

/**
 * Makes a rail for what a text may be about, by the cosine of its embedding with those of the topics' examples.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: no topic, or one that is both allowed and denied.
 */
export function createTopicRail(options: TopicRailOptions): Rail {
  const { allow = [], deny = [], threshold = 0.45, embeddingModel } = options;
  const both = deny.find(({ name }) => allow.some((topic) => topic.name === name));
  if (both !== undefined || allow.length + deny.length === 0) {
    throw new InvalidArgumentError({
      argument: 'allow',
      value: both?.name,
      expected: 'topics to allow or to deny, and none that is both',
    });
  }
  let embedded:
    Promise<readonly { topic: string; isDenied: boolean; vector: Float32Array }[]> | undefined;
  const embedTopics = async (): ReturnType<typeof embedAll> => embedAll();
  const embedAll = async () => {
    const entries = [
      ...allow.map((topic) => ({ topic, isDenied: false })),
      ...deny.map((topic) => ({ topic, isDenied: true })),
    ].flatMap(({ topic, isDenied }) =>
      topic.examples.map((text) => ({ topic: topic.name, isDenied, text })),
    );
    const { embeddings } = await embeddingModel.doEmbed({
      texts: entries.map(({ text }) => text),
      purpose: 'document',
    });
    return entries.map(({ topic, isDenied }, index) => ({
      topic,
      isDenied,
      vector: embeddings[index] ?? new Float32Array(embeddingModel.dimension),
    }));
  };
  return createValidationRail({
    name: options.name ?? 'topics',
    points: options.points ?? ['input'],
    onFailure: options.onFailure ?? 'refrain',
    async validate({ text, abortSignal }) {
      if (text.trim() === '') return undefined;
      const topics = await (embedded ??= embedTopics());
      const { embeddings } = await embeddingModel.doEmbed({
        texts: [text],
        purpose: 'query',
        ...(abortSignal === undefined ? {} : { abortSignal }),
      });
      const vector = embeddings[0] ?? new Float32Array(embeddingModel.dimension);
      const scored = topics
        .map((entry) => ({ ...entry, score: dot(entry.vector, vector) }))
        .sort((a, b) => b.score - a.score);
      const denied = scored.find(({ isDenied, score }) => isDenied && score >= threshold);
      const nearest = scored.find(({ isDenied }) => !isDenied);
      if (denied !== undefined && (nearest === undefined || nearest.score < denied.score)) {
        return {
          category: `topic.${denied.topic}`,
          rule: denied.topic,
          score: clamp(denied.score),
          reason: `The text is about a topic that is not allowed here: ${denied.topic}.`,
        };
      }
      if (allow.length === 0 || (nearest !== undefined && nearest.score >= threshold))
        return undefined;
      return {
        category: 'topic.other',
        rule: 'allow',
        score: clamp(1 - (nearest?.score ?? 0)),
        reason: `The text is about none of the topics that are allowed here: ${allow.map(({ name }) => name).join(', ')}.`,
      };
    },
  });
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

const clamp = (value: number): number => Math.min(1, Math.max(0, value));
