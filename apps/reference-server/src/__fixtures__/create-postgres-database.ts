import { createRequire } from 'node:module';

interface PgClient {
  connect(): Promise<void>;
  query(sql: string): Promise<unknown>;
  end(): Promise<void>;
}

// The driver is a peer of @espalier/database, and is found from there.
const require = createRequire(new URL('../../../../libs/database/package.json', import.meta.url));

/** Makes an empty database on the server at `url`. */
export async function createPostgresDatabase(
  url: string,
): Promise<{ url: string; remove(): Promise<void> }> {
  const { Client } = require('pg') as {
    Client: new (options: { connectionString: string }) => PgClient;
  };
  const name = `espalier_server_${crypto.randomUUID().replaceAll('-', '')}`;
  const run = async (sql: string): Promise<void> => {
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  await run(`create database ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return { url: own.href, remove: () => run(`drop database ${name} with (force)`) };
}
