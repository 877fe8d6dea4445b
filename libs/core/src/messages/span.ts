import * as z from 'zod';

/**
 * A half-open range of a text: `start` inclusive, `end` exclusive.
 *
 * Units: UTF-16 code units, as JavaScript indexes strings.
 */
export const spanSchema = z.object({
  start: z.int().min(0),
  end: z.int().min(0),
});
export type Span = z.infer<typeof spanSchema>;

/** A closed range of lines. Units: line numbers from 1, both ends inclusive. */
export const lineRangeSchema = z.object({
  start: z.int().min(1),
  end: z.int().min(1),
});
export type LineRange = z.infer<typeof lineRangeSchema>;
