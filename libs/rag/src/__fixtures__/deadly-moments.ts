/** Counts the moments before and after writes, and kills the process, as `kill -9` does, at one of them. */
export interface DeadlyMoments {
  readonly passed: number;
  around<T>(write: () => Promise<T>): Promise<T>;
}

/** Kills at the `fatal`-th moment; 0 for never. */
export function createDeadlyMoments(fatal: number): DeadlyMoments {
  let passed = 0;
  const pass = (): void => {
    passed += 1;
    if (passed === fatal) process.kill(process.pid, 'SIGKILL');
  };
  return {
    get passed() {
      return passed;
    },
    async around(write) {
      pass();
      const result = await write();
      pass();
      return result;
    },
  };
}
