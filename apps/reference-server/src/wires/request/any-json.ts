import type { JsonValue } from '@espalier/core';
import { z } from 'zod';

/** Any JSON, unchecked: what it is used on has come out of a JSON parser. */
export const anyJson = z.unknown() as z.ZodType<JsonValue>;
