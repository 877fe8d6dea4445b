import type { Rail, RailPoint } from '@espalier/core';
import { createPatternRail, type RailAction } from '../internal/create-pattern-rail.js';
import { createFinderReader } from '../internal/find-matches.js';
import { createSecretFinders } from './secret-finders.js';

/** What `createSecretsRail` takes. */
export interface SecretsRailOptions {
  /** Default `secrets`. */
  readonly name?: string;
  /** Default: all points. */
  readonly points?: readonly RailPoint[];
  /** What happens where a secret is found. Default `redact`. */
  readonly action?: RailAction;
  /** Another action for single categories, `{ 'secret.private-key': 'block', 'secret.jwt': 'allow' }`. */
  readonly actions?: Readonly<Record<string, RailAction | 'allow'>>;
  /** What takes a secret's place. Default `[redacted:<category>]`. */
  readonly replacement?: (category: string) => string;
}

/**
 * Makes a rail against leaking keys: those of some two hundred known formats and vendors, private keys in PEM form, JSON
 * Web Tokens, passwords in URLs, headers and commands, and values that look random where a name says that they are secret.
 *
 * Linear in the text. Holds text back only from where a secret may have begun.
 */
export function createSecretsRail(options: SecretsRailOptions = {}): Rail {
  return createPatternRail({
    name: options.name ?? 'secrets',
    points: options.points ?? ['input', 'output', 'retrieval', 'tool-call', 'tool-result'],
    reader: createFinderReader(createSecretFinders()),
    noun: 'secrets',
    actionOf: (category) => {
      const action = options.actions?.[category] ?? options.action ?? 'redact';
      return action === 'allow' ? undefined : action;
    },
    replacementOf: options.replacement ?? ((category) => `[redacted:${category}]`),
  });
}
