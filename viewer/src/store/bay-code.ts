/** A bay as its QR code names it. */
export interface BayCode {
  stationId: string;
  bayId: string;
}

const BAY = /^([A-Za-z0-9_-]{1,60})-[Bb](\d{1,2})$/;
const LINK = /#\/?bay\/([A-Za-z0-9_-]{1,64})$/;

/** Text of the QR code at a bay: an address, so that a phone's own camera opens the page at that bay. */
export const bayLink = (origin: string, bayId: string): string => `${origin}/${hashOfBayLink(bayId)}`;
export const hashOfBayLink = (bayId: string): string => `#/bay/${bayId}`;

/** What a QR code or a typed text says; null: it names no bay. Typed ids may be in small letters. */
export function bayOfCode(text: string): BayCode | null {
  const trimmed = text.trim();
  const id = LINK.exec(trimmed)?.[1] ?? trimmed;
  const [, station, number] = BAY.exec(id) ?? [];
  if (station === undefined || number === undefined) return null;
  const stationId = station.toUpperCase();
  return { stationId, bayId: `${stationId}-B${Number(number)}` };
}

/** @param hash of the address: a phone's camera opened it */
export const bayFromHash = (hash: string): BayCode | null => (LINK.test(hash) ? bayOfCode(hash) : null);
