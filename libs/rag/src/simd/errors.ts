import { EspalierError, truncateValue } from '@espalier/core';

/** This platform has no WebAssembly with SIMD. */
export class SimdUnsupportedError extends EspalierError {
  static override readonly errorName = 'SimdUnsupportedError';

  constructor() {
    super({
      code: 'ERR_RAG_SIMD_UNSUPPORTED',
      message:
        'This platform runs no WebAssembly SIMD. Use createMemoryStore from "@espalier/rag/memory", or Node.js 22 or later.',
    });
  }
}

/** Another store, of this or another process, works on the folder. */
export class StoreLockedError extends EspalierError {
  static override readonly errorName = 'StoreLockedError';

  constructor(options: { folder: string; cause?: unknown }) {
    super({
      code: 'ERR_RAG_STORE_LOCKED',
      message: `The folder ${truncateValue(options.folder, 200)} is in use elsewhere, in this or another process. Close it there, or use a folder of its own.`,
      cause: options.cause,
      isRetryable: true,
      details: { folder: options.folder },
    });
  }
}

/** The file of an index is truncated or holds other bytes than were written. */
export class IndexCorruptError extends EspalierError {
  static override readonly errorName = 'IndexCorruptError';

  constructor(options: { index: string; path: string; problem: string }) {
    super({
      code: 'ERR_RAG_INDEX_CORRUPT',
      message: `The file of the index "${options.index}" is damaged: ${options.problem}. Restore ${truncateValue(options.path, 200)} from a backup, or drop the index and ingest its sources anew.`,
      details: options,
    });
  }
}
