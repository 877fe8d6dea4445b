import type { JsonValue, LanguageModelCallOptions } from '@espalier/core';

type Present<T> = { -readonly [K in keyof T]: NonNullable<T[K]> };

/** The entries that are neither `null` nor `undefined`. */
export function present<T extends object>(values: T): Partial<Present<T>> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== null && value !== undefined),
  ) as Partial<Present<T>>;
}

/** A tool call's arguments as core holds them: parsed, or the raw text with the reason why they do not parse. */
export function parsedInput(text: string): { input: JsonValue; inputError?: string } {
  if (text.trim() === '') return { input: {} };
  try {
    return { input: JSON.parse(text) as JsonValue };
  } catch (error) {
    return { input: text, inputError: (error as Error).message };
  }
}

const EFFORTS = ['none', 'minimal', 'low', 'medium', 'high'] as const;

/** The effort asked for, on core's scale; levels above `high` become `high`. */
export function reasoningEffort(
  value: string | null | undefined,
): LanguageModelCallOptions['reasoningEffort'] {
  if (value === null || value === undefined) return undefined;
  return EFFORTS.find((effort) => effort === value) ?? 'high';
}
