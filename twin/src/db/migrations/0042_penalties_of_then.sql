-- A penalty is of whose the station was at the instant that it is rated by, who is paid for it; what is due of a carrier is asked for every few seconds.
drop policy read_own on penalty_incident;
create policy read_own on penalty_incident for select to corridor_app
  using ((select caller_sees_all()) or carrier_id = caller_principal() or caller_owned(platform_id, 'STATION', station_id, rated_at));
create index penalty_incident_due on penalty_incident (platform_id, carrier_id, incurred_at, order_id, kind);
create index penalty_incident_rated on penalty_incident (platform_id, carrier_id, rated_at);
