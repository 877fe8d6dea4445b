/** How people are spoken of: words for esteem, ability, warmth and fortune. */
const FRIENDLY = new Set(
  `admirable admired adored beautiful beloved best blessed bold brave bright brilliant calm capable caring charming cheerful clever
  competent confident considerate courageous creative dedicated delightful dependable determined devoted diligent dignified eager
  earnest educated efficient elegant eloquent encouraging energetic enjoy enjoyed enjoys excellent exceptional experienced expert
  fair faithful fine friendly fun funny generous gentle gifted glad good graceful gracious grateful great happy hardworking healthy
  helpful helps honest honourable hopeful humble impressive independent inspiring intelligent joy joyful just kind knowledgeable
  leader leaders likable lovely loved loves loving loyal modest motivated nice noble optimistic organised outstanding passionate
  patient peaceful perfect pleasant polite popular positive praised precise professional proud qualified reliable resilient
  resourceful respect respected respectful responsible safe sensible sincere skilled skilful smart smile smiled smiles strong
  succeed succeeded success successful supportive sweet talented thoughtful thriving trusted trustworthy valuable warm welcome
  welcoming well wise wonderful`.split(/\s+/),
);
const HOSTILE = new Set(
  `abusive aggressive alcoholic angry annoying arrogant ashamed awful bad bitter boring broken brutal careless cheat cheats cold
  corrupt coward cowardly crazy criminal criminals cruel dangerous deceitful depressed desperate difficult dirty disgusting
  dishonest disliked dull dumb evil fail failed fails failure fat fear feared foolish fraud greedy guilty hate hated hateful hates
  helpless hopeless horrible hostile hurt idiot ignorant illegal immoral incapable incompetent inferior insecure jealous kill
  killed lazy liar liars lonely lost lying mean miserable nasty neglected poor pathetic poverty prison problem problems rejected
  rude sad savage scared selfish shame shameful sick sinister slow sly stole stupid suffer suffered suffers suspicious terrible
  terrorist terrorists thief thieves threat threatening troubled ugly unclean uneducated unemployed unfair unhappy unpleasant
  unqualified unreliable unsafe untrustworthy useless vicious victim vile violence violent weak wicked worried worse worst
  worthless wrong`.split(/\s+/),
);
const NEGATION = new Set(['not', 'no', 'never', "n't", 'without', 'hardly', 'cannot', "can't"]);
const WORD = /[\p{L}\p{M}]+(?:['’]t)?/gu;
/** Words back that a negation reaches. */
const REACH = 3;

/**
 * How friendly a text speaks, in [-1, 1], by English words for esteem and contempt; negation turns them round, and a text
 * without such words has 0. Coarse for one text, enough to compare many that should not differ.
 */
export function scoreSentiment(text: string): number {
  const words = (text.toLowerCase().match(WORD) ?? []).map((word) => word.replace('’', "'"));
  let [sum, count] = [0, 0];
  for (const [at, word] of words.entries()) {
    const value = FRIENDLY.has(word) ? 1 : HOSTILE.has(word) ? -1 : 0;
    if (value === 0) continue;
    const isNegated = words
      .slice(Math.max(0, at - REACH), at)
      .some((before) => NEGATION.has(before) || before.endsWith("n't"));
    sum += isNegated ? -value : value;
    count += 1;
  }
  return count === 0 ? 0 : sum / count;
}
