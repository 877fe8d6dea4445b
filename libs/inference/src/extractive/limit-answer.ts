import type { FinishReason, LanguageModelCallOptions } from '@espalier/core';
import type { AnswerPiece } from './compose-answer.js';
import { estimateTokens } from './estimate-tokens.js';

/** An answer within a call's limits. */
export interface LimitedAnswer {
  readonly pieces: readonly AnswerPiece[];
  readonly finishReason: FinishReason;
}

/** Cuts an answer before the first stop sequence and at the token limit; a cut piece cites nothing. */
export function limitAnswer(
  pieces: readonly AnswerPiece[],
  limits: Pick<LanguageModelCallOptions, 'maxOutputTokens' | 'stopSequences'>,
): LimitedAnswer {
  const stopped = cutAt(
    pieces,
    firstStop(pieces.map(({ text }) => text).join(''), limits.stopSequences ?? []),
  );
  if (limits.maxOutputTokens === undefined) return { pieces: stopped, finishReason: 'stop' };
  let left = limits.maxOutputTokens;
  const kept: AnswerPiece[] = [];
  for (const piece of stopped) {
    const cost = estimateTokens(piece.text);
    if (cost <= left) {
      kept.push(piece);
      left -= cost;
      continue;
    }
    // Whole sentences only, unless not even one fits.
    if (kept.length === 0) kept.push({ text: cutToTokens(piece.text, left) });
    return { pieces: kept, finishReason: 'length' };
  }
  return { pieces: kept, finishReason: 'stop' };
}

function firstStop(text: string, sequences: readonly string[]): number {
  return sequences
    .filter((sequence) => sequence !== '')
    .map((sequence) => text.indexOf(sequence))
    .reduce((first, at) => (at === -1 ? first : Math.min(first, at)), Number.POSITIVE_INFINITY);
}

function cutAt(pieces: readonly AnswerPiece[], end: number): AnswerPiece[] {
  const kept: AnswerPiece[] = [];
  let length = 0;
  for (const piece of pieces) {
    if (length + piece.text.length <= end) kept.push(piece);
    else if (length < end) {
      const text = piece.text.slice(0, end - length);
      const isWhole =
        piece.citation?.answerSpan !== undefined && piece.citation.answerSpan.end <= end;
      kept.push(
        isWhole && piece.citation !== undefined ? { text, citation: piece.citation } : { text },
      );
    }
    length += piece.text.length;
  }
  return kept;
}

function cutToTokens(text: string, maxTokens: number): string {
  const words = text.split(/(?<=\s)/u);
  let kept = '';
  for (const word of words) {
    if (estimateTokens(kept + word) > maxTokens) break;
    kept += word;
  }
  return kept.trimEnd();
}
