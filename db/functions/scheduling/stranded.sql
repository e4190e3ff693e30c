-- Visits and requests to come that nobody could book any more: outside the hours as they are now, in a vacation, or of somebody
-- who was taken out of the calendar. What staff set aside when they booked is not asked again; notice, horizon and the grid
-- strand nobody. Asks the verdicts that booking asks. SCH-08.

create or replace function app_private.stranded(organization_id uuid, specialist_id uuid)
returns setof app_public.stranded_appointment
language sql stable
set search_path = ''
begin atomic
  select appointments.id, booking_requests.id, claims.calendar_id, lower(claims.during), upper(claims.during), broken.rule,
    array(
      select colleague.specialist_id
      from app_private.verdicts(claims.calendar_id, lower(claims.during)) as colleague
      where colleague.specialist_id <> claims.specialist_id and cardinality(colleague.rules) = 0
      order by colleague.specialist_id)
  from app_private.bookings_to_come(stranded.organization_id) as claims
  left join app_public.appointments
    on appointments.organization_id = claims.organization_id and appointments.claim_id = claims.id
    and claims.kind = 'appointment'
  left join app_public.booking_requests
    on booking_requests.organization_id = claims.organization_id and booking_requests.claim_id = claims.id
    and claims.kind = 'request'
  cross join lateral (
    select said.rule
    from unnest(
      app_private.switched_off(claims.organization_id, claims.calendar_id, claims.specialist_id, false)
      || coalesce((
        select verdict.rules
        from app_private.verdicts(
          claims.calendar_id, lower(claims.during), claims.specialist_id, claims.id,
          upper(claims.during) - lower(claims.during), claims.created_at) as verdict), '{}')
    ) with ordinality as said (rule, place)
    where said.rule in ('specialist_inactive', 'not_in_calendar', 'not_providing_service', 'outside_hours', 'closed')
      and said.rule <> all (coalesce(appointments.overridden_rules, '{}'))
    order by said.place
    limit 1
  ) as broken
  where claims.specialist_id = stranded.specialist_id
    and lower(claims.during) > app_hidden.now()
  order by lower(claims.during), claims.id;
end;

comment on function app_private.stranded is 'Visits and requests to come of a specialist whose time the rules no longer allow, earliest first.';
grant execute on function app_private.stranded to app_engine;
