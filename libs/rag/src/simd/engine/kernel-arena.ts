import { StoreError } from '../../errors.js';
import { instantiateKernels, type Kernels } from '../wasm/instantiate-kernels.js';

const PAGE = 65_536;
const ALIGNMENT = 64;

/** The memory of the kernels, seen as numbers; addresses are in bytes. */
export interface KernelViews {
  readonly u8: Uint8Array;
  readonly i8: Int8Array;
  readonly i16: Int16Array;
  readonly i32: Int32Array;
  readonly f32: Float32Array;
}

/** Kernels of one dimension with memory that only grows. */
export interface KernelArena {
  readonly kernels: Kernels;
  /** Valid until the next {@link KernelArena.allocate}. */
  readonly views: KernelViews;
  readonly bytes: number;
  /** Returns the address of so many zero bytes, aligned to 64. */
  allocate(bytes: number): number;
}

/**
 * Creates an arena.
 *
 * @throws {SimdUnsupportedError} `ERR_RAG_SIMD_UNSUPPORTED`
 */
export function createKernelArena(options: {
  dimension: number;
  isRelaxed?: boolean;
}): KernelArena {
  const { kernels, memory } = instantiateKernels(options);
  let end = ALIGNMENT;
  let views = viewsOf(memory.buffer);
  return {
    kernels,
    get views() {
      return views;
    },
    get bytes() {
      return memory.buffer.byteLength;
    },
    allocate(bytes) {
      const address = end;
      const next = address + Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
      const missing = Math.ceil((next - memory.buffer.byteLength) / PAGE);
      if (missing > 0) {
        try {
          memory.grow(missing);
        } catch (cause) {
          const problem = `no memory for ${bytes} more bytes; an index holds at most 4 GiB of codes`;
          throw new StoreError({ store: 'simd', operation: 'grow', problem, cause });
        }
        views = viewsOf(memory.buffer);
      }
      end = next;
      return address;
    },
  };
}

function viewsOf(buffer: ArrayBuffer): KernelViews {
  return {
    u8: new Uint8Array(buffer),
    i8: new Int8Array(buffer),
    i16: new Int16Array(buffer),
    i32: new Int32Array(buffer),
    f32: new Float32Array(buffer),
  };
}
