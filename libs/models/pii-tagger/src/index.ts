import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ModelCard } from './model-card.js';

export type { ModelCard } from './model-card.js';

/** The file of the weights; pass its bytes to `createPiiTagger`. */
export const weightsFile: string = fileURLToPath(new URL('../model/tagger.bin', import.meta.url));

/** The facts about the model: what it tells apart, its file with its checksum, and its measured quality. */
export const card: ModelCard = JSON.parse(
  readFileSync(new URL('../model/card.json', import.meta.url), 'utf8'),
) as ModelCard;
