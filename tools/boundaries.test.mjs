// Proves that ESLint refuses what the layers forbid: for each pair of layers, an import of a real
// package of the one layer is written into a real file of a package of the other.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createProjectGraphAsync } from '@nx/devkit';
import { ESLint } from 'eslint';
import { sourceFiles } from '../scripts/checks/source-files.mjs';

/** What may import what, written down a second time and independently of the rule. */
const ALLOWED = {
  contract: ['contract'],
  foundation: ['contract', 'foundation'],
  feature: ['contract', 'foundation'],
  client: ['contract'],
  app: ['contract', 'foundation', 'feature', 'client', 'app'],
  test: ['contract', 'foundation', 'test'],
  example: ['contract', 'foundation', 'feature', 'client', 'app', 'test'],
};
const LAYERS = Object.keys(ALLOWED);

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
const graph = await createProjectGraphAsync({ exitOnError: false });
const projects = Object.values(graph.nodes).map(({ data }) => {
  const manifest = JSON.parse(readFileSync(join(root, data.root, 'package.json'), 'utf8'));
  const tags = manifest.nx?.tags ?? [];
  const isSource = (name) => name.endsWith('.ts') && !/\.(test|d)\.ts$/.test(name);
  return {
    name: manifest.name,
    isImportable: manifest.exports !== undefined,
    folder: data.root,
    layers: tags.filter((tag) => tag.startsWith('layer:')).map((tag) => tag.slice(6)),
    file: sourceFiles(root, `${data.root}/src`, isSource)[0],
    testFile: sourceFiles(root, `${data.root}/src`, (name) => name.endsWith('.test.ts'))[0],
  };
});
const ofLayer = (layer) => projects.filter(({ layers }) => layers[0] === layer);
const eslint = new ESLint({ cwd: root });

/** The complaints of the boundary rule about one import written into the file. */
async function complaints(file, imported) {
  const code = `import * as other from '${imported}';\nexport const same = other;\n`;
  const [result] = await eslint.lintText(code, { filePath: join(root, file) });
  const messages = result?.messages ?? [];
  const fatal = messages.find((message) => message.fatal);
  assert.equal(fatal, undefined, fatal?.message);
  return messages
    .filter(({ ruleId }) => ruleId === '@nx/enforce-module-boundaries')
    .map(({ message }) => message);
}

for (const from of LAYERS) {
  for (const to of LAYERS) {
    const importer = ofLayer(from).find(({ file }) => file !== undefined);
    const imported = ofLayer(to).find(
      ({ name, isImportable }) => isImportable && name !== importer?.name,
    );
    if (importer === undefined || imported === undefined) continue;

    if (ALLOWED[from].includes(to)) {
      test(`${from} may import ${to}`, async () => {
        const found = await complaints(importer.file, imported.name);
        // The written import may close a circle of packages, say; that is another complaint.
        const aboutLayers = found.filter((message) => message.includes('tagged with'));
        assert.deepEqual(aboutLayers, []);
      });
    } else {
      test(`${from} may not import ${to}`, async () => {
        const found = await complaints(importer.file, imported.name);
        assert.notDeepEqual(found, [], `${importer.file} may import ${imported.name}`);
      });
    }
  }
}

test('a test may import the test layer', async () => {
  const testing = ofLayer('test')[0];
  const feature = ofLayer('feature').find(({ testFile }) => testFile !== undefined);
  assert.deepEqual(await complaints(feature?.testFile, testing?.name), []);
});

test('every package belongs to exactly one layer', () => {
  for (const { folder, layers } of projects) {
    assert.equal(layers.length, 1, `${folder}/package.json needs one layer tag in nx.tags`);
    assert.ok(LAYERS.includes(layers[0]), `${folder}: there is no layer "${layers[0]}"`);
  }
});
