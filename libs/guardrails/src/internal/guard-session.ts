import type {
  Clock,
  Finding,
  GuardRelease,
  GuardTurn,
  Logger,
  Rail,
  RailCheckOptions,
  RailPoint,
  RailReport,
} from '@espalier/core';
import { RailContractError } from '../errors.js';
import { RedactedOutput } from './redacted-output.js';
import {
  createRailBudget,
  runRail,
  type RailBudget,
  type RailOutcome,
  type RailSettings,
} from './rail-runner.js';

/** Up to this window a rail looks after every push; behind it, only once a sixteenth of the window is new. */
const EAGER_WINDOW = 256;
const NEW_SHARE = 16;
const DEFAULT_REPLACEMENT = '[redacted]';
const NO_SETTINGS: RailSettings = {};

/** What a session works with. */
export interface GuardSessionOptions {
  readonly rails: readonly Rail[];
  readonly point: RailPoint;
  readonly toolName?: string | undefined;
  readonly turns?: readonly GuardTurn[] | undefined;
  readonly evidence?: readonly string[] | undefined;
  readonly abortSignal?: AbortSignal | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timeoutMs: number;
  readonly budgetMs: number;
  /** By a rail's name. */
  readonly settings: Readonly<Record<string, RailSettings>>;
}

/** How far one rail has come; positions count from the start of the whole text. */
interface RailProgress {
  readonly rail: Rail;
  readonly order: number;
  readonly settings: RailSettings;
  cleared: number;
  seen: number;
  /** Set once a rail that cannot stop the text has said its last word on it. */
  isOver: boolean;
}

/** Why a text is stopped. */
interface BlockCause {
  readonly reason: string;
  readonly feedback?: string | undefined;
}

/** What one rail's verdict comes to. */
interface Applied {
  readonly report?: RailReport;
  readonly block?: BlockCause;
  readonly replacement?: string;
}

/** What a look that found nothing new comes to. */
const NOTHING: Applied = {};

/** The state of one guarded text. */
export interface GuardSession {
  /** Takes the next piece and returns what every rail has cleared. */
  advance(piece: string, isFinal: boolean): Promise<GuardRelease>;
}

/**
 * Creates the state of one guarded text.
 *
 * All rails see the original text, each through a window that begins `lookBehind` before what it has not cleared.
 * Overlapping findings of several rails become one redaction, with the replacement of the one that starts first (of
 * two at one place: of the rail listed first), so that the outcome does not depend on how the text was split.
 */
export function createGuardSession(options: GuardSessionOptions): GuardSession {
  return new RailedText(options);
}

/** A class, because every request makes several: methods are shared, closures would be made for each. */
class RailedText implements GuardSession {
  readonly #options: GuardSessionOptions;
  readonly #progress: readonly RailProgress[];
  readonly #budget: RailBudget;
  readonly #output = new RedactedOutput();
  #buffer = '';
  #base = 0;
  #blocked: GuardRelease | undefined;

  constructor(options: GuardSessionOptions) {
    this.#options = options;
    this.#progress = options.rails.map((rail, order) => ({
      rail,
      order,
      settings: options.settings[rail.name] ?? NO_SETTINGS,
      cleared: 0,
      seen: 0,
      isOver: false,
    }));
    this.#budget = createRailBudget(options);
  }

  async advance(piece: string, isFinal: boolean): Promise<GuardRelease> {
    this.#options.abortSignal?.throwIfAborted();
    if (this.#blocked !== undefined) return this.#blocked;
    this.#buffer += piece;
    if (piece === '' && !isFinal) return { text: '', isBlocked: false, reports: [] };
    const due: RailProgress[] = [];
    const pending: (RailOutcome | Promise<RailOutcome>)[] = [];
    let isSlow = false;
    for (const state of this.#progress) {
      if (!this.#isDue(state, isFinal)) continue;
      const outcome = this.#callRail(state, isFinal);
      isSlow ||= outcome instanceof Promise;
      due.push(state);
      pending.push(outcome);
    }
    const outcomes = isSlow
      ? await this.#timed(Promise.all(pending.map(async (outcome) => outcome)))
      : (pending as RailOutcome[]);
    return this.#settle(due, outcomes, isFinal);
  }

  /** Takes over what all rails came to: a block, a replacement, or what may go on. */
  #settle(
    due: readonly RailProgress[],
    outcomes: readonly RailOutcome[],
    isFinal: boolean,
  ): GuardRelease | Promise<GuardRelease> {
    const reports: RailReport[] = [];
    let replaced: { text: string; by: Rail } | undefined;
    let cause: BlockCause | undefined;
    for (let position = 0; position < due.length; position += 1) {
      const state = due[position];
      const outcome = outcomes[position];
      if (state === undefined || outcome === undefined) continue;
      const applied = this.#apply(state, outcome, isFinal);
      if (applied.report !== undefined) reports.push(applied.report);
      cause ??= applied.block;
      if (applied.replacement !== undefined)
        replaced ??= { text: applied.replacement, by: state.rail };
    }
    if (cause !== undefined) return this.#block(reports, cause);
    if (replaced !== undefined) return this.#checkReplacement(replaced, reports);
    return { text: this.#release(isFinal), isBlocked: false, reports };
  }

  #block(reports: readonly RailReport[], { reason, feedback }: BlockCause): GuardRelease {
    const about = { reason, ...(feedback === undefined ? {} : { feedback }) };
    this.#blocked = { text: '', isBlocked: true, reports: [], ...about };
    this.#buffer = '';
    return { text: '', isBlocked: true, reports, ...about };
  }

  #callRail(state: RailProgress, isFinal: boolean): RailOutcome | Promise<RailOutcome> {
    const { point, toolName, turns, evidence } = this.#options;
    const budget = this.#budget;
    const windowStart = Math.max(this.#base, state.cleared - state.rail.lookBehind);
    const check: RailCheckOptions = {
      point,
      text: this.#buffer.slice(windowStart - this.#base),
      from: state.cleared - windowStart,
      isFinal,
      get abortSignal() {
        return budget.abortSignal;
      },
      ...(toolName !== undefined && { toolName }),
      ...(turns !== undefined && { turns }),
      ...(evidence !== undefined && { evidence }),
    };
    return runRail(state.rail, check, budget, state.settings);
  }

  /** Takes over a verdict; returns the report, with spans that count from the start of the whole text. */
  #apply(state: RailProgress, outcome: RailOutcome, isFinal: boolean): Applied {
    if ('fault' in outcome) return this.#applyFault(state, outcome);
    const { rail } = state;
    const { verdict, clearedUntil } = outcome.result;
    const windowStart = Math.max(this.#base, state.cleared - rail.lookBehind);
    const total = this.#base + this.#buffer.length;
    state.seen = total;
    const reached = Math.max(state.cleared, windowStart + clearedUntil);
    if (verdict.action === 'allow') {
      state.cleared = reached;
      return NOTHING;
    }
    const isDryRun = state.settings.isDryRun === true;
    const about = this.#about(state, outcome.durationMs);
    const shift = (finding: Finding): Finding => ({
      ...finding,
      span: { start: finding.span.start + windowStart, end: finding.span.end + windowStart },
    });
    if (verdict.action === 'block') {
      if (isDryRun) state.isOver = true;
      return {
        ...(isDryRun ? {} : { block: verdict }),
        report: { ...about, verdict: { ...verdict, findings: verdict.findings.map(shift) } },
      };
    }
    if (verdict.action === 'replace') {
      if (Number.isFinite(rail.maxHoldBack)) {
        throw new RailContractError({
          rail: rail.name,
          problem: 'it replaces whole texts, so its maxHoldBack must be Infinity.',
        });
      }
      if (!isFinal) return NOTHING;
      state.cleared = total;
      return {
        ...(isDryRun ? {} : { replacement: verdict.text }),
        report: { ...about, verdict: { ...verdict, findings: verdict.findings.map(shift) } },
      };
    }
    const fresh = verdict.findings
      .map(shift)
      .filter(({ span }) => span.start >= state.cleared && span.start < span.end);
    // A finding that is not over yet is taken when it is: its start stays held until then.
    const cleared = Math.min(
      reached,
      ...fresh.filter(({ span }) => span.end > reached).map(({ span }) => span.start),
    );
    if (total - cleared > rail.maxHoldBack) {
      throw new RailContractError({
        rail: rail.name,
        problem: `a finding keeps ${total - cleared} characters back, but its maxHoldBack is ${rail.maxHoldBack}.`,
      });
    }
    const settled = fresh.filter(({ span }) => span.end <= cleared);
    state.cleared = cleared;
    if (settled.length === 0) return NOTHING;
    for (const { span, replacement } of isDryRun ? [] : settled) {
      this.#output.redact({
        ...span,
        order: state.order,
        replacement: replacement ?? DEFAULT_REPLACEMENT,
      });
    }
    return { report: { ...about, verdict: { ...verdict, findings: settled } } };
  }

  #applyFault(
    state: RailProgress,
    { fault, durationMs }: Extract<RailOutcome, { fault: unknown }>,
  ): Applied {
    const { rail, settings } = state;
    const about = this.#about(state, durationMs);
    const faultCode = fault.code;
    this.#options.logger.warn(fault.message, { rail: rail.name, code: faultCode });
    const reason = `The rail "${rail.name}" could not check the text (${faultCode}).`;
    if (settings.onFault === 'allow') {
      state.isOver = true;
      return { report: { ...about, faultCode, verdict: { action: 'allow' } } };
    }
    const isDryRun = settings.isDryRun === true;
    if (isDryRun) state.isOver = true;
    return {
      ...(isDryRun ? {} : { block: { reason } }),
      report: { ...about, faultCode, verdict: { action: 'block', reason, findings: [] } },
    };
  }

  #about({ rail, settings }: RailProgress, durationMs: number): Omit<RailReport, 'verdict'> {
    return {
      rail: rail.name,
      point: this.#options.point,
      durationMs,
      ...(settings.isDryRun === true ? { isDryRun: true } : {}),
    };
  }

  #release(isFinal: boolean): string {
    const base = this.#base;
    let safe = base + this.#buffer.length;
    for (const { cleared, isOver, settings } of this.#progress) {
      if (!isOver && settings.isDryRun !== true) safe = Math.min(safe, cleared);
    }
    if (!isFinal && safe > this.#output.released && endsInsidePair(this.#buffer, safe - base))
      safe -= 1;
    const text = this.#output.release(this.#buffer, base, safe);
    this.#forget();
    return text;
  }

  /** Drops text that is released and that no rail needs as context. */
  #forget(): void {
    let needed = this.#output.released;
    for (const { cleared, rail, isOver } of this.#progress) {
      if (!isOver) needed = Math.min(needed, cleared - rail.lookBehind);
    }
    if (needed <= this.#base) return;
    this.#buffer = this.#buffer.slice(needed - this.#base);
    this.#base = needed;
  }

  #isDue(state: RailProgress, isFinal: boolean): boolean {
    if (state.isOver) return false;
    if (isFinal) return true;
    // It must see the whole text anyway, so that one look at the end is enough.
    const { maxHoldBack, clearsEarly = false } = state.rail;
    if (maxHoldBack === Number.POSITIVE_INFINITY && !clearsEarly) return false;
    const total = this.#base + this.#buffer.length;
    const window = total - state.cleared;
    return window <= EAGER_WINDOW || (total - state.seen) * NEW_SHARE >= window;
  }

  /** Counts what rails that do not answer at once take; all looks at a text share one budget. */
  async #timed<Value>(work: Promise<Value>): Promise<Value> {
    const { clock } = this.#options;
    const startedMs = clock.monotonic();
    try {
      return await work;
    } finally {
      this.#budget.spentMs += clock.monotonic() - startedMs;
    }
  }

  /** A text that a rail put in the place of the whole is checked by the other rails like any other. */
  async #checkReplacement(
    replaced: { text: string; by: Rail },
    reports: readonly RailReport[],
  ): Promise<GuardRelease> {
    const rails = this.#options.rails.filter((rail) => rail !== replaced.by);
    const checked = await createGuardSession({ ...this.#options, rails }).advance(
      replaced.text,
      true,
    );
    const all = [...reports, ...checked.reports];
    if (checked.isBlocked) {
      return this.#block(all, { reason: checked.reason ?? 'The replacement was stopped.' });
    }
    this.#buffer = '';
    return { ...checked, reports: all };
  }
}

/** Whether a cut at `position` could part the two halves of a surrogate pair. */
function endsInsidePair(text: string, position: number): boolean {
  const last = text.charCodeAt(position - 1);
  if (last < 0xd800 || last > 0xdbff) return false;
  if (position === text.length) return true;
  const next = text.charCodeAt(position);
  return next >= 0xdc00 && next <= 0xdfff;
}
