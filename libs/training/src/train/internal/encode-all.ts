import type { EncodedText } from '../encode-text.js';
import type { Padding } from './batch.js';
import type { Stepper } from './create-stepper.js';
import { makeEncoderBatch } from './encoder-batch.js';

/** What the present weights give for each text, in order; texts of similar length go side by side. */
export async function encodeAll(options: {
  readonly texts: readonly EncodedText[];
  readonly stepper: Stepper;
  readonly padding: Padding;
  readonly batchSize: number;
}): Promise<Float32Array[]> {
  const { texts, batchSize } = options;
  const order = Array.from(texts.keys()).sort(
    (a, b) => (texts[a]?.ids.length ?? 0) - (texts[b]?.ids.length ?? 0),
  );
  const found: Float32Array[] = [];
  for (let at = 0; at < order.length; at += batchSize) {
    const places = order.slice(at, at + batchSize);
    const batch = makeEncoderBatch([places.flatMap((i) => texts[i] ?? [])], options.padding);
    const rows = await options.stepper.encodeRows(batch);
    for (const [n, place] of places.entries()) found[place] = rows[n] ?? new Float32Array();
  }
  return found;
}
