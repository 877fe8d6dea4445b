/** What of the knowledge bases a caller sees. */
export interface KnowledgeScope {
  /** Whose knowledge bases; absent: those that belong to no tenant. */
  readonly tenant?: string;
  /** Whose documents in them; absent: all. */
  readonly principals?: readonly string[];
}

/** What a process may see that acts for nobody. */
export const WHOLE_SCOPE: KnowledgeScope = {};

/** The readers that a search is for: those asked for, as far as the caller may ask for them. */
export function narrowedPrincipals(
  scope: KnowledgeScope,
  asked: readonly string[] | undefined,
): { principals?: readonly string[] } {
  const { principals: own } = scope;
  if (own === undefined) return asked === undefined ? {} : { principals: asked };
  return { principals: asked === undefined ? own : asked.filter((name) => own.includes(name)) };
}
