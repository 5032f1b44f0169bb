-- What came of an act of a person: entries were written for what was refused too, and did not say so.
alter table audit_log
  -- Null of entries from before this was noted.
  add column outcome text check (outcome in ('DONE', 'REFUSED')),
  -- The answer by its code.
  add column code    text;
-- Of the acts that are written in their own transaction only what was done is written.
alter table audit_log alter column outcome set default 'DONE';

-- A request that was refused may be made again by its key. Before, it was written without one.
drop index audit_log_request;
create unique index audit_log_request on audit_log (platform_id, user_id, request_id)
  where request_id is not null and outcome is distinct from 'REFUSED';
