import type { ToolCallPart } from '@espalier/core';

/** The arguments of a tool call as text: JSON, or what the model wrote where that was none. */
export function argumentsText({
  input,
  inputError,
}: Pick<ToolCallPart, 'input' | 'inputError'>): string {
  return inputError !== undefined && typeof input === 'string' ? input : JSON.stringify(input);
}
