import { expect, it } from 'vitest';
import { createProgressBar } from './progress-bar.js';

function draw(isTerminal: boolean) {
  let err = '';
  const bar = createProgressBar({
    environment: {},
    directory: '.',
    isTerminal,
    out: () => undefined,
    err: (text) => (err += text),
    abortSignal: new AbortController().signal,
    endAtNextSignal: () => undefined,
  });
  return { bar, written: () => err };
}

it('a bar is drawn over itself on a terminal, and wiped away at its end', () => {
  const { bar, written } = draw(true);
  bar.update({ label: 'a.md', done: 1, total: 4 });
  expect(written()).toBe(`\r\u001b[K${'█'.repeat(7)}${'░'.repeat(21)} 25%  a.md`);
  bar.update({ label: 'd.md', done: 9, total: 4 });
  expect(written()).toContain(`${'█'.repeat(28)} 100%  d.md`);
  bar.end();
  expect(written().endsWith('\r\u001b[K')).toBe(true);
});

it('a bar of nothing is empty, and what is no terminal gets none', () => {
  const empty = draw(true);
  empty.bar.update({ label: 'none', done: 0, total: 0 });
  expect(empty.written()).toContain(' 0%  none');
  const piped = draw(false);
  piped.bar.update({ label: 'a.md', done: 1, total: 4 });
  piped.bar.end();
  expect(piped.written()).toBe('');
});
