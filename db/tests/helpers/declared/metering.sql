-- Allowed in metering, with the reason: the engine's rights, exceptions from the lint; and what keys say.

insert into tests.allowed_definer_functions (reason, function)
select 'A verb or a listing: it checks the callers permission, then works on tables or columns the caller has no grant on.', unnest(array[
  'app_public.draft_platform_tier_version(uuid)',
  'app_public.edit_platform_tier_version(uuid,integer,integer,app_public.tier_price[],app_public.tier_limit[],app_public.tier_overage_price[])',
  'app_public.enter_ai_price(text,text,text,numeric,timestamp with time zone)',
  'app_public.organization_usage(uuid)',
  'app_public.publish_platform_tier_version(uuid)',
  'app_public.set_platform_tier(text,text,text,integer,boolean)'
]);

insert into tests.allowed_definer_functions (reason, function) values
  ('A question of policies: it answers about rows that the caller may not see, with ids.', 'app_hidden.subscribed_tier_ids()'),
  ('A trigger that reads or writes beyond the grants of whoever caused it.', 'app_private.tg_billing_periods__resummarize()'),
  ('A trigger that reads or writes beyond the grants of whoever caused it.', 'app_private.tg_organization_subscriptions__resummarize()'),
  ('A trigger that reads or writes beyond the grants of whoever caused it.', 'app_private.tg_within_limit()');

insert into tests.lint_exceptions (rule, object, reason) values
  ('json_columns', 'app_public.ai_calls.units', 'Numbers by the names of units: record_ai_call() takes nothing else.'),
  ('json_columns', 'app_public.usage_conflicts.details', 'Model and units of an AI call, as record_ai_call() takes them.'),
  ('references', 'app_public.usage_records.subject_id', 'Whom a meter counts once: of whichever kind the meter says.'),
  ('references', 'app_public.usage_conflicts.subject_id', 'Whom a meter counts once: of whichever kind the meter says.'),
  ('references', 'app_private.usage_subjects.subject_id', 'Whom a meter counts once: of whichever kind the meter says.');

insert into tests.lint_exceptions (rule, object, reason)
select 'growth', object, 'What bills rest on. It grows with use; how long the law asks for it is for counsel to confirm.'
from unnest(array[
  'app_private.usage_subjects',
  'app_public.ai_calls',
  'app_public.usage_conflicts',
  'app_public.usage_records',
  'app_public.usage_summaries'
]) as object;

insert into tests.lint_exceptions (rule, object, reason) values
  ('growth', 'app_private.usage_positions', 'One row for each clinic.'),
  ('growth', 'app_public.ai_model_prices', 'A row for each price that a superadmin entered.');

insert into tests.declared_keys (table_name, columns, says) values
  ('app_public.ai_model_prices', 'model, unit, currency, (expression)', 'A unit has one price at a time (FND-24).'),
  ('app_public.platform_tiers', 'slug', 'A tier is known by its slug.'),
  ('app_public.platform_tier_versions', 'tier_id, version', 'The versions of a tier have an order.'),
  ('app_public.platform_tier_versions', 'tier_id', 'One version of a tier is a draft (FND-20).'),
  ('app_public.usage_records', 'organization_id, position', 'Usage has one order, and a bill has all of it up to its position (FND-24).');

insert into tests.lint_exceptions (rule, object, reason)
select 'folding', object, 'The borders of a range.'
from unnest(array[
  'app_private.record_usage(uuid,text,text,text,numeric,timestamp with time zone,uuid): v_period',
  'app_private.find_usage_period(uuid,timestamp with time zone): positions.period',
  'app_private.find_usage_period(uuid,timestamp with time zone): v_period',
  'app_public.organization_usage(uuid): v_span'
]) as object;

insert into tests.lint_exceptions (rule, object, reason)
select 'retentions', object, 'What the platform sells: superadmins write it by verbs, and it is the same on every server.'
from unnest(array[
  'app_public.platform_overage_prices',
  'app_public.platform_tier_limits',
  'app_public.platform_tier_prices',
  'app_public.platform_tier_versions',
  'app_public.platform_tiers'
]) as object;

insert into tests.lint_exceptions (rule, object, reason) values
  ('across_clinics', 'app_hidden.subscribed_tier_ids()', 'Of the caller''s clinics alone, as policies ask.'),
  ('across_clinics', 'app_public.enter_ai_price(text,text,text,numeric,timestamp with time zone)',
   'For superadmins, about the platform: on one server, its part.');

select tests.freezes('update, delete, truncate',
  'app_public.usage_conflicts',
  'app_public.usage_records');
select tests.freezes('truncate',
  'app_public.ai_calls',
  'app_public.platform_overage_prices',
  'app_public.platform_tier_limits',
  'app_public.platform_tier_prices',
  'app_public.platform_tier_versions');

insert into tests.lint_exceptions (rule, object, reason) values
  ('suspended', 'app_private.messages_about_usage(app_private.events)', 'Tells the platform''s staff what only they can put right, whatever the clinic''s subscription is.');
