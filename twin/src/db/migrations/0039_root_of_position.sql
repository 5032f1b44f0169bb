-- The writer's position knows the last root of the ledger's chain, which moves with it: a batch needs not look for it.
alter table ingest_position add column ledger_root bytea;
update ingest_position p set ledger_root = (
  select root from ledger_batch b where b.platform_id = p.platform_id and b.partition_no = 0 order by batch_no desc limit 1)
 where p.stream = 'EVT';

-- An index over the state costs every change of an order a new entry in all of its indexes. Who reads orders by their state reads them by
-- time too (lists), or all of them (the counts at a start).
drop index swap_order_open;

-- The last place of a pack is looked for by both.
drop index custody_pack;
create index custody_pack on custody (platform_id, pack_id, since, custody_no);

-- The writer writes no other lane than its own, in each of its transactions, and reading a check takes as long as moving the position.
alter table source_position drop constraint source_position_lane_check;
