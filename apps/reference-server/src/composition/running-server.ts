import type { IngestState } from '../knowledge/ingest-board.js';
import type { SampleIngest } from '../sample/follow-ingest.js';

/** A server that listens. */
export interface RunningServer {
  readonly url: string;
  /** The secret of the key made on the first start; `undefined` on later ones. */
  readonly adminKey: string | undefined;
  /** A secret that is valid for the life of this process and stored nowhere by it. */
  readonly localKey: string;
  readonly hasConsole: boolean;
  /**
   * Follows the ingest of the sample documents to its end.
   *
   * Resolves to `undefined` where there was nothing new, or where the server stopped first.
   */
  followSample(onProgress: (state: IngestState) => void): Promise<SampleIngest | undefined>;
  /** Lets what runs end, then closes everything. Safe to call twice. */
  close(): Promise<void>;
}
