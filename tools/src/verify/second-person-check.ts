/** What two persons do was done by two. The database refuses it since migration 43: what is found is older, or written past it. */
export const SECOND_PERSON_CHECK: Readonly<Record<string, string>> = {
  'second-person': `
    select 'dispute ' || dispute_id || ' is ' || state || ' by ' || decided_by || ', who raised it' as detail
      from dispute where state in ('UPHELD', 'DISMISSED') and decided_by = raised_by
    union all
    select 'payment ' || payment_id || ' is approved by ' || approved_by || ', who drafted it' from payment where approved_by = requested_by
    union all
    select 'the account of ' || principal_id || ' is approved by ' || approved_by || ', who drafted it' from payment_receiver_draft where approved_by = drafted_by
    union all
    select kind || ' ' || agreement_id || ' is approved by ' || user_id || ', who drafted it'
      from agreement_approval a
      join (select platform_id, tariff_id as agreement_id, drafted_by, array['TIME_OF_USE', 'STATION_RATE', 'BATTERY_RATE'] as kinds from tariff
            union all select platform_id, contract_id, drafted_by, array['CONTRACT'] from contract
            union all select platform_id, alliance_id, drafted_by, array['ALLIANCE'] from alliance
            union all select platform_id, agreement_id, drafted_by, array['SETTLEMENT'] from settlement_agreement) d using (platform_id, agreement_id)
     where a.kind = any(d.kinds) and a.user_id = d.drafted_by`,
};
