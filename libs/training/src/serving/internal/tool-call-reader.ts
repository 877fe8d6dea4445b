import { jsonObjectSchema, type JsonObject } from '@espalier/core';

/** A piece of an answer: text, or a call of a tool. */
export type AnswerPiece =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'call'; readonly name: string; readonly input: JsonObject };

/** Tells calls of tools from text, as it comes. */
export interface ToolCallReader {
  add(text: string): readonly AnswerPiece[];
  /** What was held back. */
  end(): readonly AnswerPiece[];
}

/** Where calls begin; without an end they go on to the end of the answer. */
const MARKS: readonly { readonly begin: string; readonly end?: string }[] = [
  // Hermes, Qwen.
  { begin: '<tool_call>', end: '</tool_call>' },
  // Llama 3.
  { begin: '<|python_tag|>' },
  // Mistral.
  { begin: '[TOOL_CALLS]' },
];

/**
 * Creates a reader of the forms in which models write calls: `<tool_call>{…}</tool_call>` (Hermes, Qwen), JSON after
 * `<|python_tag|>` or alone (Llama 3), and a JSON array after `[TOOL_CALLS]` or alone (Mistral).
 *
 * What looks like a call but names no tool that was offered, or is no JSON, is text. Text goes on as it comes but for what
 * may become a call.
 */
export function createToolCallReader(toolNames: readonly string[]): ToolCallReader {
  let held = '';
  /** Set while a call is read: what ends it; `null`: the end of the answer. */
  let call: { readonly begin: string; readonly end: string | null } | undefined;
  let hasText = false;
  /** Whether a call was the last that came. */
  let isAfterCall = false;

  const textPieces = (text: string): AnswerPiece[] => {
    if (text === '') return [];
    hasText ||= text.trim() !== '';
    isAfterCall = false;
    return [{ type: 'text', text }];
  };
  const callPieces = (raw: string, body: string): AnswerPiece[] => {
    const calls = readCalls(body, toolNames);
    if (calls === undefined) return textPieces(raw);
    isAfterCall = true;
    return calls;
  };
  const step = (): AnswerPiece[] | undefined => {
    if (call !== undefined) {
      if (call.end === null) return undefined;
      const end = held.indexOf(call.end, call.begin.length);
      if (end < 0) return undefined;
      const raw = held.slice(0, end + call.end.length);
      const pieces = callPieces(raw, held.slice(call.begin.length, end));
      held = held.slice(raw.length);
      call = undefined;
      return pieces;
    }
    // A call alone is the whole answer: nothing but space may stand before it.
    if (
      !hasText &&
      !isAfterCall &&
      /^\s*[[{]/u.test(held) &&
      !held.trimStart().startsWith('[TOOL')
    ) {
      if (!'[TOOL_CALLS]'.startsWith(held.trimStart())) call = { begin: '', end: null };
      return undefined;
    }
    const found = MARKS.map((mark) => ({ mark, at: held.indexOf(mark.begin) }))
      .filter(({ at }) => at >= 0)
      .sort((a, b) => a.at - b.at)[0];
    if (found !== undefined) {
      const before = held.slice(0, found.at);
      held = held.slice(found.at);
      call = { begin: found.mark.begin, end: found.mark.end ?? null };
      return before.trim() === '' ? [] : textPieces(before);
    }
    const kept = longestBeginning(held);
    const text = held.slice(0, held.length - kept);
    // Space before a call belongs to neither.
    if ((!hasText || isAfterCall) && text.trim() === '') return undefined;
    held = held.slice(text.length);
    return text === '' ? undefined : textPieces(text);
  };
  return {
    add(text) {
      held += text;
      const pieces: AnswerPiece[] = [];
      for (let next = step(); next !== undefined; next = step()) pieces.push(...next);
      return pieces;
    },
    end() {
      const raw = held;
      held = '';
      if (call === undefined) return isAfterCall && raw.trim() === '' ? [] : textPieces(raw);
      return callPieces(raw, raw.slice(call.begin.length));
    },
  };
}

/** The calls that a text consists of; undefined where it is anything else. */
function readCalls(text: string, toolNames: readonly string[]): AnswerPiece[] | undefined {
  const values = parseValues(text);
  if (values === undefined || values.length === 0) return undefined;
  const calls = values.map((value): AnswerPiece | undefined => {
    const written = jsonObjectSchema.safeParse(value).data;
    const name = written?.['name'];
    if (typeof name !== 'string' || !toolNames.includes(name)) return undefined;
    const given = written?.['arguments'] ?? written?.['parameters'] ?? {};
    const input = jsonObjectSchema.safeParse(typeof given === 'string' ? parseJson(given) : given);
    return input.success ? { type: 'call', name, input: input.data } : undefined;
  });
  return calls.every((one) => one !== undefined) ? calls : undefined;
}

/** One JSON value, the members of an array, or several separated by semicolons. */
function parseValues(text: string): readonly unknown[] | undefined {
  const whole = parseJson(text.trim());
  if (Array.isArray(whole)) return whole as readonly unknown[];
  if (whole !== undefined) return [whole];
  const parts = text.split(/\}\s*;\s*(?=\{)/u);
  const values = parts.map((part, index) =>
    parseJson(index < parts.length - 1 ? `${part}}` : part.trim()),
  );
  return values.includes(undefined) ? undefined : values;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** How much of the end of a text may be the beginning of a mark. */
function longestBeginning(text: string): number {
  let longest = 0;
  for (const { begin } of MARKS)
    for (let length = Math.min(begin.length - 1, text.length); length > longest; length--)
      if (text.endsWith(begin.slice(0, length))) longest = length;
  return longest;
}
