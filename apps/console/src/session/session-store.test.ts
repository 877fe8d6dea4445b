import { describe, expect, it } from 'vitest';
import { createSessionStore, type KeyStorage } from './session-store.js';

function memory(): KeyStorage & { readonly kept: Map<string, string> } {
  const kept = new Map<string, string>();
  return {
    kept,
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
}

describe('the session', () => {
  it('keeps a key for the tab alone unless it is to be remembered', () => {
    const storages = { session: memory(), remembered: memory() };
    createSessionStore(storages).signIn({ apiKey: 'esp_a', isRemembered: false });
    expect([storages.session.kept.size, storages.remembered.kept.size]).toEqual([1, 0]);
    expect(createSessionStore(storages).get()).toBe('esp_a');
    createSessionStore({ ...storages, session: memory() }).signIn({
      apiKey: 'esp_b',
      isRemembered: true,
    });
    expect(createSessionStore({ ...storages, session: memory() }).get()).toBe('esp_b');
  });

  it('forgets the key everywhere on sign-out, and says why it ended by itself', () => {
    const storages = { session: memory(), remembered: memory() };
    const store = createSessionStore(storages);
    let calls = 0;
    store.subscribe(() => (calls += 1));
    store.signIn({ apiKey: 'esp_a', isRemembered: true });
    store.signOut({ reason: 'Revoked.' });
    expect(store.get()).toBeUndefined();
    expect(store.endReason()).toBe('Revoked.');
    expect(storages.session.kept.size + storages.remembered.kept.size).toBe(0);
    expect(calls).toBe(2);
  });

  it('lets a person in where the browser forbids storage', () => {
    const forbidden = (): never => {
      throw new DOMException('Denied', 'SecurityError');
    };
    const storage = { getItem: forbidden, setItem: forbidden, removeItem: forbidden };
    const store = createSessionStore({ session: storage, remembered: storage });
    store.signIn({ apiKey: 'esp_a', isRemembered: false });
    expect(store.get()).toBe('esp_a');
  });
});
