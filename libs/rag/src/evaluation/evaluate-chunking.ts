import type { Span } from '@espalier/core';

/** A question, and where its answer stands in which document. */
export interface ChunkingQuestion {
  readonly question: string;
  readonly documentId: string;
  readonly references: readonly Span[];
}

/** A chunk as evaluation sees it. */
export interface EvaluatedChunk {
  readonly documentId: string;
  readonly span: Span;
}

/** How well found chunks hold what was asked for; means over questions. */
export interface ChunkingMetrics {
  /** Share of the references' characters that the found chunks hold. */
  readonly recall: number;
  /** Share of the found chunks' characters that are in a reference; text found twice counts twice. */
  readonly precision: number;
  /** Characters that are in both, over characters that are in either. */
  readonly iou: number;
}

/**
 * Returns recall, precision and intersection over union of the chunks found for each question, in characters.
 *
 * @see Smith & Troynikov, "Evaluating Chunking Strategies for Retrieval" (Chroma, 2024).
 */
export function evaluateChunking(
  results: readonly {
    readonly question: ChunkingQuestion;
    readonly found: readonly EvaluatedChunk[];
  }[],
): ChunkingMetrics {
  const each = results.map(({ question, found }) => {
    const references = union(question.references);
    const asked = lengthOf(references);
    const overlaps = union(
      found
        .filter(({ documentId }) => documentId === question.documentId)
        .flatMap(({ span }) => references.flatMap((reference) => overlapOf(span, reference))),
    );
    const shared = lengthOf(overlaps);
    const retrieved = lengthOf(found.map(({ span }) => span));
    // Characters found twice are in the union twice, as the benchmark counts them.
    const either = retrieved + asked - shared;
    return {
      recall: asked === 0 ? 0 : shared / asked,
      precision: retrieved === 0 ? 0 : shared / retrieved,
      iou: either === 0 ? 0 : shared / either,
    };
  });
  const mean = (metric: keyof ChunkingMetrics): number =>
    each.reduce((sum, values) => sum + values[metric], 0) / Math.max(1, each.length);
  return { recall: mean('recall'), precision: mean('precision'), iou: mean('iou') };
}

function overlapOf(first: Span, second: Span): Span[] {
  const start = Math.max(first.start, second.start);
  const end = Math.min(first.end, second.end);
  return start < end ? [{ start, end }] : [];
}

function union(spans: readonly Span[]): Span[] {
  const merged: { start: number; end: number }[] = [];
  for (const { start, end } of [...spans].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

function lengthOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { start, end }) => sum + end - start, 0);
}
