import { Type } from 'typebox';

/** Schema of one of `values`; its static type is their union. */
export const Literals = <const T extends string[]>(values: readonly [...T]) => Type.Enum([...values] as T);
