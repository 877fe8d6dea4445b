import {
  InvalidArgumentError,
  type ConversationRail,
  type JsonValue,
  type Rail,
  type RailPoint,
} from '@espalier/core';
import * as z from '@espalier/core/zod';
import { createPatternRail, type RailAction } from '../internal/create-pattern-rail.js';
import type { MatchReader } from '../internal/find-matches.js';
import { createReidentifier } from '../operators/create-reidentifier.js';
import { createPseudonymVault } from '../operators/pseudonym-vault.js';
import { createPiiReader, type PiiSelection } from './pii-finders.js';
import { applyPiiOperator, type PiiOperator } from './pii-operators.js';

/** What `createPiiRail` takes. */
export interface PiiRailOptions extends PiiSelection {
  /** Default `pii`. */
  readonly name?: string;
  /** Default: `input` and `output`. */
  readonly points?: readonly RailPoint[];
  /** What happens where personal data is found. Default `redact`. */
  readonly action?: RailAction;
  /** Another action for single categories, `{ card: 'block', 'us-ssn': 'block' }`. */
  readonly actions?: Readonly<Record<string, RailAction>>;
  /** What takes its place, by category or `*` for all. Default: replaced by `[redacted:<category>]`. */
  readonly operators?: Readonly<Record<string, PiiOperator>>;
  /**
   * Where originals are put back in the place of pseudonyms that a conversation keeps, behind all rails. Default: `output`,
   * so that the model sees pseudonyms and the user the originals.
   */
  readonly restoreAt?: readonly RailPoint[];
  /** What takes its place; `operators` come first. */
  readonly replacement?: (category: string) => string;
}

/**
 * Makes a rail for personal data whose form can be proved: payment cards by Luhn's check digit and issuer range, IBANs
 * by mod 97 and country length, e-mail addresses, telephone numbers, IP addresses, and the numbers that states, registers
 * and banks of some eighty countries give out, by their check digits and by words near them.
 *
 * Names and postal addresses have no form: give a `tagger` for them. What does not point to one person by itself (places,
 * organisations, dates, ages, pages …) is let through unless `categories` names it. Linear in the text; holds back the
 * last words or number while a text streams, with a tagger some eight words.
 */
export function createPiiRail(options: PiiRailOptions = {}): Rail {
  const reader = createPiiReader(options);
  const rail = composePiiRail(options, reader, operatorsOf(options));
  const keepsPseudonyms = Object.values(options.operators ?? {}).some(
    (operator) => operator.type === 'pseudonym' && operator.vault === undefined,
  );
  if (!keepsPseudonyms) return rail;
  return { ...rail, openConversation: (memory) => openConversation(options, reader, memory) };
}

type OperatorOf = (category: string, point: RailPoint) => PiiOperator | undefined;

function operatorsOf(options: PiiRailOptions): OperatorOf {
  return (category) => options.operators?.[category] ?? options.operators?.['*'];
}

function composePiiRail(
  options: PiiRailOptions,
  reader: MatchReader,
  operatorOf: OperatorOf,
): Rail {
  return createPatternRail({
    name: options.name ?? 'pii',
    points: options.points ?? ['input', 'output'],
    reader,
    noun: 'personal data',
    actionOf: (category) => {
      const action = options.actions?.[category] ?? options.action ?? 'redact';
      return action === 'redact' && operatorsOf(options)(category, 'input')?.type === 'keep'
        ? undefined
        : action;
    },
    replacementOf: (category, found, point) => {
      const operator = operatorOf(category, point);
      if (operator !== undefined) return applyPiiOperator(operator, category, found);
      return options.replacement?.(category) ?? `[redacted:${category}]`;
    },
  });
}

/** What the model writes itself: only what the conversation has brought in before has a pseudonym there. */
const WRITTEN_BY_THE_MODEL: readonly RailPoint[] = ['output', 'tool-call'];

const memorySchema = z.array(
  z.object({ category: z.string(), original: z.string(), pseudonym: z.string() }),
);

function openConversation(
  options: PiiRailOptions,
  reader: MatchReader,
  memory: JsonValue | undefined,
): ConversationRail {
  const remembered = memorySchema.optional().safeParse(memory);
  if (!remembered.success)
    throw new InvalidArgumentError({
      argument: 'memory',
      value: typeof memory,
      expected: 'what memory() of an earlier conversation gave, unchanged',
    });
  const vault = createPseudonymVault(
    remembered.data === undefined ? {} : { entries: remembered.data },
  );
  const known: PiiOperator = {
    type: 'pseudonym',
    vault: {
      pseudonymOf: (category, original) =>
        vault.knownPseudonymOf(category, original) ?? `[redacted:${category}]`,
    },
  };
  const any: PiiOperator = { type: 'pseudonym', vault };
  const rail = composePiiRail(options, reader, (category, point) => {
    const operator = operatorsOf(options)(category, point);
    if (operator?.type !== 'pseudonym' || operator.vault !== undefined) return operator;
    return WRITTEN_BY_THE_MODEL.includes(point) ? known : any;
  });
  const restoresAt = options.restoreAt ?? ['output'];
  return {
    ...rail,
    openRestorer: (point) =>
      restoresAt.includes(point)
        ? createReidentifier({ vault, escape: point === 'tool-call' ? 'json' : 'none' })
        : undefined,
    memory() {
      const entries = vault.entries();
      return entries.length === 0 ? undefined : entries.map((entry) => ({ ...entry }));
    },
    async conceal(text) {
      const { verdict } = await rail.check({ point: 'input', text, isFinal: true });
      if (verdict.action !== 'redact' && verdict.action !== 'block') return text;
      let left = '';
      let from = 0;
      for (const { span, replacement = '' } of verdict.findings) {
        left += text.slice(from, span.start) + replacement;
        from = span.end;
      }
      return left + text.slice(from);
    },
  };
}
