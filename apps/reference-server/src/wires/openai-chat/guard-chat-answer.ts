import type { Guardrails, JsonObject, RailPoint } from '@espalier/core';
import { isObject } from '../request/guard-input.js';

/** Shows every text of a whole chat completion to the output rails and puts what they leave in place. */
export async function guardChatAnswer(guardrails: Guardrails, answer: JsonObject): Promise<void> {
  for (const choice of (answer['choices'] as JsonObject[]).filter(isObject)) {
    const message = choice['message'];
    if (!isObject(message)) continue;
    const texts: { holder: JsonObject; key: string; point: RailPoint }[] = [
      { holder: message, key: 'content', point: 'output' },
      { holder: message, key: 'reasoning_content', point: 'output' },
      { holder: message, key: 'reasoning', point: 'output' },
      { holder: message, key: 'refusal', point: 'output' },
    ];
    for (const call of Array.isArray(message['tool_calls'])
      ? message['tool_calls'].filter(isObject)
      : []) {
      const { function: called } = call;
      if (isObject(called)) texts.push({ holder: called, key: 'arguments', point: 'tool-call' });
    }
    for (const { holder, key, point } of texts) {
      const text = holder[key];
      if (typeof text !== 'string' || text === '') continue;
      const result = await guardrails.check({ point, text });
      if (result.isBlocked) {
        choice['message'] = { role: 'assistant', content: '', refusal: null };
        choice['finish_reason'] = 'content_filter';
        delete choice['logprobs'];
        break;
      }
      if (result.text !== text) {
        holder[key] = result.text;
        // The tokens would spell out what was taken away.
        delete choice['logprobs'];
      }
    }
  }
}
