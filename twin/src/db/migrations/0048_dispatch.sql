-- What people send to gateways, and why; and what they write to trucks, stations and companies, with what became of it.
alter table outbox
  add column issued_by text,
  add column note      text;
update outbox set issued_by = payload::jsonb ->> 'issuedBy';
create index outbox_newest on outbox (platform_id, issued_at desc, command_id desc);
-- Subjects are evs.v1.<scope>.<station or truck>.<id>.cmd.<topic>.<verb>: whose the station or the truck was when it was sent reads of it.
drop policy read_platform on outbox;
create policy read_own on outbox for select to corridor_app
  using (caller_sees(platform_id, split_part(subject, '.', 4), split_part(subject, '.', 5), issued_at));

alter table notification
  -- Of what a person wrote: also the id of the command that shows it on a truck or at a station.
  add column message_id  text,
  add column sent_by     text,
  -- The platform or the company for whom it was written.
  add column sent_for    text,
  -- Station that the truck is advised to go to.
  add column station_id  text,
  add column read_by     text,
  add column answer      text check (answer in ('ACCEPTED', 'DECLINED')),
  add column answered_at timestamptz,
  add column answered_by text,
  add constraint notification_message check ((message_id is null) = (sent_by is null) and (sent_by is null) = (sent_for is null)),
  add constraint notification_answer check ((answer is null) = (answered_at is null) and (answer is null) = (answered_by is null)
                                            and (answer is null or station_id is not null));
create unique index notification_message_id on notification (platform_id, message_id) where message_id is not null;
create index notification_sent_for on notification (platform_id, sent_for, notification_no desc) where sent_for is not null;
drop policy read_own on notification;
create policy read_own on notification for select to corridor_app
  using ((select caller_sees_all()) or recipient = 'principal:' || caller_principal() or recipient = 'driver:' || caller_driver()
         or sent_for = caller_principal()
         or (split_part(recipient, ':', 1) in ('truck', 'station') and caller_sees(platform_id, split_part(recipient, ':', 1), split_part(recipient, ':', 2), null)));
