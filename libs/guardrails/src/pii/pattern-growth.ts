import { parsePattern, type PatternNode } from '../internal/parse-pattern.js';

/** Why a pattern may take time that grows faster than the text; `undefined` when it cannot. */
export function patternGrowth(pattern: RegExp): string | undefined {
  const flags = pattern.flags.replace(/[gyd]/g, '');
  let tree: PatternNode;
  try {
    tree = parsePattern(pattern.source);
  } catch {
    return 'it is written in a way that the check does not know';
  }
  return growthOf(tree, { flags, sets: new Map() });
}

interface Reading {
  readonly flags: string;
  readonly sets: Map<string, ReadonlySet<string>>;
}

/** Characters that stand for all others; two sets that share one overlap. */
const SAMPLE = [
  ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
  ...'\u00A0ÀßéΩяשع中あ한€–…\u2028',
  '😀',
];

function charactersOf(node: PatternNode, reading: Reading): ReadonlySet<string> {
  switch (node.kind) {
    case 'set': {
      const known = reading.sets.get(node.source);
      if (known !== undefined) return known;
      const one = new RegExp(`^(?:${node.source})$`, reading.flags.replace('m', ''));
      const made = new Set(SAMPLE.filter((character) => one.test(character)));
      reading.sets.set(node.source, made);
      return made;
    }
    case 'either':
      return union(node.options.map((option) => charactersOf(option, reading)));
    case 'sequence':
      return union(node.items.map((item) => charactersOf(item, reading)));
    case 'repeat':
      return charactersOf(node.body, reading);
    case 'reference':
      return new Set(SAMPLE);
    case 'place':
    case 'look':
      return new Set();
  }
}

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((set) => [...set]));
}

function overlap(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return [...one].some((character) => other.has(character));
}

/** The characters that a match of the node may begin with, and whether it may be empty. */
function beginning(
  node: PatternNode,
  reading: Reading,
): { set: ReadonlySet<string>; isEmpty: boolean } {
  switch (node.kind) {
    case 'set':
      return { set: charactersOf(node, reading), isEmpty: false };
    case 'either': {
      const all = node.options.map((option) => beginning(option, reading));
      return { set: union(all.map(({ set }) => set)), isEmpty: all.some(({ isEmpty }) => isEmpty) };
    }
    case 'sequence': {
      const sets: ReadonlySet<string>[] = [];
      for (const item of node.items) {
        const { set, isEmpty } = beginning(item, reading);
        sets.push(set);
        if (!isEmpty) return { set: union(sets), isEmpty: false };
      }
      return { set: union(sets), isEmpty: true };
    }
    case 'repeat': {
      const { set, isEmpty } = beginning(node.body, reading);
      return { set, isEmpty: isEmpty || node.min === 0 };
    }
    case 'reference':
      return { set: new Set(SAMPLE), isEmpty: true };
    case 'place':
    case 'look':
      return { set: new Set(), isEmpty: true };
  }
}

/** More ways than this through bounded repetitions are too many for each place of a text. */
const MOST_WAYS = 1_000_000;

function growthOf(tree: PatternNode, reading: Reading): string | undefined {
  const reasons = [
    nestedRepetition(tree, false, reading),
    manyWays(tree),
    neighbours(tree, reading),
  ];
  return reasons.find((reason) => reason !== undefined);
}

/** `(a+)+`, `(a|ab)*`, `(a?b?)*`: one text can be read in many ways. */
function nestedRepetition(
  node: PatternNode,
  isRepeated: boolean,
  reading: Reading,
): string | undefined {
  switch (node.kind) {
    case 'either': {
      const starts = node.options.map((option) => beginning(option, reading));
      const isUnclear =
        isRepeated &&
        starts.some(({ set, isEmpty }, index) =>
          starts
            .slice(index + 1)
            .some((other) => isEmpty || other.isEmpty || overlap(set, other.set)),
        );
      if (isUnclear) return 'alternatives inside a repetition begin with the same characters';
      return first(node.options, (option) => nestedRepetition(option, isRepeated, reading));
    }
    case 'sequence': {
      if (isRepeated && !isClearSequence(node.items, reading))
        return 'a repetition stands inside a repetition, and nothing tells where one ends';
      return first(node.items, (item) => nestedRepetition(item, isRepeated, reading));
    }
    case 'repeat': {
      if (node.max !== Infinity) return nestedRepetition(node.body, isRepeated, reading);
      const { isEmpty } = beginning(node.body, reading);
      const isRepetition = node.body.kind === 'repeat';
      if (isEmpty || isRepetition) return 'a repetition stands directly inside a repetition';
      return nestedRepetition(node.body, true, reading);
    }
    case 'look':
      return nestedRepetition(node.body, isRepeated, reading);
    default:
      return undefined;
  }
}

/** Whether each repetition of a repeated sequence is set apart from the next turn by a character that it cannot take. */
function isClearSequence(items: readonly PatternNode[], reading: Reading): boolean {
  return items.every((item, index) => {
    if (item.kind !== 'repeat' || item.max === item.min) return true;
    const own = charactersOf(item, reading);
    return items.some(
      (other, at) =>
        at !== index &&
        !beginning(other, reading).isEmpty &&
        !overlap(charactersOf(other, reading), own),
    );
  });
}

/** `(a{1,30}){1,30}`: bounded, and yet more ways than there is time for. */
function manyWays(tree: PatternNode): string | undefined {
  return waysOf(tree) > MOST_WAYS
    ? 'its bounded repetitions can be combined in too many ways'
    : undefined;
}

function waysOf(node: PatternNode): number {
  switch (node.kind) {
    case 'either':
      return node.options.reduce((sum, option) => sum + waysOf(option), 0);
    case 'sequence':
      return node.items.reduce((product, item) => product * waysOf(item), 1);
    case 'repeat': {
      const body = waysOf(node.body);
      if (node.max === Infinity) return body;
      if (body === 1) return node.max - node.min + 1;
      return (node.max - node.min + 1) * body ** Math.min(node.max, 64);
    }
    case 'look':
      return waysOf(node.body);
    default:
      return 1;
  }
}

/** `a+b` from every `a`, `\d+\w+x`: each place of a run is tried to the end of the run. */
function neighbours(node: PatternNode, reading: Reading): string | undefined {
  const options = node.kind === 'either' ? node.options : [node];
  return first(options, (option) => {
    const items = flatten(option);
    const certain: ReadonlySet<string>[] = [];
    const anchors: PatternNode[] = [];
    let open: ReadonlySet<string>[] = [];
    for (const [index, item] of items.entries()) {
      if (item.kind === 'reference') return 'it refers back to what it matched';
      const own = charactersOf(item, reading);
      if (hasUnbounded(item) && item.kind !== 'look') {
        const isLast = index === items.length - 1;
        const isStart = certain.every((set) => overlap(set, own));
        const isAnchored = anchors.some((anchor) => holdsApart(anchor, own, reading));
        if (isStart && !isAnchored && !(isLast && item.kind === 'repeat'))
          return 'an unbounded repetition can begin at each of its own characters';
        if (open.some((set) => overlap(set, own)))
          return 'two unbounded repetitions can share their characters';
        open.push(own);
      }
      const inner = innerOf(item);
      const reason = inner === undefined ? undefined : neighbours(inner, reading);
      if (reason !== undefined) return reason;
      if (certain.length === 0 && (item.kind === 'place' || item.kind === 'look'))
        anchors.push(item);
      if (beginning(item, reading).isEmpty) continue;
      certain.push(own);
      if (!hasUnbounded(item)) open = open.filter((set) => overlap(set, own));
    }
    return undefined;
  });
}

/** What stands inside and has a beginning of its own; an unbounded repetition of a sequence has that of the sequence. */
function innerOf(item: PatternNode): PatternNode | undefined {
  if (item.kind === 'either' || item.kind === 'look')
    return item.kind === 'look' ? item.body : item;
  return item.kind === 'repeat' && item.max !== Infinity ? item.body : undefined;
}

function hasUnbounded(node: PatternNode): boolean {
  switch (node.kind) {
    case 'repeat':
      return node.max === Infinity || hasUnbounded(node.body);
    case 'either':
      return node.options.some(hasUnbounded);
    case 'sequence':
      return node.items.some(hasUnbounded);
    case 'look':
      return hasUnbounded(node.body);
    default:
      return false;
  }
}

/** Whether a match cannot begin inside a run of the characters: `\b` before letters, `(?<!\d)` before digits. */
function holdsApart(anchor: PatternNode, own: ReadonlySet<string>, reading: Reading): boolean {
  if (anchor.kind === 'look') {
    const held = charactersOf(anchor.body, reading);
    return anchor.behind && anchor.negative && [...own].every((character) => held.has(character));
  }
  if (anchor.kind !== 'place') return false;
  if (anchor.source === '^') return !reading.flags.includes('m') || !own.has('\n');
  const words = [...own].filter((character) => /\w/.test(character)).length;
  return anchor.source === String.raw`\b` && (words === 0 || words === own.size);
}

function flatten(node: PatternNode): readonly PatternNode[] {
  return node.kind === 'sequence' ? node.items.flatMap(flatten) : [node];
}

function first<Item>(
  items: readonly Item[],
  reasonOf: (item: Item) => string | undefined,
): string | undefined {
  for (const item of items) {
    const reason = reasonOf(item);
    if (reason !== undefined) return reason;
  }
  return undefined;
}
