// nDCG@10 and MRR@10 of knowledge-base search, and how often `hasEvidence` is right.
//
//   node bench/retrieval/run.mjs --data <folder with cranfield/, xquad/, anthropic_docs_rag/> [--model static|minilm]
//     [--sets cranfield,xquad,docs] [--chunk-tokens 200 | whole] [--cache <file that keeps vectors between runs>]
//     [--folder <keeps the knowledge bases between runs>]
//     [--weights '{"documentVector": 0.25}'] [--tokens: late interaction, with --model minilm] [--bits 2|4]
//     [--titles: documents say their titles, as those of a web page or a Markdown file do]
//     [--profile speed|balanced: rank the same chunks with that profile's ranker]
//
// Each set is ingested as one knowledge base with the defaults and searched with its own queries; a document's rank is
// that of its best passage. Evidence: share of own queries with `hasEvidence`, and share of queries of the other sets
// (whose answers are not here) wrongly with it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createStaticEncoder } from '@espalier/encoders';
import { createOnnxEncoder, createOnnxTokenEncoder } from '@espalier/encoders/onnx';
import * as minilm from '@espalier/model-minilm-l6';
import * as static256 from '@espalier/model-static-256';
import {
  createEmbeddingCacheFile,
  createKnowledgeBases,
  createRecursiveChunker,
  createTextLoader,
} from '@espalier/rag';
import { createHybridRanker, HYBRID_PROFILES } from '@espalier/rag/ranking';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    model: { type: 'string', default: 'static' },
    sets: { type: 'string', default: 'cranfield,xquad,docs' },
    'chunk-tokens': { type: 'string', default: '200' },
    cache: { type: 'string' },
    weights: { type: 'string', default: '{}' },
    tokens: { type: 'boolean', default: false },
    bits: { type: 'string', default: '2' },
    folder: { type: 'string' },
    profile: { type: 'string' },
    titles: { type: 'boolean', default: false },
  },
});
if (values.data === undefined) throw new Error('Give the folder of the data sets with --data.');
const DEPTH = 10;
const FOREIGN_QUERIES = 100;

const text = (path) => readFileSync(join(values.data, path), 'utf8');
const between = (xml, tag) =>
  [...xml.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'gu'))].map(([, inner]) =>
    inner.trim(),
  );

const loaders = {
  cranfield() {
    const documents = between(text('cranfield/cran.all.1400.xml'), 'doc').map((doc) => ({
      id: between(doc, 'docno')[0],
      title: between(doc, 'title')[0]?.replaceAll(/\s+/gu, ' '),
      text: between(doc, 'text')[0] ?? '',
    }));
    const queries = between(text('cranfield/cran.qry.xml'), 'title').map((query, n) => ({
      id: String(n + 1),
      query: query.replaceAll(/\s+/gu, ' '),
      relevant: new Set(),
    }));
    for (const line of text('cranfield/cranqrel.trec.txt').trim().split('\n')) {
      const [query, , document, grade] = line.trim().split(/\s+/u);
      if (Number(grade) > 0) queries[Number(query) - 1]?.relevant.add(document);
    }
    return { documents, queries };
  },
  xquad() {
    const documents = [];
    const queries = [];
    for (const article of JSON.parse(text('xquad/xquad.en.json')).data) {
      for (const { context, qas } of article.paragraphs) {
        const id = String(documents.length);
        documents.push({ id, text: context });
        for (const { question } of qas) queries.push({ query: question, relevant: new Set([id]) });
      }
    }
    return { documents, queries };
  },
  docs() {
    const documents = JSON.parse(text('anthropic_docs_rag/anthropic_docs.json')).map((chunk) => ({
      id: encodeURIComponent(chunk.chunk_link),
      title: chunk.chunk_heading,
      text: chunk.text,
    }));
    const queries = JSON.parse(text('anthropic_docs_rag/docs_evaluation_dataset.json')).map(
      (entry) => ({
        query: entry.question,
        relevant: new Set(entry.correct_chunks.map(encodeURIComponent)),
      }),
    );
    return { documents, queries };
  },
};

const embeddingModel =
  values.model === 'minilm'
    ? await createOnnxEncoder({ folder: minilm.modelFolder })
    : await createStaticEncoder({ folder: static256.modelFolder });
const chunker = createRecursiveChunker({
  countTokens: embeddingModel.countTokens,
  tokenizerId: embeddingModel.modelId,
  maxTokens: values['chunk-tokens'] === 'whole' ? 1_000_000 : Number(values['chunk-tokens']),
});
const tokenEncoder = values.tokens
  ? await createOnnxTokenEncoder({ folder: minilm.modelFolder })
  : undefined;
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'retrieval-'));
const cache =
  values.cache === undefined ? false : await createEmbeddingCacheFile({ path: values.cache });
const titles = new Map();
const plain = createTextLoader();
const titled = {
  ...plain,
  async load(options) {
    const title = titles.get(options.name);
    const document = await plain.load(options);
    return title ? { ...document, title } : document;
  },
};
const bases = await createKnowledgeBases({
  folder,
  embeddingModel,
  chunker,
  embedding: { cache },
  ...(values.titles ? { loaders: [titled] } : {}),
  weights: JSON.parse(values.weights),
  ...(tokenEncoder === undefined ? {} : { tokenEncoder, tokenStateBits: Number(values.bits) }),
});
const sets = Object.fromEntries(values.sets.split(',').map((name) => [name, loaders[name]()]));

const ranked = (passages) => [
  ...new Set(passages.map(({ documentId }) => documentId.replace(/\.txt$/u, ''))),
];
const dcg = (gains) => gains.reduce((sum, gain, n) => sum + gain / Math.log2(n + 2), 0);
const mean = (numbers) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

/** The same chunks, ranked by the ranker of a profile, which compares every chunk in every leg. */
async function rankWhole(documents, queries) {
  const passages = documents
    .filter((document) => document.text.trim() !== '')
    .flatMap(({ id, text }) =>
      chunker
        .chunk({ id, source: `${id}.txt`, mediaType: 'text/plain', text })
        .map((chunk) => ({ ...chunk, documentId: id })),
    );
  const ranker = await createHybridRanker({
    passages,
    weights: HYBRID_PROFILES[values.profile],
    encoder: { embeddingModel },
  });
  const owner = new Map(passages.map((passage) => [passage.id, passage.documentId]));
  const ndcg = [];
  for (const { query, relevant } of queries) {
    if (relevant.size === 0) continue;
    const found = await ranker.rank({ query, topK: DEPTH * 5 });
    const ids = [...new Set(found.map(({ id }) => owner.get(id)))].slice(0, DEPTH);
    const ideal = Array.from({ length: Math.min(DEPTH, relevant.size) }, () => 1);
    ndcg.push(dcg(ids.map((id) => (relevant.has(id) ? 1 : 0))) / dcg(ideal));
  }
  return { [`${values.profile}Ndcg10`]: Number(mean(ndcg).toFixed(4)) };
}

for (const [name, { documents, queries }] of Object.entries(sets)) {
  const base = await bases.get(name).catch(() => bases.create({ name }));
  const sources = documents
    .filter((document) => document.text.trim() !== '')
    .map((document) => ({
      source: `${document.id}.txt`,
      bytes: new TextEncoder().encode(document.text),
    }));
  for (const { id, title } of documents) titles.set(`${id}.txt`, title);
  const ingested = await base.ingest({ sources });
  const ndcg = [];
  const reciprocal = [];
  const evidence = [];
  const startedAt = performance.now();
  for (const { query, relevant } of queries) {
    if (relevant.size === 0) continue;
    const { passages, hasEvidence } = await base.search({ query, topK: DEPTH * 5 });
    const ids = ranked(passages).slice(0, DEPTH);
    const gains = ids.map((id) => (relevant.has(id) ? 1 : 0));
    const ideal = Array.from({ length: Math.min(DEPTH, relevant.size) }, () => 1);
    ndcg.push(dcg(gains) / dcg(ideal));
    const first = gains.indexOf(1);
    reciprocal.push(first < 0 ? 0 : 1 / (first + 1));
    evidence.push(hasEvidence ? 1 : 0);
  }
  const perQueryMs = (performance.now() - startedAt) / queries.length;
  const foreign = [];
  for (const [other, set] of Object.entries(sets)) {
    if (other === name) continue;
    const step = Math.max(1, Math.floor(set.queries.length / FOREIGN_QUERIES));
    for (let n = 0; n < set.queries.length; n += step) {
      foreign.push(
        (await base.search({ query: set.queries[n].query, topK: DEPTH })).hasEvidence ? 1 : 0,
      );
    }
  }
  const profile = values.profile === undefined ? {} : await rankWhole(documents, queries);
  console.log(
    JSON.stringify({
      set: name,
      model: embeddingModel.modelId,
      documents: ingested.added,
      chunks: ingested.chunks,
      ingestMs: Math.round(ingested.durationMs),
      ndcg10: Number(mean(ndcg).toFixed(4)),
      mrr10: Number(mean(reciprocal).toFixed(4)),
      ...profile,
      msPerQuery: Number(perQueryMs.toFixed(2)),
      evidenceOwn: Number(mean(evidence).toFixed(3)),
      evidenceForeign: foreign.length === 0 ? null : Number(mean(foreign).toFixed(3)),
    }),
  );
}
await bases.close();
await embeddingModel.dispose?.();
await tokenEncoder?.dispose?.();
if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
