/**
 * Candidates differ by at least as much before the names that they declare count in full: among prose, the one example of
 * code would stand out for nothing but being code.
 */
export const MIN_DECLARED_DEVIATION = 0.1;

/** Longer lines are data, or made by a machine. */
const MAX_LINE = 300;
const MODIFIERS =
  '(?:(?:export|default|public|private|protected|internal|static|abstract|final|async|pub|pub\\([a-z]+\\)|unsafe|virtual|override|inline|extern|declare|readonly|sealed|open|data|suspend)[ \\t]+)*';
const KEYWORDS =
  '(?:def|class|function\\*?|func|fn|struct|enum|trait|impl|interface|type|module|namespace|object|record|const|let|var|val|macro_rules!)';
/** `export class Name {`, `pub fn name(`, `const name = …` */
const BY_KEYWORD = new RegExp(
  `^[ \\t]*${MODIFIERS}${KEYWORDS}[ \\t]+(?:\\([^()]*\\)[ \\t]*)?([A-Za-z_$][\\w$]*).*?[({:<;=[]`,
  'u',
);
/** `name(parameters) {` and, with types before it, `int *name(parameters)`; a call ends otherwise. */
const BY_SHAPE =
  /^[ \t]*(?:[\w$<>[\],.:&*?]+[ \t]+)*[*&]*([A-Za-z_$#~][\w$]*)[ \t]*\([^()]*\)[^(){};=]*\{[ \t]*$/u;
const NO_NAMES = new Set(['if', 'for', 'while', 'switch', 'catch', 'with', 'function', 'return']);

/**
 * Returns the names that a piece of code declares: functions, methods, classes, types and variables, in any of the
 * languages that say so at the beginning of a line. Prose declares none.
 *
 * Cost: linear in the length of the text.
 */
export function declaredNames(text: string): string[] {
  const names: string[] = [];
  for (const line of text.split('\n')) {
    if (line.length > MAX_LINE) continue;
    const name = (BY_KEYWORD.exec(line) ?? BY_SHAPE.exec(line.trimEnd()))?.[1];
    if (name !== undefined && !NO_NAMES.has(name)) names.push(name);
  }
  return names;
}

/** How much of their weight the scores of candidates get: all where they differ enough, else in proportion. */
export function declaredScale(scores: Float32Array): number {
  const mean = scores.reduce((sum, score) => sum + score, 0) / Math.max(1, scores.length);
  const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / Math.max(1, scores.length));
  return Math.min(1, deviation / MIN_DECLARED_DEVIATION);
}
