import type { Db } from '../db/db.ts';
import { visibleOrders } from '../projection/order-parties.ts';
import { subjectOf } from '../projection/rights.ts';
import { type BundleScope, rightsOfParty, seesWholeBill } from './bundle-party.ts';

type Definition = Record<string, unknown>;
export interface BundleAgreements {
  readonly contracts: readonly Definition[];
  readonly stationRates: readonly Definition[];
  readonly tariffs: readonly Definition[];
  readonly batteryRates: readonly Definition[];
}

/** What a recipient must know of a contract between others: how its own lines are split, taxed and charged commission. */
const OF_RECIPIENTS = [
  'id',
  'validFrom',
  'validUntil',
  'splitRule',
  'commissionServiceBasisPoints',
  'commissionRentBasisPoints',
  'commission',
  'tax',
];

/** Agreements that bills of the span name or were made by, as the party may see them. */
export async function bundleAgreements(db: Db, scope: BundleScope): Promise<BundleAgreements> {
  const { platformId, principalId, principalKind, from, until } = scope;
  const all = principalKind === 'PLATFORM';
  const rights = rightsOfParty(scope);
  const values = [platformId, subjectOf(rights), from, until];
  // Of bills, and of bills that were corrected; so of charges.
  const named = (
    column: string,
    and = '',
  ) => `(select b.basis ->> '${column}' from order_basis b join swap_order o using (platform_id, order_id)
       where b.platform_id = $1 and (b.billed_at >= $3 and b.billed_at < $4 or exists (select from correction k where k.platform_id = b.platform_id and k.order_id = b.order_id
                                                                     and k.booked_at >= $3 and k.booked_at < $4))
         ${visibleOrders(rights)} ${and})`;
  const definitions = async (text: string, given: readonly unknown[]): Promise<Definition[]> =>
    (await db.query<{ definition: Definition }>({ text, values: [...given] })).rows.map(({ definition }) => definition);
  const contracts = await definitions(
    `select definition from contract where platform_id = $1 and (contract_id in ${named('contractId')}
       or contract_id in (select h.contract_id from charge h where h.platform_id = $1
                           and (h.booked_at >= $3 and h.booked_at < $4 or exists (select from correction k where k.platform_id = h.platform_id
                                                                                  and k.charge_id = h.charge_id and k.booked_at >= $3 and k.booked_at < $4))
                           and ($5 or h.carrier_id = $2 or exists (select from charge_entry e where e.platform_id = h.platform_id
                                                                    and e.charge_id = h.charge_id and e.principal_id = $2)))) order by contract_id`,
    [...values, all],
  );
  // Rates of a station are the business of who pays them and of its operator, and the owner's rate card none of stations.
  const atOwn = `and exists (select from clearing_entry c where c.platform_id = b.platform_id and c.order_id = b.order_id
                               and c.principal_id = $2 and c.role = 'STATION_OPERATOR')`;
  const tariffsBy = (column: string) =>
    definitions(
      `select definition from tariff where platform_id = $1 and tariff_id in ${named(column, seesWholeBill(scope) ? '' : atOwn)} order by tariff_id`,
      values,
    );
  return {
    contracts: contracts.map((contract) => (seesWholeBill(scope) ? contract : partOf(contract, principalId))),
    stationRates: await tariffsBy('stationRateId'),
    tariffs: await tariffsBy('tariffId'),
    batteryRates: await definitions(
      `select definition from tariff where platform_id = $1 and kind = 'BATTERY_RATE' and ($2 or definition ->> 'ownerId' = $3)
          and state <> 'DRAFT' and effective_from <= $4::timestamptz::date + 1 order by tariff_id`,
      [platformId, all, principalId, until],
    ),
  };
}

/** Beside that, the party's own offers in it: a mode that it issues, discounts that it funds. */
function partOf(contract: Definition, principalId: string): Definition {
  const common = Object.fromEntries(OF_RECIPIENTS.filter((name) => name in contract).map((name) => [name, contract[name]]));
  const { billing, incentives } = contract as { billing?: { issuerId?: string }; incentives?: { funderId?: string }[] };
  const funded = (incentives ?? []).filter(({ funderId }) => funderId === principalId);
  return { ...common, ...(billing?.issuerId === principalId ? { billing } : {}), ...(funded.length > 0 ? { incentives: funded } : {}) };
}
