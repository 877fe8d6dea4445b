import { InvalidArgumentError, type Rail } from '@espalier/core';
import { createValidationRail, type ValidationRailOptions } from './create-validation-rail.js';

/** What `createLanguageRail` takes; languages by their ISO 639-1 codes. */
export interface LanguageRailOptions extends ValidationRailOptions {
  readonly allow?: readonly string[];
  readonly deny?: readonly string[];
  /** Texts with fewer letters pass: their language cannot be told. Default 24. */
  readonly minLetters?: number;
}

const MAX_READ = 4_096;

/**
 * Makes a rail for the languages that a text may be in; the beginning of the text decides.
 *
 * @throws {InvalidArgumentError} `ERR_CORE_INVALID_ARGUMENT`: a language is both allowed and denied, or none is named.
 */
export function createLanguageRail(options: LanguageRailOptions): Rail {
  const { allow, deny = [], minLetters = 24 } = options;
  const both = deny.find((code) => allow?.includes(code) === true);
  if (both !== undefined || (allow === undefined && deny.length === 0)) {
    throw new InvalidArgumentError({
      argument: 'allow',
      value: both ?? allow,
      expected: 'languages to allow or to deny, and none that is both',
    });
  }
  let loading: Promise<typeof import('tinyld/light')> | undefined;
  return createValidationRail({
    name: options.name ?? 'language',
    points: options.points ?? ['input'],
    onFailure: options.onFailure ?? 'refrain',
    async validate({ text }) {
      const read = text.slice(0, MAX_READ);
      if ((read.match(/\p{L}/gu) ?? []).length < minLetters) return undefined;
      const { detect } = await (loading ??= import('tinyld/light'));
      const language = detect(read);
      if (language === '') return undefined;
      const isFine = allow === undefined ? !deny.includes(language) : allow.includes(language);
      if (isFine) return undefined;
      return {
        category: 'language',
        rule: language,
        reason: `The text is in a language that is not allowed here (${language})${allow === undefined ? '' : `; allowed: ${allow.join(', ')}`}.`,
      };
    },
  });
}
