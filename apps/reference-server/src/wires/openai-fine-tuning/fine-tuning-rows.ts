import { z } from 'zod';
import { jsonObjectSchema, type JsonObject } from '@espalier/core';
import { WireError } from '../wire-error.js';

const messageSchema = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z.string().nullish(),
  weight: z.literal(1, { message: 'Must be 1: turns cannot be weighted here' }).optional(),
});
const messagesSchema = z.array(messageSchema).min(1);
const toolsSchema = z.array(jsonObjectSchema).optional();

const supervisedSchema = z
  .strictObject({
    messages: messagesSchema,
    tools: toolsSchema,
    parallel_tool_calls: z.boolean().optional(),
  })
  .refine(({ messages }) => messages.some(({ role }) => role === 'assistant'), {
    message: 'Must hold a turn of the assistant',
    path: ['messages'],
  });
const preferenceSchema = z.strictObject({
  input: z.strictObject({
    messages: messagesSchema,
    tools: toolsSchema,
    parallel_tool_calls: z.boolean().optional(),
  }),
  preferred_output: messagesSchema,
  non_preferred_output: messagesSchema,
});

type Message = z.output<typeof messageSchema>;

/**
 * OpenAI's rows as rows of a training job, one JSON text a line.
 *
 * @throws {WireError} `ERR_WIRE_TRAINING_ROW` with the number of the line that is wrong.
 */
export function toTrainingRows(options: {
  readonly text: string;
  readonly method: 'supervised' | 'dpo';
  readonly param: 'training_file' | 'validation_file';
}): { readonly text: string; readonly count: number } {
  const rows: string[] = [];
  for (const [index, line] of options.text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const fail = (problem: string): never => {
      throw rowInvalid(`line ${index + 1}: ${problem}`, options.param);
    };
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch (error) {
      fail(`it is not JSON: ${(error as Error).message.slice(0, 200)}`);
    }
    rows.push(JSON.stringify(options.method === 'dpo' ? pair(value, fail) : chat(value, fail)));
  }
  if (rows.length === 0) throw rowInvalid('it holds no rows', options.param);
  return { text: `${rows.join('\n')}\n`, count: rows.length };
}

type Fail = (problem: string) => never;

function chat(value: unknown, fail: Fail): JsonObject {
  const { messages, tools } = parse(supervisedSchema, value, fail);
  return { messages: messages.map(toMessage), ...(tools && { tools }) };
}

function pair(value: unknown, fail: Fail): JsonObject {
  const row = parse(preferenceSchema, value, fail);
  const { messages, tools } = row.input;
  return {
    prompt: messages.map(toMessage),
    chosen: row.preferred_output.map(toMessage),
    rejected: row.non_preferred_output.map(toMessage),
    ...(tools && { tools }),
  };
}

function parse<Row>(schema: z.ZodType<Row>, value: unknown, fail: Fail): Row {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  return fail(`"${issue?.path.join('.') ?? ''}": ${issue?.message.slice(0, 200) ?? 'it is wrong'}`);
}

/** Templates know no developers. */
function toMessage({ weight: _weight, role, content, ...rest }: Message): JsonObject {
  return {
    role: role === 'developer' ? 'system' : role,
    content: content ?? '',
    ...(rest as JsonObject),
  };
}

function rowInvalid(problem: string, param: string): WireError {
  return new WireError({
    kind: 'invalid-request',
    code: 'ERR_WIRE_TRAINING_ROW',
    message: `The file of "${param}" cannot be trained on: ${problem}.`,
    param,
    openaiCode: `invalid_${param}`,
  });
}
