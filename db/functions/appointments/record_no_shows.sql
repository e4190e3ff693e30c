-- Where a clinic says so, a visit that nobody started or closed counts as missed some time after its end. The worker calls it
-- every minute; after a standstill of days the next calls catch up. APT-01, APT-03.

set role app_engine;

create or replace function app_private.record_no_shows() returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_due uuid[];
  v_claims uuid[];
begin
  with due as (
    select appointments.id, appointments.claim_id
    from app_public.appointments
    join app_public.organizations on organizations.id = appointments.organization_id
    where appointments.status in ('booked', 'upcoming', 'confirmed')
      -- Where the index ends: what is still to come is not looked at.
      and appointments.starts_at < app_hidden.now()
      -- Never, where the clinic does not say after how long.
      and appointments.ends_at <= app_hidden.now() - make_interval(mins => organizations.no_show_after_minutes)
      and appointments.deleted_at is null
    order by appointments.starts_at
    limit 500
    for no key update of appointments skip locked
  )
  select coalesce(array_agg(due.id), '{}'), coalesce(array_agg(due.claim_id), '{}') into v_due, v_claims
  from due;

  -- At once, so that all their days are locked in the one order.
  perform app_private.release_claims(v_claims);
  update app_public.appointments set status = 'noshow' where appointments.id = any (v_due);
  return cardinality(v_due);
end;
$$;

comment on function app_private.record_no_shows is
  'Moves up to 500 visits that nobody came to, of clinics with noShowAfterMinutes, to noshow; returns how many.';
grant execute on function app_private.record_no_shows to app_worker;

reset role;
