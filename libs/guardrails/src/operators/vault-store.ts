/** Where sealed vaults are kept, by the name of their conversation. It sees enciphered bytes only. */
export interface VaultStore {
  load(
    name: string,
    options?: { readonly abortSignal?: AbortSignal },
  ): Promise<Uint8Array | undefined>;
  save(
    name: string,
    sealed: Uint8Array,
    options?: { readonly abortSignal?: AbortSignal },
  ): Promise<void>;
  /** Forgets a vault, so that its pseudonyms stand for nobody any more. */
  delete(name: string, options?: { readonly abortSignal?: AbortSignal }): Promise<void>;
}

/** Makes a store that lives as long as the process. */
export function createMemoryVaultStore(): VaultStore {
  const vaults = new Map<string, Uint8Array>();
  return {
    load: (name) => Promise.resolve(vaults.get(name)?.slice()),
    save: (name, sealed) => {
      vaults.set(name, sealed.slice());
      return Promise.resolve();
    },
    delete: (name) => {
      vaults.delete(name);
      return Promise.resolve();
    },
  };
}
