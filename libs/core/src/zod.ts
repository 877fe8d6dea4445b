// The part of zod that Espalier's packages build their schemas with. They share the copy inside this package's bundle,
// because loading zod from its own files costs more than loading core; its types are zod's own.
// eslint-disable-next-line no-restricted-syntax -- types only: declarations built on these may name any of them
export type * from 'zod';
export {
  array,
  base64,
  boolean,
  coerce,
  discriminatedUnion,
  enum,
  int,
  iso,
  json,
  literal,
  looseObject,
  number,
  object,
  prettifyError,
  record,
  strictObject,
  string,
  tuple,
  union,
} from 'zod';
