import type { JsonObject } from '@espalier/core';
import { ChatTemplateMissingError, type ChatTemplate } from '@espalier/encoders/chat-template';
import { renderWithAssistantSpans, type Conversation } from './chat-spans.js';
import { markSpans } from './mark-spans.js';
import type { FailRow } from './read-lines.js';
import { tokenRow, type RowTokenizer } from './row-tokenizer.js';
import type { TokenRow } from './token-rows.js';

/** What of a conversation is scored. */
export type ScoredPart = 'all' | 'assistant' | { /** Its first messages are not. */ after: number };

/**
 * Renders a conversation by the model's chat template and cuts it into tokens; the template places all special tokens.
 *
 * A conversation that the template refuses, or whose scored part cannot be told, fails its row.
 */
export async function chatRow(options: {
  readonly tokenizer: RowTokenizer;
  readonly chat: Conversation;
  readonly scored: ScoredPart;
  readonly fail: FailRow;
}): Promise<TokenRow> {
  const { tokenizer, chat, scored, fail } = options;
  const template = await openTemplate(tokenizer, fail);
  const { text, spans } = rendered(template, options);
  const own = {
    encode: (part: string) => tokenizer.encode(part, { addsSpecialTokens: false }),
    decode: (ids: readonly number[]) => tokenizer.decode(ids),
  };
  const ids = own.encode(text);
  if (scored === 'all') return tokenRow(ids, new Uint8Array(ids.length).fill(1));
  if (spans !== undefined)
    return tokenRow(ids, markSpans({ tokenizer: own, text, ids, spans: [...spans] }));
  return fail(
    scored === 'assistant'
      ? 'what the assistant wrote cannot be told apart: the chat template has no {% generation %} block and renders the beginning of a conversation otherwise than inside the whole. Put {% generation %} and {% endgeneration %} around its turns'
      : `the prompt of ${scored.after} of ${chat.messages.length} messages is not the beginning of the rendered conversation`,
  );
}

function rendered(
  template: ChatTemplate,
  { chat, scored, fail }: { chat: Conversation; scored: ScoredPart; fail: FailRow },
): ReturnType<typeof renderWithAssistantSpans> {
  try {
    if (scored === 'assistant') return renderWithAssistantSpans(template, chat);
    const { text } = template.render(chat);
    if (scored === 'all') return { text, spans: undefined };
    const messages = chat.messages.slice(0, scored.after);
    const head = template.render({ ...chat, messages, addsGenerationPrompt: true }).text;
    const isBeginning = text.startsWith(head);
    return { text, spans: isBeginning ? [{ start: head.length, end: text.length }] : undefined };
  } catch (cause) {
    return fail(
      `the chat template refuses it: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    );
  }
}

async function openTemplate(tokenizer: RowTokenizer, fail: FailRow): Promise<ChatTemplate> {
  try {
    return await tokenizer.chatTemplate();
  } catch (cause) {
    if (!ChatTemplateMissingError.isInstance(cause)) throw cause;
    return fail('it is a conversation, but the model has no chat template', cause);
  }
}

/** The fields of a row that are given to the template beside its messages. */
export function conversationOf(
  messages: readonly JsonObject[],
  row: {
    readonly tools?: Conversation['tools'] | undefined;
    readonly chat_template_kwargs?: JsonObject | undefined;
  },
): Conversation {
  return {
    messages,
    ...(row.tools === undefined ? {} : { tools: row.tools }),
    ...(row.chat_template_kwargs === undefined ? {} : { variables: row.chat_template_kwargs }),
  };
}
