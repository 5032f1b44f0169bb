-- What the writer writes with every event. Each batch first moves the row of its platform in `ingest_position`, in the same transaction
-- and for all of its rows: to look the platform up again for each row found nothing out and took a third of the writing.
alter table swap_event drop constraint swap_event_platform_id_fkey;
alter table swap drop constraint swap_platform_id_fkey;
alter table swap_order drop constraint swap_order_platform_id_fkey;
alter table reservation drop constraint reservation_platform_id_fkey;
alter table energy_lot drop constraint energy_lot_platform_id_fkey;
alter table custody drop constraint custody_platform_id_fkey;
alter table alarm drop constraint alarm_platform_id_fkey;
alter table outbox drop constraint outbox_platform_id_fkey;
alter table actor_snapshot drop constraint actor_snapshot_platform_id_fkey;
alter table source_position drop constraint source_position_platform_id_fkey;
alter table ledger_batch drop constraint ledger_batch_platform_id_fkey;

-- Rows that change at every step of a swap: with room on their page, the new version needs no new entry in any index.
alter table swap set (fillfactor = 60);
alter table swap_order set (fillfactor = 60);
alter table account set (fillfactor = 40);
alter table source_position set (fillfactor = 40);
alter table ingest_position set (fillfactor = 40);
alter table actor_snapshot set (fillfactor = 60);
