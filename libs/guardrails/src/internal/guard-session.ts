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
import { createRailBudget, runRail, type RailOutcome, type RailSettings } from './rail-runner.js';

/** Up to this window a rail looks after every push; behind it, only once a sixteenth of the window is new. */
const EAGER_WINDOW = 256;
const NEW_SHARE = 16;
const DEFAULT_REPLACEMENT = '[redacted]';

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

interface QueuedFinding {
  readonly start: number;
  readonly end: number;
  readonly order: number;
  readonly replacement: string;
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
  const progress = options.rails.map((rail, order): RailProgress => ({
    rail,
    order,
    settings: options.settings[rail.name] ?? {},
    cleared: 0,
    seen: 0,
    isOver: false,
  }));
  const budget = createRailBudget({
    clock: options.clock,
    timeoutMs: options.timeoutMs,
    budgetMs: options.budgetMs,
    abortSignal: options.abortSignal,
  });
  const context = {
    ...(options.toolName === undefined ? {} : { toolName: options.toolName }),
    ...(options.turns === undefined ? {} : { turns: options.turns }),
    ...(options.evidence === undefined ? {} : { evidence: options.evidence }),
  };
  const queue: QueuedFinding[] = [];
  let buffer = '';
  let base = 0;
  let released = 0;
  let redactedUntil = 0;
  let blocked: GuardRelease | undefined;

  const block = (
    reports: readonly RailReport[],
    { reason, feedback }: BlockCause,
  ): GuardRelease => {
    const about = { reason, ...(feedback === undefined ? {} : { feedback }) };
    blocked = { text: '', isBlocked: true, reports: [], ...about };
    buffer = '';
    return { text: '', isBlocked: true, reports, ...about };
  };

  const callRail = (state: RailProgress, isFinal: boolean): RailOutcome | Promise<RailOutcome> => {
    const windowStart = Math.max(base, state.cleared - state.rail.lookBehind);
    const check: RailCheckOptions = {
      point: options.point,
      text: buffer.slice(windowStart - base),
      from: state.cleared - windowStart,
      isFinal,
      get abortSignal() {
        return budget.abortSignal;
      },
      ...context,
    };
    return runRail(state.rail, check, budget, state.settings);
  };

  /** Takes over a verdict; returns the report, with spans that count from the start of the whole text. */
  const apply = (state: RailProgress, outcome: RailOutcome, isFinal: boolean): Applied => {
    const { rail, settings } = state;
    const isDryRun = settings.isDryRun === true;
    const about = {
      rail: rail.name,
      point: options.point,
      durationMs: outcome.durationMs,
      ...(isDryRun ? { isDryRun } : {}),
    };
    if ('fault' in outcome) {
      options.logger.warn(outcome.fault.message, { rail: rail.name, code: outcome.fault.code });
      const reason = `The rail "${rail.name}" could not check the text (${outcome.fault.code}).`;
      const faultCode = outcome.fault.code;
      if (settings.onFault === 'allow') {
        state.isOver = true;
        return { report: { ...about, faultCode, verdict: { action: 'allow' } } };
      }
      if (isDryRun) state.isOver = true;
      return {
        ...(isDryRun ? {} : { block: { reason } }),
        report: { ...about, faultCode, verdict: { action: 'block', reason, findings: [] } },
      };
    }
    const { verdict, clearedUntil } = outcome.result;
    const windowStart = Math.max(base, state.cleared - rail.lookBehind);
    const total = base + buffer.length;
    const shift = (finding: Finding): Finding => ({
      ...finding,
      span: { start: finding.span.start + windowStart, end: finding.span.end + windowStart },
    });
    state.seen = total;
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
      if (!isFinal) return {};
      state.cleared = total;
      return {
        ...(isDryRun ? {} : { replacement: verdict.text }),
        report: { ...about, verdict: { ...verdict, findings: verdict.findings.map(shift) } },
      };
    }
    const reached = Math.max(state.cleared, windowStart + clearedUntil);
    if (verdict.action === 'allow') {
      state.cleared = reached;
      return {};
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
    if (settled.length === 0) return {};
    for (const { span, replacement } of isDryRun ? [] : settled) {
      queue.push({ ...span, order: state.order, replacement: replacement ?? DEFAULT_REPLACEMENT });
    }
    return { report: { ...about, verdict: { ...verdict, findings: settled } } };
  };

  const release = (isFinal: boolean): string => {
    const total = base + buffer.length;
    let safe = total;
    for (const { cleared, isOver, settings } of progress) {
      if (!isOver && settings.isDryRun !== true) safe = Math.min(safe, cleared);
    }
    if (!isFinal && safe > released && endsInsidePair(buffer, safe - base)) safe -= 1;
    if (queue.length > 1) queue.sort((a, b) => a.start - b.start || a.order - b.order);
    let text = '';
    let next = 0;
    while (released < safe) {
      let finding = queue[next];
      while (finding !== undefined && finding.start < Math.min(redactedUntil, safe)) {
        redactedUntil = Math.max(redactedUntil, finding.end);
        finding = queue[++next];
      }
      if (released < redactedUntil) {
        released = Math.min(redactedUntil, safe);
      } else if (finding !== undefined && finding.start < safe) {
        text += buffer.slice(released - base, finding.start - base) + finding.replacement;
        released = finding.start;
        redactedUntil = finding.end;
        next += 1;
      } else {
        text += buffer.slice(released - base, safe - base);
        released = safe;
      }
    }
    queue.splice(0, next);
    forget();
    return text;
  };

  /** Drops text that is released and that no rail needs as context. */
  const forget = (): void => {
    let needed = released;
    for (const { cleared, rail, isOver } of progress) {
      if (!isOver) needed = Math.min(needed, cleared - rail.lookBehind);
    }
    if (needed <= base) return;
    buffer = buffer.slice(needed - base);
    base = needed;
  };

  const isDue = (state: RailProgress, isFinal: boolean): boolean => {
    if (state.isOver) return false;
    const total = base + buffer.length;
    if (isFinal) return true;
    // It must see the whole text anyway, so that one look at the end is enough.
    if (state.rail.maxHoldBack === Number.POSITIVE_INFINITY) return false;
    const window = total - state.cleared;
    return window <= EAGER_WINDOW || (total - state.seen) * NEW_SHARE >= window;
  };

  const advance = async (piece: string, isFinal: boolean): Promise<GuardRelease> => {
    options.abortSignal?.throwIfAborted();
    if (blocked !== undefined) return blocked;
    buffer += piece;
    if (piece === '' && !isFinal) return { text: '', isBlocked: false, reports: [] };
    const due = progress.filter((state) => isDue(state, isFinal));
    const pending = due.map((state) => callRail(state, isFinal));
    const outcomes = pending.some((outcome) => outcome instanceof Promise)
      ? await timed(Promise.all(pending.map(async (outcome) => outcome)))
      : (pending as RailOutcome[]);
    const reports: RailReport[] = [];
    let replaced: { text: string; by: Rail } | undefined;
    let cause: BlockCause | undefined;
    for (const [position, state] of due.entries()) {
      const outcome = outcomes[position];
      if (outcome === undefined) continue;
      const applied = apply(state, outcome, isFinal);
      if (applied.report !== undefined) reports.push(applied.report);
      cause ??= applied.block;
      if (applied.replacement !== undefined)
        replaced ??= { text: applied.replacement, by: state.rail };
    }
    if (cause !== undefined) return block(reports, cause);
    if (replaced !== undefined) return checkReplacement(replaced, reports);
    return { text: release(isFinal), isBlocked: false, reports };
  };

  /** Counts what rails that do not answer at once take; all looks at a text share one budget. */
  const timed = async <Value>(work: Promise<Value>): Promise<Value> => {
    const startedMs = options.clock.monotonic();
    try {
      return await work;
    } finally {
      budget.spentMs += options.clock.monotonic() - startedMs;
    }
  };

  /** A text that a rail put in the place of the whole is checked by the other rails like any other. */
  const checkReplacement = async (
    replaced: { text: string; by: Rail },
    reports: readonly RailReport[],
  ): Promise<GuardRelease> => {
    const others = options.rails.filter((rail) => rail !== replaced.by);
    const checked = await createGuardSession({ ...options, rails: others }).advance(
      replaced.text,
      true,
    );
    const all = [...reports, ...checked.reports];
    if (checked.isBlocked) {
      return block(all, { reason: checked.reason ?? 'The replacement was stopped.' });
    }
    buffer = '';
    return { ...checked, reports: all };
  };

  return { advance };
}

/** Whether a cut at `position` could part the two halves of a surrogate pair. */
function endsInsidePair(text: string, position: number): boolean {
  const last = text.charCodeAt(position - 1);
  if (last < 0xd800 || last > 0xdbff) return false;
  if (position === text.length) return true;
  const next = text.charCodeAt(position);
  return next >= 0xdc00 && next <= 0xdfff;
}
