/** A value of a file's metadata, with the type that it is stored in. */
export type GgufValue =
  | { readonly type: 'uint32' | 'int32' | 'float32'; readonly value: number }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'strings'; readonly value: readonly string[] }
  | { readonly type: 'int32s' | 'float32s'; readonly value: readonly number[] }
  | { readonly type: 'bytes'; readonly value: Uint8Array };

/** Metadata in the order in which it is written. */
export type GgufMetadata = ReadonlyMap<string, GgufValue>;

const CODE = {
  uint8: 0,
  uint32: 4,
  int32: 5,
  float32: 6,
  bool: 7,
  string: 8,
  array: 9,
} as const;

/** A number of four bytes without a sign. */
export function uint32(value: number): GgufValue {
  return { type: 'uint32', value };
}

/** A number of four bytes with a fraction. */
export function float32(value: number): GgufValue {
  return { type: 'float32', value };
}

/** A text. */
export function text(value: string): GgufValue {
  return { type: 'string', value };
}

/** The bytes of a number, little end first. */
export function integerBytes(value: number, bytes: 4 | 8): Uint8Array {
  const view = new DataView(new ArrayBuffer(bytes));
  if (bytes === 8) view.setBigUint64(0, BigInt(value), true);
  else view.setUint32(0, value, true);
  return new Uint8Array(view.buffer);
}

/** The bytes of a text: its length, then UTF-8. */
export function textBytes(value: string): Uint8Array {
  const encoded = new TextEncoder().encode(value);
  return joinBytes([integerBytes(encoded.length, 8), encoded]);
}

/** One after another. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The bytes of a value: the number of its type, then itself. */
export function valueBytes(entry: GgufValue): Uint8Array {
  const scalar = (code: number, data: Uint8Array): Uint8Array =>
    joinBytes([integerBytes(code, 4), data]);
  const array = (code: number, length: number, data: Uint8Array): Uint8Array =>
    scalar(CODE.array, joinBytes([integerBytes(code, 4), integerBytes(length, 8), data]));
  switch (entry.type) {
    case 'uint32':
    case 'int32':
      return scalar(CODE[entry.type], integerBytes(entry.value >>> 0, 4));
    case 'float32':
      return scalar(CODE.float32, new Uint8Array(Float32Array.of(entry.value).buffer));
    case 'bool':
      return scalar(CODE.bool, Uint8Array.of(Number(entry.value)));
    case 'string':
      return scalar(CODE.string, textBytes(entry.value));
    case 'strings':
      return array(CODE.string, entry.value.length, joinBytes(entry.value.map(textBytes)));
    case 'int32s':
      return array(
        CODE.int32,
        entry.value.length,
        new Uint8Array(Int32Array.from(entry.value).buffer),
      );
    case 'float32s':
      return array(
        CODE.float32,
        entry.value.length,
        new Uint8Array(Float32Array.from(entry.value).buffer),
      );
    case 'bytes':
      return array(CODE.uint8, entry.value.length, entry.value);
  }
}
