import * as z from 'zod';

/** Anything that JSON can carry. */
export type JsonValue =
  string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** A JSON object. */
export type JsonObject = { [key: string]: JsonValue };

/** Accepts exactly what JSON can carry. */
export const jsonValueSchema: z.ZodType<JsonValue> = z.json();

/** Accepts a JSON object. */
export const jsonObjectSchema: z.ZodType<JsonObject> = z.record(z.string(), jsonValueSchema);
