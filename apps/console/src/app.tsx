import { AuthenticationError } from '@espalier/sdk-ts';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { RouterProvider } from 'react-router/dom';
import { createRouter } from './router.js';
import { SessionProvider } from './session/session-context.js';
import type { SessionStore } from './session/session-store.js';
import type { ThemeStore } from './theme/theme-store.js';

/** What the console is started with. */
export interface AppOptions {
  readonly session: SessionStore;
  readonly theme: ThemeStore;
  /** Origin of the server whose API it uses. */
  readonly serverUrl: string;
}

/** The whole console. */
export function App(props: AppOptions): ReactElement {
  const [queryClient] = useState(() => createQueryClient(props.session));
  const [router] = useState(() => createRouter({ theme: props.theme }));
  return (
    <SessionProvider store={props.session} serverUrl={props.serverUrl}>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </SessionProvider>
  );
}

function createQueryClient(session: SessionStore): QueryClient {
  const onError = (error: Error): void => {
    if (AuthenticationError.isInstance(error) && session.get() !== undefined) {
      session.signOut({ reason: 'Your key is no longer accepted. Sign in with another one.' });
    }
  };
  const queryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    // The client repeats by itself what may be repeated.
    defaultOptions: { queries: { retry: false, staleTime: 15_000, refetchOnWindowFocus: false } },
  });
  session.subscribe(() => {
    if (session.get() === undefined) queryClient.clear();
  });
  return queryClient;
}
