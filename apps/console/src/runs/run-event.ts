import type { RunStream } from '@espalier/sdk-ts';

/** One event of a run, as the client yields it. */
export type RunEvent = RunStream extends AsyncIterable<infer Event> ? Event : never;
