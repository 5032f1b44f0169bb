import type { BillingOf, PackageOffer } from '@corridor/protocols/agreement/billing';
import type { Contract } from '@corridor/protocols/network-file';
import type { Trial } from './draft-reference.ts';

/**
 * A draft that sells other packages than were sold: which of them the carrier would have bought, and what of them it would have let
 * expire, nobody knows, so its swaps have no price under it. A draft with the packages of before keeps what was drawn of them.
 */
export function isWithoutPackages({ before, tried }: Trial, carrierId: string, onDate: string): boolean {
  const draft = packagesOf(tried.contractOf(carrierId, onDate));
  if (draft === null) return false;
  const sold = packagesOf(before.contractOf(carrierId, onDate));
  return sold === null || sold.issuerId !== draft.issuerId || !haveSameOffers(sold.offers, draft.offers);
}

const packagesOf = (contract: Contract | undefined): BillingOf<'PACKAGE'> | null =>
  contract?.billing?.mode === 'PACKAGE' ? contract.billing : null;

const haveSameOffers = (sold: readonly PackageOffer[], draft: readonly PackageOffer[]): boolean =>
  sold.length === draft.length && sold.every((offer) => draft.some((other) => isSameOffer(offer, other)));

const isSameOffer = (one: PackageOffer, other: PackageOffer): boolean =>
  one.id === other.id &&
  one.unit === other.unit &&
  one.quantity === other.quantity &&
  one.priceFen === other.priceFen &&
  one.validDays === other.validDays;
