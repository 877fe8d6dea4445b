import * as z from 'zod';

const DURATION_UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};
const BYTE_UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** Accepts a number of milliseconds or `"1500ms"`, `"15s"`, `"10m"`, `"24h"`, `"7d"`; gives milliseconds. */
export const durationSchema = unitSchema(
  DURATION_UNITS,
  'a duration like "15s", "500ms" or a number of milliseconds',
);

/** Accepts a number of bytes or `"512KB"`, `"32MB"`, `"1GiB"`; gives bytes. */
export const byteSizeSchema = unitSchema(
  BYTE_UNITS,
  'a size like "32MB", "1GiB" or a number of bytes',
);

function unitSchema(units: Readonly<Record<string, number>>, expected: string): z.ZodType<number> {
  const pattern = new RegExp(`^(\\d+(?:\\.\\d+)?)\\s*(${Object.keys(units).join('|')})$`, 'u');
  return z.union([z.number(), z.string()]).transform((value, context) => {
    const match = typeof value === 'string' ? pattern.exec(value.trim()) : null;
    const amount =
      typeof value === 'number'
        ? value
        : Number(match?.[1]) * (units[match?.[2] ?? ''] ?? Number.NaN);
    if (Number.isFinite(amount) && amount >= 0) return amount;
    context.addIssue({ code: 'custom', message: `Must be ${expected}` });
    return z.NEVER;
  });
}
