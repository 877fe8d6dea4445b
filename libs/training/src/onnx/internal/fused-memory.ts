import { fusedKernelModule, type FusedExpression } from './fused-kernel.js';

/** The parts of the JavaScript interface that are used; the library's type declarations are those of no browser. */
interface WebAssemblyInterface {
  readonly Memory: new (limits: { readonly initial: number; readonly maximum: number }) => {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  };
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (
    module: object,
    imports: Readonly<Record<string, Readonly<Record<string, object>>>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
}

/** A kernel: bytes of each array, addresses of the arrays and of where results go, then scalars. */
export type FusedKernel = (...numbers: readonly number[]) => void;

/** Memory that kernels and the runtime share. */
export interface FusedMemory {
  /** The address of new room, filled with zeros. Views of before are void then and made anew from their addresses. */
  allocate(bytes: number): number;
  view(address: number, count: number): Float32Array;
  kernel(expression: FusedExpression): FusedKernel;
}

const PAGE = 65_536;
/** All that 32 bits address. */
const MOST_PAGES = 65_536;
/** A cache line: no two values share one. */
const UNIT = 64;

/** How many bytes float32 values take of such memory. */
export const fusedBytes = (count: number): number => Math.ceil((4 * count) / UNIT) * UNIT;

/** Bytes that such memory holds at most. */
export const FUSED_MEMORY_LIMIT = PAGE * (MOST_PAGES - 1);

/** Creates empty memory; undefined where the process may not reserve the address space. */
export function createFusedMemory(): FusedMemory | undefined {
  const { Memory, Module, Instance } = (
    globalThis as unknown as { readonly WebAssembly: WebAssemblyInterface }
  ).WebAssembly;
  let memory: InstanceType<typeof Memory>;
  try {
    memory = new Memory({ initial: 0, maximum: MOST_PAGES });
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  const kernels = new Map<string, FusedKernel>();
  let used = 0;
  return {
    allocate(bytes) {
      const address = used;
      used += bytes;
      const missing = Math.ceil(used / PAGE) - memory.buffer.byteLength / PAGE;
      if (missing > 0) memory.grow(missing);
      return address;
    },
    view: (address, count) => new Float32Array(memory.buffer, address, count),
    kernel(expression) {
      const key = JSON.stringify(expression);
      const known = kernels.get(key);
      if (known !== undefined) return known;
      const module = new Module(fusedKernelModule(expression));
      const { exports } = new Instance(module, { m: { m: memory } });
      const made = exports['f'] as FusedKernel;
      kernels.set(key, made);
      return made;
    },
  };
}
