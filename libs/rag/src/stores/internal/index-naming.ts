import { KnowledgeBaseNameError } from '../../errors.js';
import { NamespaceNameError } from '../errors.js';

/** Hexadecimal, it still fits a file name beside the name of an index. */
const MAX_NAMESPACE_BYTES = 64;

/** An index or one namespace of it. */
export interface IndexKey {
  readonly name: string;
  readonly namespace: string | undefined;
}

/** Names of the parts of indexes where each namespace is kept by itself. */
export interface IndexNaming {
  /**
   * The name under which a part is kept.
   *
   * @throws {NamespaceNameError} `ERR_RAG_NAMESPACE_NAME`
   */
  encode(key: IndexKey): string;
  decode(stored: string): IndexKey;
}

/** Creates names with a separator that no index name holds. */
export function createIndexNaming(separator: string): IndexNaming {
  return {
    encode({ name, namespace }) {
      if (namespace === undefined) return name;
      assertNamespace(namespace);
      return `${name}${separator}${Buffer.from(namespace, 'utf8').toString('hex')}`;
    },
    decode(stored) {
      const at = stored.indexOf(separator);
      if (at < 0) return { name: stored, namespace: undefined };
      const hex = stored.slice(at + separator.length);
      return { name: stored.slice(0, at), namespace: Buffer.from(hex, 'hex').toString('utf8') };
    },
  };
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/u;

/**
 * Throws unless the texts can name an index and a namespace of it.
 *
 * @throws {KnowledgeBaseNameError} `ERR_RAG_KNOWLEDGE_BASE_NAME`
 * @throws {NamespaceNameError} `ERR_RAG_NAMESPACE_NAME`
 */
export function assertIndexKey(key: { name: string; namespace?: string | undefined }): void {
  const { name, namespace } = key;
  if (!NAME.test(name)) throw new KnowledgeBaseNameError({ name });
  if (namespace !== undefined) assertNamespace(namespace);
}

/**
 * Throws unless the text can name a namespace.
 *
 * @throws {NamespaceNameError} `ERR_RAG_NAMESPACE_NAME`
 */
export function assertNamespace(namespace: string, maxBytes = MAX_NAMESPACE_BYTES): void {
  if (
    typeof namespace !== 'string' ||
    namespace === '' ||
    !namespace.isWellFormed() ||
    namespace.includes('\0') ||
    Buffer.byteLength(namespace) > maxBytes
  )
    throw new NamespaceNameError({ namespace, maxBytes });
}

/** The namespaces of one index among stored names, in order. */
export function namespacesOf(
  naming: IndexNaming,
  name: string,
  stored: Iterable<string>,
): string[] {
  const found: string[] = [];
  for (const each of stored) {
    const key = naming.decode(each);
    if (key.name === name && key.namespace !== undefined) found.push(key.namespace);
  }
  return found.sort();
}
