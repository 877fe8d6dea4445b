import type { TensorBackend, TensorData } from '@espalier/core';
import { gradients } from '../../autodiff/gradients.js';
import * as elementwise from '../../tensor/elementwise.js';
import * as layout from '../../tensor/layout.js';
import * as network from '../../tensor/network.js';
import { createTrace, type Tensor, type Trace } from '../../tensor/trace.js';

/** Numbers of both signs, the same each time. */
export const floats = (shape: readonly number[], seed: number): TensorData => {
  const count = shape.reduce((product, size) => product * size, 1);
  const data = Float32Array.from({ length: count }, (_, i) => Math.sin(1.7 * i + seed) + 0.01 * i);
  return { dtype: 'float32', shape, data };
};
const whole = (shape: readonly number[], values: readonly number[]): TensorData => ({
  dtype: 'int32',
  shape,
  data: Int32Array.from(values),
});

/** Every operation of the port, each with outputs of its own and a gradient through those that have one. */
const traceEverything = (trace: Trace): Record<string, TensorData> => {
  const feeds: Record<string, TensorData> = {
    x: floats([2, 3, 4], 1),
    row: floats([4], 2),
    square: floats([4, 4], 3),
    heads: floats([2, 2, 3, 4], 4),
    table: floats([5, 4], 5),
    cosines: floats([6, 2], 6),
    sines: floats([6, 2], 7),
    ids: whole([2, 3], [4, 0, 4, 2, 1, 3]),
    positions: whole([2, 3], [0, 1, 2, 3, 4, 5]),
  };
  const t = new Map<string, Tensor>(
    Object.entries(feeds).map(([name, data]) => [name, trace.feed(name, data)]),
  );
  const get = (name: string): Tensor => t.get(name) as Tensor;
  const [x, row, square, heads] = ['x', 'row', 'square', 'heads'].map(get) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
  ];
  const [table, ids, positions] = ['table', 'ids', 'positions'].map(get) as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const e = elementwise;
  const positive = e.add(e.abs(x), 0.5);
  const smooth: Record<string, Tensor> = {
    neg: e.neg(x),
    exp: e.exp(x),
    log: e.log(positive),
    sqrt: e.sqrt(positive),
    reciprocal: e.reciprocal(positive),
    tanh: e.tanh(x),
    sigmoid: e.sigmoid(x),
    erf: e.erf(x),
    relu: e.relu(x),
    gelu: e.gelu(x),
    geluTanh: e.geluTanh(x),
    silu: e.silu(x),
    add: e.add(x, row),
    sub: e.sub(row, x),
    mul: e.mul(x, row),
    div: e.div(x, positive),
    maximum: e.maximum(x, row),
    minimum: e.minimum(x, row),
    where: e.where(e.less(x, row), x, e.mul(row, 2)),
    expand: e.expand(row, [3, 4]),
    reshape: layout.reshape(x, [6, 4]),
    transpose: layout.transpose(x, [2, 0, 1]),
    concat: layout.concat([x, e.neg(x)], 1),
    slice: layout.slice(x, 2, 1, 2),
    pad: layout.pad(x, 1, 1, 2),
    sum: layout.sum(x, [0, 2]),
    sumSquare: layout.sumSquare(x, [1]),
    matmul: layout.matmul(x, square, { scale: 0.5 }),
    matmulTransposed: layout.matmul(heads, heads, { transposeB: true }),
    matmulTransposedLeft: layout.matmul(heads, heads, { transposeA: true }),
    matmulShared: layout.matmul(x, square, { transposeB: true }),
    gather: network.gather(table, ids),
    takeLast: network.takeLast(
      e.expand(layout.reshape(x, [2, 3, 4]), [2, 3, 4]),
      e.minimum(ids, 3),
    ),
    softmax: network.softmax(x),
    logSoftmax: network.logSoftmax(x),
    rotary: network.rotary({ x: heads, positions, cosines: get('cosines'), sines: get('sines') }),
    rotaryBack: network.rotary({
      x: heads,
      positions,
      cosines: get('cosines'),
      sines: get('sines'),
      isInverse: true,
    }),
    layerNorm: network.layerNorm(x, row, e.neg(row), 1e-5),
    rmsNorm: network.rmsNorm(x, row, 1e-6),
  };
  const sources = [x, row, square, heads, table];
  // A gradient is asked for by every source, also by those that an operation does not read.
  const ofAll = sources
    .map((source) => e.mul(layout.sumAll(source), 0.1))
    .reduce((a, b) => e.add(a, b));
  for (const [name, value] of Object.entries(smooth)) {
    trace.output(name, value);
    const loss = e.add(ofAll, layout.sumAll(e.mul(e.tanh(value), 0.3)));
    for (const [index, gradient] of gradients(loss, sources).entries())
      trace.output(`gradient of ${name} by input ${index}`, gradient);
  }
  trace.output('scatterAdd', network.scatterAdd(ids, x, 5));
  trace.output('sign', e.sign(x));
  trace.output('max', layout.max(x, [1]));
  trace.output('oneHot', network.oneHot(ids, 6));
  trace.output('detach', e.detach(x));
  trace.output('cast', e.cast(ids, 'float32'));
  trace.output('toBool', e.cast(ids, 'bool'));
  trace.output('quotient', e.div(e.sub(ids, 3), 2));
  const isLess = e.less(x, row);
  trace.output('not', e.not(isLess));
  trace.output(
    'and',
    e.and(isLess, e.equal(ids.shape.length === 2 ? layout.reshape(ids, [2, 3, 1]) : ids, 4)),
  );
  return feeds;
};

/** What a backend gives for every operation and its gradient. */
export const runEverything = async (
  backend: TensorBackend,
): Promise<Readonly<Record<string, TensorData>>> => {
  const trace = createTrace();
  const feeds = traceEverything(trace);
  const program = await backend.compile(trace.finish());
  return program.step(feeds);
};

