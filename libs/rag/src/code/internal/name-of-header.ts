const MAX_HEADER = 600;
const CONTROL = new Set(
  'if for while switch catch return else do try synchronized using lock foreach match loop select with when unless guard until elif function func fn sizeof fixed unsafe checked defer repeat await new throw yield case'.split(
    ' ',
  ),
);
const TYPE =
  /\b(?:class|interface|enum|struct|union|trait|namespace|module|object|record|extension|protocol|actor|mod|package)\s+(?:class\s+)?([\p{L}_$](?:[\p{L}\p{N}_$.]|::)*)/gu;
const GO_TYPE = /\btype\s+([\p{L}_]\w*)\s+(?:struct|interface)\b/gu;
const IMPL = /\bimpl\b(?:\s*<[^{}]{0,200}?>)?\s+([^{}]{1,200}?)\s*(?:\bwhere\b[^{}]*)?$/u;
const GO_METHOD = /\bfunc\s*\(\s*(?:\w+\s+)?\*?\s*([\p{L}_]\w*)[^)]*\)\s*([\p{L}_]\w*)\s*\(/gu;
const FUNCTION = /\b(?:function\b\s*\*?|(?:func|fn|fun|def|sub)\b)\s*([\p{L}_$][\p{L}\p{N}_$.]*)/gu;
const ASSIGNED =
  /^[ \t]*(?:(?:export|default|const|let|var|val|public|private|protected|static|readonly)\s+)*([\p{L}_$][\p{L}\p{N}_$]*)\s*(?::[^=;{}\n]{0,100})?[=:]\s*(?:async\b\s*)?(?:function\b|[(<]|[\p{L}_$][\p{L}\p{N}_$]*\s*=>)/gmu;
const CALLED =
  /(^|[^\p{L}\p{N}_$@#.])(~?[\p{L}_$][\p{L}\p{N}_$]*(?:::~?[\p{L}_$][\p{L}\p{N}_$]*)*)\s*(?:<[^<>(){}]{0,100}>)?\s*\(/gu;

/**
 * Returns the name of what a brace at `end` opens, and where the line that declares it begins; undefined where it opens
 * no declaration (a condition, a loop, an object).
 *
 * `masked` is code with comments and strings blank; what is looked at begins at `boundary`.
 */
export function nameOfHeader(
  masked: string,
  boundary: number,
  end: number,
): { name: string; start: number } | undefined {
  const from = Math.max(boundary, end - MAX_HEADER);
  const header = masked.slice(from, end).trimEnd();
  if (header.trim() === '') return undefined;
  const place = (index: number, name: string): { name: string; start: number } => ({
    name,
    start: from + index,
  });
  const impl = IMPL.exec(header);
  if (impl !== null) return place(impl.index, `impl ${(impl[1] ?? '').replaceAll(/\s+/gu, ' ')}`);
  const method = lastMatch(header, GO_METHOD);
  if (method !== undefined) return place(method.index, `${method[1] ?? ''}.${method[2] ?? ''}`);
  const type = lastMatch(header, GO_TYPE) ?? lastMatch(header, TYPE);
  const named = lastMatch(header, FUNCTION);
  if (named !== undefined && (type === undefined || named.index > type.index))
    return place(named.index, named[1] ?? '');
  if (type !== undefined && !hasCallAfter(header, type.index + type[0].length))
    return place(type.index, type[1] ?? '');
  if (/=>$|\bfunction\b/u.test(header)) {
    const assigned = lastMatch(header, ASSIGNED);
    return assigned === undefined ? undefined : place(assigned.index, assigned[1] ?? '');
  }
  return calledName(header, place);
}

/** The name before the parameters of a method: the last one that begins a line, modifiers and types left out. */
function calledName(
  header: string,
  place: (index: number, name: string) => { name: string; start: number },
): { name: string; start: number } | undefined {
  // After its parameters a method may have a return type or a clause, but no operator.
  if (!/\)[^=()]*$/u.test(header) || /[=:]\s*$/u.test(header)) return undefined;
  let found: { name: string; start: number } | undefined;
  for (const match of header.matchAll(CALLED)) {
    const name = match[2] ?? '';
    const index = match.index + (match[1]?.length ?? 0);
    const lineStart = header.lastIndexOf('\n', index - 1) + 1;
    const before = header.slice(lineStart, index).trim();
    if (
      CONTROL.has(name) ||
      /[=(]|^[:,.]/u.test(before) ||
      CONTROL.has(before.split(/\s+/u)[0] ?? '')
    )
      continue;
    found = place(index, name);
  }
  return found;
}

function hasCallAfter(header: string, index: number): boolean {
  // `class A(x: Int)` of Kotlin and Scala is a class; `new class Foo … bar()` on a later line is not.
  return (
    /\n\s*[\p{L}_$][^\n]*\)\s*$/u.test(header.slice(index)) &&
    !/[:,]\s*\n/u.test(header.slice(index))
  );
}

function lastMatch(text: string, pattern: RegExp): RegExpExecArray | undefined {
  return [...text.matchAll(pattern)].at(-1);
}
