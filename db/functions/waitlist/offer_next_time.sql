-- One free time goes to the next in line, in a transaction of its own: the worker asks again until there is none. Killed in between, it
-- leaves whole offers behind and goes on from what is there. Nobody but the listing says what is free, so after an outage
-- nothing that has passed is offered. SCH-10.

set role app_engine;

create or replace function app_private.offer_next_time(organization_id uuid) returns uuid
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_match record;
  v_entry app_public.waitlist_entries;
  v_calendar app_public.calendars;
  v_until timestamptz;
  v_passed_over uuid[] := '{}';
  v_offer app_public.waitlist_offers;
begin
  if app_private.is_suspended(offer_next_time.organization_id)
    or app_private.offer_until(offer_next_time.organization_id, 'infinity') is null then
    return null;
  end if;
  perform app_private.lock_waitlist(offer_next_time.organization_id);
  loop
    select m.* into v_match from app_private.waitlist_match(offer_next_time.organization_id, v_passed_over) as m;
    if v_match.waitlist_entry_id is null then
      return null;
    end if;
    select waitlist_entries.* into strict v_entry from app_public.waitlist_entries where waitlist_entries.id = v_match.waitlist_entry_id;
    select calendars.* into strict v_calendar from app_public.calendars where calendars.id = v_match.calendar_id;
    v_until := app_private.offer_until(
      v_entry.organization_id, v_match.starts_at - make_interval(mins => v_calendar.notice_minutes));
    begin
      v_offer := app_private.make_offer(v_entry, v_calendar, v_match.starts_at, v_match.specialist_id, v_until);
      return v_offer.id;
    -- Somebody was faster than the waitlist, or a rule changed since it was read.
    exception when sqlstate 'RXSLT' or sqlstate 'RX400' or sqlstate 'RX410' then
      v_passed_over := v_passed_over || v_entry.id;
    end;
  end loop;
end;
$$;

comment on function app_private.offer_next_time is 'Offers one free time to the next in line; the id of the offer, or null when there is none to make.';
grant execute on function app_private.offer_next_time to app_worker;

-- Where somebody waits.
create or replace function app_private.due_waitlists() returns setof uuid
language sql stable security definer
set search_path = ''
begin atomic
  select distinct waitlist_entries.organization_id
  from app_public.waitlist_entries
  where waitlist_entries.status in ('waiting', 'offered');
end;

comment on function app_private.due_waitlists is 'The clinics at which somebody waits.';
grant execute on function app_private.due_waitlists to app_worker;

reset role;
