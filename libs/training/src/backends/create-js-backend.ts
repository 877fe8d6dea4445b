import type { TensorBackend, TensorData, TensorState } from '@espalier/core';
import { FeedMismatchError } from '../errors.js';
import { describeType } from '../tensor/trace.js';
import { checkFeeds } from './check-feeds.js';
import { evaluateNode } from './internal/evaluate-node.js';
import { stateEntries } from './state-entries.js';

/**
 * Creates the reference backend: plain JavaScript, one node after another, anywhere JavaScript runs.
 *
 * Values are float32, sums run in double precision. It is exact and slow: for tests, small models and browsers.
 */
export function createJsBackend(): TensorBackend {
  const states = new WeakMap<TensorState, Map<string, TensorData>>();
  const createState = async (
    initial: Readonly<Record<string, TensorData>> | ReadonlyMap<string, TensorData>,
  ): Promise<TensorState> => {
    const values = new Map(stateEntries(initial));
    const state: TensorState = {
      get names() {
        return [...values.keys()];
      },
      async read(name) {
        const value = values.get(name);
        if (value === undefined)
          throw new FeedMismatchError({ name, expected: 'a known state', found: 'nothing' });
        return { ...value, data: value.data.slice() };
      },
      async write(name, value) {
        values.set(name, { ...value, data: value.data.slice() });
      },
      async dispose() {
        values.clear();
      },
    };
    states.set(state, values);
    return state;
  };
  return {
    specificationVersion: 'v1',
    id: 'js',
    description: 'plain JavaScript, one thread',
    createState,
    async compile(graph, options = {}) {
      const kept =
        (options.state === undefined ? undefined : states.get(options.state)) ??
        new Map<string, TensorData>();
      return {
        async step(feeds) {
          checkFeeds(graph, feeds);
          const values: (TensorData | undefined)[] = [];
          for (const { value, data } of graph.constants) values[value] = data;
          for (const { name, value } of graph.feeds) values[value] = feeds[name];
          for (const { name, value } of graph.states) {
            const type = graph.values[value];
            const found = kept.get(name);
            if (found === undefined && type !== undefined)
              throw new FeedMismatchError({
                name,
                expected: `a state ${describeType(type)}`,
                found: 'nothing',
              });
            values[value] = found;
          }
          for (const node of graph.nodes) {
            const inputs = node.inputs.flatMap((value) => values[value] ?? []);
            const types = node.outputs.flatMap((value) => graph.values[value] ?? []);
            for (const [index, result] of evaluateNode(node.operation, inputs, types).entries())
              values[node.outputs[index] ?? -1] = result;
          }
          const pick = (entries: typeof graph.outputs): [string, TensorData][] =>
            entries.flatMap(({ name, value }) => {
              const found = values[value];
              return found === undefined ? [] : [[name, found]];
            });
          for (const [name, value] of pick(graph.updates)) kept.set(name, value);
          return Object.fromEntries(pick(graph.outputs));
        },
        async dispose() {
          // Nothing is held outside the garbage collector's reach.
        },
      };
    },
    async dispose() {
      // As above.
    },
  };
}
