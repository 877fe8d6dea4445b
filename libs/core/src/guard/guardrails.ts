import type { RailPoint, RailReport } from './verdict.js';

/** One text to be checked whole. */
export interface GuardCheckOptions {
  readonly point: RailPoint;
  readonly text: string;
  readonly toolName?: string;
  readonly abortSignal?: AbortSignal;
}

/** What the rails leave of a text. */
export interface GuardCheckResult {
  readonly isBlocked: boolean;
  /** The text as it may go on; empty when blocked. */
  readonly text: string;
  /** One report for each rail that did not allow. */
  readonly reports: readonly RailReport[];
  /** Why it was blocked, fit to be shown to a user. */
  readonly reason?: string;
}

/** What may be released after a push. */
export interface GuardRelease {
  /** Cleared text, redacted where rails say so; may be empty. */
  readonly text: string;
  readonly isBlocked: boolean;
  /** New since the last release. */
  readonly reports: readonly RailReport[];
  readonly reason?: string;
}

/**
 * Guards one growing text.
 *
 * The joined released text is exactly what a check of the whole text would give, and no character is released
 * before every rail has cleared it. After a block nothing more is released.
 */
export interface GuardStream {
  push(text: string): Promise<GuardRelease>;
  /** Tells that the text is whole and releases the rest. */
  end(): Promise<GuardRelease>;
}

/** The rails of a run, composed by a policy. */
export interface Guardrails {
  readonly specificationVersion: 'v1';
  /** The names of the rails at a point. */
  railsAt(point: RailPoint): readonly string[];
  check(options: GuardCheckOptions): Promise<GuardCheckResult>;
  openStream(options: Omit<GuardCheckOptions, 'text'>): GuardStream;
}
