import type { JsonValue } from '../json/json-value.js';
import type { RailPoint, Verdict } from './verdict.js';

/** One turn of a conversation, as rails see it. */
export interface GuardTurn {
  readonly role: 'user' | 'assistant' | 'tool';
  readonly text: string;
}

/** One look of a rail at a text. */
export interface RailCheckOptions {
  readonly point: RailPoint;
  /** The text so far. While a stream runs it grows from call to call and may have lost a cleared beginning. */
  readonly text: string;
  /**
   * Where the first character stands that the rail has not cleared yet; what is before it is context only.
   *
   * Findings that start before it are ignored. Default 0. Units: UTF-16 code units of `text`.
   */
  readonly from?: number;
  /** Whether the text is whole. `false` while more may follow. */
  readonly isFinal: boolean;
  /** The tool concerned, at `tool-call` and `tool-result`. */
  readonly toolName?: string;
  /** All turns in order, at `conversation`; `text` is then all of them joined. */
  readonly turns?: readonly GuardTurn[];
  /** What an answer may rest on, at `output`, where the run has retrieved or been given any. */
  readonly evidence?: readonly string[];
  readonly abortSignal?: AbortSignal;
}

/** What a rail found. */
export interface RailCheckResult {
  readonly verdict: Verdict;
  /**
   * Up to where the verdict can no longer change, whatever follows. Units: UTF-16 code units of `text`.
   *
   * Text behind it is held back until a later check clears it. Must be the text's length when `isFinal`.
   */
  readonly clearedUntil: number;
}

/** A check that allows, redacts, replaces or blocks text at some points of a run. */
export interface Rail {
  readonly specificationVersion: 'v1';
  /** Unique among the rails of a run; shown in reports. */
  readonly name: string;
  readonly points: readonly RailPoint[];
  /**
   * The most characters that the rail may hold back while a stream runs: it clears everything older.
   *
   * Units: UTF-16 code units. `Infinity` for a rail that must see the whole text.
   */
  readonly maxHoldBack: number;
  /**
   * For a rail without a bound: whether it is asked while a text grows, as it may clear some of it before the end. Default: it
   * is asked once, at the end.
   */
  readonly clearsEarly?: boolean;
  /** How much cleared text before the first uncleared character it needs to see. Units: UTF-16 code units. */
  readonly lookBehind: number;
  check(options: RailCheckOptions): RailCheckResult | Promise<RailCheckResult>;
  /**
   * Loads what the rail needs, once; `maxHoldBack` and `lookBehind` are final afterwards.
   *
   * Awaited before the first look, outside of the time that a look may take. What fails here fails in `check` too.
   */
  prepare?(): Promise<void>;
  /** Whether a block may say what to change, so that the model can be asked anew. */
  readonly mayReask?: boolean;
  /**
   * Opens the rail for one conversation, of which it remembers what it took out. Rails that remember nothing lack it.
   *
   * `memory` is what `memory()` of an earlier conversation gave, so that a run goes on where it paused.
   */
  openConversation?(memory?: JsonValue): ConversationRail;
}

/** A rail that remembers what it took out of a conversation, and can put it back. */
export interface ConversationRail extends Rail {
  /** Puts back what was taken out, after all rails have looked; `undefined` at points where nothing is put back. */
  openRestorer?(point: RailPoint): TextRestorer | undefined;
  /** Takes out of a text that was given out before what the model must not see. */
  conceal?(text: string): Promise<string>;
  /** What it remembers, as plain JSON; `undefined` when that is nothing. It may hold what was taken out: keep it secret. */
  memory?(): JsonValue | undefined;
}

/** Puts something back into one growing text. */
export interface TextRestorer {
  push(text: string): string;
  /** Tells that the text is whole, and gives the rest. */
  end(): string;
}
