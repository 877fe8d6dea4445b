/** The weights of the logistic model over the features of a claim; made by `training/groundedness/train-groundedness.ts`. */
export const GROUNDEDNESS_WEIGHTS: { readonly bias: number; readonly weights: readonly number[] } =
  {
    bias: 3.0121,
    weights: [
      // coverage
      -2.688,
      // best-sentence-coverage
      -0.3132,
      // bigram-coverage
      -1.4538,
      // unknown-names
      5.8942,
      // known-names-share
      -0.1516,
      // unknown-numbers
      7.3108,
      // has-numbers
      -0.1035,
      // negation-differs
      3.3101,
      // longest-run
      2.8239,
      // rarest-missing
      -1.6415,
      // missing-terms
      7.475,
      // is-short
      0.8163,
      // verbatim
      -2.6505,
      // second-sentence-gain
      -1.2926,
      // length
      0.3777,
      // order
      -2.8659,
    ],
  };
