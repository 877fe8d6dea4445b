import { SimdUnsupportedError } from '../errors.js';
import { assembleModule, defineFunction } from './assembler.js';
import { binariseKernel, quantiseKernel, rotateKernel } from './encode-kernels.js';
import { wasm } from './instructions.js';
import { dotsKernel, maximaKernel, scanKernel, selectKernel } from './scan-kernels.js';

/** The memory of kernels. */
export interface KernelMemory {
  readonly buffer: ArrayBuffer;
  /** Adds pages of 64 KiB; throws a RangeError where the platform gives no more. */
  grow(pages: number): number;
}

/** The kernels of one dimension, over one memory; numbers are byte addresses, counts, and floats. */
export interface Kernels {
  scan(
    first: number,
    rest: number,
    add: number,
    factor: number,
    tables: number,
    estimates: number,
    pairs: number,
    step: number,
    base: number,
  ): void;
  maxima(estimates: number, out: number, rounds: number): void;
  select(
    estimates: number,
    errors: number,
    maxima: number,
    maxErrors: number,
    width: number,
    threshold: number,
    out: number,
    rounds: number,
  ): number;
  dots(
    list: number,
    count: number,
    codes: number,
    scales: number,
    query: number,
    factor: number,
    out: number,
  ): void;
  rotate(vectors: number, count: number, signs: number): void;
  quantise(vector: number, codes: number): number;
  binarise(
    codes: number,
    scale: number,
    centroid: number,
    first: number,
    rest: number,
    sums: number,
  ): void;
}

/** What is used of the platform's WebAssembly; its types belong to the DOM library, which Node projects leave out. */
interface WebAssemblyPlatform {
  validate(bytes: Uint8Array): boolean;
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: object) => { readonly exports: object };
  Memory: new (options: { initial: number; maximum: number }) => KernelMemory;
}

const MAX_PAGES = 65_536;

/** Returns the bytes of the module of one dimension, a multiple of 32; equal for equal options. */
export function kernelModule(options: { dimension: number; isRelaxed: boolean }): Uint8Array {
  return assembleModule([
    scanKernel(options),
    maximaKernel(),
    selectKernel(),
    dotsKernel(options),
    rotateKernel(options),
    quantiseKernel(options),
    binariseKernel(options),
  ]);
}

/** Whether this platform runs relaxed SIMD. */
export function hasRelaxedSimd(): boolean {
  const zero = wasm.v128.constant(new Uint8Array(16));
  const probe = defineFunction({
    name: 'probe',
    parameters: [],
    build: () => ({ body: [], result: wasm.v128.anyTrue(wasm.i8x16.relaxedSwizzle(zero, zero)) }),
  });
  return platform()?.validate(assembleModule([probe])) ?? false;
}

/**
 * Compiles the kernels of one dimension, a multiple of 32.
 *
 * @throws {SimdUnsupportedError} `ERR_RAG_SIMD_UNSUPPORTED`
 */
export function instantiateKernels(options: {
  dimension: number;
  /** Default: where the platform has it. */
  isRelaxed?: boolean;
}): { kernels: Kernels; memory: KernelMemory } {
  const { dimension, isRelaxed = hasRelaxedSimd() } = options;
  const webAssembly = platform();
  const bytes = kernelModule({ dimension, isRelaxed });
  if (webAssembly === undefined || !webAssembly.validate(bytes)) throw new SimdUnsupportedError();
  const memory = new webAssembly.Memory({ initial: 1, maximum: MAX_PAGES });
  const instance = new webAssembly.Instance(new webAssembly.Module(bytes), { host: { memory } });
  return { kernels: instance.exports as Kernels, memory };
}

function platform(): WebAssemblyPlatform | undefined {
  return (globalThis as { WebAssembly?: WebAssemblyPlatform }).WebAssembly;
}
