-- A day before, a booked appointment is upcoming: by time, not by anyone's hand. The worker calls it every minute;
-- after a standstill the next call catches up. APT-01.

set role app_engine;

create or replace function app_private.advance_appointments() returns int
language sql volatile security definer
set search_path = ''
begin atomic
  with due as (
    select appointments.id
    from app_public.appointments
    where appointments.status = 'booked'
      and appointments.starts_at <= app_hidden.now() + interval '24 hours'
      and appointments.deleted_at is null
    order by appointments.starts_at
    limit 1000
    for update skip locked
  ), advanced as (
    update app_public.appointments set status = 'upcoming'
    from due
    where appointments.id = due.id
    returning appointments.id
  )
  select count(*)::int from advanced;
end;

comment on function app_private.advance_appointments is 'Moves up to 1,000 booked appointments of the next 24 hours to upcoming; returns how many.';
grant execute on function app_private.advance_appointments to app_worker;

reset role;
