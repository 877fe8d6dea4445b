// How fast each chunker cuts, and how well its chunks hold the answers of Chroma's chunking benchmark.
//
//   node --conditions=@espalier/source --import ./libs/rag/src/__fixtures__/run-typescript.mjs bench/chunking/run.mjs
//     --data <folder with corpora/ and questions_df.csv> [--model minilm|static]
//     [--chunkers recursive-200,late-100,…] [--speed] [--json]
//
// Quality: all corpora are one collection. Chunks are ranked by words and meaning (BM25 .4 and the model .6, each standardised
// over the collection); late chunks are always embedded with MiniLM, and so are the questions put to them. Columns: recall and IoU of as many of the best chunks as hold 1,000 and 4,000 tokens,
// and of the passages of `selectEvidence` with at most five passages. Speed: megabytes of UTF-8 a CPU second, of one
// thread, with the tokeniser of the model, after a warm-up.
import { readFileSync, readdirSync } from 'node:fs';
import { join, parse } from 'node:path';
import { parseArgs } from 'node:util';
import { createStaticEncoder, loadTokenizer } from '@espalier/encoders';
import { createOnnxEncoder, createOnnxTokenEncoder } from '@espalier/encoders/onnx';
import { modelFolder } from '@espalier/model-minilm-l6';
import * as static256 from '@espalier/model-static-256';
import {
  chunkDocument,
  createBm25Index,
  createCodeChunker,
  createContextualChunker,
  createHtmlChunker,
  createLateChunker,
  createMarkdownChunker,
  createParentChildChunker,
  createRecursiveChunker,
  createSemanticChunker,
  createSentenceWindowChunker,
  selectEvidence,
} from '@espalier/rag';
import { evaluateChunking, parseChunkingQuestions } from '@espalier/rag/evaluation';
import { fuseStandardized } from '@espalier/rag/ranking';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    chunkers: {
      type: 'string',
      default:
        'recursive-50,recursive-100,recursive-200,recursive-400,sentence-window-100,parent-child-100,semantic-100,late-50,late-100,contextual-100',
    },
    model: { type: 'string', default: 'minilm' },
    speed: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  },
});
if (options.data === undefined) throw new Error('Give the folder of the benchmark with --data.');
const PASSAGES = 5;
const BUDGETS = [1000, 4000];
const SPEED_ROUNDS = 6;

const tokenizer = await loadTokenizer({ folder: modelFolder });
const limit = (maxTokens) => ({
  countTokens: (text) => tokenizer.countTokens(text),
  tokenizerId: 'minilm-l6',
  maxTokens,
});
const folder = join(options.data, 'corpora');
const documents = readdirSync(folder)
  .sort()
  .map((name) => ({
    id: parse(name).name,
    source: name,
    mediaType: 'text/plain',
    text: readFileSync(join(folder, name), 'utf8'),
  }));
const minilm = await createOnnxEncoder({ folder: modelFolder, threads: 1 });
const encoder =
  options.model === 'static'
    ? await createStaticEncoder({ folder: static256.modelFolder })
    : minilm;
const tokenEncoder = await createOnnxTokenEncoder({ folder: modelFolder, threads: 1 });

const makers = {
  recursive: (size) => createRecursiveChunker(limit(size)),
  markdown: (size) => createMarkdownChunker(limit(size)),
  html: (size) => createHtmlChunker(limit(size)),
  code: (size) => createCodeChunker(limit(size)),
  'sentence-window': (size) => createSentenceWindowChunker(limit(size)),
  'parent-child': (size) => createParentChildChunker({ ...limit(size), maxParentTokens: size * 4 }),
  semantic: (size) => createSemanticChunker({ embeddingModel: encoder, maxTokens: size }),
  late: (size) => createLateChunker({ chunker: createRecursiveChunker(limit(size)), tokenEncoder }),
  contextual: (size) =>
    createContextualChunker({
      chunker: createRecursiveChunker(limit(size)),
      previousSentence: true,
    }),
};
const make = (name) => {
  const [, kind, size] = /^(.+)-(\d+)$/u.exec(name) ?? [];
  if (makers[kind] === undefined) throw new Error(`There is no chunker ${name}.`);
  return makers[kind](Number(size));
};
const print = (rows) =>
  options.json ? console.log(JSON.stringify(rows, null, 2)) : console.table(rows);

if (options.speed) {
  const code = Object.fromEntries(
    [
      'recursive-200',
      'markdown-200',
      'html-200',
      'code-200',
      'sentence-window-100',
      'parent-child-100',
    ].map((name) => [name, undefined]),
  );
  const prose = documents.map(({ text }) => text).join('\n\n');
  const source = readFileSync(new URL(import.meta.url), 'utf8').repeat(300);
  const page = `<body>${documents.map(({ text }) => text.replaceAll('\n\n', '</p>\n<p>')).join('<h2>Part</h2><p>')}</body>`;
  for (const name of Object.keys(code)) {
    const [text, mediaType] = name.startsWith('code')
      ? [source, 'text/x-javascript']
      : name.startsWith('html')
        ? [page, 'text/html']
        : [prose, 'text/plain'];
    const chunker = await make(name);
    const document = { id: 'd', source: 'd', mediaType, text };
    let best = 0;
    for (let round = 0; round < SPEED_ROUNDS; round += 1) {
      const started = process.cpuUsage();
      chunker.chunk(document);
      const { user, system } = process.cpuUsage(started);
      best = Math.max(best, Buffer.byteLength(text) / (user + system));
    }
    code[name] = { 'MB / CPU s': Number(best.toFixed(1)) };
  }
  print(code);
} else {
  const { rows: questions } = parseChunkingQuestions({
    file: 'questions_df.csv',
    csv: readFileSync(join(options.data, 'questions_df.csv'), 'utf8'),
    textOf: (id) => documents.find((document) => document.id === id)?.text,
  });
  const asked = questions.map(({ question }) => question);
  const rows = {};
  for (const name of options.chunkers.split(',')) {
    const started = process.cpuUsage();
    rows[name] = await measure(await make(name), questions, asked);
    const { user, system } = process.cpuUsage(started);
    rows[name]['CPU s'] = Math.round((user + system) / 1e6);
    console.error(name, JSON.stringify(rows[name]));
  }
  print(rows);
}
await minilm.dispose?.();
await tokenEncoder.dispose?.();

async function measure(chunker, questions, asked) {
  const chunks = [];
  const vectors = [];
  const model = chunker.name.startsWith('late') ? minilm : encoder;
  for (const document of documents) {
    const cut = await chunkDocument(chunker, { document });
    chunks.push(...cut.chunks);
    const own =
      cut.embeddings ??
      (await embed(
        model,
        cut.chunks.map((one) => one.indexText ?? one.text),
      ));
    vectors.push(...own);
  }
  const questionVectors = await embed(model, asked);
  const words = createBm25Index({ k1: 1.5, b: 0.75 });
  for (const [index, chunk] of chunks.entries())
    words.set(String(index), chunk.indexText ?? chunk.text);
  const counts = chunks.map(({ text }) => tokenizer.countTokens(text));
  const found = { adaptive: [], ...Object.fromEntries(BUDGETS.map((budget) => [budget, []])) };
  for (const [n, question] of questions.entries()) {
    const bm25 = new Float32Array(chunks.length);
    for (const [index, score] of words.score(question.question).scores) bm25[Number(index)] = score;
    const meaning = Float32Array.from(vectors, (vector) => dot(vector, questionVectors[n]));
    const scores = fuseStandardized([
      { scores: bm25, weight: 0.4 },
      { scores: meaning, weight: 0.6 },
    ]);
    const order = Array.from(scores.keys()).sort((a, b) => scores[b] - scores[a] || a - b);
    for (const budget of BUDGETS) {
      const taken = [];
      let tokens = 0;
      for (const index of order) {
        tokens += counts[index];
        if (tokens > budget) break;
        taken.push(chunks[index]);
      }
      found[budget].push({ question, found: taken });
    }
    found.adaptive.push({
      question,
      found: selectEvidence({ chunks, scores, maxPassages: PASSAGES }),
    });
  }
  const row = { chunks: chunks.length };
  for (const [name, results] of Object.entries(found)) {
    const { recall, iou } = evaluateChunking(results);
    row[`recall ${name}`] = Number(recall.toFixed(3));
    row[`IoU ${name}`] = Number(iou.toFixed(3));
  }
  return row;
}

async function embed(model, texts) {
  const size = model.limits.maxTextsPerCall;
  const embeddings = [];
  for (let start = 0; start < texts.length; start += size) {
    const batch = texts.slice(start, start + size).map((text) => text.toWellFormed());
    embeddings.push(...(await model.doEmbed({ texts: batch })).embeddings);
  }
  return embeddings;
}

function dot(first, second) {
  let sum = 0;
  for (let i = 0; i < first.length; i += 1) sum += first[i] * second[i];
  return sum;
}
