import type { JinjaNode, MacroNode } from './jinja-ast.js';
import { JINJA_FILTERS } from './jinja-filters.js';
import { methodOf } from './jinja-methods.js';
import { applyOperator } from './jinja-operators.js';
import { JINJA_TESTS } from './jinja-tests.js';
import {
  isDict,
  isEqual,
  isList,
  isTruthy,
  itemsOf,
  JinjaFloat,
  JinjaNamespace,
  JinjaTuple,
  JinjaUndefined,
  numberOf,
  typeName,
  type JinjaFunction,
  type JinjaValue,
} from './jinja-value.js';
import { toText } from './python-text.js';
import { NEGATED_TEST_FILTER, TEST_FILTER } from './rewrite-tokens.js';

/** Names and their values; a block within another sees the outer ones and changes its own. */
class Scope {
  private readonly values = new Map<string, JinjaValue>();
  private readonly outer: Scope | undefined;

  constructor(outer?: Scope) {
    this.outer = outer;
  }

  get(name: string): JinjaValue {
    const value = this.values.get(name);
    if (value !== undefined) return value;
    return this.outer === undefined ? new JinjaUndefined(name) : this.outer.get(name);
  }

  set(name: string, value: JinjaValue): void {
    this.values.set(name, value);
  }
}

type Flow = 'break' | 'continue' | undefined;
interface Output {
  text: string;
}
interface Arguments {
  readonly args: JinjaValue[];
  readonly named: Map<string, JinjaValue>;
}

/**
 * Renders a parsed template with the values of Python's Jinja: what is printed, compared and counted is what Python
 * prints, compares and counts.
 *
 * A template reaches nothing but what it is given: it calls methods of a fixed list and changes only its namespaces.
 *
 * @throws {Error} What Jinja would raise.
 * @see https://jinja.palletsprojects.com/templates/
 */
export function evaluateTemplate(
  program: JinjaNode,
  variables: ReadonlyMap<string, JinjaValue>,
): string {
  const globals = new Scope();
  for (const [name, value] of variables) globals.set(name, value);
  const output: Output = { text: '' };
  if (program.type === 'Program') runAll(program.body, new Scope(globals), output);
  return output.text;
}

function runAll(nodes: readonly JinjaNode[], scope: Scope, output: Output): Flow {
  for (const node of nodes) {
    const flow = run(node, scope, output);
    if (flow !== undefined) return flow;
  }
  return undefined;
}

function run(node: JinjaNode, scope: Scope, output: Output): Flow {
  switch (node.type) {
    case 'Comment':
      return undefined;
    case 'Break':
      return 'break';
    case 'Continue':
      return 'continue';
    case 'If':
      return runAll(
        isTruthy(valueOf(node.test, scope)) ? node.body : node.alternate,
        scope,
        output,
      );
    case 'For':
      runFor(node, scope, output);
      return undefined;
    case 'Set': {
      const value = node.value === null ? blockText(node.body, scope) : valueOf(node.value, scope);
      assign(node.assignee, value, scope);
      return undefined;
    }
    case 'Macro':
      scope.set(node.name.value, macroOf(node, scope));
      return undefined;
    case 'CallStatement': {
      const caller = macroOf(
        { type: 'Macro', name: { value: 'caller' }, args: node.callerArgs ?? [], body: node.body },
        scope,
      );
      output.text += toText(callOf(node.call, scope, caller));
      return undefined;
    }
    case 'FilterStatement':
      output.text += toText(filtered(blockText(node.body, scope), node.filter, scope));
      return undefined;
    default:
      output.text += toText(valueOf(node, scope));
      return undefined;
  }
}

function blockText(nodes: readonly JinjaNode[], scope: Scope): string {
  const output: Output = { text: '' };
  runAll(nodes, new Scope(scope), output);
  return output.text;
}

function runFor(node: JinjaNode & { type: 'For' }, scope: Scope, output: Output): void {
  const { iterable } = node;
  const select = iterable.type === 'SelectExpression' ? iterable : undefined;
  const all = itemsOf(valueOf(select?.lhs ?? iterable, scope));
  const items =
    select === undefined
      ? all
      : all.filter((item) => {
          const inner = new Scope(scope);
          assign(node.loopvar, item, inner);
          return isTruthy(valueOf(select.test, inner));
        });
  if (items.length === 0) runAll(node.defaultBlock, scope, output);
  let changed: readonly JinjaValue[] | undefined;
  for (const [index, item] of items.entries()) {
    const inner = new Scope(scope);
    inner.set(
      'loop',
      loopOf(items, index, (values) => {
        const isSame = changed !== undefined && isEqual(changed, values);
        changed = values;
        return !isSame;
      }),
    );
    assign(node.loopvar, item, inner);
    if (runAll(node.body, inner, output) === 'break') break;
  }
}

function loopOf(
  items: readonly JinjaValue[],
  index: number,
  hasChanged: (values: readonly JinjaValue[]) => boolean,
): JinjaValue {
  const cycle: JinjaFunction = (values) => values[index % values.length] ?? null;
  return new Map<JinjaValue, JinjaValue>([
    ['index', index + 1],
    ['index0', index],
    ['revindex', items.length - index],
    ['revindex0', items.length - index - 1],
    ['first', index === 0],
    ['last', index === items.length - 1],
    ['length', items.length],
    ['depth', 1],
    ['depth0', 0],
    ['previtem', items[index - 1] ?? new JinjaUndefined('previtem')],
    ['nextitem', items[index + 1] ?? new JinjaUndefined('nextitem')],
    ['cycle', cycle],
    ['changed', (values) => hasChanged(values)],
  ]);
}

function assign(target: JinjaNode, value: JinjaValue, scope: Scope): void {
  if (target.type === 'Identifier') {
    scope.set(target.value, value);
  } else if (target.type === 'TupleLiteral' || target.type === 'ArrayLiteral') {
    const items = itemsOf(value);
    if (items.length !== target.value.length)
      throw new RangeError(`${target.value.length} values are needed, not ${items.length}`);
    target.value.forEach((each, index) => {
      assign(each, items[index] ?? null, scope);
    });
  } else if (target.type === 'MemberExpression') {
    const holder = valueOf(target.object, scope);
    if (!(holder instanceof JinjaNamespace))
      throw new TypeError('cannot assign attribute on non-namespace object');
    holder.attributes.set(toText(keyOf(target, scope)), value);
  } else throw new SyntaxError(`cannot assign to ${target.type}`);
}

function macroOf(node: MacroNode, scope: Scope): JinjaFunction {
  return (args, named) => {
    const inner = new Scope(scope);
    const caller = named.get('caller');
    if (caller !== undefined) inner.set('caller', caller);
    node.args.forEach((parameter, index) => {
      const name =
        parameter.type === 'KeywordArgumentExpression'
          ? parameter.key.value
          : (parameter as JinjaNode & { type: 'Identifier' }).value;
      const given = args[index] ?? named.get(name);
      const fallback =
        parameter.type === 'KeywordArgumentExpression'
          ? valueOf(parameter.value, inner)
          : undefined;
      inner.set(name, given ?? fallback ?? new JinjaUndefined(name));
    });
    return blockText(node.body, inner);
  };
}

function valueOf(node: JinjaNode, scope: Scope): JinjaValue {
  switch (node.type) {
    case 'Identifier':
      return scope.get(node.value);
    case 'StringLiteral':
    case 'IntegerLiteral':
      return node.value;
    case 'FloatLiteral':
      return new JinjaFloat(node.value);
    case 'ArrayLiteral':
      return node.value.map((item) => valueOf(item, scope));
    case 'TupleLiteral':
      return new JinjaTuple(node.value.map((item) => valueOf(item, scope)));
    case 'ObjectLiteral':
      return new Map(
        [...node.value].map(([key, value]) => [valueOf(key, scope), valueOf(value, scope)]),
      );
    case 'MemberExpression':
      return memberOf(node, scope);
    case 'CallExpression':
      return callOf(node, scope);
    case 'FilterExpression':
      return filtered(valueOf(node.operand, scope), node.filter, scope);
    case 'TestExpression':
      return tested(node.test.value, valueOf(node.operand, scope)) !== node.negate;
    case 'SelectExpression':
      return isTruthy(valueOf(node.test, scope))
        ? valueOf(node.lhs, scope)
        : new JinjaUndefined('else');
    case 'Ternary':
      return valueOf(
        isTruthy(valueOf(node.condition, scope)) ? node.trueExpr : node.falseExpr,
        scope,
      );
    case 'UnaryExpression':
      return unary(node.operator.value, valueOf(node.argument, scope));
    case 'BinaryExpression':
      return binary(node, scope);
    default:
      throw new SyntaxError(`${node.type} has no value`);
  }
}

function binary(node: JinjaNode & { type: 'BinaryExpression' }, scope: Scope): JinjaValue {
  const left = valueOf(node.left, scope);
  const operator = node.operator.value;
  if (operator === 'and') return isTruthy(left) ? valueOf(node.right, scope) : left;
  if (operator === 'or') return isTruthy(left) ? left : valueOf(node.right, scope);
  return applyOperator(operator, left, valueOf(node.right, scope));
}

function unary(operator: string, value: JinjaValue): JinjaValue {
  if (operator === 'not') return !isTruthy(value);
  const number = numberOf(value);
  if (number === undefined)
    throw new TypeError(`bad operand type for unary ${operator}: '${typeName(value)}'`);
  const signed = operator === '-' ? -number : number;
  return value instanceof JinjaFloat ? new JinjaFloat(signed) : signed;
}

const keyOf = (node: JinjaNode & { type: 'MemberExpression' }, scope: Scope): JinjaValue =>
  !node.computed && node.property.type === 'Identifier'
    ? node.property.value
    : valueOf(node.property, scope);

function memberOf(node: JinjaNode & { type: 'MemberExpression' }, scope: Scope): JinjaValue {
  const object = valueOf(node.object, scope);
  if (node.computed && node.property.type === 'SliceExpression')
    return slice(object, node.property, scope);
  return attributeOf(object, keyOf(node, scope), !node.computed);
}

/** Looks a name up as `object.name` does, methods first, or as `object[name]`, items first. */
function attributeOf(object: JinjaValue, key: JinjaValue, methodsFirst: boolean): JinjaValue {
  if (object instanceof JinjaUndefined) throw new TypeError(`'${object.name}' is undefined`);
  const method = (): JinjaValue | undefined =>
    typeof key === 'string' ? methodOf(object, key) : undefined;
  const item = itemOf(object, key);
  const found = methodsFirst ? (method() ?? item) : (item ?? method());
  if (found !== undefined) return found;
  if (methodsFirst || object === null || typeof key === 'string')
    return new JinjaUndefined(`${typeName(object)} object' has no attribute '${toText(key)}`);
  return new JinjaUndefined(toText(key));
}

function itemOf(object: JinjaValue, key: JinjaValue): JinjaValue | undefined {
  if (object instanceof JinjaNamespace) return object.attributes.get(toText(key));
  if (isDict(object)) return object.has(key) ? (object.get(key) ?? null) : undefined;
  const index = typeof key === 'boolean' ? Number(key) : key;
  if (typeof index !== 'number') return undefined;
  if (typeof object === 'string') return Array.from(object).at(index);
  const items = object instanceof JinjaTuple ? object.items : object;
  return isList(items) ? items.at(index) : undefined;
}

function slice(
  object: JinjaValue,
  { start, stop, step }: JinjaNode & { type: 'SliceExpression' },
  scope: Scope,
): JinjaValue {
  const bound = (node: JinjaNode | undefined): number | undefined => {
    const value = node === undefined ? null : valueOf(node, scope);
    return value === null ? undefined : numberOf(value);
  };
  if (object instanceof JinjaUndefined) throw new TypeError(`'${object.name}' is undefined`);
  const items = itemsOf(object);
  const by = bound(step) ?? 1;
  if (by === 0) throw new RangeError('slice step cannot be zero');
  const clamp = (value: number, low: number, high: number): number =>
    Math.min(Math.max(value < 0 ? value + items.length : value, low), high);
  const [low, high] = by > 0 ? [0, items.length] : [-1, items.length - 1];
  const given = [bound(start), bound(stop)];
  const from = given[0] === undefined ? (by > 0 ? low : high) : clamp(given[0], low, high);
  const to = given[1] === undefined ? (by > 0 ? high : low) : clamp(given[1], low, high);
  const taken: JinjaValue[] = [];
  for (let index = from; by > 0 ? index < to : index > to; index += by)
    taken.push(items[index] ?? null);
  if (typeof object === 'string') return taken.map(toText).join('');
  return object instanceof JinjaTuple ? new JinjaTuple(taken) : taken;
}

function argumentsOf(nodes: readonly JinjaNode[], scope: Scope): Arguments {
  const args: JinjaValue[] = [];
  const named = new Map<string, JinjaValue>();
  for (const node of nodes) {
    if (node.type === 'KeywordArgumentExpression')
      named.set(node.key.value, valueOf(node.value, scope));
    else if (node.type === 'SpreadExpression') args.push(...itemsOf(valueOf(node.argument, scope)));
    else if (node.type === 'KeywordSpreadExpression') {
      const dict = valueOf(node.argument, scope);
      if (!isDict(dict)) throw new TypeError('** needs a dictionary');
      for (const [key, value] of dict) named.set(toText(key), value);
    } else args.push(valueOf(node, scope));
  }
  return { args, named };
}

function callOf(node: JinjaNode, scope: Scope, caller?: JinjaFunction): JinjaValue {
  if (node.type !== 'CallExpression') throw new SyntaxError('a call is needed');
  const callee = valueOf(node.callee, scope);
  if (callee instanceof JinjaUndefined) throw new TypeError(`'${callee.name}' is undefined`);
  if (typeof callee !== 'function')
    throw new TypeError(`'${typeName(callee)}' object is not callable`);
  const { args, named } = argumentsOf(node.args, scope);
  if (caller !== undefined) named.set('caller', caller);
  return callee(args, named);
}

function filtered(value: JinjaValue, filter: JinjaNode, scope: Scope): JinjaValue {
  const call = filter.type === 'CallExpression' ? filter : undefined;
  const name = call?.callee ?? filter;
  if (name.type !== 'Identifier') throw new SyntaxError('a filter needs a name');
  const given = argumentsOf(call?.args ?? [], scope);
  for (const prefix of [TEST_FILTER, NEGATED_TEST_FILTER])
    if (name.value.startsWith(prefix))
      return (
        tested(
          name.value.slice(prefix.length),
          value,
          given.args[0] ?? [...given.named.values()][0],
        ) !==
        (prefix === NEGATED_TEST_FILTER)
      );
  return applyFilter(name.value, value, given);
}

function tested(name: string, value: JinjaValue, argument?: JinjaValue): boolean {
  if (name === 'filter') return typeof value === 'string' && JINJA_FILTERS.has(value);
  if (name === 'test') return typeof value === 'string' && JINJA_TESTS.has(value);
  const test = JINJA_TESTS.get(name);
  if (test === undefined) throw new SyntaxError(`No test named '${name}'.`);
  if (argument === undefined && test.length > 1)
    throw new TypeError(`test_${name}() missing 1 required positional argument`);
  return test(value, argument ?? null);
}

function applyFilter(name: string, value: JinjaValue, given: Arguments): JinjaValue {
  const filter = JINJA_FILTERS.get(name);
  if (filter === undefined) throw new SyntaxError(`No filter named '${name}'.`);
  return filter(value, {
    ...given,
    apply: (other, item, args) => applyFilter(other, item, { args: [...args], named: new Map() }),
    attribute(item, path) {
      if (typeof path !== 'string') return attributeOf(item, path, false);
      const steps = path.split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
      return steps.reduce<JinjaValue>((current, step) => attributeOf(current, step, false), item);
    },
  });
}
