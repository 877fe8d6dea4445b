import { describe, expect, it } from 'vitest';
import { createToolCallReader } from './tool-call-reader.js';

const TOOLS = ['weather', 'clock'];

/** The pieces of an answer that comes `size` characters at a time, texts joined. */
function read(answer: string, size = answer.length): unknown[] {
  const reader = createToolCallReader(TOOLS);
  const pieces = [];
  for (let at = 0; at < answer.length; at += size)
    pieces.push(...reader.add(answer.slice(at, at + size)));
  pieces.push(...reader.end());
  const joined: unknown[] = [];
  let text = '';
  for (const piece of pieces) {
    if (piece.type === 'text') text += piece.text;
    else {
      if (text !== '') joined.push(text);
      text = '';
      joined.push([piece.name, piece.input]);
    }
  }
  return text === '' ? joined : [...joined, text];
}

const call = (city: string) => ['weather', { city }];

describe('a reader of tool calls', () => {
  it.each([
    [
      'Hermes and Qwen',
      'Let me look.\n<tool_call>\n{"name": "weather", "arguments": {"city": "Bonn"}}\n</tool_call>\n<tool_call>{"name":"clock","arguments":{}}</tool_call>',
      ['Let me look.\n', call('Bonn'), ['clock', {}]],
    ],
    ['Llama 3 alone', '\n\n{"name": "weather", "parameters": {"city": "Bonn"}}', [call('Bonn')]],
    [
      'Llama 3 after its tag',
      '<|python_tag|>{"name": "weather", "parameters": {"city": "Bonn"}}; {"name": "weather", "parameters": {"city": "Köln"}}',
      [call('Bonn'), call('Köln')],
    ],
    [
      'Mistral',
      '[TOOL_CALLS] [{"name": "weather", "arguments": {"city": "Bonn"}}, {"name": "clock", "arguments": {}}]',
      [call('Bonn'), ['clock', {}]],
    ],
    [
      'Mistral whose mark the tokenizer leaves out',
      '[{"name": "weather", "arguments": {"city": "Bonn"}}]',
      [call('Bonn')],
    ],
    [
      'arguments as a text',
      '<tool_call>{"name": "weather", "arguments": "{\\"city\\": \\"Bonn\\"}"}</tool_call>',
      [call('Bonn')],
    ],
  ])('finds calls in the form of %s, however they are cut', (_, answer, expected) => {
    for (const size of [answer.length, 1, 2, 7]) expect(read(answer, size)).toEqual(expected);
  });

  it.each([
    ['an unknown tool', '<tool_call>{"name": "rm", "arguments": {}}</tool_call> done'],
    ['no JSON', '<tool_call>weather(Bonn)</tool_call>'],
    ['a call that is cut off', '<tool_call>{"name": "weather", "argum'],
    ['JSON that is no call', '{"answer": 42}'],
    ['a list', '[1, 2, 3]'],
    ['marks that go on otherwise', 'a < b, <tool_box>, [TOOLS]'],
    ['JSON in the middle', 'See {"name": "weather", "arguments": {}}.'],
    ['text', 'It is 12 °C in Bonn.'],
    ['space', ' \n'],
  ])('leaves %s as text', (_, answer) => {
    for (const size of [answer.length, 1, 3]) expect(read(answer, size)).toEqual([answer]);
  });

  it('gives text at once unless it may become a call', () => {
    const reader = createToolCallReader(TOOLS);
    expect(reader.add('Yes, <to')).toEqual([{ type: 'text', text: 'Yes, ' }]);
    expect(reader.add('day>')).toEqual([{ type: 'text', text: '<today>' }]);
  });
});
