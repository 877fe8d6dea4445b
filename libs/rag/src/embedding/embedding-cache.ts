/** Which vectors are meant: those of texts, each known by the hash of its words, by one embedding model. */
export interface EmbeddingKeys {
  /** The model with its revision, as `embeddingIdentity` gives it. */
  readonly embedding: string;
  /** SHA-256 of each text, in hexadecimal. */
  readonly textHashes: readonly string[];
}

/** Keeps vectors beyond a call, so that the same words are never embedded twice by the same model. */
export interface EmbeddingCache {
  /** The vectors that are known, by text hash. */
  get(keys: EmbeddingKeys): Promise<ReadonlyMap<string, Float32Array>>;
  set(options: {
    embedding: string;
    entries: readonly { readonly textHash: string; readonly vector: Float32Array }[];
  }): Promise<void>;
  /** Removes the vectors of texts, of every model; resolves to how many there were. */
  forget(textHashes: readonly string[]): Promise<number>;
  /** Removes all vectors, or those of one model; resolves to how many there were. */
  clear(options?: { embedding?: string }): Promise<number>;
  /** Leaves nothing on disk of what was removed before. */
  purge(): Promise<void>;
  close(): Promise<void>;
}
