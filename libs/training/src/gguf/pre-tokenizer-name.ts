import type { Part } from './read-tokenizer-files.js';

const CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const SPACES = '\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+';
const UPPER = '[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]';
const LOWER = '[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]';
const LEAD = '[^\\r\\n\\p{L}\\p{N}]?';
const cased = (end: string): string =>
  `${LEAD}${UPPER}*${LOWER}+${end}|${LEAD}${UPPER}+${LOWER}*${end}`;

/** Patterns that published tokenisers split by, and the name under which llama.cpp has each. */
const NAMES: ReadonlyMap<string, string> = new Map([
  [
    `${CONTRACTION}|${LEAD}\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|${SPACES}`,
    'llama-bpe',
  ],
  [`${CONTRACTION}|${LEAD}\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|${SPACES}`, 'qwen2'],
  [`${cased('')}|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|${SPACES}`, 'tekken'],
  [`${cased(`${CONTRACTION}?`)}|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|${SPACES}`, 'gpt-4o'],
]);

/** The name under which llama.cpp splits text as a pre-tokeniser does; undefined where it has none. */
export function preTokenizerName(preTokenizer: Part | null): string | undefined {
  const parts =
    preTokenizer?.type === 'Sequence'
      ? (preTokenizer['pretokenizers'] as readonly Part[])
      : preTokenizer === null
        ? []
        : [preTokenizer];
  const bytes = parts.at(-1);
  if (bytes?.type !== 'ByteLevel' || bytes['add_prefix_space'] === true) return undefined;
  const [first, second] = parts;
  const usesOwnPattern = bytes['use_regex'] !== false;
  if (parts.length === 1) return usesOwnPattern ? 'gpt-2' : undefined;
  if (parts.length !== 2 || second !== bytes) return undefined;
  if (first?.type === 'Digits' && first['individual_digits'] === true && usesOwnPattern)
    return 'smollm';
  const { Regex: pattern } = (first?.['pattern'] ?? {}) as { Regex?: string };
  return first?.type === 'Split' && !usesOwnPattern ? NAMES.get(pattern ?? '') : undefined;
}
