import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { card, modelFolder } from './index.js';

test('every file of the card is in the folder with its length and checksum', () => {
  const names = Object.keys(card.files);
  expect(names).toContain('tokenizer.json');
  for (const name of names) {
    const bytes = readFileSync(join(modelFolder, name));
    expect(bytes.length).toBe(card.files[name]?.bytes);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(card.files[name]?.sha256);
  }
});
