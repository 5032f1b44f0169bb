-- Where somebody is paid is changed by two persons: drafted by one, in force when another has approved it.
create table payment_receiver_draft (
  platform_id  text not null,
  principal_id text not null,
  channel      text not null,
  account      text not null,
  name         text not null,
  drafted_by   text not null,
  drafted_at   timestamptz not null,
  primary key (platform_id, principal_id, channel),
  foreign key (platform_id, principal_id) references principal
);
