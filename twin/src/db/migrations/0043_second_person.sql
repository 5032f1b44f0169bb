-- What two persons do is done by two, whoever writes the row: the twin refuses it before. Rows of before stay as they are, and
-- `npm run verify` tells of them (`second-person`). Who objected withdraws his objection himself.
alter table dispute add constraint dispute_second_person
  check (state not in ('UPHELD', 'DISMISSED') or decided_by <> raised_by) not valid;
alter table payment add constraint payment_second_person check (approved_by <> requested_by) not valid;
alter table payment_receiver_draft add constraint receiver_second_person check (approved_by <> drafted_by) not valid;
alter table tariff add constraint tariff_second_person check (approved_by <> drafted_by) not valid;
alter table contract add constraint contract_second_person check (approved_by <> drafted_by) not valid;
alter table alliance add constraint alliance_second_person check (approved_by <> drafted_by) not valid;

-- Each party of an agreement approves it by a row of its own.
create function refuse_approval_by_drafter() returns trigger language plpgsql as $$
begin
  if new.user_id in (
    select drafted_by from tariff where new.kind in ('TIME_OF_USE', 'STATION_RATE', 'BATTERY_RATE') and platform_id = new.platform_id and tariff_id = new.agreement_id
    union all select drafted_by from contract where new.kind = 'CONTRACT' and platform_id = new.platform_id and contract_id = new.agreement_id
    union all select drafted_by from alliance where new.kind = 'ALLIANCE' and platform_id = new.platform_id and alliance_id = new.agreement_id
    union all select drafted_by from settlement_agreement where new.kind = 'SETTLEMENT' and platform_id = new.platform_id and agreement_id = new.agreement_id
  ) then
    raise exception '% % is not approved by %, who drafted it', new.kind, new.agreement_id, new.user_id using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger agreement_approval_second_person before insert on agreement_approval for each row execute function refuse_approval_by_drafter();
