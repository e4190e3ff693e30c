-- Whoever sees the room sees when it was recorded. Written by verbs and the worker. APT-07, CNS-08.

select app_private.classify('app_public.video_recordings', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "video_room_id", "started_by", "vendor_id", "created_at", "updated_at"],
    "phi": ["status", "ended_because", "seconds", "ended_at"]}');
select app_private.protect('app_public.video_recordings', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, video_room_id, status, ended_because, started_by, seconds, ended_at, created_at, updated_at)
   on app_public.video_recordings to app_member;

create policy video_recordings_select_room on app_public.video_recordings for select to app_member
  using (video_room_id in (select video_rooms.id from app_public.video_rooms));
