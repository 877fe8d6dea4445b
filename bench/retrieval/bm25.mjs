// nDCG@10 and MAP of the BM25 index alone, to be held against Anserini's on the same files.
//
//   node bench/retrieval/to-beir.mjs --data <data> --out <folder> && node bench/retrieval/bm25.mjs --collection <folder>/cranfield
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createBm25Index } from '@espalier/rag';
import { evaluateRun, parseCorpus, parseJudgements, parseQueries } from '@espalier/rag/evaluation';

const DEPTH = 1000;
const { values } = parseArgs({ options: { collection: { type: 'string' } } });
if (values.collection === undefined) throw new Error('Give the collection with --collection.');
const source = (file) => ({
  file,
  lines: readFileSync(join(values.collection, file), 'utf8').split('\n'),
});
const { rows: corpus } = await parseCorpus(source('corpus.jsonl'));
const { rows: queries } = await parseQueries(source('queries.jsonl'));
const { rows: judgements } = await parseJudgements(source('qrels.tsv'));

for (const options of [
  { k1: 0.9, b: 0.4 },
  { k1: 1.2, b: 0.75 },
  { k1: 1.5, b: 0.75 },
]) {
  const index = createBm25Index(options);
  for (const { id, title, text } of corpus) index.set(id, `${title} ${text}`);
  const run = new Map(
    queries.map(({ id, text }) => [
      id,
      [...index.score(text).scores]
        .map(([passage, score]) => ({ id: passage, score }))
        .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1))
        .slice(0, DEPTH),
    ]),
  );
  const { means } = evaluateRun({ run, judgements });
  console.log(JSON.stringify({ ...options, ndcg10: means['ndcg@10'], map: means.map }));
}
