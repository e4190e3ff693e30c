-- A change of hours that would leave patients standing says whom, and is taken back unless that was meant. Whoever stood there
-- before the change is known already. SCH-08.

-- Before hours change. Bookings lock their specialist, so each is seen here or refused by the new hours.
create or replace function app_private.lock_schedule(specialist app_public.specialists, leaves_stranded boolean) returns uuid[]
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.specialists
  where specialists.organization_id = (specialist).organization_id and specialists.id = (specialist).id
  for no key update;
  return case when not coalesce(leaves_stranded, false) then app_private.stranded_ids(specialist) end;
end;
$$;

comment on function app_private.lock_schedule is
  'Locks a specialist whose hours change; answers with whom require_nobody_stranded() knows already, null where stranding is meant.';
grant execute on function app_private.lock_schedule to app_engine;

create or replace function app_private.require_nobody_stranded(specialist app_public.specialists, known_before uuid[])
returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_count int;
  v_first jsonb;
begin
  if known_before is null then
    return;
  end if;
  select count(*), jsonb_agg(jsonb_build_object(
      'appointmentId', stranded.appointment_id, 'bookingRequestId', stranded.booking_request_id,
      'startsAt', stranded.starts_at, 'rule', stranded.rule, 'colleagueIds', stranded.colleague_ids)
    order by stranded.place) filter (where stranded.place <= 50)
  into v_count, v_first
  from (
    select visits.*, row_number() over (order by visits.starts_at) as place
    from app_private.stranded((specialist).organization_id, (specialist).id) as visits
    where coalesce(visits.appointment_id, visits.booking_request_id) <> all (known_before)
  ) as stranded;
  if v_count > 0 then
    perform app_hidden.refuse('CONFLICT', 'appointments_stranded', jsonb_build_object('count', v_count, 'appointments', v_first));
  end if;
end;
$$;

comment on function app_private.require_nobody_stranded is
  'CONFLICT appointments_stranded with the count and the first fifty of those whom lock_schedule() did not know; nothing for null.';
grant execute on function app_private.require_nobody_stranded to app_engine;

-- Who is stranded already, before hours change.
create or replace function app_private.stranded_ids(specialist app_public.specialists) returns uuid[]
language sql stable
set search_path = ''
return array(
  select coalesce(visits.appointment_id, visits.booking_request_id)
  from app_private.stranded((specialist).organization_id, (specialist).id) as visits);

comment on function app_private.stranded_ids is 'Appointments and requests of a specialist that are stranded now.';
grant execute on function app_private.stranded_ids to app_engine;
