// Writes the public collections as corpus.jsonl, queries.jsonl and qrels.tsv, one folder each, as BEIR has them.
//
//   node bench/retrieval/to-beir.mjs --data <folder with cranfield/, xquad/, anthropic_docs_rag/> --out <folder>
//
// Passages carry `metadata.document_id` and `metadata.position` where the collection knows what they were cut from.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const { values } = parseArgs({ options: { data: { type: 'string' }, out: { type: 'string' } } });
if (values.data === undefined || values.out === undefined)
  throw new Error('Give the folder of the data sets with --data and one to write to with --out.');

const text = (path) => readFileSync(join(values.data, path), 'utf8');
const between = (xml, tag) =>
  [...xml.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'gu'))].map(([, inner]) =>
    inner.trim(),
  );
const oneLine = (value) => value.replaceAll(/\s+/gu, ' ').trim();

const sets = {
  cranfield() {
    const corpus = between(text('cranfield/cran.all.1400.xml'), 'doc').map((doc) => {
      const title = oneLine(between(doc, 'title')[0] ?? '');
      const body = oneLine(between(doc, 'text')[0] ?? '');
      return {
        _id: between(doc, 'docno')[0],
        title,
        text: body,
      };
    });
    const queries = between(text('cranfield/cran.qry.xml'), 'title').map((query, n) => ({
      _id: String(n + 1),
      text: oneLine(query),
    }));
    const qrels = text('cranfield/cranqrel.trec.txt')
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/u))
      .map(([query, , document, grade]) => [query, document, Math.max(0, Number(grade))]);
    return { corpus, queries, qrels };
  },
  xquad() {
    const corpus = [];
    const queries = [];
    const qrels = [];
    for (const [article, { paragraphs }] of JSON.parse(
      text('xquad/xquad.en.json'),
    ).data.entries()) {
      for (const [position, { context, qas }] of paragraphs.entries()) {
        const id = String(corpus.length);
        corpus.push({
          _id: id,
          title: '',
          text: context,
          metadata: { document_id: String(article), position },
        });
        for (const { id: query, question } of qas) {
          queries.push({ _id: query, text: question });
          qrels.push([query, id, 1]);
        }
      }
    }
    return { corpus, queries, qrels };
  },
  docs() {
    const places = new Map();
    const corpus = JSON.parse(text('anthropic_docs_rag/anthropic_docs.json')).map((chunk) => {
      const document_id = chunk.chunk_link.split('#')[0];
      const position = places.get(document_id) ?? 0;
      places.set(document_id, position + 1);
      return {
        _id: chunk.chunk_link,
        title: chunk.chunk_heading,
        text: chunk.text,
        metadata: { document_id, position },
      };
    });
    const entries = JSON.parse(text('anthropic_docs_rag/docs_evaluation_dataset.json'));
    return {
      corpus,
      queries: entries.map(({ id, question }) => ({ _id: id, text: question })),
      qrels: entries.flatMap(({ id, correct_chunks }) =>
        correct_chunks.map((chunk) => [id, chunk, 1]),
      ),
    };
  },
};

const lines = (rows) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
for (const [name, load] of Object.entries(sets)) {
  const { corpus, queries, qrels } = load();
  const folder = join(values.out, name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'corpus.jsonl'), lines(corpus));
  writeFileSync(join(folder, 'queries.jsonl'), lines(queries));
  const table = ['query-id\tcorpus-id\tscore', ...qrels.map((row) => row.join('\t'))];
  writeFileSync(join(folder, 'qrels.tsv'), `${table.join('\n')}\n`);
  console.log(
    `${name}: ${corpus.length} passages, ${queries.length} queries, ${qrels.length} judgements`,
  );
}
