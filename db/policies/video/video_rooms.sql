-- Whoever sees the appointment sees its room, without name and address: those come with a token, from joinVideo. Written by
-- the worker. APT-07.

select app_private.classify('app_public.video_rooms', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "room_name", "url", "integration_id", "opens_at", "expires_at", "problem",
                    "tries", "created_at", "updated_at"],
    "phi": ["appointment_id", "status"]}');
select app_private.protect('app_public.video_rooms', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, appointment_id, status, opens_at, expires_at, problem, tries, created_at, updated_at)
   on app_public.video_rooms to app_member;

create policy video_rooms_select_staff on app_public.video_rooms for select to app_member
  using (
    organization_id = any ((select app_hidden.rights('appointments.view'))::uuid[])
    -- One look-up a row, and the appointment's own policies hide what was deleted.
    and exists (select from app_public.appointments where appointments.id = video_rooms.appointment_id)
  );

create policy video_rooms_select_patient on app_public.video_rooms for select to app_member
  using (
    appointment_id in (
      select appointments.id from app_public.appointments
      where appointments.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
  );
