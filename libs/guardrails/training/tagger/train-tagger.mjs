/**
 * Rebuilds the weights of the tagger.
 *
 *   node libs/guardrails/training/tagger/train-tagger.mjs --data ../shared/data --out weights.bin [--measure frames|all]
 *
 * With `--measure` evaluate-tagger.mjs can measure on what the model never saw: `frames` keeps a fifth of the frames from
 * training, `all` also eight locales and a quarter of every word list. Without it, all of them train what is shipped.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildLexicon, readEmbeddings } from './build-lexicon.mjs';
import { HELD_OUT_LOCALES } from './fake-values.mjs';
import { isHeldOut, loadLists, loadTaggerCode, splitLists } from './load-sources.mjs';
import { makeSentences, seededRandom } from './make-sentences.mjs';
import { createPerceptron, quantise } from './perceptron.mjs';
import { readNer } from './read-ner.mjs';
import { TEMPLATES } from './templates.mjs';
import { writeWeights } from './write-weights.mjs';

const { values: options } = parseArgs({
  options: {
    data: { type: 'string' },
    out: { type: 'string' },
    measure: { type: 'string' },
    sentences: { type: 'string', default: '60000' },
    rounds: { type: 'string', default: '5' },
    bits: { type: 'string', default: '18' },
    seed: { type: 'string', default: '1' },
    drop: { type: 'string', default: '0' },
    models: { type: 'string', default: '1' },
    bias: { type: 'string', default: '0' },
  },
});
if (options.data === undefined || options.out === undefined)
  throw new Error('Give --data (the folder with ner/) and --out (the file to write).');
const seed = Number(options.seed);
const bits = Number(options.bits);
const random = seededRandom(seed);
const drop = Number(options.drop);
const code = await loadTaggerCode();
const { FEATURE_COUNT, GAP, OUTSIDE, TAGGER_TYPES } = code;
const allLists = loadLists(options.data);
const isStrict = options.measure === 'all';
const lists = isStrict ? splitLists(allLists, 'train') : allLists;
const templates = options.measure ? TEMPLATES.filter((frame) => !isHeldOut(frame, 0.2)) : TEMPLATES;
const locales = [
  'en',
  'en_US',
  'en_GB',
  'en_AU',
  'en_CA',
  'en_IE',
  'en_NG',
  'en_ZA',
  'de',
  'fr',
  'it',
  'es',
  'pt_PT',
  'da',
  'nb_NO',
  'fi',
  'pl',
  'cs_CZ',
  'sk',
  'ro',
  'id_ID',
  'vi',
  'yo_NG',
  'af_ZA',
  'sr_RS_latin',
  'ru',
  'uk',
  'el',
  'lv',
  ...(isStrict ? [] : HELD_OUT_LOCALES),
];
console.log(`${templates.length} frames, ${locales.length} locales`);
const lexicon = buildLexicon({
  lists,
  locales,
  embeddings: readEmbeddings(join(import.meta.dirname, '../../../models/static-256/model')),
  hashText: code.hashText,
  random,
});
console.log(`${lexicon.length / 3} words in the lexicon`);
const read = code.createTokenReader();
const traitsOf = code.createTraitReader(code.createTaggerLexicon(lexicon));

const ner = [
  'wikiann_en_train',
  'wikigold.conll.txt',
  'wnut17train.conll',
  'btc_a.conll',
  'btc_b.conll',
  'btc_e.conll',
  'btc_f.conll',
  'btc_g.conll',
]
  .map((file) => [file, readNer(join(options.data, 'ner', file))])
  // The last tenth of wikigold is measured on.
  .flatMap(([file, all]) => {
    if (file.startsWith('wikigold')) return all.slice(0, Math.floor(all.length * 0.9));
    if (file.startsWith('wikiann')) return all.filter((_, index) => index % 2 === 0);
    return all;
  });
const synthetic = [
  ...makeSentences({
    templates,
    count: Number(options.sentences),
    seed,
    lists,
    heldOut: false,
    augment: true,
  }),
];
if (!isStrict)
  synthetic.push(
    ...makeSentences({
      templates,
      count: Math.floor(Number(options.sentences) / 4),
      seed: seed + 1,
      lists,
      heldOut: true,
      augment: true,
    }),
  );
console.log(`${synthetic.length} made sentences, ${ner.length} of public sets`);

/** Their words make no list: any may be met. */
const OPEN_TYPES = new Set(['person', 'location', 'organization', 'address']);
/** The lists of kinds are whole. */
const KINDS = ~63;
const hidden = { ...OUTSIDE, word: 3 };
/** Tokens, features and gold labels; some of what is known of a word is hidden, so that the rest learns to speak. */
function toSample({ text, entities, isPartial = false }) {
  const tokens = read(text, 0, text.length);
  const count = tokens.starts.length;
  if (count === 0) return undefined;
  const gaps = [...tokens.gaps];
  gaps[0] = GAP.break;
  const gold = new Int16Array(count);
  const traits = tokens.starts.map((start, index) =>
    tokens.isPiece[index] ? code.PIECE : traitsOf(text.slice(start, tokens.ends[index])),
  );
  const hide = (index, share) => {
    const roll = random();
    if (roll > share) return;
    const own = traits[index];
    if (own === code.PIECE || own.sign > 0) return;
    traits[index] =
      roll < share * 0.6
        ? { ...own, lists: own.lists & KINDS, coarse: 0, fine: 0 }
        : { ...own, lists: own.lists & KINDS, coarse: 0, fine: 0, word: hidden.word };
  };
  let next = 0;
  for (const { type, start, end } of entities) {
    const label = 2 * TAGGER_TYPES.indexOf(type) + 1;
    let isFirst = true;
    const share = random() < 0.35 ? 0.9 : 0.05;
    for (; next < count && tokens.starts[next] < end; next += 1) {
      if (tokens.starts[next] < start) {
        hide(next, 0.03);
        continue;
      }
      if (label > 0) gold[next] = isFirst ? label : label + 1;
      isFirst = false;
      if (OPEN_TYPES.has(type)) hide(next, share);
    }
  }
  const kinds = new Uint8Array(count);
  const breaks = new Uint8Array(count);
  const features = new Int32Array(count * FEATURE_COUNT);
  for (let index = 0; index < count; index += 1) {
    kinds[index] = code.transitionKind(gaps[index], traits[index]);
    breaks[index] = gaps[index] === GAP.break ? 1 : 0;
    code.writeTokenFeatures({ traits, gaps }, index, bits, features, index * FEATURE_COUNT);
    // The first is always there.
    for (let at = 1; at < FEATURE_COUNT; at += 1)
      if (random() < drop) features[index * FEATURE_COUNT + at] = -1;
  }
  return {
    count,
    features,
    kinds,
    breaks,
    gold,
    isPartial,
    freeFrom: 2 * TAGGER_TYPES.indexOf('title'),
  };
}

const all = [...synthetic, ...ner];
const models = [];
for (let model = 1; model <= Number(options.models); model += 1) {
  const perceptron = createPerceptron({ code, bits, missCost: 3, wrongCost: 1.5 });
  for (let round = 1; round <= Number(options.rounds); round += 1) {
    for (let index = all.length - 1; index > 0; index -= 1) {
      const other = Math.floor(random() * (index + 1));
      [all[index], all[other]] = [all[other], all[index]];
    }
    let wrong = 0;
    for (const sentence of all) {
      const sample = toSample(sentence);
      if (sample !== undefined && perceptron.learn(sample)) wrong += 1;
    }
    const seconds = Math.round(process.cpuUsage().user / 1e6);
    console.log(
      `model ${model}, round ${round}: ${wrong} of ${all.length} wrong, ${seconds} CPU s`,
    );
  }
  models.push(perceptron.average());
}
const bytes = writeWeights({
  code,
  bits,
  lexicon,
  ...quantise(models),
  recallBias: Number(options.bias),
  slope: 0.15,
  offset: 0,
});
writeFileSync(options.out, bytes);
console.log(`${bytes.length} bytes`);
