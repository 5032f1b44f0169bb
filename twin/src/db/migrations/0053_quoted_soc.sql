-- Which charge of the old pack a quote counts with, to the driver too: he is shown the price, and not the lines of it.
create or replace view seen_order with (security_barrier) as
  select platform_id, order_id, state, reason, initiation, station_id, bay_id, request_id, truck_id,
         case when caller_rights() in ('ALL', 'CARRIER', 'DRIVER') then driver_id end as driver_id, carrier_id, return_pack_id, issue_pack_id,
         case when caller_rights() in ('ALL', 'CARRIER', 'DRIVER') then quoted_fen end as quoted_fen,
         case when caller_rights() in ('ALL', 'CARRIER', 'DRIVER') then held_fen end as held_fen,
         case when caller_rights() in ('ALL', 'CARRIER', 'DRIVER') then payable_fen end as payable_fen,
         case when caller_rights() in ('ALL', 'CARRIER', 'DRIVER') then released_fen end as released_fen,
         case caller_rights()
           when 'BATTERY_OWNER' then case when caller_owned(platform_id, 'PACK', return_pack_id, created_at) then energy_in_wh end
           when 'STATION_OPERATOR' then case when caller_owned(platform_id, 'STATION', station_id, created_at) then energy_in_wh end
           else energy_in_wh end as energy_in_wh,
         case caller_rights()
           when 'BATTERY_OWNER' then case when caller_owned(platform_id, 'PACK', issue_pack_id, created_at) then energy_out_wh end
           when 'STATION_OPERATOR' then case when caller_owned(platform_id, 'STATION', station_id, created_at) then energy_out_wh end
           else energy_out_wh end as energy_out_wh,
         case when caller_rights() in ('ALL', 'CARRIER') then quote
              when caller_rights() = 'DRIVER' then json_build_object('soc', quote -> 'soc') end as quote,
         created_at, updated_at,
         (select w.state from swap w where w.platform_id = o.platform_id and w.order_id = o.order_id limit 1) as swap_state
    from swap_order o
   where (select caller_sees_all())
      or caller_has_order(platform_id, order_id, carrier_id, driver_id, station_id, array[return_pack_id, issue_pack_id], created_at);
