import type { KeyStore } from '../state/key-store.js';
import type { Authentication } from '../wires/wires-context.js';

/** Who calls the wires, told by the key. */
export async function authenticateCaller(keys: KeyStore, secret: string): Promise<Authentication> {
  const check = await keys.check(secret);
  if (!check.ok) return check;
  const { keyId, scope } = check.principal;
  return { ok: true, caller: { keyId, ...scope } };
}
