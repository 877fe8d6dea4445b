import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const SCHEMA = 'apps/reference-server/src/config/config-schema.ts';
const PAGE = 'docs/reference/configuration.md';

/**
 * Returns the fields that the configuration reference and the schema of the configuration do not agree on.
 *
 * @param {string} root
 * @returns {string[]}
 */
export function checkConfigurationReference(root) {
  if (!existsSync(join(root, SCHEMA))) return [];
  if (!existsSync(join(root, PAGE))) return [`${PAGE} does not exist.`];
  const { fields, groups } = schemaFields(readFileSync(join(root, SCHEMA), 'utf8'));
  const documented = new Set(
    Array.from(
      readFileSync(join(root, PAGE), 'utf8').matchAll(/^\| *`([^`]+)` *\|/gm),
      ([, name]) => name,
    ),
  );
  return [
    ...[...fields]
      .filter((name) => !documented.has(name))
      .map((name) => `${name} (${SCHEMA}) is missing from ${PAGE}.`),
    ...[...documented]
      .filter((name) => !fields.has(name) && !groups.has(name))
      .map((name) => `${PAGE} describes ${name}, which the schema does not have.`),
  ];
}

/** The paths of `configSchema`, read from its source: fields that hold a value, and groups that hold fields. */
function schemaFields(text) {
  const source = ts.createSourceFile(SCHEMA, text, ts.ScriptTarget.Latest);
  const constants = new Map();
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const { name, initializer } of statement.declarationList.declarations)
      if (ts.isIdentifier(name) && initializer) constants.set(name.text, initializer);
  }
  const fields = new Set();
  const groups = new Set();

  const visitMembers = (object, path) => {
    for (const member of object.properties) {
      if (ts.isSpreadAssignment(member)) visitMembers(constants.get(member.expression.text), path);
      else if (ts.isPropertyAssignment(member))
        visit(member.initializer, path === '' ? member.name.text : `${path}.${member.name.text}`);
    }
  };
  const visit = (node, path) => {
    if (ts.isIdentifier(node) && constants.has(node.text))
      return visit(constants.get(node.text), path);
    if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression))
      return void fields.add(path);
    const { expression: owner, name } = node.expression;
    const isFactory = ts.isIdentifier(owner) && owner.text === 'z';
    if (!isFactory) return visit(owner, path);
    const [first] = node.arguments;
    if (name.text === 'strictObject') {
      groups.add(path);
      visitMembers(first, path);
    } else if (name.text === 'array') {
      visit(first, `${path}[]`);
      // A list of plain values is one field.
      (fields.delete(`${path}[]`) ? fields : groups).add(path);
    } else if (name.text === 'union' || name.text === 'discriminatedUnion') {
      // A message may follow the options.
      for (const option of node.arguments.find(ts.isArrayLiteralExpression).elements)
        visit(option, path);
    } else fields.add(path);
  };
  visit(constants.get('configSchema'), '');
  return { fields, groups };
}
