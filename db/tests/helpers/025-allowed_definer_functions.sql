-- Every function that runs with the engine's rights instead of the caller's, by the reason why the caller's own rights
-- are not enough. FND-05. The lint refuses a security definer function that is not here, and an entry that is none.
-- Who may call which is decided in db/tests/rls/<area>/functions.csv.

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
  'app_hidden.language_of(uuid)',
  'app_hidden.sign_in(text,text,text,text,boolean,text,text,uuid)'
]);

insert into tests.allowed_definer_functions (reason, function) values
  ('Readiness: a file name, and nothing else of the schema it reads.', 'app_hidden.migrated_to()'),
  ('Servers add up what callers spent, before anybody is anybody; digests and times only.',
   'app_hidden.share_spending(bytea[],integer[])');

insert into tests.allowed_definer_functions (reason, function)
select 'A task of the clock: it deletes what is over, and the worker has no grant on the table.', unnest(array[
  'app_private.act_on_retention(text,text,integer)',
  'app_private.retention_acts()',
  'app_private.retention_figures()',
  'app_private.forget_remembered_mutations()',
  'app_private.forget_spent_allowances()'
]);

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
select 'A job of the worker, which has no grant on any table.', unnest(array[
  'app_private.queue_figures()',
  'app_private.advance_appointments()',
  'app_private.beat(text,text,integer)',
  'app_private.claim_effect(text,text)',
  'app_private.claim_event_delivery(text,uuid)',
  'app_private.claim_message(uuid)',
  'app_private.consume_notifications(uuid)',
  'app_private.end_stuck_messages()',
  'app_private.enqueue_object_sweeps()',
  'app_private.enqueue_overdue_deliveries()',
  'app_private.expire_booking_requests()',
  'app_private.expire_uploads()',
  'app_private.object_prefixes(uuid)',
  'app_private.objects_to_remove()',
  'app_private.record_objects_removed(uuid)',
  'app_private.stray_objects(uuid,text[])',
  'app_private.finish_effect(text,jsonb)',
  'app_private.purge_webhooks()',
  'app_private.put_in_inbox(uuid,uuid,uuid,text,text,timestamp with time zone)',
  'app_private.reap_silent_workers(interval)',
  'app_private.record_event_delivered(uuid,text)',
  'app_private.record_event_failed(uuid,text,text)',
  'app_private.drop_push_subscription(uuid)',
  'app_private.push_subscriptions_of(uuid)',
  'app_private.record_message_accepted(uuid,uuid,text,text)',
  'app_private.record_message_refused(uuid,uuid,text,boolean)',
  'app_private.record_message_status(uuid,text,text,text,timestamp with time zone,text,boolean)',
  'app_private.suppress_address(uuid,uuid,text,text,text)',
  'app_private.record_text_opt_out(uuid,text,text,boolean)',
  'app_private.release_effect(text)',
  'app_private.release_expired_claims()',
  'app_private.retire_worker(text)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'What a verified webhook does, at the door or in the worker, neither of which has a grant on any table.', unnest(array[
  'app_hidden.claim_webhook(uuid)',
  'app_hidden.end_identity(text,text)',
  'app_hidden.end_provider_membership(text,text,text,timestamp with time zone)',
  'app_hidden.end_session(text)',
  'app_hidden.receive_webhook(text,uuid,text,text,timestamp with time zone,jsonb,bytea)',
  'app_hidden.record_webhook_failed(uuid,text,boolean)',
  'app_hidden.record_webhook_processed(uuid,text)',
  'app_hidden.update_identity(text,text,timestamp with time zone,text,boolean,text,text,boolean)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A trigger that reads or writes beyond the grants of whoever caused it.', unnest(array[
  'app_private.tg_appointments__record_move()',
  'app_private.tg_booking_requests__publish()',
  'app_private.tg_calendar_specialists__take_turns()',
  'app_private.tg_events__deliver()',
  'app_private.tg_guard_state()',
  'app_private.tg_humans__lift_suppressions()',
  'app_private.tg_memberships__name()',
  'app_private.tg_organization_integrations__bind_keys()',
  'app_private.tg_organizations__roles()',
  'app_private.tg_patient_profiles__caregivers()',
  'app_private.tg_patient_profiles__email_proof()',
  'app_private.tg_patient_profiles__own_account()',
  'app_private.tg_patient_profiles__search()',
  'app_private.tg_patients__merged()',
  'app_private.tg_patients__search()',
  'app_private.tg_read_facts()'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A step of verbs and triggers that other roles reach only through them.', unnest(array[
  'app_private.appointment_facts(uuid,uuid,uuid,uuid,timestamp with time zone,timestamp with time zone,text,text)',
  'app_private.current_actor_id()',
  'app_private.apply_message_reports(uuid,text)',
  'app_private.destination_of(text,jsonb)',
  'app_private.recipient_is_full(uuid,text,text,text)',
  'app_private.require_request_allowance(text,inet)',
  'app_private.end_message(uuid,text,text)',
  'app_private.notify(uuid,text,jsonb,uuid,uuid,text,text,text,text,uuid,uuid)',
  'app_private.notify_many(uuid,text,app_private.message_recipient[],jsonb,uuid,uuid)',
  'app_private.organizer_of(uuid,uuid,text)',
  'app_private.queue_messages(uuid,text,app_private.message_recipient[],uuid,uuid,timestamp with time zone,text,integer)',
  'app_private.ways_to_reach(uuid,text,app_private.message_recipient[])',
  'app_private.words_of(uuid,text,text,text)',
  'app_private.publish(text,uuid,uuid,jsonb,uuid)'
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
select 'Secrets: processes ask for wrapped keys and sealed accounts; people have no grant on either, nor on these.', unnest(array[
  'app_hidden.add_first_data_key(uuid,bytea,text)',
  'app_hidden.data_key(uuid,integer)',
  'app_hidden.integration_account(uuid)',
  'app_hidden.record_integration_result(uuid,boolean)',
  'app_hidden.record_integration_test(uuid,text,boolean,text)',
  'app_hidden.resolve_provider(uuid,text)'
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

insert into tests.allowed_definer_functions (reason, function)
select 'A step of the key rotation, which the worker runs; it reads no plaintext and the worker has no grant.', unnest(array[
  'app_private.add_next_data_key(uuid,integer,bytea,text)',
  'app_private.ciphertext_places()',
  'app_private.data_keys_to_rewrap(text,uuid,integer)',
  'app_private.envelopes_to_reseal(text,text,text,integer)',
  'app_private.finish_key_rotation(uuid)',
  'app_private.open_key_rotation(boolean)',
  'app_private.owners_to_rekey(uuid,integer)',
  'app_private.replace_envelopes(text,text,text[],bytea[],bytea[])',
  'app_private.retire_data_keys(interval)',
  'app_private.rewrap_data_key(uuid,bytea,bytea,text)',
  'app_private.tg_ciphertext__key_in_use()'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'The audit log: nobody has a grant on what it writes and reads; each says in its file who may ask for what.', unnest(array[
  'app_public.appoint_owner(uuid,text,text)',
  'app_public.audit_entries_values(app_public.audit_entries)',
  'app_public.my_chart_readings(uuid)',
  'app_public.open_patient_chart(uuid)',
  'audit.chains()',
  'audit.confirm_anchor(bigint)',
  'audit.first_fault(uuid,bigint,bigint,timestamp with time zone,timestamp with time zone)',
  'audit.open_months(integer)',
  'audit.prepare_anchor()',
  'audit.stored_anchors()',
  'audit.tg_audit()',
  'audit.tg_entries__seal()',
  'audit.unlike_anchor(jsonb)',
  'audit.verify(uuid,timestamp with time zone,timestamp with time zone)',
  'audit.verify_sequences(uuid,bigint,bigint)'
]);

insert into tests.allowed_definer_functions (reason, function) values
  ('Only the owner of a partitioned table may attach to it; takes a time, makes two empty tables.',
   'audit.open_month(timestamp with time zone)');

insert into tests.allowed_definer_functions (reason, function)
select 'Asks for a migration whether rows of clinics are in a state, which the migrator does not see.', unnest(array[
  'app_private.tg_state_transitions__in_use()'
]);
