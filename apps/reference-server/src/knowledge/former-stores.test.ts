import { describe, expect, it } from 'vitest';
import { createFormerStores } from './open-vector-store.js';

describe('createFormerStores', () => {
  const stores = createFormerStores({
    folder: '/nowhere',
    services: { 'old-postgres': { kind: 'pgvector', url: 'postgres://localhost/none' } },
  });

  it('knows the stores of the data folder and those of the configuration, and no others', () => {
    for (const name of ['lancedb', 'simd', 'old-postgres']) stores.assertKnown(name);
    expect(() => {
      stores.assertKnown('toString');
    }).toThrow(/no store "toString".*"old-postgres"/u);
  });

  it('opens a service without talking to it before it is used', async () => {
    const store = await stores.open('old-postgres');
    expect(store.name).toContain('pgvector');
    await store.close();
    await expect(stores.open('none')).rejects.toMatchObject({ code: 'ERR_SERVER_STORE_UNKNOWN' });
  });
});
