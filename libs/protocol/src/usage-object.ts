import * as z from '@espalier/core/zod';
import { pageQuerySchema } from './page.js';

/** What one key used of one model on one day (UTC). */
export const usageRowSchema = z
  .object({
    /** `2026-11-22`. */
    day: z.iso.date(),
    keyId: z.string(),
    modelId: z.string(),
    requests: z.int().min(0),
    inputTokens: z.int().min(0),
    outputTokens: z.int().min(0),
    costUsd: z.number().min(0),
  })
  .meta({ id: 'UsageRow' });
export type UsageRow = z.infer<typeof usageRowSchema>;

/** Query of `GET /api/v1/usage`; days in UTC, both ends included. */
export const usageQuerySchema = pageQuerySchema.extend({
  from: z.iso.date().optional(),
  to: z.iso.date().optional(),
  keyId: z.string().optional(),
});
export type UsageQuery = z.infer<typeof usageQuerySchema>;
