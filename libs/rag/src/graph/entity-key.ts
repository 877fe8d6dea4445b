const ARTICLE = /^(?:the|a|an)\s+/u;
const HONORIFIC =
  /^(?:vice president|president|mr|mrs|ms|dr|prof|professor|sir|senator|governor|king|queen)\.?\s+(?=\p{L})/u;

/**
 * Returns the form under which names of one entity are equal: in lower case, without accents, articles, honorifics,
 * possessive endings, hyphens and other marks.
 */
export function entityKey(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/['’]s\b|['’]/gu, '')
    .replaceAll(/[^\p{L}\p{N}+#]+/gu, ' ')
    .trim()
    .replace(ARTICLE, '');
  return plain.replace(HONORIFIC, '');
}
