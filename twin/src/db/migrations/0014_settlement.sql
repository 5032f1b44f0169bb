-- Settlement: who is settled when and with whom shares are split; statements that stay; corrections and disputes beside the
-- bills, which never change.

create table settlement_agreement (
  platform_id    text not null references platform,
  agreement_id   text not null,
  principal_id   text not null,
  effective_from date not null,
  state          text not null check (state in ('DRAFT', 'APPROVED', 'WITHDRAWN')),
  definition     jsonb not null,
  drafted_by     text not null,
  drafted_at     timestamptz not null,
  -- A second person.
  approved_by    text check (approved_by <> drafted_by),
  approved_at    timestamptz,
  primary key (platform_id, agreement_id),
  foreign key (platform_id, principal_id) references principal,
  check (state <> 'APPROVED' or approved_by is not null)
);
create unique index settlement_agreement_version on settlement_agreement (platform_id, principal_id, effective_from) where state = 'APPROVED';

-- CARRIED: it is below zero, and taken off the next one.
alter table statement drop constraint statement_state_check;
alter table statement add constraint statement_state_check check (state in ('OPEN', 'FROZEN', 'PAID', 'CARRIED', 'DISPUTED'));
alter table statement
  add column period       text not null check (period in ('T0', 'D1', 'W1', 'M1', 'M1_15')),
  add column agreement_id text,
  -- Not paid out before.
  add column payable_at   timestamptz not null;
-- Periods of a principal follow each other: none is closed twice.
create unique index statement_period on statement (platform_id, principal_id, period_from);
create index statement_open on statement (platform_id, payable_at) where state = 'FROZEN';

create function refuse_change_of_frozen() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' or old.content is distinct from new.content or old.content_hash is distinct from new.content_hash
     or old.total_fen <> new.total_fen or old.period_from <> new.period_from or old.period_until <> new.period_until
     or old.principal_id <> new.principal_id then
    raise exception 'statement % is frozen: % refused', old.statement_id, lower(tg_op)
      using errcode = 'restrict_violation', hint = 'a correction goes into the next period';
  end if;
  return new;
end $$;
create trigger statement_frozen before update or delete on statement for each row execute function refuse_change_of_frozen();
create trigger statement_not_truncated before truncate on statement for each statement execute function refuse_change();

-- What partners get of a statement (secondary clearing).
create table settlement_split (
  platform_id  text not null,
  statement_id text not null,
  rule_no      integer not null,
  partner_id   text not null,
  kind         text not null,
  -- Signed: negative is paid by the partner.
  amount_fen   bigint not null,
  derivation   text not null,
  -- Statement of the partner that it came into; null: it comes into the next one.
  included_in  text,
  primary key (platform_id, statement_id, rule_no, partner_id),
  foreign key (platform_id, statement_id) references statement,
  foreign key (platform_id, partner_id) references principal
);
create index settlement_split_partner on settlement_split (platform_id, partner_id) where included_in is null;

-- By what a bill changed afterwards.
create table correction (
  platform_id   text not null,
  correction_id text not null,
  order_id      text not null,
  carrier_id    text not null,
  cause         text not null check (cause in ('METER', 'DISPUTE')),
  dispute_id    text,
  reason        text not null,
  decided_by    text not null,
  -- Positive is paid by the carrier.
  payable_fen   bigint not null,
  booked_at     timestamptz not null,
  primary key (platform_id, correction_id),
  foreign key (platform_id, order_id) references swap_order
);
create index correction_order on correction (platform_id, order_id);
create index correction_time on correction (platform_id, booked_at);

create table correction_line (
  platform_id           text not null,
  correction_id         text not null,
  line_no               integer not null,
  -- Line of the bill that it changes.
  of_line_no            integer not null,
  component             text not null,
  leg                   text not null,
  description           text not null,
  quantity              bigint not null,
  unit                  text not null,
  unit_price_nano_yuan  bigint not null,
  amount_fen            bigint not null,
  tax_rate_basis_points integer not null,
  beneficiary_id        text not null,
  period                text,
  pack_id               text,
  derivation            text not null,
  primary key (platform_id, correction_id, line_no),
  foreign key (platform_id, correction_id) references correction
);

create table correction_entry (
  platform_id    text not null,
  correction_id  text not null,
  principal_id   text not null,
  role           text not null,
  gross_fen      bigint not null,
  commission_fen bigint not null,
  net_fen        bigint not null,
  booked_at      timestamptz not null,
  primary key (platform_id, correction_id, principal_id, role),
  foreign key (platform_id, correction_id) references correction
);
create index correction_entry_principal on correction_entry (platform_id, principal_id, booked_at);
create trigger correction_immutable before update or delete on correction for each row execute function refuse_change();
create trigger correction_line_immutable before update or delete on correction_line for each row execute function refuse_change();
create trigger correction_entry_immutable before update or delete on correction_entry for each row execute function refuse_change();

-- What the meter counted beside what was billed, of orders where they differ by more than is tolerated.
create table meter_difference (
  platform_id text not null references platform,
  order_id    text not null,
  metered_wh  bigint not null,
  billed_wh   bigint not null,
  nominal_wh  bigint not null,
  found_at    timestamptz not null,
  primary key (platform_id, order_id)
);

alter table dispute
  -- Party that it is raised for.
  add column principal_id  text not null,
  -- Texts and references, each with who added it and when.
  add column evidence      jsonb not null default '[]',
  add column correction_id text;
-- One open objection of a party to an order at a time.
create unique index dispute_open on dispute (platform_id, order_id, principal_id) where state = 'OPEN';
create index dispute_time on dispute (platform_id, raised_at desc, dispute_id desc);
