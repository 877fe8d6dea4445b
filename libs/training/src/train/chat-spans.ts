import type { JsonObject, JsonValue, Span } from '@espalier/core';
import type { ChatTemplate } from '@espalier/encoders/chat-template';

/** A conversation to learn from. */
export interface Conversation {
  readonly messages: readonly JsonObject[];
  readonly tools?: readonly JsonValue[];
  /** Further variables of the template. */
  readonly variables?: JsonObject;
}

const GENERATION_TAG = /\{%[-+]?\s*generation\s*[-+]?%\}/u;

/**
 * Renders a conversation and finds what the assistant wrote in it, end of turn included.
 *
 * The template's `{% generation %}` blocks say so; without them each turn is what its conversation has more than the one
 * before it, if the template renders a beginning as it renders it inside the whole.
 *
 * Returns no spans where neither way is open.
 */
export function renderWithAssistantSpans(
  template: ChatTemplate,
  chat: Conversation,
): { readonly text: string; readonly spans: readonly Span[] | undefined } {
  const { text, generated } = template.render(chat);
  if (GENERATION_TAG.test(template.source)) return { text, spans: generated };
  const spans: Span[] = [];
  for (const [index, message] of chat.messages.entries()) {
    if (message['role'] !== 'assistant') continue;
    const head = renderPart(template, chat, index, true);
    const whole = renderPart(template, chat, index + 1, false);
    if (head === undefined || whole === undefined) return { text, spans: undefined };
    if (!text.startsWith(whole) || !whole.startsWith(head)) return { text, spans: undefined };
    spans.push({ start: head.length, end: endOfTurn(head, whole, message['content']) });
  }
  return { text, spans };
}

/** The first messages as text; undefined where the template refuses so few. */
function renderPart(
  template: ChatTemplate,
  chat: Conversation,
  count: number,
  addsGenerationPrompt: boolean,
): string | undefined {
  if (count === 0) return '';
  try {
    const messages = chat.messages.slice(0, count);
    return template.render({ ...chat, messages, addsGenerationPrompt }).text;
  } catch {
    return undefined;
  }
}

/** Where a turn ends: white space after its end token belongs to no turn, but alone it is what ends it. */
function endOfTurn(head: string, whole: string, content: JsonValue | undefined): number {
  const trimmed = whole.trimEnd();
  const text = typeof content === 'string' ? content.trim() : '';
  const isBare = trimmed.length <= head.length || (text !== '' && trimmed.endsWith(text));
  return isBare ? whole.length : trimmed.length;
}
