-- What a carrier owes beside its swaps: rent by the month, and penalties of trucks that did not come or kept the bay. Bills of their own.

-- Incidents of trucks that their contracts have a penalty for: due until their charge is booked.
create table penalty_incident (
  platform_id text not null references platform,
  kind        text not null check (kind in ('NO_SHOW', 'OVERSTAY')),
  order_id    text not null,
  station_id  text not null,
  truck_id    text not null,
  carrier_id  text not null,
  -- Rated by the contract of this instant.
  rated_at    timestamptz not null,
  -- In the bay after the swap; null: it did not come.
  stayed_ms   bigint check (stayed_ms >= 0),
  incurred_at timestamptz not null,
  primary key (platform_id, kind, order_id),
  foreign key (platform_id, carrier_id) references principal
);

create table charge (
  platform_id text not null references platform,
  charge_id   text not null,
  kind        text not null check (kind in ('MONTHLY_RENT', 'NO_SHOW', 'OVERSTAY')),
  carrier_id  text not null,
  truck_id    text not null,
  station_id  text,
  order_id    text,
  contract_id text not null,
  -- Month, days and pack of a rent; instant and stay of a penalty.
  basis       json not null,
  payable_fen bigint not null check (payable_fen >= 0),
  booked_at   timestamptz not null,
  primary key (platform_id, charge_id),
  foreign key (platform_id, carrier_id) references principal,
  foreign key (platform_id, contract_id) references contract,
  check ((kind = 'MONTHLY_RENT') = (order_id is null))
);
create index charge_carrier on charge (platform_id, carrier_id, booked_at);
create index charge_time on charge (platform_id, booked_at);
create index charge_order on charge (platform_id, order_id) where order_id is not null;

create table charge_line (
  platform_id           text not null,
  charge_id             text not null,
  line_no               integer not null check (line_no >= 1),
  component             text not null,
  description           text not null,
  amount_fen            bigint not null,
  tax_rate_basis_points integer not null check (tax_rate_basis_points between 0 and 10000),
  beneficiary_id        text not null,
  derivation            text not null,
  primary key (platform_id, charge_id, line_no),
  foreign key (platform_id, charge_id) references charge
);

create table charge_entry (
  platform_id    text not null,
  charge_id      text not null,
  principal_id   text not null,
  role           text not null,
  gross_fen      bigint not null,
  commission_fen bigint not null,
  net_fen        bigint not null,
  booked_at      timestamptz not null,
  primary key (platform_id, charge_id, principal_id, role),
  foreign key (platform_id, charge_id) references charge
);
create index charge_entry_principal on charge_entry (platform_id, principal_id, booked_at);

create trigger penalty_incident_immutable before update or delete on penalty_incident for each row execute function refuse_change();
create trigger charge_immutable before update or delete on charge for each row execute function refuse_change();
create trigger charge_line_immutable before update or delete on charge_line for each row execute function refuse_change();
create trigger charge_entry_immutable before update or delete on charge_entry for each row execute function refuse_change();
create trigger penalty_incident_not_truncated before truncate on penalty_incident for each statement execute function refuse_change();
create trigger charge_not_truncated before truncate on charge for each statement execute function refuse_change();
create trigger charge_line_not_truncated before truncate on charge_line for each statement execute function refuse_change();
create trigger charge_entry_not_truncated before truncate on charge_entry for each statement execute function refuse_change();

-- To who pays, and who is paid; an incident also to the station.
create function caller_sees_charge(platform text, id text) returns boolean
  language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
  return caller_sees_all()
    or exists (select from charge c where c.platform_id = platform and c.charge_id = id and c.carrier_id = caller_principal())
    or exists (select from charge_entry e where e.platform_id = platform and e.charge_id = id and e.principal_id = caller_principal());
end $$;
alter table penalty_incident enable row level security;
alter table charge enable row level security;
alter table charge_line enable row level security;
alter table charge_entry enable row level security;
create policy read_own on penalty_incident for select to corridor_app
  using ((select caller_sees_all()) or carrier_id = caller_principal() or caller_owned(platform_id, 'STATION', station_id, incurred_at));
create policy read_own on charge for select to corridor_app using (caller_sees_charge(platform_id, charge_id));
create policy read_own on charge_line for select to corridor_app
  using ((select caller_sees_all()) or beneficiary_id = caller_principal()
         or exists (select from charge c where c.platform_id = charge_line.platform_id and c.charge_id = charge_line.charge_id
                       and c.carrier_id = caller_principal()));
create policy read_own on charge_entry for select to corridor_app using ((select caller_sees_all()) or principal_id = caller_principal());
grant select on penalty_incident, charge, charge_line, charge_entry to corridor_app;
