import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { pageQuerySchema, pageSchema } from './page.js';

describe('pageQuerySchema', () => {
  it('reads the limit from a query string and refuses one outside 1 to 200', () => {
    expect(pageQuerySchema.parse({ limit: '20' })).toEqual({ limit: 20 });
    expect(pageQuerySchema.safeParse({ limit: '0' }).success).toBe(false);
    expect(pageQuerySchema.safeParse({ limit: '201' }).success).toBe(false);
    expect(pageQuerySchema.safeParse({ limit: 'ten' }).success).toBe(false);
  });
});

describe('pageSchema', () => {
  it('checks each entry', () => {
    const page = pageSchema(z.object({ id: z.string() }));
    expect(page.safeParse({ data: [{ id: 'a' }], nextCursor: null }).success).toBe(true);
    expect(page.safeParse({ data: [{ id: 1 }], nextCursor: null }).success).toBe(false);
  });
});
