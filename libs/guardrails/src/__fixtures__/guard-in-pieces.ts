import type { GuardRelease, Guardrails, RailPoint, Random } from '@espalier/core';

/** What a guarded stream gave for a text that came in pieces. */
export interface PiecewiseResult {
  readonly text: string;
  readonly isBlocked: boolean;
  readonly releases: readonly GuardRelease[];
}

/** Sends a text through a stream of the rails of a point, piece by piece. */
export async function guardInPieces(
  guardrails: Guardrails,
  pieces: readonly string[],
  point: RailPoint = 'output',
): Promise<PiecewiseResult> {
  const stream = guardrails.openStream({ point });
  const releases: GuardRelease[] = [];
  for (const piece of pieces) releases.push(await stream.push(piece));
  releases.push(await stream.end());
  return {
    text: releases.map((release) => release.text).join(''),
    isBlocked: releases.some((release) => release.isBlocked),
    releases,
  };
}

/** Cuts a text at random places into pieces of 1 to `longest` code units. */
export function cutAtRandom(text: string, random: Random, longest: number): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length;) {
    const end = start + 1 + Math.floor(random.next() * longest);
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}
