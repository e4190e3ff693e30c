-- The functions that run with the engine's rights in jobs, webhooks and triggers, as steps of others, for keys and for the
-- audit log, by the reason; begun in 025-allowed_definer_functions.sql. FND-05.

insert into tests.allowed_definer_functions (reason, function)
select 'A task of the clock: it deletes what is over, and the worker has no grant on the table.', unnest(array[
  'app_private.act_on_retention(text,text,integer)',
  'app_private.retention_acts()',
  'app_private.retention_figures()',
  'app_private.forget_remembered_mutations()',
  'app_private.forget_spent_allowances()'
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
select 'Secrets: processes ask for wrapped keys and sealed accounts; people have no grant on either, nor on these.', unnest(array[
  'app_hidden.add_first_data_key(uuid,bytea,text)',
  'app_hidden.data_key(uuid,integer)',
  'app_hidden.integration_account(uuid)',
  'app_hidden.record_integration_result(uuid,boolean)',
  'app_hidden.record_integration_test(uuid,text,boolean,text)',
  'app_hidden.resolve_provider(uuid,text)'
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
