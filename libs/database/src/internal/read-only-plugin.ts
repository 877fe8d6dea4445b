import type { KyselyPlugin } from 'kysely';
import { DatabaseReadOnlyError } from '../errors.js';

/** A Kysely plug-in that lets selects and raw statements pass and refuses the rest before they are sent. */
export function createReadOnlyPlugin(): KyselyPlugin {
  return {
    transformQuery({ node }) {
      if (node.kind !== 'SelectQueryNode' && node.kind !== 'RawNode') {
        throw new DatabaseReadOnlyError({
          operation: `A statement of kind ${node.kind.replace(/Node$/u, '')}`,
        });
      }
      return node;
    },
    transformResult: ({ result }) => Promise.resolve(result),
  };
}
