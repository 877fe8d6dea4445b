import type { Message } from './message.js';

/** The plain text of a message: its text parts joined, everything else left out. */
export function messageText(message: Message): string {
  if (message.role === 'system') return message.content;
  if (message.role === 'tool') return '';
  return message.content
    .filter((part) => part.type === 'text')
    .map((part) => part.text)
    .join('');
}

/** A user message with one text part. */
export function userMessage(text: string): Message {
  return { role: 'user', content: [{ type: 'text', text }] };
}
