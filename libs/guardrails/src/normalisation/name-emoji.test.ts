import { describe, expect, it } from 'vitest';
import { nameEmoji } from './name-emoji.js';

describe('naming emoji', () => {
  it('puts the name of an emoji in its place', () => {
    expect(nameEmoji('I 🔪 you')).toBe('I  kitchen knife  you');
    expect(nameEmoji('👍🏿')).toBe(' thumbs up  dark skin tone ');
  });

  it('leaves text without emoji, signs without a name and halves of pairs as they are', () => {
    for (const text of ['plain', 'a → b', 'x ∀ y', '\ud83d', ''])
      expect(nameEmoji(text)).toBe(text);
  });
});
