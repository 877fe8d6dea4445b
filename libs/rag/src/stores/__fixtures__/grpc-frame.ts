const HEAD_BYTES = 5;

/** A message as gRPC sends it, not compressed. */
export function toGrpcFrame(message: Uint8Array): Buffer {
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

/** The one message of a unary call. */
export function fromGrpcFrame(frame: Buffer): Buffer {
  if (frame.length === 0) return frame;
  if (frame[0] !== 0 || frame.readUInt32BE(1) !== frame.length - HEAD_BYTES)
    throw new Error('Only one message that is not compressed is understood.');
  return frame.subarray(HEAD_BYTES);
}
