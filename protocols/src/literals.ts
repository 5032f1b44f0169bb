import { Type } from 'typebox';

/** Schema of one of `values`; its static type is their union. */
export const Literals = <const T extends readonly string[]>(values: T) => Type.Enum<[...T]>([...values]);
