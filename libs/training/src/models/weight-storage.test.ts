import { describe, expect, it } from 'vitest';
import { gradients } from '../autodiff/gradients.js';
import { matmul, sumAll } from '../tensor/layout.js';
import { createTrace } from '../tensor/trace.js';
import { traceStored } from './weight-storage.js';

describe('a weight in four bits', () => {
  it('is looked up anew by each pass that uses it, and not before', () => {
    const trace = createTrace();
    const x = trace.state('x', { dtype: 'float32', shape: [2, 64] });
    const weight = traceStored(trace, 'w', [32, 64], {
      storage: { kind: 'nf4', blockSize: 64, isDouble: false },
      gate: x,
    });
    const loss = sumAll(matmul(x, weight, { transposeB: true }));
    const [gradient] = gradients(loss, [x]);
    if (gradient !== undefined) trace.update('x', gradient);
    trace.output('loss', loss);

    const { nodes, states } = trace.finish();
    const given = new Set(states.map(({ value }) => value));
    const producers = new Map(nodes.flatMap((node) => node.outputs.map((value) => [value, node])));
    const lookedUp = nodes.filter(({ operation }) => operation.kind === 'dequantise');
    expect(lookedUp).toHaveLength(2);
    const gates = lookedUp.flatMap(({ inputs }) =>
      inputs.map((input) => {
        const producer = producers.get(input);
        expect(producer?.operation.kind).toBe('after');
        expect(given).toContain(producer?.inputs[0]);
        return producer?.inputs[1];
      }),
    );
    expect(gates[0]).toBe(gates[1]);
    expect(gates[2]).toBe(gates[3]);
    expect(gates[2]).not.toBe(gates[0]);
  });
});
