/** Runs one statement with parameters. */
export interface PgQueryable {
  query(
    text: string,
    values?: readonly unknown[],
  ): Promise<{ rows: readonly Record<string, unknown>[] }>;
}

/** One connection taken out of a pool. */
export interface PgConnection extends PgQueryable {
  /** Gives the connection back; with `true` it is closed instead. */
  release(destroy?: boolean): void;
}

/** What the store needs of a pool: a part of what `pg.Pool` is. */
export interface PgPool extends PgQueryable {
  connect(): Promise<PgConnection>;
  end(): Promise<void>;
}
