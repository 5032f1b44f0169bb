-- Billing modes beside per kWh: prepaid packages have an account a carrier, offers an issuer and incentives a funder.

alter table account drop constraint account_kind_check;
alter table account add constraint account_kind_check
  check (kind in ('PREPAID', 'HELD', 'DEPOSIT', 'PACKAGE', 'INCOME', 'CLEARING', 'RAIL'));

alter table transfer drop constraint transfer_kind_check;
alter table transfer add constraint transfer_kind_check
  check (kind in ('TOP_UP', 'ENERGY_DEPOSIT', 'ENERGY_DEPOSIT_REFUND', 'HOLD', 'RELEASE', 'PACKAGE_PURCHASE', 'PACKAGE_EXPIRY',
                  'SWAP_EXPENSE', 'SWAP_INCOME', 'COMMISSION', 'CORRECTION', 'REFUND', 'PENALTY', 'SETTLEMENT_OUT'));

alter table clearing_entry drop constraint clearing_entry_role_check;
alter table clearing_entry add constraint clearing_entry_role_check
  check (role in ('STATION_OPERATOR', 'BATTERY_OWNER', 'ISSUER', 'FUNDER', 'PLATFORM'));

-- Money of packages that were bought and are not used yet.
insert into account (platform_id, account_id, principal_id, kind, floor_fen, opened_at)
select platform_id, principal_id || '_package', principal_id, 'PACKAGE', 0, registered_at
  from principal where kind = 'CARRIER'
on conflict do nothing;
