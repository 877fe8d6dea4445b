import { definePlugin, defineTool } from '@espalier/core';
import { z } from 'zod';

const METRES = { mm: 0.001, cm: 0.01, m: 1, km: 1000, in: 0.0254, ft: 0.3048, mi: 1609.344 };
const unit = z.enum(['mm', 'cm', 'm', 'km', 'in', 'ft', 'mi']);

const optionsSchema = z.strictObject({
  /** Digits after the decimal point. */
  digits: z.int().min(0).max(12).default(3),
});

/** Provides the tool `convert_length`. */
export const lengthPlugin = definePlugin({
  name: '@espalier-example/custom-plugin',
  optionsSchema,
  setup(host, options) {
    host.provide('tool', 'convert_length', () =>
      defineTool({
        name: 'convert_length',
        description: 'Converts a length from one unit to another.',
        inputSchema: z.object({ value: z.number(), from: unit, to: unit }),
        outputSchema: z.object({ value: z.number(), unit }),
        execute: ({ value, from, to }) => ({
          value: Number(((value * METRES[from]) / METRES[to]).toFixed(options.digits)),
          unit: to,
        }),
      }),
    );
  },
});
