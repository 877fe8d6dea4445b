import * as z from '@espalier/core/zod';

/** The most entries that one page may hold. */
export const MAX_PAGE_LIMIT = 200;

/** Query parameters of every list. */
export const pageQuerySchema = z.object({
  /** `nextCursor` of the page before; opaque. */
  cursor: z.string().max(1024).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_PAGE_LIMIT).optional(),
});
export type PageQuery = z.infer<typeof pageQuerySchema>;

/** One page of a list. */
export interface Page<Item> {
  data: Item[];
  /** Asks for the next page; `null` on the last one. */
  nextCursor: string | null;
}

/** The schema of a page of `item`. */
export function pageSchema<Item extends z.ZodType>(
  item: Item,
): z.ZodObject<{ data: z.ZodArray<Item>; nextCursor: z.ZodNullable<z.ZodString> }> {
  return z.object({ data: z.array(item), nextCursor: z.string().nullable() });
}
