import type { TensorDType } from '@espalier/core';
import { createProtobufWriter, type ProtobufWriter } from './protobuf-writer.js';

/** An attribute of a node: whole number, list of them, or text; `{ float }` for a floating-point number. */
export type OnnxAttribute = number | string | readonly number[] | { readonly float: number };

/** Types of values in an ONNX model. */
export type OnnxDType = TensorDType | 'int64' | 'uint16';

/** One operator of an ONNX graph. */
export interface OnnxNode {
  readonly type: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** A tensor stored in the model. */
export interface OnnxInitializer {
  readonly name: string;
  readonly dtype: OnnxDType;
  readonly shape: readonly number[];
  /** Its values, or where they are in a file beside the model. */
  readonly bytes:
    Uint8Array | { readonly location: string; readonly offset: number; readonly length: number };
}

/** An input or output of a model; a size with a name may change from run to run. */
export interface OnnxValue {
  readonly dtype: OnnxDType;
  readonly shape: readonly (number | string)[];
}

/** `onnx.TensorProto.DataType`. */
export const DATA_TYPE = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
  bfloat16: 16,
} as const;
const EXTERNAL = 1;
const ATTRIBUTE = { float: 1, int: 2, text: 3, ints: 7 } as const;
const IR_VERSION = 8;

/** `onnx.NodeProto`. */
function nodeMessage(node: OnnxNode): ProtobufWriter {
  const message = createProtobufWriter();
  for (const input of node.inputs) message.text(1, input);
  for (const output of node.outputs) message.text(2, output);
  message.text(4, node.type);
  for (const [name, value] of Object.entries(node.attributes ?? {})) {
    const attribute = createProtobufWriter().text(1, name);
    if (typeof value === 'number') attribute.int(3, value).int(20, ATTRIBUTE.int);
    else if (typeof value === 'string')
      attribute.bytes(4, new TextEncoder().encode(value)).int(20, ATTRIBUTE.text);
    else if ('float' in value) attribute.float(2, value.float).int(20, ATTRIBUTE.float);
    else {
      for (const entry of value) attribute.int(8, entry);
      attribute.int(20, ATTRIBUTE.ints);
    }
    message.message(5, attribute);
  }
  if (node.domain !== undefined) message.text(7, node.domain);
  return message;
}

/** `onnx.ValueInfoProto`. */
function valueMessage(name: string, { dtype, shape }: OnnxValue): ProtobufWriter {
  const sizes = createProtobufWriter();
  for (const size of shape) {
    const one = createProtobufWriter();
    sizes.message(1, typeof size === 'string' ? one.text(2, size) : one.int(1, size));
  }
  const tensor = createProtobufWriter().int(1, DATA_TYPE[dtype]).message(2, sizes);
  return createProtobufWriter().text(1, name).message(2, createProtobufWriter().message(1, tensor));
}

/** `onnx.TensorProto`. */
function tensorMessage({ name, dtype, shape, bytes }: OnnxInitializer): ProtobufWriter {
  const message = createProtobufWriter();
  for (const size of shape) message.int(1, size);
  message.int(2, DATA_TYPE[dtype]).text(8, name);
  if (bytes instanceof Uint8Array) return message.bytes(9, bytes);
  for (const [key, value] of Object.entries(bytes))
    message.message(13, createProtobufWriter().text(1, key).text(2, String(value)));
  return message.int(14, EXTERNAL);
}

/** A whole model, as `onnx.ModelProto` is stored. */
export function modelBytes(options: {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxInitializer[];
  readonly inputs: readonly (readonly [string, OnnxValue])[];
  readonly outputs: readonly (readonly [string, OnnxValue])[];
  readonly opset: number;
}): Uint8Array {
  const graph = createProtobufWriter();
  for (const node of options.nodes) graph.message(1, nodeMessage(node));
  graph.text(2, 'espalier');
  for (const initializer of options.initializers) graph.message(5, tensorMessage(initializer));
  for (const [name, type] of options.inputs) graph.message(11, valueMessage(name, type));
  for (const [name, type] of options.outputs) graph.message(12, valueMessage(name, type));
  const operators = (domain: string, version: number): ProtobufWriter =>
    createProtobufWriter().text(1, domain).int(2, version);
  return createProtobufWriter()
    .int(1, IR_VERSION)
    .text(2, 'espalier')
    .message(7, graph)
    .message(8, operators('', options.opset))
    .message(8, operators('com.microsoft', 1))
    .finish();
}
