/** How the states of a text's tokens become one vector: their mean, or that of the first token. */
export type Pooling = 'mean' | 'cls';

/** One vector for a text. Shapes: states [length][width] → [width]. */
export function poolStates(states: readonly Float32Array[], pooling: Pooling): Float32Array {
  const [first = new Float32Array()] = states;
  if (pooling === 'cls') return first.slice();
  return first.map(
    (_, i) => states.reduce((total, state) => total + (state[i] ?? 0), 0) / states.length,
  );
}
