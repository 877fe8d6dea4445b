/** The weights of the logistic model over the features of a claim; made by `training/train-groundedness.test.ts`. */
export const GROUNDEDNESS_WEIGHTS: { readonly bias: number; readonly weights: readonly number[] } =
  {
    bias: 0,
    weights: [-2, -2, -1, 1, -1, 1, 0, 1, -1, 1, 1, 0, -1, 0, 0, 0],
  };
