import { useSyncExternalStore, type ReactElement } from 'react';
import type { Theme, ThemeStore } from './theme-store.js';
import styles from './theme-switch.module.css';

const CHOICES: readonly { theme: Theme; label: string }[] = [
  { theme: 'system', label: 'Auto' },
  { theme: 'light', label: 'Light' },
  { theme: 'dark', label: 'Dark' },
];

/** Lets a person choose between the system's scheme, light and dark. */
export function ThemeSwitch(props: { store: ThemeStore }): ReactElement {
  const current = useSyncExternalStore(props.store.subscribe, props.store.get);
  return (
    <fieldset className={styles['switch']}>
      <legend className="visually-hidden">Colour scheme</legend>
      {CHOICES.map(({ theme, label }) => (
        <label key={theme} className={styles['choice']}>
          <input
            type="radio"
            name="theme"
            className="visually-hidden"
            checked={current === theme}
            onChange={() => props.store.set(theme)}
          />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  );
}
