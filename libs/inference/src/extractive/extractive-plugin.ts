import { definePlugin } from '@espalier/core';
import * as z from '@espalier/core/zod';
import { createExtractiveAnswerer } from './create-extractive-answerer.js';

/** Provides the extractive answerer as language model `extractive`; `embeddingModel` is the id of a provided one. */
export const extractive = definePlugin({
  name: '@espalier/inference',
  optionsSchema: z
    .object({ id: z.string().min(1).default('extractive'), embeddingModel: z.string().optional() })
    .optional(),
  setup(host, options) {
    host.provide('languageModel', options?.id ?? 'extractive', async (context) =>
      createExtractiveAnswerer(
        options?.embeddingModel === undefined
          ? {}
          : { embeddingModel: await context.resolve('embeddingModel', options.embeddingModel) },
      ),
    );
  },
});
