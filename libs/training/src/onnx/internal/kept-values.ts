import type { TensorData, TensorDType } from '@espalier/core';
import type * as Ort from 'onnxruntime-node';
import { zeros } from '../../backends/internal/zeros.js';
import { BackendRunError } from '../../errors.js';
import {
  createFusedMemory,
  FUSED_MEMORY_LIMIT,
  fusedBytes,
  type FusedMemory,
} from './fused-memory.js';
import { onnxTypeOf } from './lower-graph.js';
import type { FusedUpdate } from './plan-fused-updates.js';

/** A kept value. */
export interface KeptValue {
  readonly dtype: TensorDType;
  present: Ort.Tensor;
  /** What its next value is written to where the runtime computes it. */
  spare: Ort.Tensor | undefined;
  /** Where it lies in the memory of kernels. */
  address: number | undefined;
}

/** The values of one state; those that kernels update lie in memory that the kernels reach. */
export interface KeptValues {
  readonly values: ReadonlyMap<string, KeptValue>;
  write(name: string, value: TensorData): void;
  clear(): void;
  /** The buffer for the new value of a state. */
  spare(kept: KeptValue): Ort.Tensor;
  /** Makes the written buffer the value. */
  swap(kept: KeptValue): void;
  /** Places what the updates need; false where there is no room for it. */
  place(updates: readonly FusedUpdate[]): boolean;
  /** The buffer for a computed value that an update reads. */
  computed(update: FusedUpdate, index: number): Ort.Tensor | undefined;
  /** Computes the new values in place. */
  run(update: FusedUpdate, scalars: readonly number[]): void;
}

const count = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);
/** Computed values by the first state that is computed from them: all programs of a state share their room. */
const roomOf = (update: FusedUpdate, index: number): string =>
  `${update.stores[0]?.name ?? ''} ${index}`;

/** Creates the values of a state. */
export function createKeptValues(
  ort: typeof Ort,
  initial: Iterable<readonly [string, TensorData]>,
): KeptValues {
  const values = new Map<string, KeptValue>();
  const rooms = new Map<string, { address: number; tensor: Ort.Tensor }>();
  let memory: FusedMemory | undefined;
  let reserved = 0;
  let placed = new WeakSet<readonly FusedUpdate[]>();
  let runners = new WeakMap<FusedUpdate, (scalars: readonly number[]) => void>();

  const toTensor = ({ dtype, data, shape }: TensorData): Ort.Tensor =>
    new ort.Tensor(onnxTypeOf(dtype), data, shape);
  const add = (name: string, value: TensorData): void => {
    const { dtype } = value;
    values.set(name, { dtype, present: toTensor(value), spare: undefined, address: undefined });
    placed = new WeakSet();
    runners = new WeakMap();
  };
  const at = (shared: FusedMemory, address: number, shape: readonly number[]): Ort.Tensor =>
    toTensor({ dtype: 'float32', shape, data: shared.view(address, count(shape)) });

  /** What the updates need that is not placed; undefined where a state is not there. */
  const missing = (updates: readonly FusedUpdate[]) => {
    const states = new Set<KeptValue>();
    const computed = new Map<string, readonly number[]>();
    for (const update of updates) {
      for (const [index, source] of update.arrays.entries()) {
        const room = roomOf(update, index);
        if (source.kind === 'computed' && !rooms.has(room)) computed.set(room, update.type.shape);
      }
      for (const { name } of [...update.arrays, ...update.stores]) {
        const kept = values.get(name);
        if (kept?.dtype === 'float32' && kept.address === undefined) states.add(kept);
      }
    }
    return { states: [...states], computed: [...computed] };
  };

  const reserve = (updates: readonly FusedUpdate[]): boolean => {
    const { states, computed } = missing(updates);
    const sizes = [
      ...states.map(({ present }) => present.size),
      ...computed.map(([, shape]) => count(shape)),
    ];
    const needed = sizes.reduce((total, size) => total + fusedBytes(size), 0);
    if (needed === 0) return true;
    if (reserved + needed > FUSED_MEMORY_LIMIT) return false;
    memory ??= createFusedMemory();
    if (memory === undefined) return false;
    reserved += needed;
    const shared = memory;
    let next = shared.allocate(needed);
    // Memory that grew has left its old views empty.
    for (const kept of values.values())
      if (kept.address !== undefined) kept.present = at(shared, kept.address, kept.present.dims);
    for (const room of rooms.values()) room.tensor = at(shared, room.address, room.tensor.dims);
    const take = (shape: readonly number[]): { address: number; tensor: Ort.Tensor } => {
      const address = next;
      next += fusedBytes(count(shape));
      return { address, tensor: at(shared, address, shape) };
    };
    for (const kept of states) {
      const { address, tensor } = take(kept.present.dims);
      (tensor.data as Float32Array).set(kept.present.data as Float32Array);
      Object.assign(kept, { address, present: tensor, spare: undefined });
    }
    for (const [room, shape] of computed) rooms.set(room, take(shape));
    return true;
  };

  /** A kernel with its addresses, which stay. */
  const runnerOf = (update: FusedUpdate): ((scalars: readonly number[]) => void) => {
    const { arrays, scalars, stores, steps, type } = update;
    const addresses = [
      ...arrays.map((source, index) =>
        source.kind === 'computed'
          ? rooms.get(roomOf(update, index))?.address
          : values.get(source.name)?.address,
      ),
      ...stores.map(({ name }) => values.get(name)?.address),
    ].flatMap((address) => address ?? []);
    if (memory === undefined || addresses.length < arrays.length + stores.length)
      throw new BackendRunError({
        backend: 'onnx',
        problem: `the update of "${stores[0]?.name ?? ''}" has no memory`,
      });
    const kernel = memory.kernel({
      arrays: arrays.length,
      scalars: scalars.length,
      steps,
      stores: stores.map(({ from }) => from),
    });
    const bytes = fusedBytes(count(type.shape));
    return (numbers) => kernel(bytes, ...addresses, ...numbers);
  };

  for (const [name, value] of initial) add(name, value);
  return {
    values,
    write(name, value) {
      const kept = values.get(name);
      const isPlaced =
        kept?.address !== undefined &&
        value.dtype === 'float32' &&
        kept.present.dims.join() === value.shape.join();
      if (isPlaced) (kept.present.data as Float32Array).set(value.data);
      else add(name, { ...value, data: value.data.slice() });
    },
    clear() {
      values.clear();
      rooms.clear();
      memory = undefined;
    },
    spare(kept) {
      kept.spare ??= toTensor({
        dtype: kept.dtype,
        shape: kept.present.dims,
        data: zeros(kept.dtype, kept.present.size),
      });
      return kept.spare;
    },
    swap(kept) {
      if (kept.spare === undefined) return;
      if (kept.address === undefined) [kept.present, kept.spare] = [kept.spare, kept.present];
      else (kept.present.data as Float32Array).set(kept.spare.data as Float32Array);
    },
    place(updates) {
      if (placed.has(updates)) return true;
      const isPlaced = reserve(updates);
      if (isPlaced) placed.add(updates);
      return isPlaced;
    },
    computed: (update, index) => rooms.get(roomOf(update, index))?.tensor,
    run(update, scalars) {
      const run = runners.get(update) ?? runnerOf(update);
      runners.set(update, run);
      run(scalars);
    },
  };
}
