// A corpus of texts and vectors that is the same for the same seed: words by Zipf's law, half of a text's words from its
// topic, vectors as `espalier bench vector` draws them.
import { createSeededRandom } from '@espalier/core';
import { drawBenchVectors } from '../../apps/reference-server/src/cli/bench-vector-data.ts';

const VOCABULARY = 50_000;
const MOST_FREQUENT = 50;
const TOPICS = 500;
const TOPIC_WORDS = 200;
const TEXT_WORDS = 60;
const QUERY_WORDS = 6;

export function drawCorpus({ count, dimension, queries, seed }) {
  const random = createSeededRandom(seed);
  // The most frequent words of a language are left out by analysis.
  const draw = (size) =>
    Math.floor(MOST_FREQUENT * Math.exp(random.next() * Math.log(size / MOST_FREQUENT)));
  const topics = Array.from({ length: TOPICS }, () =>
    Array.from({ length: TOPIC_WORDS }, () => Math.floor(random.next() * VOCABULARY)),
  );
  const word = (topic) =>
    random.next() < 0.5
      ? `w${draw(VOCABULARY)}`
      : `w${topics[topic][Math.floor(random.next() * TOPIC_WORDS)]}`;
  const text = (size) => {
    const topic = Math.floor(random.next() * TOPICS);
    return Array.from({ length: size }, () => word(topic)).join(' ');
  };
  const drawn = drawBenchVectors({ count, dimension, queries, seed, distribution: 'clustered' });
  return {
    vectors: drawn.vectors,
    texts: Array.from({ length: count }, () => text(TEXT_WORDS)),
    queries: drawn.queries.map((vector) => ({ vector, text: text(QUERY_WORDS) })),
  };
}
