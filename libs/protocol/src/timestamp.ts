import * as z from '@espalier/core/zod';

/** A moment as the wire carries it: ISO 8601 in UTC, `2026-11-22T16:30:00.000Z`. */
export const timestampSchema = z.iso.datetime();
