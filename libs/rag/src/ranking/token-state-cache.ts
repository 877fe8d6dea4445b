import type { PackedTokenStates } from './pack-token-states.js';
import type { TokenCodeBits } from './token-codes.js';

/** Which states are meant: those of texts, each known by the SHA-256 of its words, by one encoder. */
interface TokenStateKeys {
  readonly encoder: string;
  readonly textHashes: readonly string[];
}

/** Keeps the token states of passages, so that late interaction costs a look instead of a run of the encoder. */
export interface TokenStateCache {
  /** The states that are known, by text hash. */
  get(keys: TokenStateKeys): Promise<ReadonlyMap<string, PackedTokenStates>>;
  /** The tokens alone. */
  tokensOf(keys: TokenStateKeys): Promise<ReadonlyMap<string, Int32Array>>;
  /** How many bits values are kept in, of the states that are known, by text hash. */
  bitsOf(keys: TokenStateKeys): Promise<ReadonlyMap<string, TokenCodeBits>>;
  /** Keeps states; what is kept in other bits is written over. */
  set(options: {
    encoder: string;
    /** Default: those that the cache was opened with. */
    bits?: TokenCodeBits;
    entries: readonly { readonly textHash: string; readonly states: PackedTokenStates }[];
  }): Promise<void>;
  /** Removes the states of texts, of every encoder; resolves to how many there were. */
  forget(textHashes: readonly string[]): Promise<number>;
  /** Leaves nothing on disk of what was removed before. */
  purge(): Promise<void>;
  close(): Promise<void>;
}
