/** The symbol under which an error lists its class names, shared by all copies of the library in a process. */
const LINEAGE = Symbol.for('espalier.error.lineage');

/** What every {@link EspalierError} is made from. */
export interface EspalierErrorOptions {
  /** Stable literal, `ERR_<AREA>_<WHAT>`; catalogued in `docs/reference/errors.md`. */
  readonly code: string;
  /** What happened, with the offending value (truncated), and what to do about it. */
  readonly message: string;
  /** The error that this one wraps. */
  readonly cause?: unknown;
  /** Whether the same call may succeed later without any change. Default `false`. */
  readonly isRetryable?: boolean;
  /** Structured facts for programs; never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

interface ErrorClass<T> {
  readonly errorName: string;
  readonly prototype: T;
}

/**
 * The base of every error that an Espalier library throws on purpose.
 *
 * Use `SomeError.isInstance(value)` instead of `instanceof`: it also holds when two copies of a package are
 * loaded. A subclass must declare its own `static readonly errorName`.
 */
export class EspalierError extends Error {
  static readonly errorName: string = 'EspalierError';

  readonly code: string;
  readonly isRetryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(options: EspalierErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.errorName;
    this.code = options.code;
    this.isRetryable = options.isRetryable ?? false;
    this.details = options.details ?? {};
    Object.defineProperty(this, LINEAGE, { value: lineageOf(new.target), enumerable: false });
  }

  /** Whether `value` is an error of this class or of one derived from it, whichever copy of the library made it. */
  static isInstance<T>(this: ErrorClass<T>, value: unknown): value is T {
    if (typeof value !== 'object' || value === null) return false;
    const lineage = (value as { [LINEAGE]?: unknown })[LINEAGE];
    return Array.isArray(lineage) && lineage.includes(this.errorName);
  }

  /** A plain object for logs and wires: name, code, message, retryability and details; no stack, no cause. */
  toJSON(): { name: string; code: string; message: string; isRetryable: boolean; details: object } {
    return {
      name: this.name,
      code: this.code,
      message: this.message,
      isRetryable: this.isRetryable,
      details: this.details,
    };
  }
}

function lineageOf(errorClass: typeof EspalierError): readonly string[] {
  const names: string[] = [];
  let current: unknown = errorClass;
  while (typeof current === 'function' && 'errorName' in current) {
    names.push(String(current.errorName));
    current = Object.getPrototypeOf(current);
  }
  return names;
}
