-- What people count on: appointments and open requests whose time is not over. Whatever they rely on is not removed
-- under them. SPC-06, FND-10.

create or replace function app_private.bookings_to_come(organization_id uuid) returns setof app_private.time_claims
language sql stable
set search_path = ''
begin atomic
  -- As a whole, so that a column that is added later comes along.
  select time_claims
  from app_private.time_claims
  where time_claims.organization_id = bookings_to_come.organization_id
    and time_claims.kind in ('appointment', 'request')
    and time_claims.released_at is null
    and upper(time_claims.during) > app_hidden.now();
end;

comment on function app_private.bookings_to_come is 'Claims of appointments and open requests of a clinic that are not over.';
grant execute on function app_private.bookings_to_come to app_engine;
