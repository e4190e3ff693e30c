-- What the vendor tells of a room of ours: the call ended, what was recorded can be had, a recording broke off. It may come
-- late, twice or in another order: it changes what is still so, and nothing else. APT-07, FND-25.
-- Of a call by the platform's account the minutes are the clinic's usage, each call once by the vendor's id for it. FND-20.

set role app_engine;

create or replace function app_private.record_video_report(
  integration_id uuid, room_name text, type text, vendor_id text, seconds int,
  ended_at timestamptz default null
) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_room app_public.video_rooms;
begin
  select video_rooms.* into v_room
  from app_public.video_rooms
  where video_rooms.room_name = record_video_report.room_name
    and video_rooms.integration_id is not distinct from record_video_report.integration_id
  for update;
  if not found then
    return 'unknown_room';
  end if;

  if type = 'meeting.ended' and v_room.integration_id is null and seconds > 0
    and num_nulls(record_video_report.vendor_id, record_video_report.ended_at) = 0 then
    perform app_private.record_usage(
      v_room.organization_id, 'video_minutes', 'video_rooms', v_room.id || ' ' || record_video_report.vendor_id,
      ceil(seconds / 60.0), record_video_report.ended_at);
  end if;
  if type in ('meeting.ended', 'recording.error') then
    update app_public.video_recordings set status = 'stopped', ended_at = app_hidden.now(),
      ended_because = case type when 'meeting.ended' then 'call_over' else 'vendor' end
    where video_recordings.organization_id = v_room.organization_id
      and video_recordings.video_room_id = v_room.id
      and video_recordings.status = 'running';
  elsif type = 'recording.ready-to-download' then
    update app_public.video_recordings set vendor_id = record_video_report.vendor_id, seconds = record_video_report.seconds
    where video_recordings.id = (
      select recordings.id from app_public.video_recordings as recordings
      where recordings.organization_id = v_room.organization_id
        and recordings.video_room_id = v_room.id
        and recordings.vendor_id is null
        and recordings.status <> 'failed'
      order by recordings.created_at
      limit 1)
      and not exists (
        select from app_public.video_recordings as known
        where known.organization_id = v_room.organization_id
          and known.video_room_id = v_room.id
          and known.vendor_id = record_video_report.vendor_id);
  else
    return 'ignored';
  end if;
  return case when found then 'recorded' else 'known' end;
end;
$$;

comment on function app_private.record_video_report is
  'Takes over what a vendor says of one of our rooms; answers in a word what it came to. Of a call, vendor_id, seconds and ended_at are its own.';
grant execute on function app_private.record_video_report to app_worker;

reset role;
