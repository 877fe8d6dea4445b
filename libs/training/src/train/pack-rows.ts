import type { TokenRow } from './token-rows.js';

/**
 * Joins rows to packs of at most `maxLength` tokens, the longest first, each into the fullest pack that has room.
 *
 * No token sees, or is scored for, a token of another row.
 */
export function packRows(rows: readonly TokenRow[], maxLength: number): TokenRow[] {
  const packs: { room: number; members: TokenRow[] }[] = [];
  for (const row of rows.toSorted((a, b) => b.ids.length - a.ids.length)) {
    const size = row.ids.length;
    let best: (typeof packs)[number] | undefined;
    for (const pack of packs)
      if (pack.room >= size && (best === undefined || pack.room < best.room)) best = pack;
    if (best === undefined) packs.push({ room: maxLength - size, members: [row] });
    else {
      best.members.push(row);
      best.room -= size;
    }
  }
  return packs.map(({ members }) => join(members));
}

function join(members: readonly TokenRow[]): TokenRow {
  const count = members.reduce((total, { ids }) => total + ids.length, 0);
  const pack = {
    ids: new Int32Array(count),
    isScored: new Uint8Array(count),
    segments: new Int32Array(count),
    positions: new Int32Array(count),
  };
  let at = 0;
  for (const [segment, { ids, isScored }] of members.entries()) {
    pack.ids.set(ids, at);
    pack.isScored.set(isScored, at);
    pack.isScored[at] = 0;
    pack.segments.fill(segment, at, at + ids.length);
    for (let i = 0; i < ids.length; i++) pack.positions[at + i] = i;
    at += ids.length;
  }
  return pack;
}
