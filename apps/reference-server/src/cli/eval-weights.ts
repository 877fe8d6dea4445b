import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { HybridProfile, HybridWeights } from '@espalier/rag/ranking';
import type { CliContext } from './cli-context.js';
import { evalInputError } from './eval-files.js';

/** Reads weights as `espalier eval sweep` writes them; a leg that is left out keeps the weight of the profile. */
export async function readWeights(
  file: string,
  profile: HybridProfile,
  context: CliContext,
): Promise<HybridWeights> {
  const { HYBRID_PROFILES } = await import('@espalier/rag/ranking');
  const base = HYBRID_PROFILES[profile];
  let found: unknown;
  try {
    found = JSON.parse(await readFile(resolve(context.directory, file), 'utf8'));
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw evalInputError(`The weights in ${file} cannot be read: ${problem}.`, cause);
  }
  const weights = (found as { weights?: unknown } | null)?.weights;
  if (typeof weights !== 'object' || weights === null) {
    throw evalInputError(`The file ${file} holds no member "weights" with a number for each leg.`);
  }
  for (const [leg, weight] of Object.entries(weights)) {
    if (leg in base && typeof weight === 'number' && weight >= 0) continue;
    const known = Object.keys(base).join(', ');
    throw evalInputError(
      `The file ${file} gives the leg "${leg}" the weight ${String(weight)}. Legs are ${known}; weights are numbers from 0.`,
    );
  }
  return { ...base, ...weights };
}
