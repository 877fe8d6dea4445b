import type { Random } from '@espalier/core';

const WORD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const CLASSES: Readonly<Record<string, string>> = {
  w: WORD,
  d: '0123456789',
  s: ' ',
  S: WORD,
};

/**
 * A random text that fits a pattern in Go's syntax, for the constructs that lists of secret formats use. Repetitions
 * without an end take up to eight more than the least, and one that may be missing is there half the time.
 */
export function samplePattern(pattern: string, random: Random): string {
  const sampler = new Sampler(pattern.replaceAll('[[:alnum:]]', '[a-zA-Z0-9]'), random);
  return sampler.alternatives();
}

class Sampler {
  private position = 0;
  private readonly pattern: string;
  private readonly random: Random;

  constructor(pattern: string, random: Random) {
    this.pattern = pattern;
    this.random = random;
  }

  alternatives(): string {
    const options = [this.sequence()];
    while (this.peek() === '|') {
      this.position += 1;
      options.push(this.sequence());
    }
    return this.pick(options);
  }

  private sequence(): string {
    let text = '';
    while (this.position < this.pattern.length && this.peek() !== '|' && this.peek() !== ')') {
      const start = this.position;
      const first = this.atom();
      const [min, max] = this.repetition();
      const end = this.position;
      const count = min + Math.floor(this.random.next() * (max - min + 1));
      for (let index = 0; index < count; index += 1) {
        if (index === 0) {
          text += first;
          continue;
        }
        this.position = start;
        text += this.atom();
      }
      this.position = end;
    }
    return text;
  }

  private atom(): string {
    const character = this.take();
    if (character === '(') return this.group();
    if (character === '[') return this.set();
    if (character === '.') return /[*+?{)]/.test(this.peek()) ? this.pick([...WORD]) : '.';
    if (character === '^' || character === '$') return '';
    if (character !== '\\') return character;
    return this.escaped(this.take());
  }

  private escaped(name: string): string {
    if (name === 'b' || name === 'z') return '';
    if (name === 'n') return '\n';
    if (name === 't') return '\t';
    if (name === 'r') return '\r';
    if (name === 'x') {
      this.position += 2;
      return String.fromCodePoint(
        Number.parseInt(this.pattern.slice(this.position - 2, this.position), 16),
      );
    }
    const members = CLASSES[name];
    return members === undefined ? name : this.pick([...members]);
  }

  private group(): string {
    const flags = /^\?(?:P<\w+>|[a-z-]*:)/.exec(this.pattern.slice(this.position));
    const alone = /^\?[a-z]+\)/.exec(this.pattern.slice(this.position));
    if (alone !== null) {
      this.position += alone[0].length;
      return '';
    }
    if (flags !== null) this.position += flags[0].length;
    const text = this.alternatives();
    this.position += 1;
    return text;
  }

  private set(): string {
    const isNegated = this.peek() === '^';
    if (isNegated) this.position += 1;
    const members: string[] = [];
    for (let isFirst = true; isFirst || this.peek() !== ']'; isFirst = false) {
      let from = this.take();
      if (from === '\\') {
        const name = this.take();
        const members2 = CLASSES[name];
        if (members2 !== undefined) {
          members.push(...members2);
          continue;
        }
        this.position -= 1;
        from = this.escaped(this.take());
      }
      if (this.peek() === '-' && this.pattern.charAt(this.position + 1) !== ']') {
        this.position += 1;
        const to = this.take();
        for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code += 1)
          members.push(String.fromCharCode(code));
      } else {
        members.push(from);
      }
    }
    this.position += 1;
    return this.pick(
      isNegated ? [...WORD, ';', ' '].filter((one) => !members.includes(one)) : members,
    );
  }

  private repetition(): [number, number] {
    let bounds: [number, number] = [1, 1];
    const braces = /^\{(\d+)(,?)(\d*)\}/.exec(this.pattern.slice(this.position));
    if (braces !== null) {
      this.position += braces[0].length;
      const min = Number(braces[1]);
      bounds = [min, braces[3] !== '' ? Number(braces[3]) : braces[2] === '' ? min : min + 8];
    } else if (/[?*+]/.test(this.peek())) {
      const sign = this.take();
      bounds = sign === '?' ? [0, 1] : sign === '*' ? [0, 8] : [1, 8];
    }
    if (this.peek() === '?') this.position += 1;
    return bounds;
  }

  private pick<T>(options: readonly T[]): T {
    return options[Math.floor(this.random.next() * options.length)] as T;
  }

  private peek(): string {
    return this.pattern.charAt(this.position);
  }

  private take(): string {
    this.position += 1;
    return this.pattern.charAt(this.position - 1);
  }
}
