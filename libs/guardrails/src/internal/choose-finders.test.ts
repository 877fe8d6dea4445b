import { describe, expect, it } from 'vitest';
import { createFinderChoice } from './choose-finders.js';
import type { Finder } from './finder.js';

const finder = (...literals: readonly string[]): Finder => ({
  lookBehind: 0,
  maxLength: 10,
  next: () => undefined,
  ...(literals.length > 0 ? { literals } : {}),
});

describe('the choice of finders', () => {
  const [key, keyring, always, dash] = [
    finder('key'),
    finder('keyring', 'x'),
    finder(),
    finder('-u'),
  ];
  const choose = createFinderChoice([key, keyring, always, dash]);
  const chosen = (text: string, isFinal = true, from = 0) => choose({ text, isFinal }, from);

  it('leaves out whose literals a whole text does not hold, and keeps the order', () => {
    expect(chosen('nothing of that')).toEqual([always]);
    expect(chosen('a KEY -U')).toEqual([key, always, dash]);
  });

  it('sees a literal that another one begins with', () => {
    expect(chosen('the keyring')).toEqual([key, keyring, always]);
  });

  it('looks at nothing before the place where reading begins', () => {
    expect(chosen('key and -u', true, 4)).toEqual([always, dash]);
  });

  it('keeps all where the text goes on', () => {
    expect(chosen('nothing of that, k', false)).toEqual([key, keyring, always, dash]);
  });
});
