import type { ConversationRail, JsonValue, Rail, RailPoint } from '@espalier/core';
import { createOnce } from './once.js';

/** What `createLazyRail` takes. */
export interface LazyRailOptions {
  readonly name: string;
  readonly points: readonly RailPoint[];
  readonly load: () => Promise<Rail>;
  /** Whether the rail, once loaded, has a memory for each conversation. */
  readonly hasMemory?: boolean;
}

/**
 * Makes a rail that is loaded when it is prepared, or first asked.
 *
 * Until then it clears nothing. A rail that cannot load fails each look with the reason, and is tried again with the next.
 */
export function createLazyRail(options: LazyRailOptions): Rail {
  const load = createOnce(options.load);
  const { rail } = loadLate(options, load);
  if (options.hasMemory !== true) return rail;
  return Object.assign(rail, {
    openConversation: (memory?: JsonValue) => {
      const late = loadLate<ConversationRail>(options, async () => {
        const whole = await load();
        return whole.openConversation?.(memory) ?? whole;
      });
      return Object.assign(late.rail, {
        openRestorer: (point: RailPoint) => late.peek()?.openRestorer?.(point),
        // Until a text needs the rail it has learnt nothing new.
        memory: () => (late.peek() === undefined ? memory : late.peek()?.memory?.()),
        conceal: async (text: string) => (await (await late.get()).conceal?.(text)) ?? text,
      });
    },
  });
}

/** What is returned has getters: it is added to, and never copied. */
function loadLate<Loaded extends Rail>(
  { name, points }: Pick<LazyRailOptions, 'name' | 'points'>,
  load: () => Promise<Loaded>,
): { rail: Rail; peek: () => Loaded | undefined; get: () => Promise<Loaded> } {
  let loaded: Loaded | undefined;
  const get = createOnce(async () => (loaded = await load()));
  return {
    get,
    peek: () => loaded,
    rail: {
      specificationVersion: 'v1',
      name,
      points,
      get maxHoldBack() {
        return loaded?.maxHoldBack ?? Number.POSITIVE_INFINITY;
      },
      get clearsEarly() {
        return loaded?.clearsEarly ?? false;
      },
      get lookBehind() {
        return loaded?.lookBehind ?? 0;
      },
      check: (options) => loaded?.check(options) ?? get().then((ready) => ready.check(options)),
      async prepare() {
        await (await get()).prepare?.();
      },
    },
  };
}
