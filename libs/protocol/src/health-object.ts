import * as z from '@espalier/core/zod';

/** Body of `/healthz` and `/readyz`. */
export const healthObjectSchema = z
  .object({
    status: z.enum(['ok', 'starting', 'stopping', 'failing']),
    version: z.string(),
    /** Each part by name, at `/readyz`. */
    checks: z.record(z.string(), z.enum(['ok', 'failing'])).optional(),
  })
  .meta({ id: 'Health' });
export type HealthObject = z.infer<typeof healthObjectSchema>;
