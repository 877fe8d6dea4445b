import type { SearchExplanationObject } from '@espalier/protocol';
import { renderTable } from './table.js';

const WORDS_SHOWN = 6;
const NAMES: Readonly<Record<string, string>> = {
  bm25: 'words',
  vector: 'meaning',
  part: 'meaning of its best part',
  maxSim: 'meaning word by word',
  maxSimWindow: 'the same, in one place',
  documentBm25: 'document words',
  documentVector: 'document meaning',
  feedback: 'like the first results',
  similar: 'score of what is like it',
  ordered: 'words in order',
  title: 'words in the title',
  identifiers: 'names of code',
  declared: 'names declared by code',
};

/** Lays out how a search came to its result: the words of the query, the legs, and the sum of each passage. */
export function renderExplanation(explanation: SearchExplanationObject): string {
  const { words, legs, passages, corpus, candidates, leftOut, durationMs } = explanation;
  const head =
    `${candidates} of ${corpus.chunks} chunks compared` +
    `${leftOut > 0 ? `, ${leftOut} with words of the query left out by access or filter` : ''}` +
    `, ${durationMs.toFixed(1)} ms\n`;
  const wordTable = renderTable([
    ['word', 'looked up as', 'in chunks', 'idf'],
    ...words.map(({ word, terms, documentFrequency, idf }) => [
      word,
      terms.length === 0 ? '(stop word)' : terms.join(' '),
      String(documentFrequency),
      idf.toFixed(3),
    ]),
  ]);
  const legTable = renderTable([
    ['leg', 'weight', 'mean', 'deviation'],
    ...legs.map(({ name, weight, mean, deviation }) => [
      nameOf(name),
      weight.toFixed(2),
      mean.toFixed(4),
      deviation.toFixed(4),
    ]),
  ]);
  const sums = passages.map((passage) => {
    const rows = passage.legs.map(({ leg, rank, score, standardized, contribution }) => {
      const weight = legs.find(({ name }) => name === leg)?.weight ?? 0;
      return [
        `   ${nameOf(leg)}`,
        `rank ${rank}`,
        score.toFixed(4),
        `${weight.toFixed(2)} × ${standardized.toFixed(3)}`,
        `= ${contribution.toFixed(3)}`,
      ];
    });
    const shown = passage.words
      .slice(0, WORDS_SHOWN)
      .map(
        ({ word, frequency, contribution }) => `${word} ×${frequency} ${contribution.toFixed(2)}`,
      );
    return (
      `${passage.rank}. ${passage.source}:${passage.lines.start}-${passage.lines.end}  ${passage.score.toFixed(3)}\n` +
      renderTable(rows) +
      (shown.length === 0 ? '   no word of the query\n' : `   words: ${shown.join(', ')}\n`)
    );
  });
  return [head, wordTable, legTable, ...sums].join('\n');
}

function nameOf(leg: string): string {
  return NAMES[leg] ?? leg;
}
