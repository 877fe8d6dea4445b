import {
  createPseudonymVault,
  openPseudonymVault,
  type PseudonymVault,
  type PseudonymVaultOptions,
} from './pseudonym-vault.js';
import type { VaultStore } from './vault-store.js';

/** What `loadPseudonymVault` takes. */
export interface LoadPseudonymVaultOptions extends Omit<PseudonymVaultOptions, 'entries'> {
  readonly store: VaultStore;
  /** The conversation. */
  readonly name: string;
  /** 32, 48 or 64 random bytes, the same every time. */
  readonly key: Uint8Array;
  readonly abortSignal?: AbortSignal;
}

/** A vault that can be saved where it came from. */
export interface StoredPseudonymVault extends PseudonymVault {
  save(options?: { readonly abortSignal?: AbortSignal }): Promise<void>;
}

/**
 * Opens the vault of a conversation from a store, or begins one.
 *
 * @throws {VaultSealError} `ERR_GUARDRAILS_VAULT_SEAL`: another key sealed it, or it is damaged.
 */
export async function loadPseudonymVault(
  options: LoadPseudonymVaultOptions,
): Promise<StoredPseudonymVault> {
  const { store, name, key, abortSignal } = options;
  const format = options.format === undefined ? {} : { format: options.format };
  const sealed = await store.load(name, abortSignal === undefined ? {} : { abortSignal });
  const vault =
    sealed === undefined ? createPseudonymVault(format) : openPseudonymVault(sealed, key, format);
  return { ...vault, save: (saving) => store.save(name, vault.seal(key), saving) };
}
