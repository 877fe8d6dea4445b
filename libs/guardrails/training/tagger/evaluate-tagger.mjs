/**
 * Measures weights made with the same `--measure` on what they never saw.
 *
 *   node libs/guardrails/training/tagger/evaluate-tagger.mjs --data ../shared/data --weights weights.bin [--measure frames|all]
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isHeldOut, loadLists, loadTaggerCode, splitLists } from './load-sources.mjs';
import { makeSentences } from './make-sentences.mjs';
import { readNer } from './read-ner.mjs';
import { createSpanScore } from './score-spans.mjs';
import { TEMPLATES } from './templates.mjs';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    weights: { type: 'string' },
    measure: { type: 'string', default: 'all' },
    bias: { type: 'string' },
    count: { type: 'string', default: '3000' },
    misses: { type: 'string', default: '0' },
    only: { type: 'string', default: 'synthetic,ner' },
  },
});
const code = await loadTaggerCode();
const weights = code.readTaggerWeights(new Uint8Array(readFileSync(options.weights)));
const tagger = code.createTaggerSession(
  options.bias === undefined ? weights : { ...weights, recallBias: Number(options.bias) },
);
const scanner = code.createPiiScanner({ tagger });
const print = (title, rows) => {
  console.log(`\n${title}`);
  for (const { type, gold, found, precision, recall, f } of rows)
    console.log(
      `${type.padEnd(20)} ${String(gold).padStart(6)} ${String(found).padStart(6)}  P ${precision.toFixed(3)}  R ${recall.toFixed(3)}  F2 ${f.toFixed(3)}`,
    );
};

if (options.only.includes('synthetic')) {
  const lists =
    options.measure === 'all'
      ? splitLists(loadLists(options.data), 'test')
      : loadLists(options.data);
  const templates = TEMPLATES.filter((frame) => isHeldOut(frame, 0.2));
  const samples = [
    ...makeSentences({
      templates,
      count: Number(options.count),
      seed: 99,
      lists,
      heldOut: true,
      augment: false,
    }),
  ];
  const typed = createSpanScore({ iou: 0.75, beta: 2 });
  const untyped = createSpanScore({ iou: 0.75, beta: 2, typed: false });
  const group = (type) => (type === 'date-of-birth' ? 'date-time' : type);
  let misses = Number(options.misses);
  for (const { text, entities } of samples) {
    const found = scanner.find(text).map((span) => ({ ...span, type: group(span.type) }));
    typed.add(entities, found);
    untyped.add(entities, found);
    const key = ({ type, start, end }) => `${type}:${text.slice(start, end)}`;
    const [wanted, got] = [new Set(entities.map(key)), new Set(found.map(key))];
    const off = [...wanted].filter((one) => !got.has(one));
    const extra = [...got].filter((one) => !wanted.has(one));
    if (misses > 0 && off.length + extra.length > 0) {
      misses -= 1;
      console.log(JSON.stringify({ text: text.slice(0, 200), missed: off, extra }));
    }
  }
  print(
    options.measure === 'all' ? 'held-out frames, locales and lists' : 'held-out frames',
    typed.rows(),
  );
  print('the same, whatever the type', untyped.rows().slice(-1));
  const started = process.cpuUsage();
  let characters = 0;
  for (const { text } of samples) {
    scanner.find(text);
    characters += text.length;
  }
  const used = process.cpuUsage(started);
  console.log(`${((used.user * 384) / characters).toFixed(0)} µs for 384 characters`);
}
if (options.only.includes('ner')) {
  const sets = [
    ['wikigold.conll.txt', (all) => all.slice(Math.floor(all.length * 0.9))],
    ['wnut17_dev.conll', (all) => all],
    ['btc_h.conll', (all) => all],
    ['wikiann_en_dev', (all) => all.slice(0, 3000)],
  ];
  for (const [file, part] of sets) {
    const score = createSpanScore({ iou: 0.75, beta: 1 });
    for (const { text, entities } of part(readNer(join(options.data, 'ner', file)))) {
      const kinds = new Set(['person', 'location', 'organization']);
      const { spans } = tagger.tag({ text, isFinal: true });
      score.add(
        entities,
        spans.filter(({ type }) => kinds.has(type)),
      );
    }
    print(`${file} (F1)`, score.rows());
  }
}
