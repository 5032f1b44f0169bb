import type { PrincipalKind } from '@corridor/protocols/network-file';
import { ALL_RIGHTS, type Rights } from '../projection/rights.ts';

/** Whose bundle it is, and which span of time it covers. */
export interface BundleScope {
  readonly platformId: string;
  readonly principalId: string;
  readonly principalKind: PrincipalKind;
  /** UTC, included. */
  readonly from: string;
  /** UTC, not included. */
  readonly until: string;
}

/** The payer and the platform see whole bills; a recipient sees its own lines and share. */
export const seesWholeBill = ({ principalKind }: BundleScope): boolean => principalKind === 'CARRIER' || principalKind === 'PLATFORM';

/** As whom it is read. */
export const rightsOfParty = ({ principalKind, principalId }: BundleScope): Rights =>
  principalKind === 'PLATFORM' ? ALL_RIGHTS : { kind: principalKind, principalId };
