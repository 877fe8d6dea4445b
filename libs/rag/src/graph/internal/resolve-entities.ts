import type { GraphDocument } from '../graph-document.js';
import { entityKey } from '../entity-key.js';

const EXPANDED = /((?:[\p{L}\p{N}'’-]+\s+){1,8})\((\p{Lu}[\p{Lu}\p{N}&]{1,9})s?\)/gu;

/**
 * Returns, for the key of each name, the key of its entity.
 *
 * Two keys are one entity where a document writes an acronym behind the words that it stands for, or where a single word
 * is the last word of exactly one longer name ("Biden", "Joe Biden"). The result does not depend on the order of the
 * documents.
 */
export function resolveEntities(documents: readonly GraphDocument[]): (key: string) => string {
  const keys = new Set<string>();
  const names = new Set<string>();
  for (const { mentions } of documents) {
    for (const { name, type } of mentions) {
      const key = entityKey(name);
      if (key === '') continue;
      keys.add(key);
      if (type !== 'concept' && type !== 'identifier') names.add(key);
    }
  }
  const targets = new Map<string, Set<string>>();
  const propose = (from: string, to: string): void => {
    if (from === to || !keys.has(from)) return;
    const known = targets.get(from);
    if (known === undefined) targets.set(from, new Set([to]));
    else known.add(to);
  };
  for (const { passages } of documents) {
    for (const { text } of passages) {
      for (const match of text.matchAll(EXPANDED)) {
        const full = expansionOf(match[1] ?? '', match[2] ?? '');
        if (full !== undefined) propose(entityKey(match[2] ?? ''), entityKey(full));
      }
    }
  }
  const acronyms = new Map(targets);
  const byLast = new Map<string, string[]>();
  for (const key of names) {
    const last = key.slice(key.lastIndexOf(' ') + 1);
    if (last !== key) byLast.set(last, [...(byLast.get(last) ?? []), key]);
  }
  for (const [last, longer] of byLast) {
    const isName = names.has(last) && !acronyms.has(last);
    if (isName && longer.length === 1) propose(last, longer[0] ?? last);
  }
  return (key) => {
    const found = targets.get(key);
    // What could be several is left apart.
    const [only] = found?.size === 1 ? found : [];
    return only !== undefined && keys.has(only) ? only : key;
  };
}

/** The words before an acronym that its letters stand for; undefined where they do not. */
function expansionOf(before: string, acronym: string): string | undefined {
  const words = before.trim().split(/\s+/u);
  const letters = acronym.toLowerCase();
  for (
    let count = letters.length;
    count <= Math.min(words.length, letters.length + 3);
    count += 1
  ) {
    const candidate = words.slice(-count);
    const initials = candidate
      .filter((word) => !/^(?:of|the|and|for|in|on|to|de|a|an)$/iu.test(word))
      .map((word) => word[0]?.toLowerCase() ?? '')
      .join('');
    if (initials === letters) return candidate.join(' ');
  }
  return undefined;
}
