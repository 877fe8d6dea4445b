// How often the extractive answer holds the gold answer, and in how many characters, on XQuAD.
//
//   node bench/extractive/xquad.mjs --data <folder of xquad.<language>.json> [--language en] [--distractors 4]
//
// For each question the answerer gets the right paragraph and, as a retriever would add, the paragraphs nearest to the
// question by shared words, in that order. Printed: gold in answer, gold in the first sentence, mean length, and how
// often it rightly finds nothing when the right paragraph is left out (hard: the paragraphs that remain share its words).
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createExtractiveAnswerer } from '@espalier/inference';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    language: { type: 'string', default: 'en' },
    distractors: { type: 'string', default: '4' },
  },
});
if (values.data === undefined) throw new Error('Give the folder of the XQuAD files with --data.');

const { data } = JSON.parse(readFileSync(`${values.data}/xquad.${values.language}.json`, 'utf8'));
const paragraphs = data.flatMap((article) =>
  article.paragraphs.map((paragraph) => ({ title: article.title, ...paragraph })),
);
const wordsOf = (text) => new Set(text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []);
const paragraphWords = paragraphs.map(({ context }) => wordsOf(context));
const frequency = new Map();
for (const words of paragraphWords)
  for (const word of words) frequency.set(word, (frequency.get(word) ?? 0) + 1);

const rank = (question) => {
  const asked = wordsOf(question);
  return paragraphWords
    .map((words, index) => {
      let score = 0;
      for (const word of asked)
        if (words.has(word)) score += Math.log(paragraphs.length / frequency.get(word));
      return { index, score };
    })
    .sort((a, b) => b.score - a.score)
    .map(({ index }) => index);
};
const toParts = (indexes) =>
  indexes.map((index, position) => {
    const text = paragraphs[index].context;
    return {
      type: 'passage',
      index: position + 1,
      passage: {
        id: `p${index}`,
        documentId: `d${index}`,
        source: `${index}.txt`,
        text,
        span: { start: 0, end: text.length },
        lines: { start: 1, end: 1 },
      },
    };
  });

const answerer = createExtractiveAnswerer();
const ask = async (question, indexes) => {
  const { content } = await answerer.doGenerate({
    messages: [{ role: 'user', content: [...toParts(indexes), { type: 'text', text: question }] }],
  });
  return {
    citations: content.filter((part) => part.type === 'citation').map((part) => part.citation),
    text: content
      .filter((part) => part.type === 'text')
      .map((part) => part.text)
      .join(''),
  };
};

const count = {
  questions: 0,
  inAnswer: 0,
  inFirst: 0,
  declined: 0,
  characters: 0,
  declinedRightly: 0,
};
const failures = [];
for (const [index, paragraph] of paragraphs.entries()) {
  for (const qa of paragraph.qas) {
    const ranked = rank(qa.question);
    const distractors = ranked
      .filter((other) => other !== index)
      .slice(0, Number(values.distractors));
    const indexes = [index, ...distractors].sort((a, b) => ranked.indexOf(a) - ranked.indexOf(b));
    const golds = qa.answers.map(({ text }) => text);
    const holds = (text) => golds.some((gold) => text.includes(gold));
    const { text, citations } = await ask(qa.question, indexes);
    count.questions += 1;
    count.characters += text.length;
    if (citations.length === 0) count.declined += 1;
    if (holds(text)) count.inAnswer += 1;
    else failures.push({ question: qa.question, golds, text: text.slice(0, 300) });
    if (holds(citations[0]?.quote ?? '')) count.inFirst += 1;
    const without = await ask(qa.question, distractors);
    if (without.citations.length === 0) count.declinedRightly += 1;
  }
}
const share = (part) => (part / count.questions).toFixed(3);
console.log(
  `questions ${count.questions}  gold in answer ${share(count.inAnswer)}  gold in first sentence ${share(count.inFirst)}  declined ${share(count.declined)}  mean characters ${(count.characters / count.questions).toFixed(0)}  declined without the paragraph ${share(count.declinedRightly)}`,
);
if (process.env.SHOW_FAILURES)
  for (const failure of failures.slice(0, Number(process.env.SHOW_FAILURES))) console.log(failure);
