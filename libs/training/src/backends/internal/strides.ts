/** How many values a shape has. */
export function countOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Row-major strides. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length).fill(1);
  for (let axis = shape.length - 2; axis >= 0; axis--)
    strides[axis] = (strides[axis + 1] ?? 1) * (shape[axis + 1] ?? 1);
  return strides;
}

/** Strides with which `shape` is read as if it had the shape `to`: 0 on repeated axes. */
export function broadcastStrides(shape: readonly number[], to: readonly number[]): number[] {
  const own = stridesOf(shape);
  const lead = to.length - shape.length;
  return to.map((_, axis) =>
    axis < lead || shape[axis - lead] === 1 ? 0 : (own[axis - lead] ?? 0),
  );
}

/** Calls back with the offsets under each set of strides, for each position of `shape` in row-major order. */
export function walk(
  shape: readonly number[],
  strides: readonly (readonly number[])[],
  visit: (index: number, offsets: readonly number[]) => void,
): void {
  const count = countOf(shape);
  const position = new Array<number>(shape.length).fill(0);
  const offsets = new Array<number>(strides.length).fill(0);
  for (let index = 0; index < count; index++) {
    visit(index, offsets);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const next = (position[axis] ?? 0) + 1;
      const isCarried = next === shape[axis];
      position[axis] = isCarried ? 0 : next;
      for (let k = 0; k < strides.length; k++) {
        const stride = strides[k]?.[axis] ?? 0;
        offsets[k] = (offsets[k] ?? 0) + (isCarried ? -stride * (next - 1) : stride);
      }
      if (!isCarried) break;
    }
  }
}
