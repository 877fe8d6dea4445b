/**
 * Measures the shipped finders and tagger, F2 at IoU .75 by type, on texts that nothing was trained on.
 *
 *   node libs/guardrails/training/tagger/measure-probe.mjs [--part develop|report|all] [--weights FILE] [--misses 40] [--type phone]
 *
 *   node libs/guardrails/training/tagger/measure-probe.mjs --count 0 docs/guides/*.md
 *
 * Files are read as ordinary texts: what is found in them is counted by type for 1,000 words.
 *
 * What goes wrong is looked at on half of the frames (`develop`), figures are given for the other half (`report`).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isHeldOut, loadTaggerCode } from './load-sources.mjs';
import { fillFrame, seededRandom } from './make-sentences.mjs';
import { PROBE_FRAMES } from './probe-frames.mjs';
import { createProbeValues } from './probe-values.mjs';
import { createSpanScore } from './score-spans.mjs';

const { values: options, positionals: files } = parseArgs({
  allowPositionals: true,
  options: {
    part: { type: 'string', default: 'report' },
    weights: {
      type: 'string',
      default: join(import.meta.dirname, '../../../models/pii-tagger/model/tagger.bin'),
    },
    count: { type: 'string', default: '3000' },
    seed: { type: 'string', default: '5' },
    misses: { type: 'string', default: '0' },
    type: { type: 'string' },
  },
});
const code = await loadTaggerCode();
const tagger = code.createPiiTagger(new Uint8Array(readFileSync(options.weights)));
const scanner = code.createPiiScanner({ tagger });
const frames =
  options.part === 'all'
    ? PROBE_FRAMES
    : PROBE_FRAMES.filter((frame) => isHeldOut(frame, 0.5) === (options.part === 'report'));
const random = seededRandom(Number(options.seed));
const values = createProbeValues(random);
const typed = createSpanScore({ iou: 0.75, beta: 2 });
const untyped = createSpanScore({ iou: 0.75, beta: 2, typed: false });
let misses = Number(options.misses);
for (let index = 0; index < Number(options.count); index += 1) {
  const { text, entities } = fillFrame(frames[index % frames.length], values);
  const found = scanner.find(text).map((span) => ({
    ...span,
    type: span.type === 'date-of-birth' ? 'date-time' : span.type,
  }));
  typed.add(entities, found);
  untyped.add(entities, found);
  if (misses === 0) continue;
  const key = ({ type, start, end }) => `${type}:${text.slice(start, end)}`;
  const [wanted, got] = [entities.map(key), found.map(key)];
  const isShown = (one) => options.type === undefined || one.startsWith(`${options.type}:`);
  const missed = wanted.filter((one) => !got.includes(one));
  const extra = got.filter((one) => !wanted.includes(one));
  if (![...missed, ...extra].some(isShown)) continue;
  misses -= 1;
  console.log(JSON.stringify({ text: text.slice(0, 220), missed, extra }));
}
if (Number(options.count) > 0) printRows();
if (files.length > 0) printFindings();

function printRows() {
  console.log(`${frames.length} frames, ${options.count} texts`);
  const rows = typed.rows().toSorted((one, other) => other.gold - one.gold);
  for (const { type, gold, found, precision, recall, f } of [...rows, ...untyped.rows().slice(-1)])
    console.log(
      `${type.padEnd(20)} ${String(gold).padStart(6)} ${String(found).padStart(6)}  P ${precision.toFixed(3)}  R ${recall.toFixed(3)}  F2 ${f.toFixed(3)}`,
    );
}

function printFindings() {
  const texts = files.map((file) => readFileSync(file, 'utf8'));
  const words = texts.reduce((sum, text) => sum + text.split(/\s+/).length, 0);
  const found = Map.groupBy(
    texts.flatMap((text) => scanner.find(text)),
    ({ type }) => type,
  );
  console.log(`${words} words of ordinary text; findings for 1,000 words`);
  for (const [type, { length }] of found)
    console.log(`${type.padEnd(20)} ${((1000 * length) / words).toFixed(2)}`);
}
