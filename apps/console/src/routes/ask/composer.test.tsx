import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import { Composer } from './composer.js';
import type { AskChoices } from './use-ask-choices.js';

afterEach(cleanup);

const ignore = (): void => undefined;
const choices = (selection: AskChoices['selection']): AskChoices => ({
  agents: [],
  models: [],
  knowledgeBases: [],
  agent: undefined,
  model: undefined,
  knowledgeBase: undefined,
  selection,
  isLoading: selection === undefined,
  error: undefined,
  retry: ignore,
  chooseAgent: ignore,
  chooseModel: ignore,
  chooseKnowledgeBase: ignore,
});
const loading = choices(undefined);
const loaded = choices({ agent: 'guide', model: 'extractive', knowledgeBase: 'docs' });

/** The composer before its choices are loaded, and what was asked. */
function setUp() {
  const asked: string[] = [];
  const view = (given: AskChoices) => (
    <Composer
      choices={given}
      isBusy={false}
      isFirst
      onAsk={(question) => asked.push(question)}
      onStop={ignore}
    />
  );
  const { rerender } = render(view(loading));
  const load = (): void => rerender(view(loaded));
  return { asked, load };
}

describe('a question', () => {
  it('that is sent before the choices are loaded is asked once they are', async () => {
    const { asked, load } = setUp();
    await userEvent.type(screen.getByLabelText('Your question'), 'When do I prune?{Enter}');
    expect(asked).toEqual([]);
    load();
    expect(asked).toEqual(['When do I prune?']);
    load();
    expect(asked).toHaveLength(1);
  });

  it('that is changed meanwhile waits for its person', async () => {
    const { asked, load } = setUp();
    await userEvent.type(screen.getByLabelText('Your question'), 'When?{Enter} And how');
    load();
    expect(asked).toEqual([]);
    await userEvent.click(screen.getByRole('button', { name: 'Ask' }));
    expect(asked).toEqual(['When? And how']);
  });
});
