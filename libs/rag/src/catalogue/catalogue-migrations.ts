import type { Migration } from '@espalier/database';
import { sql } from 'kysely';

/** The history of the catalogue's tables. */
export const catalogueMigrations: readonly Migration[] = [
  {
    id: '0001-create-catalogue',
    async up(db) {
      await db.schema
        .createTable('rag_knowledge_base')
        .addColumn('name', 'text', (column) => column.primaryKey())
        .addColumn('description', 'text')
        .addColumn('embedding', 'text', (column) => column.notNull())
        .addColumn('dimension', 'integer', (column) => column.notNull())
        .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('rag_document')
        .addColumn('knowledge_base', 'text', (column) => column.notNull())
        .addColumn('id', 'text', (column) => column.notNull())
        .addColumn('source', 'text', (column) => column.notNull())
        .addColumn('title', 'text')
        .addColumn('media_type', 'text', (column) => column.notNull())
        .addColumn('text', 'text', (column) => column.notNull())
        .addColumn('content_hash', 'text', (column) => column.notNull())
        .addColumn('metadata', 'text', (column) => column.notNull())
        .addColumn('principals', 'text')
        .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
        .addColumn('updated_at_ms', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('rag_document_key', ['knowledge_base', 'id'])
        .execute();
      await db.schema
        .createTable('rag_chunk')
        .addColumn('knowledge_base', 'text', (column) => column.notNull())
        .addColumn('id', 'text', (column) => column.notNull())
        .addColumn('document_id', 'text', (column) => column.notNull())
        .addColumn('position', 'integer', (column) => column.notNull())
        .addColumn('span_start', 'integer', (column) => column.notNull())
        .addColumn('span_end', 'integer', (column) => column.notNull())
        .addColumn('line_start', 'integer', (column) => column.notNull())
        .addColumn('line_end', 'integer', (column) => column.notNull())
        .addColumn('heading_path', 'text', (column) => column.notNull())
        .addColumn('text_hash', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('rag_chunk_key', ['knowledge_base', 'id'])
        .execute();
      await db.schema
        .createIndex('rag_chunk_of_document')
        .on('rag_chunk')
        .columns(['knowledge_base', 'document_id', 'position'])
        .execute();
      await db.schema
        .createTable('rag_stray_vector')
        .addColumn('knowledge_base', 'text', (column) => column.notNull())
        .addColumn('id', 'text', (column) => column.notNull())
        .addPrimaryKeyConstraint('rag_stray_vector_key', ['knowledge_base', 'id'])
        .execute();
    },
  },
  {
    id: '0002-tenants-rebuilds-purges',
    async up(db) {
      await db.schema
        .createTable('rag_base')
        .addColumn('tenant', 'text', (column) => column.notNull())
        .addColumn('name', 'text', (column) => column.notNull())
        .addColumn('storage_key', 'text', (column) => column.notNull().unique())
        .addColumn('description', 'text')
        .addColumn('embedding', 'text', (column) => column.notNull())
        .addColumn('dimension', 'integer', (column) => column.notNull())
        .addColumn('created_at_ms', 'bigint', (column) => column.notNull())
        .addPrimaryKeyConstraint('rag_base_key', ['tenant', 'name'])
        .execute();
      await sql`
        insert into rag_base (tenant, name, storage_key, description, embedding, dimension, created_at_ms)
        select '', name, name, description, embedding, dimension, created_at_ms from rag_knowledge_base
      `.execute(db);
      await db.schema.dropTable('rag_knowledge_base').execute();
      await db.schema
        .createTable('rag_rebuild')
        .addColumn('storage_key', 'text', (column) => column.primaryKey())
        .addColumn('new_key', 'text', (column) => column.notNull().unique())
        .addColumn('embedding', 'text', (column) => column.notNull())
        .addColumn('dimension', 'integer', (column) => column.notNull())
        .execute();
      await db.schema
        .createTable('rag_doomed')
        .addColumn('storage_key', 'text', (column) => column.primaryKey())
        .execute();
      await db.schema
        .createTable('rag_purge_due')
        .addColumn('storage_key', 'text', (column) => column.primaryKey())
        .execute();
      await db.schema.alterTable('rag_chunk').addColumn('index_text', 'text').execute();
      for (const column of ['chunked_by', 'source_version', 'structure']) {
        await db.schema.alterTable('rag_document').addColumn(column, 'text').execute();
      }
    },
  },
  {
    id: '0003-parents-of-chunks',
    async up(db) {
      await db.schema.alterTable('rag_chunk').addColumn('parent_start', 'integer').execute();
      await db.schema.alterTable('rag_chunk').addColumn('parent_end', 'integer').execute();
    },
  },
  {
    id: '0004-revisions',
    async up(db) {
      await db.schema
        .createTable('rag_revision')
        .addColumn('storage_key', 'text', (column) => column.primaryKey())
        .addColumn('revision', 'bigint', (column) => column.notNull())
        .execute();
    },
  },
];
