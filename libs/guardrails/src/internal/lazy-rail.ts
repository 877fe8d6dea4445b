import type { Rail, RailPoint } from '@espalier/core';
import { createOnce } from './once.js';

/** What `createLazyRail` takes. */
export interface LazyRailOptions {
  readonly name: string;
  readonly points: readonly RailPoint[];
  readonly load: () => Promise<Rail>;
}

/**
 * Makes a rail that is loaded when it is prepared, or first asked.
 *
 * Until then it clears nothing. A rail that cannot load fails each look with the reason, and is tried again with the next.
 */
export function createLazyRail({ name, points, load }: LazyRailOptions): Rail {
  let loaded: Rail | undefined;
  const rail = createOnce(async () => (loaded = await load()));
  return {
    specificationVersion: 'v1',
    name,
    points,
    get maxHoldBack() {
      return loaded?.maxHoldBack ?? Number.POSITIVE_INFINITY;
    },
    get lookBehind() {
      return loaded?.lookBehind ?? 0;
    },
    check: (options) => loaded?.check(options) ?? rail().then((ready) => ready.check(options)),
    async prepare() {
      await (await rail()).prepare?.();
    },
  };
}
