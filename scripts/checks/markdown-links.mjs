import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sourceFiles } from './source-files.mjs';

/** Fenced and inline code holds examples, not links. */
const withoutCode = (text) =>
  text.replace(/^( *)(```|~~~)[^\n]*\n[\s\S]*?^\1?\2/gm, '').replace(/`[^`\n]*`/g, '');

/** The anchors GitHub gives to the headings of a page. */
function anchorsOf(text) {
  const seen = new Map();
  const anchors = new Set();
  const prose = text.replace(/^( *)(```|~~~)[^\n]*\n[\s\S]*?^\1?\2/gm, '');
  for (const [, heading] of prose.matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const base = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
      .replace(/ /g, '-');
    const count = seen.get(base) ?? 0;
    seen.set(base, count + 1);
    anchors.add(count === 0 ? base : `${base}-${count}`);
  }
  for (const [, name] of text.matchAll(/<a (?:id|name)="([^"]+)"/g)) anchors.add(name);
  return anchors;
}

/**
 * Returns the relative links in Markdown files that lead to no file or to no heading.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function checkMarkdownLinks(root) {
  const problems = [];
  for (const path of sourceFiles(root, '', (name) => name.endsWith('.md'))) {
    const text = readFileSync(join(root, path), 'utf8');
    const prose = withoutCode(text);
    const links = [
      ...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g),
      ...prose.matchAll(/^\[[^\]]+\]:\s*<?(\S+?)>?\s*$/gm),
    ];
    for (const [, link] of links) {
      if (/^([a-z][a-z0-9+.-]*:|\/\/)/i.test(link)) continue;
      const [file = '', anchor] = decodeURI(link).split('#');
      // The API reference is generated.
      if (join(dirname(path), file).startsWith('docs/reference/api')) continue;
      const target = file === '' ? path : join(dirname(path), file);
      if (!existsSync(join(root, target))) {
        problems.push(`${path}: ${link} leads to no file.`);
      } else if (anchor && target.endsWith('.md')) {
        const anchors = anchorsOf(readFileSync(join(root, target), 'utf8'));
        if (!anchors.has(anchor)) problems.push(`${path}: ${link} leads to no heading.`);
      }
    }
  }
  return problems;
}
