import { hash, randomBytes } from 'node:crypto';

/** What every key begins with. */
export const KEY_PREFIX = 'esp_';

/** A new secret: 256 random bits behind `esp_`. */
export function createSecret(): string {
  return `${KEY_PREFIX}${randomBytes(32).toString('base64url')}`;
}

/** SHA-256, hexadecimal; enough for secrets that hold 256 random bits. */
export function hashSecret(secret: string): string {
  return hash('sha256', secret);
}
