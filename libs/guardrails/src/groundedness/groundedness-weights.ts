/** The weights of the logistic model over the features of a claim; made by `training/groundedness/train-groundedness.ts`. */
export const GROUNDEDNESS_WEIGHTS: { readonly bias: number; readonly weights: readonly number[] } =
  {
    bias: 5.0627,
    weights: [
      // coverage
      -2.0099,
      // best-sentence-coverage
      -0.6883,
      // bigram-coverage
      1.584,
      // unknown-names
      4.9307,
      // known-names-share
      0.3636,
      // unknown-numbers
      4.4778,
      // has-numbers
      0.1261,
      // negation-differs
      3.5539,
      // longest-run
      2.9055,
      // rarest-missing
      -1.2532,
      // verbatim
      -5.4578,
      // second-sentence-gain
      -3.1153,
      // order
      -2.0441,
      // kin-coverage
      -0.3604,
      // near-pairs
      0.7994,
      // pairs-in-a-sentence
      -2.8259,
      // opposite
      3.8737,
      // number-elsewhere
      -0.6456,
      // name-elsewhere
      3.6827,
      // best-half-coverage
      -2.6296,
      // worst-run-missing
      4.4305,
    ],
  };
