import { createEspalierClient, type EspalierClient } from '@espalier/sdk-ts';
import {
  createContext,
  useContext,
  useMemo,
  useSyncExternalStore,
  type ReactElement,
  type ReactNode,
} from 'react';
import type { SessionStore } from './session-store.js';

/** The server that this console belongs to, and who is signed in there. */
export interface Session {
  readonly store: SessionStore;
  readonly serverUrl: string;
  readonly apiKey: string | undefined;
  /** A client with the key that is signed in. */
  readonly client: EspalierClient;
}

const SessionContext = createContext<Session | undefined>(undefined);

/** Gives everything below it the session. */
export function SessionProvider(props: {
  store: SessionStore;
  serverUrl: string;
  children: ReactNode;
}): ReactElement {
  const { store, serverUrl } = props;
  const apiKey = useSyncExternalStore(store.subscribe, store.get);
  const session = useMemo(
    () => ({
      store,
      serverUrl,
      apiKey,
      client: createEspalierClient({
        baseUrl: serverUrl,
        ...(apiKey === undefined ? {} : { apiKey }),
      }),
    }),
    [store, serverUrl, apiKey],
  );
  return <SessionContext value={session}>{props.children}</SessionContext>;
}

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('useSession needs a SessionProvider above it.');
  return session;
}

/** The client of the person who is signed in. */
export function useClient(): EspalierClient {
  return useSession().client;
}
