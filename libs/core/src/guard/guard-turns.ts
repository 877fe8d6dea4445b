import type { Message } from '../messages/message.js';
import { messageText } from '../messages/message-text.js';
import type { GuardTurn } from './rail.js';

/** The turns of a conversation as rails see them: texts alone, without instructions and empty turns. */
export function guardTurns(messages: readonly Message[]): readonly GuardTurn[] {
  return messages.flatMap((message): GuardTurn[] => {
    if (message.role === 'system') return [];
    const text =
      message.role === 'tool'
        ? message.content
            .map(({ output }) => (typeof output === 'string' ? output : JSON.stringify(output)))
            .join('\n')
        : messageText(message);
    return text === '' ? [] : [{ role: message.role, text }];
  });
}
