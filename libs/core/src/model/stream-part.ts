import type { JsonValue } from '../json/json-value.js';
import type { Citation } from '../messages/citation.js';
import type { ProviderMetadata } from '../messages/part.js';
import type { FinishReason } from './finish-reason.js';
import type { TokenLogProbability } from './log-probability.js';
import type { Usage } from './usage.js';
import type { Warning } from './warning.js';

/**
 * One event of a model's streamed answer.
 *
 * Order: `stream-start`, any number of blocks (`…-start`, `…-delta`*, `…-end` with one id; blocks may interleave),
 * each `tool-call` after its `tool-input-end`, and last `finish`. A stream that ends without `finish` is a defect of
 * the adapter: adapters turn an early close into a thrown error.
 */
export type ModelStreamPart =
  | { readonly type: 'stream-start'; readonly warnings: readonly Warning[] }
  | {
      readonly type: 'response-metadata';
      readonly id?: string;
      readonly modelId?: string;
      readonly timestampMs?: number;
    }
  | { readonly type: 'text-start'; readonly id: string }
  | { readonly type: 'text-delta'; readonly id: string; readonly text: string }
  | { readonly type: 'text-end'; readonly id: string }
  | { readonly type: 'reasoning-start'; readonly id: string }
  | { readonly type: 'reasoning-delta'; readonly id: string; readonly text: string }
  | {
      readonly type: 'reasoning-end';
      readonly id: string;
      readonly providerMetadata?: ProviderMetadata;
    }
  | { readonly type: 'tool-input-start'; readonly id: string; readonly toolName: string }
  | { readonly type: 'tool-input-delta'; readonly id: string; readonly delta: string }
  | { readonly type: 'tool-input-end'; readonly id: string }
  | {
      readonly type: 'tool-call';
      readonly toolCallId: string;
      readonly toolName: string;
      /** Parsed arguments; the raw text when `inputError` is set. */
      readonly input: JsonValue;
      readonly inputError?: string;
      readonly providerMetadata?: ProviderMetadata;
    }
  | { readonly type: 'citation'; readonly citation: Citation }
  | {
      readonly type: 'finish';
      readonly finishReason: FinishReason;
      readonly usage: Usage;
      /** Of the tokens of the text, where the call asks for them. */
      readonly logProbabilities?: readonly TokenLogProbability[];
      readonly providerMetadata?: ProviderMetadata;
    };
