-- Allowed in plans, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A job of the worker, which has no grant on any table.', unnest(array[
  'app_private.due_patient_plans(integer,timestamp with time zone,uuid,uuid)',
  'app_private.settle_due_plans(uuid,uuid)'
]);

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.adjust_entitlement(uuid,integer,text)',
  'app_public.change_subscription_tier(uuid,uuid)',
  'app_public.end_service_plan(uuid,text)',
  'app_public.end_subscription_on(uuid,timestamp with time zone)',
  'app_public.enrol_patient(uuid,uuid)',
  'app_public.grant_access(uuid,text,text,timestamp with time zone)',
  'app_public.link_patient_subscription(uuid,text,text)',
  'app_public.move_subscription(uuid,text,text,timestamp with time zone)',
  'app_public.revoke_access(uuid)',
  'app_public.start_subscription(uuid,uuid,text,timestamp with time zone,timestamp with time zone)',
  'app_public.unlink_patient_subscription(uuid)'
]);

insert into tests.allowed_definer_functions (reason, function) values
  ('A door for programs: it looks at the key that was given, and writes in the name of its principal.',
   'app_hidden.report_subscription_by_key(bytea,text,text,timestamp with time zone,timestamp with time zone)'),
  ('Applies what a vendor reported, verified when it came; nobody who applies it has a grant on any table.',
   'app_private.record_payment_report(uuid,text,text,timestamp with time zone,timestamp with time zone,timestamp with time zone)'),
  ('A question of policies: it answers about rows that the caller may not see, with yes or no.', 'app_hidden.has_access(uuid,uuid,text)'),
  ('A trigger that reads or writes beyond the grants of whoever caused it.', 'app_private.tg_patient_subscriptions__publish()');

insert into tests.lint_exceptions (rule, object, reason)
select 'folding', object, 'Names that people read: alike but for capitals is alike.'
from unnest(array[
  'app_public.patient_tiers_name_is_unique_per_organization: name',
  'app_public.products_name_is_unique_per_organization: name',
  'app_public.service_plans_name_is_unique_per_organization: name'
]) as object;

insert into tests.lint_exceptions (rule, object, reason)
select 'json_columns', object, 'Names and descriptions of what a clinic offers, written for the public.'
from unnest(array[
  'app_public.patient_tiers.translations',
  'app_public.products.translations',
  'app_public.service_plans.translations'
]) as object;

insert into tests.lint_exceptions (rule, object, reason) values
  ('references', 'app_public.entitlement_entries.subject_id', 'For what it was used: an appointment, and whatever else comes to use plans.'),
  ('remembered_verbs', 'app_public.change_subscription_tier(uuid,uuid)', 'Whoever is on the tier already stays on it, and nothing is given twice.'),
  ('remembered_verbs', 'app_public.end_service_plan(uuid,text)', 'Makes nothing: it settles what was due before, once, and a plan ends once.'),
  ('remembered_verbs', 'app_public.end_subscription_on(uuid,timestamp with time zone)', 'Makes nothing: it settles what was due before, once, and writes the same day again.'),
  ('remembered_verbs', 'app_public.link_patient_subscription(uuid,text,text)', 'Makes nothing: it settles what was due before, once, and a subscription has one link.'),
  ('remembered_verbs', 'app_public.unlink_patient_subscription(uuid)', 'Makes nothing: it settles what was due before, once, and a link goes once.'),
  ('remembered_verbs', 'app_public.move_subscription(uuid,text,text,timestamp with time zone)', 'A move is made once: the state that it leads to has no move to itself.');

insert into tests.lint_exceptions (rule, object, reason)
select 'growth', object, 'The patient''s file. It grows with what patients have; how long the law asks for it is for counsel to confirm.'
from unnest(array[
  'app_public.access_grants',
  'app_public.entitlement_entries',
  'app_public.patient_entitlements',
  'app_public.patient_service_plans',
  'app_public.patient_subscription_links',
  'app_public.patient_subscription_reports',
  'app_public.patient_subscriptions'
]) as object;

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.entitlement_entries', 'organization_id, entry, key', 'What is to happen once happens once: a period is given, a visit debited (CAT-06).'),
  ('app_public.entitlement_entries', 'organization_id, patient_entitlement_id, number', 'A ledger has no forks.'),
  ('app_public.entitlement_entries', 'organization_id, restores_entry_id', 'A debit is given back once.'),
  ('app_public.patient_entitlements', 'organization_id, patient_service_plan_id, kind', 'A plan of a patient counts a kind in one place.'),
  ('app_public.patient_service_plans', 'organization_id, source_tier_subscription_id, service_plan_id', 'A subscription brings a plan once.'),
  ('app_private.patient_payment_statuses', 'provider, rank', 'Of two reports about one instant one counts.'),
  ('app_public.patient_subscription_links', 'organization_id, provider, external_reference', 'What a provider calls a subscription is one patient''s.'),
  ('app_public.patient_subscription_links', 'organization_id, subscription_id', 'A subscription is paid at one place.'),
  ('app_public.patient_subscription_reports', 'organization_id, link_id, as_of, provider_word, charged_at', 'The same report twice is one.'),
  ('app_public.patient_subscriptions', 'organization_id, id, patient_profile_id', 'What patient_service_plans refers to.'),
  ('app_public.patient_subscriptions', 'organization_id, patient_profile_id', 'One subscription of a patient is live (FND-21).'),
  ('app_public.patient_tier_inclusions', 'organization_id, tier_id, service_plan_id', 'A tier includes a plan once.'),
  ('app_public.patient_tiers', 'organization_id, (expression)', 'A clinic''s tiers differ in name, in whatever case.'),
  ('app_public.products', 'organization_id, (expression)', 'A clinic''s products differ in name, in whatever case.'),
  ('app_public.service_plans', 'organization_id, (expression)', 'A clinic''s plans differ in name, in whatever case.');

insert into tests.lint_exceptions (rule, object, reason) values
  ('across_clinics', 'app_hidden.report_subscription_by_key(bytea,text,text,timestamp with time zone,timestamp with time zone)',
   'The clinic is the one whose key was given.');

insert into tests.lint_exceptions (rule, reason, object)
select 'suspended', 'A patient pays the clinic for what was agreed before: what the payment brings is theirs, whatever the clinic owes.', unnest(array[
  'app_hidden.report_subscription_by_key(bytea,text,text,timestamp with time zone,timestamp with time zone)',
  'app_private.record_payment_report(uuid,text,text,timestamp with time zone,timestamp with time zone,timestamp with time zone)',
  'app_public.link_patient_subscription(uuid,text,text)',
  'app_public.unlink_patient_subscription(uuid)'
]);

insert into tests.lint_exceptions (rule, object, reason) values
  ('suspended', 'app_private.messages_about_subscription_reports(app_private.events)', 'Of who works at the clinic, about what patients paid: they have to be reached.');
