import type { GuardRelease, Guardrails, GuardStream, RailPoint } from '@espalier/core';

/** The growing texts of one streamed answer, each behind its own rails. */
export interface GuardedTexts {
  push(key: string, text: string): Promise<GuardRelease>;
  /** Releases what a text still holds back; `undefined` when there was no such text. */
  end(key: string): Promise<GuardRelease> | undefined;
  /** The keys of texts that have not ended. */
  openKeys(): string[];
}

/** Creates them; a key of the form `tool:…` goes by the rails for tool calls, the others by those for output. */
export function createGuardedTexts(guardrails: Guardrails): GuardedTexts {
  const streams = new Map<string, GuardStream>();
  return {
    push(key, text) {
      let stream = streams.get(key);
      if (stream === undefined) {
        const point: RailPoint = key.startsWith('tool:') ? 'tool-call' : 'output';
        stream = guardrails.openStream({ point });
        streams.set(key, stream);
      }
      return stream.push(text);
    },
    end(key) {
      const stream = streams.get(key);
      streams.delete(key);
      return stream?.end();
    },
    openKeys: () => [...streams.keys()],
  };
}
