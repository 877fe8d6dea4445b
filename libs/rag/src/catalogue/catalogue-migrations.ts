import type { Migration } from '@espalier/database';

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
];
