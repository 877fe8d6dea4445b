import {
  addUsage,
  userMessage,
  type JsonObject,
  type LanguageModel,
  type Message,
  type Usage,
  type Warning,
} from '@espalier/core';
import * as z from '@espalier/core/zod';

/** What a model is asked. */
export interface AskForJsonOptions<Value> {
  readonly model: LanguageModel;
  /** Names the form, for the model and in warnings. */
  readonly name: string;
  readonly system: string;
  readonly prompt: string;
  /** Checks what comes back. */
  readonly schema: z.ZodType<Value>;
  /** The same as JSON Schema, for models that can be held to it. */
  readonly jsonSchema: JsonObject;
  readonly maxOutputTokens?: number;
  /** How often an answer of another form is sent back to be put right. Default 0. */
  readonly repairs?: number;
  readonly abortSignal?: AbortSignal | undefined;
}

/** An answer, and what it took. */
export interface JsonAnswer<Value> {
  /** Undefined where the model did not give what was asked for. */
  readonly value: Value | undefined;
  readonly usage: Usage;
  readonly warnings: readonly Warning[];
}

/**
 * Asks a language model for JSON of a form.
 *
 * An answer of another form is sent back `repairs` times; one that stays so is no error but a warning: what can be done without it is
 * done. Failures of the model itself
 * are thrown.
 */
export async function askForJson<Value>(
  options: AskForJsonOptions<Value>,
): Promise<JsonAnswer<Value>> {
  const { model, name, schema, jsonSchema, abortSignal } = options;
  const held = model.limits.supportsJsonSchema;
  const form = held
    ? ''
    : `\nAnswer with nothing but JSON that fits this schema:\n${JSON.stringify(jsonSchema)}`;
  let messages: readonly Message[] = [
    { role: 'system', content: options.system + form },
    userMessage(options.prompt),
  ];
  const tally = createAnswerTally();
  for (let repairs = options.repairs ?? 0; ; repairs -= 1) {
    const { content, usage, warnings } = await model.doGenerate({
      messages,
      temperature: 0,
      responseFormat: held ? { type: 'json', name, schema: jsonSchema } : { type: 'json' },
      ...(options.maxOutputTokens === undefined
        ? {}
        : { maxOutputTokens: options.maxOutputTokens }),
      ...(abortSignal === undefined ? {} : { abortSignal }),
    });
    tally.add({ usage, warnings });
    const text = content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('');
    const parsed = schema.safeParse(jsonIn(text));
    if (parsed.success) return { value: parsed.data, usage: tally.usage, warnings: tally.warnings };
    if (repairs <= 0) {
      const message = `The model ${model.provider}/${model.modelId} gave no usable ${name}; it was done without.`;
      return {
        value: undefined,
        usage: tally.usage,
        warnings: [...tally.warnings, { message }],
      };
    }
    messages = [
      ...messages,
      { role: 'assistant', content: [{ type: 'text', text }] },
      userMessage(
        `That does not fit the schema:\n${z.prettifyError(parsed.error)}\nAnswer again with nothing but JSON that fits it.`,
      ),
    ];
  }
}

/** Adds up what several answers took; equal warnings are told once. */
export function createAnswerTally(): {
  add(answer: Pick<JsonAnswer<unknown>, 'usage' | 'warnings'>): void;
  readonly usage: Usage;
  readonly warnings: readonly Warning[];
} {
  let usage: Usage = {};
  const warnings = new Map<string, Warning>();
  return {
    add(answer) {
      usage = addUsage(usage, answer.usage);
      for (const warning of answer.warnings) warnings.set(JSON.stringify(warning), warning);
    },
    get usage() {
      return usage;
    },
    get warnings() {
      return [...warnings.values()];
    },
  };
}

/** The JSON of an answer, also where words or a code fence stand around it. */
function jsonIn(text: string): unknown {
  const start = text.search(/[[{]/u);
  const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'));
  for (const candidate of [text, text.slice(Math.max(0, start), end + 1)]) {
    try {
      return JSON.parse(candidate) as unknown;
    } catch {
      // The next one, or none.
    }
  }
  return undefined;
}
