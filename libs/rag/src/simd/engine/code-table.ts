import { BLOCK, firstHalf, MAXIMA_STRIDE } from '../wasm/scan-kernels.js';
import { ROTATION_ROUNDS } from '../wasm/encode-kernels.js';
import { createKernelArena, type KernelArena } from './kernel-arena.js';
import { rotationSigns } from './rotation-signs.js';

/** So many queries can be prepared at the same time. */
export const MAX_SAMPLE_QUERIES = 32;

const SEED = 0x5eed;
const MAX_SEGMENT_SLOTS = 4096;
const MIN_SEGMENT_SLOTS = MAXIMA_STRIDE;
const SEGMENT_BYTES = 2 ** 21;

/** Addresses of what turns sums over the bits of some values into estimates of cosines, and of how far these may be off. */
export interface Estimator {
  readonly factor: number;
  readonly error: number;
  /** The greatest error of each lane over {@link MAXIMA_STRIDE} slots. */
  readonly maxErrors: number;
}

/** Which bits a scan looks at: those of the {@link firstHalf} of a turned vector's values, or all. */
export type ScanWidth = 'half' | 'whole';

/** Addresses of the parts of a segment: codes of `slots` vectors and what is computed from them. */
export interface Segment {
  readonly first: number;
  readonly codes: number;
  readonly scales: number;
  /** The bits of the {@link firstHalf} of the values, and those of the others. */
  readonly bits: number;
  readonly restBits: number;
  readonly add: number;
  readonly half: Estimator;
  readonly whole: Estimator;
  readonly estimates: number;
  /** The greatest estimate of each lane over {@link MAXIMA_STRIDE} slots. */
  readonly maxima: number;
}

/** Addresses of working space. */
export interface Scratch {
  readonly vector: number;
  readonly signs: number;
  readonly centroid: number;
  readonly sums: number;
  readonly tables: number;
  readonly query: number;
  readonly list: number;
  readonly scores: number;
}

/** Codes of vectors by slot: int8 of the turned direction, and one bit a dimension once there is a centroid. */
export interface CodeTable {
  /** The dimension of codes: that of vectors, rounded up to a multiple of 32. */
  readonly dimension: number;
  readonly arena: KernelArena;
  readonly segments: readonly Segment[];
  readonly segmentSlots: number;
  readonly scratch: Scratch;
  /** Address for {@link MAX_SAMPLE_QUERIES} queries in int16 form; made when first asked for. */
  readonly sampleQueries: number;
  /** How many values a scan looks at. */
  readonly scanned: Readonly<Record<ScanWidth, number>>;
  /** Slots given out so far, free ones among them. */
  readonly slots: number;
  readonly live: number;
  /** The greatest scale of an int8 code; its half bounds the rounding of each value. */
  readonly maxScale: number;
  /** 1 for slots that hold a vector. Length: at least `slots`. */
  readonly isLive: Uint8Array;
  /** Encodes a finite vector and returns its slot. */
  add(vector: Float32Array): number;
  remove(slot: number): void;
  /** Writes the turned vector of length 1 to `scratch.vector`; returns false for the zero vector. */
  turn(vector: Float32Array): boolean;
  /** Sets the centroid to the mean of at most so many vectors and derives all bits anew. */
  binariseAll(sampleSize: number): void;
}

/** Creates an empty table. */
export function createCodeTable(options: { dimension: number; isRelaxed?: boolean }): CodeTable {
  const dimension = Math.ceil(options.dimension / 32) * 32;
  const arena = createKernelArena({ ...options, dimension });
  const { kernels } = arena;
  const allocate = (bytes: number): number => arena.allocate(bytes);
  const segmentSlots = Math.min(
    MAX_SEGMENT_SLOTS,
    Math.max(MIN_SEGMENT_SLOTS, 2 ** Math.floor(Math.log2(SEGMENT_BYTES / dimension))),
  );
  const scratch: Scratch = {
    vector: allocate(dimension * 4),
    signs: allocate(dimension * 4 * ROTATION_ROUNDS),
    centroid: allocate(dimension * 4),
    sums: allocate(20),
    tables: allocate(dimension * 4),
    query: allocate(dimension * 2),
    list: allocate(segmentSlots * 4),
    scores: allocate(segmentSlots * 4),
  };
  arena.views.f32.set(rotationSigns({ dimension, seed: SEED }), scratch.signs / 4);
  const segments: Segment[] = [];
  const free: number[] = [];
  let isLive = new Uint8Array(segmentSlots);
  let slots = 0;
  let live = 0;
  let maxScale = 0;
  let hasCentroid = false;
  const scanned = { half: firstHalf(dimension), whole: dimension };
  let sampleQueries: number | undefined;

  const newEstimator = (): Estimator => ({
    factor: allocate(segmentSlots * 4),
    error: allocate(segmentSlots * 4),
    maxErrors: allocate((segmentSlots / MAXIMA_STRIDE) * 16),
  });
  const addSegment = (): void => {
    const floats = segmentSlots * 4;
    const segment: Segment = {
      first: segments.length * segmentSlots,
      codes: allocate(segmentSlots * dimension),
      scales: allocate(floats),
      bits: allocate((segmentSlots * scanned.half) / 8),
      restBits: allocate((segmentSlots * (dimension - scanned.half)) / 8),
      add: allocate(floats),
      half: newEstimator(),
      whole: newEstimator(),
      estimates: allocate(floats),
      maxima: allocate(floats / (MAXIMA_STRIDE / 4)),
    };
    arena.views.f32.fill(-Infinity, segment.add / 4, segment.add / 4 + segmentSlots);
    segments.push(segment);
    if (isLive.length < segments.length * segmentSlots) {
      const larger = new Uint8Array(isLive.length * 2);
      larger.set(isLive);
      isLive = larger;
    }
  };
  const place = (slot: number): { segment: Segment; local: number } => {
    const segment = segments[Math.floor(slot / segmentSlots)];
    if (segment === undefined) throw new RangeError(`No slot ${slot}.`);
    return { segment, local: slot % segmentSlots };
  };
  const setEstimator = (
    estimator: Estimator,
    local: number,
    of: { values: number; absolute: number; part: number; squares: number },
  ): void => {
    const { f32 } = arena.views;
    const { values, absolute, part, squares } = of;
    const isZero = absolute === 0;
    // ⟨sign(r)/√m, r/|r|⟩² over m values, which is at most 1 but for rounding.
    const aligned = isZero ? 1 : Math.min(1, (absolute * absolute) / (values * part));
    // The angle to the others should be that to these, give or take the spread of a random share of them.
    const others = 1 / values - 1 / dimension;
    const error = Math.sqrt(squares * ((1 - aligned) / aligned / (values - 1) + others));
    f32[estimator.factor / 4 + local] = isZero ? 0 : Math.sqrt(squares * part) / absolute;
    f32[estimator.error / 4 + local] = error;
    const lane = estimator.maxErrors / 4 + Math.floor(local / MAXIMA_STRIDE) * 4 + (local % 4);
    f32[lane] = Math.max(f32[lane] ?? 0, error);
  };
  const binarise = (slot: number): void => {
    const { segment, local } = place(slot);
    const { f32 } = arena.views;
    const block = Math.floor(local / BLOCK);
    kernels.binarise(
      segment.codes + local * dimension,
      f32[segment.scales / 4 + local] ?? 0,
      scratch.centroid,
      segment.bits + block * 2 * scanned.half + (local % BLOCK),
      segment.restBits + block * 2 * (dimension - scanned.half) + (local % BLOCK),
      scratch.sums,
    );
    const sums = scratch.sums / 4;
    const sum = (at: number): number => f32[sums + at] ?? 0;
    const squares = sum(3);
    const half = { values: scanned.half, absolute: sum(0), part: sum(1), squares };
    setEstimator(segment.half, local, half);
    setEstimator(segment.whole, local, {
      values: dimension,
      absolute: sum(2),
      part: squares,
      squares,
    });
    f32[segment.add / 4 + local] = sum(4);
  };
  const stage = (vector: Float32Array, factor: number): void => {
    const { f32 } = arena.views;
    const start = scratch.vector / 4;
    if (factor === 1) f32.set(vector, start);
    else for (let i = 0; i < vector.length; i += 1) f32[start + i] = (vector[i] ?? 0) * factor;
    f32.fill(0, start + vector.length, start + dimension);
    kernels.rotate(scratch.vector, 1, scratch.signs);
  };
  /** Turns the vector and quantises it to `codes`; returns the scale. */
  const quantise = (vector: Float32Array, codes: number): number => {
    stage(vector, 1);
    const scale = kernels.quantise(scratch.vector, codes);
    if (scale > 0 && scale < 1) return scale;
    // The squares overflow or vanish in 32 bits: only directions count, so the vector may be shortened.
    const greatest = vector.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    if (greatest === 0) return 0;
    stage(vector, 1 / greatest < Infinity ? 1 / greatest : 2 ** 126);
    return kernels.quantise(scratch.vector, codes);
  };

  return {
    dimension,
    arena,
    segments,
    segmentSlots,
    scratch,
    get sampleQueries() {
      return (sampleQueries ??= allocate(dimension * 2 * MAX_SAMPLE_QUERIES));
    },
    scanned,
    get slots() {
      return slots;
    },
    get live() {
      return live;
    },
    get maxScale() {
      return maxScale;
    },
    get isLive() {
      return isLive;
    },
    add(vector) {
      if (free.length === 0 && slots === segments.length * segmentSlots) addSegment();
      const slot = free.pop() ?? slots;
      if (slot === slots) slots += 1;
      const { segment, local } = place(slot);
      const scale = quantise(vector, segment.codes + local * dimension);
      arena.views.f32[segment.scales / 4 + local] = scale;
      maxScale = Math.max(maxScale, scale);
      isLive[slot] = 1;
      live += 1;
      if (hasCentroid) binarise(slot);
      return slot;
    },
    remove(slot) {
      const { segment, local } = place(slot);
      const { f32, i8 } = arena.views;
      i8.fill(0, segment.codes + local * dimension, segment.codes + (local + 1) * dimension);
      f32[segment.scales / 4 + local] = 0;
      f32[segment.add / 4 + local] = -Infinity;
      for (const { factor, error } of [segment.half, segment.whole]) {
        f32[factor / 4 + local] = 0;
        f32[error / 4 + local] = 0;
      }
      isLive[slot] = 0;
      live -= 1;
      free.push(slot);
    },
    turn(vector) {
      // The codes of the query are of no use: it is turned in place and brought to length 1.
      const scale = quantise(vector, scratch.query);
      if (scale === 0) return false;
      const { f32 } = arena.views;
      const turned = f32.subarray(scratch.vector / 4, scratch.vector / 4 + dimension);
      let squares = 0;
      for (const value of turned) squares += value * value;
      const factor = 1 / Math.sqrt(squares);
      for (let i = 0; i < dimension; i += 1) turned[i] = (turned[i] ?? 0) * factor;
      return true;
    },
    binariseAll(sampleSize) {
      const { f32, i8 } = arena.views;
      const centroid = new Float64Array(dimension);
      const stride = Math.max(1, Math.floor(slots / sampleSize));
      let count = 0;
      for (let slot = 0; slot < slots; slot += stride) {
        if (isLive[slot] !== 1) continue;
        const { segment, local } = place(slot);
        const scale = f32[segment.scales / 4 + local] ?? 0;
        const start = segment.codes + local * dimension;
        for (let i = 0; i < dimension; i += 1)
          centroid[i] = (centroid[i] ?? 0) + (i8[start + i] ?? 0) * scale;
        count += 1;
      }
      const mean = centroid.map((sum) => sum / Math.max(1, count));
      f32.set(mean, scratch.centroid / 4);
      hasCentroid = true;
      const lanes = (segmentSlots / MAXIMA_STRIDE) * 4;
      for (const { half, whole } of segments)
        for (const { maxErrors } of [half, whole])
          f32.fill(0, maxErrors / 4, maxErrors / 4 + lanes);
      for (let slot = 0; slot < slots; slot += 1) if (isLive[slot] === 1) binarise(slot);
    },
  };
}
