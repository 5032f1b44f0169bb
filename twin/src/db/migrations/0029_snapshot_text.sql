-- Actors at rest are JSON to the program only: nothing looks inside them here. As text they are stored as they come, where `json` was read
-- once more at each write, and what is written again a moment later is not compressed first. Those beyond 8 kB go to the side table.
alter table actor_snapshot
  alter column value type text using value::text,
  alter column context type text using context::text,
  alter column due type text using due::text;
alter table actor_snapshot alter column context set storage external;
alter table actor_snapshot set (toast_tuple_target = 8160);
