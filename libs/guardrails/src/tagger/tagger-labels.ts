/** What the tagger tells apart. */
export const TAGGER_TYPES = [
  'person',
  'location',
  'address',
  'organization',
  'title',
  'nationality',
  'age',
  'date-time',
  'postcode',
  'phone',
  'username',
] as const;

/** A kind of span that the tagger finds. */
export type TaggerType = (typeof TAGGER_TYPES)[number];

/** Label 0 is none; 2t + 1 begins type t, 2t + 2 goes on with it. */
export const LABEL_COUNT = 2 * TAGGER_TYPES.length + 1;
