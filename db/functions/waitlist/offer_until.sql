-- Until when an offer lasts: the clinic's minutes, counted within the hours in which it writes to people, so that a night does not
-- eat them; and never past the notice of the start, so that the time can still go to somebody else. Null outside those
-- hours, where too little is left to answer, and of a clinic that takes no bookings. SCH-10.

create or replace function app_private.offer_until(organization_id uuid, last_moment timestamptz, by_hand boolean default false)
returns timestamptz
language sql stable
set search_path = ''
begin atomic
  with clinic as (
    select organizations.waitlist_offer_minutes as minutes, organizations.timezone, organizations.reminders_from as opens,
      organizations.reminders_until as closes, app_hidden.now() as now, (app_hidden.now() at time zone organizations.timezone) as local
    from app_public.organizations
    where organizations.id = offer_until.organization_id
      and organizations.deleted_at is null and organizations.activated_at is not null
  ),
  awake as (
    select greatest((clinic.local::date + n + clinic.opens) at time zone clinic.timezone, clinic.now) as begins,
      (clinic.local::date + n + clinic.closes) at time zone clinic.timezone as ends
    from clinic
    cross join generate_series(0, 14) as n
  ),
  counted as (
    select awake.begins, awake.ends, sum(awake.ends - awake.begins) over (order by awake.begins) as upto
    from awake
    where awake.ends > awake.begins
  ),
  lasting as (
    select least(
      coalesce(
        (select min(counted.ends - (counted.upto - make_interval(mins => clinic.minutes)))
         from counted where counted.upto >= make_interval(mins => clinic.minutes)),
        (select max(counted.ends) from counted)),
      offer_until.last_moment) as until, clinic.now
    from clinic
    where offer_until.by_hand or clinic.local::time >= clinic.opens and clinic.local::time < clinic.closes
  )
  select lasting.until from lasting where lasting.until >= lasting.now + interval '15 minutes';
end;

comment on function app_private.offer_until is
  'When an offer that is made now ends, at last_moment at the latest; null where none can be made. By hand at any hour.';
grant execute on function app_private.offer_until to app_engine;
