import { resolve } from 'node:path';
import type { JsonObject, JsonValue } from '@espalier/core';
import {
  ChatTemplateError,
  loadChatTemplate,
  parseChatJson,
  type ChatTemplate,
} from '@espalier/encoders/chat-template';
import { z } from 'zod';
import { EXIT } from '../../errors/exit-codes.js';
import type { CliContext } from '../cli-context.js';
import { readJsonLines, rowError } from '../read-json-lines.js';

/** Options of `espalier chat-template`. */
export interface ChatTemplateOptions {
  readonly model: string;
  readonly file: string;
  readonly json?: boolean;
}

/** Rows come from JSON: what is in their messages is JSON. */
const rowSchema = z.looseObject({
  messages: z.array(
    z.custom<JsonObject>(
      (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
    ),
  ),
  tools: z.array(z.custom<JsonValue>()).nullish(),
  add_generation_prompt: z.boolean().default(false),
});

/** Prints each conversation as the text that the model was trained on, or why the template refuses it. */
export async function chatTemplate(
  options: ChatTemplateOptions,
  context: CliContext,
): Promise<number> {
  const { abortSignal } = context;
  const template = await loadChatTemplate({
    folder: resolve(context.directory, options.model),
    abortSignal,
  });
  for await (const { line, row } of readJsonLines(options.file, context, parseChatJson)) {
    const answer = answerOf(row, template, `${options.file}, line ${line}`);
    context.out(
      options.json === true || answer['text'] === undefined
        ? `${JSON.stringify(answer)}\n`
        : `${answer['text'] as string}\n`,
    );
  }
  return EXIT.ok;
}

function answerOf(row: JsonObject, template: ChatTemplate, place: string): JsonObject {
  const parsed = rowSchema.safeParse(row);
  if (!parsed.success)
    throw rowError(
      `${place}: it is not {"messages", "tools"?, "add_generation_prompt"?, …}. Correct the line.`,
      parsed.error,
    );
  const { messages, tools, add_generation_prompt: adds, ...variables } = parsed.data;
  try {
    const { text } = template.render({
      messages: messages,
      ...(tools === undefined || tools === null ? {} : { tools: tools }),
      addsGenerationPrompt: adds,
      variables: variables as JsonObject,
    });
    return { text };
  } catch (error) {
    if (ChatTemplateError.isInstance(error)) return { error: error.problem };
    throw error;
  }
}
