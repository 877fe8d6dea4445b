import { readFileSync } from 'node:fs';

const TYPES = {
  PER: 'person',
  person: 'person',
  LOC: 'location',
  location: 'location',
  ORG: 'organization',
  corporation: 'organization',
  group: 'organization',
};

/** Reads sentences of a CoNLL file: `{ text, entities, isPartial: true }`, as only names, places and organisations are marked. */
export function readNer(file) {
  const sentences = [];
  let words = [];
  const flush = () => {
    if (words.length > 0) sentences.push(toSentence(words));
    words = [];
  };
  for (const raw of readFileSync(file, 'utf8').split('\n')) {
    const line = raw.replace(/\r$/, '');
    if (line.trim() === '' || line.startsWith('-DOCSTART-')) {
      flush();
      continue;
    }
    const parts = line.includes('\t') ? line.split('\t') : line.split(' ');
    words.push([parts[0].replace(/^[a-z]{2}:/, ''), (parts.at(-1) ?? 'O').trim()]);
  }
  flush();
  return sentences;
}

function toSentence(words) {
  let text = '';
  const entities = [];
  let open;
  let before = 'O';
  for (const [word, tag] of words) {
    const isGlued = /^(?:[.,!?;:%)\]}]|'s|n't|'[a-z]{1,2})$/.test(word) || /[([{#@$]$/.test(text);
    if (text !== '' && !isGlued) text += ' ';
    const start = text.length;
    text += word;
    const [mark, name] = tag.split(/-(.*)/s);
    const type = TYPES[name];
    const goesOn = mark === 'I' && open !== undefined && open.type === type && before !== 'O';
    if (type === undefined) open = undefined;
    else if (goesOn) open.end = text.length;
    else {
      open = { type, start, end: text.length };
      entities.push(open);
    }
    before = tag;
  }
  return { text, entities, isPartial: true };
}
