import { strict as assert } from 'node:assert';
import { createAgent } from '@espalier/agents';
import { createPluginHost, userMessage, type RunEvent } from '@espalier/core';
import { createMockModel } from '@espalier/testing';
import { lengthPlugin } from './length-plugin.ts';

const host = createPluginHost();
await host.use(lengthPlugin({ digits: 2 }));

// A scripted model stands in for a real one here, so that the example runs without a network.
const model = createMockModel([
  { toolCalls: [{ toolName: 'convert_length', input: { value: 26.2, from: 'mi', to: 'km' } }] },
  'A marathon is 42.16 km long.',
]);

const surveyor = createAgent({
  name: 'surveyor',
  description: 'Converts lengths.',
  model,
  tools: [await host.resolve('tool', 'convert_length')],
});

const events: RunEvent[] = [];
for await (const event of surveyor.run({
  messages: [userMessage('How long is a marathon in km?')],
})) {
  events.push(event);
  if (event.type === 'tool-result') console.log('tool:', event.output);
  if (event.type === 'text-delta') console.log('answer:', event.text);
}
await host.dispose();

const result = events.find((event) => event.type === 'tool-result');
assert.deepEqual(result?.output, { value: 42.16, unit: 'km' });
assert.equal(events.at(-1)?.type, 'run-finished');
