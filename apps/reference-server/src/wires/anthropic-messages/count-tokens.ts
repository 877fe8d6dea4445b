import type { LanguageModelCallOptions } from '@espalier/core';
import type { ModelTarget } from '../wires-context.js';

const CHARACTERS_PER_TOKEN = 4;
const TOKENS_PER_IMAGE = 1_000;
const TOKENS_PER_MESSAGE = 4;

/** The input tokens of a call: counted where the model can, else estimated at four characters a token. */
export async function countInputTokens(
  target: ModelTarget,
  call: LanguageModelCallOptions,
): Promise<number> {
  if (target.kind === 'model' && target.model.countTokens !== undefined)
    return target.model.countTokens(call);
  let characters = call.tools === undefined ? 0 : JSON.stringify(call.tools).length;
  let tokens = call.messages.length * TOKENS_PER_MESSAGE;
  for (const message of call.messages) {
    if (message.role === 'system') {
      characters += message.content.length;
      continue;
    }
    for (const part of message.content) {
      if (part.type === 'text' || part.type === 'reasoning') characters += part.text.length;
      else if (part.type === 'image' || part.type === 'file') tokens += TOKENS_PER_IMAGE;
      else characters += JSON.stringify(part).length;
    }
  }
  return tokens + Math.ceil(characters / CHARACTERS_PER_TOKEN);
}
