import { tests } from '../../tools/vitest-preset.ts';

// PGlite takes seconds to start on a machine that is busy.
export default tests({ test: { hookTimeout: 60_000, testTimeout: 30_000 } });
