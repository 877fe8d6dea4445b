import type { AnalyzedLanguage } from './load-analyzer.js';
import { splitWords } from './split-words.js';

/** Words that are frequent in a language and rare in the others. */
const MARKERS: Readonly<Record<Exclude<AnalyzedLanguage, 'und'>, string>> = {
  en: 'the of and to is that for with are this which from have',
  de: 'der die das und ist nicht mit den von ein eine auf werden sich',
  fr: 'le la les des est une dans que pour qui sur avec pas aux',
  es: 'el los las del una que por con para como más pero fue',
  pt: 'os da do uma não com para mais dos das ao pelo foi são',
  it: 'il della che di gli nel una per sono dei anche alla più è',
  nl: 'het een van de dat niet zijn voor met ook aan worden',
  sv: 'och att det som på är av för den inte till med ett',
  da: 'og at det der på er af til den ikke med et som har',
  no: 'og å det som på er av til ikke med et har ble fra',
  fi: 'ja on ei että oli se hän mutta myös kuin joka ovat',
  hu: 'és hogy nem egy az volt meg csak ez mint már vagy',
  ro: 'și în este care din pentru cu nu mai sau fost sunt',
  tr: 've bir bu için ile olarak da daha olan gibi çok sonra',
  ru: 'и в не на что он как это по из за был его',
  bg: 'и на да се от за са не като при това със е',
  el: 'και το να του της από με για την που στο είναι',
  ar: 'في من على أن إلى التي عن مع هذا كان ما لا',
};

const MAX_WORDS = 20_000;
const MIN_SHARE = 0.06;

/**
 * Returns the language that most of the texts are in, or `und` where frequent words of none are met often enough (short
 * texts, source code, scripts without spaces, languages without an analysis).
 */
export function detectLanguage(texts: Iterable<string>): AnalyzedLanguage {
  const counts = new Map<string, number>();
  let total = 0;
  for (const text of texts) {
    for (const word of splitWords(text.slice(0, MAX_WORDS * 10))) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
      total += 1;
    }
    if (total >= MAX_WORDS) break;
  }
  let best: AnalyzedLanguage = 'und';
  let bestCount = total * MIN_SHARE;
  for (const [language, words] of Object.entries(MARKERS)) {
    let count = 0;
    for (const word of words.split(' ')) count += counts.get(word) ?? 0;
    if (count > bestCount) {
      best = language as AnalyzedLanguage;
      bestCount = count;
    }
  }
  return best;
}
