import { aessiv } from '@noble/ciphers/aes.js';
import * as z from '@espalier/core/zod';
import { CipherKeyError, VaultSealError } from '../errors.js';

const KEY_BYTES = [32, 48, 64];
const NONCE_BYTES = 16;
const MAGIC = new TextEncoder().encode('EPV1');
const entriesSchema = z.array(z.tuple([z.string(), z.string(), z.string()]));

/** A pseudonym with what it stands for. */
export interface VaultEntry {
  readonly category: string;
  readonly original: string;
  readonly pseudonym: string;
}

/** Gives out pseudonyms and remembers them: within one vault the same person is always the same. */
export interface PseudonymVault {
  /** The pseudonym of an original; the same for the same category and spelling, whatever the case and spacing. */
  pseudonymOf(category: string, original: string): string;
  /** The pseudonym that an original has been given already; `undefined` when it has none. */
  knownPseudonymOf(category: string, original: string): string | undefined;
  /** What a pseudonym stands for, as it was first written; `undefined` when it is none of this vault. */
  originalOf(pseudonym: string): string | undefined;
  /** All entries, oldest first. */
  entries(): readonly VaultEntry[];
  /**
   * All entries as enciphered bytes, for a file or a database.
   *
   * @param key 32, 48 or 64 random bytes.
   * @throws {CipherKeyError} `ERR_GUARDRAILS_CIPHER_KEY`: the key has another length.
   */
  seal(key: Uint8Array): Uint8Array;
}

/** What `createPseudonymVault` takes. */
export interface PseudonymVaultOptions {
  /** Writes the n-th pseudonym of a category, from 1. Default `[PERSON_1]`. All must differ. */
  readonly format?: (category: string, number: number) => string;
  readonly entries?: readonly VaultEntry[];
}

/** Makes a vault in memory: one for each conversation, so that nothing is linked between conversations. */
export function createPseudonymVault(options: PseudonymVaultOptions = {}): PseudonymVault {
  const format = options.format ?? formatPlaceholder;
  const pseudonyms = new Map<string, string>();
  const originals = new Map<string, VaultEntry>();
  const counts = new Map<string, number>();
  const keyOf = (category: string, original: string): string =>
    `${category}\n${original.normalize('NFC').toLowerCase().trim().replace(/\s+/g, ' ')}`;
  const add = (entry: VaultEntry): void => {
    pseudonyms.set(keyOf(entry.category, entry.original), entry.pseudonym);
    originals.set(entry.pseudonym, entry);
    counts.set(entry.category, (counts.get(entry.category) ?? 0) + 1);
  };
  for (const entry of options.entries ?? []) add(entry);
  return {
    pseudonymOf(category, original) {
      const known = pseudonyms.get(keyOf(category, original));
      if (known !== undefined) return known;
      let number = (counts.get(category) ?? 0) + 1;
      while (originals.has(format(category, number))) number += 1;
      const pseudonym = format(category, number);
      add({ category, original, pseudonym });
      return pseudonym;
    },
    knownPseudonymOf: (category, original) => pseudonyms.get(keyOf(category, original)),
    originalOf: (pseudonym) => originals.get(pseudonym)?.original,
    entries: () => [...originals.values()],
    seal: (key) => sealEntries([...originals.values()], key),
  };
}

/**
 * Opens a vault that was sealed.
 *
 * @throws {VaultSealError} `ERR_GUARDRAILS_VAULT_SEAL`: another key sealed it, or the bytes are damaged.
 */
export function openPseudonymVault(
  sealed: Uint8Array,
  key: Uint8Array,
  options: Omit<PseudonymVaultOptions, 'entries'> = {},
): PseudonymVault {
  const nonce = sealed.subarray(MAGIC.length, MAGIC.length + NONCE_BYTES);
  if (!MAGIC.every((byte, index) => sealed[index] === byte) || nonce.length < NONCE_BYTES)
    throw new VaultSealError({ problem: 'the bytes are no sealed vault' });
  checkKey(key);
  let rows: z.infer<typeof entriesSchema>;
  try {
    const opened = aessiv(key, MAGIC, nonce).decrypt(sealed.subarray(MAGIC.length + NONCE_BYTES));
    rows = entriesSchema.parse(JSON.parse(new TextDecoder().decode(opened)));
  } catch (cause) {
    throw new VaultSealError({
      problem: 'the key is another one, or the bytes are damaged',
      cause,
    });
  }
  return createPseudonymVault({
    ...options,
    entries: rows.map(([category, original, pseudonym]) => ({ category, original, pseudonym })),
  });
}

function sealEntries(entries: readonly VaultEntry[], key: Uint8Array): Uint8Array {
  checkKey(key);
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const rows = entries.map(({ category, original, pseudonym }) => [category, original, pseudonym]);
  const sealed = aessiv(key, MAGIC, nonce).encrypt(new TextEncoder().encode(JSON.stringify(rows)));
  const bytes = new Uint8Array(MAGIC.length + NONCE_BYTES + sealed.length);
  bytes.set(MAGIC);
  bytes.set(nonce, MAGIC.length);
  bytes.set(sealed, MAGIC.length + NONCE_BYTES);
  return bytes;
}

function checkKey(key: Uint8Array): void {
  if (!KEY_BYTES.includes(key.length))
    throw new CipherKeyError({ cipher: 'AES-SIV', bytes: key.length, allowed: KEY_BYTES });
}

function formatPlaceholder(category: string, number: number): string {
  return `[${category.toUpperCase().replace(/[^A-Z0-9]+/g, '_')}_${number}]`;
}
