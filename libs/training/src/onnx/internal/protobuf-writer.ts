const WIRE_VARINT = 0;
const WIRE_BYTES = 2;
const WIRE_FIXED64 = 1;
const WIRE_FIXED32 = 5;
const encoder = new TextEncoder();

/**
 * Writes one protobuf message, field by field.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export interface ProtobufWriter {
  int(field: number, value: number): ProtobufWriter;
  float(field: number, value: number): ProtobufWriter;
  double(field: number, value: number): ProtobufWriter;
  bytes(field: number, value: Uint8Array): ProtobufWriter;
  text(field: number, value: string): ProtobufWriter;
  message(field: number, value: ProtobufWriter): ProtobufWriter;
  readonly size: number;
  finish(): Uint8Array;
}

/** Begins an empty message. */
export function createProtobufWriter(): ProtobufWriter {
  const parts: Uint8Array[] = [];
  let size = 0;
  const push = (part: Uint8Array): void => {
    parts.push(part);
    size += part.length;
  };
  const tag = (field: number, wire: number): void => push(varint(BigInt(field * 8 + wire)));
  const writer: ProtobufWriter = {
    int(field, value) {
      tag(field, WIRE_VARINT);
      push(varint(BigInt.asUintN(64, BigInt(value))));
      return writer;
    },
    float(field, value) {
      tag(field, WIRE_FIXED32);
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setFloat32(0, value, true);
      push(bytes);
      return writer;
    },
    double(field, value) {
      tag(field, WIRE_FIXED64);
      const bytes = new Uint8Array(8);
      new DataView(bytes.buffer).setFloat64(0, value, true);
      push(bytes);
      return writer;
    },
    bytes(field, value) {
      tag(field, WIRE_BYTES);
      push(varint(BigInt(value.length)));
      push(value);
      return writer;
    },
    text: (field, value) => writer.bytes(field, encoder.encode(value)),
    message: (field, value) => writer.bytes(field, value.finish()),
    get size() {
      return size;
    },
    finish() {
      const all = new Uint8Array(size);
      let at = 0;
      for (const part of parts) {
        all.set(part, at);
        at += part.length;
      }
      return all;
    },
  };
  return writer;
}

function varint(value: bigint): Uint8Array {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}
