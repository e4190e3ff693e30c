-- What bookings rely on stays until they are over, cancelled or moved. FND-10.

create or replace function app_private.require_nothing_to_come(bookings bigint) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if bookings > 0 then
    perform app_hidden.refuse('CONFLICT', 'has_future_appointments', jsonb_build_object('count', bookings));
  end if;
end;
$$;

comment on function app_private.require_nothing_to_come is 'CONFLICT has_future_appointments with their count, unless it is zero.';
grant execute on function app_private.require_nothing_to_come to app_engine;
