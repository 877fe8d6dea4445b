import { guardTurns, type Message, type RunEvent } from '@espalier/core';
import { guardTexts } from './guard-text.js';
import type { RunContext } from './run-context.js';

/**
 * Has all user text of the conversation checked by the input rails and puts what is left in its place.
 *
 * All turns are checked, not the last only: a caller sends the whole conversation each time. Returns why the run must
 * stop, if it must.
 */
export async function* guardInput(run: RunContext): AsyncGenerator<RunEvent, string | undefined> {
  const texts = run.messages.flatMap((message) =>
    message.role === 'user'
      ? message.content.flatMap((part) => (part.type === 'text' ? [part.text] : []))
      : [],
  );
  const checked = yield* guardTexts(run, 'input', texts);
  const stopped = checked.find(({ isBlocked }) => isBlocked);
  if (stopped !== undefined) return stopped.reason ?? 'The request was stopped by a rail.';
  let position = 0;
  for (const [index, message] of run.messages.entries()) {
    if (message.role !== 'user') continue;
    const content = message.content.map((part) => {
      if (part.type !== 'text') return part;
      const left = checked[position++]?.text ?? '';
      return left === part.text ? part : { ...part, text: left };
    });
    run.messages[index] = { ...message, content } satisfies Message;
  }
  return yield* guardConversation(run);
}

/** Shows all turns together to the rails that look at the conversation; they stop it or leave it as it is. */
async function* guardConversation(run: RunContext): AsyncGenerator<RunEvent, string | undefined> {
  const turns = guardTurns(run.messages);
  const joined = turns.map(({ text }) => text).join('\n\n');
  const [checked] = yield* guardTexts(run, 'conversation', joined === '' ? [] : [joined], {
    turns,
  });
  if (checked?.isBlocked !== true) return undefined;
  return checked.reason ?? 'The conversation was stopped by a rail.';
}
