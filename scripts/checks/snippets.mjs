// The code in the documentation comes from files that are run or type-checked:
//   <!-- snippet: examples/quick-start/src/main.ts#ask -->
//   ```ts
//   … the lines between `// #region ask` and `// #endregion ask`, or the whole file …
//   ```
// `node scripts/checks/snippets.mjs --write` brings the pages up to date.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sourceFiles } from './source-files.mjs';

const SNIPPET = /(<!-- snippet: (\S+?)(?:#(\S+))? -->\n+)(```\w*\n)([\s\S]*?)(^```$)/gm;

/** Returns the text a snippet stands for, or throws with a sentence. */
function sourceOf(root, file, region) {
  if (!existsSync(join(root, file))) throw new Error(`${file} does not exist`);
  const text = readFileSync(join(root, file), 'utf8');
  if (region === undefined) return text;
  const lines = text.split('\n');
  const start = lines.findIndex((line) => /#region (\S+)/.exec(line)?.[1] === region);
  const end = lines.findIndex((line) => /#endregion (\S+)/.exec(line)?.[1] === region);
  if (start === -1 || end < start) throw new Error(`${file} has no region "${region}"`);
  const body = lines.slice(start + 1, end).filter((line) => !/#(end)?region\b/.test(line));
  const indent = Math.min(
    ...body.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)),
  );
  return `${body.map((line) => line.slice(Math.min(indent, line.length))).join('\n')}\n`;
}

/**
 * Returns the snippets that differ from their source; with `isWriting`, updates the pages instead.
 *
 * @param {string} root
 * @param {boolean} [isWriting]
 * @returns {string[]}
 */
export function checkSnippets(root, isWriting = false) {
  const problems = [];
  for (const path of sourceFiles(root, '', (name) => name.endsWith('.md'))) {
    const text = readFileSync(join(root, path), 'utf8');
    const updated = text.replace(SNIPPET, (whole, comment, file, region, open, body, close) => {
      const name = region === undefined ? file : `${file}#${region}`;
      try {
        const source = sourceOf(root, file, region);
        if (body !== source && !isWriting) {
          problems.push(
            `${path}: the snippet ${name} differs from its source; run \`node scripts/checks/snippets.mjs --write\`.`,
          );
        }
        return `${comment}${open}${source}${close}`;
      } catch (error) {
        problems.push(`${path}: snippet ${name}: ${error.message}.`);
        return whole;
      }
    });
    if (isWriting && updated !== text) writeFileSync(join(root, path), updated);
  }
  return problems;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  const problems = checkSnippets(root, process.argv.includes('--write'));
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
