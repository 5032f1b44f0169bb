-- What the platform sends back of a carrier's balance is drafted by one person and begun when another, or the carrier, approves it.
alter table payment drop constraint payment_state_check;
alter table payment add constraint payment_state_check check (state in ('DRAFTED', 'REQUESTED', 'CONFIRMED', 'CLOSED', 'FAILED'));
alter table payment add column approved_by text;

-- A change of where somebody is paid is in force some time after its approval, wall time: until then its principal may say no.
alter table payment_receiver_draft add column approved_by text;
alter table payment_receiver_draft add column effective_at timestamptz;
alter table payment_receiver_draft add check ((approved_by is null) = (effective_at is null));
