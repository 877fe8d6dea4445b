import type { Guardrails, JsonObject, RailPoint } from '@espalier/core';
import { isObject } from '../request/guard-input.js';

/** Shows every text of a whole message to the output rails and puts what they leave in place. */
export async function guardMessagesAnswer(
  guardrails: Guardrails,
  answer: JsonObject,
): Promise<void> {
  const check = async (holder: JsonObject, key: string): Promise<boolean> => {
    const text = holder[key];
    if (typeof text !== 'string' || text === '') return true;
    const result = await guardrails.check({ point: 'output', text });
    if (!result.isBlocked && result.text !== text) holder[key] = result.text;
    return !result.isBlocked;
  };
  for (const block of (answer['content'] as JsonObject[]).filter(isObject)) {
    const isFine =
      (await check(block, 'text')) &&
      (await check(block, 'thinking')) &&
      (block['type'] !== 'tool_use' || (await checkInput(guardrails, block)));
    if (!isFine) {
      answer['content'] = [];
      answer['stop_reason'] = 'refusal';
      return;
    }
  }
}

async function checkInput(guardrails: Guardrails, block: JsonObject): Promise<boolean> {
  const point: RailPoint = 'tool-call';
  if (block['input'] === undefined || guardrails.railsAt(point).length === 0) return true;
  const text = JSON.stringify(block['input']);
  const result = await guardrails.check({ point, text });
  if (result.isBlocked) return false;
  if (result.text === text) return true;
  try {
    block['input'] = JSON.parse(result.text) as JsonObject;
    return true;
  } catch {
    // What the rails left is no JSON any more: the call cannot be passed on.
    return false;
  }
}
