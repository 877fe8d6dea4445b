import { describeVectorStoreConformance } from '@espalier/testing/conformance';
import { createMemoryStore } from './create-memory-store.js';

describeVectorStoreConformance('The memory store', { create: () => createMemoryStore() });
