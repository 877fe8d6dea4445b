import { describe, expect, it } from 'vitest';
import { documentName } from './document-name.js';

describe('documentName', () => {
  it.each([
    ['guides/start.md', 'guides/start.md'],
    ['./guides//start.md', 'guides/start.md'],
    ['guides\\start.md', 'guides/start.md'],
    ['..hidden/a...md', '..hidden/a...md'],
    ['https://example.org/a/b?c=d#e', 'https://example.org/a/b?c=d#e'],
    ['Grüße 漢字.txt', 'Grüße 漢字.txt'],
  ])('takes %s', (source, expected) => {
    expect(documentName(source)).toBe(expected);
  });

  it.each([
    '../secret',
    'a/../../secret',
    'a\\..\\secret',
    '..',
    'a/%2e%2e/b',
    '%2E%2E%2Fsecret',
    'https://example.org/../x',
    '/etc/passwd',
    'C:\\windows',
    'c:secret',
    '\\\\server\\share',
    'nul\0byte.md',
    'line\nbreak.md',
    '',
    '  ',
    './',
    'half \ud800',
    'x'.repeat(1025),
    42,
  ])('refuses %j', (source) => {
    expect(() => documentName(source)).toThrow(
      expect.objectContaining({ code: 'ERR_RAG_DOCUMENT_NAME' }),
    );
  });
});
