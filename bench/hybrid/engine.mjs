// BM25 and the SIMD index in one process, brought together by the standardised sum.
import { createBm25Index } from '@espalier/rag/lexical';
import { createCosineSpread } from '@espalier/rag/ranking';
import { createSimdStore } from '@espalier/rag/simd';

const CANDIDATES = 100;
const SAMPLE = 1000;
const ROWS_PER_ADD = 20_000;
const WEIGHTS = { bm25: 0.4, vector: 0.6 };

export async function openEngine({ texts, vectors }) {
  const words = createBm25Index();
  for (const [n, text] of texts.entries()) words.set(String(n), text);
  const store = createSimdStore({ keepVectors: true });
  const index = await store.openIndex({
    name: 'bench',
    dimension: vectors[0].length,
    embedding: 'bench',
  });
  for (let at = 0; at < vectors.length; at += ROWS_PER_ADD) {
    const records = vectors
      .slice(at, at + ROWS_PER_ADD)
      .map((vector, n) => ({ id: String(at + n), vector, text: '', metadata: {} }));
    await index.upsert({ records });
  }
  await index.build();
  const step = Math.max(1, Math.floor(vectors.length / SAMPLE));
  const sample = vectors.filter((_, n) => n % step === 0);
  const spread = createCosineSpread(sample);
  return {
    async search({ vector, text }, size) {
      const lexical = words.search({ query: text, topK: CANDIDATES });
      const near = await index.query({ vector, topK: CANDIDATES });
      const scale = spread.of(vector);
      const legs = [
        { matches: lexical.matches, scale: lexical, weight: WEIGHTS.bm25 },
        { matches: near, scale, weight: WEIGHTS.vector },
      ];
      const totals = new Map();
      for (const { matches, scale: of, weight } of legs) {
        const value = (score) => (weight * (score - of.mean)) / of.deviation;
        // What a leg did not find scores at most as its last one: all are given that, and found ones the rest.
        const floor = matches.length === 0 ? 0 : value(matches.at(-1).score);
        for (const { id, score } of matches)
          totals.set(id, (totals.get(id) ?? 0) + value(score) - floor);
      }
      return [...totals].sort((a, b) => b[1] - a[1]).slice(0, size);
    },
    close: () => store.close(),
  };
}
