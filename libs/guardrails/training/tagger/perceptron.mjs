/**
 * An averaged structured perceptron with a margin: a loss is added to every wrong label while the best path is sought, a
 * larger one where it would miss an entity.
 *
 * @see Collins, Discriminative Training Methods for Hidden Markov Models, EMNLP 2002
 */
export function createPerceptron({ code, bits, missCost, wrongCost }) {
  const { LABEL_COUNT: L, TRANSITION_KINDS, FEATURE_COUNT: F, mayFollow } = code;
  const weights = new Float32Array(2 ** bits * L);
  const history = new Float32Array(2 ** bits * L);
  const moves = new Float32Array(TRANSITION_KINDS * L * L);
  const moveHistory = new Float32Array(TRANSITION_KINDS * L * L);
  const follows = Uint8Array.from({ length: L * L }, (_, at) =>
    mayFollow(Math.floor(at / L), at % L) ? 1 : 0,
  );
  let step = 1;

  /** Best path among the labels that `isAllowed` leaves. */
  const decode = ({ count, features, kinds, breaks, isAllowed, cost }) => {
    const delta = new Float64Array(count * L).fill(-1e30);
    const back = new Int16Array(count * L);
    const emission = new Float64Array(L);
    for (let token = 0; token < count; token += 1) {
      emission.fill(0);
      for (let feature = 0; feature < F; feature += 1) {
        const row = features[token * F + feature] * L;
        // A feature that was dropped.
        if (row < 0) continue;
        for (let label = 0; label < L; label += 1) emission[label] += weights[row + label];
      }
      const matrix = kinds[token] * L * L;
      let bestBefore = 0;
      if (token > 0)
        for (let label = 1; label < L; label += 1)
          if (delta[(token - 1) * L + label] > delta[(token - 1) * L + bestBefore])
            bestBefore = label;
      for (let label = 0; label < L; label += 1) {
        if (!isAllowed(token, label)) continue;
        const own = emission[label] + cost(token, label);
        if (token === 0 || breaks[token]) {
          if (!follows[label]) continue;
          delta[token * L + label] =
            (token === 0 ? 0 : delta[(token - 1) * L + bestBefore]) + moves[matrix + label] + own;
          back[token * L + label] = bestBefore;
          continue;
        }
        let best = -1e30;
        let from = 0;
        for (let before = 0; before < L; before += 1) {
          if (!follows[before * L + label]) continue;
          const score = delta[(token - 1) * L + before] + moves[matrix + before * L + label];
          if (score > best) [best, from] = [score, before];
        }
        delta[token * L + label] = best + own;
        back[token * L + label] = from;
      }
    }
    const path = new Int16Array(count);
    let last = 0;
    for (let label = 1; label < L; label += 1)
      if (delta[(count - 1) * L + label] > delta[(count - 1) * L + last]) last = label;
    for (let token = count - 1; token >= 0; token -= 1) {
      path[token] = last;
      last = back[token * L + last];
    }
    return path;
  };

  const change = (array, past, index, by) => {
    array[index] += by;
    past[index] += by * step;
  };

  return {
    /** Learns from one sentence; returns whether it was wrong. */
    learn(sample) {
      const { count, features, kinds, breaks, gold, isPartial } = sample;
      step += 1;
      const free = () => 0;
      // In partly marked text, what is unmarked may be of a type that the text does not mark.
      const isGold = (token, label) =>
        gold[token] === label || (isPartial && gold[token] === 0 && label > sample.freeFrom);
      const predicted = decode({
        ...sample,
        isAllowed: () => true,
        cost: (token, label) => (isGold(token, label) ? 0 : label === 0 ? missCost : wrongCost),
      });
      let isWrong = false;
      for (let token = 0; token < count && !isWrong; token += 1)
        isWrong = !isGold(token, predicted[token]);
      if (!isWrong) return false;
      const target = isPartial ? decode({ ...sample, isAllowed: isGold, cost: free }) : gold;
      for (let token = 0; token < count; token += 1) {
        const [right, wrong] = [target[token], predicted[token]];
        if (right !== wrong) {
          for (let feature = 0; feature < F; feature += 1) {
            const row = features[token * F + feature] * L;
            if (row < 0) continue;
            change(weights, history, row + right, 1);
            change(weights, history, row + wrong, -1);
          }
        }
        const [rightBefore, wrongBefore] =
          token === 0 || breaks[token] ? [0, 0] : [target[token - 1], predicted[token - 1]];
        if (right !== wrong || rightBefore !== wrongBefore) {
          const matrix = kinds[token] * L * L;
          change(moves, moveHistory, matrix + rightBefore * L + right, 1);
          change(moves, moveHistory, matrix + wrongBefore * L + wrong, -1);
        }
      }
      return true;
    },
    /** The mean of the weights over all steps. */
    average: () => ({
      emissions: weights.map((value, index) => value - history[index] / step),
      transitions: moves.map((value, index) => value - moveHistory[index] / step),
    }),
  };
}

/** The mean of several models, which is one again, with its emissions as bytes. */
export function quantise(models) {
  const mean = (name) => {
    const sums = new Float32Array(models[0][name].length);
    for (const model of models)
      for (let index = 0; index < sums.length; index += 1)
        sums[index] += model[name][index] / models.length;
    return sums;
  };
  const sums = mean('emissions');
  // Few weights are large: cutting them costs less than coarse steps for all.
  const sorted = sums
    .filter((value) => value !== 0)
    .map(Math.abs)
    .sort();
  const cut = Math.max(sorted[Math.floor(sorted.length * 0.9995)] ?? 1, sorted.at(-1) / 8);
  const emissionScale = cut / 127;
  const emissions = Int8Array.from(sums, (value) =>
    Math.max(-127, Math.min(127, Math.round(value / emissionScale))),
  );
  return { emissions, emissionScale, transitions: mean('transitions') };
}
