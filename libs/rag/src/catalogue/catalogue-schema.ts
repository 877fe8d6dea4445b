/** The tables of the catalogue. Names in the database are the same as here. */
export interface CatalogueSchema {
  rag_base: {
    /** Empty where the knowledge base belongs to no tenant. */
    tenant: string;
    name: string;
    /** Under which documents and chunks stand here and the vectors in the store; another one after each reindex. */
    storage_key: string;
    description: string | null;
    embedding: string;
    dimension: number;
    created_at_ms: number;
  };
  rag_document: {
    knowledge_base: string;
    id: string;
    source: string;
    title: string | null;
    media_type: string;
    text: string;
    /** SHA-256 over bytes, media type, metadata and principals. */
    content_hash: string;
    /** The fingerprint of the chunker that cut it; null: not known. */
    chunked_by: string | null;
    /** What the source said of its version when it was read, with what was said beside; null: nothing. */
    source_version: string | null;
    /** JSON object of headings and atoms, by which it can be cut anew; null: not known. */
    structure: string | null;
    /** JSON object. */
    metadata: string;
    /** JSON list, sorted; null for everybody. */
    principals: string | null;
    created_at_ms: number;
    updated_at_ms: number;
  };
  rag_chunk: {
    knowledge_base: string;
    id: string;
    document_id: string;
    position: number;
    span_start: number;
    span_end: number;
    line_start: number;
    line_end: number;
    /** JSON list. */
    heading_path: string;
    /** SHA-256 of what is embedded, by which vectors are reused. */
    text_hash: string;
    /** What is indexed and embedded in place of the document's text at the span; null: that text. */
    index_text: string | null;
    /** The larger part of the document to be read where this chunk is found; null: none. */
    parent_start: number | null;
    parent_end: number | null;
  };
  /** Knowledge bases that are being built anew under another key. */
  rag_rebuild: {
    storage_key: string;
    new_key: string;
    embedding: string;
    dimension: number;
  };
  /** Keys whose documents and vectors are to be removed: nobody can see them any more. */
  rag_doomed: {
    storage_key: string;
  };
  /** Keys under which something was deleted or replaced whose bytes may still lie in the files. */
  rag_purge_due: {
    storage_key: string;
  };
  /** How often what stands under a key has changed, by which files that follow it are known to be current. */
  rag_revision: {
    storage_key: string;
    revision: number;
  };
  /** Vectors that the store may hold although no chunk owns them: written before the store is, cleared after. */
  rag_stray_vector: {
    knowledge_base: string;
    id: string;
  };
}
