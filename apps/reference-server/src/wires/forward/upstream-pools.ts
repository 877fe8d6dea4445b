import { Pool, type Dispatcher } from 'undici';

/** One connection pool for each upstream. */
export interface UpstreamPools {
  of(origin: string): Dispatcher;
  close(): Promise<void>;
}

/** Creates pools on demand; they live until `close`. */
export function createUpstreamPools(options: { connections: number }): UpstreamPools {
  const pools = new Map<string, Pool>();
  return {
    of(origin) {
      let pool = pools.get(origin);
      if (pool === undefined) {
        pool = new Pool(origin, { connections: options.connections, connectTimeout: 10_000 });
        pools.set(origin, pool);
      }
      return pool;
    },
    async close() {
      const open = [...pools.values()];
      pools.clear();
      await Promise.all(open.map((pool) => pool.destroy()));
    },
  };
}
