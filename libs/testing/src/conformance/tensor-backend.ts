import type { TensorBackend, TensorData, TensorGraph, TensorOperation } from '@espalier/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import fixture from './tensor-cases.json' with { type: 'json' };
import { describeTensorStateConformance } from './tensor-backend-state.js';
import { allAxes, createProgramWriter, toTensor, type PlainTensor } from './tensor-program.js';

/** What the suite needs. */
export interface TensorBackendConformanceOptions {
  create(): TensorBackend | Promise<TensorBackend>;
  /**
   * The same program with the gradients of its output `loss` with respect to feeds and states of these names, as further
   * outputs `gradient:<name>`.
   */
  differentiate(graph: TensorGraph, names: readonly string[]): TensorGraph;
}

interface TensorCase {
  readonly name: string;
  readonly operation: TensorOperation;
  readonly inputs: readonly PlainTensor[];
  readonly outputs: readonly PlainTensor[];
  /** What the first output is multiplied by before it is summed to a loss. */
  readonly weights?: PlainTensor;
  readonly gradients?: readonly (PlainTensor | null)[];
}

const CASES = fixture.cases as unknown as readonly TensorCase[];
const DIFFERENTIABLE = CASES.filter(({ gradients }) => gradients !== undefined);
const TOLERANCE = 1e-5;
/** Central differences in float32. */
const STEP = 1e-2;
const DIFFERENCE_TOLERANCE = 5e-3;
const CURVE_TOLERANCE = 1e-4;

/** Declares the tests that every `TensorBackend` must pass; expected values are PyTorch's. */
export function describeTensorBackendConformance(
  name: string,
  options: TensorBackendConformanceOptions,
): void {
  describe(`${name} keeps the TensorBackend contract`, () => {
    let backend: TensorBackend;
    beforeAll(async () => {
      backend = await options.create();
    });
    afterAll(() => backend.dispose());

    const run = async (graph: TensorGraph, feeds: Record<string, TensorData>) => {
      const program = await backend.compile(graph);
      try {
        return await program.step(feeds);
      } finally {
        await program.dispose();
      }
    };

    it.each(CASES.map((one) => [one.name, one] as const))('computes %s', async (_name, one) => {
      const found = await run(forward(one), feedsOf(one));
      for (const [index, expected] of one.outputs.entries())
        expectClose(found[`output${index}`], expected);
    });

    it.each(DIFFERENTIABLE.map((one) => [one.name, one] as const))(
      'has the gradient of %s, by PyTorch and by differences',
      async (_name, one) => {
        const wanted = (one.gradients ?? []).flatMap((gradient, index) =>
          gradient === null ? [] : [[`input${index}`, gradient] as const],
        );
        const feeds = feedsOf(one);
        const graph = options.differentiate(
          lossOf(one),
          wanted.map(([input]) => input),
        );
        const program = await backend.compile(graph);
        const lossAt = async (input: string, place: number, change: number): Promise<number> => {
          const tensor = feeds[input];
          const data = Float32Array.from(tensor?.data ?? []);
          data[place] = (data[place] ?? 0) + change;
          const moved = { dtype: 'float32' as const, shape: tensor?.shape ?? [], data };
          const { loss } = await program.step({ ...feeds, [input]: moved });
          return Number(loss?.data[0]);
        };
        const found = await program.step(feeds);
        for (const [input, gradient] of wanted) {
          expectClose(found[`gradient:${input}`], gradient);
          if (isKinked(one.operation)) continue;
          const scale = Math.max(1, ...gradient.data.map(Math.abs));
          for (const [place, slope] of gradient.data.entries()) {
            const rise = (await lossAt(input, place, STEP)) - (await lossAt(input, place, -STEP));
            expect(Math.abs(rise / (2 * STEP) - slope) / scale).toBeLessThan(DIFFERENCE_TOLERANCE);
          }
        }
        await program.dispose();
      },
    );

    it('follows the loss curve of PyTorch for 100 steps', async () => {
      const { curve } = fixture;
      const names = ['scale', 'first', 'second'] as const;
      const state = await backend.createState(
        Object.fromEntries(names.map((key) => [key, toTensor(curve.weights[key])])),
      );
      const graph = descend(options.differentiate(classifier(), names), names);
      const program = await backend.compile(graph, { state });
      const feeds = {
        x: toTensor(curve.x),
        targets: toTensor(curve.targets),
        rate: toTensor({ dtype: 'float32', shape: [], data: [curve.rate] }),
        share: toTensor({ dtype: 'float32', shape: [], data: [-1 / curve.targets.data.length] }),
      };
      for (const expected of curve.losses) {
        const { loss } = await program.step(feeds);
        expect(Math.abs(Number(loss?.data[0]) - expected)).toBeLessThan(CURVE_TOLERANCE);
      }
      await program.dispose();
      await state.dispose();
    });

    describeTensorStateConformance(() => backend);
  });
}

/** Differences are of no use where a function has corners or steps. */
function isKinked({ kind }: TensorOperation): boolean {
  return ['relu', 'abs', 'maximum', 'minimum'].includes(kind);
}

function feedsOf({ inputs, weights }: TensorCase): Record<string, TensorData> {
  return {
    ...Object.fromEntries(inputs.map((input, index) => [`input${index}`, toTensor(input)])),
    ...(weights === undefined ? {} : { weights: toTensor(weights) }),
  };
}

function begin({ operation, inputs, outputs }: TensorCase) {
  const writer = createProgramWriter();
  const values = inputs.map((input, index) => writer.feed(`input${index}`, toTensor(input)));
  const results = writer.node(operation, values, outputs.map(toTensor));
  return { writer, results };
}

function forward(one: TensorCase): TensorGraph {
  // The runtime may leave out what is not fed; weights belong to the loss alone.
  const { writer, results } = begin(one);
  for (const [index, value] of results.entries()) writer.output(`output${index}`, value);
  return writer.finish();
}

/** Σ weights · first output. */
function lossOf(one: TensorCase): TensorGraph {
  const { writer, results } = begin(one);
  const [first = 0] = results;
  const { shape } = one.outputs[0] ?? { shape: [] };
  const weights = writer.feed('weights', { dtype: 'float32', shape });
  const weighted = writer.apply({ kind: 'mul' }, [first, weights], shape);
  writer.output('loss', total(writer, weighted, shape));
  return writer.finish();
}

function total(
  writer: ReturnType<typeof createProgramWriter>,
  value: number,
  shape: readonly number[],
): number {
  if (shape.length === 0) return value;
  const kept = shape.map(() => 1);
  const sum = writer.apply({ kind: 'sum', axes: allAxes(shape) }, [value], kept);
  return writer.apply({ kind: 'reshape', shape: [] }, [sum]);
}

/** Mean cross-entropy of a norm, a hidden layer and a last one. */
function classifier(): TensorGraph {
  const { x, targets, weights } = fixture.curve;
  const [rows = 1] = x.shape;
  const [, hidden = 1] = weights.first.shape;
  const [, classes = 1] = weights.second.shape;
  const writer = createProgramWriter();
  const fed = writer.feed('x', { dtype: 'float32', shape: x.shape });
  const ids = writer.feed('targets', { dtype: 'int32', shape: targets.shape });
  const share = writer.feed('share', { dtype: 'float32', shape: [] });
  const [normal = 0] = writer.node(
    { kind: 'rmsNorm', epsilon: 1e-5 },
    [fed, writer.state('scale', weights.scale.shape)],
    [
      { dtype: 'float32', shape: x.shape },
      { dtype: 'float32', shape: [rows, 1] },
    ],
  );
  const product = { kind: 'matmul', transposeA: false, transposeB: false, scale: 1 } as const;
  const first = writer.apply(
    product,
    [normal, writer.state('first', weights.first.shape)],
    [rows, hidden],
  );
  const active = writer.apply({ kind: 'gelu' }, [first], [rows, hidden]);
  const scores = writer.apply(
    product,
    [active, writer.state('second', weights.second.shape)],
    [rows, classes],
  );
  const likelihoods = writer.apply({ kind: 'logSoftmax' }, [scores], [rows, classes]);
  const taken = writer.apply({ kind: 'takeLast' }, [likelihoods, ids], [rows]);
  const sum = total(writer, taken, [rows]);
  writer.output('loss', writer.apply({ kind: 'mul' }, [sum, share]));
  return writer.finish();
}

/** The program with an update of each state against its gradient; feed `rate`. */
function descend(graph: TensorGraph, names: readonly string[]): TensorGraph {
  const values = [...graph.values, { dtype: 'float32' as const, shape: [] }];
  const rate = values.length - 1;
  const nodes = [...graph.nodes];
  const updates = names.map((name) => {
    const state = graph.states.find((entry) => entry.name === name)?.value ?? 0;
    const slope = graph.outputs.find((entry) => entry.name === `gradient:${name}`)?.value ?? 0;
    const type = { dtype: 'float32' as const, shape: values[state]?.shape ?? [] };
    const step = values.push(type) - 1;
    const next = values.push(type) - 1;
    nodes.push(
      { operation: { kind: 'mul' }, inputs: [slope, rate], outputs: [step] },
      { operation: { kind: 'sub' }, inputs: [state, step], outputs: [next] },
    );
    return { name, value: next };
  });
  const feeds = [...graph.feeds, { name: 'rate', value: rate }];
  return { ...graph, values, nodes, feeds, updates };
}

function expectClose(found: TensorData | undefined, expected: PlainTensor): void {
  expect(found?.dtype).toBe(expected.dtype);
  expect([...(found?.shape ?? [])]).toEqual(expected.shape);
  const scale = Math.max(1e-6, ...expected.data.map(Math.abs));
  const error = Math.max(
    ...expected.data.map((value, place) => Math.abs(value - Number(found?.data[place]))),
  );
  expect(error / scale).toBeLessThanOrEqual(TOLERANCE);
}
