/** Words that say how something is asked rather than what: English, German, Spanish, French. */
const STOP_WORDS = new Set(
  `a about above after again all also am an and any are as at be because been before being below between both but by can could
  did do does doing done down during each few for from further get gets got had has have having he her here hers him his how i
  if in into is it its itself just let me more most much must my no nor not of off on once one only or other our out over own
  please same she should so some such tell than that the their them then there these they this those through to too under
  until up upon us very was we were what when where which while who whom whose why will with within without would you your
  der die das den dem des ein eine einen einem einer und oder nicht ist sind war waren wird werden wurde wurden hat haben wie
  was wer wo wann warum welche welcher welches in im an am auf aus bei mit nach von vom zu zum zur für über ich du er sie es wir ihr
  el la los las un una unos unas y o no es son fue fueron era ser de del al en con por para que qué quién cómo cuándo dónde cuál
  cuántos cuántas su sus se lo le como más le la les des et ou est sont du au aux dans par pour qui que quoi comment quand où`.split(
    /\s+/u,
  ),
);

const WORD = /[\p{L}\p{N}]+(?:['’_.-]?[\p{L}\p{N}]+)*/gu;

/**
 * Returns the terms of a text in order: lower case, English endings taken off, stop words left out.
 *
 * A compound (`plug-in`, `definePlugin`, `node.js`) gives itself in one piece and its parts, so that the ways of
 * writing it meet.
 */
export function termsOf(text: string): string[] {
  const terms: string[] = [];
  for (const [word] of text.normalize('NFKC').matchAll(WORD)) {
    const parts = word
      .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
      .split(/[\s'’_.-]+/u)
      .map((part) => part.toLowerCase());
    if (parts.length > 1) push(terms, parts.join(''));
    for (const part of parts) push(terms, part);
  }
  return terms;
}

function push(terms: string[], word: string): void {
  if (STOP_WORDS.has(word) || (word.length < 2 && !/\p{N}|\p{Script=Han}/u.test(word))) return;
  terms.push(stem(word));
}

/** Takes off the common English endings; deliberately light, as it meets words of all languages. */
export function stem(word: string): string {
  if (word.length < 4 || /\P{ASCII}|\d/u.test(word)) return word;
  let base = word.replace(/(?:'s|ies|sses|(?<=[^su])s)$/u, (ending) =>
    ending === 'ies' ? 'y' : ending === 'sses' ? 'ss' : '',
  );
  if (base.length > 5) {
    base = base.replace(
      /(?:ization|isation|ation|ements|ement|ments|ment|ingly|edly|ing|ed|ly|er|or|ion|able|ive)$/u,
      '',
    );
    base = base.replace(/([bdfgmnprt])\1$/u, '$1');
  }
  return base.length > 3 ? base.replace(/[ey]$/u, '') : base;
}
