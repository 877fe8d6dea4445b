import { definePlugin } from '@espalier/core';
import * as z from '@espalier/core/zod';
import { createSimdStore } from './create-simd-store.js';

export { createSimdStore } from './create-simd-store.js';
export type { SimdStore, SimdStoreOptions } from './create-simd-store.js';
export type { SearchPlan } from './engine/calibrate.js';
export { IndexCorruptError, SimdUnsupportedError, StoreLockedError } from './errors.js';
export type { SimdIndex, SimdIndexStats } from './simd-index.js';

/** Provides the SIMD store under the id `simd`. */
export const simdStore = definePlugin({
  name: '@espalier/rag/simd',
  optionsSchema: z.strictObject({
    folder: z.string().min(1).optional(),
    targetRecall: z.number().min(0).max(1).optional(),
    keepVectors: z.boolean().optional(),
  }),
  setup(host, { folder, targetRecall, keepVectors }) {
    host.provide(
      'vectorStore',
      'simd',
      () =>
        createSimdStore({
          ...(folder === undefined ? {} : { folder }),
          ...(targetRecall === undefined ? {} : { targetRecall }),
          ...(keepVectors === undefined ? {} : { keepVectors }),
        }),
      { dispose: (store) => store.close() },
    );
  },
});
