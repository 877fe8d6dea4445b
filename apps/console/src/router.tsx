import type { ReactElement } from 'react';
import { createBrowserRouter, type RouteObject } from 'react-router';
import { Shell } from './layout/shell.js';
import { LoadingPage } from './routes/loading-page.js';
import { NotFoundPage } from './routes/not-found-page.js';
import { RouteErrorPage } from './routes/route-error-page.js';
import { RequireSession } from './session/require-session.js';
import type { ThemeStore } from './theme/theme-store.js';

/** The pages; each is a chunk of its own, loaded when it is first opened. */
const PAGES: readonly (RouteObject & { path: string })[] = [
  {
    path: '/',
    lazy: async () => ({ Component: (await import('./routes/ask/ask-page.js')).AskPage }),
  },
  {
    path: '/search',
    lazy: async () => ({ Component: (await import('./routes/search/search-page.js')).SearchPage }),
  },
  {
    path: '/knowledge-bases',
    lazy: async () => ({
      Component: (await import('./routes/knowledge-bases/knowledge-bases-page.js'))
        .KnowledgeBasesPage,
    }),
  },
  {
    path: '/knowledge-bases/:name',
    lazy: async () => ({
      Component: (await import('./routes/knowledge-bases/knowledge-base-page.js'))
        .KnowledgeBasePage,
    }),
  },
  {
    path: '/training',
    lazy: async () => ({
      Component: (await import('./routes/training/training-page.js')).TrainingPage,
    }),
  },
  {
    path: '/training/:id',
    lazy: async () => ({
      Component: (await import('./routes/training/training-job-page.js')).TrainingJobPage,
    }),
  },
  {
    path: '/registry',
    lazy: async () => ({
      Component: (await import('./routes/registry/registry-page.js')).RegistryPage,
    }),
  },
  {
    path: '/registry/:name',
    lazy: async () => ({
      Component: (await import('./routes/registry/model-page.js')).ModelPage,
    }),
  },
];

/** Creates the router over every page of the console. */
export function createRouter(options: {
  theme: ThemeStore;
}): ReturnType<typeof createBrowserRouter> {
  function Root(): ReactElement {
    return (
      <RequireSession theme={options.theme}>
        <Shell theme={options.theme} />
      </RequireSession>
    );
  }
  return createBrowserRouter([
    {
      Component: Root,
      ErrorBoundary: RouteErrorPage,
      HydrateFallback: LoadingPage,
      children: [
        {
          ErrorBoundary: RouteErrorPage,
          children: [...PAGES, { path: '*', Component: NotFoundPage }],
        },
      ],
    },
  ]);
}
