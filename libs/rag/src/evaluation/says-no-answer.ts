const MARKER = /\[\d{1,3}\]/u;
/** “The documents do not say …”, “there is not enough information …”, “I cannot answer …”. */
const DECLINES =
  /\b(?:(?:do|does|did|is|are|could|can|was|were)(?:n['’]t| not)|cannot|can['’]t|unable|no|not|without|insufficient|none)\b[^.!?\n]{0,90}\b(?:answers?|information|evidence|mention(?:ed|s)?|say|says|state[ds]?|contain(?:s|ed)?|hold|found|find|enough|know|context|documents?|passages?|determine|specif(?:y|ied))\b/iu;
const LONGEST = 600;

/**
 * Tells whether an answer says that the documents do not answer: it is empty, or short, cites nothing, and says so in
 * words. English only: answers in other languages are told by `hasEvidence` of the retriever, or by a judge.
 */
export function saysNoAnswer(answer: string): boolean {
  const text = answer.trim();
  if (text === '') return true;
  return text.length <= LONGEST && !MARKER.test(text) && DECLINES.test(text);
}
