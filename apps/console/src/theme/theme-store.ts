/** How the console looks: as the system does, or always light or dark. */
export type Theme = 'system' | 'light' | 'dark';

/** Keeps the choice and applies it to the page. */
export interface ThemeStore {
  readonly get: () => Theme;
  set(theme: Theme): void;
  readonly subscribe: (listener: () => void) => () => void;
}

const STORAGE_NAME = 'espalier.theme';

export function createThemeStore(options: {
  storage: Pick<Storage, 'getItem' | 'setItem'>;
  root: HTMLElement;
}): ThemeStore {
  const listeners = new Set<() => void>();
  let theme = read(options.storage);
  apply();

  function apply(): void {
    if (theme === 'system') delete options.root.dataset['theme'];
    else options.root.dataset['theme'] = theme;
  }

  return {
    get: () => theme,
    set(next) {
      theme = next;
      apply();
      try {
        options.storage.setItem(STORAGE_NAME, next);
      } catch {
        // The choice then holds until the page is left.
      }
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function read(storage: Pick<Storage, 'getItem'>): Theme {
  try {
    const stored = storage.getItem(STORAGE_NAME);
    return stored === 'light' || stored === 'dark' ? stored : 'system';
  } catch {
    return 'system';
  }
}
