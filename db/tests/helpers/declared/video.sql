-- Allowed in video, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A job of the worker, which has no grant on any table.', unnest(array[
  'app_private.clinics_with_video()',
  'app_private.consume_video(uuid)',
  'app_private.due_video_rooms()',
  'app_private.pick_up_video_rooms()',
  'app_private.record_recording_stopped(uuid)',
  'app_private.record_video_report(uuid,text,text,text,integer,timestamp with time zone)',
  'app_private.record_video_room_gone(uuid,text)',
  'app_private.record_video_room_made(uuid,text,text,uuid)',
  'app_private.record_video_trouble(uuid,text,integer)',
  'app_private.settle_video_room(uuid,uuid)',
  'app_private.video_room_work(uuid)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_hidden.begin_recording(uuid)',
  'app_hidden.seat_in_room(uuid)',
  'app_public.stop_recording(uuid)'
]);

insert into tests.allowed_definer_functions (reason, function) values
  ('The server says what a vendor answered; the member has been asked before.', 'app_hidden.record_recording(uuid,text)');

insert into tests.lint_exceptions (rule, object, reason) values
  ('facts', 'app_public.video_rooms.room_name', 'Made here, of random digits.'),
  ('references', 'app_public.video_rooms.integration_id', 'Which account held the room is told after the account is gone.'),
  ('policies_run_once', 'app_public.video_rooms.video_rooms_select_staff',
   'One index look-up a row: the room of a deleted appointment is hidden with it.');

insert into tests.lint_exceptions (rule, reason, object)
select 'across_clinics', 'A sweep of the worker over whatever is due on its server.', unnest(array[
  'app_private.clinics_with_video()',
  'app_private.due_video_rooms()',
  'app_private.pick_up_video_rooms()'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'The patient''s file. It grows with the appointments; how long the law asks for it is for counsel to confirm.', unnest(array[
  'app_public.video_recordings',
  'app_public.video_rooms'
]);

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.video_recordings', 'organization_id, video_room_id', 'A room is recorded once at a time (APT-07).'),
  ('app_public.video_rooms', 'organization_id, appointment_id', 'An appointment has one room (APT-07).');
