-- A telephone was lost, or somebody else has the address: the feed answers no more. APT-08.

set role app_engine;

create or replace function app_public.revoke_calendar_feed(calendar_feed_id uuid) returns app_public.calendar_feeds
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_feed app_public.calendar_feeds;
begin
  select calendar_feeds.* into v_feed
  from app_public.calendar_feeds
  where calendar_feeds.id = revoke_calendar_feed.calendar_feed_id
    and calendar_feeds.organization_id = any (app_hidden.current_staff_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'calendar_feed_not_found');
  end if;
  perform app_private.require_own_schedule(v_feed.specialist_id);
  update app_public.calendar_feeds set revoked_at = coalesce(calendar_feeds.revoked_at, app_hidden.now())
  where calendar_feeds.id = v_feed.id
  returning * into v_feed;
  return v_feed;
end;
$$;

comment on function app_public.revoke_calendar_feed is
  'Ends a feed at once; once more changes nothing. For the specialist, or schedules.manage.';
grant execute on function app_public.revoke_calendar_feed to app_member;

reset role;
