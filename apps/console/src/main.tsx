import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { config } from 'zod';
import { App } from './app.js';
import { createSessionStore } from './session/session-store.js';
import './styles/base.css';
import { createThemeStore } from './theme/theme-store.js';

// Schemas are interpreted, not compiled: a strict content security policy forbids making code from text.
config({ jitless: true });

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element "root".');

const session = createSessionStore({ session: sessionStorage, remembered: localStorage });
const theme = createThemeStore({ storage: localStorage, root: document.documentElement });

createRoot(root).render(
  <StrictMode>
    <App session={session} theme={theme} serverUrl={window.location.origin} />
  </StrictMode>,
);
