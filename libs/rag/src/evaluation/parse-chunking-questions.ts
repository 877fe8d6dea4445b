import * as z from '@espalier/core/zod';
import type { ParsedRows, RowProblem } from './collection.js';
import type { ChunkingQuestion } from './evaluate-chunking.js';
import { parseCsv } from '../csv/parse-csv.js';

const referencesSchema = z
  .array(z.object({ start_index: z.int().min(0), end_index: z.int().min(0) }))
  .min(1);

/** Reads questions from CSV with the columns `question`, `references` (JSON) and `corpus_id`; positions count code points, as Python does, and are given in UTF-16 units of `textOf(corpus_id)`. */
export function parseChunkingQuestions(options: {
  readonly file: string;
  readonly csv: string;
  /** The text of a document; undefined where there is none. */
  readonly textOf: (documentId: string) => string | undefined;
}): ParsedRows<ChunkingQuestion[]> {
  const [head, ...records] = parseCsv(options.csv);
  const column = (name: string): number => head?.cells.indexOf(name) ?? -1;
  const places = {
    question: column('question'),
    references: column('references'),
    documentId: column('corpus_id'),
  };
  const problems: RowProblem[] = [];
  const missing = Object.entries(places).filter(([, place]) => place < 0);
  if (missing.length > 0) {
    const problem = 'the head line must name the columns question, references and corpus_id';
    return { rows: [], problems: [{ file: options.file, line: 1, problem }] };
  }
  const offsets = new Map<string, Uint32Array>();
  const rows: ChunkingQuestion[] = [];
  for (const { line, cells } of records) {
    const documentId = cells[places.documentId] ?? '';
    const text = options.textOf(documentId);
    const parsed = referencesSchema.safeParse(jsonOf(cells[places.references] ?? ''));
    if (text === undefined || !parsed.success) {
      const problem =
        text === undefined
          ? `there is no document for the corpus_id "${documentId}"`
          : 'references is not a JSON list of objects with start_index and end_index';
      problems.push({ file: options.file, line, problem });
      continue;
    }
    const units = offsets.get(documentId) ?? codePointOffsets(text);
    offsets.set(documentId, units);
    const unitAt = (point: number): number => units[Math.min(point, units.length - 1)] ?? 0;
    rows.push({
      question: cells[places.question] ?? '',
      documentId,
      references: parsed.data.map(({ start_index, end_index }) => ({
        start: unitAt(start_index),
        end: unitAt(end_index),
      })),
    });
  }
  return { rows, problems };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Where each code point begins, in UTF-16 units; the last entry is the end. */
function codePointOffsets(text: string): Uint32Array {
  const offsets: number[] = [];
  let unit = 0;
  for (const point of text) {
    offsets.push(unit);
    unit += point.length;
  }
  return Uint32Array.from([...offsets, unit]);
}
