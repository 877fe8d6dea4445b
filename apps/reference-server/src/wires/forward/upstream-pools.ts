import { Pool, type Dispatcher } from 'undici';

/** One connection pool for each upstream. */
export interface UpstreamPools {
  /** The pool of an address, and what follows the origin in it. */
  at(url: string): { readonly pool: Dispatcher; readonly path: string };
  close(): Promise<void>;
}

/** Creates pools on demand; they live until `close`. */
export function createUpstreamPools(options: { connections: number }): UpstreamPools {
  const pools = new Map<string, Pool>();
  // The addresses are those of configured models, so that they are few.
  const places = new Map<string, { readonly pool: Pool; readonly path: string }>();
  return {
    at(url) {
      let place = places.get(url);
      if (place === undefined) {
        const { origin, pathname, search } = new URL(url);
        let pool = pools.get(origin);
        if (pool === undefined) {
          pool = new Pool(origin, { connections: options.connections, connectTimeout: 10_000 });
          pools.set(origin, pool);
        }
        place = { pool, path: pathname + search };
        places.set(url, place);
      }
      return place;
    },
    async close() {
      const open = [...pools.values()];
      pools.clear();
      places.clear();
      await Promise.all(open.map((pool) => pool.destroy()));
    },
  };
}
