import { runEventSchema, type RunEvent } from '@espalier/core';

/** All events of a run, each checked against its schema; the last one apart. */
export async function runToEnd(events: AsyncIterable<RunEvent>): Promise<{ events: RunEvent[]; last: RunEvent }> {
  const seen: RunEvent[] = [];
  for await (const event of events) {
    runEventSchema.parse(JSON.parse(JSON.stringify(event)));
    seen.push(event);
  }
  const last = seen.at(-1);
  if (last === undefined) throw new Error('The run had no events.');
  return { events: seen, last };
}

/** The events of one type. */
export function eventsOf<Type extends RunEvent['type']>(
  events: readonly RunEvent[],
  type: Type,
): Extract<RunEvent, { type: Type }>[] {
  return events.filter((event): event is Extract<RunEvent, { type: Type }> => event.type === type);
}

/** The streamed text. */
export function textOf(events: readonly RunEvent[]): string {
  return eventsOf(events, 'text-delta')
    .map(({ text }) => text)
    .join('');
}
