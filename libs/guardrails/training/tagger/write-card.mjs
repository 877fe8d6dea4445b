/**
 * Puts weights into the model package, with their card.
 *
 *   node libs/guardrails/training/tagger/write-card.mjs --weights weights.bin \
 *     --measure "made sentences, held-out frames|F2 at IoU .75, type and place|0.91"
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { loadTaggerCode } from './load-sources.mjs';

const { values: options } = parseArgs({
  options: {
    weights: { type: 'string' },
    measure: { type: 'string', multiple: true, default: [] },
  },
});
const code = await loadTaggerCode();
const bytes = readFileSync(options.weights);
// Refuses what the library would refuse.
code.readTaggerWeights(new Uint8Array(bytes));
const folder = join(import.meta.dirname, '../../../models/pii-tagger/model');
mkdirSync(folder, { recursive: true });
copyFileSync(options.weights, join(folder, 'tagger.bin'));
const card = {
  id: 'pii-tagger',
  kind: 'linear-tagger',
  version: '1.0.0',
  types: code.TAGGER_TYPES,
  languages: ['en'],
  licence: 'Apache-2.0',
  files: {
    'tagger.bin': {
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    },
  },
  evaluation: options.measure.map((line) => {
    const [dataset, metric, value] = line.split('|');
    return { dataset, metric, value: Number(value) };
  }),
};
writeFileSync(join(folder, 'card.json'), `${JSON.stringify(card, undefined, 2)}\n`);
