const TITLE_COUNT = 3;

/** A passage with its title apart. */
export interface TitledText {
  readonly title?: string;
  readonly text: string;
}

/** What an encoder reads: the title once, even where the text begins with it. */
export function encodedText({ title = '', text }: TitledText): string {
  return title.trim() === '' ? text : `${oneLine(title)} ${withoutTitle(title, text)}`;
}

/** What BM25 reads: words of the title count three times. */
export function indexedText({ title = '', text }: TitledText): string {
  if (title.trim() === '') return text;
  return `${`${title} `.repeat(TITLE_COUNT)}${withoutTitle(title, text)}`;
}

function withoutTitle(title: string, text: string): string {
  const start = oneLine(title);
  // As much of the text as could be the title with other white space.
  const head = oneLine(text.slice(0, title.length * 2 + 16));
  if (!head.startsWith(start)) return text;
  return oneLine(text).slice(start.length).trim();
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, ' ').trim();
}
