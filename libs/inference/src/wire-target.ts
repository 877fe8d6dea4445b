import type { LanguageModel } from '@espalier/core';
import type { CallTimeouts } from './transport/call-limits.js';

/** Where a model's own wire can be spoken directly, so that a request of the same wire may go on unchanged. */
export interface WireTarget {
  readonly wire: 'openai-chat-completions' | 'anthropic-messages';
  /** The whole URL to POST to. */
  readonly url: string;
  /** The headers of a request, the key among them: never log them. */
  headers(): Record<string, string>;
  /** What stands in the request's `model`. */
  readonly modelId: string;
  readonly timeouts: CallTimeouts;
  /** Units: bytes. */
  readonly maxResponseBytes: number;
}

/** Shared by all copies of the library in a process. */
const WIRE_TARGET = Symbol.for('espalier.inference.wireTarget');

/** Returns where the model's wire can be spoken directly; `undefined` for a model that has no wire or wraps another. */
export function wireTargetOf(model: LanguageModel): WireTarget | undefined {
  return (model as { [WIRE_TARGET]?: WireTarget })[WIRE_TARGET];
}

/** Attaches a target to a model; it is not enumerable, so a copy or a wrapper of the model does not carry it on. */
export function withWireTarget(model: LanguageModel, target: WireTarget): LanguageModel {
  return Object.defineProperty(model, WIRE_TARGET, { value: target, enumerable: false });
}
