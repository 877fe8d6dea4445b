import type { AssistantPart } from '../messages/part.js';
import type { FinishReason } from './finish-reason.js';
import type { TokenLogProbability } from './log-probability.js';
import type { ModelStreamPart } from './stream-part.js';
import type { Usage } from './usage.js';

interface OpenBlock {
  readonly type: 'text' | 'reasoning';
  text: string;
  readonly position: number;
}

/** What a {@link StreamCollector} holds so far. */
export interface CollectedAnswer {
  readonly content: readonly AssistantPart[];
  /** `undefined` until the stream has finished. */
  readonly finishReason: FinishReason | undefined;
  readonly usage: Usage;
  readonly logProbabilities?: readonly TokenLogProbability[];
}

/** Builds an assistant's answer from stream parts; readable at any time, also half-way. */
export interface StreamCollector {
  add(part: ModelStreamPart): void;
  read(): CollectedAnswer;
}

/** Creates an empty collector. Blocks keep the order in which they were opened. */
export function createStreamCollector(): StreamCollector {
  const slots: (AssistantPart | undefined)[] = [];
  const open = new Map<string, OpenBlock>();
  let finishReason: FinishReason | undefined;
  let usage: Usage = {};
  let logProbabilities: readonly TokenLogProbability[] | undefined;

  const append = (type: OpenBlock['type'], id: string, text: string): void => {
    const key = `${type}:${id}`;
    let block = open.get(key);
    if (block === undefined) {
      block = { type, text: '', position: slots.push(undefined) - 1 };
      open.set(key, block);
    }
    block.text += text;
    if (block.text !== '') slots[block.position] = { type, text: block.text };
  };

  return {
    add(part) {
      switch (part.type) {
        case 'text-start':
          append('text', part.id, '');
          break;
        case 'text-delta':
          append('text', part.id, part.text);
          break;
        case 'text-end':
          open.delete(`text:${part.id}`);
          break;
        case 'reasoning-start':
          append('reasoning', part.id, '');
          break;
        case 'reasoning-delta':
          append('reasoning', part.id, part.text);
          break;
        case 'reasoning-end': {
          const block = open.get(`reasoning:${part.id}`);
          if (block !== undefined && part.providerMetadata !== undefined) {
            slots[block.position] = {
              type: 'reasoning',
              text: block.text,
              providerMetadata: part.providerMetadata,
            };
          }
          open.delete(`reasoning:${part.id}`);
          break;
        }
        case 'tool-call':
          slots.push({ ...part });
          break;
        case 'citation':
          slots.push({ type: 'citation', citation: part.citation });
          break;
        case 'finish':
          finishReason = part.finishReason;
          usage = part.usage;
          logProbabilities = part.logProbabilities;
          break;
        case 'stream-start':
        case 'response-metadata':
        case 'tool-input-start':
        case 'tool-input-delta':
        case 'tool-input-end':
          break;
      }
    },
    read: () => ({
      content: slots.filter((slot) => slot !== undefined),
      finishReason,
      usage,
      ...(logProbabilities !== undefined && { logProbabilities }),
    }),
  };
}
