import { readFileSync } from 'node:fs';

/** A tensor as its header describes it; sizes with the fastest one first. */
export interface ReadTensor {
  readonly name: string;
  readonly sizes: readonly number[];
  readonly type: number;
  readonly bytes: Uint8Array;
}

/** Reads a GGUF file by the format's description; strings, numbers and lists of them become plain values. */
export function readGguf(file: string): {
  metadata: Record<string, unknown>;
  tensors: Map<string, ReadTensor>;
} {
  const data = readFileSync(file);
  const view = new DataView(data.buffer, data.byteOffset, data.length);
  let at = 0;
  const u32 = (): number => view.getUint32((at += 4) - 4, true);
  const u64 = (): number => Number(view.getBigUint64((at += 8) - 8, true));
  const text = (): string => {
    const length = u64();
    return data.toString('utf8', at, (at += length));
  };
  const value = (type: number): unknown => {
    if (type === 0) return data[at++];
    if (type === 4) return u32();
    if (type === 5) return view.getInt32((at += 4) - 4, true);
    if (type === 6) return view.getFloat32((at += 4) - 4, true);
    if (type === 7) return data[at++] === 1;
    if (type === 8) return text();
    if (type !== 9) throw new Error(`type ${type}`);
    const [of, length] = [u32(), u64()];
    return Array.from({ length }, () => value(of));
  };
  if (data.toString('utf8', 0, (at += 4)) !== 'GGUF' || u32() !== 3) throw new Error('no GGUF');
  const [tensors, entries] = [u64(), u64()];
  const metadata = Object.fromEntries(
    Array.from({ length: entries }, () => [text(), value(u32())] as const),
  );
  const heads = Array.from({ length: tensors }, () => ({
    name: text(),
    sizes: Array.from({ length: u32() }, u64),
    type: u32(),
    start: u64(),
  }));
  const begin = Math.ceil(at / 32) * 32;
  return {
    metadata,
    tensors: new Map(
      heads.map(({ start, ...head }, i) => [
        head.name,
        { ...head, bytes: data.subarray(begin + start, begin + (heads[i + 1]?.start ?? data.length)) },
      ]),
    ),
  };
}
