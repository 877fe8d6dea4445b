import { createFakeValues } from './fake-values.mjs';
import { PLAIN } from './word-lists.mjs';

/** A seeded source of numbers in [0, 1) (mulberry32). */
export function seededRandom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Fills one frame: `{ text, entities: [{ type, start, end }] }`. */
export function fillFrame(written, { makers, pick }) {
  let frame = written;
  while (/\[[^[\]]*\]/.test(frame))
    frame = frame.replace(/\[([^[\]]*)\]/g, (_, options) => pick(options.split('|')));
  frame = frame.replaceAll('\\{', '\u0001').replaceAll('\\}', '\u0002');
  let text = '';
  const entities = [];
  let position = 0;
  for (const slot of frame.matchAll(/\{([A-Z]+)\}/g)) {
    text += frame.slice(position, slot.index);
    position = slot.index + slot[0].length;
    if (slot[1] === 'SENTENCE') {
      text += pick(PLAIN);
      continue;
    }
    for (const [type, value] of makers[slot[1]]()) {
      const before = entities.at(-1);
      const start = text.length;
      const end = start + value.length;
      // A day and a time side by side are one moment.
      if (type === 'date-time' && before?.type === type && text.slice(before.end) === ' ')
        before.end = end;
      else if (type !== undefined) entities.push({ type, start, end });
      text += value;
    }
  }
  text += frame.slice(position);
  text = text.replaceAll('\u0001', '{').replaceAll('\u0002', '}');
  return { text, entities };
}

/** Fills frames. */
export function* makeSentences({ templates, count, seed, lists, heldOut, augment }) {
  const random = seededRandom(seed);
  const { makers, pick, chance } = createFakeValues({ random, lists, heldOut });
  const one = () => {
    if (augment && chance(0.06)) return plain(pick, chance);
    return fillFrame(pick(templates), { makers, pick });
  };
  for (let made = 0; made < count; made += 1) {
    let sample = one();
    if (augment && chance(0.25)) {
      const next = chance(0.4) ? plain(pick, chance) : one();
      sample = join(sample, next, pick([' ', '\n', '. ', '\n\n']));
    }
    if (augment) {
      const roll = chance(0.07) ? 'lower' : chance(0.03) ? 'upper' : 'asis';
      const text =
        roll === 'lower'
          ? sample.text.toLowerCase()
          : roll === 'upper'
            ? sample.text.toUpperCase()
            : sample.text;
      if (text.length === sample.text.length) sample = { ...sample, text };
    }
    yield sample;
  }
}

function plain(pick, chance) {
  const text = pick(PLAIN);
  return { text: chance(0.5) ? `${text}.` : text, entities: [] };
}

function join(first, second, separator) {
  const shift = first.text.length + separator.length;
  return {
    text: first.text + separator + second.text,
    entities: [
      ...first.entities,
      ...second.entities.map((entity) => ({
        ...entity,
        start: entity.start + shift,
        end: entity.end + shift,
      })),
    ],
  };
}
