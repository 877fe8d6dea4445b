const NAMES: Readonly<Record<string, string>> = {
  bm25: 'Words',
  vector: 'Meaning',
  part: 'Meaning of its best part',
  maxSim: 'Meaning word by word',
  maxSimWindow: 'Word by word, in one place',
  documentBm25: 'Words of the document',
  documentVector: 'Meaning of the document',
  feedback: 'Like the first results',
  similar: 'Score of what is like it',
  ordered: 'Words in order',
  title: 'Words in the title',
  identifiers: 'Names of code',
  declared: 'Names declared by code',
  learned: 'Learned ranker',
};

/** What people are told a leg of the search is; a leg that is not known keeps its name. */
export function legName(leg: string): string {
  return NAMES[leg] ?? leg;
}
