import { describe, expect, it } from 'vitest';
import { ROUTES, routePath } from './routes.js';

describe('routePath', () => {
  it('percent-encodes parameters, so that a document id with slashes stays one segment', () => {
    expect(routePath('getDocument', { name: 'docs', id: 'guides/a b?.md' })).toBe(
      '/api/v1/knowledge-bases/docs/documents/guides%2Fa%20b%3F.md',
    );
  });

  it('needs no parameters where the path has none', () => {
    expect(routePath('listAgents')).toBe('/api/v1/agents');
  });

  it('encodes a lone surrogate instead of throwing', () => {
    expect(routePath('getRun', { id: '\ud800' })).toBe('/api/v1/runs/%EF%BF%BD');
  });
});

describe('ROUTES', () => {
  it('names each method and path once', () => {
    const all = Object.values(ROUTES).map((route) => `${route.method} ${route.path}`);
    expect(new Set(all).size).toBe(all.length);
  });
});
