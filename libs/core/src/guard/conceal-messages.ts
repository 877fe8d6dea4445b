import type { JsonValue } from '../json/json-value.js';
import type { Message } from '../messages/message.js';
import type { AssistantPart } from '../messages/part.js';
import type { Guardrails } from './guardrails.js';

/**
 * Takes out of the assistant's turns what guardrails have put back into them, so that the model sees what it said itself.
 *
 * The same messages where nothing has to be taken out.
 */
export async function concealMessages(
  guardrails: Guardrails | undefined,
  messages: readonly Message[],
): Promise<readonly Message[]> {
  const conceal = guardrails?.conceal?.bind(guardrails);
  if (conceal === undefined) return messages;
  return Promise.all(
    messages.map(async (message): Promise<Message> => {
      if (message.role !== 'assistant') return message;
      const content = await Promise.all(message.content.map((part) => concealPart(part, conceal)));
      return { ...message, content };
    }),
  );
}

type Conceal = (text: string) => Promise<string>;

async function concealPart(part: AssistantPart, conceal: Conceal): Promise<AssistantPart> {
  switch (part.type) {
    case 'text':
    case 'reasoning':
      return { ...part, text: await conceal(part.text) };
    case 'tool-call':
      return { ...part, input: await concealValue(part.input, conceal) };
    default:
      return part;
  }
}

async function concealValue(value: JsonValue, conceal: Conceal): Promise<JsonValue> {
  if (typeof value === 'string') return conceal(value);
  if (Array.isArray(value)) return Promise.all(value.map((item) => concealValue(item, conceal)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = await Promise.all(
    Object.entries(value).map(async ([key, item]) => [key, await concealValue(item, conceal)]),
  );
  return Object.fromEntries(entries) as JsonValue;
}
