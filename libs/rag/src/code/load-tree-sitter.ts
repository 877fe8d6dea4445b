import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Language, Node, Parser } from '@vscode/tree-sitter-wasm';
import { CodeParserMissingError } from '../errors.js';
import type { CodeLanguage } from './code-language.js';
import { nestDeclarations, type FlatDeclaration } from './declaration.js';
import { extendUpward } from './internal/extend-upward.js';
import { outlineCode, type OutlineCode } from './outline-code.js';

/** By name, so that bundlers of applications leave it out: its grammars are files beside it. */
const PACKAGE: string = '@vscode/tree-sitter-wasm';

type TreeSitter = typeof import('@vscode/tree-sitter-wasm');

/** The grammar of each language; C is read as C++. Kotlin, Scala and Swift have none here. */
const GRAMMARS: Partial<Readonly<Record<CodeLanguage, string>>> = {
  bash: 'bash',
  c: 'cpp',
  cpp: 'cpp',
  csharp: 'c-sharp',
  go: 'go',
  java: 'java',
  javascript: 'javascript',
  php: 'php',
  python: 'python',
  ruby: 'ruby',
  rust: 'rust',
  tsx: 'tsx',
  typescript: 'typescript',
};
const DECLARES =
  /^(?:(?:abstract_)?class|interface|enum|record|struct|trait|union|module|namespace|singleton_method|method|constructor|function|generator_function)(?:_definition|_declaration|_specifier|_item)?$|^(?:impl_item|mod_item|internal_module|type_declaration|file_scoped_namespace_declaration|constructor_declaration|object_declaration)$/u;
/** Nodes that hold a declaration and are one with it. */
const WRAPS = /^(?:export_statement|decorated_definition|template_declaration|attribute_item)$/u;
/** A larger text is outlined without the grammar, whose trees take many times its size. */
const MAX_CHARACTERS = 4_000_000;

/** Languages that have a grammar in `@vscode/tree-sitter-wasm`. */
export const TREE_SITTER_LANGUAGES = Object.keys(GRAMMARS) as readonly CodeLanguage[];

/**
 * Loads the grammars of some languages (package `@vscode/tree-sitter-wasm`, an optional peer) and returns an outline that
 * uses them, and the built-in one for every other language and for texts that a grammar cannot read.
 *
 * @throws {CodeParserMissingError} `ERR_RAG_CODE_PARSER_MISSING`: the package is not installed, or has no such grammar.
 */
export async function loadTreeSitter(languages: readonly CodeLanguage[]): Promise<OutlineCode> {
  const { treeSitter, folder } = await loadPackage();
  const grammars = new Map<CodeLanguage, Language>();
  for (const language of languages) {
    const name = GRAMMARS[language];
    if (name === undefined)
      throw new CodeParserMissingError({ problem: `it has no grammar of "${language}"` });
    grammars.set(
      language,
      await treeSitter.Language.load(join(folder, `tree-sitter-${name}.wasm`)),
    );
  }
  const parser = new treeSitter.Parser();
  return (text, language) => {
    const grammar = grammars.get(language);
    if (grammar === undefined || text.length > MAX_CHARACTERS) return outlineCode(text, language);
    return outlineWith(parser, grammar, text) ?? outlineCode(text, language);
  };
}

async function loadPackage(): Promise<{ treeSitter: TreeSitter; folder: string }> {
  try {
    const entry = createRequire(import.meta.url).resolve(PACKAGE);
    const loaded = (await import(PACKAGE)) as TreeSitter & {
      default?: TreeSitter;
    };
    const treeSitter = loaded.default ?? loaded;
    const folder = dirname(entry);
    await treeSitter.Parser.init({ locateFile: (file: string) => join(folder, file) });
    return { treeSitter, folder };
  } catch (cause) {
    throw new CodeParserMissingError({ problem: 'it is not installed or does not load', cause });
  }
}

function outlineWith(
  parser: Parser,
  grammar: Language,
  text: string,
): ReturnType<OutlineCode> | undefined {
  parser.setLanguage(grammar);
  const tree = parser.parse(text);
  if (tree === null) return undefined;
  try {
    const found: FlatDeclaration[] = [];
    // A stack of its own: code can nest deeper than calls may.
    const pending: { node: Node; start: number }[] = [
      { node: tree.rootNode, start: tree.rootNode.startIndex },
    ];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { node, start } = next;
      const name = nameOf(node);
      if (name !== undefined)
        found.push({ name, start: extendUpward(text, start, 0), end: node.endIndex });
      const isWrapper = WRAPS.test(node.type);
      for (const child of node.namedChildren) {
        if (child !== null)
          pending.push({ node: child, start: isWrapper ? start : child.startIndex });
      }
    }
    found.sort((a, b) => a.start - b.start || b.end - a.end);
    return nestDeclarations(found);
  } finally {
    tree.delete();
  }
}

/** The name of what a node declares; undefined where it declares nothing. */
function nameOf(node: Node): string | undefined {
  if (node.type === 'impl_item') {
    const type = node.childForFieldName('type')?.text ?? '';
    const trait = node.childForFieldName('trait')?.text;
    return trait === undefined ? `impl ${type}` : `impl ${trait} for ${type}`;
  }
  if (node.type === 'variable_declarator') {
    const value = node.childForFieldName('value')?.type ?? '';
    const isFunction = value === 'arrow_function' || value.startsWith('function');
    return isFunction ? node.childForFieldName('name')?.text : undefined;
  }
  if (!DECLARES.test(node.type)) return undefined;
  // `struct point p;` names a type and declares none.
  if (node.type.endsWith('_specifier') && node.childForFieldName('body') === null) return undefined;
  if (node.type === 'method_declaration') {
    const receiver = node.childForFieldName('receiver')?.text;
    const type = /([\p{L}_]\w*)\s*(?:\[[^\]]*\])?\s*\)$/u.exec(receiver ?? '')?.[1];
    const name = node.childForFieldName('name')?.text;
    return type === undefined || name === undefined ? name : `${type}.${name}`;
  }
  const named = node.childForFieldName('name') ?? declaredName(node);
  return named?.text;
}

/** The name inside of a C or C++ declarator, or of a Go type. */
function declaredName(node: Node): Node | null {
  let current = node.childForFieldName('declarator') ?? node.namedChildren[0] ?? null;
  if (node.type === 'type_declaration') return current?.childForFieldName('name') ?? null;
  while (current !== null) {
    const inner: Node | null = current.childForFieldName('declarator');
    if (inner === null)
      return /identifier|operator_name|destructor_name/u.test(current.type) ? current : null;
    current = inner;
  }
  return null;
}
