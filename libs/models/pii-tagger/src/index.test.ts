import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { card, weightsFile } from './index.js';

test('the weights have the length and checksum that the card states', () => {
  const bytes = readFileSync(weightsFile);
  const stated = card.files[basename(weightsFile)];
  expect(bytes.length).toBe(stated?.bytes);
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(stated?.sha256);
});
