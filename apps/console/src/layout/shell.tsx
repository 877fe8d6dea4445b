import type { ReactElement } from 'react';
import { NavLink, Outlet, useNavigation } from 'react-router';
import { BrandMark } from '../components/brand-mark.js';
import { Button } from '../components/button.js';
import { useSession } from '../session/session-context.js';
import type { ThemeStore } from '../theme/theme-store.js';
import { ThemeSwitch } from '../theme/theme-switch.js';
import { NAVIGATION } from './navigation.js';
import styles from './shell.module.css';

/** The frame of every page: navigation at the side (on top where it is narrow), the page beside it. */
export function Shell(props: { theme: ThemeStore }): ReactElement {
  const { store } = useSession();
  const { state } = useNavigation();
  return (
    <div className={styles['shell']}>
      <a href="#main" className={styles['skip']}>
        Skip to content
      </a>
      <header className={styles['side']}>
        <NavLink to="/" className={styles['brand'] ?? ''} aria-label="Espalier, start page">
          <BrandMark className={styles['mark']} />
          <span>Espalier</span>
        </NavLink>
        <nav aria-label="Main" className={styles['navigation']}>
          {NAVIGATION.map((group) => (
            <div key={group.label} className={styles['group']}>
              <p className={styles['groupLabel']}>{group.label}</p>
              <ul>
                {group.entries.map((entry) => (
                  <li key={entry.path}>
                    <NavLink
                      to={entry.path}
                      end={entry.path === '/'}
                      className={styles['link'] ?? ''}
                    >
                      {entry.label}
                    </NavLink>
                  </li>
                ))}
              </ul>
            </div>
          ))}
          <div className={styles['group']}>
            <p className={styles['groupLabel']}>Build</p>
            <ul>
              <li>
                <a href="/reference" className={styles['link']}>
                  API reference
                </a>
              </li>
            </ul>
          </div>
        </nav>
        <div className={styles['foot']}>
          <ThemeSwitch store={props.theme} />
          <Button kind="quiet" onClick={() => store.signOut()}>
            Sign out
          </Button>
        </div>
      </header>
      <main id="main" tabIndex={-1} className={styles['main']} aria-busy={state === 'loading'}>
        <Outlet />
      </main>
    </div>
  );
}
