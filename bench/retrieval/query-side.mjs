// What spelling correction gives on damaged queries, and how well "not enough evidence" does in other languages.
//
//   node bench/retrieval/query-side.mjs --beir <folder that to-beir.mjs wrote> --xquad <folder with xquad.*.json> [--seed 1]
//
// Spelling: in every second word of at least five letters two neighbours are swapped, or a letter is lost, doubled or
// replaced; nDCG@10 of the queries as they are, damaged, and corrected (profile `speed`: static vectors and BM25).
// Evidence: for each language, one knowledge base of two thirds of the paragraphs with the static encoder; the share of
// questions with `hasEvidence` whose paragraph is there, and of those whose article is not.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createSeededRandom } from '@espalier/core';
import { createStaticEncoder } from '@espalier/encoders';
import * as static256 from '@espalier/model-static-256';
import { createKnowledgeBases } from '@espalier/rag';
import { evaluateRun } from '@espalier/rag/evaluation';
import { createBm25Index } from '@espalier/rag/lexical';
import { createSpellingCorrector } from '@espalier/rag/query';
import { createHybridRanker, HYBRID_PROFILES } from '@espalier/rag/ranking';
import { readBeir } from './read-beir.mjs';

const { values } = parseArgs({
  options: {
    beir: { type: 'string' },
    xquad: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const DEPTH = 100;
const embeddingModel = await createStaticEncoder({ folder: static256.modelFolder });
const mean = (numbers) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
const rounded = (value) => Number(value.toFixed(4));

function damage(text, random) {
  let count = 0;
  return text.replaceAll(/\p{L}{5,}/gu, (word) => {
    count += 1;
    if (count % 2 === 0) return word;
    const at = 1 + Math.floor(random.next() * (word.length - 2));
    const kind = Math.floor(random.next() * 4);
    const letter = String.fromCodePoint(97 + Math.floor(random.next() * 26));
    if (kind === 0) return word.slice(0, at) + word[at + 1] + word[at] + word.slice(at + 2);
    if (kind === 1) return word.slice(0, at) + word.slice(at + 1);
    if (kind === 2) return word.slice(0, at) + word[at] + word.slice(at);
    return word.slice(0, at) + letter + word.slice(at + 1);
  });
}

async function measureSpelling(set) {
  const { passages, queries, judgements } = await readBeir(values.beir, set);
  const ranker = await createHybridRanker({
    passages,
    weights: HYBRID_PROFILES.speed,
    encoder: { embeddingModel },
  });
  const index = createBm25Index();
  for (const { id, title, text } of passages) index.set(id, `${title} ${text}`);
  const corrector = createSpellingCorrector({ words: index.words() });
  const random = createSeededRandom(Number(values.seed));
  const damaged = queries.map(({ id, text }) => ({ id, text: damage(text, random) }));
  const correct = ({ id, text }) => ({ id, text: corrector.correct(text).text });
  const ndcg = async (asked) => {
    const run = new Map();
    for (const { id, text } of asked) run.set(id, await ranker.rank({ query: text, topK: DEPTH }));
    return rounded(evaluateRun({ run, judgements }).means['ndcg@10']);
  };
  return {
    set,
    asTheyAre: await ndcg(queries),
    asTheyAreCorrected: await ndcg(queries.map(correct)),
    damaged: await ndcg(damaged),
    damagedCorrected: await ndcg(damaged.map(correct)),
  };
}

async function measureEvidence(file) {
  const { data } = JSON.parse(readFileSync(join(values.xquad, file), 'utf8'));
  const folder = mkdtempSync(join(tmpdir(), 'query-side-'));
  const bases = await createKnowledgeBases({ folder, embeddingModel });
  try {
    const base = await bases.create({ name: 'xquad' });
    const isThere = (article) => article % 3 !== 0;
    await base.ingest({
      sources: data.flatMap(({ paragraphs }, article) =>
        isThere(article)
          ? paragraphs.map(({ context }, n) => ({
              source: `${article}-${n}.txt`,
              bytes: new TextEncoder().encode(context),
            }))
          : [],
      ),
    });
    const there = [];
    const absent = [];
    for (const [article, { paragraphs }] of data.entries()) {
      for (const { question } of paragraphs.flatMap(({ qas }) => qas)) {
        const { hasEvidence } = await base.search({ query: question });
        (isThere(article) ? there : absent).push(hasEvidence ? 1 : 0);
      }
    }
    return { file, there: rounded(mean(there)), absent: rounded(mean(absent)) };
  } finally {
    await bases.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (values.beir !== undefined) {
  for (const set of ['cranfield', 'xquad', 'docs'])
    console.log(JSON.stringify({ spelling: await measureSpelling(set) }));
}
if (values.xquad !== undefined) {
  for (const file of readdirSync(values.xquad).filter((name) => name.endsWith('.json')))
    console.log(JSON.stringify({ evidence: await measureEvidence(file) }));
}
