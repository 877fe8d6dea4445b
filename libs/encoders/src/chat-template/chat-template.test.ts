import { readFileSync } from 'node:fs';
import type { JsonObject } from '@espalier/core';
import { describe, expect, it } from 'vitest';
import type { RenderedChat } from './chat-template.js';
import { createChatTemplate } from './create-chat-template.js';

interface ChatCase extends Partial<RenderedChat> {
  readonly template: string;
  readonly chat: string;
  readonly prompt: boolean;
  readonly error?: string;
}
interface ChatFixtures {
  readonly tokens: Record<string, string>;
  readonly templates: Record<string, string>;
  readonly chats: Record<string, JsonObject>;
  readonly cases: readonly ChatCase[];
}

const { tokens, templates, chats, cases } = JSON.parse(
  readFileSync(new URL('../__fixtures__/chats.json', import.meta.url), 'utf8'),
) as ChatFixtures;

describe('createChatTemplate', () => {
  it.each(cases)(
    'renders $template for $chat (prompt: $prompt) as transformers does',
    (expected) => {
      const template = createChatTemplate({
        source: templates[expected.template] ?? '',
        specialTokens: tokens,
      });
      const { messages, tools, ...variables } = chats[expected.chat] as {
        messages: JsonObject[];
        tools?: JsonObject[];
      };
      const chat = {
        messages,
        ...(tools === undefined ? {} : { tools }),
        variables,
        addsGenerationPrompt: expected.prompt,
      };
      if (expected.error !== undefined)
        expect(() => template.render(chat)).toThrow(
          expect.objectContaining({ code: 'ERR_ENCODERS_CHAT_TEMPLATE' }),
        );
      else
        expect(template.render(chat)).toEqual({
          text: expected.text,
          generated: expected.generated,
        });
    },
  );
});

const render = (source: string, variables: JsonObject = {}): string =>
  createChatTemplate({ source, now: () => new Date(2024, 6, 4, 15, 5) }).render({
    messages: [],
    variables,
  }).text;

describe('a template', () => {
  it('counts, cuts and prints as Python does', () => {
    expect(
      render(
        "{{ '👋é'|length }} {{ '👋é'[0] }} {{ [1.0, 2.5, 100000000000000000000.0, 'a\\'b'] }} {{ 7 / 2 }}",
      ),
    ).toBe(`2 👋 [1.0, 2.5, 1e+20, "a'b"] 3.5`);
    expect(
      render("{{ -7 // 2 }} {{ -7 % 3 }} {{ (1, 2) }} {{ true and none }} {{ {'a': x} }}"),
    ).toBe("-4 2 (1, 2) None {'a': Undefined}");
    expect(
      render("{{ 'a b  c'.split() }} {{ 'a,b,c'.rsplit(',', 1) }} {{ 'x'.join(['1', '2']) }}"),
    ).toBe("['a', 'b', 'c'] ['a,b', 'c'] 1x2");
  });

  it('tells the time that it is given', () => {
    expect(render("{{ strftime_now('%d %b %Y, %I:%M %p %-d %q') }}")).toBe(
      '04 Jul 2024, 03:05 PM 4 %q',
    );
  });

  it('is empty where something is missing, and fails where more is asked of it', () => {
    expect(render('[{{ missing }}{{ missing|trim }}{% for x in missing %}x{% endfor %}]')).toBe(
      '[]',
    );
    for (const source of [
      '{{ missing.more }}',
      "{{ missing + 'x' }}",
      '{{ none + 1 }}',
      '{{ 1 / 0 }}',
      '{{ range(1000000) }}',
      "{{ 'x' * 100000000 }}",
      '{{ [].append(1) }}',
      "{{ ''.__class__.__mro__ }}",
      '{% set messages.x = 1 %}',
      '{{ 1 | nothing }}',
      '{{ 1 is nothing }}',
      "{{ raise_exception('no') }}",
    ])
      expect(() => render(source), source).toThrow(
        expect.objectContaining({ code: 'ERR_ENCODERS_CHAT_TEMPLATE' }),
      );
  });

  it('reaches nothing of the program that runs it', () => {
    for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty'])
      expect(
        render(`{{ ''.${name} }}{{ {}.${name} }}{{ [].${name} }}{{ x.${name} }}`, { x: {} }),
      ).toBe('');
  });

  it('is refused when it cannot be parsed', () => {
    expect(() => createChatTemplate({ source: '{% if x %}' })).toThrow(
      expect.objectContaining({ code: 'ERR_ENCODERS_CHAT_TEMPLATE' }),
    );
  });
});
