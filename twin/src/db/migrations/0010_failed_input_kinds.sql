-- Not only an event can be what the writer fails on: a timer, a signal, an answer to a command, an act of a person can too.
alter table failed_input add column kind text not null default 'event', add column input text;
update failed_input set input = src || ' ' || boot_id || ' ' || seq;
alter table failed_input drop constraint failed_input_pkey;
alter table failed_input drop column src, drop column boot_id, drop column seq;
alter table failed_input alter column kind drop default, alter column input set not null;
-- `input` names it among those of its kind: for an event its source and number, for a timer its actor, name and instant.
alter table failed_input add primary key (platform_id, kind, input);
