import { AuthenticationError, createEspalierClient } from '@espalier/sdk-ts';
import { useEffect, useState, type ReactElement, type SubmitEvent } from 'react';
import { BrandMark } from '../../components/brand-mark.js';
import { Button } from '../../components/button.js';
import { ErrorNotice } from '../../components/error-notice.js';
import { TextField } from '../../components/field.js';
import { useSession } from '../../session/session-context.js';
import type { ThemeStore } from '../../theme/theme-store.js';
import { ThemeSwitch } from '../../theme/theme-switch.js';
import { EspalierPicture } from './espalier-picture.js';
import styles from './sign-in-page.module.css';

/** Asks for an API key, tries it, and keeps it when the server accepts it. */
export function SignInPage(props: { theme: ThemeStore }): ReactElement {
  const { store, serverUrl } = useSession();
  const [apiKey, setApiKey] = useState('');
  const [isRemembered, setIsRemembered] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const isRefused = AuthenticationError.isInstance(error);

  useEffect(() => {
    document.title = 'Sign in · Espalier';
  }, []);

  const signIn = async (): Promise<void> => {
    setIsBusy(true);
    setError(undefined);
    const key = apiKey.trim();
    try {
      await createEspalierClient({ baseUrl: serverUrl, apiKey: key })
        .agents.list({ limit: 1 })
        .page();
      store.signIn({ apiKey: key, isRemembered });
    } catch (problem) {
      setError(problem);
      setIsBusy(false);
    }
  };

  const submit = (event: SubmitEvent<HTMLFormElement>): void => {
    event.preventDefault();
    void signIn();
  };

  return (
    <div className={styles['page']}>
      <main className={styles['panel']}>
        <div className={styles['brand']}>
          <BrandMark className={styles['mark']} />
          <span>Espalier</span>
        </div>
        <h1>Sign in</h1>
        {store.endReason() !== undefined && <p role="status">{store.endReason()}</p>}
        <form onSubmit={submit} className={styles['form']}>
          {/* Tells password managers under what name to keep the key. */}
          <input
            type="text"
            name="username"
            autoComplete="username"
            value="espalier"
            readOnly
            hidden
          />
          <TextField
            label="API key"
            type="password"
            name="api-key"
            autoComplete="current-password"
            spellCheck={false}
            required
            autoFocus
            placeholder="esp_…"
            value={apiKey}
            onChange={(event) => setApiKey(event.target.value)}
            error={
              isRefused ? 'The server does not know this key. Copy it again, whole.' : undefined
            }
            hint="The server printed an admin key when it first started."
          />
          <label className={styles['remember']}>
            <input
              type="checkbox"
              checked={isRemembered}
              onChange={(event) => setIsRemembered(event.target.checked)}
            />
            <span>
              Remember on this device
              <small>Otherwise the key is forgotten with this tab.</small>
            </span>
          </label>
          {error !== undefined && !isRefused && <ErrorNotice error={error} />}
          <Button kind="primary" type="submit" disabled={isBusy || apiKey.trim() === ''}>
            {isBusy ? 'Signing in…' : 'Sign in'}
          </Button>
        </form>
        <details className={styles['lost']}>
          <summary>Lost the key?</summary>
          <p>On the server’s machine, make a new one:</p>
          <pre>npx espalier keys create --name console --role admin</pre>
        </details>
        <div className={styles['foot']}>
          <ThemeSwitch store={props.theme} />
        </div>
      </main>
      <div className={styles['picture']} aria-hidden="true">
        <EspalierPicture />
      </div>
    </div>
  );
}
