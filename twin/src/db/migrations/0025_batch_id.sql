-- Names the batch at which a position stands. A connection that broke during a commit leaves open whether it is committed; the number of
-- the batch alone cannot tell it from that of a second writer.
alter table ingest_position add column batch_id uuid;
