import { mix } from './hash.js';
import { OUTSIDE, type TokenTraits } from './token-traits.js';

/** How many tokens on each side a label's features see. */
export const WINDOW = 3;
/** The features of one token. */
export const FEATURE_COUNT = 63;

/**
 * Writes the features of the token in the middle of `window` (2 × `WINDOW` + 1 tokens, with the gaps before each) into
 * `target` from `offset` on, as numbers below 2^`bits`.
 */
export function writeFeatures(
  window: readonly TokenTraits[],
  gaps: readonly number[],
  bits: number,
  target: Int32Array,
  offset: number,
): void {
  const [
    a = OUTSIDE,
    b = OUTSIDE,
    c = OUTSIDE,
    t = OUTSIDE,
    d = OUTSIDE,
    e = OUTSIDE,
    f = OUTSIDE,
  ] = window;
  const gapBefore = gaps[WINDOW] ?? 0;
  const gapAfter = gaps[WINDOW + 1] ?? 0;
  const gapEarlier = gaps[WINDOW - 1] ?? 0;
  const gapLater = gaps[WINDOW + 2] ?? 0;
  const down = 32 - bits;
  let at = offset;
  let id = 0;
  const one = (value: number): void => {
    id += 1;
    target[at] = mix(mix(id, value), 0x5b_d1_e9_95) >>> down;
    at += 1;
  };
  const two = (first: number, second: number): void => {
    id += 1;
    target[at] = mix(mix(mix(id, first), second), 0x5b_d1_e9_95) >>> down;
    at += 1;
  };
  const three = (first: number, second: number, third: number): void => {
    id += 1;
    target[at] = mix(mix(mix(mix(id, first), second), third), 0x5b_d1_e9_95) >>> down;
    at += 1;
  };
  const kind = t.lists >> 6;
  const place = (t.lists >> 2) & 15;
  const nameBits = t.lists & 3;
  const names = (u: TokenTraits): number => (u.lists & 3) | ((u.lists & 60) === 0 ? 0 : 4);
  one(0);
  one(t.word);
  one(t.shape);
  one(t.lists);
  one(nameBits);
  one(place);
  one(kind);
  one(t.coarse);
  one(t.fine);
  one(t.prefix2);
  one(t.prefix3);
  one(t.suffix2);
  one(t.suffix3);
  one(t.suffix4);
  two(t.word, t.shape);
  two(t.lists, t.shape);
  two(t.coarse, t.shape);
  two(t.suffix3, t.shape);
  two(mix(gapBefore, gapAfter), t.shape);
  two(gapBefore, mix(t.lists, t.shape));
  three(gapBefore, c.shape, t.shape);
  three(gapAfter, t.shape, d.shape);
  three(mix(gapEarlier, gapBefore), mix(gapAfter, gapLater), t.shape);
  one(c.word);
  one(d.word);
  one(b.word);
  one(e.word);
  one(a.word);
  one(f.word);
  one(c.fine);
  one(d.fine);
  one(b.fine);
  one(e.fine);
  one(a.coarse);
  one(f.coarse);
  two(c.lists, c.shape);
  two(d.lists, d.shape);
  one(c.suffix3);
  one(d.suffix3);
  two(c.word, t.word);
  two(t.word, d.word);
  two(c.word, t.shape);
  two(d.word, t.shape);
  two(c.word, names(t));
  two(d.word, names(t));
  two(c.fine, t.shape);
  two(d.fine, t.shape);
  three(c.lists >> 6, t.shape, gapBefore);
  three(d.lists >> 6, t.shape, gapAfter);
  three(b.lists >> 6, c.shape, t.shape);
  three(t.shape, d.shape, e.lists >> 6);
  three(names(c), names(t), names(d));
  two(mix(names(b), names(c)), mix(names(t), t.shape));
  three(c.shape, t.shape, d.shape);
  three(mix(b.shape, c.shape), t.shape, mix(d.shape, e.shape));
  three(b.word, c.word, t.shape);
  three(d.word, e.word, t.shape);
  three(b.fine, c.fine, t.shape);
  three(b.coarse, c.coarse, mix(names(t), t.shape));
  three(d.coarse, e.coarse, mix(names(t), t.shape));
  three(a.word, b.word, c.word);
  three(mix(a.shape, b.shape), c.shape, t.shape);
  three(t.shape, d.shape, mix(e.shape, f.shape));
}
