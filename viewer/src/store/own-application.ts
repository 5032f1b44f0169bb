import { isIdentityNumber } from '@corridor/protocols/identity-number';

/** What a driver types when he registers, as it stands in the fields. */
export interface OwnEntry {
  realName: string;
  idNumber: string;
  phone: string;
  licenceNo: string;
  /** Day. */
  certifiedUntil: string;
  /** With spaces or commas between them. */
  plates: string;
}
export const OWN_FIELDS = ['realName', 'idNumber', 'phone', 'licenceNo', 'certifiedUntil', 'plates'] as const satisfies (keyof OwnEntry)[];
export const EMPTY_ENTRY: OwnEntry = { realName: '', idNumber: '', phone: '', licenceNo: '', certifiedUntil: '', plates: '' };

/** As the twin takes it. */
export interface OwnApplication {
  identity: { realName: string; idNumber: string; phone: string; licenceNo: string };
  certifiedUntil: string;
  plates: string[];
}

/** What was typed, without the spaces that people write into numbers. */
export function applicationOf(entry: OwnEntry): OwnApplication {
  const digits = (text: string): string => text.replaceAll(/[\s-]/g, '').toUpperCase();
  return {
    identity: {
      realName: entry.realName.trim(),
      idNumber: digits(entry.idNumber),
      phone: digits(entry.phone).replace(/^\+86/, ''),
      licenceNo: digits(entry.licenceNo),
    },
    certifiedUntil: entry.certifiedUntil,
    plates: [...new Set(entry.plates.toUpperCase().split(/[\s,，、;；]+/))].filter((plate) => plate !== ''),
  };
}

/** Fields that cannot be right. @param today local day */
export function flawsOf(entry: OwnEntry, today: string): (keyof OwnEntry)[] {
  const { identity, certifiedUntil, plates } = applicationOf(entry);
  const isGood: Readonly<Record<keyof OwnEntry, boolean>> = {
    realName: identity.realName !== '' && identity.realName.length <= 64,
    idNumber: isIdentityNumber(identity.idNumber),
    phone: /^1[3-9]\d{9}$/.test(identity.phone),
    licenceNo: /^\d{12}$/.test(identity.licenceNo),
    certifiedUntil: /^\d{4}-\d{2}-\d{2}$/.test(certifiedUntil) && certifiedUntil >= today,
    plates: plates.length > 0 && plates.length <= 20 && plates.every((plate) => plate.length <= 16),
  };
  return OWN_FIELDS.filter((field) => !isGood[field]);
}
