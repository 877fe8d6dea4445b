import type { LineSource, ParsedRows, RowProblem } from '@espalier/rag/evaluation';

/** Reads one JSON object a line with a `text`. */
export async function readPrompts({
  file,
  lines,
}: LineSource): Promise<ParsedRows<readonly string[]>> {
  const rows: string[] = [];
  const problems: RowProblem[] = [];
  let line = 0;
  for await (const given of lines) {
    line += 1;
    if (given.trim() === '') continue;
    const text = textOf(given);
    if (text === undefined)
      problems.push({ file, line, problem: 'no JSON object with a string "text"' });
    else rows.push(text);
  }
  return { rows, problems };
}

function textOf(line: string): string | undefined {
  try {
    const { text } = (JSON.parse(line) ?? {}) as { text?: unknown };
    return typeof text === 'string' ? text : undefined;
  } catch {
    return undefined;
  }
}
