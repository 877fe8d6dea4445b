/**
 * A typed assembler for WebAssembly: each function here returns the bytes of one expression, in stack order.
 *
 * @see https://webassembly.github.io/spec/core/binary/ — opcodes and sections
 */

/** Types that a value on the stack or in a local can have. */
export type ValueType = 'i32' | 'f32' | 'v128';

/** The bytes of an expression that leaves one value, or none, on the stack. */
export interface Code<T extends ValueType | 'none'> {
  readonly type: T;
  readonly bytes: readonly number[];
}

/** A parameter or local variable. */
export interface Local<T extends ValueType> {
  readonly index: number;
  readonly get: Code<T>;
  set(value: Code<T>): Code<'none'>;
}

/** Declares locals while the body of a function is written. */
export interface Scope {
  local<T extends ValueType>(type: T): Local<T>;
}

/** A function that a module exports. */
export interface FunctionCode {
  readonly name: string;
  readonly parameters: readonly ValueType[];
  readonly result: ValueType | undefined;
  readonly locals: readonly ValueType[];
  readonly body: readonly number[];
}

const TYPE_BYTES: Record<ValueType, number> = { i32: 0x7f, f32: 0x7d, v128: 0x7b };
const SIMD_PREFIX = 0xfd;
const BLOCK = 0x02;
const LOOP = 0x03;
const IF = 0x04;
const ELSE = 0x05;
const END = 0x0b;
const BRANCH = 0x0c;
const BRANCH_IF = 0x0d;
const EMPTY_TYPE = 0x40;

/** Writes an unsigned integer as LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest === 0 ? low : low | 0x80);
  } while (rest !== 0);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (;;) {
    const low = rest & 0x7f;
    rest >>= 7;
    const isLast = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return bytes;
  }
}

/** Joins expressions under a result type. */
function code<T extends ValueType | 'none'>(
  type: T,
  ...parts: readonly (Code<ValueType | 'none'> | readonly number[])[]
): Code<T> {
  return { type, bytes: parts.flatMap((part) => ('bytes' in part ? part.bytes : part)) };
}

/** An instruction of one byte over operands. */
export function plain<T extends ValueType | 'none'>(
  type: T,
  opcode: number,
  ...operands: readonly Code<ValueType>[]
): Code<T> {
  return code(type, ...operands, [opcode]);
}

/** A vector instruction over operands, with immediate bytes after its opcode. */
export function simd<T extends ValueType | 'none'>(
  type: T,
  opcode: number,
  operands: readonly Code<ValueType>[],
  immediates: readonly number[] = [],
): Code<T> {
  return code(type, ...operands, [SIMD_PREFIX, ...unsigned(opcode), ...immediates]);
}

/** Alignment hint (always 1 byte: none is assumed) and offset of a memory access. */
export function memory(offset: number): number[] {
  return [0, ...unsigned(offset)];
}

/** A memory access of the plain instruction set. */
export function access<T extends ValueType | 'none'>(
  type: T,
  opcode: number,
  offset: number,
  ...operands: readonly Code<ValueType>[]
): Code<T> {
  return code(type, ...operands, [opcode, ...memory(offset)]);
}

/** An integer constant. */
export function i32(value: number): Code<'i32'> {
  return code('i32', [0x41, ...signed(value | 0)]);
}

/** A float constant. */
export function f32(value: number): Code<'f32'> {
  return code('f32', [0x43, ...new Uint8Array(Float32Array.of(value).buffer)]);
}

/** Runs the body where the condition is not 0. */
export function when(condition: Code<'i32'>, ...body: readonly Code<'none'>[]): Code<'none'> {
  return code('none', condition, [IF, EMPTY_TYPE], ...body, [END]);
}

/** Runs one body where the condition is not 0, and the other where it is. */
export function choose(
  condition: Code<'i32'>,
  body: readonly Code<'none'>[],
  otherwise: readonly Code<'none'>[],
): Code<'none'> {
  return code('none', condition, [IF, EMPTY_TYPE], ...body, [ELSE], ...otherwise, [END]);
}

/** Runs the body while `condition` is not 0; it is tested before each round. */
export function whilst(condition: Code<'i32'>, ...body: readonly Code<'none'>[]): Code<'none'> {
  const isZero = 0x45;
  return code(
    'none',
    [BLOCK, EMPTY_TYPE, LOOP, EMPTY_TYPE],
    condition,
    [isZero, BRANCH_IF, 1],
    ...body,
    [BRANCH, 0, END, END],
  );
}

/** Writes a function; `build` gets its parameters as locals and returns its statements and result. */
export function defineFunction<const P extends readonly ValueType[]>(options: {
  name: string;
  parameters: P;
  build(
    scope: Scope,
    ...parameters: { [K in keyof P]: Local<P[K]> }
  ): { body: readonly Code<'none'>[]; result?: Code<ValueType> };
}): FunctionCode {
  const locals: ValueType[] = [];
  const makeLocal = <T extends ValueType>(type: T, index: number): Local<T> => ({
    index,
    get: code(type, [0x20, ...unsigned(index)]),
    set: (value) => code('none', value, [0x21, ...unsigned(index)]),
  });
  const scope: Scope = {
    local(type) {
      locals.push(type);
      return makeLocal(type, options.parameters.length + locals.length - 1);
    },
  };
  const parameters = options.parameters.map(makeLocal) as { [K in keyof P]: Local<P[K]> };
  const { body, result } = options.build(scope, ...parameters);
  return {
    name: options.name,
    parameters: options.parameters,
    result: result?.type,
    locals,
    body: [...body.flatMap(({ bytes }) => bytes), ...(result?.bytes ?? []), END],
  };
}

const vector = (items: readonly (readonly number[])[]): number[] => [
  ...unsigned(items.length),
  ...items.flat(),
];
const named = (name: string): number[] => {
  const bytes = [...new TextEncoder().encode(name)];
  return [...unsigned(bytes.length), ...bytes];
};
const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...unsigned(content.length),
  ...content,
];

/** Returns the bytes of a module that imports its memory as `host.memory` and exports the functions. */
export function assembleModule(functions: readonly FunctionCode[]): Uint8Array {
  const types = functions.map(({ parameters, result }) => [
    0x60,
    ...vector(parameters.map((type) => [TYPE_BYTES[type]])),
    ...vector(result === undefined ? [] : [[TYPE_BYTES[result]]]),
  ]);
  const bodies = functions.map(({ locals, body }) => {
    const content = [...vector(locals.map((type) => [1, TYPE_BYTES[type]])), ...body];
    return [...unsigned(content.length), ...content];
  });
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(types)),
    ...section(2, vector([[...named('host'), ...named('memory'), 0x02, 0x00, 1]])),
    ...section(3, vector(functions.map((_, index) => unsigned(index)))),
    ...section(
      7,
      vector(functions.map(({ name }, index) => [...named(name), 0, ...unsigned(index)])),
    ),
    ...section(10, vector(bodies)),
  ]);
}
