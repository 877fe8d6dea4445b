// Reads one collection as to-beir.mjs writes it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCorpus, parseJudgements, parseQueries } from '@espalier/rag/evaluation';

/** Resolves to the passages, queries and judgements of `<folder>/<set>`. */
export async function readBeir(folder, set) {
  const rowsOf = async (file, parse) => {
    const lines = readFileSync(join(folder, set, file), 'utf8').split('\n');
    return (await parse({ file, lines })).rows;
  };
  return {
    passages: await rowsOf('corpus.jsonl', parseCorpus),
    queries: await rowsOf('queries.jsonl', parseQueries),
    judgements: await rowsOf('qrels.tsv', parseJudgements),
  };
}
