import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeVectorStoreConformance } from '@espalier/testing/conformance';
import { createSimdStore } from './create-simd-store.js';

let folder = '';
const fresh = (): string => (folder = mkdtempSync(join(tmpdir(), 'simd-')));

describeVectorStoreConformance('The SIMD store in memory', { create: () => createSimdStore() });
describeVectorStoreConformance('The SIMD store on disk', {
  create: () => createSimdStore({ folder: fresh() }),
  reopen: () => createSimdStore({ folder }),
});
