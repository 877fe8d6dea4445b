import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFileVaultStore } from './file-vault-store.js';
import { loadPseudonymVault } from './load-pseudonym-vault.js';
import { createPseudonymVault, openPseudonymVault } from './pseudonym-vault.js';
import { createMemoryVaultStore, type VaultStore } from './vault-store.js';

const key = Uint8Array.from({ length: 32 }, (_, index) => index);

describe('the vault of pseudonyms', () => {
  it('gives the same person the same pseudonym, whatever the case and spacing', () => {
    const vault = createPseudonymVault();
    expect(vault.pseudonymOf('person', 'Jane Roe')).toBe('[PERSON_1]');
    expect(vault.pseudonymOf('person', 'John Doe')).toBe('[PERSON_2]');
    expect(vault.pseudonymOf('person', 'JANE  ROE')).toBe('[PERSON_1]');
    expect(vault.pseudonymOf('us-ssn', 'Jane Roe')).toBe('[US_SSN_1]');
    expect(vault.originalOf('[PERSON_1]')).toBe('Jane Roe');
    expect(vault.originalOf('[PERSON_9]')).toBeUndefined();
  });

  it('is the same after it was sealed and opened, and goes on counting', () => {
    const vault = createPseudonymVault();
    vault.pseudonymOf('person', 'Jane Roe');
    const sealed = vault.seal(key);
    expect(Buffer.from(sealed).toString('latin1')).not.toContain('Jane');
    const opened = openPseudonymVault(sealed, key);
    expect(opened.entries()).toEqual(vault.entries());
    expect(opened.pseudonymOf('person', 'John Doe')).toBe('[PERSON_2]');
  });

  it('never gives out a pseudonym twice, even where a format counts in its own way', () => {
    const vault = createPseudonymVault({
      format: (category, number) => `${category.slice(0, 1)}${number}`,
    });
    expect([
      vault.pseudonymOf('person', 'a'),
      vault.pseudonymOf('phone', 'b'),
      vault.pseudonymOf('person', 'c'),
    ]).toEqual(['p1', 'p2', 'p3']);
  });

  it.each([
    ['nothing', new Uint8Array(), key],
    ['a part', createPseudonymVault().seal(key).slice(0, 30), key],
    ['another key', createPseudonymVault().seal(key), key.map((byte) => byte ^ 1)],
    [
      'a changed byte',
      createPseudonymVault()
        .seal(key)
        .map((byte, at) => (at === 25 ? byte ^ 1 : byte)),
      key,
    ],
  ])('does not open with %s', (_, sealed, given) => {
    expect(() => openPseudonymVault(sealed, given)).toThrow(
      expect.objectContaining({ code: 'ERR_GUARDRAILS_VAULT_SEAL' }),
    );
  });
});

describe.each<[string, () => Promise<{ store: VaultStore; end: () => Promise<void> }>]>([
  [
    'memory',
    () => Promise.resolve({ store: createMemoryVaultStore(), end: () => Promise.resolve() }),
  ],
  [
    'files',
    async () => {
      const folder = await mkdtemp(join(tmpdir(), 'espalier-vault-'));
      return {
        store: createFileVaultStore(join(folder, 'vaults')),
        end: () => rm(folder, { recursive: true }),
      };
    },
  ],
])('the store of vaults in %s', (_, open) => {
  it('keeps the vault of each conversation until it is deleted', async () => {
    const { store, end } = await open();
    const first = await loadPseudonymVault({ store, name: 'one', key });
    first.pseudonymOf('person', 'Jane Roe');
    await first.save();
    const again = await loadPseudonymVault({ store, name: 'one', key });
    expect(again.originalOf('[PERSON_1]')).toBe('Jane Roe');
    const other = await loadPseudonymVault({ store, name: 'two', key });
    expect(other.entries()).toEqual([]);
    await store.delete('one');
    await store.delete('never there');
    expect(await store.load('one')).toBeUndefined();
    await end();
  });
});

it('a file of a vault is readable by its owner only, and its name and content tell nothing', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'espalier-vault-'));
  const vault = await loadPseudonymVault({
    store: createFileVaultStore(folder),
    name: 'jane@example.org',
    key,
  });
  vault.pseudonymOf('email', 'jane@example.org');
  await vault.save();
  const [file = '', ...others] = await readdir(folder);
  expect(others).toEqual([]);
  expect(file).toMatch(/^[0-9a-f]{64}\.vault$/);
  expect((await stat(join(folder, file))).mode & 0o077).toBe(0);
  expect(await readFile(join(folder, file), 'latin1')).not.toContain('example');
  await rm(folder, { recursive: true });
});
