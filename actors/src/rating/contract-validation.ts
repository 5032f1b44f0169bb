import type { BatteryRate, Contract } from '@corridor/protocols/network-file';
import type { Reference } from '../network/reference.ts';

/** Why an agreement cannot be approved; `text` names what is wrong where. */
export interface AgreementFinding {
  code:
    | 'PRINCIPAL_UNKNOWN'
    | 'PRINCIPAL_IS_CARRIER'
    | 'DATES_INVERTED'
    | 'TWICE'
    | 'ALLIANCE_UNKNOWN'
    | 'STATION_UNKNOWN'
    | 'GRID_OF_ANOTHER'
    | 'AMOUNT_NEGATIVE'
    | 'RANGE_INVERTED'
    | 'PACK_OF_ANOTHER';
  text: string;
}

/**
 * What the schema cannot see of a contract: who is named exists and can be paid, dates are in order, nothing is there twice.
 * Empty: valid.
 */
export function contractFindings(contract: Contract, reference: Reference): AgreementFinding[] {
  const { carrierId, validFrom, validUntil, allianceIds, billing, incentives = [], penalties = [] } = contract;
  const found: AgreementFinding[] = [];
  if (reference.principal(carrierId)?.kind !== 'CARRIER') found.push({ code: 'PRINCIPAL_UNKNOWN', text: `${carrierId} is no carrier` });
  if (validFrom > validUntil) found.push({ code: 'DATES_INVERTED', text: `from ${validFrom} until ${validUntil}` });
  for (const id of allianceIds) {
    if (reference.alliance(id) === undefined) found.push({ code: 'ALLIANCE_UNKNOWN', text: `alliance ${id} is not registered` });
  }
  found.push(...amountFindings('holdStepFen', contract.holdStepFen, 1n));
  if (billing?.mode === 'PER_SWAP') found.push(...amountFindings('price of a swap', billing.priceFen));
  if (billing !== undefined && billing.mode !== 'PER_KWH') found.push(...payeeFindings(reference, billing.issuerId, 'issuer'));
  if (billing?.mode === 'PACKAGE') found.push(...twiceFindings(billing.offers, 'offer'));
  found.push(...twiceFindings(incentives, 'incentive'));
  found.push(
    ...twiceFindings(
      penalties.map(({ kind }) => ({ id: kind })),
      'penalty',
    ),
  );
  for (const { id, funderId, when, validFrom: from, validUntil: until } of incentives) {
    found.push(...payeeFindings(reference, funderId, `funder of incentive ${id}`));
    if (from > until) found.push({ code: 'DATES_INVERTED', text: `incentive ${id} from ${from} until ${until}` });
    for (const [start, end] of when.hours ?? []) {
      if (end <= start) found.push({ code: 'RANGE_INVERTED', text: `incentive ${id} has hours from ${start} to ${end}` });
    }
  }
  return found;
}

/** A rate of a single pack must be its owner's. Empty: valid. */
export function batteryRateFindings({ ownerId, packId, sohSteps }: BatteryRate, reference: Reference): AgreementFinding[] {
  const found: AgreementFinding[] = [];
  if (packId !== undefined && reference.pack(packId)?.ownerId !== ownerId) {
    found.push({ code: 'PACK_OF_ANOTHER', text: `${packId} is not a pack of ${ownerId}` });
  }
  return [
    ...found,
    ...twiceFindings(
      sohSteps.map(({ minSohPercent }) => ({ id: `${minSohPercent} %` })),
      'SOH step',
    ),
  ];
}

/** What is paid to nobody's loss; a hold is rounded up to a multiple of its step. @param leastFen that is possible */
export const amountFindings = (what: string, amountFen: string, leastFen = 0n): AgreementFinding[] =>
  BigInt(amountFen) >= leastFen ? [] : [{ code: 'AMOUNT_NEGATIVE', text: `${what} is ${amountFen} fen, at least ${leastFen} is possible` }];

/** Issuers and funders have an income account, which a carrier has not. */
function payeeFindings(reference: Reference, principalId: string, as: string): AgreementFinding[] {
  const kind = reference.principal(principalId)?.kind;
  if (kind === undefined) return [{ code: 'PRINCIPAL_UNKNOWN', text: `${as} ${principalId} is not registered` }];
  return kind === 'CARRIER' ? [{ code: 'PRINCIPAL_IS_CARRIER', text: `${as} ${principalId} is a carrier` }] : [];
}

function twiceFindings(items: readonly { id: string }[], what: string): AgreementFinding[] {
  const seen = new Set<string>();
  const found: AgreementFinding[] = [];
  for (const { id } of items) {
    if (seen.has(id)) found.push({ code: 'TWICE', text: `${what} ${id} is there twice` });
    seen.add(id);
  }
  return found;
}
