import { cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, describe, expect, it } from 'vitest';
import { ANSWER, CITATIONS } from '../../__fixtures__/sample-run.js';
import type { Citation } from '../../runs/run-view.js';
import { AnswerText } from './answer-text.js';

afterEach(cleanup);

const ignore = (): void => undefined;

describe('the text of an answer', () => {
  it('shows its citations as buttons that open what they cite', async () => {
    const opened: Citation[] = [];
    render(
      <AnswerText
        text={ANSWER}
        citations={CITATIONS}
        isStreaming={false}
        onOpen={(citation) => opened.push(citation)}
      />,
    );
    const chips = screen.getAllByRole('button');
    expect(chips.map((chip) => chip.textContent)).toEqual(['1', '2', '1']);
    expect(chips[1]?.getAttribute('aria-label')).toBe(
      'Source 2: docs/guides/writing-a-plugin.md, line 18',
    );
    for (const chip of chips) await userEvent.click(chip);
    expect(opened).toEqual(CITATIONS);
  });

  it('keeps the same chip while more of the answer arrives', () => {
    const view = (text: string) => (
      <AnswerText text={text} citations={CITATIONS} isStreaming onOpen={() => undefined} />
    );
    const { rerender } = render(view(ANSWER.slice(0, 70)));
    const before = screen.getAllByRole('button')[0];
    rerender(view(ANSWER));
    expect(screen.getAllByRole('button')[0]).toBe(before);
  });

  it('makes the browser load nothing and run nothing', () => {
    const text =
      '<img src=x onerror=alert(1)> <script>alert(1)</script> ![pixel](https://evil.example/p.png) [go](javascript:alert(1)) [out](https://example.com) [file](../other.md)';
    const { container } = render(
      <AnswerText text={text} citations={[]} isStreaming={false} onOpen={ignore} />,
    );
    expect(container.querySelectorAll('img, script, iframe')).toHaveLength(0);
    expect(container.textContent).toContain('[image: pixel]');
    const [go, out] = screen.getAllByText(/^(?:go|out)$/u);
    expect(go?.getAttribute('href') ?? '').not.toContain('javascript');
    expect(screen.getByText('file').closest('a')).toBeNull();
    expect(out?.getAttribute('rel')).toBe('noopener noreferrer nofollow');
  });

  it('leaves numbers in brackets alone when they cite nothing, and in code always', () => {
    const { container } = render(
      <AnswerText
        text={'An array [3] and `a[1]`.'}
        citations={CITATIONS}
        isStreaming={false}
        onOpen={ignore}
      />,
    );
    expect(container.textContent?.trim()).toBe('An array [3] and a[1].');
    expect(screen.queryAllByRole('button')).toHaveLength(0);
  });
});
