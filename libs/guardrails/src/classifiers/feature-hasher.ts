const OFFSET = 0x81_1c_9d_c5;
const PRIME = 0x01_00_01_93;
const WORD_SALT = 0x77;
const CHARACTER_SIZES = [false, false, true, true, true, true] as const;
const LONGEST = CHARACTER_SIZES.length - 1;
const WORD = /[a-z0-9\u0080-\uFFFF']+/g;

/** Fills the buckets of a text's character n-grams (2 to 5) and word n-grams (1 to 3). */
export interface FeatureHasher {
  /**
   * The buckets of a text, each once; valid until the next call.
   *
   * The text is lower case, with runs of white space as one blank. Linear in the text.
   */
  hash(text: string): Uint32Array;
}

/** Creates a hasher over a power of two of buckets; `features.py` of the training makes the same ones. */
export function createFeatureHasher(buckets: number): FeatureHasher {
  // The round in which a bucket was last filled: clearing a set of buckets would cost more than filling it.
  const rounds = new Uint32Array(buckets);
  let found = new Uint32Array(4096);
  let round = 0;
  let count = 0;
  const add = (hash: number): void => {
    let mixed = hash ^ (hash >>> 15);
    mixed = Math.imul(mixed, 0x2c_1b_3c_6d);
    mixed ^= mixed >>> 13;
    const bucket = (mixed & (buckets - 1)) >>> 0;
    if (rounds[bucket] === round) return;
    rounds[bucket] = round;
    if (count === found.length) {
      const larger = new Uint32Array(found.length * 2);
      larger.set(found);
      found = larger;
    }
    found[count] = bucket;
    count += 1;
  };
  return {
    hash(text) {
      round += 1;
      count = 0;
      const units = ` ${text} `;
      for (let start = 0; start < units.length; start += 1) {
        let running = OFFSET;
        for (let size = 1; size <= LONGEST && start + size <= units.length; size += 1) {
          running = Math.imul(running ^ units.charCodeAt(start + size - 1), PRIME);
          if (CHARACTER_SIZES[size] === true) add(running >>> 0);
        }
      }
      let [before, last] = [0, 0];
      let words = 0;
      for (const [word] of text.matchAll(WORD)) {
        const own = hashWord(word);
        add(own);
        if (words > 0) add((Math.imul(last, 31) ^ own) >>> 0);
        if (words > 1) add((Math.imul(Math.imul(before, 31) ^ last, 31) ^ own) >>> 0);
        [before, last] = [last, own];
        words += 1;
      }
      return found.subarray(0, count);
    },
  };
}

function hashWord(word: string): number {
  let value = OFFSET ^ WORD_SALT;
  for (let index = 0; index < word.length; index += 1) {
    value = Math.imul(value ^ word.charCodeAt(index), PRIME);
  }
  return value >>> 0;
}
