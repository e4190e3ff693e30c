-- Allowed in appointments, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A job of the worker, which has no grant on any table.', unnest(array[
  'app_private.advance_appointments()',
  'app_private.expire_booking_requests()',
  'app_private.record_no_shows()',
  'app_private.remind_of_appointments()'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A trigger that reads or writes beyond the grants of whoever caused it.', unnest(array[
  'app_private.tg_appointments__publish_changed()',
  'app_private.tg_appointments__record_move()',
  'app_private.tg_appointments__settle_session()',
  'app_private.tg_booking_requests__drop_forms()',
  'app_private.tg_booking_requests__publish()',
  'app_private.tg_booking_requests__publish_changed()'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.add_to_appointment(uuid,uuid,uuid,integer,integer)',
  'app_public.agenda_appointment_missing(app_public.agenda_appointment)',
  'app_public.block_booking(uuid,text,timestamp with time zone)',
  'app_public.book_appointment(text,uuid,text,boolean,uuid)',
  'app_public.book_directly(uuid,timestamp with time zone,uuid,uuid,text,boolean,uuid)',
  'app_public.book_series(uuid,timestamp with time zone,uuid,integer,integer,uuid,text,boolean,uuid)',
  'app_public.cancel_appointment(uuid,text,boolean,text)',
  'app_public.cancel_series(uuid,text,boolean,text)',
  'app_public.confirm_appointment(uuid)',
  'app_public.confirm_booking_request(uuid,uuid,boolean,text,boolean,uuid,boolean)',
  'app_public.contest_booking_block(uuid,text)',
  'app_public.finish_appointment(uuid)',
  'app_public.lift_booking_block(uuid,text)',
  'app_public.missing_of_appointment(uuid)',
  'app_public.missing_of_booking_request(uuid)',
  'app_public.move_appointment_to_patient(uuid,uuid,text)',
  'app_public.prepare_booking(uuid,uuid)',
  'app_public.record_no_show(uuid,text)',
  'app_public.reinstate_appointment(uuid,text,boolean)',
  'app_public.reject_booking_request(uuid,text)',
  'app_public.remove_appointment(uuid)',
  'app_public.remove_from_appointment(uuid)',
  'app_public.reschedule_appointment(uuid,timestamp with time zone,uuid,uuid,text,boolean)',
  'app_public.review_appointment(uuid,integer,text)',
  'app_public.specialist_ratings(uuid)',
  'app_public.start_appointment(uuid)',
  'app_public.take_in_guest(uuid,uuid,boolean)',
  'app_public.uphold_booking_block(uuid,text)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A visitor may call it; it hands out or takes what its comment says, and the visitor has no grant on the tables.', unnest(array[
  'app_public.booking_by_token(text)',
  'app_public.cancel_booking(text,text)',
  'app_public.move_booking(text,timestamp with time zone,uuid)',
  'app_public.request_booking(text,text,text,text,text,text,text)',
  'app_public.withdraw_booking_request(text)'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('facts', 'app_public.appointments.contact_phone', 'Copied from a booking request, which was read.'),
  ('growth', 'app_public.booking_requests',
   'Says who asked for which treatment, or whom a clinic invited: three years for claims, which counsel has not confirmed.'),
  ('merge_rules', 'app_public.appointments.patient_profile_id',
   'The first of its series names the patient as well and moves by the same rule; one of them may go to another patient alone.'),
  ('policies_run_once', 'app_public.appointment_add_ons.appointment_add_ons_select_staff',
   'One index look-up a row: what was added to a deleted appointment is hidden with it.'),
  ('policies_run_once', 'app_public.appointment_moves.appointment_moves_select_staff',
   'One index look-up a row: the moves of a deleted appointment are hidden with it.'),
  ('policies_run_once', 'app_public.appointment_reviews.appointment_reviews_select_staff',
   'One index look-up a row: the review of a deleted appointment is hidden with it.'),
  ('policies_run_once', 'app_public.appointment_transfers.appointment_transfers_select_staff',
   'One index look-up a row: the transfers of a deleted appointment are hidden with it.'),
  ('remembered_rights', 'app_public.cancel_booking(text,text)',
   'Whoever holds the token of a booking may call it off, signed in or not; the token is asked for before anything is answered.'),
  ('remembered_rights', 'app_public.move_booking(text,timestamp with time zone,uuid)',
   'Whoever holds the token of a booking may move it, signed in or not; the token is asked for before anything is answered.'),
  ('remembered_rights', 'app_public.request_booking(text,text,text,text,text,text,text)',
   'Whoever holds the token of a hold may book it, signed in or not, and the receipt is about what they sent.'),
  ('remembered_verbs', 'app_public.move_appointment_to_patient(uuid,uuid,text)',
   'The same patient again is refused, and a session of a plan is used once for an appointment.'),
  ('remembered_verbs', 'app_public.remove_from_appointment(uuid)', 'Makes nothing: the appointment and its time become shorter, once.'),
  ('soft_delete', 'app_public.appointments_claim_is_used_once', 'A claim belongs to its appointment for good.'),
  ('soft_delete', 'app_public.appointments_session_is_used_once', 'A session stays used when its appointment is taken out of the lists.'),
  ('soft_delete', 'app_public.appointments_request_becomes_one_appointment',
   'A request was answered once, whether or not its appointment is deleted later.'),
  ('tenant_uniques', 'app_public.booking_requests_token_is_unique',
   'A digest of 256 random bits: it tells nobody anything.');

insert into tests.lint_exceptions (rule, reason, object)
select 'across_clinics', 'A sweep of the worker over whatever is due on its server.', unnest(array[
  'app_private.advance_appointments()',
  'app_private.expire_booking_requests()',
  'app_private.record_no_shows()',
  'app_private.remind_of_appointments()'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'class_names', 'The clinic''s own address, or that of the platform.', unnest(array[
  'app_public.appointments.organizer_email',
  'app_public.booking_requests.organizer_email'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'facts', 'Copied from a booking request or a profile, which were read.', unnest(array[
  'app_public.appointments.contact_email',
  'app_public.appointments.contact_name'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'facts', 'Copied from the clinic, or the sender of its mails.', unnest(array[
  'app_public.appointments.organizer_email',
  'app_public.booking_requests.organizer_email'
]);

insert into tests.lint_exceptions (rule, reason, object)
select 'growth', 'The patient''s file. It grows with the appointments; how long the law asks for it is for counsel to confirm.', unnest(array[
  'app_public.appointment_add_ons',
  'app_public.appointment_moves',
  'app_public.appointment_reviews',
  'app_public.appointment_transfers',
  'app_public.appointments',
  'app_public.booking_blocks',
  'app_public.patient_requirements'
]);

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.patient_requirements', 'organization_id, patient_profile_id, template_id, purpose_code', 'A patient is asked once for the same, until it is done or lifted (AUT-02).'),
  ('app_public.appointment_reviews', 'organization_id, appointment_id', 'An appointment is reviewed once (APT-04).'),
  ('app_public.appointments', 'organization_id, booking_request_id', 'A request becomes one appointment (APT-09).'),
  ('app_public.appointments', 'organization_id, claim_id', 'A claim carries one appointment.'),
  ('app_public.appointments', 'organization_id, patient_service_plan_id, plan_session_number', 'A session of a plan is one appointment''s.'),
  ('app_public.booking_policies', 'organization_id', 'A clinic has one default policy.'),
  ('app_public.booking_requests', 'organization_id, claim_id', 'A claim carries one request.'),
  ('app_public.booking_requests', 'token_hash', 'A token is one request.');
