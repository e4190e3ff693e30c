-- Each time that a video stood still: staff with exercise_sessions.view, and the person. Written by the worker once for each version of the
-- algorithm, and changed by nobody. TEL-05, TEL-07.

select app_private.classify('app_public.media_buffering_events', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id", "algorithm_version"],
    "phi": ["exercise_session_id", "session_started_at", "place", "number", "stalled_at", "length_ms"]}',
  unaudited => 'Worked out by the worker from one recording, never changed: the recording itself is audited.');
select app_private.protect('app_public.media_buffering_events', engine => 'select, insert');

grant select on app_public.media_buffering_events to app_member;

create policy media_buffering_events_select_staff on app_public.media_buffering_events for select to app_member
  using (organization_id = any ((select app_hidden.rights('exercise_sessions.view'))::uuid[]));

create policy media_buffering_events_select_person on app_public.media_buffering_events for select to app_member
  using (
    exercise_session_id in (
      select mine.id from app_public.exercise_sessions as mine
      where mine.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
