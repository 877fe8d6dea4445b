import { readFileSync } from 'node:fs';
import type { JsonObject } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import { createChatTemplate } from './create-chat-template.js';
import { parseChatJson } from './parse-chat-json.js';

const { variables, cases } = JSON.parse(
  readFileSync(new URL('../__fixtures__/jinja.json', import.meta.url), 'utf8'),
) as {
  readonly variables: string;
  readonly cases: readonly { expression: string; text?: string; error?: string }[];
};

describe('expressions of templates', () => {
  it.each(cases)('give what Python gives: $expression', ({ expression, text }) => {
    const render = (): string =>
      createChatTemplate({ source: `{{ ${expression} }}` }).render({
        messages: [],
        variables: parseChatJson(variables) as JsonObject,
      }).text;
    if (text === undefined) expect(render).toThrow();
    else expect(render()).toBe(text);
  });
});
