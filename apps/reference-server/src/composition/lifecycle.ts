/** Whether the server takes requests. */
export interface Lifecycle {
  readonly state: 'starting' | 'ready' | 'stopping';
  ready(): void;
  stop(): void;
  /** Parts that `/readyz` asks, by name. */
  readonly checks: Map<string, () => Promise<void>>;
}

/** Creates a life that begins with `starting`. */
export function createLifecycle(): Lifecycle {
  let state: Lifecycle['state'] = 'starting';
  return {
    get state() {
      return state;
    },
    ready() {
      if (state === 'starting') state = 'ready';
    },
    stop() {
      state = 'stopping';
    },
    checks: new Map(),
  };
}
