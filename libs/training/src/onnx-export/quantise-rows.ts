/** Rounds each row of a matrix to whole numbers from −127 to 127, stored 128 higher, with one scale a row. */
export function quantiseRows(
  values: Float32Array,
  rows: number,
): { readonly levels: Uint8Array; readonly scales: Float32Array } {
  const columns = values.length / rows;
  const levels = new Uint8Array(values.length);
  const scales = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const at = row * columns;
    let largest = 0;
    for (let i = at; i < at + columns; i++) largest = Math.max(largest, Math.abs(values[i] ?? 0));
    const scale = largest / 127;
    scales[row] = scale;
    for (let i = at; i < at + columns; i++)
      levels[i] = 128 + (scale === 0 ? 0 : Math.round((values[i] ?? 0) / scale));
  }
  return { levels, scales };
}
