/** Who is signed in: the API key, kept by the browser until sign-out. */
export interface SessionStore {
  /** The key; `undefined` when nobody is signed in. */
  readonly get: () => string | undefined;
  /** Keeps the key for this tab, or in this browser when `isRemembered`. */
  signIn(options: { apiKey: string; isRemembered: boolean }): void;
  /** Forgets the key; `reason` is shown on the sign-in page. */
  signOut(options?: { reason?: string }): void;
  /** Why the last session ended by itself. */
  endReason(): string | undefined;
  readonly subscribe: (listener: () => void) => () => void;
}

/** The part of `Storage` that is needed; access may throw where a browser forbids it. */
export type KeyStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const STORAGE_NAME = 'espalier.apiKey';

/** Creates the store over a storage that ends with the tab and one that stays. */
export function createSessionStore(storages: {
  session: KeyStorage;
  remembered: KeyStorage;
}): SessionStore {
  const listeners = new Set<() => void>();
  let apiKey = read(storages.session) ?? read(storages.remembered);
  let endReason: string | undefined;

  const notify = (): void => {
    for (const listener of listeners) listener();
  };

  return {
    get: () => apiKey,
    endReason: () => endReason,
    signIn(options) {
      apiKey = options.apiKey;
      endReason = undefined;
      write(options.isRemembered ? storages.remembered : storages.session, apiKey);
      notify();
    },
    signOut(options) {
      apiKey = undefined;
      endReason = options?.reason;
      write(storages.session, undefined);
      write(storages.remembered, undefined);
      notify();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** A browser that forbids storage still lets a person in, for as long as the page is open. */
function read(storage: KeyStorage): string | undefined {
  try {
    return storage.getItem(STORAGE_NAME) ?? undefined;
  } catch {
    return undefined;
  }
}

function write(storage: KeyStorage, value: string | undefined): void {
  try {
    if (value === undefined) storage.removeItem(STORAGE_NAME);
    else storage.setItem(STORAGE_NAME, value);
  } catch {
    // As above: the key then lives in memory alone.
  }
}
