export { createDeterministicCipher } from './deterministic-cipher.js';
export type { DeterministicCipher } from './deterministic-cipher.js';
export { createFormatPreservingCipher } from './format-preserving-cipher.js';
export type {
  FormatPreservingCipher,
  FormatPreservingCipherOptions,
} from './format-preserving-cipher.js';
export { generalise } from './generalise.js';
export type { Generalisation } from './generalise.js';
export { createMemoryVaultStore } from './vault-store.js';
export type { VaultStore } from './vault-store.js';
export { loadPseudonymVault } from './load-pseudonym-vault.js';
export type { LoadPseudonymVaultOptions, StoredPseudonymVault } from './load-pseudonym-vault.js';
export { createPseudonymVault, openPseudonymVault } from './pseudonym-vault.js';
export type { PseudonymVault, PseudonymVaultOptions, VaultEntry } from './pseudonym-vault.js';
export { createReidentifier, reidentify } from './create-reidentifier.js';
export type { Reidentifier, ReidentifierOptions } from './create-reidentifier.js';
export { CipherKeyError, CipherTextError, VaultSealError } from '../errors.js';
