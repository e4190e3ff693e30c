-- The first free time that fits, taken. AUT-02. Days and hours are of the calendar's clock. A time that somebody else takes in the
-- meantime gives way to the next one, a few times.

create or replace function app_private.book_first_free(
  step app_private.action_step, calendar app_public.calendars, specialist_id uuid
) returns app_public.appointments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_from timestamptz;
  v_start timestamptz;
  v_claim app_private.time_claims;
  v_draft app_public.appointments;
begin
  perform app_private.patient_of_step(step);
  perform app_private.lock_to_book(calendar, book_first_free.specialist_id);
  select ((events.occurred_at at time zone calendar.timezone)::date + (step.config ->> 'afterDays')::int)
    at time zone calendar.timezone into strict v_from
  from app_private.events
  where events.organization_id = step.organization_id and events.id = step.event_id;
  v_draft.patient_profile_id := step.patient_profile_id;
  for v_start in
    select free.starts_at
    from app_private.free_starts(
      calendar.id, greatest(v_from, app_hidden.now()),
      v_from + make_interval(days => coalesce((step.config ->> 'withinDays')::int, 14)), book_first_free.specialist_id) as free
    cross join lateral (select free.starts_at at time zone calendar.timezone as at) as local
    where coalesce(step.config -> 'weekdays' ? ('{mon,tue,wed,thu,fri,sat,sun}'::text[])[extract(isodow from local.at)::int], true)
      and coalesce(local.at::time >= (step.config ->> 'from')::time, true)
      and coalesce(local.at::time < (step.config ->> 'until')::time, true)
    group by free.starts_at
    order by free.starts_at
    limit 5
  loop
    begin
      v_claim := null;
      v_claim.kind := 'appointment';
      v_claim.created_by := app_private.current_actor_id();
      v_claim := app_private.place_claim(calendar, v_start, book_first_free.specialist_id, v_claim);
      exit;
    exception
      when sqlstate 'RXSLT' then
        v_claim := null;
    end;
  end loop;
  if v_claim.id is null then
    return null;
  end if;
  return app_private.book(v_claim, v_draft, (step.config -> 'usePlan')::boolean);
end;
$$;

comment on function app_private.book_first_free is
  'Books a patient at the first start that the config of a step allows; null where none is free. Refuses as every booking does.';
grant execute on function app_private.book_first_free to app_engine;

create or replace function app_private.tell_front_desk(step app_private.action_step, calendar app_public.calendars) returns void
language sql volatile
set search_path = ''
as $$
  select app_private.notify_many(
    (step).organization_id, 'followup_not_booked', told.people,
    jsonb_build_object(
      'patientName', app_private.facts_of_step(step) ->> 'patientName',
      'serviceName', (
        select services.name from app_public.services
        where services.organization_id = (calendar).organization_id and services.id = (calendar).service_id)))
  from (
    select array_agg(row(null, staff.human_id, null, null, null, null, null)::app_private.message_recipient) as people
    from app_private.staff_who_may((step).organization_id, 'appointments.manage') as staff (human_id)
  ) as told
  where told.people is not null
$$;

comment on function app_private.tell_front_desk is 'Tells whoever books at the clinic that a visit could not be booked by itself.';
grant execute on function app_private.tell_front_desk to app_engine;
