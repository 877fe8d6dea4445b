import type { AnyDatabase, Migration } from '@espalier/database';
import type { Kysely } from 'kysely';
import type { GraphDocument } from './graph-document.js';
import type { GraphStore, StoredReport } from './graph-state.js';

interface GraphTables {
  rag_graph_document: { graph: string; document_id: string; record: string };
  rag_graph_report: { graph: string; key: string; record: string };
}

/** The tables of graphs; applied by {@link createSqlGraphStore}. */
const migrations: readonly Migration[] = [
  {
    id: '0001-create-graph',
    async up(db) {
      await db.schema
        .createTable('rag_graph_document')
        .addColumn('graph', 'text', (column) => column.notNull())
        .addColumn('document_id', 'text', (column) => column.notNull())
        .addColumn('record', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('rag_graph_document_key', ['graph', 'document_id'])
        .execute();
      await db.schema
        .createTable('rag_graph_report')
        .addColumn('graph', 'text', (column) => column.notNull())
        .addColumn('key', 'text', (column) => column.notNull())
        .addColumn('record', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('rag_graph_report_key', ['graph', 'key'])
        .execute();
    },
  },
];

/**
 * Creates a store that keeps graphs in a database (SQLite or PostgreSQL), each under a name.
 *
 * A change is one transaction. What was removed is gone from the rows at once and from the files with
 * `database.purge()`.
 */
export async function createSqlGraphStore(options: {
  readonly database: AnyDatabase;
  /** Tells the graphs of one database apart. */
  readonly name: string;
}): Promise<GraphStore> {
  const { database, name } = options;
  await database.migrate({ namespace: 'rag-graph', migrations });
  const read = database.read as Kysely<GraphTables>;
  return {
    async load() {
      const documents = await read
        .selectFrom('rag_graph_document')
        .select('record')
        .where('graph', '=', name)
        .orderBy('document_id')
        .execute();
      const reports = await read
        .selectFrom('rag_graph_report')
        .select('record')
        .where('graph', '=', name)
        .orderBy('key')
        .execute();
      return {
        version: 1,
        documents: documents.map(({ record }) => JSON.parse(record) as GraphDocument),
        reports: reports.map(({ record }) => JSON.parse(record) as StoredReport),
      };
    },
    save: ({ set, removed, reports, droppedReports }) =>
      database.write(async (trx) => {
        const tables = trx as unknown as Kysely<GraphTables>;
        for (const id of [...removed, ...set.map(({ documentId }) => documentId)]) {
          await tables
            .deleteFrom('rag_graph_document')
            .where('graph', '=', name)
            .where('document_id', '=', id)
            .execute();
        }
        for (const key of [...droppedReports, ...reports.map((report) => report.key)]) {
          await tables
            .deleteFrom('rag_graph_report')
            .where('graph', '=', name)
            .where('key', '=', key)
            .execute();
        }
        for (const document of set) {
          const row = {
            graph: name,
            document_id: document.documentId,
            record: JSON.stringify(document),
          };
          await tables.insertInto('rag_graph_document').values(row).execute();
        }
        for (const report of reports) {
          const row = { graph: name, key: report.key, record: JSON.stringify(report) };
          await tables.insertInto('rag_graph_report').values(row).execute();
        }
      }),
  };
}
