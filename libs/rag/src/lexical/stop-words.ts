/** English words too common to tell documents apart. */
export const STOP_WORDS: ReadonlySet<string> = new Set(
  (
    'a an and are as at be but by for if in into is it no not of on or such that the their then there these they ' +
    'this to was will with'
  ).split(' '),
);

/** Words of questions that carry no content; with {@link STOP_WORDS} they are left out when evidence is judged. */
export const QUESTION_WORDS: ReadonlySet<string> = new Set(
  (
    'about all also am any been being can could did do does doing done from get gets give had has have having he her ' +
    'him his how i its just make many may me might more most much must my need of one our please s say shall she ' +
    'should so some tell than them those through us use used using very want we were what when where which while who ' +
    'whom whose why within without work works would you your'
  ).split(' '),
);
