import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ModelCard } from './model-card.js';

export type { ModelCard } from './model-card.js';

/** The folder that holds the weights, their scales and the card; guardrails find it by themselves. */
export const modelFolder: string = fileURLToPath(new URL('../model', import.meta.url));

/** The facts about the model: what it is, its files with their checksums, and its measured quality. */
export const card: ModelCard = JSON.parse(
  readFileSync(new URL('../model/card.json', import.meta.url), 'utf8'),
) as ModelCard;
