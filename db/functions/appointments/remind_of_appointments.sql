-- Patients are reminded of what is near, by the clinic's clock: what would be due in the night leaves in the last quarter of an
-- hour before it, and nothing leaves outside the hours. The worker calls it every five minutes; after a standstill the
-- reminder that fits best is sent, and none of a visit that has begun or was booked later than it would have left. APT-08.

set role app_engine;

create or replace function app_private.remind_of_appointments() returns int
language sql volatile security definer
set search_path = ''
begin atomic
  with reminding as (
    select organizations.id, chosen.minutes_before,
      -- Whatever starts before is due now.
      case when local.time >= organizations.reminders_until - interval '15 minutes'
        then (local.date + 1 + organizations.reminders_from) at time zone organizations.timezone
        else app_hidden.now()
      end + make_interval(mins => chosen.minutes_before) as until
    from app_public.organizations
    cross join lateral (
      select (app_hidden.now() at time zone organizations.timezone)::date,
             (app_hidden.now() at time zone organizations.timezone)::time
    ) as local (date, time)
    cross join lateral unnest(organizations.reminder_minutes) as chosen (minutes_before)
    where organizations.deleted_at is null
      and local.time >= organizations.reminders_from and local.time < organizations.reminders_until
  ), due as (
    select distinct on (appointments.organization_id, appointments.id)
      appointments.organization_id, appointments.id, appointments.starts_at, reminding.minutes_before
    from reminding
    join app_public.appointments
      on appointments.organization_id = reminding.id
      and appointments.status in ('booked', 'upcoming', 'confirmed')
      and appointments.starts_at > app_hidden.now() and appointments.starts_at <= reminding.until
      and appointments.created_at < appointments.starts_at - make_interval(mins => reminding.minutes_before)
      and appointments.deleted_at is null
    left join app_private.appointment_reminders as earlier
      on earlier.organization_id = appointments.organization_id and earlier.appointment_id = appointments.id
      and earlier.starts_at = appointments.starts_at
    where earlier.minutes_before is null or earlier.minutes_before > reminding.minutes_before
    order by appointments.organization_id, appointments.id, reminding.minutes_before
    limit 1000
  ), locked as (
    -- Whoever else tells of many appointments locks their rows first, too, so nobody waits in a circle.
    select due.*
    from due
    join app_public.appointments
      on appointments.organization_id = due.organization_id and appointments.id = due.id
      and appointments.starts_at = due.starts_at and appointments.status in ('booked', 'upcoming', 'confirmed')
    for no key update of appointments skip locked
  ), reminded as (
    insert into app_private.appointment_reminders as known (organization_id, appointment_id, starts_at, minutes_before, reminded_at)
    select locked.organization_id, locked.id, locked.starts_at, locked.minutes_before, app_hidden.now()
    from locked
    on conflict on constraint appointment_reminders_pkey do update
      set starts_at = excluded.starts_at, minutes_before = excluded.minutes_before, reminded_at = excluded.reminded_at
      -- Of two workers at once the second finds it done.
      where (known.starts_at, known.minutes_before) is distinct from (excluded.starts_at, excluded.minutes_before)
    returning known.organization_id, known.appointment_id, known.minutes_before
  )
  select count(app_private.publish(
    'appointment.reminder_due', reminded.organization_id, reminded.appointment_id,
    jsonb_build_object('appointmentId', reminded.appointment_id, 'minutesBefore', reminded.minutes_before)))::int
  from reminded;
end;

comment on function app_private.remind_of_appointments is
  'Publishes appointment.reminder_due for up to 1,000 appointments whose reminder is due; returns how many.';
grant execute on function app_private.remind_of_appointments to app_worker;

reset role;
