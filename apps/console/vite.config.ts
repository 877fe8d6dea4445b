import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';

/** Where `vite dev` finds a server; the built console talks to the server that serves it. */
const DEVELOPMENT_SERVER = 'http://127.0.0.1:8787';

export default defineConfig({
  base: '/',
  plugins: [react()],
  // Workspace packages are read from their sources: building the console needs no other build.
  resolve: { conditions: ['@espalier/source', ...defaultClientConditions] },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/healthz', '/readyz', '/openapi.json', '/reference'].map((path) => [
        path,
        DEVELOPMENT_SERVER,
      ]),
    ),
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    sourcemap: true,
    // Everything is a file of this origin, so that a policy of 'self' needs no data: URLs.
    assetsInlineLimit: 0,
    target: 'es2023',
    rolldownOptions: {
      output: {
        // What changes seldom is cached apart from what changes with every release.
        codeSplitting: {
          groups: [
            {
              name: 'framework',
              test: /node_modules\/(?:react|react-dom|react-router|scheduler|@tanstack)\//,
            },
            {
              name: 'client',
              test: /node_modules\/(?:zod|ky|eventsource-parser)\/|libs\/(?:core|protocol|sdk-ts)\//,
            },
          ],
        },
      },
    },
  },
});
