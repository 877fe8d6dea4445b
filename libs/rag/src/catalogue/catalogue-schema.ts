/** The tables of the catalogue. Names in the database are the same as here. */
export interface CatalogueSchema {
  rag_knowledge_base: {
    name: string;
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
    /** SHA-256 over everything that decides how the document is indexed. */
    content_hash: string;
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
    /** SHA-256 of the chunk's text, by which vectors are reused. */
    text_hash: string;
  };
  /** Vectors that the store may hold although no chunk owns them: written before the store is, cleared after. */
  rag_stray_vector: {
    knowledge_base: string;
    id: string;
  };
}
