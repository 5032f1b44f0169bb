import { isIdentityNumber } from '@corridor/protocols/identity-number';
import { isToken } from '@corridor/protocols/ids';
import { GRID_REGIONS, PRINCIPAL_KINDS } from '@corridor/protocols/network-file';
import type { PartyApplication, RegisteredKind } from '../feed/registration-api.ts';

/** How a field is typed, and what may stand in it. */
export type FieldKind =
  | { readonly kind: 'token' | 'text' | 'tokens' | 'day'; readonly max?: number; readonly exact?: number; readonly pattern?: RegExp }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | { readonly kind: 'number'; readonly min: number; readonly max: number; readonly unit?: TypedUnit; readonly isWhole?: boolean };

/** The units that people type, each with how many of the definition's units it is. */
const TYPED_UNITS = { km: 1_000, kW: 1_000, kg: 1, '%': 1, '°': 1 } as const;
type TypedUnit = keyof typeof TYPED_UNITS;

export interface FormField {
  /** In the definition, `initial.id` when nested; of identity data `identity.realName`. */
  readonly path: string;
  readonly look: FieldKind;
  readonly isOptional?: boolean;
}

const token: FieldKind = { kind: 'token' };
const name: FieldKind = { kind: 'text', max: 120 };
const person: FieldKind = { kind: 'text', max: 64 };
const percent: FieldKind = { kind: 'number', min: 0, max: 100, unit: '%' };
const kw = (max: number): FieldKind => ({ kind: 'number', min: 0, max, unit: 'kW' });

/** What is asked for, by kind; whose it is comes from who applies. */
export const FORM_FIELDS: Readonly<Record<RegisteredKind, readonly FormField[]>> = {
  PRINCIPAL: [
    { path: 'id', look: token },
    { path: 'kind', look: { kind: 'choice', of: PRINCIPAL_KINDS.filter((kind) => kind !== 'PLATFORM') } },
    { path: 'name', look: name },
    { path: 'nameZh', look: name },
    { path: 'identity.creditCode', look: { kind: 'text', pattern: /^[0-9A-HJ-NPQRTUWXY]{18}$/ } },
    { path: 'identity.realName', look: person },
  ],
  STATION: [
    { path: 'id', look: token },
    { path: 'siteId', look: token },
    { path: 'name', look: name },
    { path: 'nameZh', look: name },
    { path: 'direction', look: { kind: 'choice', of: ['BOTH', 'WEST', 'EAST'] } },
    { path: 'gridRegion', look: { kind: 'choice', of: GRID_REGIONS } },
    { path: 'chainageM', look: { kind: 'number', min: 0, max: 10_000, unit: 'km' } },
    { path: 'lat', look: { kind: 'number', min: -90, max: 90, unit: '°' } },
    { path: 'lon', look: { kind: 'number', min: -180, max: 180, unit: '°' } },
    { path: 'bays', look: { kind: 'number', min: 1, max: 8, isWhole: true } },
    { path: 'slots', look: { kind: 'number', min: 2, max: 500, isWhole: true } },
    { path: 'chargerPowerW', look: kw(5_000) },
    { path: 'gridLimitW', look: kw(5_000) },
    { path: 'pvPeakW', look: kw(5_000) },
    { path: 'interfaceTypes', look: { kind: 'tokens' } },
    { path: 'targetSocPercent', look: percent },
    { path: 'maxSocPercent', look: percent },
  ],
  PACK: [
    { path: 'id', look: token },
    { path: 'typeCode', look: token },
    { path: 'initial.kind', look: { kind: 'choice', of: ['SLOT', 'TRUCK'] } },
    { path: 'initial.id', look: token },
    { path: 'initialSocPercent', look: percent },
    { path: 'initialSohPercent', look: percent },
  ],
  TRUCK: [
    { path: 'id', look: token },
    { path: 'plate', look: { kind: 'text', max: 16 } },
    { path: 'vin', look: { kind: 'text', exact: 17 } },
    { path: 'rfid', look: { kind: 'text', max: 64 } },
    { path: 'interfaceType', look: token },
    { path: 'tareMassKg', look: { kind: 'number', min: 0, max: 100_000, unit: 'kg' } },
    { path: 'initialChainageM', look: { kind: 'number', min: 0, max: 10_000, unit: 'km' } },
    { path: 'initialDirection', look: { kind: 'choice', of: ['WEST', 'EAST'] } },
    { path: 'initialOdometerM', look: { kind: 'number', min: 0, max: 10_000_000, unit: 'km' }, isOptional: true },
    { path: 'identity.ownerName', look: person },
    { path: 'identity.vehicleLicenceNo', look: { kind: 'text', pattern: /^\d{12}$/ } },
  ],
  DRIVER: [
    { path: 'id', look: token },
    { path: 'identity.realName', look: person },
    { path: 'identity.idNumber', look: { kind: 'text', exact: 18 } },
    { path: 'identity.phone', look: { kind: 'text', pattern: /^1[3-9]\d{9}$/ }, isOptional: true },
    { path: 'identity.licenceNo', look: { kind: 'text', pattern: /^\d{12}$/ }, isOptional: true },
    { path: 'idToken.idToken', look: { kind: 'text', max: 255 } },
    { path: 'truckIds', look: { kind: 'tokens' }, isOptional: true },
    { path: 'certifiedUntil', look: { kind: 'day' } },
  ],
};

/** Where the owner stands in the definition; a principal has none. */
const OWNER_FIELD: Readonly<Record<RegisteredKind, string | null>> = {
  PRINCIPAL: null,
  STATION: 'operatorId',
  PACK: 'ownerId',
  TRUCK: 'carrierId',
  DRIVER: 'carrierId',
};
/** What is not asked for, because it is always the same here. */
const FIXED: Readonly<Record<RegisteredKind, Readonly<Record<string, unknown>>>> = {
  PRINCIPAL: {},
  STATION: {},
  PACK: {},
  TRUCK: { replayed: false },
  // Replaced by the masked name of his identity data.
  DRIVER: { name: '-', 'idToken.type': 'ISO14443' },
};

const words = (text: string): string[] => [...new Set(text.split(/[\s,，、;；]+/))].filter((word) => word !== '');

/** What one typed unit is in the unit of the definition. */
const timesOf = (look: FieldKind): number => (look.kind === 'number' && look.unit !== undefined ? TYPED_UNITS[look.unit] : 1);

/** What a text means in its field; null: it cannot be right. */
function valueOf(look: FieldKind, text: string): unknown {
  switch (look.kind) {
    case 'token':
      return isToken(text) ? text : null;
    case 'tokens':
      return words(text).every(isToken) ? words(text) : null;
    case 'day':
      return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : null;
    case 'choice':
      return look.of.includes(text) ? text : null;
    case 'text': {
      const fits = text.length <= (look.max ?? Number.POSITIVE_INFINITY) && (look.exact === undefined || text.length === look.exact);
      return fits && (look.pattern === undefined || look.pattern.test(text)) ? text : null;
    }
    case 'number': {
      const value = Number(text);
      if (!Number.isFinite(value) || value < look.min || value > look.max || (look.isWhole === true && !Number.isInteger(value)))
        return null;
      return timesOf(look) === 1 ? value : Math.round(value * timesOf(look));
    }
  }
}

/**
 * The application that the form says.
 * @param ownerId whose it is to be; of a principal nobody
 * @returns the paths of what is missing or cannot be right, when there is any
 */
export function partyApplicationOf(
  kind: RegisteredKind,
  ownerId: string | null,
  entry: Readonly<Record<string, string>>,
): PartyApplication | { flaws: string[] } {
  const definition: Record<string, unknown> = {};
  const identity: Record<string, string> = {};
  const flaws: string[] = [];
  for (const { path, look, isOptional } of FORM_FIELDS[kind]) {
    const text = (entry[path] ?? (look.kind === 'choice' ? (look.of[0] ?? '') : '')).trim();
    if (text === '') {
      if (isOptional !== true) flaws.push(path);
      else if (look.kind === 'tokens') put(definition, path, []);
      continue;
    }
    const value = valueOf(look, text);
    if (value === null || (path === 'identity.idNumber' && !isIdentityNumber(text))) flaws.push(path);
    else if (path.startsWith('identity.')) identity[path.slice('identity.'.length)] = text;
    else put(definition, path, value);
  }
  if (flaws.length > 0) return { flaws };
  for (const [path, value] of Object.entries(FIXED[kind])) put(definition, path, value);
  const owner = OWNER_FIELD[kind];
  if (owner !== null) definition[owner] = ownerId;
  return Object.keys(identity).length === 0 ? { kind, definition } : { kind, definition, identity };
}

/** The form as an earlier application filled it; identity data and a driver's card are asked for again. */
export function entryOf(kind: RegisteredKind, definition: Readonly<Record<string, unknown>>): Record<string, string> {
  const entry: Record<string, string> = {};
  for (const { path, look } of FORM_FIELDS[kind]) {
    const value = at(definition, path);
    if (typeof value === 'number') entry[path] = String(value / timesOf(look));
    else if (typeof value === 'string') entry[path] = value;
    else if (Array.isArray(value)) entry[path] = value.join(' ');
  }
  return entry;
}

function put(into: Record<string, unknown>, path: string, value: unknown): void {
  const [head = '', rest] = path.split('.');
  if (rest === undefined) into[head] = value;
  else into[head] = { ...(into[head] as Record<string, unknown> | undefined), [rest]: value };
}

function at(from: Readonly<Record<string, unknown>>, path: string): unknown {
  const [head = '', rest] = path.split('.');
  const value = from[head];
  return rest === undefined || typeof value !== 'object' || value === null ? value : (value as Record<string, unknown>)[rest];
}
