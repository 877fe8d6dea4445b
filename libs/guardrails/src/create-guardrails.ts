import {
  createSilentLogger,
  createSystemClock,
  InvalidArgumentError,
  type Clock,
  type ConversationRail,
  type GuardCheckOptions,
  type GuardCheckResult,
  type GuardRelease,
  type Guardrails,
  type GuardStream,
  type JsonValue,
  type Logger,
  type Rail,
  type RailPoint,
  type TextRestorer,
  type ToolCallDecision,
  type ToolCallJudgement,
} from '@espalier/core';
import { GuardStreamEndedError, RailNameTakenError } from './errors.js';
import { createGuardSession, type GuardSession } from './internal/guard-session.js';
import { createJsonTextView, createJsonTextWriter } from './internal/json-text-view.js';
import { createRailPreparation, type RailPreparation } from './internal/rail-preparation.js';
import type { RailSettings } from './internal/rail-runner.js';

/** What `createGuardrails` takes. */
export interface GuardrailsOptions {
  readonly rails: readonly Rail[];
  /** What is settled for single rails, by name: whether they fail open, only record, or have a time limit of their own. */
  readonly settings?: Readonly<Record<string, RailSettings>>;
  /** How long a rail may take for one look; behind it the text is stopped. Units: ms. Default 10,000. */
  readonly timeoutMs?: number;
  /** How long the rails may take for all looks at one text together. Units: ms. Default 30,000. */
  readonly budgetMs?: number;
  /** Decides on tool calls, as `createToolFlow` makes it. */
  readonly judgeToolCall?: (options: ToolCallJudgement) => ToolCallDecision;
  /** What the first answer of a conversation begins with. */
  readonly preamble?: string;
  readonly clock?: Clock;
  readonly logger?: Logger;
}

/**
 * Composes rails into the guard of a run.
 *
 * All rails of a point see the same original text, side by side. One `block` stops it; redactions of several rails are
 * united where they overlap; a text that a rail replaces is checked by the other rails. A rail that throws or takes too
 * long stops the text, with its error's code in the reason, unless its settings let the text go on. Nothing is released
 * before every enforced rail has cleared it; what is held back is at most the largest `maxHoldBack` plus a sixteenth of it.
 * What rails load, they load before their first look, or in `prepare`; the text waits for it.
 *
 * At `tool-call` the text is JSON: rails see its strings with their escapes read, findings count in that reading, and
 * what is left is JSON again.
 *
 * @throws {RailNameTakenError} `ERR_GUARDRAILS_RAIL_NAME_TAKEN`: two rails have one name.
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: settings for a rail that is not there.
 */
export function createGuardrails(options: GuardrailsOptions): Guardrails {
  const names = new Set<string>();
  for (const { name } of options.rails) {
    if (names.has(name)) throw new RailNameTakenError({ rail: name });
    names.add(name);
  }
  const settings = options.settings ?? {};
  const stray = Object.keys(settings).find((name) => !names.has(name));
  if (stray !== undefined) {
    throw new InvalidArgumentError({
      argument: 'settings',
      value: stray,
      expected: `the name of a rail: ${[...names].join(', ')}`,
    });
  }
  const composition = {
    ...options,
    settings,
    clock: options.clock ?? createSystemClock(),
    logger: options.logger ?? createSilentLogger(),
  };
  return compose(options.rails, composition, createRailPreparation());
}

type Composition = Omit<GuardrailsOptions, 'rails'> &
  Required<Pick<GuardrailsOptions, 'settings' | 'clock' | 'logger'>>;

function compose(
  rails: readonly (Rail | ConversationRail)[],
  options: Composition,
  preparation: RailPreparation,
): Guardrails {
  const { judgeToolCall, preamble, settings, clock, logger } = options;
  const timeoutMs = options.timeoutMs ?? 10_000;
  const budgetMs = options.budgetMs ?? 30_000;
  const restoring = rails.some(hasRestorer);
  const places = new Map<RailPoint, GuardedPlace>();
  const placeOf = (point: RailPoint): GuardedPlace => {
    let place = places.get(point);
    if (place === undefined) {
      const here = rails.filter((rail) => rail.points.includes(point));
      place = { rails: here, names: here.map(({ name }) => name) };
      places.set(point, place);
    }
    return place;
  };
  const openSession = (at: Omit<GuardCheckOptions, 'text'>): GuardSession => {
    const { point, toolName, turns, evidence, abortSignal } = at;
    const here = placeOf(point).rails;
    const session = createGuardSession({
      point,
      toolName,
      turns,
      evidence,
      abortSignal,
      rails: here,
      settings,
      clock,
      logger,
      timeoutMs,
      budgetMs,
    });
    const looked = point === 'tool-call' ? withJsonView(session) : session;
    const whole = restoring ? withRestorers(looked, rails, point) : looked;
    return preparation.isDone(here)
      ? whole
      : {
          async advance(piece, isFinal) {
            await preparation.before(here, abortSignal);
            return whole.advance(piece, isFinal);
          },
        };
  };
  const concealing = rails
    .filter(hasConceal)
    .filter(({ name }) => settings[name]?.isDryRun !== true);
  return {
    specificationVersion: 'v1',
    railsAt: (point) => placeOf(point).names,
    check: async (at): Promise<GuardCheckResult> => openSession(at).advance(at.text, true),
    openStream: (at) => createGuardStream(openSession(at)),
    prepare: () => preparation.all(rails),
    ...(rails.some((rail) => rail.points.includes('output') && rail.mayReask === true)
      ? { mayReask: true }
      : {}),
    ...(rails.some((rail) => rail.openConversation !== undefined)
      ? {
          openConversation: (memory) =>
            compose(
              rails.map((rail) => rail.openConversation?.(memoryOf(memory, rail.name)) ?? rail),
              options,
              preparation,
            ),
        }
      : {}),
    ...(concealing.length === 0
      ? {}
      : {
          async conceal(text) {
            await preparation.before(concealing, undefined);
            let left = text;
            for (const rail of concealing) left = await rail.conceal(left);
            return left;
          },
        }),
    ...(rails.some(hasMemory) ? { memory: () => memoryOfAll(rails) } : {}),
    ...(judgeToolCall === undefined ? {} : { judgeToolCall }),
    ...(preamble === undefined ? {} : { preamble }),
  };
}

/** The rails of one point. */
interface GuardedPlace {
  readonly rails: readonly (Rail | ConversationRail)[];
  readonly names: readonly string[];
}

const hasRestorer = (rail: Rail | ConversationRail): rail is ConversationRail =>
  'openRestorer' in rail;
const hasConceal = (
  rail: Rail | ConversationRail,
): rail is ConversationRail & Required<Pick<ConversationRail, 'conceal'>> =>
  'conceal' in rail && rail.conceal !== undefined;

const hasMemory = (
  rail: Rail | ConversationRail,
): rail is ConversationRail & Required<Pick<ConversationRail, 'memory'>> =>
  'memory' in rail && rail.memory !== undefined;

/** What the rails remember, by their names; `undefined` when that is nothing. */
function memoryOfAll(rails: readonly (Rail | ConversationRail)[]): JsonValue | undefined {
  const all = rails.filter(hasMemory).flatMap((rail) => {
    const memory = rail.memory();
    return memory === undefined ? [] : [[rail.name, memory] as const];
  });
  return all.length === 0 ? undefined : Object.fromEntries(all);
}

/** A rail that a policy has lost since has no use for its memory. */
function memoryOf(memory: JsonValue | undefined, rail: string): JsonValue | undefined {
  if (typeof memory !== 'object' || memory === null || Array.isArray(memory)) return undefined;
  return Object.hasOwn(memory, rail) ? memory[rail] : undefined;
}

/** Puts back what rails took out of the conversation, behind all rails, so that none of them sees it. */
function withRestorers(
  session: GuardSession,
  rails: readonly (Rail | ConversationRail)[],
  point: RailPoint,
): GuardSession {
  let restorers: readonly TextRestorer[] | undefined;
  return {
    async advance(piece, isFinal) {
      // What this text brings in itself is not known to whoever reads it, so it stays taken out.
      restorers ??= rails.flatMap((rail) =>
        hasRestorer(rail) ? (rail.openRestorer?.(point) ?? []) : [],
      );
      const release = await session.advance(piece, isFinal);
      if (release.isBlocked) return release;
      const text = restorers.reduce(
        (left, restorer) => restorer.push(left) + (isFinal ? restorer.end() : ''),
        release.text,
      );
      return text === release.text ? release : { ...release, text };
    },
  };
}

function withJsonView(session: GuardSession): GuardSession {
  const view = createJsonTextView();
  const writer = createJsonTextWriter();
  return {
    async advance(piece, isFinal) {
      const release = await session.advance(view.push(piece, isFinal), isFinal);
      return release.text === '' ? release : { ...release, text: writer.push(release.text) };
    },
  };
}

function createGuardStream(session: GuardSession): GuardStream {
  let isEnded = false;
  // In order even when a caller does not wait; after a fault every later call fails with it.
  let unsettled: Promise<GuardRelease> | undefined;
  const enqueue = (piece: string, isFinal: boolean): Promise<GuardRelease> => {
    if (isEnded) return Promise.reject(new GuardStreamEndedError());
    isEnded = isFinal;
    const next =
      unsettled === undefined
        ? session.advance(piece, isFinal)
        : unsettled.then(() => session.advance(piece, isFinal));
    unsettled = next;
    next.then(
      () => {
        if (unsettled === next) unsettled = undefined;
      },
      () => undefined,
    );
    return next;
  };
  return {
    push: (text) => enqueue(text, false),
    end: () => enqueue('', true),
  };
}
