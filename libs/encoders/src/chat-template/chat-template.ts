import type { JsonObject, JsonValue, Span } from '@espalier/core';

/** What a conversation is rendered from. */
export interface RenderChatOptions {
  /** Messages as the template expects them, e.g. `{ role, content }`; a key that holds `null` counts as absent. */
  readonly messages: readonly JsonObject[];
  /** JSON schemas of tools. */
  readonly tools?: readonly JsonValue[];
  /** Whether the text ends with the beginning of the assistant's turn. */
  readonly addsGenerationPrompt?: boolean;
  /** Further variables of the template, e.g. `enable_thinking`; they win over the names of special tokens. */
  readonly variables?: JsonObject;
}

/** A conversation as one text. */
export interface RenderedChat {
  readonly text: string;
  /** What `{% generation %}` blocks gave: the assistant's parts, in order. Units: UTF-16 code units. */
  readonly generated: readonly Span[];
}

/** Writes conversations as the text that a model was trained on. */
export interface ChatTemplate {
  /** The template's source. */
  readonly source: string;
  /** @throws {ChatTemplateError} `ERR_ENCODERS_CHAT_TEMPLATE` — the template refuses the conversation. */
  render(options: RenderChatOptions): RenderedChat;
}
