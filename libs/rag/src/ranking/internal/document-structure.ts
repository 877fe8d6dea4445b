/** Which passages belong together. */
export interface DocumentStructure {
  /** The document of each passage, by its place in {@link DocumentStructure.documents}. */
  readonly documentOf: Int32Array;
  /** The passages of each document, in their order there. */
  readonly documents: readonly (readonly number[])[];
  /** Whether any document has more than one passage. */
  readonly hasParents: boolean;
}

/** Groups passages by document; a passage without one is a document of its own. */
export function structureOf(
  passages: readonly { readonly documentId?: string; readonly position?: number }[],
): DocumentStructure {
  const places = new Map<string, number>();
  const documents: number[][] = [];
  const documentOf = new Int32Array(passages.length);
  for (const [index, { documentId }] of passages.entries()) {
    const place = documentId === undefined ? undefined : places.get(documentId);
    documentOf[index] = place ?? documents.length;
    if (place === undefined) {
      if (documentId !== undefined) places.set(documentId, documents.length);
      documents.push([index]);
    } else documents[place]?.push(index);
  }
  for (const members of documents) {
    members.sort((a, b) => (passages[a]?.position ?? a) - (passages[b]?.position ?? b) || a - b);
  }
  return { documentOf, documents, hasParents: documents.length < passages.length };
}

/** Gives each passage the score of its document. */
export function spreadToPassages(
  structure: DocumentStructure,
  documentScores: Float32Array,
): Float32Array {
  return Float32Array.from(structure.documentOf, (document) => documentScores[document] ?? 0);
}

/** Returns the mean score of the passages just before and after; 0 for a passage that is alone. */
export function neighborScores(structure: DocumentStructure, scores: Float32Array): Float32Array {
  const result = new Float32Array(scores.length);
  for (const members of structure.documents) {
    for (const [place, index] of members.entries()) {
      const around = [members[place - 1], members[place + 1]].filter((n) => n !== undefined);
      let sum = 0;
      for (const neighbor of around) sum += scores[neighbor] ?? 0;
      result[index] = around.length === 0 ? 0 : sum / around.length;
    }
  }
  return result;
}
