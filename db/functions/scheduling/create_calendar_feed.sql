-- A specialist subscribes the calendar on their telephone. The address is the secret: only its digest is kept. APT-08.

set role app_engine;

create or replace function app_public.create_calendar_feed(specialist_id uuid, shows_initials boolean default false)
returns app_public.calendar_feed_link
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_specialist app_public.specialists := app_private.require_own_schedule(create_calendar_feed.specialist_id);
  v_token text := encode(extensions.gen_random_bytes(16), 'hex');
  v_id uuid;
begin
  perform app_private.require_permission(v_specialist.organization_id, 'appointments.view');
  -- Two at once are counted one after the other.
  perform app_private.require_specialist(v_specialist.organization_id, v_specialist.id);
  perform pg_advisory_xact_lock(hashtextextended('calendar feeds of ' || v_specialist.id, 0));
  if (
    select count(*) from app_public.calendar_feeds
    where calendar_feeds.organization_id = v_specialist.organization_id
      and calendar_feeds.specialist_id = v_specialist.id
      and calendar_feeds.revoked_at is null
  ) >= 5 then
    perform app_hidden.refuse('CONFLICT', 'too_many_feeds', '{"limit": 5}');
  end if;
  insert into app_public.calendar_feeds (organization_id, specialist_id, shows_initials, token_hash, created_by, created_at)
  values (v_specialist.organization_id, v_specialist.id, coalesce(create_calendar_feed.shows_initials, false),
          sha256(convert_to(v_token, 'UTF8')), app_hidden.current_account_id(), app_hidden.now())
  returning id into v_id;
  return (v_id, '/v1/calendar-feeds/' || v_token || '.ics')::app_public.calendar_feed_link;
end;
$$;

comment on function app_public.create_calendar_feed is
  E'@arg showsInitials Whether entries carry the initials of patients. Names never leave.\n'
  'Makes a secret address under which a calendar program reads the specialist''s appointments; it is told this once. For the '
  'specialist, or schedules.manage; needs appointments.view. CONFLICT too_many_feeds beyond five.';
grant execute on function app_public.create_calendar_feed to app_member;

reset role;
