import { readFileSync } from 'node:fs';

interface Vector {
  readonly id: string | number;
  readonly key: string;
  readonly result: string;
}

/** The vectors of Wycheproof that are kept here; bytes in hexadecimal. */
export function readVectors(): {
  readonly ff1: readonly (Vector & {
    readonly radix: number;
    readonly tweak: string;
    readonly message: string | readonly number[];
    readonly enciphered: string | readonly number[];
  })[];
  readonly aesSiv: readonly (Vector & {
    readonly aad: string;
    readonly message: string;
    readonly enciphered: string;
  })[];
} {
  return JSON.parse(
    readFileSync(new URL('wycheproof-vectors.json', import.meta.url), 'utf8'),
  ) as ReturnType<typeof readVectors>;
}
