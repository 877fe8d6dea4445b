import type { AssistantPart, Citation, ProviderMetadata } from '@espalier/core';

/** Puts an assistant's message together from what the rails let out. */
export interface AnswerBuilder {
  addText(text: string): void;
  addReasoning(text: string, providerMetadata?: ProviderMetadata): void;
  addCitation(citation: Citation): void;
  /** All released text, joined. */
  text(): string;
  content(): AssistantPart[];
}

/** Creates an empty answer. Neighbouring pieces of one kind become one part. */
export function createAnswerBuilder(): AnswerBuilder {
  const parts: AssistantPart[] = [];
  let text = '';
  return {
    addText(piece) {
      if (piece === '') return;
      text += piece;
      const last = parts.at(-1);
      if (last?.type === 'text') last.text += piece;
      else parts.push({ type: 'text', text: piece });
    },
    addReasoning(piece, providerMetadata) {
      if (piece === '' && providerMetadata === undefined) return;
      parts.push({
        type: 'reasoning',
        text: piece,
        ...(providerMetadata === undefined ? {} : { providerMetadata }),
      });
    },
    addCitation(citation) {
      parts.push({ type: 'citation', citation });
    },
    text: () => text,
    content: () => parts.map((part) => ({ ...part })),
  };
}
