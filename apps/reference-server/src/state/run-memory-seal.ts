import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import type { JsonValue } from '@espalier/core';
import { runMemoryUnreadable } from '../errors/resource-errors.js';

/** Enciphers what guardrails took out of a conversation while its run waits for a person. */
export interface RunMemorySeal {
  seal(runId: string, memory: JsonValue): Promise<string>;
  /** @throws {RequestError} `ERR_SERVER_RUN_MEMORY`: another key sealed it, it is another run's, or it is damaged. */
  open(runId: string, sealed: string): Promise<JsonValue>;
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** A shorter tag is refused. */
const TAG = { authTagLength: TAG_BYTES };
const CIPHER = 'aes-256-gcm';

/**
 * Makes the seal of a server: AES-256-GCM, bound to the id of the run.
 *
 * The key is `secret`, which all servers of one database share; without one it is kept in `keyFile`, readable by its
 * owner only, and made when the first memory is sealed.
 */
export function createRunMemorySeal(options: {
  readonly secret: string | undefined;
  readonly keyFile: string;
}): RunMemorySeal {
  let loading: Promise<Uint8Array> | undefined;
  const key = (): Promise<Uint8Array> => {
    loading ??= (
      options.secret === undefined
        ? keyOfFile(options.keyFile)
        : Promise.resolve(keyOfSecret(options.secret))
    ).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };
  return {
    async seal(runId, memory) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, await key(), nonce, TAG).setAAD(Buffer.from(runId));
      const body = Buffer.concat([cipher.update(JSON.stringify(memory), 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]).toString('base64');
    },
    async open(runId, sealed) {
      const bytes = Buffer.from(sealed, 'base64');
      try {
        const decipher = createDecipheriv(CIPHER, await key(), bytes.subarray(0, NONCE_BYTES), TAG);
        decipher.setAAD(Buffer.from(runId));
        decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
        const body = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
        return JSON.parse(Buffer.concat([body, decipher.final()]).toString('utf8')) as JsonValue;
      } catch (cause) {
        throw runMemoryUnreadable(runId, cause);
      }
    },
  };
}

function keyOfSecret(secret: string): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', secret, '', 'espalier run memory', KEY_BYTES));
}

async function keyOfFile(file: string): Promise<Uint8Array> {
  const made = randomBytes(KEY_BYTES);
  try {
    // `wx`: of two that make it at once, both go on with the one that was first.
    await writeFile(file, made.toString('base64'), { flag: 'wx', mode: 0o600 });
    return made;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const kept = new Uint8Array(Buffer.from(await readFile(file, 'utf8'), 'base64'));
  if (kept.length !== KEY_BYTES)
    throw new TypeError(`The key in ${file} has ${kept.length} bytes; it must have ${KEY_BYTES}.`);
  return kept;
}
