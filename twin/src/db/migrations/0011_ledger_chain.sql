-- What the books are proved by: a chain of hashes that nobody edits, and what each bill was made of.

create trigger ledger_batch_immutable before update or delete on ledger_batch
  for each row execute function refuse_change();
create trigger ledger_batch_not_truncated before truncate on ledger_batch
  for each statement execute function refuse_change();
create index transfer_batch on transfer (platform_id, partition_no, batch_no, transfer_no);

-- A bill is computed again from this and from the agreements that it names.
create table order_basis (
  platform_id text not null,
  order_id    text not null,
  -- Legs as measured with their lots and frozen rents, contract, rates and the instant of their prices.
  basis       json not null,
  billed_at   timestamptz not null,
  primary key (platform_id, order_id),
  foreign key (platform_id, order_id) references swap_order
);
create trigger order_basis_immutable before update or delete on order_basis
  for each row execute function refuse_change();
create trigger order_basis_not_truncated before truncate on order_basis
  for each statement execute function refuse_change();
create trigger order_line_immutable before update or delete on order_line
  for each row execute function refuse_change();
create trigger order_line_not_truncated before truncate on order_line
  for each statement execute function refuse_change();
