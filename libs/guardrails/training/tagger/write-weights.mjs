/** Puts the parts of a tagger into the bytes that `createPiiTagger` reads. */
export function writeWeights({
  code,
  bits,
  emissions,
  emissionScale,
  transitions,
  lexicon,
  recallBias,
  slope,
  offset,
}) {
  const padded = Math.ceil(emissions.length / 4) * 4;
  const bytes = new Uint8Array(64 + padded + transitions.length * 4 + lexicon.length * 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x50455431, true);
  view.setUint32(4, bits, true);
  view.setUint32(8, code.LABEL_COUNT, true);
  view.setUint32(12, lexicon.length / 3, true);
  view.setFloat32(16, emissionScale, true);
  view.setFloat32(20, recallBias, true);
  view.setFloat32(24, slope, true);
  view.setFloat32(28, offset, true);
  bytes.set(new Uint8Array(emissions.buffer, emissions.byteOffset, emissions.length), 64);
  new Float32Array(bytes.buffer, 64 + padded, transitions.length).set(transitions);
  new Uint32Array(bytes.buffer, 64 + padded + transitions.length * 4, lexicon.length).set(lexicon);
  const [first, second] = code.checksum(new Uint32Array(bytes.buffer, 64));
  view.setUint32(32, first, true);
  view.setUint32(36, second, true);
  return bytes;
}
