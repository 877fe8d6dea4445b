import { definePlugin } from '@espalier/core';
import * as z from '@espalier/core/zod';
import { createStaticEncoder } from './create-static-encoder.js';

/** Provides a static encoder as an embedding model, under the id `static` unless another is given. */
export const staticEncoder = definePlugin({
  name: '@espalier/encoders',
  optionsSchema: z.strictObject({
    folder: z.string().min(1),
    id: z.string().min(1).default('static'),
  }),
  setup(host, { id, folder }) {
    host.provide('embeddingModel', id, () => createStaticEncoder({ folder }));
  },
});
