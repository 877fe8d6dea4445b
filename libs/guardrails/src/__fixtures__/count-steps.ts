import { parsePattern, type PatternNode } from '../internal/parse-pattern.js';

type Then = (at: number) => boolean;
type Matcher = (at: number, then: Then) => boolean;

/** Counts what a search for all matches costs. */
export type StepCounter = (text: string) => number;

/**
 * Makes a counter of the steps that a backtracking engine takes to look for all matches of an expression: each test of a
 * character or a place is one. A clock would tell of the machine; this is the same everywhere.
 *
 * A reference to a group is taken for any one character. What the engine of a browser skips is counted.
 */
export function createStepCounter(expression: RegExp): StepCounter {
  const tree = parsePattern(expression.source);
  const isSticky = expression.sticky;
  const flags = expression.flags.replace(/[gyd]/g, '');
  let text = '';
  let steps = 0;
  const tests = new Map<string, Map<string, boolean>>();
  /** Remembered by character, as most texts have few. */
  const fits = (source: string, at: number): boolean => {
    steps += 1;
    const character = flags.includes('u')
      ? String.fromCodePoint(text.codePointAt(at) ?? 0)
      : text.charAt(at);
    if (at >= text.length) return false;
    let known = tests.get(source);
    if (known === undefined) tests.set(source, (known = new Map<string, boolean>()));
    let found = known.get(character);
    if (found === undefined) {
      found = new RegExp(`^(?:${source})$`, flags.replace('m', '')).test(character);
      known.set(character, found);
    }
    return found;
  };
  const place = (source: string): Matcher => {
    const here = new RegExp(source, `${flags}y`);
    return (at, then) => {
      steps += 1;
      here.lastIndex = at;
      return here.test(text) && then(at);
    };
  };

  const compile = (node: PatternNode): Matcher => {
    switch (node.kind) {
      case 'set':
        return (at, then) => fits(node.source, at) && then(at + 1);
      case 'reference':
        return (at, then) => {
          steps += 1;
          return at < text.length && then(at + 1);
        };
      case 'place':
        return place(node.source);
      case 'look': {
        const body = compile(node.body);
        // What stands before is short in all expressions: its end is looked for from a few places.
        const holds = (at: number): boolean =>
          node.behind
            ? [0, 1, 2, 3, 4].some((back) => at >= back && body(at - back, (end) => end === at))
            : body(at, () => true);
        return (at, then) => holds(at) !== node.negative && then(at);
      }
      case 'either': {
        const options = node.options.map(compile);
        return (at, then) => options.some((option) => option(at, then));
      }
      case 'sequence': {
        const items = node.items.map(compile);
        const from = (index: number, at: number, then: Then): boolean => {
          const item = items[index];
          return item === undefined ? then(at) : item(at, (next) => from(index + 1, next, then));
        };
        return (at, then) => from(0, at, then);
      }
      case 'repeat':
        return repeat(node);
    }
  };
  const repeat = ({ body, min, max }: Extract<PatternNode, { kind: 'repeat' }>): Matcher => {
    if (body.kind === 'set') {
      // In a loop, as a run may be longer than the stack is deep.
      return (at, then) => {
        let count = 0;
        while (count < max && fits(body.source, at + count)) count += 1;
        for (; count >= min; count -= 1) if (then(at + count)) return true;
        return false;
      };
    }
    const one = compile(body);
    const more = (count: number, at: number, then: Then): boolean =>
      (count < max &&
        one(at, (next) => (next > at || count < min) && more(count + 1, next, then))) ||
      (count >= min && then(at));
    return (at, then) => more(0, at, then);
  };

  const whole = compile(tree);
  return (given) => {
    text = given;
    steps = 0;
    for (let at = 0; at <= text.length;) {
      let end = -1;
      whole(at, (found) => {
        end = found;
        return true;
      });
      if (isSticky) break;
      at = end > at ? end : at + 1;
    }
    return steps;
  };
}
