import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { checkConceptPages } from './concept-pages.mjs';
import { checkConfigurationReference } from './configuration-reference.mjs';
import { checkErrorCatalogue } from './error-catalogue.mjs';
import { checkManifests } from './manifests.mjs';
import { checkMarkdownLinks } from './markdown-links.mjs';
import { checkSnippets } from './snippets.mjs';

/** Calls `check` with a folder that holds these files. */
function withFiles(files, check) {
  const root = mkdtempSync(join(tmpdir(), 'espalier-checks-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(
        join(root, path),
        typeof content === 'string' ? content : JSON.stringify(content),
      );
    }
    return check(root);
  } finally {
    rmSync(root, { recursive: true });
  }
}

test('an error code is missed on either side of the catalogue', () => {
  const files = {
    'libs/a/src/errors.ts': `export const a = 'ERR_A_KNOWN'; const b = 'ERR_A_NEW';`,
    'libs/a/src/load.ts': `if (error.code === 'ERR_MODULE_NOT_FOUND') return;`,
    'libs/a/src/a.test.ts': `const c = 'ERR_A_ONLY_IN_TEST';`,
    'docs/reference/errors.md': '`ERR_A_KNOWN` and `ERR_A_GONE`',
  };
  assert.deepEqual(withFiles(files, checkErrorCatalogue), [
    'ERR_A_NEW (libs/a/src/errors.ts) is missing from docs/reference/errors.md.',
    'docs/reference/errors.md lists ERR_A_GONE, which no source file holds.',
  ]);
});

test('the beginning of a code that errors are sorted by is no code', () => {
  const files = {
    'libs/a/src/sort.ts': `if (code.startsWith('ERR_A_')) return error.code.startsWith("ERR_A");`,
    'docs/reference/errors.md': '',
  };
  assert.deepEqual(withFiles(files, checkErrorCatalogue), []);
});

test('a field of the configuration is missed on either side of its reference', () => {
  const files = {
    'apps/reference-server/src/config/config-schema.ts': `
      const base = { id: idSchema, price: z.strictObject({ usd: z.number() }).optional() };
      const kinds = z.discriminatedUnion('kind', [
        z.strictObject({ ...base, kind: z.literal('a') }),
        z.strictObject({ ...base, kind: z.literal('b'), onlyB: z.url() }),
      ]);
      export const configSchema = z.strictObject({
        list: z.array(kinds).default([]),
        plain: z.array(z.string()).default([]),
        either: z.union([z.boolean(), z.strictObject({ inner: z.string() })]),
      });`,
    'docs/reference/configuration.md': [
      '| field | effect |',
      ...['list', 'list[].id', 'list[].kind', 'list[].price.usd', 'plain', 'either', 'gone'].map(
        (name) => `| \`${name}\` | … |`,
      ),
    ].join('\n'),
  };
  assert.deepEqual(
    withFiles(files, checkConfigurationReference).map((problem) => problem.split(' ').slice(0, 3)),
    [
      ['list[].onlyB', '(apps/reference-server/src/config/config-schema.ts)', 'is'],
      ['either.inner', '(apps/reference-server/src/config/config-schema.ts)', 'is'],
      ['docs/reference/configuration.md', 'describes', 'gone,'],
    ],
  );
});

test('a port without a concept page and a page that no list holds are found', () => {
  const port = "export interface A {\n  readonly specificationVersion: 'v1';\n}";
  const files = {
    'libs/core/src/a.ts': port,
    'libs/core/src/b.ts': port,
    'libs/core/src/value.ts': 'export interface Value {}',
    'docs/concepts/README.md': '[A](a.md)',
    'docs/concepts/a.md': 'Defined in [`a.ts`](../../libs/core/src/a.ts).',
    'docs/concepts/c.md': 'Nobody knows me.',
  };
  assert.deepEqual(withFiles(files, checkConceptPages), [
    'libs/core/src/b.ts holds a port that no page in docs/concepts links to.',
    'docs/concepts/c.md is in no list: docs/concepts/README.md must link to it.',
  ]);
});

test('a relative link must lead to a file and, with an anchor, to a heading', () => {
  const files = {
    'docs/a.md': [
      '# First page',
      '[ok](b.md#two-words) [ok](#first-page) [web](https://example.org/x) `[code](no.md)`',
      '[gone](c.md) [lost](b.md#three)',
      '```md\n[in a fence](d.md)\n```',
    ].join('\n'),
    'docs/b.md': '# Two words\n',
  };
  assert.deepEqual(withFiles(files, checkMarkdownLinks), [
    'docs/a.md: c.md leads to no file.',
    'docs/a.md: b.md#three leads to no heading.',
  ]);
});

const SNIPPET_PAGE = '<!-- snippet: examples/x.ts#ask -->\n\n```ts\nold();\n```\n';
const SNIPPET_SOURCE =
  'before();\n  // #region ask\n  ask(() => {\n    now();\n  });\n  // #endregion ask\n';

test('a snippet that differs from its source is found, and writing mends it', () => {
  withFiles({ 'docs/a.md': SNIPPET_PAGE, 'examples/x.ts': SNIPPET_SOURCE }, (root) => {
    assert.equal(checkSnippets(root).length, 1);
    assert.deepEqual(checkSnippets(root, true), []);
    assert.match(
      readFileSync(join(root, 'docs/a.md'), 'utf8'),
      /```ts\nask\(\(\) => \{\n {2}now\(\);\n\}\);\n```/,
    );
    assert.deepEqual(checkSnippets(root), []);
  });
});

test('a snippet without its file or region is found', () => {
  assert.match(withFiles({ 'a.md': SNIPPET_PAGE }, checkSnippets)[0] ?? '', /does not exist/);
  const files = { 'a.md': SNIPPET_PAGE, 'examples/x.ts': 'nothing' };
  assert.match(withFiles(files, checkSnippets)[0] ?? '', /no region "ask"/);
});

test('manifests: addresses, ranges, needed install scripts and unannounced packages are found', () => {
  const files = {
    'package.json': {
      allowScripts: { denied: false },
      devDependencies: { a: '1.0.0', b: '^1.0.0' },
    },
    'package-lock.json': {
      packages: {
        'node_modules/a': { version: '1.0.0', resolved: 'https://registry.example/a.tgz' },
        'node_modules/native': { version: '1.0.0', hasInstallScript: true },
        'node_modules/denied': { version: '1.0.0', hasInstallScript: true },
        'node_modules/tool': { version: '1.0.0', hasInstallScript: true, dev: true },
        'node_modules/@x/linked': { resolved: 'libs/linked', link: true },
      },
    },
    '.changeset/first.md': "---\n'@x/announced': minor\n---\n",
    'libs/announced/package.json': { name: '@x/announced', version: '0.0.0' },
    'libs/silent/package.json': { name: '@x/silent', version: '0.0.0' },
    'libs/models/private/package.json': { name: '@x/private', version: '0.0.0', private: true },
  };
  assert.deepEqual(withFiles(files, checkManifests), [
    'package-lock.json: node_modules/a has a resolved address; see .npmrc.',
    '.: devDependencies.b is "^1.0.0", not exact.',
    'native ships and has an install script that allowScripts does not deny.',
    '@x/silent was never released and no changeset names it.',
  ]);
});
