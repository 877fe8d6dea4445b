import { describe, expect, it } from 'vitest';
import { declaredNames, declaredScale } from './declared-names.js';

describe('declaredNames', () => {
  it.each([
    [
      'Python',
      'class Cell(Base):\n    async def width_of(self, text):\n        return len(text)',
      ['Cell', 'width_of'],
    ],
    [
      'TypeScript',
      'export interface Rail {\n  check(text: string): void;\n}\nexport const openRail = () => {',
      ['Rail', 'openRail'],
    ],
    [
      'JavaScript',
      '  static create(options) {\n    if (ready) {\n      run(options);\n    }\n  }\nasync function* walk() {',
      ['create', 'walk'],
    ],
    [
      'Rust',
      'pub(crate) struct Executor<T> {\nimpl Executor {\n    pub fn run(&self) -> u8 {',
      ['Executor', 'Executor', 'run'],
    ],
    [
      'Go',
      'func (s *Server) Serve(l net.Listener) error {\ntype Server struct {',
      ['Serve', 'Server'],
    ],
    ['Java', '  public static int parseLength(String text) {\n    while (more) {', ['parseLength']],
    ['C++', 'std::string Parser::name(int depth) const {\nint *cells(void) {', ['cells']],
    [
      'Ruby and Kotlin',
      'def title(text)\nfun length(text: String) {\nval size = 3',
      ['title', 'length', 'size'],
    ],
  ])('finds what %s declares', (_, text, names) => {
    expect(declaredNames(text)).toEqual(names);
  });

  it.each([
    'The class of problems that we let here is large (see below).',
    'Type of error: none\nWhere is it? In the function of time.',
    'let us go\nConst is a word; so is function',
    '# Heading\n\n- item (one)\n- `call(x)`',
    '',
  ])('finds nothing in prose: %j', (text) => {
    expect(declaredNames(text)).toEqual([]);
  });

  it('takes long lines for data, in linear time', () => {
    expect(declaredNames(`const data = [${'1,'.repeat(500)}];`)).toEqual([]);
    expect(declaredNames('a b '.repeat(60) + '\n'.repeat(10_000))).toEqual([]);
    expect(declaredNames(`${'x '.repeat(140)}(`)).toEqual([]);
  });
});

describe('declaredScale', () => {
  it('gives names little weight where hardly a candidate is code', () => {
    expect(declaredScale(Float32Array.of(0, 1, 0, 1))).toBe(1);
    const rare = new Float32Array(60);
    rare[0] = 0.1;
    expect(declaredScale(rare)).toBeLessThan(0.2);
    expect(declaredScale(new Float32Array())).toBe(0);
  });
});
