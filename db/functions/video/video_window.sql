-- From when to when the room of an appointment may be entered: as long before its time as a session may be started, and an
-- hour after it, for a session that takes longer. APT-07.

create or replace function app_private.video_window(
  appointment app_public.appointments, out opens_at timestamptz, out expires_at timestamptz
)
language sql stable
set search_path = ''
begin atomic
  select (appointment).starts_at - make_interval(mins => organizations.start_lead_minutes),
    (appointment).ends_at + interval '1 hour'
  from app_public.organizations
  where organizations.id = (appointment).organization_id;
end;

comment on function app_private.video_window is 'When the room of this appointment is open.';
grant execute on function app_private.video_window to app_engine;

-- The end of an appointment that has not begun is the end of its room: nobody is inside.
create or replace function app_private.takes_place_by_video(appointment app_public.appointments) returns boolean
language sql stable
set search_path = ''
return coalesce(
  (appointment).modality = 'video' and (appointment).deleted_at is null
  and (app_private.video_window(appointment)).opens_at <= app_hidden.now()
  and case (appointment).status
    when 'inprogress' then app_hidden.now() < (app_private.video_window(appointment)).expires_at
    when 'done' then false
    when 'cancelled' then false
    when 'noshow' then false
    else app_hidden.now() < (appointment).ends_at
  end, false);

comment on function app_private.takes_place_by_video is 'Whether this appointment needs a room now.';
grant execute on function app_private.takes_place_by_video to app_engine;
