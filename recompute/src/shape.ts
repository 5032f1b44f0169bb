import { BundleError } from './bundle-error.ts';

/** Refuses a value that is not as it has to be, with the place where it is. @throws BundleError */
export type Shape = (value: unknown, where: string) => void;

function refuse(where: string, expected: string, value: unknown): never {
  const text = value === undefined ? 'missing' : JSON.stringify(value);
  const said = text.length > SAID_MAX ? `${text.slice(0, SAID_MAX)}…` : text;
  throw new BundleError(`${where} has to be ${expected}, it is ${said}.`);
}
const SAID_MAX = 60;

const plain =
  (expected: string, isSo: (value: unknown) => boolean): Shape =>
  (value, where) => {
    if (!isSo(value)) refuse(where, expected, value);
  };

export const text = plain('a text', (value) => typeof value === 'string');
export const flag = plain('true or false', (value) => typeof value === 'boolean');
export const number = plain('a number', (value) => typeof value === 'number' && Number.isFinite(value));
/** A whole number as text, as every amount, energy and price is. */
export const whole = plain('a whole number as text', (value) => typeof value === 'string' && /^-?\d{1,40}$/.test(value));
export const instant = plain('a time', (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)));

export const orNull =
  (shape: Shape): Shape =>
  (value, where) => {
    if (value !== null) shape(value, where);
  };
export const optional =
  (shape: Shape): Shape =>
  (value, where) => {
    if (value !== undefined) shape(value, where);
  };
export const list =
  (shape: Shape): Shape =>
  (value, where) => {
    if (!Array.isArray(value)) return refuse(where, 'a list', value);
    for (const [index, each] of value.entries()) shape(each, `${where}[${index}]`);
  };
/** Fields that it has to have; there may be others. */
export const record =
  (fields: Readonly<Record<string, Shape>>): Shape =>
  (value, where) => {
    if (!isRecord(value)) return refuse(where, 'an object', value);
    for (const [name, shape] of Object.entries(fields)) shape(value[name], where === '' ? name : `${where}.${name}`);
  };
/** Any names, all of one shape. */
export const named =
  (shape: Shape): Shape =>
  (value, where) => {
    if (!isRecord(value)) return refuse(where, 'an object', value);
    for (const [name, each] of Object.entries(value)) shape(each, `${where}.${name}`);
  };

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);
