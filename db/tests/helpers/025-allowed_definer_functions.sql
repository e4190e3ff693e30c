-- Every function that runs with the engine's rights instead of the caller's, by the reason why the caller's own rights
-- are not enough. FND-05. The lint refuses a security definer function that is not here, and an entry that is none.
-- Here those that requests call: policies, verbs, listings, the server in a caller's name. Those of jobs, triggers and
-- steps are in 025-allowed_definer_work.sql. Who may call which is decided in db/tests/rls/<area>/functions.csv.

drop table if exists tests.allowed_definer_functions;
create table tests.allowed_definer_functions (
  function text primary key,
  reason text not null
);
grant select on tests.allowed_definer_functions to public;

insert into tests.allowed_definer_functions (reason, function)
select 'Policies ask it about the caller; the tables it reads are under such policies themselves.', unnest(array[
  'app_hidden.current_account_id()',
  'app_hidden.current_colleague_ids()',
  'app_hidden.current_human_patient_profile_ids()',
  'app_hidden.current_patient_organization_ids()',
  'app_hidden.current_specialist_ids()',
  'app_hidden.current_staff_organization_ids()',
  'app_hidden.is_superadmin()',
  'app_hidden.organization_ids_where(text)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'The session check: before it nobody is anybody, so nobody could read what it reads.', unnest(array[
  'app_hidden.sessions_over(text[],text[],text[],uuid[])',
  'app_hidden.inbox_items_since(uuid[],timestamp with time zone)',
  'app_hidden.sign_in(text,text,text,text,boolean,text,text,uuid)'
]);

insert into tests.allowed_definer_functions (reason, function) values
  ('Readiness: a file name, and nothing else of the schema it reads.', 'app_hidden.migrated_to()'),
  ('Servers add up what callers spent, before anybody is anybody; digests and times only.',
   'app_hidden.share_spending(bytea[],integer[])');

insert into tests.allowed_definer_functions (reason, function)
select 'A visitor may call it; it hands out or takes what its comment says, and the visitor has no grant on the tables.', unnest(array[
  'app_public.available_days(uuid,date,date,uuid,text)',
  'app_public.available_slots(uuid,timestamp with time zone,timestamp with time zone,uuid,text)',
  'app_public.booking_by_token(text)',
  'app_public.clinic_by_slug(text)',
  'app_public.extend_hold(text)',
  'app_public.move_hold(text,timestamp with time zone,uuid)',
  'app_public.hold_slot(uuid,timestamp with time zone,uuid)',
  'app_public.next_available(uuid,integer,uuid)',
  'app_public.release_hold(text)',
  'app_public.request_booking(text,text,text,text,text,text,text)',
  'app_public.withdraw_booking_request(text)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.dead_letters()',
  'app_public.discard_dead_letter(bigint,text)',
  'app_public.replay_dead_letter(bigint)',
  'app_public.accept_invitation(uuid,text,text,date)',
  'app_public.activate_organization(uuid)',
  'app_public.add_caregiver(uuid,uuid,text,text,text,text)',
  'app_public.add_member(uuid,text,text,uuid[])',
  'app_public.book_appointment(text,uuid,text)',
  'app_public.book_directly(uuid,timestamp with time zone,uuid,uuid,text)',
  'app_public.cancel_appointment(uuid,text)',
  'app_public.caregivers_evidence(app_public.caregivers)',
  'app_public.claim_patient_profiles(text,text,date)',
  'app_public.confirm_appointment(uuid)',
  'app_public.confirm_booking_request(uuid,uuid,boolean,text)',
  'app_public.create_organization(text,text,text,text,text,text,text,text,text,boolean)',
  'app_public.create_patient(uuid,text,text,text,text,date,text,boolean)',
  'app_public.decline_invitation(uuid)',
  'app_public.define_role(uuid,text,text,text[])',
  'app_public.deleted_files(uuid)',
  'app_public.deleted_rows(uuid)',
  'app_public.delete_file(uuid)',
  'app_public.search_patients(uuid,text)',
  'app_public.request_upload(text,uuid,text,text,bigint,text)',
  'app_hidden.upload_to_check(uuid)',
  'app_hidden.text_to_preview(uuid,text,text,text,text,text,jsonb)',
  'app_public.edit_message_template(uuid,text,text,text,text,text)',
  'app_public.message_texts(uuid)',
  'app_public.restore_message_template(uuid,text,text,text)',
  'app_public.set_notification_preference(text,text,boolean,uuid)',
  'app_public.set_quiet_hours(time without time zone,time without time zone,text,uuid)',
  'app_public.set_whatsapp_template(uuid,text,text,text,text[])',
  'app_public.subscribe_to_push(text,text,text)',
  'app_public.unsubscribe_from_push(text)',
  'app_public.end_membership(uuid)',
  'app_public.explain_availability(uuid,uuid,timestamp with time zone)',
  'app_public.overlapping_hours(uuid)',
  'app_public.finish_appointment(uuid)',
  'app_public.grant_role(uuid,uuid)',
  'app_public.invite_member(uuid,text,text,uuid[],text)',
  'app_public.invite_patient(uuid,uuid,text)',
  'app_public.lift_suppression(text,text,text,uuid)',
  'app_public.likely_duplicates(uuid,uuid)',
  'app_public.map_provider_organization(uuid,text,text)',
  'app_public.mark_inbox_items_read(uuid[])',
  'app_public.mark_inbox_read()',
  'app_public.me()',
  'app_public.merge_patients(uuid,uuid,text)',
  'app_public.move_appointment_to_patient(uuid,uuid,text)',
  'app_public.my_invitations()',
  'app_public.record_no_show(uuid)',
  'app_public.replay_webhook(text,text)',
  'app_public.reject_booking_request(uuid,text)',
  'app_public.remove_appointment(uuid)',
  'app_public.remove_calendar(uuid)',
  'app_public.remove_organization(uuid)',
  'app_public.remove_patient(uuid)',
  'app_public.remove_service(uuid)',
  'app_public.remove_specialist(uuid,uuid)',
  'app_public.remove_specialty(uuid)',
  'app_public.resend_invitation(uuid)',
  'app_public.restore_deleted_row(text,uuid)',
  'app_public.restore_file(uuid)',
  'app_public.revoke_caregiver(uuid)',
  'app_public.revoke_invitation(uuid)',
  'app_public.revoke_role(uuid,uuid)',
  'app_public.specialist_details(uuid)',
  'app_public.start_appointment(uuid)',
  'app_public.undo_patient_merge(uuid,text)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'The server''s own word, in the caller''s name, after it looked at the bytes; whoever speaks GraphQL has no way to it.', unnest(array[
  'app_hidden.attach_upload(uuid)',
  'app_hidden.reject_upload(uuid,text)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'The server''s own word, in the reader''s name, before an answer about one patient leaves.', unnest(array[
  'app_hidden.record_readings(uuid[],uuid[],text,text)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'Steps of saveIntegration and testIntegration around the sealing: each checks integrations.manage itself.', unnest(array[
  'app_hidden.integration_form(uuid,text,uuid,jsonb)',
  'app_hidden.require_integration(uuid)',
  'app_hidden.save_integration(uuid,uuid,text,text,jsonb,bytea,jsonb,boolean)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb about vendors: it checks the callers permission, and members have no write grant.', unnest(array[
  'app_public.choose_provider(uuid,text,text,uuid)',
  'app_public.disable_integration(uuid)',
  'app_public.enable_integration(uuid)',
  'app_public.remove_integration(uuid)',
  'app_public.set_platform_provider(text,text,boolean,boolean,boolean)',
  'app_public.use_platform_provider(uuid,text)'
]);
