import * as z from '@espalier/core/zod';
import type { AnswerQuestion, GoldPassage } from './answer-case.js';
import type { ParsedRows } from './collection.js';
import { parseJsonLines } from './internal/parse-json-lines.js';
import type { LineSource } from './line-source.js';

const goldSchema = z.union([
  z.string().min(1),
  z
    .object({ document: z.string().min(1).optional(), quote: z.string().min(1).optional() })
    .refine(({ document, quote }) => document !== undefined || quote !== undefined, {
      message: 'it names neither a document nor a quote',
    }),
]);
const rowSchema = z.object({
  id: z.union([z.string().min(1), z.int().transform(String)]).optional(),
  question: z.string().trim().min(1),
  answer: z.union([z.string(), z.array(z.string())]).nullish(),
  gold: z.union([goldSchema, z.array(goldSchema)]).nullish(),
  answerable: z.boolean().optional(),
});

/**
 * Reads questions, one JSON object a line: `{"question", "id"?, "answer"?, "gold"?, "answerable"?}`.
 *
 * `answer` is a reference or a list of those that would do; `gold` names where the answer stands: the id or source of a
 * document or passage, `{"document", "quote"}`, or a list. `"answerable": false` marks what the documents do not answer.
 * Without an `id` a question has the number of its line.
 */
export async function parseAnswerQuestions(
  source: LineSource,
): Promise<ParsedRows<AnswerQuestion[]>> {
  return parseJsonLines(source, rowSchema, (row, line) => ({
    id: row.id ?? String(line),
    question: row.question,
    references: listOf(row.answer).filter((answer) => answer.trim() !== ''),
    gold: listOf(row.gold).map(toGold),
    isAnswerable: row.answerable ?? true,
  }));
}

function listOf<T>(value: T | T[] | null | undefined): T[] {
  if (value === null || value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

function toGold(gold: z.output<typeof goldSchema>): GoldPassage {
  if (typeof gold === 'string') return { document: gold };
  return {
    ...(gold.document === undefined ? {} : { document: gold.document }),
    ...(gold.quote === undefined ? {} : { quote: gold.quote }),
  };
}
