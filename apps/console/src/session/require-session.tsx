import type { ReactElement, ReactNode } from 'react';
import { SignInPage } from '../routes/sign-in/sign-in-page.js';
import type { ThemeStore } from '../theme/theme-store.js';
import { useSession } from './session-context.js';

/** Shows the sign-in page in place of any other until there is a key; the address stays, so one lands where one meant to. */
export function RequireSession(props: { theme: ThemeStore; children: ReactNode }): ReactElement {
  const { apiKey } = useSession();
  if (apiKey === undefined) return <SignInPage theme={props.theme} />;
  return <>{props.children}</>;
}
