import { truncateValue, type JsonValue } from '@espalier/core';

/** Returns the arguments of a tool call as JSON, or the raw text with the reason why they are none. */
export function parseToolInput(text: string): { input: JsonValue; inputError?: string } {
  // Models leave the arguments of a tool without parameters empty.
  if (text.trim() === '') return { input: {} };
  try {
    return { input: JSON.parse(text) as JsonValue };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      input: text,
      inputError: `The arguments are not valid JSON (${reason}): ${truncateValue(text)}`,
    };
  }
}
