-- Allowed in subscriptions, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A job of the worker, which has no grant on any table.', unnest(array[
  'app_private.due_subscriptions(integer,timestamp with time zone,uuid)',
  'app_private.settle_subscription(uuid,uuid)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.cancel_organization_subscription(uuid,text,boolean)',
  'app_public.change_organization_cadence(uuid,text,text)',
  'app_public.change_organization_tier(uuid,uuid,text)',
  'app_public.dunning_preview(uuid)',
  'app_public.resume_organization_subscription(uuid,text)',
  'app_public.subscribe_organization(uuid,uuid,text,text)'
]);

insert into tests.allowed_definer_functions (reason, function) values
  ('A trigger that reads or writes beyond the grants of whoever caused it.', 'app_private.tg_organization_subscriptions__publish()');

insert into tests.lint_exceptions (rule, object, reason)
select 'growth', object, 'As long as the law asks for what was billed; how long that is is for counsel to confirm. A row a month and clinic at most.'
from unnest(array[
  'app_public.billing_periods',
  'app_public.dunning_actions',
  'app_public.organization_billing',
  'app_public.organization_subscription_tiers',
  'app_public.organization_subscriptions'
]) as object;

insert into tests.lint_exceptions (rule, object, reason) values
  ('tenant_uniques', 'app_public.organization_subscriptions_at_the_provider', 'What the vendor tells names its subscription and no clinic: it is of one.');

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.billing_periods', 'organization_id, subscription_id, position', 'Periods come one after the other (BIL-02).'),
  ('app_public.billing_periods', 'organization_id, subscription_id, during', 'No day is billed twice (BIL-02).'),
  ('app_public.organization_subscription_tiers', 'organization_id, subscription_id, position', 'Of one day''s changes of tier the last one holds.'),
  ('app_public.organization_subscriptions', 'organization_id', 'One subscription of a clinic is live (BIL-01).'),
  ('app_public.organization_subscriptions', 'provider, provider_subscription_id', 'A vendor''s subscription is one of ours.');

insert into tests.lint_exceptions (rule, object, reason) values
  ('class_names', 'app_public.organization_billing.tax_id_last_four', 'The end of it alone, so that people recognise what they entered.');

insert into tests.allowed_definer_functions (reason, function) values
  ('The steps of a mutation that seals: they check the callers permission, then work on a table the caller has no grant on.',
   'app_hidden.require_billing_manager(uuid)'),
  ('The steps of a mutation that seals: they check the callers permission, then work on a table the caller has no grant on.',
   'app_hidden.save_organization_billing(uuid,text,text,text,text,text,text,text,text,text,text,text,bytea,text)');

-- Open while the clinic is suspended (BIL-05).
insert into tests.lint_exceptions (rule, object, reason)
select 'suspended', object, 'What is booked, held or under way is moved, corrected or ended; nothing begins.'
from unnest(array[
  'app_public.add_to_appointment(uuid,uuid,uuid,integer,integer)',
  'app_public.adjust_entitlement(uuid,integer,text)',
  'app_public.end_service_plan(uuid,text)',
  'app_public.end_subscription_on(uuid,timestamp with time zone)',
  'app_public.extend_hold(text)',
  'app_public.move_appointment_to_patient(uuid,uuid,text)',
  'app_public.move_booking(text,timestamp with time zone,uuid)',
  'app_public.move_hold(text,timestamp with time zone,uuid)',
  'app_public.reinstate_appointment(uuid,text,boolean)',
  'app_public.release_hold(text)',
  'app_public.remove_from_appointment(uuid)',
  'app_public.reschedule_appointment(uuid,timestamp with time zone,uuid,uuid,text,boolean)',
  'app_public.set_treatment_status(uuid,text,text)',
  'app_private.settle_due_plans(uuid,uuid)'
]) as object;

insert into tests.lint_exceptions (rule, object, reason)
select 'suspended', object, 'The call of a visit that is booked already.'
from unnest(array['app_private.consume_video(uuid)', 'app_private.settle_video_room(uuid,uuid)']) as object;

insert into tests.lint_exceptions (rule, object, reason)
select 'suspended', object, 'What was queued already is sent, or goes by another way.'
from unnest(array[
  'app_private.claim_message(uuid)',
  'app_private.end_stuck_messages()',
  'app_private.record_message_accepted(uuid,uuid,text,text)',
  'app_private.record_message_refused(uuid,uuid,text,boolean)',
  'app_private.record_message_status(uuid,text,text,text,timestamp with time zone,text,boolean)'
]) as object;

insert into tests.lint_exceptions (rule, object, reason)
select 'suspended', object, 'Tells of a visit, a plan or a request that began before; what begins is refused where it begins.'
from unnest(array[
  'app_private.act_require_consent(app_private.action_step)',
  'app_private.act_require_form(app_private.action_step)',
  'app_private.act_send_session_reminder(app_private.action_step)',
  'app_private.messages_about_appointment(app_private.events)',
  'app_private.messages_about_booking_request(app_private.events)',
  'app_private.messages_about_changed_appointment(app_private.events)',
  'app_private.messages_about_changed_patient(app_private.events)',
  'app_private.messages_about_document(app_private.events)',
  'app_private.messages_about_reminder(app_private.events)',
  'app_private.messages_about_review(app_private.events)',
  'app_private.messages_about_waitlist_offer(app_private.events)',
  'app_hidden.send_signature_link(uuid,uuid,bytea,bytea,bytea,text,uuid,jsonb,text)'
]) as object;

insert into tests.lint_exceptions (rule, object, reason)
select 'suspended', object, 'Of who works at the clinic, of its own accounts, and of what it owes: they have to be reached.'
from unnest(array[
  'app_private.messages_about_organization(app_private.events)',
  'app_private.messages_about_organization_subscription(app_private.events)',
  'app_private.messages_about_webhooks(app_private.events)',
  'app_public.appoint_owner(uuid,text,text)',
  'app_public.create_organization(text,text,text,text,text,text,text,text,text,boolean)',
  'app_public.invite_member(uuid,text,text,uuid[],text)',
  'app_public.resend_invitation(uuid)'
]) as object;

insert into tests.lint_exceptions (rule, object, reason) values
  ('suspended', 'app_private.messages_about_privacy_notice(app_private.events)', 'The law has patients told, whatever the clinic owes.'),
  ('suspended', 'app_public.request_profile_claim(uuid,text,text,text,date)', 'A person reaches what is theirs.');

insert into tests.lint_exceptions (rule, object, reason) values
  ('remembered_verbs', 'app_public.change_organization_cadence(uuid,text,text)', 'Makes nothing of its own: what was due is billed before, once, and what is so already stays.'),
  ('remembered_verbs', 'app_public.cancel_organization_subscription(uuid,text,boolean)', 'Makes nothing of its own: what was due is billed before, once, and a subscription ends once.'),
  ('remembered_verbs', 'app_public.change_organization_tier(uuid,uuid,text)', 'Makes nothing of its own: what was due is billed before, once, and whoever is on the tier already stays on it.'),
  ('remembered_verbs', 'app_public.resume_organization_subscription(uuid,text)', 'Makes nothing of its own: what was due is billed before, once, and what goes on already is refused.');

insert into tests.lint_exceptions (rule, object, reason)
select 'suspended', object, 'Tells of what the clinic paid and was given back.'
from unnest(array[
  'app_private.messages_about_credit_note(app_private.events)',
  'app_private.messages_about_payment(app_private.events)',
  'app_private.messages_about_refund(app_private.events)'
]) as object;

insert into tests.lint_exceptions (rule, object, reason) values
  ('folding', 'app_private.next_settle_at(app_public.organization_subscriptions): (app_private.last_period(next_settle_at.subscription',
   'The end of a range.');
