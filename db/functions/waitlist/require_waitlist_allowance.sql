-- How often one visitor or network joins in an hour and a day, how often one person waits at a clinic, and how many wait in a
-- calendar. No answer depends on who else waits: that an address waits already is told to nobody, so of one address many entries
-- may stand, and it is offered one time at once (waitlist_match). SCH-10, FND-35.
-- The caller has locked the waitlists of the clinic. Locks as for requests: visitor first, then address.

create or replace function app_private.require_waitlist_allowance(entry app_public.waitlist_entries) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  c_of_a_person constant int := 5;
  c_of_a_calendar constant int := 500;
  v_now timestamptz := app_hidden.now();
  v_limit app_private.visitor_limits;
  v_joined timestamptz[];
  v_free_at timestamptz;
begin
  for v_limit in
    select visitor_limits.*
    from app_private.visitor_limits
    where visitor_limits.name = 'waitlist_visitor' and entry.visitor_id is not null
      or visitor_limits.name = 'waitlist_address' and entry.address is not null
    order by visitor_limits.name desc
  loop
    if v_limit.name = 'waitlist_visitor' then
      perform pg_advisory_xact_lock(hashtextextended('waits of visitor:' || entry.visitor_id, 0));
      v_joined := array(
        select waitlist_entries.created_at from app_public.waitlist_entries
        where waitlist_entries.visitor_id = entry.visitor_id and waitlist_entries.created_at > v_now - interval '1 day'
        order by waitlist_entries.created_at desc limit v_limit.per_day);
    else
      perform pg_advisory_xact_lock(hashtextextended('waits of address:' || entry.address, 0));
      v_joined := array(
        select waitlist_entries.created_at from app_public.waitlist_entries
        where waitlist_entries.address = entry.address and waitlist_entries.created_at > v_now - interval '1 day'
        order by waitlist_entries.created_at desc limit v_limit.per_day);
    end if;
    v_free_at := greatest(
      v_joined[v_limit.per_day] + interval '1 day',
      case when v_joined[v_limit.per_hour] > v_now - interval '1 hour' then v_joined[v_limit.per_hour] + interval '1 hour' end);
    if v_free_at is not null then
      perform app_hidden.refuse('RATE_LIMITED', 'too_many_waits', jsonb_build_object(
        'retryAfterSeconds', greatest(ceil(extract(epoch from v_free_at - v_now)), 1)));
    end if;
  end loop;

  if c_of_a_person <= (
    select count(*) from app_public.waitlist_entries
    where waitlist_entries.organization_id = entry.organization_id and waitlist_entries.status in ('waiting', 'offered')
      and case when entry.patient_profile_id is null then waitlist_entries.visitor_id = entry.visitor_id
        else waitlist_entries.patient_profile_id = entry.patient_profile_id end
  ) then
    perform app_hidden.refuse('CONFLICT', 'waits_too_often', jsonb_build_object('limit', c_of_a_person));
  elsif c_of_a_calendar <= (
    select count(*) from app_public.waitlist_entries
    where waitlist_entries.organization_id = entry.organization_id and waitlist_entries.calendar_id = entry.calendar_id
      and waitlist_entries.status in ('waiting', 'offered')
  ) then
    perform app_hidden.refuse('CONFLICT', 'waitlist_is_full', jsonb_build_object('limit', c_of_a_calendar));
  end if;
end;
$$;

comment on function app_private.require_waitlist_allowance is
  'RATE_LIMITED too_many_waits; CONFLICT waits_too_often of one person at a clinic, waitlist_is_full of a calendar.';
grant execute on function app_private.require_waitlist_allowance to app_engine;
