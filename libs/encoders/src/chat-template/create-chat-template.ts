import type { JsonObject, JsonValue, Span } from '@espalier/core';
import { ChatTemplateError } from '../errors.js';
import { evaluateTemplate } from './jinja/evaluate-template.js';
import type { JinjaNode } from './jinja/jinja-ast.js';
import { parseTemplate } from './jinja/parse-template.js';
import { createJinjaGlobals } from './jinja/jinja-globals.js';
import { fromJson, type JinjaValue } from './jinja/jinja-value.js';
import type { ChatTemplate, RenderChatOptions, RenderedChat } from './chat-template.js';

const OPEN = 'generation_open';
const CLOSE = 'generation_close';
const GENERATION_TAG = /\{%([-+]?)\s*(end)?generation\s*([-+]?)%\}/gu;
/** Names under which messages carry reasoning; templates read the first, some the second. */
const REASONING_KEYS = ['reasoning_content', 'thinking', 'reasoning'];
/** Characters that no text may hold mark where a generated part begins and ends. */
const FIRST_NONCHARACTER = 0xfdd0;
const NONCHARACTERS = 32;

/**
 * Creates a chat template from its Jinja source; renders what `apply_chat_template` of transformers renders.
 *
 * A number written `1.0` is the integer 1 as JavaScript's JSON has it; `parseChatJson` keeps it a floating-point number.
 *
 * @throws {ChatTemplateError} `ERR_ENCODERS_CHAT_TEMPLATE` — the source is no template.
 * @see https://huggingface.co/docs/transformers/chat_templating
 */
export function createChatTemplate(options: {
  source: string;
  /** Special tokens by the names that templates use, e.g. `bos_token`. */
  specialTokens?: Readonly<Record<string, JsonValue>>;
  /** What `strftime_now` takes as now. */
  now?: () => Date;
}): ChatTemplate {
  const { source } = options;
  const now = options.now ?? ((): Date => new Date());
  let program: JinjaNode;
  try {
    program = parseTemplate(marked(source));
  } catch (cause) {
    throw new ChatTemplateError({ problem: `it cannot be parsed: ${messageOf(cause)}`, cause });
  }
  return {
    source,
    render(chat) {
      const variables = variablesOf(chat, options.specialTokens ?? {});
      const [open, close] = freeMarks(variables);
      let text: string;
      try {
        text = evaluateTemplate(
          program,
          scopeOf({ ...variables, [OPEN]: open, [CLOSE]: close }, now),
        );
      } catch (cause) {
        throw new ChatTemplateError({ problem: messageOf(cause), cause });
      }
      return withoutMarks(text, open, close);
    },
  };
}

/** Puts marks where generation blocks begin and end; the tags around a mark trim what the block's own tags would. */
function marked(source: string): string {
  return source.replace(
    GENERATION_TAG,
    (_tag, left: string, end: string | undefined, right: string) => {
      const variable = end === undefined ? OPEN : CLOSE;
      return `{%${left} if true %}{{ ${variable} }}{% endif ${right}%}`;
    },
  );
}

function scopeOf(variables: JsonObject, now: () => Date): ReadonlyMap<string, JinjaValue> {
  const scope = createJinjaGlobals({ now });
  for (const [name, value] of Object.entries(variables)) scope.set(name, fromJson(value));
  return scope;
}

function variablesOf(
  chat: RenderChatOptions,
  specialTokens: Readonly<Record<string, JsonValue>>,
): JsonObject {
  return {
    ...specialTokens,
    ...chat.variables,
    messages: chat.messages.map(withReasoning),
    tools: chat.tools === undefined ? null : [...chat.tools],
    documents: chat.variables?.['documents'] ?? null,
    add_generation_prompt: chat.addsGenerationPrompt ?? false,
  };
}

function withReasoning(message: JsonObject): JsonObject {
  const present = Object.fromEntries(Object.entries(message).filter(([, value]) => value !== null));
  const key = REASONING_KEYS.find((name) => present[name] !== undefined);
  if (key === undefined) return present;
  const reasoning = present[key] as JsonValue;
  return { thinking: reasoning, ...present, reasoning_content: reasoning };
}

/** Two characters that occur nowhere in what is rendered. */
function freeMarks(variables: JsonObject): readonly [string, string] {
  const used = JSON.stringify(variables);
  const free = Array.from({ length: NONCHARACTERS }, (_, index) =>
    String.fromCharCode(FIRST_NONCHARACTER + index),
  ).filter((character) => !used.includes(character));
  const [open, close] = free;
  if (open === undefined || close === undefined)
    throw new ChatTemplateError({ problem: 'the conversation holds all of U+FDD0 to U+FDEF' });
  return [open, close];
}

function withoutMarks(marks: string, open: string, close: string): RenderedChat {
  let text = '';
  const generated: Span[] = [];
  const starts: number[] = [];
  for (const part of marks.split(new RegExp(`([${open}${close}])`, 'u'))) {
    if (part === open) starts.push(text.length);
    else if (part === close) generated.push({ start: starts.pop() ?? 0, end: text.length });
    else text += part;
  }
  return { text, generated };
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);
