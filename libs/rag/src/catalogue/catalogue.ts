import type { Chunk, Document, JsonObject, LineRange, Span } from '@espalier/core';
import type { Database } from '@espalier/database';
import { sql, type Transaction } from 'kysely';
import type { CatalogueSchema } from './catalogue-schema.js';

/** A document as the catalogue keeps it. */
export interface StoredDocument {
  readonly id: string;
  readonly source: string;
  readonly title?: string;
  readonly mediaType: string;
  readonly text: string;
  readonly contentHash: string;
  readonly chunkedBy?: string;
  readonly sourceVersion?: string;
  readonly structure?: DocumentStructure;
  readonly metadata: JsonObject;
  /** Sorted; absent for everybody. */
  readonly principals?: readonly string[];
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

/** What a chunker looks at beside the text. */
export type DocumentStructure = Pick<Document, 'headings' | 'atoms'>;

/** A chunk as the catalogue keeps it: its text is the document's at `span`. */
export interface StoredChunk {
  readonly id: string;
  readonly documentId: string;
  readonly position: number;
  readonly span: Span;
  readonly lines: LineRange;
  readonly headingPath: readonly string[];
  /** SHA-256 of what is embedded. */
  readonly textHash: string;
  readonly indexText?: string;
  readonly parent?: Span;
}

/** One document to write, with its chunks. */
export interface DocumentWrite {
  readonly document: StoredDocument;
  readonly chunks: readonly (Chunk & { readonly textHash: string })[];
}

/** The rows of one knowledge base. */
export interface Catalogue {
  /** All documents with their chunks in order, page by page. */
  documents(): AsyncIterable<{ document: StoredDocument; chunks: readonly StoredChunk[] }>;
  countDocuments(): Promise<number>;
  /** How often documents have been committed. */
  revision(): Promise<number>;
  document(id: string): Promise<StoredDocument | undefined>;
  /** The chunks of a document, in order. */
  chunksOf(documentId: string): Promise<readonly StoredChunk[]>;
  /** Notes ids that the store is about to hold. */
  addStrays(ids: readonly string[]): Promise<void>;
  strays(): Promise<readonly string[]>;
  clearStrays(ids: readonly string[]): Promise<void>;
  /** Notes what a source now says of its version, for documents that did not change otherwise. */
  setSourceVersions(versions: ReadonlyMap<string, string>): Promise<void>;
  /**
   * Replaces documents with their chunks and removes others, in one transaction.
   *
   * The chunks written stop being strays; those that are gone become strays, and their bytes are due to be purged.
   */
  commit(change: {
    write: readonly DocumentWrite[];
    remove: readonly string[];
    /** The chunk ids of the documents before the change. */
    goneChunkIds: readonly string[];
  }): Promise<void>;
}

/** Variables of one statement stay well below SQLite's limit. */
const ROWS_PER_STATEMENT = 500;
const DOCUMENTS_PER_PAGE = 50;

/** Returns the catalogue of one knowledge base. */
export function createCatalogue(
  database: Database<CatalogueSchema>,
  knowledgeBase: string,
): Catalogue {
  const { read } = database;

  const insertStrays = async (
    trx: Transaction<CatalogueSchema>,
    ids: readonly string[],
  ): Promise<void> => {
    for (const part of inParts(ids)) {
      await trx
        .insertInto('rag_stray_vector')
        .values(part.map((id) => ({ knowledge_base: knowledgeBase, id })))
        .onConflict((conflict) => conflict.columns(['knowledge_base', 'id']).doNothing())
        .execute();
    }
  };
  const deleteStrays = async (
    trx: Transaction<CatalogueSchema>,
    ids: readonly string[],
  ): Promise<void> => {
    for (const part of inParts(ids)) {
      await trx
        .deleteFrom('rag_stray_vector')
        .where('knowledge_base', '=', knowledgeBase)
        .where('id', 'in', part)
        .execute();
    }
  };
  const deleteDocuments = async (
    trx: Transaction<CatalogueSchema>,
    ids: readonly string[],
  ): Promise<void> => {
    for (const part of inParts(ids)) {
      await trx
        .deleteFrom('rag_chunk')
        .where('knowledge_base', '=', knowledgeBase)
        .where('document_id', 'in', part)
        .execute();
      await trx
        .deleteFrom('rag_document')
        .where('knowledge_base', '=', knowledgeBase)
        .where('id', 'in', part)
        .execute();
    }
  };

  return {
    async *documents() {
      let after = '';
      for (;;) {
        const documents = await read
          .selectFrom('rag_document')
          .selectAll()
          .where('knowledge_base', '=', knowledgeBase)
          .where('id', '>', after)
          .orderBy('id')
          .limit(DOCUMENTS_PER_PAGE)
          .execute();
        const last = documents.at(-1);
        if (last === undefined) return;
        const chunks = await read
          .selectFrom('rag_chunk')
          .selectAll()
          .where('knowledge_base', '=', knowledgeBase)
          .where('document_id', '>', after)
          .where('document_id', '<=', last.id)
          .orderBy('document_id')
          .orderBy('position')
          .execute();
        const byDocument = Map.groupBy(chunks, (chunk) => chunk.document_id);
        for (const row of documents) {
          yield { document: toDocument(row), chunks: (byDocument.get(row.id) ?? []).map(toChunk) };
        }
        after = last.id;
      }
    },
    async countDocuments() {
      const { count } = await read
        .selectFrom('rag_document')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('knowledge_base', '=', knowledgeBase)
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    async revision() {
      const row = await read
        .selectFrom('rag_revision')
        .select('revision')
        .where('storage_key', '=', knowledgeBase)
        .executeTakeFirst();
      return Number(row?.revision ?? 0);
    },
    async chunksOf(documentId) {
      const rows = await read
        .selectFrom('rag_chunk')
        .selectAll()
        .where('knowledge_base', '=', knowledgeBase)
        .where('document_id', '=', documentId)
        .orderBy('position')
        .execute();
      return rows.map(toChunk);
    },
    async document(id) {
      const row = await read
        .selectFrom('rag_document')
        .selectAll()
        .where('knowledge_base', '=', knowledgeBase)
        .where('id', '=', id)
        .executeTakeFirst();
      return row === undefined ? undefined : toDocument(row);
    },
    addStrays: (ids) => database.write((trx) => insertStrays(trx, ids)),
    async strays() {
      const rows = await read
        .selectFrom('rag_stray_vector')
        .select('id')
        .where('knowledge_base', '=', knowledgeBase)
        .execute();
      return rows.map(({ id }) => id);
    },
    setSourceVersions: (versions) =>
      database.write(async (trx) => {
        for (const [id, version] of versions) {
          await trx
            .updateTable('rag_document')
            .set({ source_version: version })
            .where('knowledge_base', '=', knowledgeBase)
            .where('id', '=', id)
            .execute();
        }
      }),
    clearStrays: (ids) => database.write((trx) => deleteStrays(trx, ids)),
    commit: ({ write, remove, goneChunkIds }) =>
      database.write(async (trx) => {
        await deleteDocuments(trx, [...remove, ...write.map(({ document }) => document.id)]);
        for (const { document, chunks } of write) {
          await trx
            .insertInto('rag_document')
            .values(documentRow(knowledgeBase, document))
            .execute();
          for (const part of inParts(chunks)) {
            await trx
              .insertInto('rag_chunk')
              .values(part.map((chunk) => chunkRow(knowledgeBase, chunk)))
              .execute();
          }
        }
        if (goneChunkIds.length > 0 || remove.length > 0) {
          await trx
            .insertInto('rag_purge_due')
            .values({ storage_key: knowledgeBase })
            .onConflict((conflict) => conflict.column('storage_key').doNothing())
            .execute();
        }
        await trx
          .insertInto('rag_revision')
          .values({ storage_key: knowledgeBase, revision: 1 })
          .onConflict((conflict) =>
            conflict
              .column('storage_key')
              .doUpdateSet({ revision: sql<number>`rag_revision.revision + 1` }),
          )
          .execute();
        const kept = new Set(write.flatMap(({ chunks }) => chunks.map(({ id }) => id)));
        await deleteStrays(trx, [...kept]);
        await insertStrays(
          trx,
          goneChunkIds.filter((id) => !kept.has(id)),
        );
      }),
  };
}

function* inParts<T>(items: readonly T[]): Iterable<T[]> {
  for (let start = 0; start < items.length; start += ROWS_PER_STATEMENT) {
    yield items.slice(start, start + ROWS_PER_STATEMENT);
  }
}

function toDocument(row: CatalogueSchema['rag_document']): StoredDocument {
  return {
    id: row.id,
    source: row.source,
    ...(row.title === null ? {} : { title: row.title }),
    mediaType: row.media_type,
    text: row.text,
    contentHash: row.content_hash,
    ...(row.chunked_by === null ? {} : { chunkedBy: row.chunked_by }),
    ...(row.source_version === null ? {} : { sourceVersion: row.source_version }),
    ...(row.structure === null
      ? {}
      : { structure: JSON.parse(row.structure) as DocumentStructure }),
    metadata: JSON.parse(row.metadata) as JsonObject,
    ...(row.principals === null ? {} : { principals: JSON.parse(row.principals) as string[] }),
    createdAtMs: Number(row.created_at_ms),
    updatedAtMs: Number(row.updated_at_ms),
  };
}

function toChunk(row: CatalogueSchema['rag_chunk']): StoredChunk {
  return {
    id: row.id,
    documentId: row.document_id,
    position: row.position,
    span: { start: row.span_start, end: row.span_end },
    lines: { start: row.line_start, end: row.line_end },
    headingPath: JSON.parse(row.heading_path) as string[],
    textHash: row.text_hash,
    ...(row.index_text === null ? {} : { indexText: row.index_text }),
    ...(row.parent_start === null || row.parent_end === null
      ? {}
      : { parent: { start: row.parent_start, end: row.parent_end } }),
  };
}

function documentRow(
  knowledgeBase: string,
  document: StoredDocument,
): CatalogueSchema['rag_document'] {
  return {
    knowledge_base: knowledgeBase,
    id: document.id,
    source: document.source,
    title: document.title ?? null,
    media_type: document.mediaType,
    text: document.text,
    content_hash: document.contentHash,
    chunked_by: document.chunkedBy ?? null,
    source_version: document.sourceVersion ?? null,
    structure: document.structure === undefined ? null : JSON.stringify(document.structure),
    metadata: JSON.stringify(document.metadata),
    principals: document.principals === undefined ? null : JSON.stringify(document.principals),
    created_at_ms: document.createdAtMs,
    updated_at_ms: document.updatedAtMs,
  };
}

function chunkRow(
  knowledgeBase: string,
  chunk: DocumentWrite['chunks'][number],
): CatalogueSchema['rag_chunk'] {
  return {
    knowledge_base: knowledgeBase,
    id: chunk.id,
    document_id: chunk.documentId,
    position: chunk.position,
    span_start: chunk.span.start,
    span_end: chunk.span.end,
    line_start: chunk.lines.start,
    line_end: chunk.lines.end,
    heading_path: JSON.stringify(chunk.headingPath),
    text_hash: chunk.textHash,
    index_text: chunk.indexText ?? null,
    parent_start: chunk.parent?.start ?? null,
    parent_end: chunk.parent?.end ?? null,
  };
}
