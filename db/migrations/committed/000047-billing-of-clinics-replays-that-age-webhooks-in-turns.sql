--! Previous: sha1:6f95059ef9058dacb123e22484cf4e4227a1912b
--! Hash: sha1:e76171c3a7d1af686d811286196c665db668299d
--! Message: billing of clinics, replays that age, webhooks in turns

--! split: 500-tiers-and-metering.sql
-- What clinics subscribe to, what it limits, and what they use. FND-20, FND-24, docs/decisions/0174, 0175.

-- squawk-ignore ban-drop-table
drop table if exists app_public.meters, app_public.platform_tiers, app_public.platform_tier_versions, app_public.platform_tier_prices, app_public.platform_tier_limits, app_public.platform_overage_prices cascade;

drop type if exists app_public.tier_price cascade;
drop type if exists app_public.tier_limit cascade;
drop type if exists app_public.tier_overage_price cascade;

-- What superadmins write of a draft, all at once.
create type app_public.tier_price as (currency text, tenancy_mode text, monthly_amount bigint, annual_amount bigint, setup_amount bigint);
create type app_public.tier_limit as (meter text, enforcement text, included bigint);
create type app_public.tier_overage_price as (meter text, currency text, unit_price numeric);
comment on type app_public.tier_price is 'A price of a version, in minor units of the currency.';
comment on column app_public.tier_price.tenancy_mode is '@words platform_tier_prices.tenancy_mode';
comment on column app_public.tier_price.monthly_amount is 'For a month, in minor units.';
comment on column app_public.tier_price.annual_amount is 'For twelve months paid at once, in minor units.';
comment on column app_public.tier_price.setup_amount is 'Once, with the first invoice, in minor units; 0 where it is left out.';
comment on type app_public.tier_limit is 'What a version includes of a meter.';
comment on column app_public.tier_limit.meter is 'The key of a meter.';
comment on column app_public.tier_limit.enforcement is E'@words platform_tier_limits.enforcement\nWhat becomes of more than the included.';
comment on column app_public.tier_limit.included is E'@nullable\nNull: without limit.';
comment on type app_public.tier_overage_price is 'What a version asks for a unit beyond a soft limit.';
comment on column app_public.tier_overage_price.meter is 'The key of a meter with a soft limit.';
comment on column app_public.tier_overage_price.unit_price is 'In minor units of the currency; may have a fraction.';

create table app_public.meters (
  key text primary key,
  unit text not null,
  aggregation text not null,
  is_standing boolean not null,
  can_be_hard boolean not null,
  description text not null,
  description_ro text not null,
  constraint meters_key_is_a_word check (key ~ '^[a-z]+(_[a-z]+)*$' and length(key) <= 63),
  constraint meters_aggregation_is_known check (aggregation in ('sum', 'count', 'max', 'unique', 'latest'))
);
comment on table app_public.meters is 'What of a clinic is counted, and how.';
comment on column app_public.meters.is_standing is
  'Whether it is how much there is, as of specialists, rather than how much was used in a period, as of text messages.';
comment on column app_public.meters.key is 'The name of the meter: sms_messages, specialists.';
comment on column app_public.meters.unit is 'What one of it is: message, minute, byte.';
comment on column app_public.meters.aggregation is 'How its records add up.';
comment on column app_public.meters.description_ro is 'What it counts, in Romanian.';
comment on column app_public.meters.can_be_hard is 'Whether what is counted can be refused where it is made.';
comment on constraint meters_aggregation_is_known on app_public.meters is
  E'sum: What was used is added up.\n'
  'count: Each record is one, whatever its quantity.\n'
  'max: The greatest quantity of the period counts.\n'
  'unique: Each different subject of the period is one.\n'
  'latest: The quantity that was last in the period counts.';

create table app_public.platform_tiers (
  id uuid primary key,
  slug text not null,
  names jsonb not null,
  place int not null,
  is_offered boolean not null default false,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint platform_tiers_have_fixed_ids check (not (uuid_extract_version(id) is distinct from 8)),
  constraint platform_tiers_slug_is_unique unique (slug),
  constraint platform_tiers_slug_is_a_slug check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' and length(slug) <= 63),
  constraint platform_tiers_names_is_an_object check (jsonb_typeof(names) = 'object')
);
comment on table app_public.platform_tiers is 'What a clinic can subscribe to at the platform.';
comment on column app_public.platform_tiers.names is 'By language: {"ro": "…", "en": "…"}.';
comment on column app_public.platform_tiers.place is 'Where it stands among the tiers that are offered, the smallest first.';
comment on column app_public.platform_tiers.is_offered is 'Whether clinics may subscribe to it. Clinics that have it keep it.';

-- A version that was published is never changed; a subscription names the version.
create table app_public.platform_tier_versions (
  id uuid primary key,
  tier_id uuid not null references app_public.platform_tiers on delete restrict,
  version int not null,
  ai_markup_basis_points int not null default 3000,
  trial_days int not null default 30,
  published_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint platform_tier_versions_have_fixed_ids check (not (uuid_extract_version(id) is distinct from 8)),
  constraint platform_tier_versions_are_counted unique (tier_id, version),
  constraint platform_tier_versions_version_counts_from_1 check (version >= 1),
  constraint platform_tier_versions_markup_is_sensible check (ai_markup_basis_points between 0 and 100000),
  constraint platform_tier_versions_trial_days_is_sensible check (trial_days between 0 and 365)
);
create unique index platform_tier_versions_one_is_a_draft on app_public.platform_tier_versions (tier_id) where published_at is null;
comment on table app_public.platform_tier_versions is
  'What a tier costs and includes. A draft is edited; once published nothing of it changes, and a subscription names it.';
comment on column app_public.platform_tier_versions.version is 'Counts from 1 within the tier.';
comment on column app_public.platform_tier_versions.ai_markup_basis_points is
  'What is added to the cost of AI calls, in hundredths of a percent: 3000 is 30 %.';
comment on column app_public.platform_tier_versions.trial_days is 'How many days a new subscription is free; 0: none.';
comment on column app_public.platform_tier_versions.published_at is 'Null while it is a draft.';

create table app_public.platform_tier_prices (
  tier_version_id uuid not null references app_public.platform_tier_versions on delete restrict,
  currency char(3) not null,
  tenancy_mode text not null default 'shared',
  monthly_amount bigint not null,
  annual_amount bigint not null,
  setup_amount bigint not null default 0,
  constraint platform_tier_prices_pkey primary key (tier_version_id, currency, tenancy_mode),
  constraint platform_tier_prices_are_of_fixed_versions check (not (uuid_extract_version(tier_version_id) is distinct from 8)),
  constraint platform_tier_prices_currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint platform_tier_prices_tenancy_mode_is_known check (tenancy_mode in ('shared', 'dedicated')),
  constraint platform_tier_prices_are_not_negative check (monthly_amount >= 0 and annual_amount >= 0 and setup_amount >= 0)
);
comment on table app_public.platform_tier_prices is 'What a version costs, in each currency and for each way of being hosted.';
comment on column app_public.platform_tier_prices.monthly_amount is 'For a month, in minor units.';
comment on column app_public.platform_tier_prices.annual_amount is 'For twelve months paid at once, in minor units.';
comment on column app_public.platform_tier_prices.setup_amount is 'Once, with the first invoice, in minor units.';
comment on constraint platform_tier_prices_tenancy_mode_is_known on app_public.platform_tier_prices is
  E'shared: On a server with other clinics.\ndedicated: On a server of its own.';

create table app_public.platform_tier_limits (
  tier_version_id uuid not null references app_public.platform_tier_versions on delete restrict,
  meter text not null references app_public.meters on delete restrict,
  enforcement text not null,
  included bigint,
  constraint platform_tier_limits_pkey primary key (tier_version_id, meter),
  constraint platform_tier_limits_are_of_fixed_versions check (not (uuid_extract_version(tier_version_id) is distinct from 8)),
  constraint platform_tier_limits_enforcement_is_known check (enforcement in ('hard', 'soft')),
  constraint platform_tier_limits_included_is_not_negative check (included >= 0)
);
create index platform_tier_limits_meter_idx on app_public.platform_tier_limits (meter);
comment on table app_public.platform_tier_limits is 'How much of each meter a version includes. A meter without a row is neither limited nor billed.';
comment on column app_public.platform_tier_limits.meter is 'What is limited.';
comment on column app_public.platform_tier_limits.enforcement is 'What becomes of more than the included.';
comment on constraint platform_tier_limits_enforcement_is_known on app_public.platform_tier_limits is
  E'hard: More is refused.\nsoft: More is billed.';
comment on column app_public.platform_tier_limits.included is 'How much the tier includes, in the unit of the meter; null: without limit.';

create table app_public.platform_overage_prices (
  tier_version_id uuid not null,
  meter text not null,
  currency char(3) not null,
  unit_price numeric not null,
  constraint platform_overage_prices_pkey primary key (tier_version_id, meter, currency),
  constraint platform_overage_prices_limit_fkey foreign key (tier_version_id, meter)
    references app_public.platform_tier_limits (tier_version_id, meter) on delete restrict,
  constraint platform_overage_prices_are_of_fixed_versions check (not (uuid_extract_version(tier_version_id) is distinct from 8)),
  constraint platform_overage_prices_currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint platform_overage_prices_unit_price_is_not_negative check (unit_price >= 0)
);
comment on table app_public.platform_overage_prices is 'What a version asks for what is used beyond a soft limit, in each currency.';
comment on column app_public.platform_overage_prices.meter is 'What is used.';
comment on column app_public.platform_overage_prices.unit_price is
  'What one unit beyond the included costs, in minor units of the currency; may have a fraction.';

--! split: 501-usage.sql
-- What clinics use, and what AI models cost. FND-20, FND-24, docs/decisions/0174, 0175.

-- squawk-ignore ban-drop-table
drop table if exists app_private.usage_positions, app_public.usage_records, app_private.usage_subjects, app_public.usage_summaries, app_public.usage_conflicts, app_public.ai_calls, app_public.ai_model_prices, app_private.missing_ai_prices cascade;
drop type if exists app_public.metered_usage cascade;

-- A meter of a clinic, as organization_usage() tells it.
create type app_public.metered_usage as (
  meter text,
  unit text,
  is_standing boolean,
  enforcement text,
  included bigint,
  used numeric,
  unit_price numeric,
  overage_amount bigint,
  currency text,
  period_starts_at timestamptz,
  period_ends_at timestamptz
);
comment on type app_public.metered_usage is 'How much there is of a meter, or was used of it in the period that runs, against what the tier includes.';
comment on column app_public.metered_usage.meter is 'The key of the meter.';
comment on column app_public.metered_usage.unit is 'What one of it is: message, minute, byte.';
comment on column app_public.metered_usage.is_standing is 'Whether it is how much there is, rather than how much was used in the period.';
comment on column app_public.metered_usage.enforcement is
  E'@nullable\n@words platform_tier_limits.enforcement\nWhat becomes of more than the included; null where the tier says nothing of it.';
comment on column app_public.metered_usage.included is E'@nullable\nHow much the tier includes; null: without limit.';
comment on column app_public.metered_usage.used is 'How much there is, or was used in the period that runs.';
comment on column app_public.metered_usage.unit_price is
  E'@nullable\nWhat one unit beyond the included costs, in minor units; null where nothing is billed.';
comment on column app_public.metered_usage.overage_amount is
  E'@nullable\nWhat the rest would be billed as of now, in minor units; null where nothing is billed.';
comment on column app_public.metered_usage.currency is E'@nullable\nThe currency of unitPrice and overageAmount.';
comment on column app_public.metered_usage.period_starts_at is 'When the period that runs began.';
comment on column app_public.metered_usage.period_ends_at is 'When it ends.';

-- The last position of a clinic's usage. Its row is locked by whoever records usage, and by whoever closes a period.
create table app_private.usage_positions (
  organization_id uuid primary key references app_public.organizations on delete restrict,
  last_position bigint not null default 0
);
comment on table app_private.usage_positions is 'How far each clinic''s usage is counted. Its row is the lock of limits and of usage.';

create table app_public.usage_records (
  id uuid not null default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  position bigint not null,
  meter text not null references app_public.meters on delete restrict,
  source text not null,
  key text not null,
  quantity numeric not null,
  subject_id uuid,
  occurred_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  constraint usage_records_pkey primary key (organization_id, source, key),
  constraint usage_records_identity unique (organization_id, id),
  constraint usage_records_are_in_order unique (organization_id, position),
  constraint usage_records_quantity_is_not_negative check (quantity >= 0),
  constraint usage_records_source_is_short check (source ~ '^[a-z]+(_[a-z]+)*$' and length(source) <= 63),
  constraint usage_records_key_is_short check (length(key) between 1 and 200)
);
create index usage_records_meter_idx on app_public.usage_records (meter, organization_id, occurred_at) include (position, quantity, subject_id);

comment on table app_public.usage_records is 'What a clinic used, each thing once: never changed, never deleted.';
comment on column app_public.usage_records.position is
  'Counts the clinic''s records in the order in which they came. A bill that was made at a position has those up to it.';
comment on column app_public.usage_records.source is 'What told it: messages, video_rooms, exercise_sessions, ai.';
comment on column app_public.usage_records.key is 'The thing that was counted, unique within its source.';
comment on column app_public.usage_records.meter is 'What was used.';
comment on column app_public.usage_records.recorded_at is 'When it was told.';
comment on column app_public.usage_records.quantity is 'In the unit of the meter.';
comment on column app_public.usage_records.subject_id is 'Whom it is about, where the meter counts different subjects.';
comment on column app_public.usage_records.occurred_at is 'When it was used: it falls into the period of this instant, however late it is told.';

-- What was counted once of a meter that counts different subjects.
create table app_private.usage_subjects (
  organization_id uuid not null references app_public.organizations on delete restrict,
  meter text not null references app_public.meters on delete restrict,
  period_starts_at timestamptz not null,
  subject_id uuid not null,
  constraint usage_subjects_pkey primary key (organization_id, meter, period_starts_at, subject_id)
);
create index usage_subjects_meter_idx on app_private.usage_subjects (meter);
comment on table app_private.usage_subjects is 'Which subjects a summary has counted, so that each is counted once.';

create table app_public.usage_summaries (
  organization_id uuid not null references app_public.organizations on delete restrict,
  meter text not null references app_public.meters on delete restrict,
  period_starts_at timestamptz not null,
  period_ends_at timestamptz not null,
  quantity numeric not null,
  records bigint not null,
  last_occurred_at timestamptz not null,
  constraint usage_summaries_pkey primary key (organization_id, meter, period_starts_at),
  constraint usage_summaries_end_after_they_begin check (period_ends_at > period_starts_at)
);
create index usage_summaries_meter_idx on app_public.usage_summaries (meter);
comment on table app_public.usage_summaries is
  'What a clinic used of a meter in a billing period, or in a calendar month where it has none, as its records add up to.';
comment on column app_public.usage_summaries.meter is 'What was used.';
comment on column app_public.usage_summaries.period_starts_at is 'When the period begins.';
comment on column app_public.usage_summaries.period_ends_at is 'When it ends.';
comment on column app_public.usage_summaries.quantity is 'By the aggregation of the meter, in its unit.';
comment on column app_public.usage_summaries.records is 'How many records it is made of.';
comment on column app_public.usage_summaries.last_occurred_at is 'When the last of them was used.';

-- The same key with other content: kept, told, never summed.
create table app_public.usage_conflicts (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  source text not null,
  key text not null,
  meter text not null references app_public.meters on delete restrict,
  quantity numeric not null,
  subject_id uuid,
  occurred_at timestamptz not null,
  details jsonb not null default '{}',
  received_at timestamptz not null default now(),
  constraint usage_conflicts_details_is_an_object check (jsonb_typeof(details) = 'object'),
  constraint usage_conflicts_identity unique (organization_id, id),
  constraint usage_conflicts_record_fkey foreign key (organization_id, source, key)
    references app_public.usage_records (organization_id, source, key) on delete restrict
);
create index usage_conflicts_record_idx on app_public.usage_conflicts (organization_id, source, key);
create index usage_conflicts_by_time_idx on app_public.usage_conflicts (organization_id, received_at, id);
create index usage_conflicts_meter_idx on app_public.usage_conflicts (meter);
comment on table app_public.usage_conflicts is 'What was told under the key of another record and differs from it: kept, and counted nowhere.';
comment on column app_public.usage_conflicts.source is 'What told it.';
comment on column app_public.usage_conflicts.meter is 'What it says was used.';
comment on column app_public.usage_conflicts.quantity is 'How much it says was used.';
comment on column app_public.usage_conflicts.occurred_at is 'When it says that it was used.';
comment on column app_public.usage_conflicts.received_at is 'When it was told.';
comment on column app_public.usage_conflicts.details is 'What else was said: model and units of an AI call.';

create table app_public.ai_model_prices (
  id uuid primary key default uuidv7(),
  model text not null,
  unit text not null,
  currency char(3) not null,
  price_per_million numeric not null,
  valid_from timestamptz not null,
  valid_until timestamptz,
  created_at timestamptz not null default now(),
  constraint ai_model_prices_currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint ai_model_prices_price_is_not_negative check (price_per_million >= 0),
  constraint ai_model_prices_end_after_they_begin check (valid_until > valid_from),
  constraint ai_model_prices_hold_one_at_a_time exclude using gist
    (model with =, unit with =, currency with =, tstzrange(valid_from, valid_until) with &&)
);
comment on table app_public.ai_model_prices is 'What a unit of a model costs the platform, and from when until when it did.';
comment on column app_public.ai_model_prices.model is 'The name of the model, as calls say it.';
comment on column app_public.ai_model_prices.valid_from is 'From when calls cost so much.';
comment on column app_public.ai_model_prices.unit is 'What is counted of a call: input_tokens, output_tokens, seconds.';
comment on column app_public.ai_model_prices.price_per_million is 'What a million units cost, in minor units of the currency.';
comment on column app_public.ai_model_prices.valid_until is 'Null while no later price is known.';

-- What was told once a day to be missing.
create table app_private.missing_ai_prices (
  model text not null,
  unit text not null,
  currency char(3) not null,
  missed_on date not null,
  missed_at timestamptz not null,
  constraint missing_ai_prices_pkey primary key (model, unit, currency, missed_on)
);
comment on table app_private.missing_ai_prices is 'Which price was missing on which day (UTC), told once.';
create index missing_ai_prices_missed_at_idx on app_private.missing_ai_prices (missed_at);

create table app_public.ai_calls (
  organization_id uuid not null,
  usage_record_id uuid not null,
  model text not null,
  units jsonb not null,
  occurred_at timestamptz not null,
  currency char(3) not null,
  cost numeric,
  priced_position bigint,
  constraint ai_calls_pkey primary key (organization_id, usage_record_id),
  constraint ai_calls_usage_fkey foreign key (organization_id, usage_record_id)
    references app_public.usage_records (organization_id, id) on delete restrict,
  constraint ai_calls_units_is_an_object check (jsonb_typeof(units) = 'object'),
  constraint ai_calls_cost_is_not_negative check (cost >= 0),
  constraint ai_calls_priced_ones_have_a_position check ((cost is null) = (priced_position is null))
);
create index ai_calls_without_price_idx on app_public.ai_calls (model, currency, organization_id) where cost is null;
create index ai_calls_by_time_idx on app_public.ai_calls (organization_id, occurred_at, usage_record_id)
  include (currency, cost, priced_position);
comment on table app_public.ai_calls is 'Calls of AI models that a clinic caused. Each is a record of usage, too.';
comment on column app_public.ai_calls.model is 'The name of the model.';
comment on column app_public.ai_calls.occurred_at is 'When the call was made.';
comment on column app_public.ai_calls.units is 'How many of each unit: {"input_tokens": 1200, "output_tokens": 300}.';
comment on column app_public.ai_calls.currency is 'In which the clinic is billed for it.';
comment on column app_public.ai_calls.cost is
  'What the call cost by the prices of its time, exact, in minor units; null until somebody enters a price that is missing.';
comment on column app_public.ai_calls.priced_position is
  'The position of the clinic''s usage at which its cost was known: bills that were closed before do not have it.';

-- What standing limits count: the patients in a clinic's lists, and the bytes of its files.
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.patients_listed_idx;
-- squawk-ignore require-concurrent-index-creation
create index patients_listed_idx on app_public.patients (organization_id) where deleted_at is null;
-- squawk-ignore require-concurrent-index-deletion
drop index if exists app_public.files_stored_idx;
-- squawk-ignore require-concurrent-index-creation
create index files_stored_idx on app_public.files (organization_id) include (size_bytes) where status = 'confirmed';

-- A call has an end.
drop function if exists app_private.record_video_report(uuid, text, text, text, integer);

--! split: 505-entitlements-and-service-accounts.sql
-- What clinics have beside their tier, and keys of programs. FND-20, FND-24, BIL-09, TEN-01, docs/decisions/0191.

-- squawk-ignore ban-drop-table
drop table if exists app_public.organization_entitlements, app_public.platform_entitlements, app_public.service_account_keys cascade;

create table app_public.platform_entitlements (
  key text primary key,
  is_built boolean not null,
  description text not null,
  description_ro text not null,
  constraint platform_entitlements_key_is_a_word check (key ~ '^[a-z][a-z0-9]*(_[a-z0-9]+)*$' and length(key) <= 63)
);
comment on table app_public.platform_entitlements is 'What a clinic can have beside its tier.';
comment on column app_public.platform_entitlements.description_ro is 'The same in Romanian.';
comment on column app_public.platform_entitlements.is_built is 'Whether it can be granted; what is not built is refused.';

create table app_public.organization_entitlements (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete cascade,
  entitlement text not null references app_public.platform_entitlements on delete restrict,
  reason text not null,
  granted_by uuid references app_public.principals on delete restrict,
  granted_at timestamptz not null default now(),
  revoked_at timestamptz,
  revoked_by uuid references app_public.principals on delete restrict,
  revoke_reason text,
  constraint organization_entitlements_identity unique (organization_id, id),
  constraint organization_entitlements_reason_is_not_blank check (length(btrim(reason)) >= 3),
  constraint organization_entitlements_reason_is_at_most_500_characters_long check (length(reason) <= 500),
  constraint organization_entitlements_revoking_has_a_reason check ((revoked_at is null) = (revoke_reason is null)),
  constraint organization_entitlements_revoke_reason_is_short check (length(revoke_reason) <= 500)
);
create unique index organization_entitlements_one_is_open
  on app_public.organization_entitlements (organization_id, entitlement) where revoked_at is null;
create index organization_entitlements_granted_idx on app_public.organization_entitlements (organization_id, granted_at, id);
create index organization_entitlements_entitlement_idx on app_public.organization_entitlements (entitlement);
create index organization_entitlements_granted_by_idx on app_public.organization_entitlements (granted_by);
create index organization_entitlements_revoked_by_idx on app_public.organization_entitlements (revoked_by);
comment on table app_public.organization_entitlements is 'What the platform granted a clinic beside its tier, and until when.';
comment on column app_public.organization_entitlements.entitlement is 'What was granted: one of platformEntitlements.';
comment on column app_public.organization_entitlements.granted_at is 'Since when the clinic has it.';
comment on column app_public.organization_entitlements.reason is 'Why it was granted.';
comment on column app_public.organization_entitlements.revoked_at is 'Since when the clinic has it no more; null while it has.';
comment on column app_public.organization_entitlements.revoke_reason is 'Why it was taken back.';

-- What programs of a clinic, or of the platform, are let in with.
create table app_public.service_account_keys (
  id uuid primary key default uuidv7(),
  organization_id uuid references app_public.organizations on delete cascade,
  name text not null,
  scope text not null,
  principal_id uuid not null references app_public.principals on delete restrict,
  digest bytea not null,
  last_four text not null,
  last_used_on date,
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  revoked_at timestamptz,
  revoked_by uuid references app_public.principals on delete restrict,
  constraint service_account_keys_identity unique (organization_id, id),
  constraint service_account_keys_scope_is_known check (scope in ('ai_calls', 'patient_subscriptions')),
  constraint service_account_keys_scope_is_of_whose_it_is check ((scope = 'ai_calls') = (organization_id is null)),
  constraint service_account_keys_digest_is_one check (octet_length(digest) = 32),
  constraint service_account_keys_last_four_are_four check (last_four ~ '^[A-Za-z0-9_-]{4}$'),
  constraint service_account_keys_name_is_not_blank check (name ~ '[[:alnum:]]'),
  constraint service_account_keys_name_is_at_most_100_characters_long check (length(name) <= 100),
  constraint service_account_keys_name_is_one_line check (name !~ '[[:cntrl:]]')
);
-- Indexes and no constraints: the API asks by the id alone.
create unique index service_account_keys_digest_is_unique on app_public.service_account_keys (digest);
create unique index service_account_keys_have_a_principal_each on app_public.service_account_keys (principal_id);
create index service_account_keys_made_idx on app_public.service_account_keys (organization_id, created_at, id);
create index service_account_keys_created_by_idx on app_public.service_account_keys (created_by);
create index service_account_keys_revoked_by_idx on app_public.service_account_keys (revoked_by);
comment on table app_public.service_account_keys is
  'Keys of programs that are no person: a clinic''s own, or the platform''s. The key itself is shown once; what it writes is attributed to its principal.';
comment on column app_public.service_account_keys.organization_id is 'The clinic that it is for; null: the platform.';
comment on column app_public.service_account_keys.scope is 'What it opens.';
comment on column app_public.service_account_keys.principal_id is 'Who its writes are attributed to, in the audit trail and in events.';
comment on column app_public.service_account_keys.last_four is 'The last four characters of the key, to tell it by.';
comment on column app_public.service_account_keys.last_used_on is 'The last day (UTC) on which it did something; null: it never did.';
comment on column app_public.service_account_keys.revoked_at is 'Since when it opens nothing; null while it does.';
comment on constraint service_account_keys_scope_is_known on app_public.service_account_keys is
  E'ai_calls: Calls of AI models are recorded, of any clinic; only the platform has such keys.\n'
  'patient_subscriptions: Statuses of the clinic''s patient subscriptions are reported, by the clinic''s own payment system.';

-- What a new key is told as, once.
-- squawk-ignore ban-drop-table
drop type if exists app_public.service_account_key_token cascade;
create type app_public.service_account_key_token as (
  id uuid,
  token text
);
comment on type app_public.service_account_key_token is 'A key that was just made; nobody sees it again.';
comment on column app_public.service_account_key_token.id is 'Its row in service_account_keys.';
comment on column app_public.service_account_key_token.token is 'The key: `Authorization: Bearer rxsk_…`.';

--! split: 510-subscriptions.sql
-- What a clinic is billed as, its subscription, its periods, and what happens when it does not pay. BIL-01, BIL-05, BIL-10,
-- docs/decisions/0176, 0177.

-- squawk-ignore ban-drop-table
drop table if exists app_public.organization_billing, app_public.organization_subscriptions, app_public.organization_subscription_tiers, app_public.billing_periods, app_private.payment_provider_statuses, app_public.dunning_steps cascade;

create table app_public.organization_billing (
  organization_id uuid primary key references app_public.organizations on delete restrict,
  legal_name text not null,
  street text not null,
  city text not null,
  county text not null,
  postal_code text,
  country char(2) not null,
  registration_number text,
  tax_id app_private.ciphertext,
  tax_id_last_four text,
  billing_email text not null,
  currency char(3) not null,
  timezone text not null references app_public.time_zones on delete restrict,
  cadence text not null,
  updated_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint organization_billing_legal_name_is_not_blank check (legal_name ~ '[[:alnum:]]'),
  constraint organization_billing_legal_name_is_at_most_200_characters_long check (length(legal_name) <= 200),
  constraint organization_billing_street_is_not_blank check (street ~ '[[:alnum:]]'),
  constraint organization_billing_street_is_at_most_200_characters_long check (length(street) <= 200),
  constraint organization_billing_city_is_not_blank check (city ~ '[[:alnum:]]'),
  constraint organization_billing_city_is_at_most_100_characters_long check (length(city) <= 100),
  constraint organization_billing_county_is_not_blank check (county ~ '[[:alnum:]]'),
  constraint organization_billing_county_is_at_most_100_characters_long check (length(county) <= 100),
  constraint organization_billing_postal_code_is_short check (postal_code ~ '^[[:alnum:]][[:alnum:] -]{0,15}$'),
  constraint organization_billing_registration_number_is_not_blank check (registration_number ~ '[[:alnum:]]'),
  constraint organization_billing_registration_number_is_short check (length(registration_number) <= 50),
  constraint organization_billing_billing_email_is_short check (length(billing_email) <= 254),
  constraint organization_billing_country_is_a_code check (country ~ '^[A-Z]{2}$'),
  constraint organization_billing_currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint organization_billing_cadence_is_known check (cadence in ('monthly', 'annual')),
  constraint organization_billing_tax_id_shows_its_end check ((tax_id is null) = (tax_id_last_four is null)),
  constraint organization_billing_tax_id_last_four_is_four check (length(tax_id_last_four) between 1 and 4)
);
create index organization_billing_timezone_idx on app_public.organization_billing (timezone);
create index organization_billing_updated_by_idx on app_public.organization_billing (updated_by);
comment on table app_public.organization_billing is 'As whom a clinic is billed by the platform. An invoice freezes it.';
comment on column app_public.organization_billing.legal_name is 'The name of the company, as the trade register has it.';
comment on column app_public.organization_billing.county is 'The county: Cluj, București.';
comment on column app_public.organization_billing.postal_code is 'The postal code.';
comment on column app_public.organization_billing.cadence is 'How often the price of the tier is billed.';
comment on column app_public.organization_billing.registration_number is 'Of the trade register: J40/1234/2020.';
comment on column app_public.organization_billing.tax_id is 'Sealed with the clinic''s data key.';
comment on column app_public.organization_billing.tax_id_last_four is 'The end of the tax id, so that it can be recognised.';
comment on column app_public.organization_billing.billing_email is 'Where invoices, receipts and reminders of payment go.';
comment on column app_public.organization_billing.currency is 'In which it wants to be billed; a subscription keeps the one that it began with.';
comment on column app_public.organization_billing.timezone is
  'At whose midnight billing periods begin; a subscription keeps the one that it began with.';
comment on constraint organization_billing_cadence_is_known on app_public.organization_billing is
  E'monthly: The price of the tier is billed each month in advance.\nannual: The price of the tier is billed for a year in advance.';

create table app_public.organization_subscriptions (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  status text not null,
  tier_version_id uuid not null references app_public.platform_tier_versions on delete restrict,
  tenancy_mode text not null default 'shared',
  cadence text not null,
  currency char(3) not null,
  timezone text not null references app_public.time_zones on delete restrict,
  provider text not null references app_public.service_providers on delete restrict,
  anchor_on date,
  trial_ends_at timestamptz,
  trial_told_at timestamptz,
  past_due_at timestamptz,
  suspended_at timestamptz,
  cancels_on date,
  cancels_because text,
  ended_at timestamptz,
  settle_at timestamptz,
  status_reason text,
  provider_customer_id text,
  provider_subscription_id text,
  provider_status text,
  provider_as_of timestamptz,
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint organization_subscriptions_identity unique (organization_id, id),
  constraint organization_subscriptions_status_is_known
    check (status in ('pending', 'trialing', 'active', 'past_due', 'suspended', 'canceled')),
  constraint organization_subscriptions_cadence_is_known check (cadence in ('monthly', 'annual')),
  constraint organization_subscriptions_tenancy_mode_is_known check (tenancy_mode in ('shared', 'dedicated')),
  constraint organization_subscriptions_currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint organization_subscriptions_cancels_because_is_known check (cancels_because in ('asked', 'unpaid')),
  constraint organization_subscriptions_begin_with_a_day check (status in ('pending', 'canceled') or anchor_on is not null),
  constraint organization_subscriptions_trial_has_an_end check (status <> 'trialing' or trial_ends_at is not null),
  constraint organization_subscriptions_end_is_noted check ((ended_at is not null) = (status = 'canceled')),
  constraint organization_subscriptions_end_has_a_reason check ((cancels_on is null) = (cancels_because is null)),
  constraint organization_subscriptions_status_reason_is_short check (length(status_reason) <= 500)
);
create unique index organization_subscriptions_one_is_live
  on app_public.organization_subscriptions (organization_id) where status <> 'canceled';
create index organization_subscriptions_settle_idx on app_public.organization_subscriptions (settle_at, id) where settle_at is not null;
create index organization_subscriptions_tier_idx on app_public.organization_subscriptions (tier_version_id);
create index organization_subscriptions_timezone_idx on app_public.organization_subscriptions (timezone);
create index organization_subscriptions_provider_idx on app_public.organization_subscriptions (provider);
create index organization_subscriptions_created_by_idx on app_public.organization_subscriptions (created_by);
create unique index organization_subscriptions_at_the_provider
  on app_public.organization_subscriptions (provider, provider_subscription_id) where provider_subscription_id is not null;
comment on table app_public.organization_subscriptions is
  'What a clinic subscribes to at the platform. One is live; those that were canceled stay.';
comment on column app_public.organization_subscriptions.tier_version_id is
  'The version of the tier that holds now; organizationSubscriptionTiers says which held when.';
comment on column app_public.organization_subscriptions.cadence is 'How often the price of the tier is billed.';
comment on column app_public.organization_subscriptions.cancels_because is 'Who wanted it to end on cancelsOn.';
comment on column app_public.organization_subscriptions.status_reason is 'Why it was last moved, where somebody said.';
comment on column app_public.organization_subscriptions.currency is 'In which it is billed, from its beginning to its end.';
comment on column app_public.organization_subscriptions.timezone is
  'At whose midnight its periods begin, from its beginning to its end.';
comment on column app_public.organization_subscriptions.provider is 'Who takes the payments.';
comment on column app_public.organization_subscriptions.anchor_on is
  'From which day its months are counted: the first that is not of a trial. Null until it begins.';
comment on column app_public.organization_subscriptions.trial_ends_at is 'When its trial ends, or ended. Null: it had none.';
comment on column app_public.organization_subscriptions.trial_told_at is 'When it was announced that the trial ends soon.';
comment on column app_public.organization_subscriptions.past_due_at is 'Since when something due is unpaid.';
comment on column app_public.organization_subscriptions.suspended_at is 'Since when it is suspended.';
comment on column app_public.organization_subscriptions.cancels_on is
  'The first day on which it does not go on any more; null: it goes on.';
comment on column app_public.organization_subscriptions.settle_at is 'When time changes something about it next.';
comment on column app_public.organization_subscriptions.provider_status is 'The last status that the payment provider told, in its words.';
comment on column app_public.organization_subscriptions.provider_as_of is 'As of when the payment provider said so.';
comment on constraint organization_subscriptions_status_is_known on app_public.organization_subscriptions is
  E'pending: Prepared, and not begun: billing details are missing, or the payment provider waits.\n'
  'trialing: It runs, and nothing is billed yet.\n'
  'active: It runs, and nothing due is unpaid.\n'
  'past_due: It runs, and something due is unpaid.\n'
  'suspended: Nothing new begins at the clinic until what is due is paid.\n'
  'canceled: It has ended.';
comment on constraint organization_subscriptions_cadence_is_known on app_public.organization_subscriptions is
  E'monthly: The price of the tier is billed each month in advance.\nannual: The price of the tier is billed for a year in advance.';
comment on constraint organization_subscriptions_tenancy_mode_is_known on app_public.organization_subscriptions is
  E'shared: The clinic shares a server with others.\ndedicated: The clinic has a server of its own.';
comment on constraint organization_subscriptions_cancels_because_is_known on app_public.organization_subscriptions is
  E'asked: Somebody canceled it.\nunpaid: Something stayed unpaid for too long.';

-- Which version of which tier holds from which civil day on; the last position of a day is the one that holds.
create table app_public.organization_subscription_tiers (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  subscription_id uuid not null,
  position int not null,
  starts_on date not null,
  tier_version_id uuid not null references app_public.platform_tier_versions on delete restrict,
  reason text,
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  constraint organization_subscription_tiers_identity unique (organization_id, id),
  constraint organization_subscription_tiers_subscription_fkey foreign key (organization_id, subscription_id)
    references app_public.organization_subscriptions (organization_id, id) on delete restrict,
  constraint organization_subscription_tiers_are_in_order unique (organization_id, subscription_id, position),
  constraint organization_subscription_tiers_position_counts_from_1 check (position >= 1),
  constraint organization_subscription_tiers_reason_is_short check (length(reason) <= 500)
);
create index organization_subscription_tiers_version_idx on app_public.organization_subscription_tiers (tier_version_id);
create index organization_subscription_tiers_created_by_idx on app_public.organization_subscription_tiers (created_by);
comment on table app_public.organization_subscription_tiers is
  'Which version of which tier a subscription was of from which day on. Rows are added and never changed.';
comment on column app_public.organization_subscription_tiers.position is 'Of several that start on one day, the last one holds.';
comment on column app_public.organization_subscription_tiers.reason is 'Why it was changed, where somebody said so.';

-- Months from the anchor day in the clinic's billing zone, half-open, without overlap or hole. An annual subscription has
-- months, too: what it uses is billed monthly. A trial is one period, whatever its length.
create table app_public.billing_periods (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  subscription_id uuid not null,
  position int not null,
  starts_on date not null,
  ends_on date not null,
  during tstzrange not null,
  is_trial boolean not null default false,
  closed_at timestamptz,
  created_at timestamptz not null default now(),
  constraint billing_periods_identity unique (organization_id, id),
  constraint billing_periods_are_in_order unique (organization_id, subscription_id, position),
  constraint billing_periods_subscription_fkey foreign key (organization_id, subscription_id)
    references app_public.organization_subscriptions (organization_id, id) on delete restrict,
  constraint billing_periods_do_not_overlap exclude using gist
    (organization_id with =, subscription_id with =, during with &&),
  constraint billing_periods_position_counts_from_1 check (position >= 1),
  constraint billing_periods_end_after_they_begin check (ends_on > starts_on),
  constraint billing_periods_are_half_open check (lower_inc(during) and not upper_inc(during) and not isempty(during))
);
create index billing_periods_during_idx on app_public.billing_periods using gist (organization_id, during);
comment on table app_public.billing_periods is
  E'@name organization_billing_periods\nThe months of a subscription: usage counts in the one in which it occurred, and each is billed once.';
comment on column app_public.billing_periods.starts_on is 'Its first day, on the clocks of the subscription''s zone.';
comment on column app_public.billing_periods.ends_on is 'The day on which it is over: the first that is not of it.';
comment on column app_public.billing_periods.during is E'@behavior -*\nFrom the midnight that begins it to the one that ends it, which is not of it.';
comment on column app_public.billing_periods.is_trial is 'Whether it is the trial, of which nothing is billed.';
comment on column app_public.billing_periods.closed_at is 'When it was billed, or found to have nothing to bill.';

-- What a provider calls a status, and what it is here.
create table app_private.payment_provider_statuses (
  provider text not null references app_public.service_providers on delete restrict,
  vendor_status text not null,
  status text not null,
  constraint payment_provider_statuses_pkey primary key (provider, vendor_status),
  constraint payment_provider_statuses_status_is_known
    check (status in ('pending', 'trialing', 'active', 'past_due', 'suspended', 'canceled'))
);
comment on table app_private.payment_provider_statuses is 'What a payment provider calls the status of a subscription, and what it is here.';

-- What is done, how many days after an invoice became due, at which hour of the clinic's day.
create table app_public.dunning_steps (
  day int not null,
  action text not null,
  at time not null default '10:00',
  constraint dunning_steps_pkey primary key (day, action),
  constraint dunning_steps_day_is_sensible check (day between 1 and 365),
  constraint dunning_steps_action_is_a_step check (action in ('retry', 'suspend', 'cancel'))
);
comment on table app_public.dunning_steps is E'@behavior -query:resource:single\nWhat follows when an invoice is not paid.';
comment on column app_public.dunning_steps.day is 'How many days after the day by which it was to be paid.';
comment on column app_public.dunning_steps.action is
  E'@words own dunning_step_action\nWhat is done.\nretry: The payment is tried once more, where a card is charged.\nsuspend: The subscription is suspended.\ncancel: The subscription is canceled.';
comment on column app_public.dunning_steps.at is 'At which hour of the clocks of the subscription''s zone.';

--! split: 520-invoices.sql
-- Invoices, credit notes, and their postings. BIL-02, BIL-03, BIL-07.

-- squawk-ignore ban-drop-table
drop table if exists app_private.document_series, app_public.period_bills, app_public.invoices, app_public.invoice_lines, app_public.credit_notes, app_public.credit_note_lines, app_private.postings cascade;

-- The next number of each series; its row is locked by whoever takes one, so that none is left out. A server has series of its
-- own, so that clinics that move to another bring numbers along that nobody there gives (0064).
create table app_private.document_series (
  series text primary key,
  kind text not null,
  is_current boolean not null default true,
  next_number bigint not null default 1,
  created_at timestamptz not null default now(),
  constraint document_series_series_is_short check (series ~ '^[A-Z][A-Z0-9-]{0,19}$'),
  constraint document_series_kind_is_known check (kind in ('invoice', 'credit_note')),
  constraint document_series_next_number_counts_from_1 check (next_number >= 1)
);
create unique index document_series_one_is_current on app_private.document_series (kind) where is_current;
comment on constraint document_series_kind_is_known on app_private.document_series is
  E'invoice: Invoices.\ncredit_note: Credit notes.';
comment on table app_private.document_series is 'The series in which this server numbers documents, and the next number of each.';

create table app_public.invoices (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  subscription_id uuid not null,
  period_id uuid not null,
  kind text not null,
  status text not null,
  series text,
  number bigint,
  currency char(3) not null,
  net_amount bigint not null,
  tax_amount bigint,
  total_amount bigint,
  provider_difference_amount bigint generated always as (total_amount - net_amount - coalesce(tax_amount, 0)) stored,
  paid_amount bigint not null default 0,
  credited_amount bigint not null default 0,
  payment_state text not null default 'unpaid',
  provider text not null,
  provider_state text not null default 'queued',
  provider_document_id text,
  provider_document_number text,
  provider_document_url text,
  provider_error text,
  tax_state text not null default 'not_applicable',
  tax_upload_id text,
  tax_sent_at timestamptz,
  tax_deadline_on date,
  tax_checked_at timestamptz,
  tax_error text,
  inputs jsonb not null,
  inputs_hash bytea not null,
  usage_position bigint not null,
  billed_to jsonb not null,
  tax_id app_private.ciphertext,
  tax_id_sealed_for text,
  issued_at timestamptz,
  due_on date,
  paid_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint invoices_identity unique (organization_id, id),
  constraint invoices_one_of_a_kind_and_period unique (organization_id, subscription_id, period_id, kind),
  constraint invoices_number_is_unique unique (series, number),
  constraint invoices_subscription_fkey foreign key (organization_id, subscription_id)
    references app_public.organization_subscriptions (organization_id, id) on delete restrict,
  constraint invoices_period_fkey foreign key (organization_id, period_id)
    references app_public.billing_periods (organization_id, id) on delete restrict,
  constraint invoices_kind_is_known check (kind in ('advance', 'period')),
  constraint invoices_status_is_known check (status in ('draft', 'issued', 'paid', 'uncollectible', 'void')),
  constraint invoices_payment_state_is_known check (payment_state in ('unpaid', 'processing', 'partially_paid', 'paid', 'overpaid', 'failed')),
  constraint invoices_provider_state_is_known check (provider_state in ('queued', 'issued', 'failed', 'unknown')),
  constraint invoices_tax_state_is_known check (tax_state in ('not_applicable', 'queued', 'sent', 'accepted', 'rejected', 'unknown')),
  constraint invoices_currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint invoices_are_numbered_when_issued check ((status = 'draft') = (number is null) and (number is null) = (series is null)),
  constraint invoices_are_dated_when_issued check ((status = 'draft') = (issued_at is null)),
  constraint invoices_tax_id_says_what_it_is_sealed_for check ((tax_id is null) = (tax_id_sealed_for is null)),
  constraint invoices_amounts_are_not_negative check (net_amount >= 0 and paid_amount >= 0 and credited_amount >= 0)
);
create index invoices_period_idx on app_public.invoices (organization_id, period_id);
create index invoices_issued_idx on app_public.invoices (organization_id, issued_at, id);
create index invoices_unpaid_idx on app_public.invoices (due_on) where status = 'issued';
create index invoices_tax_idx on app_public.invoices (tax_deadline_on) where tax_state in ('queued', 'sent', 'unknown');
comment on table app_public.invoices is
  'What a clinic owes the platform. Once issued nothing of it changes but how it is paid, sent and taken by the tax office; corrections are credit notes.';
comment on column app_public.invoices.kind is 'Whether it bills what was used in the period, or in advance what the plan costs.';
comment on constraint invoices_kind_is_known on app_public.invoices is
  E'advance: The price of the plan, before the period or the year that it is of.\nperiod: What was used in a period, and changes of the plan within it.';
comment on constraint invoices_status_is_known on app_public.invoices is
  E'draft: Being made; nobody sees it for longer than a transaction.\nissued: Numbered and final.\npaid: Paid in full.\nuncollectible: Written off.\nvoid: Issued by mistake, and credited in full.';
comment on constraint invoices_payment_state_is_known on app_public.invoices is
  E'unpaid: Nothing has come.\nprocessing: A payment is under way.\npartially_paid: Less has come than is owed.\npaid: What is owed has come.\noverpaid: More has come than is owed.\nfailed: The last attempt to take the money failed.';
comment on constraint invoices_provider_state_is_known on app_public.invoices is
  E'queued: The document is to be issued at the invoicing provider.\nissued: The provider has issued it.\nfailed: The provider refused it.\nunknown: The provider did not say whether it issued it.';
comment on constraint invoices_tax_state_is_known on app_public.invoices is
  E'not_applicable: No tax office takes it by itself.\nqueued: It is to be sent to the tax office.\nsent: The tax office has it.\naccepted: The tax office accepted it.\nrejected: The tax office refused it.\nunknown: The tax office did not say.';
comment on column app_public.invoices.series is 'The series of the server that numbered it; null while it is a draft.';
comment on column app_public.invoices.number is 'Its number in the series, without gaps; null while it is a draft.';
comment on column app_public.invoices.issued_at is 'When it was numbered and final; null while it is a draft.';
comment on column app_public.invoices.due_on is 'The day by which it is to be paid; null while it is a draft.';
comment on column app_public.invoices.paid_at is 'When it was paid in full; null before.';
comment on column app_public.invoices.paid_amount is 'What payments paid of it, in minor units.';
comment on column app_public.invoices.credited_amount is 'What credit notes took off it, with the tax, in minor units.';
comment on column app_public.invoices.payment_state is 'How far it is paid.';
comment on column app_public.invoices.provider_state is 'How far its document is at the invoicing provider.';
comment on column app_public.invoices.provider_document_number is 'What the invoicing provider calls it; null until it has issued it.';
comment on column app_public.invoices.provider_document_url is 'Where the invoicing provider shows it; null where it does not.';
comment on column app_public.invoices.tax_state is 'How far it is at the tax office.';
comment on column app_public.invoices.tax_deadline_on is 'The last day for it to reach the tax office; null where no law says one.';
comment on column app_public.invoices.net_amount is 'The sum of its lines, without tax, in minor units.';
comment on column app_public.invoices.tax_amount is 'The tax as the invoicing provider answered it; never computed here.';
comment on column app_public.invoices.total_amount is 'What is to be paid as the invoicing provider answered it; null until then.';
comment on column app_public.invoices.provider_difference_amount is
  'By how much the provider''s total differs from the net with its tax: 0 where they agree, null until the provider answered. Shown, never corrected.';
comment on column app_public.invoices.inputs is 'What it was computed from: prices, days, positions and quantities of usage, and the version of the rules.';
comment on column app_public.invoices.inputs_hash is 'SHA-256 of inputs and billed_to.';
comment on column app_public.invoices.usage_position is 'The last position of the clinic''s usage that it bills; 0 for one in advance.';
comment on column app_public.invoices.billed_to is 'The billing details of the clinic as they were when it was issued.';
comment on column app_public.invoices.tax_id_sealed_for is
  'The place that the envelope of tax_id is bound to, "table row": it was copied from there, and stays bound to it when keys rotate.';

-- What opening and closing a period came to, also where nothing was to be billed and no invoice was made. What comes to less than
-- nothing is carried over to the next document.
create table app_public.period_bills (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  subscription_id uuid not null,
  period_id uuid not null,
  position int not null,
  kind text not null,
  tier_version_id uuid not null references app_public.platform_tier_versions on delete restrict,
  usage_position bigint not null,
  net_amount bigint not null,
  carried_before bigint not null,
  carried_after bigint not null,
  invoice_id uuid,
  lines jsonb not null,
  created_at timestamptz not null default now(),
  constraint period_bills_identity unique (organization_id, id),
  constraint period_bills_are_in_order unique (organization_id, subscription_id, position),
  constraint period_bills_one_of_a_kind unique (organization_id, period_id, kind),
  constraint period_bills_invoice_is_of_one unique (organization_id, invoice_id),
  constraint period_bills_subscription_fkey foreign key (organization_id, subscription_id)
    references app_public.organization_subscriptions (organization_id, id) on delete restrict,
  constraint period_bills_period_fkey foreign key (organization_id, period_id)
    references app_public.billing_periods (organization_id, id) on delete restrict,
  constraint period_bills_invoice_fkey foreign key (organization_id, invoice_id)
    references app_public.invoices (organization_id, id) on delete restrict,
  constraint period_bills_kind_is_known check (kind in ('advance', 'period')),
  constraint period_bills_carry_credit_only check (carried_before <= 0 and carried_after <= 0),
  constraint period_bills_carry_what_is_not_billed
    check (carried_after = case when invoice_id is null then carried_before + net_amount else 0 end),
  constraint period_bills_lines_is_an_array check (jsonb_typeof(lines) = 'array')
);
create index period_bills_tier_idx on app_public.period_bills (tier_version_id);
comment on table app_public.period_bills is
  'What opening (advance) and closing (period) a billing period came to, in the order in which it was billed, also where no invoice was made.';
comment on constraint period_bills_kind_is_known on app_public.period_bills is
  E'advance: The price of the plan, before the period or the year that it is of.\nperiod: What was used in a period, and changes of the plan within it.';
comment on column app_public.period_bills.usage_position is 'The last position of the clinic''s usage that was counted; 0 for one in advance.';
comment on column app_public.period_bills.net_amount is 'What its lines come to, in minor units; below zero after a change to a smaller plan.';
comment on column app_public.period_bills.carried_before is 'The credit that was carried over to it: zero or less, in minor units.';
comment on column app_public.period_bills.carried_after is 'The credit that is carried over to the next: zero or less, in minor units.';
comment on column app_public.period_bills.lines is 'What was computed; the lines of the invoice, where there is one.';

create table app_public.invoice_lines (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  invoice_id uuid not null,
  position int not null,
  kind text not null,
  meter text references app_public.meters on delete restrict,
  tier_version_id uuid references app_public.platform_tier_versions on delete restrict,
  starts_on date not null,
  ends_on date not null,
  descriptions jsonb not null,
  quantity numeric not null,
  unit_price numeric not null,
  amount bigint not null,
  usage_after_position bigint,
  usage_to_position bigint,
  constraint invoice_lines_identity unique (organization_id, id),
  constraint invoice_lines_are_in_order unique (organization_id, invoice_id, position),
  constraint invoice_lines_invoice_fkey foreign key (organization_id, invoice_id)
    references app_public.invoices (organization_id, id) on delete restrict,
  constraint invoice_lines_kind_is_known check (kind in ('plan', 'plan_change', 'setup', 'overage', 'ai', 'late_overage', 'late_ai', 'credit'))
);
create index invoice_lines_meter_idx on app_public.invoice_lines (meter);
create index invoice_lines_tier_idx on app_public.invoice_lines (tier_version_id);
comment on table app_public.invoice_lines is 'What an invoice bills, line by line. Written with the invoice and never changed.';
comment on constraint invoice_lines_kind_is_known on app_public.invoice_lines is
  E'plan: The price of the plan, in advance.\nplan_change: What a change of the plan within a period adds or takes off.\nsetup: The setup fee of a dedicated server.\noverage: What was used beyond the allowance.\nai: What AI calls cost, with the markup.\nlate_overage: What was used beyond the allowance of an earlier period and told after its bill.\nlate_ai: What AI calls of an earlier period cost, known after its bill.\ncredit: Credit carried over from earlier bills.';
comment on column app_public.invoice_lines.meter is 'What of the usage it bills; null where no usage is behind it.';
comment on column app_public.invoice_lines.ends_on is 'The first day that it is not of.';
comment on column app_public.invoice_lines.descriptions is 'What it says, by language: {"ro": …, "en": …}.';
comment on column app_public.invoice_lines.usage_after_position is 'The usage behind the line comes after this position.';
comment on column app_public.invoice_lines.usage_to_position is 'The last position of the usage behind the line; null where no usage is.';
comment on column app_public.invoice_lines.quantity is 'How many units the line is of.';
comment on column app_public.invoice_lines.unit_price is 'What a unit costs, in minor units, with a fraction where it has one.';
comment on column app_public.invoice_lines.amount is 'In minor units, rounded once, half away from zero.';

create table app_public.credit_notes (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  invoice_id uuid not null,
  series text not null,
  number bigint not null,
  net_amount bigint not null,
  gross_amount bigint not null,
  tax_amount bigint,
  total_amount bigint,
  reason text not null,
  provider_state text not null default 'queued',
  provider_document_id text,
  provider_document_number text,
  provider_document_url text,
  provider_error text,
  issued_by uuid references app_public.principals on delete restrict,
  issued_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint credit_notes_identity unique (organization_id, id),
  constraint credit_notes_number_is_unique unique (series, number),
  constraint credit_notes_invoice_fkey foreign key (organization_id, invoice_id)
    references app_public.invoices (organization_id, id) on delete restrict,
  constraint credit_notes_provider_state_is_known check (provider_state in ('queued', 'issued', 'failed', 'unknown')),
  constraint credit_notes_amount_is_positive check (net_amount > 0),
  constraint credit_notes_gross_is_no_less_than_net check (gross_amount >= net_amount),
  constraint credit_notes_reason_is_not_blank check (length(btrim(reason)) >= 3),
  constraint credit_notes_reason_is_at_most_500_characters_long check (length(reason) <= 500)
);
create index credit_notes_invoice_idx on app_public.credit_notes (organization_id, invoice_id);
create index credit_notes_issued_by_idx on app_public.credit_notes (issued_by);
comment on table app_public.credit_notes is 'What was taken off an invoice after it was issued: never changed, numbered without gaps.';
comment on column app_public.credit_notes.number is 'Its number in the series.';
comment on column app_public.credit_notes.issued_at is 'When it was issued.';
comment on column app_public.credit_notes.provider_state is 'How it stands at the invoicing provider.';
comment on column app_public.credit_notes.provider_document_number is 'The number that the invoicing provider gave it.';
comment on column app_public.credit_notes.provider_document_url is 'Where the provider shows the document.';
comment on column app_public.credit_notes.net_amount is 'Before tax: the sum of its lines.';
comment on column app_public.credit_notes.gross_amount is
  'What it takes off the invoice: the net and its share of the tax that the invoicing provider put on the invoice.';
comment on column app_public.credit_notes.tax_amount is 'The tax as the invoicing provider returned it; null until then.';
comment on column app_public.credit_notes.total_amount is 'The total as the invoicing provider returned it; null until then.';
comment on constraint credit_notes_provider_state_is_known on app_public.credit_notes is E'queued: The invoicing provider will be asked.\nissued: The provider has issued it.\nfailed: The provider refused it.\nunknown: The provider''s answer was lost: it is asked again.';

create table app_public.credit_note_lines (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  credit_note_id uuid not null,
  invoice_line_id uuid not null,
  amount bigint not null,
  constraint credit_note_lines_identity unique (organization_id, id),
  constraint credit_note_lines_one_of_a_line unique (organization_id, credit_note_id, invoice_line_id),
  constraint credit_note_lines_note_fkey foreign key (organization_id, credit_note_id)
    references app_public.credit_notes (organization_id, id) on delete restrict,
  constraint credit_note_lines_line_fkey foreign key (organization_id, invoice_line_id)
    references app_public.invoice_lines (organization_id, id) on delete restrict,
  constraint credit_note_lines_amount_is_positive check (amount > 0)
);
create index credit_note_lines_line_idx on app_public.credit_note_lines (organization_id, invoice_line_id);
comment on table app_public.credit_note_lines is 'How much of which line of the invoice a credit note takes off, before tax.';

-- Double entry: the postings of a document sum to zero, which a deferred constraint holds.
create table app_private.postings (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  document_kind text not null,
  document_id uuid not null,
  account text not null,
  currency char(3) not null,
  amount bigint not null,
  posted_at timestamptz not null,
  constraint postings_identity unique (organization_id, id),
  constraint postings_document_kind_is_known check (document_kind in ('invoice', 'credit_note', 'payment', 'refund')),
  constraint postings_account_is_known check (account in ('receivable', 'plan_revenue', 'overage_revenue', 'ai_revenue', 'tax', 'bank', 'card', 'customer_balance', 'write_off')),
  constraint postings_move_something check (amount <> 0)
);
comment on table app_private.postings is 'What documents move between accounts, in minor units: debits are positive. Never changed.';
create index postings_document_idx on app_private.postings (organization_id, document_kind, document_id);

-- A line of a bill before it is one of an invoice.
drop type if exists app_private.bill_line cascade;
create type app_private.bill_line as (
  kind text,
  meter text,
  tier_version_id uuid,
  starts_on date,
  ends_on date,
  quantity numeric,
  unit_price numeric,
  amount bigint,
  usage_after_position bigint,
  usage_to_position bigint
);

-- What a meter comes to in a period, by the usage up to a position.
drop type if exists app_private.rated_usage cascade;
create type app_private.rated_usage as (
  meter text,
  tier_version_id uuid,
  starts_on date,
  ends_on date,
  used numeric,
  included numeric,
  over numeric,
  unit_price numeric,
  amount bigint
);

-- Its name is now close_entitlement_period: a billing period closes, too.
drop function if exists app_private.close_period(app_public.patient_entitlements, timestamptz);

-- Envelopes that were copied say which row they are bound to.
drop function if exists app_private.ciphertext_places();
drop function if exists app_private.envelopes_to_reseal(text, text, text, int);

-- Which kind of documents is said otherwise.
drop function if exists app_public.set_document_series(text, text);

comment on constraint credit_notes_issued_by_fkey on app_public.credit_notes is '@behavior -*';

--! split: 530-payments.sql
-- What clinics pay the platform: attempts, payments, what they pay, refunds, and the legal deadline of electronic invoices.
-- BIL-04, BIL-05, BIL-07, docs/decisions/0187, 0188.

-- squawk-ignore ban-drop-table
drop table if exists app_public.payment_attempts, app_public.payments, app_public.payment_allocations, app_public.refunds, app_public.write_offs, app_private.submission_deadlines, app_private.public_holidays cascade;

create table app_public.payment_attempts (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  invoice_id uuid not null,
  position int not null,
  provider text not null,
  amount bigint not null,
  status text not null default 'queued',
  failure_code text,
  provider_payment_id text,
  provider_as_of timestamptz,
  due_at timestamptz not null,
  settled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint payment_attempts_identity unique (organization_id, id),
  constraint payment_attempts_are_in_order unique (organization_id, invoice_id, position),
  constraint payment_attempts_invoice_fkey foreign key (organization_id, invoice_id)
    references app_public.invoices (organization_id, id) on delete restrict,
  constraint payment_attempts_status_is_known check (status in ('queued', 'processing', 'succeeded', 'failed', 'unknown', 'canceled')),
  constraint payment_attempts_amount_is_positive check (amount > 0),
  constraint payment_attempts_failure_code_is_short check (length(failure_code) <= 100),
  constraint payment_attempts_provider_payment_id_is_short check (length(provider_payment_id) between 1 and 200)
);
create unique index payment_attempts_one_is_open on app_public.payment_attempts (organization_id, invoice_id)
  where status in ('queued', 'processing', 'unknown');
create unique index payment_attempts_at_the_provider on app_public.payment_attempts (provider, provider_payment_id)
  where provider_payment_id is not null;
comment on table app_public.payment_attempts is
  'A try to take the money of an invoice at a provider that takes it by itself. Its id is the key by which the vendor knows a repeat.';
comment on column app_public.payment_attempts.position is 'Which try it is for its invoice, from 1.';
comment on column app_public.payment_attempts.amount is
  'In minor units of the invoice''s currency; once the vendor was asked it stays, since a repeat has to ask for the same.';
comment on column app_public.payment_attempts.failure_code is 'Why the vendor did not take it, in the vendor''s own word.';
comment on column app_public.payment_attempts.provider_as_of is
  'The vendor''s own time of what was last believed of it: what is older is not believed, whenever it arrives.';
comment on column app_public.payment_attempts.due_at is 'When the vendor is asked.';
comment on column app_public.payment_attempts.settled_at is 'When it came to an end: succeeded, failed or canceled.';
comment on constraint payment_attempts_status_is_known on app_public.payment_attempts is E'queued: The vendor will be asked.\nprocessing: The vendor was asked and has not said the end.\nsucceeded: The money was taken.\nfailed: The vendor did not take it.\nunknown: The vendor''s answer was lost: it is asked again with the same key.\ncanceled: It was not needed any more.';

create table app_public.payments (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  invoice_id uuid not null,
  attempt_id uuid,
  provider text not null,
  method text not null,
  provider_payment_id text not null,
  reference text,
  currency char(3) not null,
  amount bigint not null,
  applied_amount bigint not null default 0,
  refunded_amount bigint not null default 0,
  received_on date not null,
  note text,
  recorded_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint payments_identity unique (organization_id, id),
  constraint payments_are_recorded_once unique (provider, provider_payment_id),
  constraint payments_invoice_fkey foreign key (organization_id, invoice_id)
    references app_public.invoices (organization_id, id) on delete restrict,
  constraint payments_attempt_fkey foreign key (organization_id, attempt_id)
    references app_public.payment_attempts (organization_id, id) on delete restrict,
  constraint payments_method_is_known check (method in ('card', 'bank_transfer')),
  constraint payments_currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint payments_amount_is_positive check (amount > 0),
  constraint payments_are_spent_once check (applied_amount >= 0 and refunded_amount >= 0 and applied_amount + refunded_amount <= amount),
  constraint payments_reference_is_short check (length(reference) <= 140),
  constraint payments_note_is_short check (length(note) <= 500)
);
create index payments_invoice_idx on app_public.payments (organization_id, invoice_id);
create index payments_attempt_idx on app_public.payments (organization_id, attempt_id);
create index payments_recorded_by_idx on app_public.payments (recorded_by);
create index payments_received_idx on app_public.payments (organization_id, received_on, id);
create index payments_with_a_balance_idx on app_public.payments (organization_id, currency, id)
  where applied_amount + refunded_amount < amount;
comment on table app_public.payments is
  'Money that the platform received of a clinic, once for each id of the provider. What of it pays no invoice and was not given back is a balance of the clinic.';
comment on column app_public.payments.invoice_id is 'The invoice that it was paid for; what it paid in the end stands in payment_allocations.';
comment on column app_public.payments.provider_payment_id is
  'What it is called where it was made; of a bank transfer, the clinic and the reference of the bank.';
comment on column app_public.payments.reference is 'The reference of a bank transfer, as it was written down.';
comment on column app_public.payments.applied_amount is 'How much of it pays invoices: the sum of its allocations.';
comment on column app_public.payments.refunded_amount is 'How much of it is given back or on its way; what could not be given back is a balance again.';
comment on column app_public.payments.method is 'How the money came.';
comment on column app_public.payments.received_on is 'The day on which the money arrived.';
comment on constraint payments_method_is_known on app_public.payments is E'card: Taken by a provider, by card or whatever else the clinic gave there.\nbank_transfer: Sent by the clinic, and written down by staff of the platform.';

create table app_public.payment_allocations (
  organization_id uuid not null,
  payment_id uuid not null,
  invoice_id uuid not null,
  amount bigint not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint payment_allocations_pkey primary key (organization_id, payment_id, invoice_id),
  constraint payment_allocations_payment_fkey foreign key (organization_id, payment_id)
    references app_public.payments (organization_id, id) on delete restrict,
  constraint payment_allocations_invoice_fkey foreign key (organization_id, invoice_id)
    references app_public.invoices (organization_id, id) on delete restrict,
  constraint payment_allocations_amount_is_not_negative check (amount >= 0)
);
create index payment_allocations_invoice_idx on app_public.payment_allocations (organization_id, invoice_id);
comment on table app_public.payment_allocations is 'How much of a payment pays which invoice now.';

create table app_public.refunds (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  payment_id uuid not null,
  credit_note_id uuid,
  currency char(3) not null,
  amount bigint not null,
  status text not null default 'queued',
  reason text not null,
  provider_refund_id text,
  provider_as_of timestamptz,
  failure_code text,
  requested_by uuid references app_public.principals on delete restrict,
  settled_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint refunds_identity unique (organization_id, id),
  constraint refunds_payment_fkey foreign key (organization_id, payment_id)
    references app_public.payments (organization_id, id) on delete restrict,
  constraint refunds_credit_note_fkey foreign key (organization_id, credit_note_id)
    references app_public.credit_notes (organization_id, id) on delete restrict,
  constraint refunds_status_is_known check (status in ('queued', 'processing', 'succeeded', 'failed', 'unknown')),
  constraint refunds_currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint refunds_amount_is_positive check (amount > 0),
  constraint refunds_failure_code_is_short check (length(failure_code) <= 100),
  constraint refunds_provider_refund_id_is_short check (length(provider_refund_id) between 1 and 200),
  constraint refunds_reason_is_not_blank check (length(btrim(reason)) >= 3),
  constraint refunds_reason_is_at_most_500_characters_long check (length(reason) <= 500)
);
create index refunds_payment_idx on app_public.refunds (organization_id, payment_id);
create index refunds_credit_note_idx on app_public.refunds (organization_id, credit_note_id);
create index refunds_requested_by_idx on app_public.refunds (requested_by);
create index refunds_made_idx on app_public.refunds (organization_id, created_at, id);
comment on table app_public.refunds is
  'Money of a payment that goes back to the clinic. Its id is the key by which the vendor knows a repeat.';
comment on column app_public.refunds.credit_note_id is
  'The credit note for what of it had paid the invoice; null where it had paid none, as after an over-payment.';
comment on column app_public.refunds.provider_as_of is 'The vendor''s own time of what was last believed of it.';
comment on column app_public.refunds.failure_code is 'Why the vendor did not give it back, in the vendor''s own word.';
comment on column app_public.refunds.settled_at is 'When it came to an end: succeeded or failed.';
comment on constraint refunds_status_is_known on app_public.refunds is E'queued: The vendor will be asked.\nprocessing: The vendor was asked and has not said the end.\nsucceeded: The money went back.\nfailed: The vendor did not give it back; it is a balance of the clinic.\nunknown: The vendor''s answer was lost: it is asked again with the same key.';

create table app_public.write_offs (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  invoice_id uuid not null,
  amount bigint not null,
  recovered_amount bigint not null default 0,
  reason text not null,
  written_off_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint write_offs_identity unique (organization_id, id),
  constraint write_offs_one_of_an_invoice unique (organization_id, invoice_id),
  constraint write_offs_invoice_fkey foreign key (organization_id, invoice_id)
    references app_public.invoices (organization_id, id) on delete restrict,
  constraint write_offs_amount_is_positive check (amount > 0),
  constraint write_offs_recover_no_more_than_they_are check (recovered_amount between 0 and amount),
  constraint write_offs_reason_is_not_blank check (length(btrim(reason)) >= 3),
  constraint write_offs_reason_is_at_most_500_characters_long check (length(reason) <= 500)
);
create index write_offs_written_off_by_idx on app_public.write_offs (written_off_by);
comment on table app_public.write_offs is 'What the platform gave up of an invoice, and how much of that was paid after all.';
comment on column app_public.write_offs.recovered_amount is 'How much of it was paid after all.';

-- squawk-ignore require-concurrent-index-creation
create index if not exists invoices_unpaid_of_clinic_idx on app_public.invoices (organization_id, due_on, id) where status = 'issued';
-- squawk-ignore require-concurrent-index-creation
create index if not exists credit_notes_issued_idx on app_public.credit_notes (organization_id, issued_at, id);

create table app_private.submission_deadlines (
  country char(2) not null,
  valid_from date not null,
  days int not null,
  counts text not null,
  citation text not null,
  constraint submission_deadlines_pkey primary key (country, valid_from),
  constraint submission_deadlines_country_is_a_code check (country ~ '^[A-Z]{2}$'),
  constraint submission_deadlines_days_is_sensible check (days between 1 and 60),
  constraint submission_deadlines_counts_is_known check (counts in ('working_days', 'calendar_days'))
);
comment on table app_private.submission_deadlines is
  'How many days after its day an invoice has to be at the tax office, by country, and from which day of invoices on.';

create table app_private.public_holidays (
  country char(2) not null,
  day date not null,
  name text not null,
  constraint public_holidays_pkey primary key (country, day),
  constraint public_holidays_country_is_a_code check (country ~ '^[A-Z]{2}$')
);
comment on table app_private.public_holidays is
  'Days on which nobody works in a country. A year that is not listed has none, so that a deadline is too early rather than too late.';


-- Who of the platform it was is not for clinics to read.
comment on constraint payments_recorded_by_fkey on app_public.payments is '@behavior -*';
comment on constraint refunds_requested_by_fkey on app_public.refunds is '@behavior -*';

--! split: 541-dunning.sql
-- What was done about an invoice that was not paid: each step once. BIL-05, docs/decisions/0177.

-- squawk-ignore ban-drop-table
drop table if exists app_public.dunning_actions cascade;

create table app_public.dunning_actions (
  organization_id uuid not null,
  invoice_id uuid not null,
  day int not null,
  action text not null,
  due_at timestamptz not null,
  done_at timestamptz not null,
  constraint dunning_actions_pkey primary key (organization_id, invoice_id, day, action),
  constraint dunning_actions_invoice_fkey foreign key (organization_id, invoice_id)
    references app_public.invoices (organization_id, id) on delete restrict,
  constraint dunning_actions_action_is_a_step check (action in ('retry', 'suspend', 'cancel'))
);
comment on table app_public.dunning_actions is 'The steps of dunningSteps that were taken about an invoice.';
comment on column app_public.dunning_actions.action is
  E'@words own dunning_step_action\nWhat was done.\nretry: The payment is tried once more, where a card is charged.\nsuspend: The subscription is suspended.\ncancel: The subscription is canceled.';
comment on column app_public.dunning_actions.day is 'How many days after the day by which the invoice was to be paid.';
comment on column app_public.dunning_actions.due_at is 'When the step was due.';
comment on column app_public.dunning_actions.done_at is 'When it was taken: later than due, where service paid in advance was not to be cut, or nobody could act.';

drop type if exists app_public.dunning_preview_step cascade;
create type app_public.dunning_preview_step as (
  invoice_id uuid,
  day int,
  action text,
  due_at timestamptz,
  done_at timestamptz
);
comment on type app_public.dunning_preview_step is 'A step that follows when a bill is not paid.';
comment on column app_public.dunning_preview_step.day is 'How many days after the day by which the bill was to be paid.';
comment on column app_public.dunning_preview_step.action is
  E'@words own dunning_step_action\nWhat is done.\nretry: The payment is tried once more, where a card is charged.\nsuspend: The subscription is suspended.\ncancel: The subscription is canceled.';
comment on column app_public.dunning_preview_step.due_at is
  'When it is done if the bill stays unpaid: not before the time that is paid in advance ends.';
comment on column app_public.dunning_preview_step.done_at is E'@nullable\nWhen it was done.';

--! split: 545-patient-subscription-links.sql
-- Which subscription of a patient is which at the clinic's own payment provider, and what that reported of it. BIL-09, docs/decisions/0192.

-- squawk-ignore ban-drop-table
drop table if exists app_public.patient_subscription_reports, app_public.patient_subscription_links, app_private.patient_payment_statuses cascade;

create table app_private.patient_payment_statuses (
  provider text not null,
  provider_word text not null,
  subscription_status text not null,
  rank int not null,
  constraint patient_payment_statuses_pkey primary key (provider, provider_word),
  constraint patient_payment_statuses_ranks_differ unique (provider, rank),
  constraint patient_payment_statuses_subscription_status_is_known
    check (subscription_status in ('pending', 'trialing', 'active', 'past_due', 'canceled', 'expired'))
);
comment on table app_private.patient_payment_statuses is
  'What payment providers of clinics call the status of a subscription, and what it is here.';
comment on column app_private.patient_payment_statuses.provider is 'stripe; own: the clinic''s own system.';
comment on column app_private.patient_payment_statuses.rank is
  'Which of two reports about the same instant counts: that of the higher rank.';

create table app_public.patient_subscription_links (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  subscription_id uuid not null,
  provider text not null,
  external_reference text not null,
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  constraint patient_subscription_links_identity unique (organization_id, id),
  constraint patient_subscription_links_one_of_a_subscription unique (organization_id, subscription_id),
  constraint patient_subscription_links_reference_is_of_one unique (organization_id, provider, external_reference),
  constraint patient_subscription_links_subscription_fkey foreign key (organization_id, subscription_id)
    references app_public.patient_subscriptions (organization_id, id) on delete restrict,
  constraint patient_subscription_links_provider_is_known_here check (provider in ('stripe', 'own')),
  constraint patient_subscription_links_external_reference_is_printable check (external_reference ~ '^[!-~]{1,200}$')
);
create index patient_subscription_links_created_by_idx on app_public.patient_subscription_links (created_by);
comment on table app_public.patient_subscription_links is
  'Which subscription at the clinic''s own payment provider pays for a patient''s.';
comment on column app_public.patient_subscription_links.external_reference is E'@behavior -orderBy\nThe id of the subscription at the provider.';
comment on constraint patient_subscription_links_provider_is_known_here on app_public.patient_subscription_links is
  E'stripe: The clinic''s own account at Stripe.\nown: The clinic''s own system, with a key of the clinic.';

-- Appended, and read together: what holds follows from all of them, in whatever order they came.
create table app_public.patient_subscription_reports (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  link_id uuid not null,
  provider_word text not null,
  subscription_status text,
  rank int,
  as_of timestamptz not null,
  charged_at timestamptz,
  trial_ends_at timestamptz,
  outcome text not null,
  reported_by uuid references app_public.principals on delete restrict,
  received_at timestamptz not null default now(),
  constraint patient_subscription_reports_identity unique (organization_id, id),
  constraint patient_subscription_reports_come_once
    unique nulls not distinct (organization_id, link_id, as_of, provider_word, charged_at),
  constraint patient_subscription_reports_link_fkey foreign key (organization_id, link_id)
    references app_public.patient_subscription_links (organization_id, id) on delete cascade,
  constraint patient_subscription_reports_provider_word_is_short check (length(provider_word) between 1 and 100),
  constraint patient_subscription_reports_subscription_status_is_known
    check (subscription_status in ('pending', 'trialing', 'active', 'past_due', 'canceled', 'expired')),
  constraint patient_subscription_reports_rank_is_of_a_status check ((subscription_status is null) = (rank is null)),
  constraint patient_subscription_reports_outcome_is_known
    check (outcome in ('applied', 'unchanged', 'superseded', 'unknown_status', 'illegal_move'))
);
create index patient_subscription_reports_received_idx
  on app_public.patient_subscription_reports (organization_id, link_id, received_at, id);
create index patient_subscription_reports_reported_by_idx on app_public.patient_subscription_reports (reported_by);
comment on table app_public.patient_subscription_reports is 'What the clinic''s payment provider reported of a subscription, and what came of it.';
comment on column app_public.patient_subscription_reports.provider_word is 'How it is, in the provider''s word.';
comment on column app_public.patient_subscription_reports.subscription_status is 'What the word means here; null: nobody has said.';
comment on column app_public.patient_subscription_reports.rank is 'Which of two about the same instant counts: that of the higher rank.';
comment on column app_public.patient_subscription_reports.as_of is
  'As of when it was so, by the provider''s clock. It decides which report holds; when a report came does not.';
comment on column app_public.patient_subscription_reports.charged_at is
  'When the charge was made, where it tells of one: an older charge that is paid opens nothing while a newer one is not paid.';
comment on column app_public.patient_subscription_reports.trial_ends_at is 'Until when the trial lasts, where it is on trial.';
comment on column app_public.patient_subscription_reports.outcome is 'What came of it.';
comment on column app_public.patient_subscription_reports.received_at is 'When it came.';
comment on constraint patient_subscription_reports_subscription_status_is_known on app_public.patient_subscription_reports is
  E'pending: Agreed, and not begun.\ntrialing: On trial.\nactive: It goes on.\npast_due: A payment is awaited, and nothing is given meanwhile.\ncanceled: Somebody ended it.\nexpired: Its time has passed.';
comment on constraint patient_subscription_reports_outcome_is_known on app_public.patient_subscription_reports is
  E'applied: The subscription moved.\nunchanged: It was so already.\nsuperseded: A report about a later time had come before.\n'
  'unknown_status: Nobody has said what the word means; nothing moved.\nillegal_move: The subscription had ended; nothing moved.';

--! split: 550-patient-to-serve.sql
-- A step whose permission nobody read. FND-04.
drop function if exists app_private.patient_to_serve(uuid, text);

--! split: 560-replay-lifecycle.sql
-- How long the movement of recordings is kept where, as each clinic decides. TEL-07, docs/decisions/0157.

alter table app_public.organizations
  add column if not exists replay_infrequent_after_days int default 90,
  add column if not exists replay_archive_after_days int default 365,
  add column if not exists replay_remove_after_days int;
comment on column app_public.organizations.replay_infrequent_after_days is
  'How many days after a session at home its movement is kept where reading it costs more; null: never.';
comment on column app_public.organizations.replay_archive_after_days is
  'How many days after a session at home its movement is archived, and no more played; null: never.';
comment on column app_public.organizations.replay_remove_after_days is
  'How many days after a session at home its movement is removed for good; null: it is kept as long as the patient''s file.';
alter table app_public.organizations drop constraint if exists organizations_replay_days_are_sensible;
alter table app_public.organizations add constraint organizations_replay_days_are_sensible check (
  replay_infrequent_after_days between 30 and 36500
  and replay_archive_after_days between 30 and 36500
  and replay_remove_after_days between 30 and 36500) not valid;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.organizations validate constraint organizations_replay_days_are_sensible;
alter table app_public.organizations drop constraint if exists organizations_replay_days_follow_one_another;
alter table app_public.organizations add constraint organizations_replay_days_follow_one_another check (
  replay_infrequent_after_days < coalesce(replay_archive_after_days, replay_remove_after_days, 100000)
  and replay_archive_after_days < coalesce(replay_remove_after_days, 100000)) not valid;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.organizations validate constraint organizations_replay_days_follow_one_another;

alter table app_public.exercise_sessions add column if not exists replay_class text not null default 'standard';
comment on column app_public.exercise_sessions.replay_class is 'Where the object store keeps its movement.';
alter table app_public.exercise_sessions drop constraint if exists exercise_sessions_replay_class_is_known;
alter table app_public.exercise_sessions add constraint exercise_sessions_replay_class_is_known
  check (replay_class in ('standard', 'infrequent', 'archive')) not valid;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.exercise_sessions validate constraint exercise_sessions_replay_class_is_known;
comment on constraint exercise_sessions_replay_class_is_known on app_public.exercise_sessions is
  E'standard: Where everything is kept at first.\n'
  'infrequent: Where keeping costs less, and reading more.\n'
  'archive: Where it is brought back before it is read.';
-- squawk-ignore require-concurrent-index-creation
create index if not exists exercise_sessions_replays_idx
  on app_public.exercise_sessions (organization_id, replay_class, ended_at) where replay_state in ('kept', 'archived');

--! split: 570-tax-office-messages.sql
-- Which messages of the tax office were read, and which document each is about. BIL-04, docs/decisions/0190.

-- squawk-ignore ban-drop-table
drop table if exists app_private.tax_office_messages cascade;
create table app_private.tax_office_messages (
  office text not null,
  message_id text not null,
  upload_id text not null,
  document_number text,
  bare_number text,
  read_at timestamptz not null default now(),
  constraint tax_office_messages_pkey primary key (office, message_id),
  constraint tax_office_messages_office_is_a_word check (office ~ '^[a-z]+(_[a-z]+)*$' and length(office) <= 63),
  constraint tax_office_messages_message_id_is_short check (length(message_id) between 1 and 100),
  constraint tax_office_messages_upload_id_is_short check (length(upload_id) between 1 and 100),
  constraint tax_office_messages_document_number_is_short check (length(document_number) <= 200),
  constraint tax_office_messages_bare_number_is_of_the_number check ((bare_number is null) = (document_number is null))
);
create index tax_office_messages_number_idx on app_private.tax_office_messages (bare_number) where bare_number is not null;
create index tax_office_messages_read_at_idx on app_private.tax_office_messages (read_at);
comment on table app_private.tax_office_messages is
  'Messages of a tax office that were read: an office lends each out a few times a day.';
comment on column app_private.tax_office_messages.upload_id is 'What the office calls the upload that the message is about.';
comment on column app_private.tax_office_messages.document_number is
  'The number of the document in the message, as its issuer wrote it; null where it holds none.';
comment on column app_private.tax_office_messages.bare_number is 'Its letters and digits alone, by which it is compared.';

--! split: 580-webhooks-have-turns.sql
-- Endpoints have their turns: who claims says whose was the last, and is told whose a delivery is. WHK-02.

drop function if exists app_private.claim_webhook_events(int, int);

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/analytics/telerehab_cohorts.sql
-- What analysts read of sessions at home: groups of patients of all clinics, by exercise or plan and month, without anybody's id. A group of fewer
-- than ten patients has no row, so nobody is found by subtraction of what is known otherwise. Kept, since analysts read past row security
-- what they may read at all; made anew each night beside what is read meanwhile. TEL-09.

create or replace function analytics.smallest_cohort() returns int
language sql immutable parallel safe
return 10;

comment on function analytics.smallest_cohort is 'How many patients a group must have to be shown.';
grant execute on function analytics.smallest_cohort to app_engine, app_analyst;

set role app_engine;

drop materialized view if exists analytics.exercise_cohorts;
create materialized view analytics.exercise_cohorts as
  select exercises.slug as exercise, (date_trunc('month', recordings.started_at, 'UTC') at time zone 'UTC')::date as month,
    metrics.algorithm_version,
    count(distinct recordings.patient_profile_id)::int as patients,
    count(*)::int as recordings,
    round(avg(metrics.reps), 1) as average_reps,
    round(avg(metrics.range_degrees), 1) as average_range_degrees,
    round(avg(metrics.confidence), 2) as average_confidence
  from app_public.pose_session_metrics as metrics
  join app_public.exercise_sessions as recordings
    on recordings.organization_id = metrics.organization_id and recordings.id = metrics.exercise_session_id
  join app_public.exercises on exercises.id = metrics.exercise_id
  group by 1, 2, 3
  having count(distinct recordings.patient_profile_id) >= analytics.smallest_cohort();
-- Nobody reads it yet.
-- squawk-ignore require-concurrent-index-creation
create unique index exercise_cohorts_are_one_row_each on analytics.exercise_cohorts (exercise, month, algorithm_version);
comment on materialized view analytics.exercise_cohorts is
  'What recordings came to, by exercise, month and version of the algorithm, over all clinics: groups of ten patients and more.';
comment on column analytics.exercise_cohorts.exercise is 'The exercise, by its slug.';
comment on column analytics.exercise_cohorts.month is 'The first day of the month, in UTC, in which the recordings began.';
grant select on analytics.exercise_cohorts to app_analyst;

drop materialized view if exists analytics.adherence_cohorts;
create materialized view analytics.adherence_cohorts as
  select plans.slug as treatment_plan, date_trunc('month', sessions.due_on)::date as month,
    count(distinct sessions.patient_profile_id)::int as patients,
    count(*)::int as sessions_due,
    (count(*) filter (where sessions.status = 'completed'))::int as sessions_completed,
    round(avg(sessions.pain_after - sessions.pain_before), 2) as average_pain_change
  from app_public.patient_sessions as sessions
  join app_public.patient_treatment_plans as enrolments
    on enrolments.organization_id = sessions.organization_id and enrolments.id = sessions.patient_treatment_plan_id
  join app_public.treatment_plans as plans on plans.id = enrolments.treatment_plan_id and plans.organization_id is null
  where not sessions.is_extra and sessions.status in ('completed', 'missed')
  group by 1, 2
  having count(distinct sessions.patient_profile_id) >= analytics.smallest_cohort();
-- Nobody reads it yet.
-- squawk-ignore require-concurrent-index-creation
create unique index adherence_cohorts_are_one_row_each on analytics.adherence_cohorts (treatment_plan, month);
comment on materialized view analytics.adherence_cohorts is
  'How sessions of the platform''s treatment plans were done, by plan and month, over all clinics: groups of ten patients and more.';
comment on column analytics.adherence_cohorts.treatment_plan is 'The plan of the platform, by its slug.';
comment on column analytics.adherence_cohorts.month is 'The first day of the month in which the sessions were due.';
grant select on analytics.adherence_cohorts to app_analyst;

create or replace function app_private.refresh_cohorts() returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_view record;
begin
  -- Beside what is read: nobody waits. A backup may have brought them empty.
  for v_view in
    select pg_class.oid::regclass as name, pg_class.relispopulated as is_filled
    from pg_catalog.pg_class
    where pg_class.oid in ('analytics.exercise_cohorts'::regclass, 'analytics.adherence_cohorts'::regclass)
    order by pg_class.relname
  loop
    execute format('refresh materialized view %s %s', case when v_view.is_filled then 'concurrently' end, v_view.name);
  end loop;
end;
$$;

comment on function app_private.refresh_cohorts is 'Makes the groups that analysts read anew.';
grant execute on function app_private.refresh_cohorts to app_worker;

reset role;
-- end of source: functions/analytics/telerehab_cohorts.sql

-- source: functions/plans/set_subscription_status.sql
-- A subscription moves, and what it gives follows: begun, the tier's plans are provided; awaiting payment, they are closed and
-- nothing is taken; paid, the same plans are open again, with what they had; over, they end. CAT-06, FND-21.

create or replace function app_private.set_subscription_status(
  subscription app_public.patient_subscriptions,
  to_status text,
  at timestamptz,
  reason text default null
) returns app_public.patient_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.patient_subscriptions;
  v_plan app_public.patient_service_plans;
  v_entitlement app_public.patient_entitlements;
begin
  update app_public.patient_subscriptions set
    status = to_status,
    status_reason = set_subscription_status.reason,
    ended_at = case when to_status in ('canceled', 'expired') then at end,
    anchor_on = case when to_status in ('trialing', 'active')
                  then coalesce(patient_subscriptions.anchor_on, (at at time zone organizations.timezone)::date)
                  else patient_subscriptions.anchor_on end
  from app_public.organizations
  where organizations.id = patient_subscriptions.organization_id
    and patient_subscriptions.organization_id = subscription.organization_id
    and patient_subscriptions.id = subscription.id
  returning patient_subscriptions.* into v_subscription;

  if subscription.status = 'pending' and to_status in ('trialing', 'active') then
    perform app_private.provide_tier(v_subscription, at);
  elsif subscription.status = 'past_due' and to_status in ('active', 'trialing') then
    -- A period that began meanwhile was not given yet.
    for v_entitlement in
      select entitlements.* from app_private.entitlements_of(v_subscription) as entitlements where entitlements.granted is null
    loop
      perform app_private.give(v_entitlement, at);
    end loop;
  elsif to_status in ('canceled', 'expired') then
    for v_plan in select plans.* from app_private.open_plans_of(v_subscription) as plans loop
      perform app_private.end_plan(v_plan, at);
    end loop;
  end if;
  return v_subscription;
end;
$$;

comment on function app_private.set_subscription_status is
  'Moves a subscription whose patient is locked by settle_patient_plans(), and provides or ends what it brings.';
grant execute on function app_private.set_subscription_status to app_engine;

create or replace function app_private.open_plans_of(subscription app_public.patient_subscriptions)
returns setof app_public.patient_service_plans
language sql stable
set search_path = ''
begin atomic
  select patient_service_plans.*
  from app_public.patient_service_plans
  where patient_service_plans.organization_id = (subscription).organization_id
    and patient_service_plans.source_tier_subscription_id = (subscription).id
    and patient_service_plans.ended_at is null
  order by patient_service_plans.id;
end;

comment on function app_private.open_plans_of is 'The plans that a subscription brings and that have not ended, by their ids.';
grant execute on function app_private.open_plans_of to app_engine;

create or replace function app_private.entitlements_of(subscription app_public.patient_subscriptions)
returns setof app_public.patient_entitlements
language sql stable
set search_path = ''
begin atomic
  select patient_entitlements.*
  from app_private.open_plans_of(subscription) as plans
  join app_public.patient_entitlements
    on patient_entitlements.organization_id = plans.organization_id and patient_entitlements.patient_service_plan_id = plans.id
  order by plans.id, patient_entitlements.kind;
end;

comment on function app_private.entitlements_of is 'What the open plans of a subscription count.';
grant execute on function app_private.entitlements_of to app_engine;
-- end of source: functions/plans/set_subscription_status.sql

-- source: functions/plans/begin_month.sql
-- A month of a subscription begins. What of a period was not used lapses or goes over, under the terms that it had; with a new
-- billing period the tier's terms are read anew; then new periods are opened, and given unless a payment is awaited. CAT-06.

create or replace function app_private.begin_month(subscription app_public.patient_subscriptions, at timestamptz)
returns app_public.patient_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_renews constant boolean :=
    subscription.month + 1 >= subscription.period_month + app_private.months_of(subscription.billing_period);
  v_subscription app_public.patient_subscriptions;
  v_entitlement app_public.patient_entitlements;
begin
  update app_public.patient_subscriptions set
    month = subscription.month + 1,
    period_month = case when v_renews then subscription.month + 1 else subscription.period_month end,
    billing_period = case when v_renews then patient_tiers.billing_period else subscription.billing_period end
  from app_public.patient_tiers
  where patient_tiers.organization_id = patient_subscriptions.organization_id
    and patient_tiers.id = patient_subscriptions.tier_id
    and patient_subscriptions.organization_id = subscription.organization_id
    and patient_subscriptions.id = subscription.id
  returning patient_subscriptions.* into v_subscription;

  for v_entitlement in
    select entitlements.* from app_private.entitlements_of(v_subscription) as entitlements
    where entitlements.to_month <= v_subscription.month
  loop
    perform app_private.close_entitlement_period(v_entitlement, at);
  end loop;
  if v_renews then
    perform app_private.provide_tier(v_subscription, at);
  end if;
  for v_entitlement in
    select entitlements.* from app_private.entitlements_of(v_subscription) as entitlements
    where entitlements.to_month <= v_subscription.month
  loop
    perform app_private.open_period(v_subscription, v_entitlement, at);
  end loop;
  return v_subscription;
end;
$$;

comment on function app_private.begin_month is 'Counts a month on, and renews what ends with the one before.';
grant execute on function app_private.begin_month to app_engine;

create or replace function app_private.close_entitlement_period(entitlement app_public.patient_entitlements, at timestamptz) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_left constant int := app_public.patient_entitlements_balance(entitlement);
  v_key constant text := concat_ws(':', 'period', entitlement.id, entitlement.to_month);
begin
  if v_left > 0 then
    perform app_private.write_entry(entitlement, 'expire', -v_left, at, v_key);
    if (select patient_service_plans.carry_over_unused
        from app_public.patient_service_plans
        where patient_service_plans.organization_id = entitlement.organization_id
          and patient_service_plans.id = entitlement.patient_service_plan_id)
    then
      perform app_private.write_entry(entitlement, 'carry', v_left, at, v_key, period_starts_at => at);
    end if;
  end if;
end;
$$;

comment on function app_private.close_entitlement_period is 'Lets what was not used lapse, and carries it over where the plan says so.';
grant execute on function app_private.close_entitlement_period to app_engine;

create or replace function app_private.open_period(
  subscription app_public.patient_subscriptions,
  entitlement app_public.patient_entitlements,
  at timestamptz
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_entitlement app_public.patient_entitlements;
begin
  update app_public.patient_entitlements set
    from_month = subscription.month,
    to_month = subscription.month + app_private.months_of(plans.grant_period),
    period_starts_at = app_private.month_starts_at(subscription.organization_id, subscription.anchor_on, subscription.month),
    period_ends_at = app_private.month_starts_at(
      subscription.organization_id, subscription.anchor_on, subscription.month + app_private.months_of(plans.grant_period)),
    per_period = app_private.plan_quantity(plans, patient_entitlements.kind),
    accrued_before = 0,
    granted = null
  from app_public.patient_service_plans as plans
  where plans.organization_id = patient_entitlements.organization_id
    and plans.id = patient_entitlements.patient_service_plan_id
    and patient_entitlements.organization_id = entitlement.organization_id
    and patient_entitlements.id = entitlement.id
  returning patient_entitlements.* into v_entitlement;
  if subscription.status in ('trialing', 'active') then
    perform app_private.give(v_entitlement, at);
  end if;
end;
$$;

comment on function app_private.open_period is 'Begins a period with this month, under the terms of today.';
grant execute on function app_private.open_period to app_engine;
-- end of source: functions/plans/begin_month.sql

-- source: functions/subscriptions/require_not_suspended.sql
-- Nothing new begins at a clinic whose subscription is suspended or has ended: no booking, no plan, no message that is about neither. What
-- is under way goes on, and is read, exported and paid for. A clinic that never began a subscription is no customer yet, and is not asked.
-- No lock: what begins in the moment of the suspension stands. BIL-05, docs/decisions/0177.

create or replace function app_private.is_suspended(organization_id uuid) returns boolean
language sql stable
set search_path = ''
begin atomic
  select coalesce((
    select subscriptions.status in ('suspended', 'canceled')
    from app_public.organization_subscriptions as subscriptions
    where subscriptions.organization_id = is_suspended.organization_id
      and subscriptions.anchor_on is not null
    order by subscriptions.id desc
    limit 1
  ), false);
end;

comment on function app_private.is_suspended is
  'Whether the subscription of a clinic that began last is suspended or has ended.';
grant execute on function app_private.is_suspended to app_engine;

create or replace function app_private.require_not_suspended(organization_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if app_private.is_suspended(organization_id) then
    perform app_hidden.refuse('STATE', 'clinic_suspended');
  end if;
end;
$$;

comment on function app_private.require_not_suspended is
  'Whoever begins something new at a clinic asks it; STATE clinic_suspended.';
grant execute on function app_private.require_not_suspended to app_engine;
-- end of source: functions/subscriptions/require_not_suspended.sql

-- source: functions/appointments/book_appointment.sql
-- A held time becomes an appointment: for a patient by the patient, a caregiver, or front desk. APT-01, APT-02.

set role app_engine;

create or replace function app_public.book_appointment(
  hold_token text,
  patient_profile_id uuid,
  override_reason text default null,
  use_plan boolean default null,
  patient_service_plan_id uuid default null
)
returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
-- Planned once per connection, and so is every step that it calls: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('book_appointment', jsonb_build_array(
    hold_token, patient_profile_id, override_reason, use_plan, patient_service_plan_id));
  v_claim app_private.time_claims;
  v_rules text[];
  v_draft app_public.appointments;
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    perform app_private.require_to_book((v_remembered ->> 'organization_id')::uuid, book_appointment.patient_profile_id);
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  -- The patient before the time, as whoever books directly: a withdrawal that waits for one must not keep the other waiting.
  v_claim := app_private.held_claim(hold_token);
  perform app_private.require_to_book(v_claim.organization_id, book_appointment.patient_profile_id);
  perform app_private.require_not_suspended(v_claim.organization_id);
  v_claim := app_private.take_hold(hold_token, to_book => true);
  v_rules := app_private.require_bookable(
    v_claim, for_the_public => not app_private.is_staff_of(v_claim.organization_id), override_reason => override_reason);

  v_draft.patient_service_plan_id := book_appointment.patient_service_plan_id;
  v_draft.patient_profile_id := book_appointment.patient_profile_id;
  v_draft.override_reason := book_appointment.override_reason;
  v_draft.overridden_rules := v_rules;
  v_appointment := app_private.book(app_private.convert_claim(v_claim.id, 'appointment'), v_draft, use_plan);
  perform app_private.remember('book_appointment', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.book_appointment is
  'Books a held time for a patient of that clinic. For the patient, a caregiver, or staff with appointments.manage. '
  'When the time can no longer be booked, what holdSlot says of the rule; staff set it aside with overrideReason.';
grant execute on function app_public.book_appointment to app_member;

reset role;
-- end of source: functions/appointments/book_appointment.sql

-- source: functions/appointments/book_directly.sql
-- Somebody stands at the desk, or is on the telephone: front desk books a time without holding it first. Notice, hours,
-- closings and the grid are the clinic's own rules and give way to a reason, which is kept with the appointment and its
-- first move; another claim never does. APT-01, SCH-06.

set role app_engine;

create or replace function app_public.book_directly(
  calendar_id uuid,
  starts_at timestamptz,
  patient_profile_id uuid,
  specialist_id uuid default null,
  override_reason text default null,
  use_plan boolean default null,
  patient_service_plan_id uuid default null
) returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
-- Planned once per connection, and so is every step that it calls: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('book_directly', jsonb_build_array(
    calendar_id, starts_at, patient_profile_id, specialist_id, override_reason, use_plan, patient_service_plan_id));
  v_calendar app_public.calendars;
  v_override boolean;
  v_claim app_private.time_claims;
  v_draft app_public.appointments;
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered ->> 'organization_id')::uuid, 'appointments.manage');
    perform app_private.require_to_book((v_remembered ->> 'organization_id')::uuid, book_directly.patient_profile_id);
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_calendar := app_private.visible_calendar(book_directly.calendar_id);
  perform app_private.require_permission(v_calendar.organization_id, 'appointments.manage');
  perform app_private.require_not_suspended(v_calendar.organization_id);
  v_override := app_private.may_override(v_calendar.organization_id, override_reason);
  perform app_private.require_to_book(v_calendar.organization_id, book_directly.patient_profile_id);

  v_claim := app_private.claim_slot(
    v_calendar.id, book_directly.starts_at, book_directly.specialist_id, 'appointment', v_override);
  if v_override then
    select v.rules into v_draft.overridden_rules
    from app_private.verdicts(v_calendar.id, book_directly.starts_at, v_claim.specialist_id, v_claim.id) as v;
  end if;

  v_draft.patient_service_plan_id := book_directly.patient_service_plan_id;
  v_draft.patient_profile_id := book_directly.patient_profile_id;
  v_draft.override_reason := book_directly.override_reason;
  v_appointment := app_private.book(v_claim, v_draft, use_plan);
  perform app_private.remember('book_directly', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.book_directly is
  'Books a time for a patient of the clinic without a hold: a walk-in, a call. Needs appointments.manage. overrideReason '
  'sets notice, horizon, hours, closings and the grid aside and is kept with the appointment; a walk-in may be entered up '
  'to an hour after its start. SLOT_TAKEN whatever the reason; VALIDATION names the rule.';
grant execute on function app_public.book_directly to app_member;

reset role;
-- end of source: functions/appointments/book_directly.sql

-- source: functions/appointments/book_series.sql
-- The ten sessions of a plan in one call: every start is booked, or none is, and the refusal names each that is in the way with its
-- rule. Weeks are counted on the clocks of the calendar, so summer time moves no session. All that could be taken is locked first, and
-- in the one order: calendar and specialists, turns, rooms, days. SCH-09, CAT-04.

set role app_engine;

create or replace function app_public.book_series(
  calendar_id uuid,
  starts_at timestamptz,
  patient_profile_id uuid,
  sessions int,
  every_weeks int default 1,
  specialist_id uuid default null,
  override_reason text default null,
  use_plan boolean default null,
  patient_service_plan_id uuid default null
) returns setof app_public.appointments
language plpgsql volatile security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('book_series', jsonb_build_array(
    calendar_id, starts_at, patient_profile_id, sessions, every_weeks, specialist_id, override_reason, use_plan,
    patient_service_plan_id));
  v_calendar app_public.calendars;
  v_override boolean;
  v_starts timestamptz[];
  v_claims app_private.time_claims[];
  v_claim app_private.time_claims;
  v_use_plan boolean := use_plan;
  v_draft app_public.appointments;
  v_appointment app_public.appointments;
  v_made jsonb := '[]';
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered #>> '{0,organization_id}')::uuid, 'appointments.manage');
    perform app_private.require_to_book((v_remembered #>> '{0,organization_id}')::uuid, book_series.patient_profile_id);
    return query select * from jsonb_populate_recordset(null::app_public.appointments, v_remembered);
    return;
  end if;

  v_calendar := app_private.visible_calendar(book_series.calendar_id);
  perform app_private.require_permission(v_calendar.organization_id, 'appointments.manage');
  perform app_private.require_not_suspended(v_calendar.organization_id);
  v_override := app_private.may_override(v_calendar.organization_id, override_reason);
  perform app_private.require_to_book(v_calendar.organization_id, book_series.patient_profile_id);
  v_starts := app_private.starts_of_series(v_calendar, book_series.starts_at, sessions, every_weeks);
  perform app_private.require_choice(v_calendar, book_series.specialist_id);
  v_claims := app_private.claim_series(v_calendar, v_starts, book_series.specialist_id, v_override);

  v_draft.id := uuidv7();
  v_draft.series_id := v_draft.id;
  v_draft.patient_profile_id := book_series.patient_profile_id;
  v_draft.patient_service_plan_id := book_series.patient_service_plan_id;
  v_draft.override_reason := book_series.override_reason;
  foreach v_claim in array v_claims loop
    v_draft.overridden_rules := null;
    if v_override then
      select v.rules into v_draft.overridden_rules
      from app_private.verdicts(v_calendar.id, lower(v_claim.during), v_claim.specialist_id, v_claim.id) as v;
    end if;
    v_appointment := app_private.book(v_claim, v_draft, v_use_plan);
    -- By a plan as a whole, or not at all: nobody pays for the last ones unasked.
    v_use_plan := coalesce(v_use_plan, v_appointment.plan_session_number is not null);
    v_draft.id := null;
    v_made := v_made || to_jsonb(v_appointment);
    return next v_appointment;
  end loop;
  perform app_private.remember('book_series', v_made);
end;
$$;

comment on function app_public.book_series is
  E'@arg startsAt When the first one begins.\n'
  '@arg sessions How many appointments: 2 to 52.\n'
  '@arg everyWeeks How many weeks lie between two of them: 1 to 12.\n'
  'Books a series for a patient, at the same hour of the calendar''s clock each time: all or none. Without specialistId whose turn it '
  'is, wherever they are free. Needs appointments.manage; overrideReason as bookDirectly. CONFLICT series_in_the_way names every start that cannot be '
  'booked and why; NOT_READY when the plan has too few sessions for all.';
grant execute on function app_public.book_series to app_member;

reset role;
-- end of source: functions/appointments/book_series.sql

-- source: functions/patients/invite_patient.sql
-- A clinic asks a patient to take over their own profile. The person accepts with an account that proved the address.
-- FND-07.
-- A profile that has or had an account is the person's at every clinic: they sign in, or claim it, and no single clinic
-- hands it on.

set role app_engine;

create or replace function app_public.invite_patient(
  organization_id uuid,
  patient_profile_id uuid,
  email text default null
) returns app_public.invitations
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb;
  v_invitation app_public.invitations;
begin
  perform app_private.require_permission(organization_id, 'patients.manage');
  v_remembered := app_private.remembered('invite_patient', jsonb_build_array(organization_id, patient_profile_id, email));
  if v_remembered is not null then
    return jsonb_populate_record(v_invitation, v_remembered);
  end if;
  perform app_private.require_not_suspended(organization_id);

  v_invitation := app_private.invite_to_profile(organization_id, patient_profile_id, email);
  perform app_private.remember('invite_patient', to_jsonb(v_invitation));
  return v_invitation;
end;
$$;

comment on function app_public.invite_patient is
  'Invites a patient without an account to take over their profile, by mail to this address or to the one of the profile. '
  'Needs patients.manage; CONFLICT profile_has_an_account or already_invited, VALIDATION too_young_for_own_account.';
grant execute on function app_public.invite_patient to app_member;

reset role;

create or replace function app_private.invite_to_profile(organization_id uuid, patient_profile_id uuid, email text default null)
returns app_public.invitations
language plpgsql volatile
set search_path = ''
as $$
declare
  v_profile app_public.patient_profiles;
  v_email text;
begin
  perform app_private.require_patient(organization_id, patient_profile_id);
  select patient_profiles.* into strict v_profile
  from app_public.patient_profiles
  where patient_profiles.id = invite_to_profile.patient_profile_id;
  if v_profile.human_id is not null then
    perform app_hidden.refuse('CONFLICT', 'profile_has_an_account');
  end if;
  -- Where the chart has no date of birth, the person says it as they accept.
  if v_profile.birth_date is not null then
    perform app_private.require_own_account_age(v_profile.birth_date, 'patientProfileId');
  end if;
  v_email := coalesce(nullif(btrim(invite_to_profile.email), ''), v_profile.email);
  if v_email is null then
    perform app_hidden.refuse('VALIDATION', 'required', '{"field": "email"}');
  end if;

  return app_private.send_invitation(
    app_private.open_invitation(
      organization_id, 'patient', v_email, v_profile.given_name || ' ' || v_profile.family_name, patient_profile_id),
    v_profile.locale);
end;
$$;

comment on function app_private.invite_to_profile is
  'Invites a patient of the clinic to take over their profile, at this address or at the profile''s; the caller has the permission. '
  'CONFLICT, VALIDATION, STATE and RATE_LIMITED as invite_patient().';
grant execute on function app_private.invite_to_profile to app_engine;
-- end of source: functions/patients/invite_patient.sql

-- source: functions/appointments/confirm_booking_request.sql
-- The clinic says yes, in one transaction: patient found or made, gate asked, claim handed over, appointment booked. APT-09.

set role app_engine;

create or replace function app_public.confirm_booking_request(
  booking_request_id uuid,
  patient_profile_id uuid default null,
  as_new_patient boolean default false,
  override_reason text default null,
  use_plan boolean default null,
  patient_service_plan_id uuid default null,
  invite boolean default null
) returns app_public.appointments
language plpgsql volatile security definer
set search_path = ''
-- Planned once per connection, and so is every step that it calls: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('confirm_booking_request', jsonb_build_array(
    booking_request_id, patient_profile_id, as_new_patient, override_reason, use_plan, patient_service_plan_id, invite));
  v_request app_public.booking_requests;
  v_rules text[];
  v_draft app_public.appointments;
  v_appointment app_public.appointments;
begin
  if v_remembered is not null then
    perform app_private.require_to_answer(booking_request_id, 'confirmed');
    return jsonb_populate_record(v_appointment, v_remembered);
  end if;

  v_request := app_private.locked_booking_request(booking_request_id, 'confirmed');
  perform app_private.require_not_suspended(v_request.organization_id);
  v_request := app_private.say_who_it_is(v_request, patient_profile_id, coalesce(as_new_patient, false));
  perform app_private.require_unexpired(v_request);
  -- As the guest who asked: what was closed, switched off or made private meanwhile is for front desk to decide on.
  select app_private.require_bookable(time_claims, for_the_public => true, override_reason => override_reason) into v_rules
  from app_private.time_claims
  where time_claims.organization_id = v_request.organization_id and time_claims.id = v_request.claim_id;

  update app_public.booking_requests set
    status = 'confirmed',
    patient_profile_id = v_request.patient_profile_id,
    has_made_patient = v_request.has_made_patient,
    decided_at = app_hidden.now(),
    decided_by = app_private.current_actor_id()
  where booking_requests.id = v_request.id;

  v_draft.patient_service_plan_id := confirm_booking_request.patient_service_plan_id;
  v_draft.patient_profile_id := v_request.patient_profile_id;
  v_draft.booking_request_id := v_request.id;
  v_draft.price_amount := v_request.price_amount;
  v_draft.currency := v_request.currency;
  v_draft.contact_email := v_request.email;
  v_draft.contact_phone := v_request.phone;
  v_draft.contact_name := v_request.given_name || ' ' || v_request.family_name;
  v_draft.locale := v_request.locale;
  v_draft.organizer_email := v_request.organizer_email;
  v_draft.override_reason := confirm_booking_request.override_reason;
  v_draft.overridden_rules := v_rules;
  v_appointment := app_private.book(app_private.convert_claim(v_request.claim_id, 'appointment'), v_draft, use_plan);
  perform app_private.invite_guest(v_appointment, invite);
  perform app_private.remember('confirm_booking_request', to_jsonb(v_appointment));
  return v_appointment;
end;
$$;

comment on function app_public.confirm_booking_request is
  E'@arg invite Whether the patient is invited to an account with it, which needs patients.manage and is refused as invitePatient refuses. Null: as the clinic does (invitesGuests), where nothing is in the way.\n'
  'Turns a booking request into an appointment of the patient whom takeInGuest named. Where nobody was, of the clinic''s '
  'patients the one is taken whose address and name agree; one who shares only the address or the number is unclear, unless '
  'patientProfileId names the patient or asNewPatient is set; where nobody is like it, the guest becomes a patient. Needs '
  'appointments.manage; STATE when it was answered already, GONE past its deadline, CONFLICT person_unclear with the '
  'candidates, NOT_READY with all that is missing of the patient. When the time can no longer be booked, what holdSlot says '
  'of the rule; overrideReason sets it aside and is kept.';
grant execute on function app_public.confirm_booking_request to app_member;

reset role;
-- end of source: functions/appointments/confirm_booking_request.sql

-- source: functions/treatment/assign_treatment_plan.sql
-- A patient is assigned a treatment plan: an approved version, which stays theirs. Of two who use the last assignment of a service plan one
-- wins, since the plans are locked from settle_patient_plans() on. EXE-01, EXE-03, TPL-02.

set role app_engine;

create or replace function app_public.assign_treatment_plan(
  patient_id uuid,
  version_id uuid,
  starts_on date,
  weekdays int[] default '{1,2,3,4,5,6,7}',
  ends_on date default null,
  form_template_id uuid default null,
  allows_extra_sessions boolean default false,
  patient_service_plan_id uuid default null
) returns app_public.patient_treatment_plans
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('assign_treatment_plan', jsonb_build_array(
    patient_id, version_id, starts_on, weekdays, ends_on, form_template_id, allows_extra_sessions, patient_service_plan_id));
  v_patient app_public.patients;
  v_version app_public.treatment_plan_versions;
  v_enrolment app_public.patient_treatment_plans;
  v_last date;
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered ->> 'organization_id')::uuid, 'treatment_plans.assign');
    return jsonb_populate_record(v_enrolment, v_remembered);
  end if;
  select patients.* into v_patient
  from app_public.patients where patients.id = assign_treatment_plan.patient_id;
  perform app_private.require_permission(v_patient.organization_id, 'treatment_plans.assign');
  perform app_private.require_not_suspended(v_patient.organization_id);
  perform app_private.require_patient(v_patient.organization_id, v_patient.patient_profile_id);
  v_version := app_private.version_to_assign(v_patient, assign_treatment_plan.version_id);

  v_enrolment.id := uuidv7();
  v_enrolment.patient_service_plan_id := app_private.count_treatment_assignment(
    v_patient, v_enrolment.id, assign_treatment_plan.patient_service_plan_id);
  if exists (
    select from app_public.patient_treatment_plans as standing
    where standing.organization_id = v_patient.organization_id and standing.patient_profile_id = v_patient.patient_profile_id
      and standing.treatment_plan_id = v_version.treatment_plan_id and standing.status in ('active', 'paused')
  ) then
    perform app_hidden.refuse('CONFLICT', 'treatment_plan_already_assigned');
  end if;

  v_last := app_private.last_due_on(v_version, v_patient.organization_id, starts_on, weekdays);
  if v_last > assign_treatment_plan.ends_on then
    perform app_hidden.refuse('VALIDATION', 'ends_before_the_last_session', jsonb_build_object('field', 'endsOn', 'lastDueOn', v_last));
  end if;
  if assign_treatment_plan.form_template_id is not null and not exists (
    select from app_public.form_templates
    where form_templates.organization_id = v_patient.organization_id and form_templates.id = assign_treatment_plan.form_template_id
      and form_templates.published
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'form_template_not_found');
  end if;

  insert into app_public.patient_treatment_plans
    (id, organization_id, patient_profile_id, plan_scope_id, treatment_plan_id, version_id, patient_service_plan_id, form_template_id,
     starts_on, ends_on, weekdays, allows_extra_sessions, tended_on, assigned_by)
  values
    (v_enrolment.id, v_patient.organization_id, v_patient.patient_profile_id, v_version.scope_id, v_version.treatment_plan_id, v_version.id,
     v_enrolment.patient_service_plan_id, assign_treatment_plan.form_template_id, assign_treatment_plan.starts_on,
     coalesce(assign_treatment_plan.ends_on, v_last),
     array(select distinct day from unnest(assign_treatment_plan.weekdays) as day order by day), assign_treatment_plan.allows_extra_sessions,
     app_private.today_at(v_patient.organization_id), app_private.current_actor_id())
  returning * into v_enrolment;
  perform app_private.schedule_sessions(v_enrolment, 1, v_enrolment.starts_on);
  perform app_private.request_videos(v_enrolment);
  perform app_private.remember('assign_treatment_plan', to_jsonb(v_enrolment));
  return v_enrolment;
end;
$$;

comment on function app_public.assign_treatment_plan is
  E'@arg versionId An approved version of a treatment plan.\n'
  '@arg startsOn From which day, by the clock of the clinic.\n'
  '@arg weekdays On which days sessions can be due: 1 is Monday, 7 is Sunday.\n'
  '@arg endsOn The last day; without one, the day on which the last session is due.\n'
  '@arg formTemplateId A form that is asked after each session at home.\n'
  '@arg allowsExtraSessions Whether the patient may do sessions that are not due.\n'
  '@arg patientServicePlanId The service plan of the patient that it is counted to; without one, the one that lapses first.\n'
  'Assigns a treatment plan to a patient; its sessions get their days. Needs treatment_plans.assign. NOT_FOUND; STATE version_not_approved; '
  'ENTITLEMENT_EXHAUSTED nothing_left, not_in_a_plan; CONFLICT treatment_plan_already_assigned; VALIDATION.';
grant execute on function app_public.assign_treatment_plan to app_member;

reset role;

-- What is retired meanwhile waits for whoever assigns it, or is seen by them.
create or replace function app_private.version_to_assign(patient app_public.patients, version_id uuid)
returns app_public.treatment_plan_versions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_version app_public.treatment_plan_versions;
begin
  select versions.* into v_version
  from app_public.treatment_plan_versions as versions
  join app_public.treatment_plans as plans on plans.scope_id = versions.scope_id and plans.id = versions.treatment_plan_id
  where versions.id = version_to_assign.version_id
    and versions.scope_id in (patient.organization_id, '00000000-0000-0000-0000-000000000000')
    and coalesce(plans.patient_profile_id = patient.patient_profile_id, true)
  for share of versions;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'treatment_plan_not_found');
  elsif v_version.status <> 'approved' then
    perform app_hidden.refuse('STATE', 'version_not_approved', jsonb_build_object('status', v_version.status));
  end if;
  return v_version;
end;
$$;

comment on function app_private.version_to_assign is
  'An approved version of a plan of the clinic, of this patient, or of the platform, locked; NOT_FOUND treatment_plan_not_found, STATE version_not_approved.';
grant execute on function app_private.version_to_assign to app_engine;

-- Where a service plan of the patient counts assignments one is used. Where none does, sessions from home have to be open to the patient
-- all the same: by a plan that does not count, by hand, or since the clinic makes them free (CAT-08).
create or replace function app_private.count_treatment_assignment(
  patient app_public.patients, enrolment_id uuid, patient_service_plan_id uuid
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_entitlement app_public.patient_entitlements;
begin
  perform app_private.settle_patient_plans(patient.organization_id, patient.patient_profile_id);
  v_entitlement := app_private.usable_entitlement(
    patient.organization_id, patient.patient_profile_id, 'treatment_plan_assignments',
    patient_service_plan_id => count_treatment_assignment.patient_service_plan_id);
  if v_entitlement.id is null and count_treatment_assignment.patient_service_plan_id is null
    and app_hidden.has_access(patient.organization_id, patient.id, 'telerehab_access') then
    return null;
  end if;
  perform app_private.debit_entitlement(
    patient.organization_id, patient.patient_profile_id, 'treatment_plan_assignments', 'patient_treatment_plan', enrolment_id,
    patient_service_plan_id => count_treatment_assignment.patient_service_plan_id);
  return v_entitlement.patient_service_plan_id;
end;
$$;

comment on function app_private.count_treatment_assignment is
  'Uses one assignment of a service plan of the patient, and says of which; null where none counts them and sessions from home are open. '
  'ENTITLEMENT_EXHAUSTED otherwise.';
grant execute on function app_private.count_treatment_assignment to app_engine;

create or replace function app_private.last_due_on(
  version app_public.treatment_plan_versions, organization_id uuid, starts_on date, weekdays int[]
) returns date
language plpgsql stable
set search_path = ''
as $$
declare
  v_due date[];
begin
  if not coalesce(cardinality(weekdays) > 0 and weekdays <@ '{1,2,3,4,5,6,7}', false) then
    perform app_hidden.refuse('VALIDATION', 'weekdays_not_valid', '{"field": "weekdays"}');
  elsif not coalesce(last_due_on.starts_on >= app_private.today_at(last_due_on.organization_id), false) then
    perform app_hidden.refuse('VALIDATION', 'already_past', '{"field": "startsOn"}');
  end if;
  v_due := app_private.due_dates(last_due_on.starts_on, last_due_on.weekdays, array(
    select (listed.value ->> 'afterDays')::int
    from jsonb_array_elements(version.sessions_snapshot) with ordinality as listed (value, number)
    order by listed.number));
  return v_due[cardinality(v_due)];
end;
$$;

comment on function app_private.last_due_on is
  'When the last session is due; VALIDATION weekdays_not_valid, or already_past for a start before today.';
grant execute on function app_private.last_due_on to app_engine;
-- end of source: functions/treatment/assign_treatment_plan.sql

-- source: functions/appointments/request_booking.sql
-- A visitor without an account asks for the time they hold. The request keeps the time until the clinic answers;
-- hold, request and appointment are the same claim, so the time is never let go in between. APT-05, APT-09.

set role app_engine;

create or replace function app_public.request_booking(
  hold_token text,
  given_name text,
  family_name text,
  email text,
  phone text,
  message text default null,
  locale text default null
) returns app_public.booking_receipt
language plpgsql volatile security definer
set search_path = ''
-- Planned once per connection, and so is every step that it calls: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('request_booking', jsonb_build_array(
    hold_token, given_name, family_name, email, phone, message, locale));
  v_claim app_private.time_claims;
  v_token text := encode(extensions.gen_random_bytes(16), 'hex');
  v_request app_public.booking_requests;
  v_receipt app_public.booking_receipt;
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_receipt, v_remembered);
  end if;

  v_claim := app_private.take_hold(hold_token, to_book => true);
  perform app_private.require_not_suspended(v_claim.organization_id);
  if not app_private.is_staff_of(v_claim.organization_id) then
    perform app_private.require_request_allowance(v_claim.visitor_id, v_claim.address);
  end if;
  perform app_private.require_bookable(v_claim, for_the_public => not app_private.is_staff_of(v_claim.organization_id));
  insert into app_public.booking_requests (
    organization_id, calendar_id, service_id, specialist_id, claim_id, given_name, family_name, email, phone, message,
    locale, starts_at, ends_at, price_amount, currency, respond_by, organizer_email, token_hash
  )
  select
    v_claim.organization_id, calendars.id, services.id, v_claim.specialist_id, v_claim.id,
    request_booking.given_name, request_booking.family_name, request_booking.email, request_booking.phone,
    nullif(btrim(request_booking.message), ''),
    coalesce(request_booking.locale, organizations.locale), lower(v_claim.during), upper(v_claim.during),
    coalesce(calendars.price_amount, services.price_amount), services.currency,
    app_private.respond_by(organizations, lower(v_claim.during)), organizations.contact_email,
    extensions.digest(v_token, 'sha256')
  from app_public.calendars
  join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
  join app_public.organizations on organizations.id = calendars.organization_id
  where calendars.organization_id = v_claim.organization_id and calendars.id = v_claim.calendar_id
  returning * into v_request;

  perform app_private.convert_claim(v_claim.id, 'request');

  v_receipt := app_private.booking_receipt_of(v_request);
  v_receipt.token := v_token;
  perform app_private.remember('request_booking', to_jsonb(v_receipt));
  return v_receipt;
end;
$$;

comment on function app_public.request_booking is
  'Turns a hold into a booking request. The receipt''s token is shown once. NOT_FOUND or GONE for the hold, '
  'VALIDATION with the field for the contact, also for a name with a link in it (link_in_text); when the time can no longer '
  'be booked, what holdSlot says of the rule; RATE_LIMITED when the caller has asked too often, whatever became of it.';
grant execute on function app_public.request_booking to app_anonymous, app_member;

reset role;
-- end of source: functions/appointments/request_booking.sql

-- source: functions/automation/act_message.sql
-- send_email, send_sms, send_whatsapp, show_notification, send_push: the clinic's own words over one channel. AUT-02, AUT-04.
-- Everything else is the pipeline's: who can be reached, consent, suppression, quiet hours, caps. What it says no to is the
-- outcome here; what it finds as a message leaves stands with the message, which the outcome names.

create or replace function app_private.act_message(step app_private.action_step, channel text) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_people app_private.message_recipient[] := app_private.readers_of_step(step);
  v_ids uuid[];
  v_reason text;
begin
  if app_private.is_suspended(step.organization_id) then
    return app_private.acted('skipped', 'clinic_suspended');
  elsif v_people is null then
    return app_private.acted('skipped', 'nobody_to_tell');
  end if;
  -- Two actions about one event are two messages: that each is done once is known by the execution.
  v_ids := app_private.notify_many(
    step.organization_id,
    case when (step.config -> 'isMarketing')::boolean then 'offer_' else 'automation_' end || act_message.channel,
    v_people, app_private.facts_of_step(step) || jsonb_build_object('words', step.config -> 'words'));
  select min(messages.reason) into v_reason
  from app_public.messages
  where messages.id = any (v_ids)
  having not bool_or(messages.status = 'queued');
  if v_reason is null and v_ids <> '{}' then
    return app_private.acted('done', null, jsonb_build_object('messageIds', v_ids));
  end if;
  return app_private.acted(
    'skipped',
    case
      when v_reason = 'consent_missing' then 'consent'
      when v_reason in ('bounce', 'complaint', 'request', 'opted_out') then 'suppression'
      when v_reason = 'expires_in_quiet_hours' then 'quiet_hours'
      else coalesce(v_reason, 'unreachable')
    end,
    jsonb_build_object('messageIds', v_ids));
end;
$$;

comment on function app_private.act_message is 'Queues the words of an action over one channel; skipped with what stands in the way.';
grant execute on function app_private.act_message to app_engine;

create or replace function app_private.staff_who_may(organization_id uuid, permission text) returns setof uuid
language sql stable
set search_path = ''
begin atomic
  select distinct memberships.human_id
  from app_public.memberships
  join app_public.membership_roles
    on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
  join app_public.role_permissions
    on role_permissions.organization_id = membership_roles.organization_id and role_permissions.role_id = membership_roles.role_id
  where memberships.organization_id = staff_who_may.organization_id
    and memberships.ended_at is null
    and role_permissions.permission = staff_who_may.permission;
end;

comment on function app_private.staff_who_may is 'The accounts of a clinic''s staff who have a permission.';
grant execute on function app_private.staff_who_may to app_engine;

-- The patient, with who cares for them as for every message; the specialist of the visit; or staff, by what they may do.
create or replace function app_private.readers_of_step(step app_private.action_step) returns app_private.message_recipient[]
language sql stable
set search_path = ''
begin atomic
  select array_agg(distinct row(reader.patient_profile_id, reader.human_id, null, null, null, null, null)::app_private.message_recipient)
  from (
    select patients.patient_profile_id, null::uuid as human_id
    from app_public.patients
    where coalesce((step).config ->> 'to', 'patient') = 'patient'
      and patients.organization_id = (step).organization_id and patients.id = (step).patient_id and patients.deleted_at is null
    union all
    select null, memberships.human_id
    from app_public.appointments
    join app_public.specialists
      on specialists.organization_id = appointments.organization_id and specialists.id = appointments.specialist_id
    join app_public.memberships
      on memberships.organization_id = specialists.organization_id and memberships.human_id = specialists.human_id
      and memberships.ended_at is null
    where (step).config ->> 'to' = 'specialist'
      and appointments.organization_id = (step).organization_id and appointments.id = (step).appointment_id
    union all
    select null, staff.human_id
    from app_private.staff_who_may((step).organization_id, (step).config ->> 'permission') as staff (human_id)
    where (step).config ->> 'to' = 'staff'
  ) as reader;
end;

comment on function app_private.readers_of_step is 'Whom an action tells; null where there is nobody.';
grant execute on function app_private.readers_of_step to app_engine;

-- Consents are answered in an account, so a message to who has none links to nothing.
create or replace function app_private.asked_as(step app_private.action_step, form_id uuid) returns text
language sql stable
set search_path = ''
begin atomic
  select coalesce('form:' || asked_as.form_id, (
    select 'consents' from app_public.patient_profiles
    where patient_profiles.id = (step).patient_profile_id and patient_profiles.human_id is not null));
end;

comment on function app_private.asked_as is
  'What a patient is asked for, as a message about it names it: form:<id>, or consents; null where there is nowhere to answer it.';
grant execute on function app_private.asked_as to app_engine;

-- What a mail links to: what the patient was asked for last by the actions before it, else the form that the event is about.
create or replace function app_private.asked_before(step app_private.action_step) returns text
language sql stable
set search_path = ''
begin atomic
  select coalesce((
      select app_private.asked_as(step, (executions.details ->> 'formId')::uuid)
      from app_public.automation_executions as executions
      where executions.organization_id = (step).organization_id and executions.automation_rule_version_id = (step).rule_version_id
        and executions.event_id = (step).event_id and executions.action_index < (step).action_index
        and executions.action in ('require_form', 'suggest_form', 'require_consent') and executions.outcome = 'done'
      order by executions.action_index desc
      limit 1),
    (
      select app_private.asked_as(step, forms.id)
      from app_private.events
      join app_public.forms on forms.organization_id = events.organization_id and forms.id = events.subject_id
      where events.id = (step).event_id and starts_with(events.name, 'form.')))
  where coalesce((step).config ->> 'to', 'patient') = 'patient';
end;

comment on function app_private.asked_before is
  'What the patient is asked for by what came before an action, as asked_as() names it; null where nothing is, and for other readers.';
grant execute on function app_private.asked_before to app_engine;

-- What the words of an action may name. Without a visit those about it stay empty.
create or replace function app_private.facts_of_step(step app_private.action_step) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select jsonb_build_object(
      'serviceName', null, 'specialistName', null, 'startsAt', null, 'endsAt', null, 'timezone', null, 'modality', null,
      'bookingRequestId', null,
      'asked', app_private.asked_before(step),
      'patientName', (
        select patient_profiles.given_name || ' ' || patient_profiles.family_name
        from app_public.patient_profiles where patient_profiles.id = (step).patient_profile_id))
    || coalesce((
      select app_private.appointment_facts(
          appointments.organization_id, appointments.calendar_id, appointments.service_id, appointments.specialist_id,
          appointments.starts_at, appointments.ends_at, appointments.modality, appointments.locale)
        || jsonb_build_object('bookingRequestId', appointments.booking_request_id)
      from app_public.appointments
      where appointments.organization_id = (step).organization_id and appointments.id = (step).appointment_id), '{}');
end;

comment on function app_private.facts_of_step is 'The variables of an action''s words: the patient, and the visit if it is about one.';
grant execute on function app_private.facts_of_step to app_engine;
-- end of source: functions/automation/act_message.sql

-- source: functions/automation/act_book_followup_appointment.sql
-- book_followup_appointment: books the patient's next visit at the first time that is free. AUT-02.
-- By the steps of every booking: the patient first, then calendar and time, the gate last. What cannot be booked leaves nothing
-- behind, and the front desk is told.

create or replace function app_private.act_book_followup_appointment(step app_private.action_step)
returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_specialist_id uuid;
  v_booked app_public.appointments;
  v_state text;
  v_reason text;
  v_detail text;
begin
  if app_private.is_suspended(step.organization_id) then
    return app_private.acted('skipped', 'clinic_suspended');
  end if;
  perform app_private.patient_of_step(step);
  select calendars.* into v_calendar
  from app_public.calendars
  where calendars.organization_id = step.organization_id and calendars.id = (step.config ->> 'calendarId')::uuid
    and calendars.is_active and calendars.deleted_at is null;
  if not found then
    return app_private.acted('failed', 'calendar_not_found');
  end if;
  select appointments.* into v_booked
  from app_public.appointments
  where appointments.organization_id = step.organization_id and appointments.calendar_id = v_calendar.id
    and appointments.patient_profile_id = step.patient_profile_id
    and appointments.status in ('booked', 'upcoming', 'confirmed')
    and appointments.starts_at > app_hidden.now() and appointments.id is distinct from step.appointment_id
    and appointments.deleted_at is null
  order by appointments.starts_at
  limit 1;
  if found then
    return app_private.acted('skipped', 'booked_already', jsonb_build_object('appointmentId', v_booked.id));
  end if;

  if (step.config -> 'sameSpecialist')::boolean then
    select appointments.specialist_id into v_specialist_id
    from app_public.appointments
    where appointments.organization_id = step.organization_id and appointments.id = step.appointment_id;
  end if;
  begin
    v_booked := app_private.book_first_free(step, v_calendar, v_specialist_id);
  exception
    when serialization_failure or deadlock_detected or lock_not_available then
      raise;
    when others then
      get stacked diagnostics v_state = returned_sqlstate, v_reason = message_text, v_detail = pg_exception_detail;
      if not exists (select from app_hidden.error_codes where error_codes.sqlstate = v_state) then
        raise;
      end if;
  end;
  if v_booked.id is not null then
    return app_private.acted('done', null, jsonb_build_object('appointmentId', v_booked.id));
  end if;
  perform app_private.tell_front_desk(step, v_calendar);
  return app_private.acted(
    'failed', coalesce(v_reason, 'no_free_time'), coalesce(nullif(v_detail, '')::jsonb, '{}'));
end;
$$;

comment on function app_private.act_book_followup_appointment is
  'Books the first free time of a calendar in a window after the event; failed, and the front desk told, where there is none or the gate refuses.';
grant execute on function app_private.act_book_followup_appointment to app_engine;

create or replace function app_private.check_book_followup_appointment(organization_id uuid, config jsonb)
returns table (path text, reason text, details jsonb)
language sql stable
set search_path = ''
begin atomic
  select '$.calendarId', 'calendar_not_found', '{}'::jsonb
  where not exists (
    select from app_public.calendars
    where calendars.organization_id = check_book_followup_appointment.organization_id
      and calendars.id = (check_book_followup_appointment.config ->> 'calendarId')::uuid
      and calendars.is_active and calendars.deleted_at is null)
  union all
  select '$.until', 'out_of_bounds', jsonb_build_object('least', check_book_followup_appointment.config -> 'from')
  where check_book_followup_appointment.config ->> 'until' <= check_book_followup_appointment.config ->> 'from';
end;

comment on function app_private.check_book_followup_appointment is 'A calendar of this clinic that is in use, and hours that have a length.';
grant execute on function app_private.check_book_followup_appointment to app_engine;
-- end of source: functions/automation/act_book_followup_appointment.sql

-- source: functions/automation/act_grant_access.sql
-- grant_access: opens the library or sessions from home for the patient. AUT-02, CAT-08.

create or replace function app_private.act_grant_access(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.patient_of_step(step);
  v_id uuid;
begin
  if app_private.is_suspended(step.organization_id) then
    return app_private.acted('skipped', 'clinic_suspended');
  elsif app_hidden.has_access(step.organization_id, v_patient.id, step.config ->> 'access') then
    return app_private.acted('skipped', 'access_stands');
  end if;
  insert into app_public.access_grants
    (organization_id, patient_profile_id, access, reason, expires_at, granted_by, automation_rule_version_id)
  values (step.organization_id, v_patient.patient_profile_id, step.config ->> 'access',
          app_private.require_reason(step.config ->> 'reason'),
          app_hidden.now() + make_interval(days => (step.config ->> 'days')::int),
          coalesce(app_private.author_of_step(step), app_private.current_actor_id()), step.rule_version_id)
  returning id into v_id;
  return app_private.acted('done', null, jsonb_build_object('accessGrantId', v_id));
end;
$$;

comment on function app_private.act_grant_access is 'Opens something for the patient, for so many days or until it is revoked.';
grant execute on function app_private.act_grant_access to app_engine;
-- end of source: functions/automation/act_grant_access.sql

-- source: functions/automation/act_suggest_form.sql
-- suggest_form: a form is there for the patient, who is told; nothing waits for it. AUT-02.

create or replace function app_private.act_suggest_form(step app_private.action_step) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients := app_private.patient_of_step(step);
  v_template_id uuid := (step.config ->> 'templateId')::uuid;
  v_form app_public.forms;
begin
  if app_private.is_suspended(step.organization_id) then
    return app_private.acted('skipped', 'clinic_suspended');
  elsif app_private.form_counts(v_patient, v_template_id) then
    return app_private.acted('skipped', 'form_stands');
  end if;
  v_form := app_private.form_ahead(v_patient, v_template_id);
  perform app_private.tell_what_is_asked(step, app_private.title_of_form(v_form), v_form.id);
  return app_private.acted('done', null, jsonb_build_object('formId', v_form.id));
end;
$$;

comment on function app_private.act_suggest_form is 'Makes a form for the patient and tells them of it.';
grant execute on function app_private.act_suggest_form to app_engine;
-- end of source: functions/automation/act_suggest_form.sql

-- source: functions/automation/automation_reasons.sql
-- Why an action was not done, waits or cannot be saved, in words, so that no page keeps words of its own for them. A reason without words
-- is shown as it is. AUT-01, AUT-03.

create or replace function app_private.automation_reasons() returns table (value text, label_ro text, label_en text)
language sql immutable
set search_path = ''
begin atomic
  values
    -- The engine's.
    ('cancelled', 'Ce s-a întâmplat a fost anulat', 'What happened was taken back'),
    ('cap', 'S-a făcut deja de câte ori este permis', 'It was done as often as it may'),
    ('clinic_suspended', 'Abonamentul clinicii este suspendat', 'The subscription of the clinic is suspended'),
    ('condition', 'Condițiile nu sunt îndeplinite', 'The conditions do not hold'),
    ('depth', 'Prea multe evenimente pornite unul de la altul', 'Too many events that led to each other'),
    ('disabled', 'Automatizarea a fost oprită', 'The automation was switched off'),
    ('error', 'Nu s-a putut face', 'It could not be done'),
    ('expired', 'A trecut timpul în care se mai putea face', 'The time in which it could be done has passed'),
    ('loop', 'A pornit deja în același șir de evenimente', 'It began already in this chain of events'),
    ('retry', 'Se încearcă din nou', 'It is tried again'),
    ('scheduled', 'Așteaptă timpul stabilit', 'It waits for its time'),
    -- Of messages.
    ('consent', 'Lipsește consimțământul', 'The consent is missing'),
    ('nobody_to_tell', 'Nu este nimeni căruia să i se scrie', 'There is nobody to write to'),
    ('quiet_hours', 'Sunt orele de liniște ale pacientului', 'It is within the quiet hours of the patient'),
    ('suppression', 'Pe această cale nu i se mai scrie', 'Nothing is sent to them on this way any more'),
    ('unreachable', 'Nu există o adresă la care să ajungă', 'There is no address to reach them at'),
    -- Of what is asked, opened, booked and listed.
    ('access_stands', 'Are deja acces', 'They have access already'),
    ('asked_already', 'Este deja cerut', 'It is asked already'),
    ('booked_already', 'Este deja programat', 'They are booked already'),
    ('booking_blocked_already', 'Este deja oprit de la programări', 'They are kept from booking already'),
    ('consent_stands', 'Consimțământul este deja acordat', 'The consent stands already'),
    ('decided_by_nobody', 'Nimeni nu a salvat această automatizare', 'Nobody saved this automation'),
    ('form_stands', 'Formularul este deja completat sau așteaptă', 'The form is completed or waits already'),
    ('in_segment_already', 'Este deja pe listă', 'They are in the list already'),
    ('no_free_time', 'Nu există nicio oră liberă', 'There is no free time'),
    ('not_in_segment', 'Nu este pe listă', 'They are not in the list'),
    ('nothing_to_come', 'Nu urmează nicio vizită', 'There is no visit to come'),
    ('reminded_already', 'I s-a amintit deja', 'They were reminded already'),
    -- Of what cannot be saved.
    ('action_unknown', 'Alegeți o acțiune', 'Choose an action'),
    ('calendar_not_found', 'Alegeți un calendar al clinicii', 'Choose a calendar of the clinic'),
    ('consent_purpose_not_found', 'Alegeți un consimțământ pentru care clinica are un text', 'Choose a consent that the clinic has a text for'),
    ('event_lacks', 'Această acțiune nu poate urma acestui eveniment', 'This action cannot follow this event'),
    ('event_not_offered', 'Alegeți un eveniment', 'Choose an event'),
    ('form_template_not_found', 'Alegeți un formular publicat', 'Choose a form that is published'),
    ('most_out_of_bounds', 'Este prea puțin sau prea mult', 'This is too little or too much'),
    ('patients_only', 'Publicitatea ajunge numai la pacienți', 'Only patients are advertised to'),
    ('permission_unknown', 'Alegeți o permisiune', 'Choose a permission'),
    ('section_not_closed', 'O parte care începe cu {{# nu se încheie', 'A part that begins with {{# does not end'),
    ('section_not_open', 'O parte se încheie fără să fi început', 'A part ends that did not begin'),
    ('segment_is_not_a_list', 'Acest segment se face singur, după o regulă', 'This segment is made by a rule'),
    ('segment_not_found', 'Alegeți o listă a clinicii', 'Choose a list of the clinic'),
    ('simulation_too_long', 'Între 1 și 90 de zile', 'Between 1 and 90 days'),
    ('tag_malformed', 'Între {{ și }} stă ceva ce nu este un nume', 'What stands between {{ and }} is no name'),
    ('variable_unknown', 'Numele dintre {{ și }} nu este cunoscut pe această cale', 'The name between {{ and }} is not known on this way'),
    ('whatsapp_template_missing', 'Clinica nu are încă un text aprobat pentru WhatsApp', 'The clinic has no approved text for WhatsApp yet');
end;

comment on function app_private.automation_reasons is 'The reasons of executions and of problems, in words.';
grant execute on function app_private.automation_reasons to app_engine;
-- end of source: functions/automation/automation_reasons.sql

-- source: functions/invoices/plan_price.sql
-- What a version of a tier costs a subscription for a month, or for a year. BIL-02.

create or replace function app_private.plan_price(
  subscription app_public.organization_subscriptions, tier_version_id uuid
) returns app_public.platform_tier_prices
language plpgsql stable
set search_path = ''
as $$
declare
  v_price app_public.platform_tier_prices;
begin
  select prices.* into v_price
  from app_public.platform_tier_prices as prices
  where prices.tier_version_id = plan_price.tier_version_id
    and prices.currency = subscription.currency
    and prices.tenancy_mode = subscription.tenancy_mode;
  if not found then
    perform app_hidden.refuse('STATE', 'tier_has_no_price', jsonb_build_object(
      'tierVersionId', plan_price.tier_version_id, 'currency', subscription.currency, 'tenancyMode', subscription.tenancy_mode));
  end if;
  return v_price;
end;
$$;

comment on function app_private.plan_price is
  'The prices of a version in the currency and the tenancy of a subscription; STATE tier_has_no_price.';
grant execute on function app_private.plan_price to app_engine;
-- end of source: functions/invoices/plan_price.sql

-- source: functions/invoices/term_of.sql
-- What the price of a plan is for: the month of a period, or the year that it is in. BIL-02.
-- Counted from the anchor day each time, so that 31 January, 28 February and 31 March follow each other.

create or replace function app_private.term_of(
  subscription app_public.organization_subscriptions,
  period app_public.billing_periods,
  out starts_on date,
  out ends_on date
)
language plpgsql stable
set search_path = ''
as $$
declare
  v_first app_public.billing_periods;
  v_before int;
  v_months int;
begin
  if subscription.cadence = 'monthly' then
    starts_on := period.starts_on;
    ends_on := period.ends_on;
    return;
  end if;
  select count(*) into v_before
  from app_public.billing_periods
  where billing_periods.organization_id = period.organization_id
    and billing_periods.subscription_id = period.subscription_id
    and not billing_periods.is_trial
    and billing_periods.position < period.position;
  select billing_periods.* into strict v_first
  from app_public.billing_periods
  where billing_periods.organization_id = period.organization_id
    and billing_periods.subscription_id = period.subscription_id
    and not billing_periods.is_trial
    and billing_periods.position <= period.position
  order by billing_periods.position
  offset v_before / 12 * 12
  limit 1;
  starts_on := v_first.starts_on;
  v_months := (extract(year from starts_on) - extract(year from subscription.anchor_on)) * 12
    + extract(month from starts_on) - extract(month from subscription.anchor_on);
  ends_on := case
    when (subscription.anchor_on + make_interval(months => v_months))::date = starts_on
      then subscription.anchor_on + make_interval(months => v_months + 12)
    else starts_on + interval '1 year'
  end;
end;
$$;

comment on function app_private.term_of is 'The first day that the price of the plan is for, and the first that it is not for.';
grant execute on function app_private.term_of to app_engine;
-- end of source: functions/invoices/term_of.sql

-- source: functions/invoices/tier_days.sql
-- Which version of a tier a subscription has on which days: the last change of a day is the one that holds on it. BIL-02.

create or replace function app_private.tier_days(
  subscription app_public.organization_subscriptions, from_day date, to_day date
) returns table (tier_version_id uuid, starts_on date, ends_on date)
language sql stable
set search_path = ''
as $$
  with changes as (
    select distinct on (tiers.starts_on) tiers.starts_on, tiers.tier_version_id
    from app_public.organization_subscription_tiers as tiers
    where tiers.organization_id = (subscription).organization_id
      and tiers.subscription_id = (subscription).id
      and tiers.starts_on < to_day
    order by tiers.starts_on, tiers.position desc
  ),
  spans as (
    select changes.tier_version_id,
      case when row_number() over days > 1 then greatest(changes.starts_on, from_day) else from_day end as starts_on,
      coalesce(lead(changes.starts_on) over days, to_day) as ends_on
    from changes
    window days as (order by changes.starts_on)
  ),
  marked as (
    select spans.*, spans.tier_version_id is distinct from lag(spans.tier_version_id) over (order by spans.starts_on) as is_other
    from spans
    where spans.ends_on > spans.starts_on
  ),
  counted as (
    select marked.*, count(*) filter (where marked.is_other) over (order by marked.starts_on) as span
    from marked
  )
  select counted.tier_version_id, min(counted.starts_on), max(counted.ends_on)
  from counted
  group by counted.span, counted.tier_version_id
  union all
  select (subscription).tier_version_id, from_day, to_day
  where not exists (select from changes)
  order by 2
$$;

comment on function app_private.tier_days is
  'The versions that hold from a day to before another, each with its first day and the first that is not its own.';
grant execute on function app_private.tier_days to app_engine;
-- end of source: functions/invoices/tier_days.sql

-- source: functions/invoices/advance_lines.sql
-- What is billed before a period: the price of the plan where a month or a year begins, and once what setting a dedicated server up
-- costs. BIL-02.

create or replace function app_private.advance_lines(organization_id uuid, period_id uuid, tier_version_id uuid default null)
returns setof app_private.bill_line
language plpgsql stable
set search_path = ''
as $$
declare
  v_period app_public.billing_periods;
  v_subscription app_public.organization_subscriptions;
  v_term record;
  v_version uuid := advance_lines.tier_version_id;
  v_price app_public.platform_tier_prices;
  v_amount bigint;
begin
  select billing_periods.* into strict v_period
  from app_public.billing_periods
  where billing_periods.organization_id = advance_lines.organization_id and billing_periods.id = advance_lines.period_id;
  select organization_subscriptions.* into strict v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = advance_lines.organization_id
    and organization_subscriptions.id = v_period.subscription_id;
  select term.* into v_term from app_private.term_of(v_subscription, v_period) as term where not v_period.is_trial;
  if v_term.starts_on is distinct from v_period.starts_on then
    return;
  end if;
  v_version := coalesce(v_version, app_private.version_on(v_subscription, v_period.starts_on));
  v_price := app_private.plan_price(v_subscription, v_version);

  v_amount := case v_subscription.cadence when 'annual' then v_price.annual_amount else v_price.monthly_amount end;
  if v_amount <> 0 then
    return next row('plan', null, v_version, v_term.starts_on, v_term.ends_on, 1, v_amount, v_amount, null, null)::app_private.bill_line;
  end if;
  if v_subscription.tenancy_mode = 'dedicated' and v_price.setup_amount <> 0 and not exists (
    select from app_public.billing_periods
    where billing_periods.organization_id = v_period.organization_id
      and billing_periods.subscription_id = v_period.subscription_id
      and not billing_periods.is_trial
      and billing_periods.position < v_period.position)
  then
    return next row('setup', null, v_version, v_term.starts_on, v_term.starts_on + 1, 1, v_price.setup_amount, v_price.setup_amount, null, null)::app_private.bill_line;
  end if;
end;
$$;

comment on function app_private.advance_lines is
  'The lines that are billed when a period begins, by the version that holds on its first day or by this one. None for a trial, or '
  'within a year that was billed.';
grant execute on function app_private.advance_lines to app_engine;

create or replace function app_private.version_on(subscription app_public.organization_subscriptions, day date) returns uuid
language sql stable
set search_path = ''
as $$
  select days.tier_version_id from app_private.tier_days(subscription, day, day + 1) as days
$$;

comment on function app_private.version_on is 'Which version of a tier a subscription has on a day.';
grant execute on function app_private.version_on to app_engine;
-- end of source: functions/invoices/advance_lines.sql

-- source: functions/metering/usage_between.sql
-- What a bill rests on: usage counted from the records themselves, by when it was used and by when it was told. FND-24, BIL-02.

create or replace function app_private.usage_between(
  organization_id uuid, meter text, during tstzrange, after_position bigint, to_position bigint
) returns numeric
language sql stable
set search_path = ''
begin atomic
  select coalesce(
    case (select meters.aggregation from app_public.meters where meters.key = usage_between.meter)
      when 'sum' then sum(records.quantity)
      when 'count' then count(*)
      when 'max' then max(records.quantity)
      when 'unique' then count(distinct records.subject_id)
      when 'latest' then (array_agg(records.quantity order by records.occurred_at desc, records.position desc))[1]
    end, 0)
  from app_public.usage_records as records
  where records.organization_id = usage_between.organization_id and records.meter = usage_between.meter
    and records.occurred_at >= lower(usage_between.during) and records.occurred_at < upper(usage_between.during)
    and records.position > usage_between.after_position and records.position <= usage_between.to_position;
end;

comment on function app_private.usage_between is
  'Usage of a meter within half-open borders that was recorded after one position and up to another, by the aggregation of the meter.';
grant execute on function app_private.usage_between to app_engine;

create or replace function app_private.ai_cost_between(
  organization_id uuid, currency text, during tstzrange, after_position bigint, to_position bigint
) returns numeric
language sql stable
set search_path = ''
begin atomic
  select coalesce(sum(calls.cost), 0)
  from app_public.ai_calls as calls
  where calls.organization_id = ai_cost_between.organization_id and calls.currency = ai_cost_between.currency
    and calls.occurred_at >= lower(ai_cost_between.during) and calls.occurred_at < upper(ai_cost_between.during)
    and calls.priced_position > ai_cost_between.after_position and calls.priced_position <= ai_cost_between.to_position;
end;

comment on function app_private.ai_cost_between is
  'What AI calls within half-open borders cost, exact and without markup, as far as it was known after one position and up to another.';
grant execute on function app_private.ai_cost_between to app_engine;
-- end of source: functions/metering/usage_between.sql

-- source: functions/invoices/usage_spans.sql
-- The days of a period by version of the tier, each with the time whose usage counts: none after the subscription ended. BIL-02.

create or replace function app_private.usage_spans(
  subscription app_public.organization_subscriptions, period app_public.billing_periods
) returns table (tier_version_id uuid, starts_on date, ends_on date, is_last boolean, during tstzrange)
language sql stable
set search_path = ''
as $$
  select days.tier_version_id, days.starts_on, days.ends_on, days.ends_on = (period).ends_on,
    case when times.starts_at < times.ends_at then tstzrange(times.starts_at, times.ends_at) end
  from app_private.tier_days(subscription, (period).starts_on, (period).ends_on) as days
  cross join (select (period).during) as whole
  cross join lateral (
    select
      case when days.starts_on = (period).starts_on then lower(whole.during)
        else days.starts_on::timestamp at time zone (subscription).timezone end as starts_at,
      least(
        case when days.ends_on = (period).ends_on then upper(whole.during)
          else days.ends_on::timestamp at time zone (subscription).timezone end,
        (subscription).ended_at) as ends_at
  ) as times
  order by days.starts_on
$$;

comment on function app_private.usage_spans is 'The spans of a period; during is null where the subscription had ended.';
grant execute on function app_private.usage_spans to app_engine;
-- end of source: functions/invoices/usage_spans.sql

-- source: functions/invoices/ai_amount.sql
-- What AI calls of a period cost the clinic: the exact costs, each with the markup of the version that held on its day. Not rounded:
-- that happens once, where a line is made of it. BIL-02.

create or replace function app_private.ai_amount(
  subscription app_public.organization_subscriptions, period app_public.billing_periods, to_position bigint
) returns numeric
language sql stable
set search_path = ''
as $$
  select coalesce(sum(
    app_private.ai_cost_between((subscription).organization_id, (subscription).currency, spans.during, 0, to_position)
      * (10000 + versions.ai_markup_basis_points) * 0.0001), 0)
  from app_private.usage_spans(subscription, period) as spans
  join app_public.platform_tier_versions as versions on versions.id = spans.tier_version_id
  where spans.during is not null
$$;

comment on function app_private.ai_amount is
  'The costs of AI calls that were known at a position with the markup, exact, in minor units.';
grant execute on function app_private.ai_amount to app_engine;
-- end of source: functions/invoices/ai_amount.sql

-- source: functions/invoices/overage.sql
-- What is used beyond the allowance costs. BIL-02.

create or replace function app_private.overage(used numeric, included numeric, unit_price numeric) returns bigint
language sql immutable parallel safe
set search_path = ''
return coalesce(round(greatest(used - included, 0) * unit_price), 0)::bigint;

comment on function app_private.overage is
  'What usage beyond the included costs, in minor units, rounded half away from zero; nothing without a limit or a price.';
grant execute on function app_private.overage to app_engine;
-- end of source: functions/invoices/overage.sql

-- source: functions/invoices/prorated.sql
-- What of an amount falls to the first days of a period. Shares of two days subtract: any cut of a period adds up to the whole. BIL-02.

create or replace function app_private.prorated(amount numeric, period_days int, day int) returns bigint
language sql immutable parallel safe
set search_path = ''
return round(amount * day / period_days)::bigint;

comment on function app_private.prorated is
  'The share of an amount in minor units for so many of the days of a period, rounded half away from zero.';
grant execute on function app_private.prorated to app_engine;
-- end of source: functions/invoices/prorated.sql

-- source: functions/invoices/rate_usage.sql
-- What was used of each meter that is billed, and what it costs, by the usage up to a position. BIL-02.
-- Only soft limits with a price in the currency are billed, and nothing that stands: of that there are no records (FND-20). A meter that adds up (sum, count) is rated once for the period: its
-- allowance is that of each version for the version's days, and what was used on days without such a limit is allowed; the version of
-- the last day says the price. A meter that does not add up is a level: each version rates the level of its days, for its days.

create or replace function app_private.rate_usage(
  subscription app_public.organization_subscriptions, period app_public.billing_periods, to_position bigint
) returns setof app_private.rated_usage
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_days constant int := period.ends_on - period.starts_on;
begin
  return query
  with spans as materialized (
    select spans.*, spans.starts_on - period.starts_on as from_day, spans.ends_on - period.starts_on as to_day
    from app_private.usage_spans(subscription, period) as spans
  ),
  whole as (
    select tstzrange(min(lower(spans.during)), max(upper(spans.during))) as during from spans
  ),
  billed as materialized (
    select meters.key as meter, meters.aggregation in ('sum', 'count') as adds_up, spans.*, limits.included, prices.unit_price
    from spans
    join app_public.platform_tier_limits as limits
      on limits.tier_version_id = spans.tier_version_id and limits.enforcement = 'soft' and limits.included is not null
    join app_public.platform_overage_prices as prices
      on prices.tier_version_id = limits.tier_version_id and prices.meter = limits.meter and prices.currency = subscription.currency
    join app_public.meters on meters.key = limits.meter and not meters.is_standing
  ),
  added as (
    select last.meter, last.tier_version_id, last.unit_price,
      case when whole.during is null then 0
        else app_private.usage_between(subscription.organization_id, last.meter, whole.during, 0, to_position) end as used,
      (
        select sum(case
          when billed.meter is not null
            then app_private.prorated(billed.included, v_days, billed.to_day) - app_private.prorated(billed.included, v_days, billed.from_day)
          when spans.during is null then 0
          else app_private.usage_between(subscription.organization_id, last.meter, spans.during, 0, to_position)
        end)
        from spans
        left join billed on billed.meter = last.meter and billed.starts_on = spans.starts_on
      ) as included
    from billed as last
    cross join whole
    where last.is_last and last.adds_up
  ),
  levels as (
    select billed.*,
      app_private.usage_between(subscription.organization_id, billed.meter, billed.during, 0, to_position) as used
    from billed
    where not billed.adds_up and billed.during is not null
  )
  select added.meter, added.tier_version_id, period.starts_on, period.ends_on, added.used, added.included,
    greatest(added.used - added.included, 0), added.unit_price,
    app_private.overage(added.used, added.included, added.unit_price)
  from added
  union all
  select levels.meter, levels.tier_version_id, levels.starts_on, levels.ends_on, levels.used, levels.included,
    greatest(levels.used - levels.included, 0), levels.unit_price,
    app_private.prorated(greatest(levels.used - levels.included, 0) * levels.unit_price, v_days, levels.to_day)
      - app_private.prorated(greatest(levels.used - levels.included, 0) * levels.unit_price, v_days, levels.from_day)
  from levels;
end;
$$;

comment on function app_private.rate_usage is
  'Each meter that is billed in a period, or each span of it, with what was used, what is included, and what the rest costs.';
grant execute on function app_private.rate_usage to app_engine;
-- end of source: functions/invoices/rate_usage.sql

-- source: functions/invoices/late_lines.sql
-- What became known of earlier periods after their bills: usage that was told late, and AI calls whose price was entered late. Each
-- period comes to what it would have come to had all been known, less what was billed; so only what crosses the allowance is billed,
-- and an amount is rounded once however often something comes. BIL-02.

create or replace function app_private.late_lines(
  subscription app_public.organization_subscriptions,
  period app_public.billing_periods,
  after_position bigint,
  to_position bigint
) returns setof app_private.bill_line
language plpgsql stable
set search_path = ''
as $$
declare
  v_earlier app_public.billing_periods;
  v_before numeric;
  v_now numeric;
  v_amount bigint;
begin
  for v_earlier in
    select billing_periods.*
    from (
      select usage_records.occurred_at
      from app_public.usage_records
      where usage_records.organization_id = period.organization_id
        and usage_records.position > late_lines.after_position and usage_records.position <= late_lines.to_position
        and usage_records.occurred_at < lower(period.during)
      union
      select usage_records.occurred_at
      from app_public.ai_calls
      join app_public.usage_records
        on usage_records.organization_id = ai_calls.organization_id and usage_records.id = ai_calls.usage_record_id
      where ai_calls.organization_id = period.organization_id
        and ai_calls.priced_position > late_lines.after_position and ai_calls.priced_position <= late_lines.to_position
        and usage_records.occurred_at < lower(period.during)
    ) as late
    join app_public.billing_periods
      on billing_periods.organization_id = period.organization_id
      and billing_periods.subscription_id = period.subscription_id
      and billing_periods.during @> late.occurred_at
      and billing_periods.position < period.position
      and not billing_periods.is_trial
    group by billing_periods.id
    order by billing_periods.position
  loop
    return query
    with rated as (
      select coalesce(now.meter, before.meter) as meter, coalesce(now.tier_version_id, before.tier_version_id) as tier_version_id,
        coalesce(now.starts_on, before.starts_on) as starts_on, coalesce(now.unit_price, before.unit_price) as unit_price,
        coalesce(now.over, 0) - coalesce(before.over, 0) as over, coalesce(now.amount, 0) - coalesce(before.amount, 0) as amount
      from app_private.rate_usage(subscription, v_earlier, late_lines.to_position) as now
      full join app_private.rate_usage(subscription, v_earlier, late_lines.after_position) as before
        on before.meter = now.meter and before.starts_on = now.starts_on
    )
    select 'late_overage', rated.meter, (array_agg(rated.tier_version_id order by rated.starts_on desc))[1],
      v_earlier.starts_on, v_earlier.ends_on, sum(rated.over), (array_agg(rated.unit_price order by rated.starts_on desc))[1],
      sum(rated.amount)::bigint, late_lines.after_position, late_lines.to_position
    from rated
    group by rated.meter
    having sum(rated.amount) <> 0
    order by rated.meter;

    v_before := app_private.ai_amount(subscription, v_earlier, late_lines.after_position);
    v_now := app_private.ai_amount(subscription, v_earlier, late_lines.to_position);
    v_amount := round(v_now)::bigint - round(v_before)::bigint;
    if v_amount <> 0 then
      return next row('late_ai', 'ai_calls', null, v_earlier.starts_on, v_earlier.ends_on, 1, trim_scale(v_now - v_before), v_amount,
                      late_lines.after_position, late_lines.to_position)::app_private.bill_line;
    end if;
  end loop;
end;
$$;

comment on function app_private.late_lines is
  'The lines of what was told of earlier periods between two positions of the clinic''s usage.';
grant execute on function app_private.late_lines to app_engine;
-- end of source: functions/invoices/late_lines.sql

-- source: functions/invoices/plan_change_lines.sql
-- Changes of the plan within a period: the rest of the old price is taken off, and that of the new one added, by days of the term that
-- the price is for. However often a plan changes, the shares add up. BIL-02.

create or replace function app_private.plan_change_lines(
  subscription app_public.organization_subscriptions, period app_public.billing_periods
) returns setof app_private.bill_line
language plpgsql stable
set search_path = ''
as $$
declare
  v_term record;
  v_billed uuid;
  v_span record;
begin
  select term.* into v_term from app_private.term_of(subscription, period) as term;
  -- What the term was billed by in advance, or what held when the period began.
  if v_term.starts_on = period.starts_on then
    select period_bills.tier_version_id into v_billed
    from app_public.period_bills
    where period_bills.organization_id = period.organization_id
      and period_bills.period_id = period.id and period_bills.kind = 'advance';
  else
    select days.tier_version_id into v_billed
    from app_private.tier_days(subscription, period.starts_on - 1, period.starts_on) as days;
  end if;

  for v_span in
    select days.* from app_private.tier_days(subscription, period.starts_on, period.ends_on) as days order by days.starts_on
  loop
    if v_billed <> v_span.tier_version_id then
      return query select * from app_private.tier_change_lines(
        subscription, v_term.starts_on, v_term.ends_on, v_span.starts_on, v_billed, v_span.tier_version_id);
    end if;
    v_billed := v_span.tier_version_id;
  end loop;
end;
$$;

comment on function app_private.plan_change_lines is
  'For each change of the plan in a period what is taken off for the old one and added for the new one.';
grant execute on function app_private.plan_change_lines to app_engine;

create or replace function app_private.tier_change_lines(
  subscription app_public.organization_subscriptions, term_starts_on date, term_ends_on date, day date, from_version_id uuid, to_version_id uuid
) returns setof app_private.bill_line
language plpgsql stable
set search_path = ''
as $$
declare
  v_days constant int := term_ends_on - term_starts_on;
  v_amount bigint;
begin
  v_amount := app_private.rest_of_term(subscription, from_version_id, v_days, day - term_starts_on);
  if v_amount <> 0 then
    return next row('plan_change', null, from_version_id, day, term_ends_on, -1, v_amount, -v_amount, null, null)::app_private.bill_line;
  end if;
  v_amount := app_private.rest_of_term(subscription, to_version_id, v_days, day - term_starts_on);
  if v_amount <> 0 then
    return next row('plan_change', null, to_version_id, day, term_ends_on, 1, v_amount, v_amount, null, null)::app_private.bill_line;
  end if;
end;
$$;

comment on function app_private.tier_change_lines is
  'What is taken off for the version that held until a day of a term, and added for the one that holds from it on.';
grant execute on function app_private.tier_change_lines to app_engine;

create or replace function app_private.rest_of_term(
  subscription app_public.organization_subscriptions, tier_version_id uuid, term_days int, day int
) returns bigint
language plpgsql stable
set search_path = ''
as $$
declare
  v_price constant app_public.platform_tier_prices := app_private.plan_price(subscription, rest_of_term.tier_version_id);
  v_amount constant bigint := case subscription.cadence when 'annual' then v_price.annual_amount else v_price.monthly_amount end;
begin
  return v_amount - app_private.prorated(v_amount, term_days, day);
end;
$$;

comment on function app_private.rest_of_term is 'What of the price of a term is for the days from this one on, in minor units.';
grant execute on function app_private.rest_of_term to app_engine;
-- end of source: functions/invoices/plan_change_lines.sql

-- source: functions/invoices/bill_lines.sql
-- What a period comes to by the usage up to a position: the very function that bills, and that projects what will be billed. BIL-02.

create or replace function app_private.bill_lines(organization_id uuid, period_id uuid, to_position bigint)
returns setof app_private.bill_line
language plpgsql stable
set search_path = ''
as $$
declare
  v_period app_public.billing_periods;
  v_subscription app_public.organization_subscriptions;
  v_after bigint;
  v_cost numeric;
begin
  select billing_periods.* into strict v_period
  from app_public.billing_periods
  where billing_periods.organization_id = bill_lines.organization_id and billing_periods.id = bill_lines.period_id;
  if v_period.is_trial then
    return;
  end if;
  select organization_subscriptions.* into strict v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = bill_lines.organization_id
    and organization_subscriptions.id = v_period.subscription_id;
  v_after := app_private.billed_position(v_period);

  return query select * from app_private.plan_change_lines(v_subscription, v_period);

  return query
  select 'overage', rated.meter, rated.tier_version_id, rated.starts_on, rated.ends_on, rated.over, rated.unit_price, rated.amount,
    0::bigint, bill_lines.to_position
  from app_private.rate_usage(v_subscription, v_period, bill_lines.to_position) as rated
  where rated.amount <> 0
  order by rated.meter, rated.starts_on;

  v_cost := app_private.ai_amount(v_subscription, v_period, bill_lines.to_position);
  if round(v_cost) <> 0 then
    return next row('ai', 'ai_calls', null, v_period.starts_on, v_period.ends_on, 1, trim_scale(v_cost), round(v_cost)::bigint,
                    0, bill_lines.to_position)::app_private.bill_line;
  end if;

  return query select * from app_private.late_lines(v_subscription, v_period, v_after, bill_lines.to_position);
end;
$$;

comment on function app_private.bill_lines is
  'The lines of a period but for the price of the plan, which is billed in advance: changes of the plan, overage, AI calls, and what '
  'became known of earlier periods. None for a trial.';
grant execute on function app_private.bill_lines to app_engine;

create or replace function app_private.billed_position(period app_public.billing_periods) returns bigint
language sql stable
set search_path = ''
as $$
  select coalesce((
    select period_bills.usage_position
    from app_public.billing_periods
    join app_public.period_bills
      on period_bills.organization_id = billing_periods.organization_id
      and period_bills.period_id = billing_periods.id and period_bills.kind = 'period'
    where billing_periods.organization_id = (period).organization_id
      and billing_periods.subscription_id = (period).subscription_id
      and billing_periods.position < (period).position
    order by billing_periods.position desc
    limit 1), 0)
$$;

comment on function app_private.billed_position is 'Up to which position of the usage the periods before this one were billed.';
grant execute on function app_private.billed_position to app_engine;
-- end of source: functions/invoices/bill_lines.sql

-- source: functions/invoices/billing_policy.sql
-- Which rules bills are computed by: kept with each bill. Whoever changes what bill_lines or advance_lines answer counts it on. BIL-02.

create or replace function app_private.billing_policy() returns int
language sql immutable parallel safe
set search_path = ''
return 1;

comment on function app_private.billing_policy is 'The version of the rules that bills are computed by.';
grant execute on function app_private.billing_policy to app_engine;
-- end of source: functions/invoices/billing_policy.sql

-- source: functions/invoices/bill_inputs.sql
-- Everything that a bill was computed from, to be kept beside it. BIL-02.

create or replace function app_private.bill_inputs(
  subscription app_public.organization_subscriptions,
  period app_public.billing_periods,
  kind text,
  tier_version_id uuid,
  to_position bigint,
  carried_before bigint
) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'policy', app_private.billing_policy(),
    'subscription', jsonb_build_object(
      'id', (subscription).id, 'cadence', (subscription).cadence, 'currency', (subscription).currency,
      'tenancyMode', (subscription).tenancy_mode, 'timezone', (subscription).timezone),
    'period', jsonb_build_object(
      'id', (period).id, 'startsOn', (period).starts_on, 'endsOn', (period).ends_on,
      'startsAt', extract(epoch from lower(whole.during)),
      'endsAt', extract(epoch from case kind when 'period' then least(upper(whole.during), (subscription).ended_at) else upper(whole.during) end)),
    'usage', jsonb_build_object(
      'afterPosition', case kind when 'period' then app_private.billed_position(period) else 0 end,
      'toPosition', to_position,
      'meters', coalesce((
        select jsonb_agg(jsonb_build_object(
          'meter', rated.meter, 'startsOn', rated.starts_on, 'used', rated.used, 'included', rated.included)
          order by rated.meter, rated.starts_on)
        from app_private.rate_usage(subscription, period, to_position) as rated
        where kind = 'period'), '[]'),
      'aiAmount', case kind when 'period' then app_private.ai_amount(subscription, period, to_position) else 0 end),
    'versions', (
      select jsonb_agg(jsonb_build_object(
        'startsOn', days.starts_on, 'endsOn', days.ends_on, 'tierVersionId', versions.id,
        'aiMarkupBasisPoints', versions.ai_markup_basis_points,
        'monthlyAmount', prices.monthly_amount, 'annualAmount', prices.annual_amount, 'setupAmount', prices.setup_amount,
        'limits', (
          select coalesce(jsonb_object_agg(limits.meter, jsonb_build_object(
            'enforcement', limits.enforcement, 'included', limits.included, 'unitPrice', overage.unit_price)), '{}')
          from app_public.platform_tier_limits as limits
          left join app_public.platform_overage_prices as overage
            on overage.tier_version_id = limits.tier_version_id and overage.meter = limits.meter
            and overage.currency = (subscription).currency
          where limits.tier_version_id = versions.id)) order by days.starts_on)
      from (
        select tier_days.* from app_private.tier_days(subscription, (period).starts_on, (period).ends_on) as tier_days
        where kind = 'period'
        union all
        select bill_inputs.tier_version_id, (period).starts_on, (period).ends_on where kind = 'advance'
      ) as days
      join app_public.platform_tier_versions as versions on versions.id = days.tier_version_id
      left join app_public.platform_tier_prices as prices
        on prices.tier_version_id = versions.id and prices.currency = (subscription).currency
        and prices.tenancy_mode = (subscription).tenancy_mode),
    'carriedBefore', carried_before)
  from (select (period).during) as whole
$$;

comment on function app_private.bill_inputs is
  'The versions of the tier with their prices and limits, the period, positions and quantities of usage, and the version of the rules.';
grant execute on function app_private.bill_inputs to app_engine;

create or replace function app_private.inputs_digest(inputs jsonb, billed_to jsonb) returns bytea
language sql immutable parallel safe
set search_path = ''
return sha256(convert_to(jsonb_build_array(inputs, billed_to)::text, 'UTF8'));

comment on function app_private.inputs_digest is 'SHA-256 of what an invoice was computed from and of whom it is for.';
grant execute on function app_private.inputs_digest to app_engine;
-- end of source: functions/invoices/bill_inputs.sql

-- source: functions/invoices/compare_usage.sql
-- The counters that are kept as usage is recorded say what its records say. Bills are computed from the records; where a counter
-- differs, somebody is told. BIL-02, FND-24.

create or replace function app_private.compare_usage(period app_public.billing_periods, to_position bigint) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.publish('billing_period.usage_differs', period.organization_id, period.id, jsonb_build_object(
    'periodId', period.id, 'meter', summed.meter, 'counted', summed.quantity, 'recorded', summed.recorded))
  from (
    select usage_summaries.meter, usage_summaries.quantity,
      app_private.usage_between(period.organization_id, usage_summaries.meter, period.during, 0, to_position) as recorded
    from app_public.usage_summaries
    where usage_summaries.organization_id = period.organization_id
      and usage_summaries.period_starts_at = lower(period.during)
      and usage_summaries.period_ends_at = upper(period.during)
  ) as summed
  where summed.quantity <> summed.recorded;
end;
$$;

comment on function app_private.compare_usage is
  'Publishes billing_period.usage_differs for each meter whose counter is not what its records come to.';
grant execute on function app_private.compare_usage to app_engine;
-- end of source: functions/invoices/compare_usage.sql

-- source: functions/metering/usage_watermark.sql
-- The lock of a clinic's usage and limits: whoever records usage, asks a hard limit or closes a period comes one after the other.
-- FND-20, FND-24.

create or replace function app_private.usage_watermark(organization_id uuid) returns bigint
language plpgsql volatile
set search_path = ''
as $$
declare
  v_position bigint;
begin
  -- Of a clinic that has used nothing yet the row is made first, by whoever comes first.
  loop
    select usage_positions.last_position into v_position
    from app_private.usage_positions
    where usage_positions.organization_id = usage_watermark.organization_id
    for update;
    exit when found;
    insert into app_private.usage_positions (organization_id) values (usage_watermark.organization_id) on conflict do nothing;
  end loop;
  return v_position;
end;
$$;

comment on function app_private.usage_watermark is
  'Locks the clinic''s usage until the transaction ends, and answers the last position: no record up to it comes later.';
grant execute on function app_private.usage_watermark to app_engine;
-- end of source: functions/metering/usage_watermark.sql

-- source: functions/invoices/draft_invoice.sql
-- The row of an invoice, with what it was computed from and whom it is for as they are now. BIL-02, BIL-10.
-- The tax id is copied as it is sealed: its envelope stays bound to the row that it was sealed for.

create or replace function app_private.draft_invoice(
  subscription app_public.organization_subscriptions,
  period app_public.billing_periods,
  kind text,
  net_amount bigint,
  usage_position bigint,
  inputs jsonb
) returns app_public.invoices
language plpgsql volatile
set search_path = ''
as $$
declare
  v_billing app_public.organization_billing;
  v_billed_to jsonb;
  v_invoice app_public.invoices;
begin
  select organization_billing.* into v_billing
  from app_public.organization_billing
  where organization_billing.organization_id = subscription.organization_id;
  if not found then
    perform app_hidden.refuse('STATE', 'billing_details_missing');
  end if;
  v_billed_to := jsonb_build_object(
    'legalName', v_billing.legal_name, 'street', v_billing.street, 'city', v_billing.city, 'county', v_billing.county,
    'postalCode', v_billing.postal_code, 'country', v_billing.country, 'registrationNumber', v_billing.registration_number,
    'taxIdLastFour', v_billing.tax_id_last_four, 'billingEmail', v_billing.billing_email);

  insert into app_public.invoices
    (organization_id, subscription_id, period_id, kind, status, currency, net_amount, provider, inputs, inputs_hash, usage_position,
     billed_to, tax_id, tax_id_sealed_for)
  values
    (subscription.organization_id, subscription.id, period.id, draft_invoice.kind, 'draft', subscription.currency,
     draft_invoice.net_amount, app_private.invoicing_provider(subscription.organization_id), draft_invoice.inputs,
     app_private.inputs_digest(draft_invoice.inputs, v_billed_to), draft_invoice.usage_position, v_billed_to, v_billing.tax_id,
     case when v_billing.tax_id is not null then 'app_public.organization_billing ' || v_billing.organization_id end)
  returning * into v_invoice;
  return v_invoice;
end;
$$;

comment on function app_private.draft_invoice is 'Writes an invoice as a draft; STATE billing_details_missing.';
grant execute on function app_private.draft_invoice to app_engine;

create or replace function app_private.invoicing_provider(organization_id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
declare
  v_provider text;
begin
  select coalesce(
    (select choice.provider from app_public.organization_service_providers as choice
     where choice.organization_id = invoicing_provider.organization_id and choice.capability = 'invoicing'),
    (select offer.provider from app_public.platform_service_providers as offer
     where offer.capability = 'invoicing' and offer.is_default))
  into v_provider;
  if v_provider is null then
    perform app_hidden.refuse('STATE', 'provider_missing', '{"capability": "invoicing"}');
  end if;
  return v_provider;
end;
$$;

comment on function app_private.invoicing_provider is 'Which provider issues the invoices to a clinic.';
grant execute on function app_private.invoicing_provider to app_engine;
-- end of source: functions/invoices/draft_invoice.sql

-- source: functions/subscriptions/day_starts.sql
-- When a civil day begins in a zone: its first instant. Where the clocks go forward at midnight it is what they show next; where they
-- go back to midnight it is the first of the two. One expression, so that PostgreSQL inlines it. BIL-02.

create or replace function app_private.day_starts(day date, timezone text) returns timestamptz
language sql stable
set search_path = ''
return (
  select case when earlier.at at time zone day_starts.timezone >= day_starts.day then least(earlier.at, read.at) else read.at end
  from (select day_starts.day::timestamp at time zone day_starts.timezone) as read (at)
  -- The same midnight by the offset of three hours before.
  cross join lateral (
    select (day_starts.day::timestamp - (
      (read.at - interval '3 hours') at time zone day_starts.timezone - (read.at - interval '3 hours') at time zone 'UTC'))
      at time zone 'UTC'
  ) as earlier (at)
);

comment on function app_private.day_starts is 'The first instant of a day on the clocks of a zone.';
grant execute on function app_private.day_starts to app_engine;
-- end of source: functions/subscriptions/day_starts.sql

-- source: functions/subscriptions/lock_organization_subscription.sql
-- A clinic's live subscription, locked: the first lock of everything that bills. BIL-01, docs/decisions/0176.

create or replace function app_private.lock_organization_subscription(organization_id uuid, subscription_id uuid default null)
returns app_public.organization_subscriptions
language sql volatile
set search_path = ''
begin atomic
  select subscriptions.*
  from app_public.organization_subscriptions as subscriptions
  where subscriptions.organization_id = lock_organization_subscription.organization_id
    and subscriptions.status <> 'canceled'
    and coalesce(subscriptions.id = lock_organization_subscription.subscription_id, true)
  for no key update;
end;

comment on function app_private.lock_organization_subscription is
  'The live subscription of a clinic as it is now, locked; null where it has none, or another one than is named.';
grant execute on function app_private.lock_organization_subscription to app_engine;
-- end of source: functions/subscriptions/lock_organization_subscription.sql

-- source: functions/subscriptions/month_day.sql
-- On which day a month of a subscription begins: on the day it is anchored to, or the last of a month that is too short for it: 31 January,
-- 28 February, 31 March. Counted from the anchor each time, so nothing creeps. BIL-02.

create or replace function app_private.month_day(anchor_on date, month int) returns date
language sql immutable
set search_path = ''
return (month_day.anchor_on + make_interval(months => month_day.month))::date;

comment on function app_private.month_day is 'The first day of the month of this number, counted from 0 at the anchor.';
grant execute on function app_private.month_day to app_engine;

create or replace function app_private.month_number(anchor_on date, starts_on date) returns int
language sql immutable
set search_path = ''
return (extract(year from month_number.starts_on)::int - extract(year from month_number.anchor_on)::int) * 12
  + extract(month from month_number.starts_on)::int - extract(month from month_number.anchor_on)::int;

comment on function app_private.month_number is
  'Which month begins on this day, counted from 0 at the anchor. Of an annual subscription, those that 12 divides begin a year.';
grant execute on function app_private.month_number to app_engine;
-- end of source: functions/subscriptions/month_day.sql

-- source: functions/subscriptions/billing_period_at.sql
-- In which billing period of a clinic an instant lies. One that has begun and that the clock has not opened yet is answered as it will be,
-- without an id, so that nothing is counted elsewhere in between. BIL-02, FND-24.

create or replace function app_private.billing_period_at(organization_id uuid, at timestamptz) returns app_public.billing_periods
language plpgsql stable
set search_path = ''
as $$
declare
  v_period app_public.billing_periods;
  v_subscription app_public.organization_subscriptions;
begin
  select billing_periods.* into v_period
  from app_public.billing_periods
  where billing_periods.organization_id = billing_period_at.organization_id
    and billing_periods.during @> billing_period_at.at
  order by billing_periods.subscription_id desc
  limit 1;
  if found then
    return v_period;
  end if;

  select subscriptions.* into v_subscription
  from app_public.organization_subscriptions as subscriptions
  where subscriptions.organization_id = billing_period_at.organization_id
    and subscriptions.status in ('trialing', 'active', 'past_due', 'suspended');
  if not found then
    return null;
  end if;
  v_period := app_private.last_period(v_subscription);
  while upper(v_period.during) <= billing_period_at.at
    and (v_subscription.cancels_on is null or v_period.ends_on < v_subscription.cancels_on) loop
    v_period := app_private.period_after(v_subscription, v_period);
    if v_period.during @> billing_period_at.at then
      return v_period;
    end if;
  end loop;
  return null;
end;
$$;

comment on function app_private.billing_period_at is
  'The billing period of a clinic at an instant; null where it had none. Without an id, and closed at no time, where it is not opened yet.';
grant execute on function app_private.billing_period_at to app_engine;

create or replace function app_private.last_period(subscription app_public.organization_subscriptions) returns app_public.billing_periods
language sql stable
set search_path = ''
begin atomic
  select billing_periods.*
  from app_public.billing_periods
  where billing_periods.organization_id = (subscription).organization_id
    and billing_periods.subscription_id = (subscription).id
  order by billing_periods.position desc
  limit 1;
end;

comment on function app_private.last_period is 'The period of a subscription that was opened last.';
grant execute on function app_private.last_period to app_engine;

create or replace function app_private.period_after(
  subscription app_public.organization_subscriptions, period app_public.billing_periods
) returns app_public.billing_periods
language plpgsql stable
set search_path = ''
as $$
declare
  v_next app_public.billing_periods;
begin
  v_next.organization_id := subscription.organization_id;
  v_next.subscription_id := subscription.id;
  v_next.position := period.position + 1;
  v_next.starts_on := period.ends_on;
  v_next.ends_on := app_private.month_day(
    subscription.anchor_on, app_private.month_number(subscription.anchor_on, period.ends_on) + 1);
  v_next.during := tstzrange(
    app_private.day_starts(v_next.starts_on, subscription.timezone), app_private.day_starts(v_next.ends_on, subscription.timezone));
  v_next.is_trial := false;
  return v_next;
end;
$$;

comment on function app_private.period_after is 'The period that follows, as a draft without an id: a month from where this one ends.';
grant execute on function app_private.period_after to app_engine;
-- end of source: functions/subscriptions/billing_period_at.sql

-- source: functions/payments/charges_by_itself.sql
-- Which payment providers take money by themselves, and who is asked for the money of an invoice. BIL-04, BIL-07.

create or replace function app_private.charges_by_itself(provider text) returns boolean
language sql immutable
set search_path = ''
return charges_by_itself.provider <> 'manual';

comment on function app_private.charges_by_itself is 'Whether a payment provider is asked for money; clinics at "manual" send it.';
grant execute on function app_private.charges_by_itself to app_engine;
-- end of source: functions/payments/charges_by_itself.sql

-- source: functions/payments/invoice_due.sql
-- What is still to be paid of an invoice. Until the invoicing provider has returned the total, the net is what is known. BIL-03, BIL-05.

create or replace function app_private.invoice_due(invoice app_public.invoices) returns bigint
language sql immutable
set search_path = ''
return coalesce(invoice.total_amount, invoice.net_amount) - invoice.credited_amount - invoice.paid_amount;

comment on function app_private.invoice_due is
  'The total of an invoice, or its net while no total is known, without what was credited and paid; in minor units.';
grant execute on function app_private.invoice_due to app_engine;
-- end of source: functions/payments/invoice_due.sql

-- source: functions/payments/lock_billing.sql
-- One change of what a clinic owes at a time: whoever issues, charges, pays, credits or refunds locks the clinic's subscriptions first,
-- then the series of numbers, then the invoice. Payments, attempts and refunds are read and written under these locks. BIL-05.

create or replace function app_private.lock_billing(organization_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = lock_billing.organization_id
  order by organization_subscriptions.id
  for no key update;
end;
$$;

comment on function app_private.lock_billing is 'Locks the subscriptions of a clinic, in the order of their ids, until the transaction ends.';
grant execute on function app_private.lock_billing to app_engine;

create or replace function app_private.lock_series(kind text) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform from app_private.document_series
  where document_series.kind = lock_series.kind
  for no key update;
end;
$$;

comment on function app_private.lock_series is
  'Locks the series of a kind of document for whoever may take a number once the invoice is locked, which comes after it.';
grant execute on function app_private.lock_series to app_engine;

create or replace function app_private.lock_invoice(organization_id uuid, invoice_id uuid) returns app_public.invoices
language plpgsql volatile
set search_path = ''
as $$
declare
  v_invoice app_public.invoices;
begin
  select invoices.* into strict v_invoice
  from app_public.invoices
  where invoices.organization_id = lock_invoice.organization_id and invoices.id = lock_invoice.invoice_id
  for no key update;
  return v_invoice;
end;
$$;

comment on function app_private.lock_invoice is 'An invoice, locked; the clinic''s subscriptions are locked before.';
grant execute on function app_private.lock_invoice to app_engine;
-- end of source: functions/payments/lock_billing.sql

-- source: functions/payments/queue_payment_attempt.sql
-- A try to take the money of an invoice at a provider that takes it by itself: a row, and the job that asks. One is open at a time, so
-- whoever queues another gets it. BIL-04, BIL-05, docs/decisions/0187.

create or replace function app_private.queue_payment_attempt(
  organization_id uuid, invoice_id uuid, due_at timestamptz default app_hidden.now()
) returns app_public.payment_attempts
language plpgsql volatile
set search_path = ''
as $$
declare
  v_invoice app_public.invoices;
  v_attempt app_public.payment_attempts;
  v_provider text;
begin
  perform app_private.lock_billing(queue_payment_attempt.organization_id);
  v_invoice := app_private.lock_invoice(queue_payment_attempt.organization_id, queue_payment_attempt.invoice_id);
  select organization_subscriptions.provider into strict v_provider
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = v_invoice.organization_id
    and organization_subscriptions.id = v_invoice.subscription_id;
  if v_invoice.status <> 'issued' or app_private.invoice_due(v_invoice) <= 0 or not app_private.charges_by_itself(v_provider) then
    return null;
  end if;
  select payment_attempts.* into v_attempt
  from app_public.payment_attempts
  where payment_attempts.organization_id = v_invoice.organization_id and payment_attempts.invoice_id = v_invoice.id
    and payment_attempts.status in ('queued', 'processing', 'unknown');
  if found then
    return v_attempt;
  end if;

  insert into app_public.payment_attempts (organization_id, invoice_id, position, provider, amount, due_at)
  select v_invoice.organization_id, v_invoice.id, count(*) + 1, v_provider, app_private.invoice_due(v_invoice), queue_payment_attempt.due_at
  from app_public.payment_attempts
  where payment_attempts.organization_id = v_invoice.organization_id and payment_attempts.invoice_id = v_invoice.id
  returning * into v_attempt;
  perform app_private.queue_charge(v_attempt.id, v_attempt.due_at);
  return v_attempt;
end;
$$;

comment on function app_private.queue_payment_attempt is
  'Queues a try to take what is due of an invoice, at an instant; the one that is open, where one is. Null where the clinic sends its money '
  'itself, and for an invoice of which nothing is due.';
grant execute on function app_private.queue_payment_attempt to app_engine;

create or replace function app_private.queue_charge(attempt_id uuid, due_at timestamptz) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'charge_invoice', json_build_object('attemptId', queue_charge.attempt_id), run_at => queue_charge.due_at,
    job_key => 'charge_invoice:' || queue_charge.attempt_id);
end;
$$;

comment on function app_private.queue_charge is 'Queues the job that asks a vendor for the money of an invoice, from an instant on.';
grant execute on function app_private.queue_charge to app_engine;
-- end of source: functions/payments/queue_payment_attempt.sql

-- source: functions/subscriptions/set_subscription_state.sql
-- A subscription moves, and since when it is unpaid or suspended is noted. BIL-01.

create or replace function app_private.set_subscription_state(
  subscription app_public.organization_subscriptions, to_status text, reason text
) returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  update app_public.organization_subscriptions set
    status = to_status,
    status_reason = reason,
    past_due_at = case when to_status in ('past_due', 'suspended') then coalesce(organization_subscriptions.past_due_at, app_hidden.now()) end,
    suspended_at = case when to_status = 'suspended' then coalesce(organization_subscriptions.suspended_at, app_hidden.now()) end
  where organization_subscriptions.organization_id = subscription.organization_id and organization_subscriptions.id = subscription.id
  returning * into v_subscription;
  return v_subscription;
end;
$$;

comment on function app_private.set_subscription_state is 'Moves a locked subscription that goes on: to active, past_due or suspended.';
grant execute on function app_private.set_subscription_state to app_engine;
-- end of source: functions/subscriptions/set_subscription_state.sql

-- source: functions/invoices/next_number.sql
-- The next number of a kind of document. The row of its series is locked until the transaction ends: whoever takes the next waits, and
-- a number that is taken back leaves no gap. BIL-02, 0064.
-- A server that numbers for the first time makes up a series of its own; a superadmin may set another.

create or replace function app_private.next_number(kind text, out series text, out number bigint)
language plpgsql volatile
set search_path = ''
as $$
begin
  update app_private.document_series set next_number = document_series.next_number + 1
  where document_series.kind = next_number.kind and document_series.is_current
  returning document_series.series, document_series.next_number - 1 into series, number;
  if not found then
    insert into app_private.document_series (series, kind)
    values (
      case next_number.kind when 'credit_note' then 'RXC' else 'RX' end
        || lpad((('x' || encode(extensions.gen_random_bytes(4), 'hex'))::bit(32)::bigint % 1000000)::text, 6, '0'),
      next_number.kind)
    on conflict do nothing;
    select taken.series, taken.number into series, number from app_private.next_number(next_number.kind) as taken;
  end if;
end;
$$;

comment on function app_private.next_number is
  'Takes the next number of the current series of this server for a kind of document, "invoice" or "credit_note".';
grant execute on function app_private.next_number to app_engine;
-- end of source: functions/invoices/next_number.sql

-- source: functions/invoices/post.sql
-- What a document moves between accounts. BIL-02.

create or replace function app_private.post(
  document_kind text, document_id uuid, organization_id uuid, currency text, entries jsonb
) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  insert into app_private.postings (organization_id, document_kind, document_id, account, currency, amount, posted_at)
  select post.organization_id, post.document_kind, post.document_id, entry.account, post.currency, entry.amount::bigint, app_hidden.now()
  from jsonb_each_text(post.entries) as entry (account, amount)
  where entry.amount::bigint <> 0;
end;
$$;

comment on function app_private.post is
  'Posts amounts by account, in minor units, debits positive: {"receivable": 1000, "plan_revenue": -1000}. What a document posts sums '
  'to zero when the transaction ends, or the transaction does not end well.';
grant execute on function app_private.post to app_engine;
-- end of source: functions/invoices/post.sql

-- source: functions/payments/tax_deadline.sql
-- By which day an invoice has to be at the tax office: so many days after its own, as the law of its day says. Working days are those
-- that are neither Saturday, Sunday nor a public holiday of the country; its own day does not count. BIL-04, docs/decisions/0188.

create or replace function app_private.tax_deadline(country text, day date) returns date
language plpgsql stable
set search_path = ''
as $$
declare
  v_rule app_private.submission_deadlines;
  v_last date := day;
  v_left int;
begin
  select submission_deadlines.* into v_rule
  from app_private.submission_deadlines
  where submission_deadlines.country = tax_deadline.country and submission_deadlines.valid_from <= tax_deadline.day
  order by submission_deadlines.valid_from desc
  limit 1;
  if not found then
    return null;
  elsif v_rule.counts = 'calendar_days' then
    return tax_deadline.day + v_rule.days;
  end if;
  v_left := v_rule.days;
  while v_left > 0 loop
    v_last := v_last + 1;
    if app_private.is_working_day(tax_deadline.country, v_last) then
      v_left := v_left - 1;
    end if;
  end loop;
  return v_last;
end;
$$;

comment on function app_private.tax_deadline is 'The last day for an invoice of this day to reach the tax office; null where no law says one.';
grant execute on function app_private.tax_deadline to app_engine;

create or replace function app_private.is_working_day(country text, day date) returns boolean
language sql stable
set search_path = ''
begin atomic
  select extract(isodow from is_working_day.day) < 6 and not exists (
    select from app_private.public_holidays
    where public_holidays.country = is_working_day.country and public_holidays.day = is_working_day.day);
end;

comment on function app_private.is_working_day is 'Whether people work in a country on a day.';
grant execute on function app_private.is_working_day to app_engine;
-- end of source: functions/payments/tax_deadline.sql

-- source: functions/invoices/line_descriptions.sql
-- What a line says, in Romanian and English. BIL-02.

create or replace function app_private.line_descriptions(line app_private.bill_line) returns jsonb
language sql stable
set search_path = ''
as $$
  select jsonb_build_object(
    'en', concat(case (line).kind
        when 'plan' then coalesce(tiers.names ->> 'en', 'Plan')
        when 'plan_change' then coalesce(tiers.names ->> 'en', 'Plan') || case when (line).amount < 0 then ', days not used' else ', days left' end
        when 'setup' then 'Setup of a dedicated server'
        when 'overage' then rtrim(meters.description, '.') || ', beyond the included'
        when 'late_overage' then rtrim(meters.description, '.') || ', beyond the included, told late'
        when 'ai' then 'AI calls'
        when 'late_ai' then 'AI calls, known late'
        else 'Credit carried over' end,
      case when (line).kind <> 'credit' then to_char((line).starts_on, ' (YYYY-MM-DD') || to_char((line).ends_on - 1, ' – YYYY-MM-DD)') end),
    'ro', concat(case (line).kind
        when 'plan' then 'Abonament ' || coalesce(tiers.names ->> 'ro', tiers.names ->> 'en')
        when 'plan_change' then 'Abonament ' || coalesce(tiers.names ->> 'ro', tiers.names ->> 'en')
          || case when (line).amount < 0 then ', zile nefolosite' else ', zile rămase' end
        when 'setup' then 'Instalarea unui server dedicat'
        when 'overage' then rtrim(meters.description_ro, '.') || ', peste ce este inclus'
        when 'late_overage' then rtrim(meters.description_ro, '.') || ', peste ce este inclus, aflate târziu'
        when 'ai' then 'Apeluri AI'
        when 'late_ai' then 'Apeluri AI, aflate târziu'
        else 'Credit reportat' end,
      case when (line).kind <> 'credit' then to_char((line).starts_on, ' (DD.MM.YYYY') || to_char((line).ends_on - 1, ' – DD.MM.YYYY)') end))
  from (values (true)) as one
  left join app_public.platform_tier_versions as versions on versions.id = (line).tier_version_id
  left join app_public.platform_tiers as tiers on tiers.id = versions.tier_id
  left join app_public.meters on meters.key = (line).meter
$$;

comment on function app_private.line_descriptions is 'The words of a line by language; its last day is the day before ends_on.';
grant execute on function app_private.line_descriptions to app_engine;
-- end of source: functions/invoices/line_descriptions.sql

-- source: functions/invoices/close_period.sql
-- A period that ended is billed, in one transaction, once: whoever calls it again, at the same time or after a crash, gets the invoice
-- that is there. BIL-02.

create or replace function app_private.close_period(organization_id uuid, period_id uuid) returns app_public.invoices
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
  v_period app_public.billing_periods;
  v_bill app_public.period_bills;
  v_invoice app_public.invoices;
  v_position bigint;
  v_lines app_private.bill_line[];
begin
  v_period := app_private.period_to_bill(close_period.organization_id, close_period.period_id);
  select organization_subscriptions.* into strict v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = v_period.organization_id
    and organization_subscriptions.id = v_period.subscription_id;
  select period_bills.* into v_bill
  from app_public.period_bills
  where period_bills.organization_id = v_period.organization_id
    and period_bills.period_id = v_period.id and period_bills.kind = 'period';
  if found then
    select invoices.* into v_invoice
    from app_public.invoices
    where invoices.organization_id = v_bill.organization_id and invoices.id = v_bill.invoice_id;
    return v_invoice;
  end if;

  if upper(v_period.during) > app_hidden.now() and v_subscription.ended_at is null then
    perform app_hidden.refuse('STATE', 'period_has_not_ended', jsonb_build_object('periodId', v_period.id));
  elsif exists (
    select from app_public.billing_periods
    where billing_periods.organization_id = v_period.organization_id
      and billing_periods.subscription_id = v_period.subscription_id
      and billing_periods.position < v_period.position
      and billing_periods.closed_at is null)
  then
    perform app_hidden.refuse('STATE', 'earlier_period_is_open', jsonb_build_object('periodId', v_period.id));
  end if;

  v_position := app_private.usage_watermark(v_period.organization_id);
  perform app_private.compare_usage(v_period, v_position);
  select array_agg(line) into v_lines
  from app_private.bill_lines(v_period.organization_id, v_period.id, v_position) as line;
  v_invoice := app_private.write_bill(
    v_subscription, v_period, 'period', app_private.version_on(v_subscription, v_period.ends_on - 1), v_position, v_lines);
  update app_public.billing_periods set closed_at = app_hidden.now()
  where billing_periods.organization_id = v_period.organization_id and billing_periods.id = v_period.id;
  return v_invoice;
end;
$$;

comment on function app_private.close_period is
  'Bills what was used in a period that ended and changes of the plan within it; null where there is nothing to pay. STATE '
  'period_has_not_ended, unless the subscription ended; earlier_period_is_open.';
grant execute on function app_private.close_period to app_engine;

create or replace function app_private.period_to_bill(organization_id uuid, period_id uuid) returns app_public.billing_periods
language plpgsql volatile
set search_path = ''
as $$
declare
  v_period app_public.billing_periods;
begin
  perform from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = period_to_bill.organization_id
    and organization_subscriptions.id = (
      select billing_periods.subscription_id from app_public.billing_periods
      where billing_periods.organization_id = period_to_bill.organization_id and billing_periods.id = period_to_bill.period_id)
  for no key update;
  select billing_periods.* into v_period
  from app_public.billing_periods
  where billing_periods.organization_id = period_to_bill.organization_id and billing_periods.id = period_to_bill.period_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return v_period;
end;
$$;

comment on function app_private.period_to_bill is 'The period, once its subscription is locked.';
grant execute on function app_private.period_to_bill to app_engine;
-- end of source: functions/invoices/close_period.sql

-- source: functions/invoices/issue_invoice.sql
-- A draft is numbered and final: its postings, its event, and the jobs that issue it at the provider and take the money. BIL-02, BIL-07.

create or replace function app_private.issue_invoice(
  draft app_public.invoices, subscription app_public.organization_subscriptions
) returns app_public.invoices
language plpgsql volatile
set search_path = ''
as $$
declare
  v_today constant date := (app_hidden.now() at time zone subscription.timezone)::date;
  v_number record;
  v_invoice app_public.invoices;
begin
  perform app_private.post('invoice', draft.id, draft.organization_id, draft.currency, (
    select jsonb_object_agg(entry.account, entry.amount)
    from (
      select 'receivable' as account, draft.net_amount as amount
      union all
      select case when invoice_lines.kind in ('overage', 'late_overage') then 'overage_revenue'
                  when invoice_lines.kind in ('ai', 'late_ai') then 'ai_revenue' else 'plan_revenue' end,
        -sum(invoice_lines.amount)
      from app_public.invoice_lines
      where invoice_lines.organization_id = draft.organization_id and invoice_lines.invoice_id = draft.id
      group by 1
    ) as entry));
  select taken.series, taken.number into strict v_number from app_private.next_number('invoice') as taken;
  update app_public.invoices set
    status = 'issued',
    series = v_number.series,
    number = v_number.number,
    issued_at = app_hidden.now(),
    due_on = v_today + app_private.days_to_pay(subscription.provider),
    tax_state = case when draft.provider = 'fgo' then 'queued' else 'not_applicable' end,
    tax_deadline_on = app_private.tax_deadline(draft.billed_to ->> 'country', v_today)
  where invoices.organization_id = draft.organization_id and invoices.id = draft.id
  returning * into v_invoice;

  perform app_private.publish('invoice.issued', v_invoice.organization_id, v_invoice.id, jsonb_build_object(
    'invoiceId', v_invoice.id, 'kind', v_invoice.kind, 'number', v_invoice.number, 'netAmount', v_invoice.net_amount));
  perform app_private.queue_document('invoice', v_invoice.id);
  perform app_private.queue_payment_attempt(v_invoice.organization_id, v_invoice.id);
  perform app_private.invoice_changed(v_invoice.organization_id, v_invoice.id);
  return v_invoice;
end;
$$;

comment on function app_private.issue_invoice is
  'Numbers a draft whose lines are written, posts it, and queues what happens outside.';
grant execute on function app_private.issue_invoice to app_engine;

create or replace function app_private.days_to_pay(provider text) returns int
language sql immutable parallel safe
set search_path = ''
return case provider when 'manual' then 14 else 0 end;

comment on function app_private.days_to_pay is
  'In how many days an invoice is due: at once where the provider takes the money by itself, after 14 days by bank transfer.';
grant execute on function app_private.days_to_pay to app_engine;

create or replace function app_private.queue_document(kind text, id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'issue_document', json_build_object('kind', queue_document.kind, 'id', queue_document.id), queue_name => null, max_attempts => 25,
    job_key => 'issue_document:' || queue_document.id);
end;
$$;

comment on function app_private.queue_document is
  'Queues the job that issues an invoice or a credit note at the invoicing provider; one job a document.';
grant execute on function app_private.queue_document to app_engine;
-- end of source: functions/invoices/issue_invoice.sql

-- source: functions/invoices/open_period_invoice.sql
-- A period begins: the price of the plan is billed in advance, once. BIL-02.

create or replace function app_private.open_period_invoice(organization_id uuid, period_id uuid) returns app_public.invoices
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
  v_period app_public.billing_periods;
  v_bill app_public.period_bills;
  v_invoice app_public.invoices;
  v_version uuid;
  v_lines app_private.bill_line[];
begin
  v_period := app_private.period_to_bill(open_period_invoice.organization_id, open_period_invoice.period_id);
  select organization_subscriptions.* into strict v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = v_period.organization_id
    and organization_subscriptions.id = v_period.subscription_id;
  select period_bills.* into v_bill
  from app_public.period_bills
  where period_bills.organization_id = v_period.organization_id
    and period_bills.period_id = v_period.id and period_bills.kind = 'advance';
  if found then
    select invoices.* into v_invoice
    from app_public.invoices
    where invoices.organization_id = v_bill.organization_id and invoices.id = v_bill.invoice_id;
    return v_invoice;
  end if;

  v_version := app_private.version_on(v_subscription, v_period.starts_on);
  select array_agg(line) into v_lines
  from app_private.advance_lines(v_period.organization_id, v_period.id, v_version) as line;
  return app_private.write_bill(v_subscription, v_period, 'advance', v_version, 0, v_lines);
end;
$$;

comment on function app_private.open_period_invoice is
  'Bills the price of the plan for a period that begins, or for the year that begins with it; null where there is nothing to pay.';
grant execute on function app_private.open_period_invoice to app_engine;
-- end of source: functions/invoices/open_period_invoice.sql

-- source: functions/invoices/write_bill.sql
-- What a period comes to becomes an invoice, where it is more than nothing: lines, postings, number, event and jobs in the transaction of
-- the close. What comes to less than nothing is carried over to the next. BIL-02, BIL-03, BIL-10.
-- Whoever calls it has locked the subscription and then the position of the usage.

create or replace function app_private.write_bill(
  subscription app_public.organization_subscriptions,
  period app_public.billing_periods,
  kind text,
  tier_version_id uuid,
  to_position bigint,
  lines app_private.bill_line[]
) returns app_public.invoices
language plpgsql volatile
set search_path = ''
as $$
declare
  v_last app_public.period_bills;
  v_invoice app_public.invoices;
  v_net bigint;
  v_carried bigint;
  v_lines app_private.bill_line[] := coalesce(write_bill.lines, '{}');
begin
  select period_bills.* into v_last
  from app_public.period_bills
  where period_bills.organization_id = subscription.organization_id and period_bills.subscription_id = subscription.id
  order by period_bills.position desc
  limit 1;
  select coalesce(sum(line.amount), 0) into v_net from unnest(v_lines) as line;
  v_carried := coalesce(v_last.carried_after, 0);

  if v_carried + v_net > 0 then
    if v_carried < 0 then
      v_lines := v_lines
        || row('credit', null, null, period.starts_on, period.ends_on, -1, -v_carried, v_carried, null, null)::app_private.bill_line;
    end if;
    v_invoice := app_private.draft_invoice(
      subscription, period, write_bill.kind, v_carried + v_net, to_position,
      app_private.bill_inputs(subscription, period, write_bill.kind, write_bill.tier_version_id, to_position, v_carried));
    insert into app_public.invoice_lines
      (organization_id, invoice_id, position, kind, meter, tier_version_id, starts_on, ends_on, descriptions, quantity, unit_price,
       amount, usage_after_position, usage_to_position)
    select v_invoice.organization_id, v_invoice.id, line.place, line.kind, line.meter, line.tier_version_id, line.starts_on, line.ends_on,
      app_private.line_descriptions((line.kind, line.meter, line.tier_version_id, line.starts_on, line.ends_on, line.quantity,
        line.unit_price, line.amount, line.usage_after_position, line.usage_to_position)::app_private.bill_line),
      line.quantity, line.unit_price, line.amount, line.usage_after_position, line.usage_to_position
    from unnest(v_lines) with ordinality as line
      (kind, meter, tier_version_id, starts_on, ends_on, quantity, unit_price, amount, usage_after_position, usage_to_position, place);
    v_invoice := app_private.issue_invoice(v_invoice, subscription);
  end if;

  insert into app_public.period_bills
    (organization_id, subscription_id, period_id, position, kind, tier_version_id, usage_position, net_amount, carried_before,
     carried_after, invoice_id, lines, created_at)
  values
    (subscription.organization_id, subscription.id, period.id, coalesce(v_last.position, 0) + 1, write_bill.kind,
     write_bill.tier_version_id, to_position, v_net, v_carried, case when v_invoice.id is null then v_carried + v_net else 0 end,
     v_invoice.id, to_jsonb(v_lines), app_hidden.now());
  return v_invoice;
end;
$$;

comment on function app_private.write_bill is
  'Writes down what a period comes to, and issues its invoice; null where nothing is to be paid.';
grant execute on function app_private.write_bill to app_engine;
-- end of source: functions/invoices/write_bill.sql

-- source: functions/subscriptions/billing_reason.sql
-- Who may change what a clinic subscribes to: the clinic with billing.manage, and the platform, which says why. BIL-01, BIL-08.

create or replace function app_private.billing_reason(organization_id uuid, reason text) returns text
language plpgsql stable
set search_path = ''
as $$
begin
  if not app_hidden.is_superadmin() or app_hidden.has_permission(organization_id, 'billing.manage') then
    perform app_private.require_permission(organization_id, 'billing.manage');
    if nullif(btrim(reason, e' \t\r\n'), '') is null then
      return null;
    end if;
  elsif not exists (
    select from app_public.organizations where organizations.id = billing_reason.organization_id and organizations.deleted_at is null
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return app_private.require_reason(reason);
end;
$$;

comment on function app_private.billing_reason is
  'The reason, trimmed, of a caller who may change the subscription of the clinic; null where the clinic gives none. FORBIDDEN, NOT_FOUND, VALIDATION reason_missing.';
grant execute on function app_private.billing_reason to app_engine;

create or replace function app_private.subscription_to_change(organization_id uuid) returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  v_subscription := app_private.lock_organization_subscription(subscription_to_change.organization_id);
  -- What time has made due is done first, so that nothing is written into a month that is over.
  if v_subscription.id is not null then
    v_subscription := app_private.settle(v_subscription);
  end if;
  if coalesce(v_subscription.status, 'canceled') = 'canceled' then
    perform app_hidden.refuse('NOT_FOUND', 'clinic_not_subscribed');
  end if;
  return v_subscription;
end;
$$;

comment on function app_private.subscription_to_change is
  'The live subscription of a clinic, locked and settled; NOT_FOUND clinic_not_subscribed.';
grant execute on function app_private.subscription_to_change to app_engine;
-- end of source: functions/subscriptions/billing_reason.sql

-- source: functions/subscriptions/cancel_organization_subscription.sql
-- A clinic's subscription is canceled: at the end of what is paid for, or at once. BIL-01.

set role app_engine;

create or replace function app_public.cancel_organization_subscription(
  organization_id uuid,
  reason text default null,
  at_period_end boolean default true
) returns app_public.organization_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text := app_private.billing_reason(organization_id, reason);
  v_subscription app_public.organization_subscriptions := app_private.subscription_to_change(organization_id);
begin
  if not at_period_end or v_subscription.status = 'pending' then
    return app_private.end_organization_subscription(v_subscription, v_reason);
  end if;
  return app_private.plan_subscription_end(
    v_subscription, app_private.term_ends_on(v_subscription, app_private.last_period(v_subscription)), 'asked', v_reason);
end;
$$;

comment on function app_public.cancel_organization_subscription is
  E'@arg reason Why; a superadmin has to say.\n'
  '@arg atPeriodEnd Whether it goes on to the end of its month, its year or its trial. What is canceled at once is not paid back by that.\n'
  'Cancels the subscription of a clinic. Needs billing.manage, or a superadmin with a reason. NOT_FOUND clinic_not_subscribed.';
grant execute on function app_public.cancel_organization_subscription to app_member;

create or replace function app_public.resume_organization_subscription(
  organization_id uuid,
  reason text default null
) returns app_public.organization_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text := app_private.billing_reason(organization_id, reason);
  v_subscription app_public.organization_subscriptions := app_private.subscription_to_change(organization_id);
begin
  if v_subscription.cancels_on is null then
    perform app_hidden.refuse('STATE', 'subscription_does_not_end');
  elsif v_subscription.cancels_because = 'unpaid' then
    perform app_hidden.refuse('STATE', 'subscription_is_unpaid');
  end if;
  update app_public.organization_subscriptions set cancels_on = null, cancels_because = null, status_reason = v_reason
  where organization_subscriptions.organization_id = v_subscription.organization_id
    and organization_subscriptions.id = v_subscription.id
  returning * into v_subscription;
  perform app_private.publish(
    'subscription.resumed', v_subscription.organization_id, v_subscription.id,
    jsonb_build_object('subscriptionId', v_subscription.id));
  return app_private.note_settle_at(v_subscription);
end;
$$;

comment on function app_public.resume_organization_subscription is
  E'@arg reason Why; a superadmin has to say.\n'
  'Lets a subscription go on that was to end. Needs billing.manage, or a superadmin with a reason. NOT_FOUND clinic_not_subscribed; '
  'STATE subscription_does_not_end, subscription_is_unpaid.';
grant execute on function app_public.resume_organization_subscription to app_member;

reset role;

create or replace function app_private.term_ends_on(
  subscription app_public.organization_subscriptions, period app_public.billing_periods
) returns date
language sql stable
set search_path = ''
return case when subscription.cadence = 'annual' and not period.is_trial
  then app_private.month_day(
    subscription.anchor_on, (app_private.month_number(subscription.anchor_on, period.starts_on) / 12 + 1) * 12)
  else period.ends_on end;

comment on function app_private.term_ends_on is
  'The first day after what is paid in advance together with this period: its month, its year, or the trial.';
grant execute on function app_private.term_ends_on to app_engine;

create or replace function app_private.plan_subscription_end(
  subscription app_public.organization_subscriptions, cancels_on date, because text, reason text
) returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  update app_public.organization_subscriptions set
    cancels_on = plan_subscription_end.cancels_on, cancels_because = because, status_reason = reason
  where organization_subscriptions.organization_id = subscription.organization_id and organization_subscriptions.id = subscription.id
  returning * into v_subscription;
  perform app_private.publish(
    'subscription.end_planned', v_subscription.organization_id, v_subscription.id,
    jsonb_build_object('subscriptionId', v_subscription.id, 'because', because,
                       'endsAt', app_private.day_starts(v_subscription.cancels_on, v_subscription.timezone)));
  return app_private.note_settle_at(v_subscription);
end;
$$;

comment on function app_private.plan_subscription_end is 'Notes from which day on a locked subscription does not go on, and publishes it.';
grant execute on function app_private.plan_subscription_end to app_engine;
-- end of source: functions/subscriptions/cancel_organization_subscription.sql

-- source: functions/subscriptions/end_organization_subscription.sql
-- A subscription ends: its last period is billed, and nothing is due by the clock any more. What was billed stays owed. BIL-01.

create or replace function app_private.end_organization_subscription(
  subscription app_public.organization_subscriptions, reason text, ended_at timestamptz default app_hidden.now()
) returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_period app_public.billing_periods := app_private.last_period(subscription);
  v_subscription app_public.organization_subscriptions;
begin
  update app_public.organization_subscriptions set
    status = 'canceled', status_reason = reason, ended_at = end_organization_subscription.ended_at, settle_at = null,
    past_due_at = null, suspended_at = null
  where organization_subscriptions.organization_id = subscription.organization_id and organization_subscriptions.id = subscription.id
  returning * into v_subscription;
  -- Of what has ended also a month is billed that has not.
  if v_period.id is not null and v_period.closed_at is null then
    perform app_private.close_billing_period(v_period);
  end if;
  return v_subscription;
end;
$$;

comment on function app_private.end_organization_subscription is 'Ends a locked subscription, and bills its last period.';
grant execute on function app_private.end_organization_subscription to app_engine;
-- end of source: functions/subscriptions/end_organization_subscription.sql

-- source: functions/subscriptions/invoice_changed.sql
-- A bill of a clinic was issued, paid, credited or written off, in this very transaction: where its subscription stands follows at once.
-- What was paid brings back. It ends nothing: that is the clock's. BIL-05.

create or replace function app_private.invoice_changed(organization_id uuid, invoice_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  select locked.* into v_subscription
  from app_public.invoices
  cross join lateral app_private.lock_organization_subscription(invoices.organization_id, invoices.subscription_id) as locked
  where invoices.organization_id = invoice_changed.organization_id and invoices.id = invoice_changed.invoice_id;
  -- The last bill of a subscription that ended may be paid later.
  if v_subscription.id is not null then
    perform app_private.note_settle_at(app_private.judge_subscription(v_subscription));
  end if;
end;
$$;

comment on function app_private.invoice_changed is
  'Judges the subscription of an invoice again. Whoever calls it has locked the subscription before the invoice.';
grant execute on function app_private.invoice_changed to app_engine;
-- end of source: functions/subscriptions/invoice_changed.sql

-- source: functions/subscriptions/unpaid_of_subscription.sql
-- What a subscription was billed and has not paid, with the step of dunning that each is at. docs/decisions/0177 says what follows. BIL-05.

-- A bill is overdue when the day by which it is to be paid is over.
create or replace function app_private.overdue_at(due_on date, timezone text) returns timestamptz
language sql stable
set search_path = ''
return app_private.day_starts(overdue_at.due_on + 1, overdue_at.timezone);

comment on function app_private.overdue_at is 'From when a bill is overdue: the midnight after the day by which it is to be paid.';
grant execute on function app_private.overdue_at to app_engine;

create or replace function app_private.dunning_steps_of(subscription app_public.organization_subscriptions)
returns table (invoice_id uuid, day int, action text, due_at timestamptz, done_at timestamptz)
language sql stable
set search_path = ''
begin atomic
  select invoices.id, steps.day, steps.action,
         (invoices.due_on + steps.day + steps.at) at time zone (subscription).timezone, taken.done_at
  from app_public.invoices
  cross join app_public.dunning_steps as steps
  left join app_public.dunning_actions as taken
    on taken.organization_id = invoices.organization_id and taken.invoice_id = invoices.id
   and taken.day = steps.day and taken.action = steps.action
  where invoices.organization_id = (subscription).organization_id
    and invoices.subscription_id = (subscription).id
    and invoices.status = 'issued';
end;

comment on function app_private.dunning_steps_of is 'Every step of dunning of every unpaid bill of a subscription: when it is due, and was taken.';
grant execute on function app_private.dunning_steps_of to app_engine;

create or replace function app_private.is_overdue(subscription app_public.organization_subscriptions) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select from app_public.invoices
    where invoices.organization_id = (subscription).organization_id
      and invoices.subscription_id = (subscription).id
      and invoices.status = 'issued'
      and app_private.overdue_at(invoices.due_on, (subscription).timezone) <= app_hidden.now());
end;

comment on function app_private.is_overdue is 'Whether a bill of a subscription is overdue.';
grant execute on function app_private.is_overdue to app_engine;

-- Until when the present time is paid in advance, or billed in advance by a bill that is not overdue. Null: it is not.
create or replace function app_private.covered_until(subscription app_public.organization_subscriptions, paid_only boolean)
returns timestamptz
language sql stable
set search_path = ''
begin atomic
  select max(covered.until)
  from (
    select lower(periods.during) as since,
           app_private.day_starts(app_private.term_ends_on(subscription, periods), (subscription).timezone) as until
    from app_public.invoices
    join app_public.billing_periods as periods
      on periods.organization_id = invoices.organization_id and periods.id = invoices.period_id
    where invoices.organization_id = (subscription).organization_id
      and invoices.subscription_id = (subscription).id
      and invoices.kind = 'advance'
      and (invoices.status = 'paid'
           or not covered_until.paid_only and invoices.status = 'issued'
              and app_private.overdue_at(invoices.due_on, (subscription).timezone) > app_hidden.now())
  ) as covered
  where covered.since <= app_hidden.now() and app_hidden.now() < covered.until;
end;

comment on function app_private.covered_until is
  'The end of the month or year that is paid in advance and has not passed; also of one whose bill is not overdue yet, unless paid_only.';
grant execute on function app_private.covered_until to app_engine;
-- end of source: functions/subscriptions/unpaid_of_subscription.sql

-- source: functions/subscriptions/judge_subscription.sql
-- How a subscription stands by what is unpaid, by what was paid in advance, and by what the payment provider says: a function of these facts
-- and of the time, so that whoever changes one of them asks again, in whatever order. BIL-05, docs/decisions/0177.

create or replace function app_private.judge_subscription(subscription app_public.organization_subscriptions)
returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions := subscription;
  v_standing text;
begin
  -- Of a trial nothing is billed.
  if v_subscription.status not in ('active', 'past_due', 'suspended') then
    return v_subscription;
  end if;
  v_standing := app_private.standing_of(v_subscription);
  if v_standing <> v_subscription.status then
    v_subscription := app_private.set_subscription_state(v_subscription, v_standing, null);
    if v_standing = 'suspended' then
      perform app_private.note_dunning(v_subscription, 'suspend');
    end if;
  end if;
  if v_subscription.cancels_because = 'unpaid' and not exists (
    select from app_private.dunning_steps_of(v_subscription) as steps where steps.action = 'cancel' and steps.due_at <= app_hidden.now()
  ) then
    update app_public.organization_subscriptions set cancels_on = null, cancels_because = null
    where organization_subscriptions.organization_id = v_subscription.organization_id
      and organization_subscriptions.id = v_subscription.id
    returning * into v_subscription;
  end if;
  return v_subscription;
end;
$$;

comment on function app_private.judge_subscription is
  'Moves a locked subscription to where it stands: active, past_due or suspended; what was to end it as unpaid goes with the debt.';
grant execute on function app_private.judge_subscription to app_engine;

create or replace function app_private.standing_of(subscription app_public.organization_subscriptions) returns text
language plpgsql stable
set search_path = ''
as $$
declare
  v_at_the_provider text;
begin
  if subscription.provider_subscription_id is not null then
    select statuses.status into v_at_the_provider
    from app_private.payment_provider_statuses as statuses
    where statuses.provider = subscription.provider and statuses.vendor_status = subscription.provider_status;
  end if;
  if v_at_the_provider = 'suspended' then
    return 'suspended';
  elsif not app_private.is_overdue(subscription) then
    return case when v_at_the_provider = 'past_due' then 'past_due' else 'active' end;
  elsif not exists (
    select from app_private.dunning_steps_of(subscription) as steps where steps.action = 'suspend' and steps.due_at <= app_hidden.now()
  ) or app_private.covered_until(subscription, paid_only => subscription.status = 'suspended') is not null then
    return 'past_due';
  end if;
  return 'suspended';
end;
$$;

comment on function app_private.standing_of is 'Where a subscription that runs stands now: active, past_due or suspended.';
grant execute on function app_private.standing_of to app_engine;

-- What stays unpaid for too long ends the subscription: at once, or when the time that is paid in advance ends.
create or replace function app_private.end_what_stays_unpaid(subscription app_public.organization_subscriptions)
returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_until timestamptz;
  v_ends_on date;
begin
  if not exists (
    select from app_private.dunning_steps_of(subscription) as steps where steps.action = 'cancel' and steps.due_at <= app_hidden.now()
  ) then
    return subscription;
  end if;
  v_until := app_private.covered_until(subscription, paid_only => subscription.status = 'suspended');
  perform app_private.note_dunning(subscription, 'cancel');
  if v_until is null then
    return app_private.end_organization_subscription(subscription, null);
  end if;
  v_ends_on := (v_until at time zone subscription.timezone)::date;
  if subscription.cancels_on <= v_ends_on then
    return subscription;
  end if;
  return app_private.plan_subscription_end(subscription, v_ends_on, 'unpaid', null);
end;
$$;

comment on function app_private.end_what_stays_unpaid is
  'Ends a locked subscription with a bill that stayed unpaid until the step "cancel", or notes that it ends with what is paid in advance.';
grant execute on function app_private.end_what_stays_unpaid to app_engine;

create or replace function app_private.note_dunning(subscription app_public.organization_subscriptions, action text) returns void
language sql volatile
set search_path = ''
begin atomic
  insert into app_public.dunning_actions (organization_id, invoice_id, day, action, due_at, done_at)
  select (subscription).organization_id, steps.invoice_id, steps.day, steps.action, steps.due_at, app_hidden.now()
  from app_private.dunning_steps_of(subscription) as steps
  where steps.action = note_dunning.action and steps.due_at <= app_hidden.now() and steps.done_at is null;
end;

comment on function app_private.note_dunning is 'Notes the steps of this action that are due and were not taken.';
grant execute on function app_private.note_dunning to app_engine;
-- end of source: functions/subscriptions/judge_subscription.sql

-- source: functions/subscriptions/note_settle_at.sql
-- When time changes something about a subscription next: the one thing that the clock looks for. BIL-01.

create or replace function app_private.note_settle_at(subscription app_public.organization_subscriptions)
returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  update app_public.organization_subscriptions set settle_at = app_private.next_settle_at(organization_subscriptions)
  where organization_subscriptions.organization_id = subscription.organization_id and organization_subscriptions.id = subscription.id
  returning * into v_subscription;
  return v_subscription;
end;
$$;

comment on function app_private.note_settle_at is 'Notes when a locked subscription is due next; null when it never is.';
grant execute on function app_private.note_settle_at to app_engine;

create or replace function app_private.next_settle_at(subscription app_public.organization_subscriptions) returns timestamptz
language sql stable
set search_path = ''
begin atomic
  select min(change.at)
  from (
    select case when (subscription).status = 'trialing' and (subscription).trial_told_at is null
             then (subscription).trial_ends_at - interval '7 days' end
    union all
    select upper(period.during)
    from app_private.last_period(subscription) as period
    union all
    select app_private.overdue_at(invoices.due_on, (subscription).timezone)
    from app_public.invoices
    where invoices.organization_id = (subscription).organization_id
      and invoices.subscription_id = (subscription).id
      and invoices.status = 'issued'
      and app_private.overdue_at(invoices.due_on, (subscription).timezone) > app_hidden.now()
    union all
    select steps.due_at
    from app_private.dunning_steps_of(subscription) as steps
    where steps.done_at is null and steps.due_at > app_hidden.now()
  ) as change (at)
  where (subscription).status not in ('pending', 'canceled');
end;

comment on function app_private.next_settle_at is
  'When the trial is to be told of, the period ends, a bill is overdue, or a step of dunning is due, whichever comes first.';
grant execute on function app_private.next_settle_at to app_engine;
-- end of source: functions/subscriptions/note_settle_at.sql

-- source: functions/subscriptions/open_billing_period.sql
-- A billing period begins: its row, and the bill of what is paid for it in advance. BIL-02.

create or replace function app_private.open_billing_period(draft app_public.billing_periods) returns app_public.billing_periods
language plpgsql volatile
set search_path = ''
as $$
declare
  v_period app_public.billing_periods;
begin
  insert into app_public.billing_periods
    (organization_id, subscription_id, position, starts_on, ends_on, during, is_trial, created_at)
  values
    (draft.organization_id, draft.subscription_id, draft.position, draft.starts_on, draft.ends_on, draft.during, draft.is_trial,
     app_hidden.now())
  returning * into v_period;
  if not v_period.is_trial then
    perform app_private.open_period_invoice(v_period.organization_id, v_period.id);
  end if;
  return v_period;
end;
$$;

comment on function app_private.open_billing_period is
  'Writes a period of a locked subscription, and bills what is paid in advance for it; of a trial nothing.';
grant execute on function app_private.open_billing_period to app_engine;

create or replace function app_private.close_billing_period(period app_public.billing_periods) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.close_period(period.organization_id, period.id);
  update app_public.billing_periods set closed_at = app_hidden.now()
  where billing_periods.organization_id = period.organization_id and billing_periods.id = period.id
    and billing_periods.closed_at is null;
end;
$$;

comment on function app_private.close_billing_period is 'Bills what was used in a period of a locked subscription, once.';
grant execute on function app_private.close_billing_period to app_engine;
-- end of source: functions/subscriptions/open_billing_period.sql

-- source: functions/subscriptions/retry_payments.sql
-- Payments of overdue bills are tried again. After an outage several steps of one bill are due, and they are one attempt. BIL-05.

create or replace function app_private.retry_payments(subscription app_public.organization_subscriptions) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_invoice_id uuid;
begin
  for v_invoice_id in
    select distinct steps.invoice_id
    from app_private.dunning_steps_of(subscription) as steps
    where steps.action = 'retry' and steps.due_at <= app_hidden.now() and steps.done_at is null
    order by steps.invoice_id
  loop
    perform app_private.queue_payment_attempt(subscription.organization_id, v_invoice_id);
  end loop;
  perform app_private.note_dunning(subscription, 'retry');
end;
$$;

comment on function app_private.retry_payments is 'Queues an attempt for each bill of a locked subscription whose next retry is due.';
grant execute on function app_private.retry_payments to app_engine;
-- end of source: functions/subscriptions/retry_payments.sql

-- source: functions/subscriptions/settle_subscription.sql
-- What time makes due of a clinic's subscription: that its trial ends soon is told, periods end and begin, payments are tried again, it is
-- suspended, it ends. One transaction a subscription; killed anywhere, the next run does all of it. Locked first, so of two runs the
-- second finds nothing due. BIL-01, BIL-02, BIL-05, docs/decisions/0176.

set role app_engine;

create or replace function app_private.settle_subscription(organization_id uuid, subscription_id uuid) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions := app_private.lock_organization_subscription(
    settle_subscription.organization_id, settle_subscription.subscription_id);
begin
  if v_subscription.settle_at <= app_hidden.now() then
    perform app_private.settle(v_subscription);
  end if;
end;
$$;

comment on function app_private.settle_subscription is 'Does for one subscription what time has made due. A second time does nothing.';
grant execute on function app_private.settle_subscription to app_worker;

create or replace function app_private.due_subscriptions(
  up_to int, after_due_at timestamptz default null, after_subscription_id uuid default null
) returns table (organization_id uuid, subscription_id uuid, due_at timestamptz)
language plpgsql stable security definer
set search_path = ''
as $$
begin
  return query
    select subscriptions.organization_id, subscriptions.id, subscriptions.settle_at
    from app_public.organization_subscriptions as subscriptions
    where subscriptions.settle_at <= app_hidden.now()
      and (after_due_at is null or (subscriptions.settle_at, subscriptions.id) > (after_due_at, after_subscription_id))
    order by subscriptions.settle_at, subscriptions.id
    limit up_to;
end;
$$;

comment on function app_private.due_subscriptions is
  'Subscriptions that are due, the oldest first, up to so many, after the last one of the page before: whoever could not be settled is passed.';
grant execute on function app_private.due_subscriptions to app_worker;

reset role;

create or replace function app_private.settle(subscription app_public.organization_subscriptions)
returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions := subscription;
begin
  if v_subscription.status = 'pending' then
    return v_subscription;
  end if;
  perform app_private.tell_of_trial(v_subscription);
  v_subscription := app_private.go_through_periods(v_subscription);
  if v_subscription.status <> 'canceled' then
    perform app_private.retry_payments(v_subscription);
    v_subscription := app_private.end_what_stays_unpaid(app_private.judge_subscription(v_subscription));
  end if;
  return app_private.note_settle_at(v_subscription);
end;
$$;

comment on function app_private.settle is 'Brings a locked subscription up to now.';
grant execute on function app_private.settle to app_engine;

create or replace function app_private.tell_of_trial(subscription app_public.organization_subscriptions) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  update app_public.organization_subscriptions set trial_told_at = app_hidden.now()
  where organization_subscriptions.organization_id = subscription.organization_id and organization_subscriptions.id = subscription.id
    and organization_subscriptions.status = 'trialing' and organization_subscriptions.trial_told_at is null
    and organization_subscriptions.trial_ends_at - interval '7 days' <= app_hidden.now()
    and app_hidden.now() < organization_subscriptions.trial_ends_at;
  if found then
    perform app_private.publish(
      'subscription.trial_ending', subscription.organization_id, subscription.id,
      jsonb_build_object('subscriptionId', subscription.id, 'trialEndsAt', subscription.trial_ends_at));
  end if;
end;
$$;

comment on function app_private.tell_of_trial is 'Publishes, once, that a trial ends within a week.';
grant execute on function app_private.tell_of_trial to app_engine;

-- The period that ended is closed before the next one begins: what was used comes before what is paid in advance.
create or replace function app_private.go_through_periods(subscription app_public.organization_subscriptions)
returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions := subscription;
  v_period app_public.billing_periods := app_private.last_period(subscription);
begin
  while upper(v_period.during) <= app_hidden.now() loop
    if v_subscription.cancels_on <= v_period.ends_on then
      return app_private.end_organization_subscription(
        v_subscription, v_subscription.status_reason, upper(v_period.during));
    end if;
    perform app_private.close_billing_period(v_period);
    if v_period.is_trial then
      v_subscription := app_private.set_subscription_state(v_subscription, 'active', null);
    end if;
    v_period := app_private.open_billing_period(app_private.period_after(v_subscription, v_period));
    -- What was billed may have moved it.
    select subscriptions.* into strict v_subscription
    from app_public.organization_subscriptions as subscriptions
    where subscriptions.organization_id = v_subscription.organization_id and subscriptions.id = v_subscription.id;
  end loop;
  return v_subscription;
end;
$$;

comment on function app_private.go_through_periods is
  'Closes the periods of a locked subscription that are over, each before the next one is opened; ends it where it was to end.';
grant execute on function app_private.go_through_periods to app_engine;
-- end of source: functions/subscriptions/settle_subscription.sql

-- source: functions/invoices/document_to_issue.sql
-- What the invoicing provider is to issue: lines, currency, and whom it is for. No tax: the provider answers it. BIL-03.

set role app_engine;

create or replace function app_hidden.document_to_issue(kind text, id uuid)
returns table (
  organization_id uuid, provider text, state text, series text, number bigint, currency text, issued_at timestamptz, issued_on date,
  due_on date, net_amount bigint, billed_to jsonb, tax_id bytea, tax_id_sealed_for text, lines jsonb, invoice jsonb, reason text,
  provider_customer_id text
)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  if document_to_issue.kind = 'invoice' then
    return query
    select invoices.organization_id, invoices.provider, invoices.provider_state, invoices.series, invoices.number, invoices.currency::text,
      invoices.issued_at, (invoices.issued_at at time zone subscription.timezone)::date, invoices.due_on, invoices.net_amount,
      invoices.billed_to, invoices.tax_id::bytea, invoices.tax_id_sealed_for,
      (select jsonb_agg(jsonb_build_object(
         'id', line.id, 'kind', line.kind, 'descriptions', line.descriptions, 'quantity', line.quantity, 'unitPrice', line.unit_price,
         'amount', line.amount) order by line.position)
       from app_public.invoice_lines as line
       where line.organization_id = invoices.organization_id and line.invoice_id = invoices.id),
      null::jsonb, null::text, subscription.provider_customer_id
    from app_public.invoices
    join app_public.organization_subscriptions as subscription
      on subscription.organization_id = invoices.organization_id and subscription.id = invoices.subscription_id
    where invoices.id = document_to_issue.id and invoices.status <> 'draft';
  else
    return query
    select note.organization_id, invoices.provider, note.provider_state, note.series, note.number, invoices.currency::text,
      note.issued_at, (note.issued_at at time zone subscription.timezone)::date, null::date, note.net_amount,
      invoices.billed_to, invoices.tax_id::bytea, invoices.tax_id_sealed_for,
      (select jsonb_agg(jsonb_build_object(
         'id', credited.id, 'kind', line.kind, 'descriptions', line.descriptions, 'quantity', -1, 'unitPrice', credited.amount,
         'amount', -credited.amount, 'invoiceLineId', line.id) order by line.position)
       from app_public.credit_note_lines as credited
       join app_public.invoice_lines as line
         on line.organization_id = credited.organization_id and line.id = credited.invoice_line_id
       where credited.organization_id = note.organization_id and credited.credit_note_id = note.id),
      jsonb_build_object('id', invoices.id, 'series', invoices.series, 'number', invoices.number, 'issuedAt', invoices.issued_at,
                         'providerDocumentId', invoices.provider_document_id, 'providerDocumentNumber', invoices.provider_document_number),
      note.reason, subscription.provider_customer_id
    from app_public.credit_notes as note
    join app_public.invoices on invoices.organization_id = note.organization_id and invoices.id = note.invoice_id
    join app_public.organization_subscriptions as subscription
      on subscription.organization_id = invoices.organization_id and subscription.id = invoices.subscription_id
    where note.id = document_to_issue.id;
  end if;
end;
$$;

comment on function app_hidden.document_to_issue is
  'An invoice or a credit note ("invoice", "credit_note") as its provider needs it; state is the provider''s: queued, issued, failed, '
  'unknown. Amounts are in minor units and without tax; those of a credit note''s lines are below zero. The envelope of the tax id '
  'opens as the row and table that tax_id_sealed_for names.';
grant execute on function app_hidden.document_to_issue to app_worker;

reset role;
-- end of source: functions/invoices/document_to_issue.sql

-- source: functions/invoices/require_billing_view.sql
-- Who may see what a clinic is billed: its staff with billing.view, and superadmins. BIL-06.

create or replace function app_private.require_billing_view(organization_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if not app_hidden.is_superadmin() then
    perform app_private.require_permission(require_billing_view.organization_id, 'billing.view');
  end if;
end;
$$;

comment on function app_private.require_billing_view is
  'Refuses with FORBIDDEN for a colleague without billing.view, with NOT_FOUND for anyone else but superadmins.';
grant execute on function app_private.require_billing_view to app_engine;
-- end of source: functions/invoices/require_billing_view.sql

-- source: functions/invoices/explain_line.sql
-- The usage behind a line of an invoice: the very records that it was computed from. BIL-02, BIL-06.

set role app_engine;

create or replace function app_public.explain_line(line_id uuid) returns setof app_public.usage_records
language plpgsql stable security definer rows 100
set search_path = ''
as $$
declare
  v_line app_public.invoice_lines;
  v_subscription app_public.organization_subscriptions;
  v_period app_public.billing_periods;
  v_from timestamptz;
  v_until timestamptz;
begin
  select invoice_lines.* into v_line from app_public.invoice_lines where invoice_lines.id = explain_line.line_id;
  perform app_private.require_billing_view(v_line.organization_id);
  if v_line.usage_to_position is null then
    return;
  end if;
  select organization_subscriptions.* into strict v_subscription
  from app_public.invoices
  join app_public.organization_subscriptions
    on organization_subscriptions.organization_id = invoices.organization_id
    and organization_subscriptions.id = invoices.subscription_id
  where invoices.organization_id = v_line.organization_id and invoices.id = v_line.invoice_id;
  select billing_periods.* into strict v_period
  from app_public.billing_periods
  where billing_periods.organization_id = v_line.organization_id
    and billing_periods.subscription_id = v_subscription.id
    and billing_periods.starts_on <= v_line.starts_on and billing_periods.ends_on >= v_line.ends_on;
  v_from := case when v_line.starts_on = v_period.starts_on then lower(v_period.during)
              else v_line.starts_on::timestamp at time zone v_subscription.timezone end;
  v_until := least(
    case when v_line.ends_on = v_period.ends_on then upper(v_period.during)
      else v_line.ends_on::timestamp at time zone v_subscription.timezone end,
    v_subscription.ended_at);

  if v_line.kind in ('ai', 'late_ai') then
    return query
    select usage_records.*
    from app_public.usage_records
    join app_public.ai_calls
      on ai_calls.organization_id = usage_records.organization_id and ai_calls.usage_record_id = usage_records.id
    where usage_records.organization_id = v_line.organization_id and usage_records.meter = 'ai_calls'
      and usage_records.occurred_at >= v_from and usage_records.occurred_at < v_until
      and ai_calls.currency = v_subscription.currency
      and ai_calls.priced_position > v_line.usage_after_position and ai_calls.priced_position <= v_line.usage_to_position
    order by usage_records.occurred_at, usage_records.position;
  else
    return query
    select usage_records.*
    from app_public.usage_records
    where usage_records.organization_id = v_line.organization_id and usage_records.meter = v_line.meter
      and usage_records.occurred_at >= v_from and usage_records.occurred_at < v_until
      and usage_records.position > v_line.usage_after_position and usage_records.position <= v_line.usage_to_position
    order by usage_records.occurred_at, usage_records.position;
  end if;
end;
$$;

comment on function app_public.explain_line is
  'The records of usage that a line of an invoice was computed from, the earliest first: of one for overage all of its meter and time, '
  'of one told late those that came after the bill before. None for a line without usage. Needs billing.view.';
grant execute on function app_public.explain_line to app_member;

reset role;
-- end of source: functions/invoices/explain_line.sql

-- source: functions/payments/billing_recipients.sql
-- Who is written to about what a clinic pays the platform: its members with billing.manage, and the address for bills, unless one of them
-- reads it anyway. BIL-08.

create or replace function app_private.billing_recipients(organization_id uuid) returns app_private.message_recipient[]
language sql stable
set search_path = ''
as $$
  with members as (
    select distinct memberships.human_id
    from app_public.memberships
    join app_public.membership_roles
      on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
    join app_public.role_permissions
      on role_permissions.organization_id = membership_roles.organization_id and role_permissions.role_id = membership_roles.role_id
    where memberships.organization_id = billing_recipients.organization_id
      and memberships.ended_at is null
      and role_permissions.permission = 'billing.manage'
  )
  select array_agg(told.recipient)
  from (
    select row(null, members.human_id, null, null, null, null, null)::app_private.message_recipient as recipient
    from members
    union all
    select row(null, null, billing.legal_name, billing.billing_email, null, organizations.locale, null)::app_private.message_recipient
    from app_public.organization_billing as billing
    join app_public.organizations on organizations.id = billing.organization_id
    where billing.organization_id = billing_recipients.organization_id
      and not exists (
        select from members
        join app_public.humans on humans.principal_id = members.human_id
        where humans.closed_at is null and app_hidden.ascii_lower(humans.email) = app_hidden.ascii_lower(billing.billing_email))
  ) as told
$$;

comment on function app_private.billing_recipients is
  'The members of a clinic with billing.manage, and its address for bills where none of them has it; null when there is nobody.';
grant execute on function app_private.billing_recipients to app_engine;
-- end of source: functions/payments/billing_recipients.sql

-- source: functions/invoices/messages_about_invoice.sql
-- An invoice was issued: the billing address of the clinic is written to, and its members with billing.manage hear of it. BIL-02, FND-15.

create or replace function app_private.messages_about_invoice(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_recipients constant app_private.message_recipient[] := app_private.billing_recipients(event.organization_id);
begin
  if v_recipients is null then
    return;
  end if;
  perform app_private.notify_many(
    event.organization_id, 'invoice_issued', v_recipients,
    jsonb_build_object(
      'invoiceNumber', invoices.series || '-' || invoices.number,
      'netAmount', invoices.net_amount::text,
      'currency', invoices.currency,
      'dueOn', invoices.due_on),
    event_id => event.id)
  from app_public.invoices
  where invoices.organization_id = event.organization_id and invoices.id = event.subject_id;
end;
$$;

comment on function app_private.messages_about_invoice is
  'Queues what invoice.issued calls for: a mail to the billing address and a note to each member with billing.manage.';
grant execute on function app_private.messages_about_invoice to app_engine;
-- end of source: functions/invoices/messages_about_invoice.sql

-- source: functions/invoices/projected_invoice.sql
-- What the running period comes to so far, by the very function that will bill it. BIL-02, BIL-06.

set role app_engine;

create or replace function app_public.projected_invoice(organization_id uuid)
returns table (
  kind text, meter text, starts_on date, ends_on date, descriptions jsonb, quantity numeric, unit_price numeric, amount bigint
)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  perform app_private.require_billing_view(projected_invoice.organization_id);
  return query
  select line.kind, line.meter, line.starts_on, line.ends_on, app_private.line_descriptions(line), line.quantity, line.unit_price,
    line.amount
  from app_public.billing_periods
  cross join lateral app_private.bill_lines(billing_periods.organization_id, billing_periods.id, coalesce((
    select usage_positions.last_position from app_private.usage_positions
    where usage_positions.organization_id = projected_invoice.organization_id), 0)) as line
  where billing_periods.organization_id = projected_invoice.organization_id
    and billing_periods.during @> app_hidden.now()
    and billing_periods.closed_at is null;
end;
$$;

comment on function app_public.projected_invoice is
  E'@words kind invoice_lines.kind\n@nullable meter\nThe lines that the running period of a clinic comes to so far: changes of the plan, usage beyond the included, AI calls, '
  'and what became known of earlier periods. The price of the plan is not among them: it is billed in advance. Needs billing.view.';
grant execute on function app_public.projected_invoice to app_member;

reset role;
-- end of source: functions/invoices/projected_invoice.sql

-- source: functions/invoices/record_document_failed.sql
-- The invoicing provider did not issue a document, or did not say whether it did. BIL-03.

set role app_engine;

create or replace function app_hidden.record_document_failed(kind text, id uuid, error text, is_unknown boolean) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_organization_id uuid;
  v_state constant text := case when record_document_failed.is_unknown then 'unknown' else 'failed' end;
begin
  if record_document_failed.kind = 'invoice' then
    update app_public.invoices set provider_state = v_state, provider_error = left(record_document_failed.error, 500)
    where invoices.id = record_document_failed.id and invoices.provider_state <> 'issued'
    returning invoices.organization_id into v_organization_id;
  else
    update app_public.credit_notes set provider_state = v_state, provider_error = left(record_document_failed.error, 500)
    where credit_notes.id = record_document_failed.id and credit_notes.provider_state <> 'issued'
    returning credit_notes.organization_id into v_organization_id;
  end if;
  if v_organization_id is not null then
    perform app_private.publish('invoice.document_failed', v_organization_id, record_document_failed.id, jsonb_build_object(
      'kind', record_document_failed.kind, 'documentId', record_document_failed.id, 'state', v_state));
  end if;
end;
$$;

comment on function app_hidden.record_document_failed is
  'Keeps why a document is not issued, or that nobody knows whether it is (is_unknown). One that is issued stays so.';
grant execute on function app_hidden.record_document_failed to app_worker;

reset role;
-- end of source: functions/invoices/record_document_failed.sql

-- source: functions/invoices/record_document_issued.sql
-- What the invoicing provider answered: its own number, the document, the tax and the total. Said again, nothing changes. BIL-03.

set role app_engine;

create or replace function app_hidden.record_document_issued(
  kind text,
  id uuid,
  provider_document_id text,
  number text,
  url text,
  tax_amount bigint,
  total_amount bigint
) returns boolean
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_invoice app_public.invoices;
  v_note app_public.credit_notes;
begin
  if record_document_issued.kind = 'invoice' then
    select invoices.* into v_invoice from app_public.invoices where invoices.id = record_document_issued.id for no key update;
    if v_invoice.provider_state is distinct from 'issued' and v_invoice.id is not null then
      update app_public.invoices set
        provider_state = 'issued', provider_document_id = record_document_issued.provider_document_id,
        provider_document_number = record_document_issued.number, provider_document_url = record_document_issued.url,
        provider_error = null, tax_amount = record_document_issued.tax_amount, total_amount = record_document_issued.total_amount
      where invoices.organization_id = v_invoice.organization_id and invoices.id = v_invoice.id;
      -- What is owed is what the provider says; beyond the net it is tax.
      perform app_private.post('invoice', v_invoice.id, v_invoice.organization_id, v_invoice.currency, jsonb_build_object(
        'receivable', record_document_issued.total_amount - v_invoice.net_amount,
        'tax', v_invoice.net_amount - record_document_issued.total_amount));
      return true;
    end if;
  else
    select credit_notes.* into v_note from app_public.credit_notes where credit_notes.id = record_document_issued.id for no key update;
    if v_note.provider_state is distinct from 'issued' and v_note.id is not null then
      update app_public.credit_notes set
        provider_state = 'issued', provider_document_id = record_document_issued.provider_document_id,
        provider_document_number = record_document_issued.number, provider_document_url = record_document_issued.url,
        provider_error = null, tax_amount = record_document_issued.tax_amount, total_amount = record_document_issued.total_amount
      where credit_notes.organization_id = v_note.organization_id and credit_notes.id = v_note.id;
      -- It was posted when it was issued, with the share of the invoice's tax; what the provider says otherwise is told.
      if v_note.gross_amount <> abs(record_document_issued.total_amount) then
        perform app_private.publish(
          'credit_note.total_differs', v_note.organization_id, v_note.id,
          jsonb_build_object('creditNoteId', v_note.id, 'invoiceId', v_note.invoice_id));
      end if;
      return true;
    end if;
  end if;
  return false;
end;
$$;

comment on function app_hidden.record_document_issued is
  'Keeps what the provider answered about an invoice or a credit note, once; answers whether it was not kept before. The tax is stored '
  'as it came, in minor units; a total that is not the net amount with the tax is kept and shown as a difference.';
grant execute on function app_hidden.record_document_issued to app_worker;

reset role;
-- end of source: functions/invoices/record_document_issued.sql

-- source: functions/invoices/set_document_series.sql
-- From now on this server numbers in another series: as the accountants of the platform want it, each year if they do. BIL-07.

set role app_engine;

create or replace function app_public.set_document_series(series text, for_credit_notes boolean default false) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_kind constant text := case when for_credit_notes then 'credit_note' else 'invoice' end;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  if set_document_series.series !~ '^[A-Z][A-Z0-9-]{0,19}$' then
    perform app_hidden.refuse('VALIDATION', 'series_malformed', '{"field": "series"}');
  end if;
  update app_private.document_series set is_current = false
  where document_series.kind = v_kind and document_series.is_current
    and document_series.series <> set_document_series.series;
  insert into app_private.document_series as known (series, kind)
  values (set_document_series.series, v_kind)
  on conflict on constraint document_series_pkey do update set is_current = true
    where known.kind = excluded.kind;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'series_is_of_another_kind', jsonb_build_object('series', set_document_series.series));
  end if;
  return set_document_series.series;
end;
$$;

comment on function app_public.set_document_series is
  E'@arg forCreditNotes Whether it numbers credit notes; invoices otherwise.\n@arg series Capital letters, digits and dashes, 20 at most; must not be one of another server.\n@resultFieldName series\n'
  'Numbers invoices, or credit notes, in this series from now on; one that was used before goes on where it was. Superadmins only.';
grant execute on function app_public.set_document_series to app_member;

reset role;
-- end of source: functions/invoices/set_document_series.sql

-- source: functions/invoices/tg_invoice_lines__keep.sql
-- Lines are written while their invoice is a draft, and never changed. BIL-02.

create or replace function app_private.tg_invoice_lines__keep() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if not exists (
    select from app_public.invoices
    where invoices.organization_id = new.organization_id and invoices.id = new.invoice_id and invoices.status = 'draft')
  then
    perform app_hidden.refuse('IMMUTABLE', 'invoice_is_issued', jsonb_build_object('invoiceId', new.invoice_id));
  end if;
  return new;
end;
$$;

comment on function app_private.tg_invoice_lines__keep is
  'IMMUTABLE invoice_is_issued for a line of an invoice that is no draft. Trigger _300_keep.';
-- end of source: functions/invoices/tg_invoice_lines__keep.sql

-- source: functions/invoices/tg_invoices__keep.sql
-- What is issued never changes: only how it is paid, credited, issued at the provider and taken by the tax office is written, what the
-- provider answers once, and its tax id is sealed anew when keys rotate. Nothing is deleted. BIL-02, BIL-07.

create or replace function app_private.tg_invoices__keep() returns trigger
language plpgsql volatile
set search_path = ''
as $$
declare
  v_moves constant text[] := '{status,payment_state,paid_amount,credited_amount,paid_at,provider_state,provider_document_id,
    provider_document_number,provider_document_url,provider_error,tax_state,tax_upload_id,tax_sent_at,tax_deadline_on,tax_checked_at,
    tax_error,updated_at,tax_amount,total_amount,provider_difference_amount,tax_id}';
begin
  if tg_op = 'DELETE' then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "invoices"}');
  elsif old.status <> 'draft' and (
    to_jsonb(new) - v_moves is distinct from to_jsonb(old) - v_moves
    -- The provider's answer is taken once.
    or old.total_amount is not null and (new.tax_amount, new.total_amount) is distinct from (old.tax_amount, old.total_amount)
    or new.tax_id is distinct from old.tax_id
      and not coalesce(app_private.key_version(new.tax_id) > app_private.key_version(old.tax_id), false))
  then
    perform app_hidden.refuse('IMMUTABLE', 'invoice_is_issued', jsonb_build_object('invoiceId', old.id));
  end if;
  return new;
end;
$$;

comment on function app_private.tg_invoices__keep is
  'IMMUTABLE invoice_is_issued for a change of what is issued, never_changed for a deletion. Trigger _300_keep.';
-- end of source: functions/invoices/tg_invoices__keep.sql

-- source: functions/invoices/tg_postings__balance.sql
-- The postings of a document sum to zero, in each currency, whoever writes them: looked at when the transaction ends. BIL-02.

set role app_engine;

create or replace function app_private.tg_postings__balance() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_sum numeric;
begin
  select sum(postings.amount) into v_sum
  from app_private.postings
  where postings.organization_id = new.organization_id
    and postings.document_kind = new.document_kind and postings.document_id = new.document_id
    and postings.currency = new.currency;
  if v_sum <> 0 then
    raise exception 'the postings of % % come to % % rather than nothing', new.document_kind, new.document_id, v_sum, new.currency
      using errcode = 'check_violation', constraint = 'postings_balance';
  end if;
  return null;
end;
$$;

comment on function app_private.tg_postings__balance is
  'Refuses, at the end of the transaction, postings of a document that do not sum to zero. Trigger _800_balance, deferred.';

reset role;
-- end of source: functions/invoices/tg_postings__balance.sql

-- source: functions/subscriptions/offered_tier_version.sql
-- The version that a clinic gets when it chooses a tier: the one that was published last. BIL-01, FND-20.

create or replace function app_private.offered_tier_version(
  tier_id uuid, currency text, tenancy_mode text, for_the_clinic boolean
) returns app_public.platform_tier_versions
language plpgsql stable
set search_path = ''
as $$
declare
  v_version app_public.platform_tier_versions;
begin
  select versions.* into v_version
  from app_public.platform_tiers
  join app_public.platform_tier_versions as versions on versions.tier_id = platform_tiers.id
  where platform_tiers.id = offered_tier_version.tier_id
    and (platform_tiers.is_offered or not for_the_clinic)
    and versions.published_at is not null
  order by versions.version desc
  limit 1;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'platform_tier_not_found');
  elsif not exists (
    select from app_public.platform_tier_prices
    where platform_tier_prices.tier_version_id = v_version.id
      and platform_tier_prices.currency = offered_tier_version.currency
      and platform_tier_prices.tenancy_mode = offered_tier_version.tenancy_mode
  ) then
    perform app_hidden.refuse(
      'VALIDATION', 'tier_has_no_price', jsonb_build_object('field', 'tierId', 'currency', offered_tier_version.currency));
  end if;
  return v_version;
end;
$$;

comment on function app_private.offered_tier_version is
  'The latest published version of a tier that is offered; the platform may choose one that is not. NOT_FOUND platform_tier_not_found; '
  'VALIDATION tier_has_no_price in this currency.';
grant execute on function app_private.offered_tier_version to app_engine;
-- end of source: functions/subscriptions/offered_tier_version.sql

-- source: functions/invoices/tier_change_preview.sql
-- What it would cost a clinic to go over to another tier today: the lines that its bill would have for it, by the very function that
-- bills them. BIL-06, docs/decisions/0193.

set role app_engine;

create or replace function app_public.tier_change_preview(organization_id uuid, tier_id uuid)
returns table (
  kind text, meter text, starts_on date, ends_on date, descriptions jsonb, quantity numeric, unit_price numeric, amount bigint
)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_subscription app_public.organization_subscriptions;
  v_version app_public.platform_tier_versions;
begin
  perform app_private.require_billing_view(tier_change_preview.organization_id);
  select organization_subscriptions.* into v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = tier_change_preview.organization_id
    and organization_subscriptions.status <> 'canceled';
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'clinic_not_subscribed');
  end if;
  v_version := app_private.offered_tier_version(
    tier_change_preview.tier_id, v_subscription.currency, v_subscription.tenancy_mode,
    app_hidden.has_permission(tier_change_preview.organization_id, 'billing.view'));
  return query
  select line.kind, line.meter, line.starts_on, line.ends_on, app_private.line_descriptions(line), line.quantity, line.unit_price,
    line.amount
  from app_public.billing_periods
  cross join lateral app_private.term_of(v_subscription, billing_periods) as term
  cross join lateral app_private.tier_change_lines(
    v_subscription, term.starts_on, term.ends_on, (app_hidden.now() at time zone v_subscription.timezone)::date,
    v_subscription.tier_version_id, v_version.id) as line
  where billing_periods.organization_id = v_subscription.organization_id
    and billing_periods.subscription_id = v_subscription.id
    and billing_periods.during @> app_hidden.now()
    and not billing_periods.is_trial
    and v_version.id <> v_subscription.tier_version_id;
end;
$$;

comment on function app_public.tier_change_preview is
  E'@words kind invoice_lines.kind\n@nullable meter\n@arg tierId One of platformTiers that is offered.\n'
  'The lines that the next bill would have for a change of the tier today: what is taken off for the days left of the old one, and what '
  'the new one costs for them. None on trial, or when it is the tier that the clinic has. Needs billing.view. '
  'NOT_FOUND clinic_not_subscribed, platform_tier_not_found; VALIDATION tier_has_no_price.';
grant execute on function app_public.tier_change_preview to app_member;

reset role;
-- end of source: functions/invoices/tier_change_preview.sql

-- source: functions/invoices/verify_invoice.sql
-- Holds an issued invoice against what it comes to when it is computed again. BIL-02.

create or replace function app_private.verify_invoice(invoice app_public.invoices, lines jsonb, inputs jsonb)
returns table (problem text, invoice_id uuid, period_id uuid, expected jsonb, found jsonb)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_found jsonb;
begin
  select coalesce(jsonb_agg(to_jsonb((line.kind, line.meter, line.tier_version_id, line.starts_on, line.ends_on, line.quantity,
      line.unit_price, line.amount, line.usage_after_position, line.usage_to_position)::app_private.bill_line) order by line.position), '[]')
  into v_found
  from app_public.invoice_lines as line
  where line.organization_id = invoice.organization_id and line.invoice_id = invoice.id;
  if v_found <> lines then
    return query select 'invoice_lines_differ', invoice.id, invoice.period_id, lines, v_found;
  end if;
  if invoice.net_amount <> (select coalesce(sum((line ->> 'amount')::bigint), 0) from jsonb_array_elements(v_found) as line) then
    return query select 'net_amount_differs', invoice.id, invoice.period_id, null::jsonb, to_jsonb(invoice.net_amount);
  end if;
  if invoice.inputs <> verify_invoice.inputs then
    return query select 'inputs_differ', invoice.id, invoice.period_id, verify_invoice.inputs, invoice.inputs;
  end if;
  if invoice.inputs_hash <> app_private.inputs_digest(invoice.inputs, invoice.billed_to) then
    return query select 'hash_differs', invoice.id, invoice.period_id,
      to_jsonb(encode(app_private.inputs_digest(invoice.inputs, invoice.billed_to), 'hex')), to_jsonb(encode(invoice.inputs_hash, 'hex'));
  end if;
  if invoice.total_amount <> invoice.net_amount + coalesce(invoice.tax_amount, 0) then
    return query select 'provider_total_differs', invoice.id, invoice.period_id,
      to_jsonb(invoice.net_amount + coalesce(invoice.tax_amount, 0)), to_jsonb(invoice.total_amount);
  end if;
  return query
  select 'revenue_differs', invoice.id, invoice.period_id, to_jsonb(-invoice.net_amount), to_jsonb(posted.amount)
  from (
    select coalesce(sum(postings.amount), 0) as amount
    from app_private.postings
    where postings.organization_id = invoice.organization_id and postings.document_kind = 'invoice'
      and postings.document_id = invoice.id and postings.account in ('plan_revenue', 'overage_revenue', 'ai_revenue')
  ) as posted
  where posted.amount <> -invoice.net_amount;
end;
$$;

comment on function app_private.verify_invoice is
  'Each difference between an invoice and the lines and inputs that it should have.';
grant execute on function app_private.verify_invoice to app_engine;
-- end of source: functions/invoices/verify_invoice.sql

-- source: functions/invoices/verify_bills.sql
-- Computes again everything that a clinic was ever billed, and tells each difference. BIL-02.

create or replace function app_private.verify_bills(organization_id uuid)
returns table (problem text, invoice_id uuid, period_id uuid, expected jsonb, found jsonb)
language plpgsql stable
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_bill app_public.period_bills;
  v_invoice app_public.invoices;
  v_subscription app_public.organization_subscriptions;
  v_period app_public.billing_periods;
  v_lines jsonb;
  v_net numeric;
  v_carried bigint := 0;
  v_subscription_id uuid;
  v_inputs jsonb;
begin
  for v_bill in
    select period_bills.* from app_public.period_bills
    where period_bills.organization_id = verify_bills.organization_id
    order by period_bills.subscription_id, period_bills.position
  loop
    if v_subscription_id is distinct from v_bill.subscription_id then
      v_carried := 0;
      v_subscription_id := v_bill.subscription_id;
      select subscriptions.* into strict v_subscription
      from app_public.organization_subscriptions as subscriptions
      where subscriptions.organization_id = v_bill.organization_id and subscriptions.id = v_subscription_id;
    end if;
    select billing_periods.* into strict v_period
    from app_public.billing_periods
    where billing_periods.organization_id = v_bill.organization_id and billing_periods.id = v_bill.period_id;
    select coalesce(jsonb_agg(to_jsonb(line)), '[]'), coalesce(sum(line.amount), 0) into v_lines, v_net
    from (
      select * from app_private.bill_lines(v_bill.organization_id, v_bill.period_id, v_bill.usage_position)
      where v_bill.kind = 'period'
      union all
      select * from app_private.advance_lines(v_bill.organization_id, v_bill.period_id, v_bill.tier_version_id)
      where v_bill.kind = 'advance'
    ) as line;
    if v_carried < 0 and v_carried + v_net > 0 then
      v_lines := v_lines || to_jsonb(
        row('credit', null, null, v_period.starts_on, v_period.ends_on, -1, -v_carried, v_carried, null, null)::app_private.bill_line);
    end if;
    if v_lines <> v_bill.lines then
      return query select 'lines_differ', v_bill.invoice_id, v_bill.period_id, v_lines, v_bill.lines;
    end if;
    if v_net <> v_bill.net_amount or v_carried <> v_bill.carried_before then
      return query select 'amount_differs', v_bill.invoice_id, v_bill.period_id,
        jsonb_build_object('net', v_net, 'carried', v_carried),
        jsonb_build_object('net', v_bill.net_amount, 'carried', v_bill.carried_before);
    end if;

    v_invoice := null;
    select invoices.* into v_invoice
    from app_public.invoices
    where invoices.organization_id = v_bill.organization_id and invoices.id = v_bill.invoice_id;
    if (v_invoice.id is not null) <> (v_carried + v_net > 0) then
      return query select 'invoice_missing', v_bill.invoice_id, v_bill.period_id, to_jsonb(v_carried + v_net), null::jsonb;
    elsif v_invoice.id is not null then
      v_inputs := app_private.bill_inputs(v_subscription, v_period, v_bill.kind, v_bill.tier_version_id, v_bill.usage_position, v_carried);
      return query select problems.* from app_private.verify_invoice(v_invoice, v_lines, v_inputs) as problems;
    end if;
    v_carried := least(v_carried + v_net, 0);
  end loop;

  return query
  select 'invoice_without_period', invoices.id, invoices.period_id, null::jsonb, to_jsonb(invoices.net_amount)
  from app_public.invoices
  where invoices.organization_id = verify_bills.organization_id
    and not exists (
      select from app_public.period_bills
      where period_bills.organization_id = invoices.organization_id and period_bills.invoice_id = invoices.id);

  return query
  select 'postings_not_balanced', case postings.document_kind when 'invoice' then postings.document_id end, null::uuid, to_jsonb(0),
    to_jsonb(sum(postings.amount))
  from app_private.postings
  where postings.organization_id = verify_bills.organization_id
  group by postings.document_kind, postings.document_id, postings.currency
  having sum(postings.amount) <> 0;
end;
$$;

comment on function app_private.verify_bills is
  'Each difference between what a clinic was billed and what it comes to when it is computed again.';
grant execute on function app_private.verify_bills to app_engine;
-- end of source: functions/invoices/verify_bills.sql

-- source: functions/invoices/verify_numbers.sql
-- The numbers of the series of this server: none is left out and none given twice, whichever clinic has it. BIL-02, BIL-07.
-- Of clinics that moved away the numbers went along: those are told, too, and explained by the move (0064).

create or replace function app_private.verify_numbers()
returns table (series text, missing bigint)
language sql stable
set search_path = ''
as $$
  select document_series.series, wanted.number
  from app_private.document_series
  cross join lateral generate_series(1, document_series.next_number - 1) as wanted (number)
  where not exists (
    select from app_public.invoices where invoices.series = document_series.series and invoices.number = wanted.number
    union all
    select from app_public.credit_notes where credit_notes.series = document_series.series and credit_notes.number = wanted.number)
$$;

comment on function app_private.verify_numbers is 'The numbers of this server''s series that no document has.';
grant execute on function app_private.verify_numbers to app_engine;
-- end of source: functions/invoices/verify_numbers.sql

-- source: functions/invoices/verify_billing.sql
-- For superadmins: everything that a clinic was ever billed is computed again, and each difference is told. BIL-02, BIL-06.

set role app_engine;

create or replace function app_public.verify_billing(organization_id uuid)
returns table (problem text, invoice_id uuid, period_id uuid, expected jsonb, found jsonb)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  return query select problems.* from app_private.verify_bills(verify_billing.organization_id) as problems;
  return query
  select 'number_missing', null::uuid, null::uuid, jsonb_build_object('series', gaps.series, 'number', gaps.missing), null::jsonb
  from app_private.verify_numbers() as gaps;
end;
$$;

comment on function app_public.verify_billing is
  E'@nullable invoice_id\n@nullable period_id\n@nullable expected\n@nullable found\nEach difference between what a clinic was billed and what it comes to when it is computed again: lines, amounts, inputs, '
  'hashes, postings, the provider''s totals, and numbers that are missing in the series of this server. Nothing when all is well. '
  'Superadmins only.';
grant execute on function app_public.verify_billing to app_member;

reset role;
-- end of source: functions/invoices/verify_billing.sql

-- source: functions/invoices/verify_clinic_billing.sql
-- The worker's door to verify_bills(): what differs is an event that somebody looks at. BIL-02.

set role app_engine;

create or replace function app_private.verify_clinic_billing(organization_id uuid) returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_differences int;
begin
  select count(*) into v_differences from app_private.verify_bills(verify_clinic_billing.organization_id);
  if v_differences > 0 then
    perform app_private.publish(
      'billing_check.differed', verify_clinic_billing.organization_id, verify_clinic_billing.organization_id,
      jsonb_build_object('differences', v_differences));
  end if;
  return v_differences;
end;
$$;

comment on function app_private.verify_clinic_billing is
  'Computes again what a clinic was billed; publishes billing_check.differed where it differs, and answers how many differences there are.';
grant execute on function app_private.verify_clinic_billing to app_worker;

create or replace function app_private.clinics_billed(after_id uuid, batch int) returns setof uuid
language sql stable security definer
set search_path = ''
as $$
  select organization_billing.organization_id
  from app_public.organization_billing
  where after_id is null or organization_billing.organization_id > after_id
  order by organization_billing.organization_id
  limit batch
$$;

comment on function app_private.clinics_billed is 'The next clinics with billing details after this one, by their ids.';
grant execute on function app_private.clinics_billed to app_worker;

reset role;
-- end of source: functions/invoices/verify_clinic_billing.sql

-- source: functions/metering/ai_cost_between.sql
-- What AI calls of a time cost, by those whose cost was known in a range of positions. FND-24.

create or replace function app_private.ai_cost_between(
  organization_id uuid, currency text, during tstzrange, after_position bigint, to_position bigint
) returns numeric
language sql stable
set search_path = ''
as $$
  select coalesce(sum(ai_calls.cost), 0)
  from app_public.usage_records
  join app_public.ai_calls
    on ai_calls.organization_id = usage_records.organization_id and ai_calls.usage_record_id = usage_records.id
  where usage_records.organization_id = ai_cost_between.organization_id
    and usage_records.meter = 'ai_calls'
    and usage_records.occurred_at >= lower(ai_cost_between.during) and usage_records.occurred_at < upper(ai_cost_between.during)
    and ai_calls.currency = ai_cost_between.currency
    and ai_calls.priced_position > ai_cost_between.after_position and ai_calls.priced_position <= ai_cost_between.to_position
$$;

comment on function app_private.ai_cost_between is 'The exact sum of the costs, in minor units.';
grant execute on function app_private.ai_cost_between to app_engine;
-- end of source: functions/metering/ai_cost_between.sql

-- source: functions/metering/billing_currency.sql
-- In which currency a clinic is billed: its subscription's, or what it wants to be billed in, or its own. FND-24, BIL-10.

create or replace function app_private.billing_currency(organization_id uuid) returns text
language sql stable
set search_path = ''
begin atomic
  select coalesce(
    (select subscriptions.currency from app_public.organization_subscriptions as subscriptions
     where subscriptions.organization_id = organizations.id and subscriptions.status <> 'canceled'),
    (select billing.currency from app_public.organization_billing as billing where billing.organization_id = organizations.id),
    organizations.currency)::text
  from app_public.organizations
  where organizations.id = billing_currency.organization_id;
end;

comment on function app_private.billing_currency is 'The currency that the clinic is billed in.';
grant execute on function app_private.billing_currency to app_engine;
-- end of source: functions/metering/billing_currency.sql

-- source: functions/metering/draft_platform_tier_version.sql
-- The next version of a tier begins as a copy of the last. FND-20.

set role app_engine;

create or replace function app_public.draft_platform_tier_version(tier_id uuid) returns app_public.platform_tier_versions
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_last app_public.platform_tier_versions;
  v_draft app_public.platform_tier_versions;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  -- One after the other: both would write the next number.
  perform from app_public.platform_tiers where platform_tiers.id = draft_platform_tier_version.tier_id for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  select versions.* into v_last
  from app_public.platform_tier_versions as versions
  where versions.tier_id = draft_platform_tier_version.tier_id
  order by versions.version desc
  limit 1;
  if v_last.id is not null and v_last.published_at is null then
    return v_last;
  end if;

  insert into app_public.platform_tier_versions (tier_id, version, ai_markup_basis_points, trial_days)
  values (draft_platform_tier_version.tier_id, coalesce(v_last.version, 0) + 1, coalesce(v_last.ai_markup_basis_points, 3000),
          coalesce(v_last.trial_days, 30))
  returning * into v_draft;
  insert into app_public.platform_tier_prices (tier_version_id, currency, tenancy_mode, monthly_amount, annual_amount, setup_amount)
  select v_draft.id, prices.currency, prices.tenancy_mode, prices.monthly_amount, prices.annual_amount, prices.setup_amount
  from app_public.platform_tier_prices as prices where prices.tier_version_id = v_last.id;
  insert into app_public.platform_tier_limits (tier_version_id, meter, enforcement, included)
  select v_draft.id, limits.meter, limits.enforcement, limits.included
  from app_public.platform_tier_limits as limits where limits.tier_version_id = v_last.id;
  insert into app_public.platform_overage_prices (tier_version_id, meter, currency, unit_price)
  select v_draft.id, prices.meter, prices.currency, prices.unit_price
  from app_public.platform_overage_prices as prices where prices.tier_version_id = v_last.id;
  return v_draft;
end;
$$;

comment on function app_public.draft_platform_tier_version is
  'The draft of a tier, made as a copy of its last version where there is none. Clinics keep the version that they subscribed to. Superadmin only.';
grant execute on function app_public.draft_platform_tier_version to app_member;

reset role;
-- end of source: functions/metering/draft_platform_tier_version.sql

-- source: functions/metering/edit_platform_tier_version.sql
-- What a draft costs and includes, all at once: either everything is as given, or nothing changed. FND-20.

set role app_engine;

create or replace function app_public.edit_platform_tier_version(
  tier_version_id uuid,
  trial_days int,
  ai_markup_basis_points int,
  prices app_public.tier_price[],
  limits app_public.tier_limit[],
  overage_prices app_public.tier_overage_price[]
) returns app_public.platform_tier_versions
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_version app_public.platform_tier_versions := app_private.draft_version(edit_platform_tier_version.tier_version_id);
begin
  perform app_private.refuse_tier_content(trial_days, ai_markup_basis_points, prices, limits, overage_prices);

  delete from app_public.platform_overage_prices as known where known.tier_version_id = v_version.id;
  delete from app_public.platform_tier_limits as known where known.tier_version_id = v_version.id;
  delete from app_public.platform_tier_prices as known where known.tier_version_id = v_version.id;
  insert into app_public.platform_tier_prices (tier_version_id, currency, tenancy_mode, monthly_amount, annual_amount, setup_amount)
  select v_version.id, given.currency, given.tenancy_mode, given.monthly_amount, given.annual_amount, coalesce(given.setup_amount, 0)
  from unnest(edit_platform_tier_version.prices) as given;
  insert into app_public.platform_tier_limits (tier_version_id, meter, enforcement, included)
  select v_version.id, given.meter, given.enforcement, given.included
  from unnest(edit_platform_tier_version.limits) as given;
  insert into app_public.platform_overage_prices (tier_version_id, meter, currency, unit_price)
  select v_version.id, given.meter, given.currency, given.unit_price
  from unnest(edit_platform_tier_version.overage_prices) as given;
  update app_public.platform_tier_versions as versions
  set trial_days = edit_platform_tier_version.trial_days, ai_markup_basis_points = edit_platform_tier_version.ai_markup_basis_points
  where versions.id = v_version.id
  returning * into v_version;
  return v_version;
end;
$$;

comment on function app_public.edit_platform_tier_version is
  E'@arg trialDays How many days a new subscription is free.\n'
  '@arg aiMarkupBasisPoints What is added to the cost of AI calls, in hundredths of a percent.\n'
  '@arg prices All prices; one for each currency and way of being hosted.\n'
  '@arg limits All limits; a meter that is left out is neither limited nor billed.\n'
  '@arg overagePrices All prices of what is used beyond a soft limit.\n'
  'Replaces what a draft says. Superadmin only; IMMUTABLE never_changed once it was published; VALIDATION tier_price_malformed, '
  'tier_limit_malformed, overage_price_malformed with the place in the list.';
grant execute on function app_public.edit_platform_tier_version to app_member;

reset role;

-- A draft, locked for whoever edits or publishes it.
create or replace function app_private.draft_version(tier_version_id uuid) returns app_public.platform_tier_versions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_version app_public.platform_tier_versions;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  select versions.* into v_version
  from app_public.platform_tier_versions as versions
  where versions.id = draft_version.tier_version_id
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  elsif v_version.published_at is not null then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "platform_tier_versions"}');
  end if;
  return v_version;
end;
$$;

comment on function app_private.draft_version is
  'The draft, locked. FORBIDDEN superadmin_only, NOT_FOUND, IMMUTABLE never_changed once it was published.';
grant execute on function app_private.draft_version to app_engine;

create or replace function app_private.refuse_tier_content(
  trial_days int,
  ai_markup_basis_points int,
  prices app_public.tier_price[],
  limits app_public.tier_limit[],
  overage_prices app_public.tier_overage_price[]
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_place bigint;
begin
  if trial_days not between 0 and 365 then
    perform app_hidden.refuse('VALIDATION', 'tier_trial_out_of_range', '{"field": "trialDays", "most": 365}');
  elsif ai_markup_basis_points not between 0 and 100000 then
    perform app_hidden.refuse('VALIDATION', 'tier_markup_out_of_range', '{"field": "aiMarkupBasisPoints", "most": 100000}');
  end if;

  select given.place into v_place
  from unnest(prices) with ordinality as given (currency, tenancy_mode, monthly_amount, annual_amount, setup_amount, place)
  where not coalesce(
    given.currency ~ '^[A-Z]{3}$' and given.tenancy_mode in ('shared', 'dedicated') and given.monthly_amount >= 0 and given.annual_amount >= 0
      and coalesce(given.setup_amount, 0) >= 0
      and not exists (
        select from unnest(prices) with ordinality as other (currency, tenancy_mode, m, a, s, place)
        where (other.currency, other.tenancy_mode) = (given.currency, given.tenancy_mode) and other.place < given.place), false)
  order by given.place limit 1;
  if found then
    perform app_hidden.refuse('VALIDATION', 'tier_price_malformed', jsonb_build_object('field', 'prices', 'place', v_place));
  end if;

  -- How much there is cannot be billed as it grows, and not everything that is used can be refused.
  select given.place into v_place
  from unnest(limits) with ordinality as given (meter, enforcement, included, place)
  left join app_public.meters on meters.key = given.meter
  where not coalesce(
    case given.enforcement when 'hard' then meters.can_be_hard when 'soft' then not meters.is_standing end
      and coalesce(given.included, 0) >= 0
      and not exists (
        select from unnest(limits) with ordinality as other (meter, e, i, place)
        where other.meter = given.meter and other.place < given.place), false)
  order by given.place limit 1;
  if found then
    perform app_hidden.refuse('VALIDATION', 'tier_limit_malformed', jsonb_build_object('field', 'limits', 'place', v_place));
  end if;

  select given.place into v_place
  from unnest(overage_prices) with ordinality as given (meter, currency, unit_price, place)
  where not coalesce(
    given.currency ~ '^[A-Z]{3}$' and given.unit_price >= 0 and given.unit_price < 1e12 and scale(given.unit_price) <= 9
      and exists (select from unnest(limits) as other where other.meter = given.meter and other.enforcement = 'soft' and other.included is not null)
      and not exists (
        select from unnest(overage_prices) with ordinality as other (meter, currency, u, place)
        where (other.meter, other.currency) = (given.meter, given.currency) and other.place < given.place), false)
  order by given.place limit 1;
  if found then
    perform app_hidden.refuse('VALIDATION', 'overage_price_malformed', jsonb_build_object('field', 'overagePrices', 'place', v_place));
  end if;
end;
$$;

comment on function app_private.refuse_tier_content is
  'Refuses what no version can say: twice the same, a negative price, a hard limit of what cannot be refused, a soft one of what stands, a price without a soft limit.';
grant execute on function app_private.refuse_tier_content to app_engine;
-- end of source: functions/metering/edit_platform_tier_version.sql

-- source: functions/metering/usage_period_at.sql
-- What a clinic's usage of an instant is summed up in: its billing period, or else the calendar month of its zone, as far as no billing
-- period takes of that. So spans of a clinic never overlap. FND-24.

create or replace function app_private.usage_period_at(organization_id uuid, at timestamptz) returns tstzrange
language plpgsql stable
set search_path = ''
as $$
declare
  v_period app_public.billing_periods := app_private.billing_period_at(usage_period_at.organization_id, usage_period_at.at);
  v_timezone text;
begin
  if v_period.during is not null then
    return v_period.during;
  end if;
  select organizations.timezone into strict v_timezone
  from app_public.organizations
  where organizations.id = usage_period_at.organization_id;
  return (
    select tstzrange(
      greatest(months.starts_at, max(upper(billing_periods.during)) filter (where upper(billing_periods.during) <= usage_period_at.at)),
      least(months.ends_at, min(lower(billing_periods.during)) filter (where lower(billing_periods.during) > usage_period_at.at)))
    from (
      select date_trunc('month', usage_period_at.at, v_timezone) as starts_at,
             date_add(date_trunc('month', usage_period_at.at, v_timezone), interval '1 month', v_timezone) as ends_at
    ) as months
    left join app_public.billing_periods on billing_periods.organization_id = usage_period_at.organization_id
    group by months.starts_at, months.ends_at);
end;
$$;

comment on function app_private.usage_period_at is 'The span that usage of this instant is summed up in, half-open.';
grant execute on function app_private.usage_period_at to app_engine;

-- The same for every instant of a stretch at once. A span holds until it ends, or until a period of a later subscription begins in it.
create or replace function app_private.usage_periods_between(organization_id uuid, first_at timestamptz, last_at timestamptz)
returns table (starts_at timestamptz, ends_at timestamptz, during tstzrange)
language plpgsql stable
set search_path = ''
as $$
begin
  starts_at := usage_periods_between.first_at;
  while starts_at <= usage_periods_between.last_at loop
    during := app_private.usage_period_at(usage_periods_between.organization_id, starts_at);
    ends_at := least(upper(during), (
      select min(lower(billing_periods.during))
      from app_public.billing_periods
      where billing_periods.organization_id = usage_periods_between.organization_id
        and lower(billing_periods.during) > usage_periods_between.starts_at));
    return next;
    starts_at := ends_at;
  end loop;
end;
$$;

comment on function app_private.usage_periods_between is
  'The stretch in pieces, each of which lies within one span of usage_period_at().';
grant execute on function app_private.usage_periods_between to app_engine;
-- end of source: functions/metering/usage_period_at.sql

-- source: functions/metering/record_usage.sql
-- Something was used, once: the record and what it adds to its period's summary are written together. FND-24.
-- Whoever tells the same again is answered with the record that is there. Something else under the same key is kept apart and told,
-- since nobody knows which of the two was so.

create or replace function app_private.record_usage(
  organization_id uuid,
  meter text,
  source text,
  key text,
  quantity numeric,
  occurred_at timestamptz default app_hidden.now(),
  subject_id uuid default null
) returns app_public.usage_records
language plpgsql volatile
set search_path = ''
as $$
declare
  v_aggregation text := app_private.require_meter(record_usage.meter);
  v_position bigint := app_private.usage_watermark(record_usage.organization_id);
  v_record app_public.usage_records;
begin
  if v_aggregation = 'unique' and subject_id is null then
    perform app_hidden.refuse('VALIDATION', 'usage_subject_missing', jsonb_build_object('meter', record_usage.meter));
  end if;
  insert into app_public.usage_records (organization_id, position, meter, source, key, quantity, subject_id, occurred_at, recorded_at)
  values (record_usage.organization_id, v_position + 1, record_usage.meter, record_usage.source, record_usage.key, record_usage.quantity,
          record_usage.subject_id, record_usage.occurred_at, app_hidden.now())
  on conflict on constraint usage_records_pkey do nothing
  returning * into v_record;
  if not found then
    select known.* into strict v_record
    from app_public.usage_records as known
    where known.organization_id = record_usage.organization_id and known.source = record_usage.source and known.key = record_usage.key;
    if (v_record.meter, v_record.quantity, v_record.subject_id, v_record.occurred_at)
       is distinct from (record_usage.meter, record_usage.quantity, record_usage.subject_id, record_usage.occurred_at) then
      perform app_private.keep_usage_conflict(
        v_record, record_usage.meter, record_usage.quantity, record_usage.subject_id, record_usage.occurred_at);
    end if;
    return v_record;
  end if;

  update app_private.usage_positions set last_position = v_position + 1
  where usage_positions.organization_id = record_usage.organization_id;
  perform app_private.add_to_summary(v_record, v_aggregation);
  return v_record;
end;
$$;

comment on function app_private.record_usage is
  'Records usage of a meter under a key that is unique within its source, in the period of occurred_at. The record; the one that is there for '
  'a key that was used. What differs from that is kept in usage_conflicts, published as usage.conflict, and counted nowhere. VALIDATION '
  'meter_unknown, usage_subject_missing.';
grant execute on function app_private.record_usage to app_engine;

-- How a meter adds up. What stands is counted where it stands and has no records.
create or replace function app_private.require_meter(meter text) returns text
language plpgsql stable
set search_path = ''
as $$
declare
  v_aggregation text;
begin
  select meters.aggregation into v_aggregation
  from app_public.meters
  where meters.key = require_meter.meter and not meters.is_standing;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'meter_unknown', jsonb_build_object('meter', require_meter.meter));
  end if;
  return v_aggregation;
end;
$$;

comment on function app_private.require_meter is 'The aggregation of a meter of usage; VALIDATION meter_unknown.';
grant execute on function app_private.require_meter to app_engine;

-- Told twice, it is one conflict.
create or replace function app_private.keep_usage_conflict(
  record app_public.usage_records,
  meter text,
  quantity numeric,
  subject_id uuid,
  occurred_at timestamptz,
  details jsonb default '{}'
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_conflict_id uuid;
begin
  if exists (
    select from app_public.usage_conflicts as known
    where known.organization_id = record.organization_id and known.source = record.source and known.key = record.key
      and known.meter = keep_usage_conflict.meter and known.quantity = keep_usage_conflict.quantity
      and known.subject_id is not distinct from keep_usage_conflict.subject_id
      and known.occurred_at = keep_usage_conflict.occurred_at and known.details = keep_usage_conflict.details
  ) then
    return;
  end if;
  insert into app_public.usage_conflicts (organization_id, source, key, meter, quantity, subject_id, occurred_at, details, received_at)
  values (record.organization_id, record.source, record.key, keep_usage_conflict.meter, keep_usage_conflict.quantity,
          keep_usage_conflict.subject_id, keep_usage_conflict.occurred_at, keep_usage_conflict.details, app_hidden.now())
  returning id into v_conflict_id;
  perform app_private.publish('usage.conflict', record.organization_id, record.id, jsonb_build_object(
    'usageRecordId', record.id, 'usageConflictId', v_conflict_id));
end;
$$;

comment on function app_private.keep_usage_conflict is 'Keeps what differs from a record under the same key, and publishes usage.conflict.';
grant execute on function app_private.keep_usage_conflict to app_engine;

-- One record more: the same as counting them all again, as app_private.usage_differences() does.
create or replace function app_private.add_to_summary(record app_public.usage_records, aggregation text) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_period tstzrange := app_private.usage_period_at(record.organization_id, record.occurred_at);
  v_adds numeric := case when aggregation in ('count', 'unique') then 1 else record.quantity end;
begin
  if aggregation = 'unique' then
    insert into app_private.usage_subjects (organization_id, meter, period_starts_at, subject_id)
    values (record.organization_id, record.meter, lower(v_period), record.subject_id)
    on conflict do nothing;
    v_adds := case when found then 1 else 0 end;
  end if;
  insert into app_public.usage_summaries as summary
    (organization_id, meter, period_starts_at, period_ends_at, quantity, records, last_occurred_at)
  values (record.organization_id, record.meter, lower(v_period), upper(v_period), v_adds, 1, record.occurred_at)
  on conflict on constraint usage_summaries_pkey do update
    set period_ends_at = excluded.period_ends_at,
        records = summary.records + 1,
        quantity = case aggregation
          when 'max' then greatest(summary.quantity, excluded.quantity)
          when 'latest' then
            case when excluded.last_occurred_at >= summary.last_occurred_at then excluded.quantity else summary.quantity end
          else summary.quantity + excluded.quantity
        end,
        last_occurred_at = greatest(summary.last_occurred_at, excluded.last_occurred_at);
end;
$$;

comment on function app_private.add_to_summary is 'Adds a record to the summary of its period. Whoever calls it holds usage_watermark().';
grant execute on function app_private.add_to_summary to app_engine;
-- end of source: functions/metering/record_usage.sql

-- source: functions/metering/record_ai_call.sql
-- A call of an AI model that a clinic caused: a record of usage, with what it cost by the prices of its time. FND-24.
-- A price that nobody entered is told, and never taken for nothing: the call waits for it without a cost.

create or replace function app_private.record_ai_call(organization_id uuid, key text, model text, units jsonb, occurred_at timestamptz)
returns app_public.ai_calls
language plpgsql volatile
set search_path = ''
as $$
declare
  v_currency text := app_private.billing_currency(record_ai_call.organization_id);
  v_cost numeric;
  v_known app_public.usage_records;
  v_record app_public.usage_records;
  v_call app_public.ai_calls;
  v_unit text;
begin
  perform app_private.refuse_ai_call(key, model, units, record_ai_call.occurred_at);
  v_cost := app_private.ai_cost(model, units, v_currency, record_ai_call.occurred_at);
  if v_cost is null then
    -- Whoever enters the price comes first, or finds this call waiting for it.
    perform pg_advisory_xact_lock_shared(hashtextextended('ai_model_prices', 0));
    v_cost := app_private.ai_cost(model, units, v_currency, record_ai_call.occurred_at);
  end if;

  perform app_private.usage_watermark(record_ai_call.organization_id);
  select records.* into v_known
  from app_public.usage_records as records
  where records.organization_id = record_ai_call.organization_id and records.source = 'ai' and records.key = record_ai_call.key;
  if found then
    select calls.* into strict v_call
    from app_public.ai_calls as calls
    where calls.organization_id = v_known.organization_id and calls.usage_record_id = v_known.id;
    if (v_call.model, v_call.units, v_call.occurred_at)
       is distinct from (record_ai_call.model, record_ai_call.units, record_ai_call.occurred_at) then
      perform app_private.keep_usage_conflict(
        v_known, 'ai_calls', 1, null, record_ai_call.occurred_at, jsonb_build_object('model', model, 'units', units));
    end if;
    return v_call;
  end if;

  v_record := app_private.record_usage(record_ai_call.organization_id, 'ai_calls', 'ai', key, 1, record_ai_call.occurred_at);
  insert into app_public.ai_calls (organization_id, usage_record_id, model, units, occurred_at, currency, cost, priced_position)
  values (v_record.organization_id, v_record.id, record_ai_call.model, record_ai_call.units, v_record.occurred_at, v_currency, v_cost,
          case when v_cost is not null then v_record.position end)
  returning * into v_call;
  if v_cost is null then
    for v_unit in select app_private.units_without_price(model, units, v_currency, record_ai_call.occurred_at) loop
      insert into app_private.missing_ai_prices (model, unit, currency, missed_on, missed_at)
      values (record_ai_call.model, v_unit, v_currency, (app_hidden.now() at time zone 'UTC')::date, app_hidden.now())
      on conflict do nothing;
      if found then
        perform app_private.publish('ai_call.price_missing', null, v_record.id, jsonb_build_object(
          'organizationId', v_record.organization_id, 'usageRecordId', v_record.id));
      end if;
    end loop;
  end if;
  return v_call;
end;
$$;

comment on function app_private.record_ai_call is
  'Records a call with how many of each unit it took ({"input_tokens": 1200}), and its exact cost in the currency of the clinic''s bills; null '
  'where a price is missing, which is published as ai_call.price_missing, once a day. A repeated key is answered with the call that is there; '
  'what differs from that is a conflict. VALIDATION usage_key_malformed, ai_model_malformed, ai_units_malformed, ai_call_time_malformed.';
grant execute on function app_private.record_ai_call to app_engine;

create or replace function app_private.refuse_ai_call(key text, model text, units jsonb, occurred_at timestamptz) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if coalesce(length(key), 0) not between 1 and 200 or key ~ '[[:cntrl:]]' then
    perform app_hidden.refuse('VALIDATION', 'usage_key_malformed', '{"field": "key"}');
  elsif coalesce(model, '') !~ '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$' then
    perform app_hidden.refuse('VALIDATION', 'ai_model_malformed', '{"field": "model"}');
  elsif jsonb_typeof(units) is distinct from 'object' or (select count(*) not between 1 and 20 from jsonb_object_keys(units)) then
    perform app_hidden.refuse('VALIDATION', 'ai_units_malformed', '{"field": "units"}');
  elsif exists (
    select from jsonb_each(units) as given
    where given.key !~ '^[a-z]+(_[a-z]+)*$' or length(given.key) > 63
      or case jsonb_typeof(given.value) when 'number' then
           (given.value::text)::numeric not between 0 and 1e15 or trunc((given.value::text)::numeric) <> (given.value::text)::numeric
         else true end
  ) then
    perform app_hidden.refuse('VALIDATION', 'ai_units_malformed', '{"field": "units"}');
  elsif occurred_at is null or occurred_at > app_hidden.now() + interval '5 minutes' then
    perform app_hidden.refuse('VALIDATION', 'ai_call_time_malformed', '{"field": "occurredAt"}');
  end if;
end;
$$;

comment on function app_private.refuse_ai_call is 'Refuses what is no call: no key, no model, no whole numbers of units, or a time to come.';
grant execute on function app_private.refuse_ai_call to app_engine;

-- Exact: a product of decimals has no rounding.
create or replace function app_private.ai_cost(model text, units jsonb, currency text, at timestamptz) returns numeric
language sql stable
set search_path = ''
begin atomic
  select case when bool_and(prices.price_per_million is not null) then sum(used.value::numeric * prices.price_per_million * 0.000001) end
  from jsonb_each_text(ai_cost.units) as used
  left join app_public.ai_model_prices as prices
    on prices.model = ai_cost.model and prices.unit = used.key and prices.currency = ai_cost.currency
    and prices.valid_from <= ai_cost.at and (prices.valid_until is null or prices.valid_until > ai_cost.at);
end;

comment on function app_private.ai_cost is 'What a call costs by the prices of an instant, in minor units; null where one is missing.';
grant execute on function app_private.ai_cost to app_engine;

create or replace function app_private.units_without_price(model text, units jsonb, currency text, at timestamptz) returns setof text
language sql stable
set search_path = ''
begin atomic
  select used.key
  from jsonb_object_keys(units_without_price.units) as used (key)
  where not exists (
    select from app_public.ai_model_prices as prices
    where prices.model = units_without_price.model and prices.unit = used.key and prices.currency = units_without_price.currency
      and prices.valid_from <= units_without_price.at and (prices.valid_until is null or prices.valid_until > units_without_price.at))
  order by used.key;
end;

comment on function app_private.units_without_price is 'The units of a call that had no price at an instant.';
grant execute on function app_private.units_without_price to app_engine;
-- end of source: functions/metering/record_ai_call.sql

-- source: functions/metering/enter_ai_price.sql
-- A superadmin enters what a unit of a model costs, and from when. What was priced before keeps its price; calls that waited for this one
-- are priced now, and come onto the next bills. FND-24.

set role app_engine;

create or replace function app_public.enter_ai_price(
  model text,
  unit text,
  currency text,
  price_per_million numeric,
  valid_from timestamptz
) returns app_public.ai_model_prices
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_price app_public.ai_model_prices;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  if model !~ '^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$' then
    perform app_hidden.refuse('VALIDATION', 'ai_model_malformed', '{"field": "model"}');
  elsif unit !~ '^[a-z]+(_[a-z]+)*$' or length(unit) > 63 then
    perform app_hidden.refuse('VALIDATION', 'ai_unit_malformed', '{"field": "unit"}');
  elsif currency !~ '^[A-Z]{3}$' then
    perform app_hidden.refuse('VALIDATION', 'currency_malformed', '{"field": "currency"}');
  elsif not (price_per_million >= 0 and price_per_million < 1e12 and scale(price_per_million) <= 9) then
    perform app_hidden.refuse('VALIDATION', 'ai_price_out_of_range', '{"field": "pricePerMillion"}');
  elsif valid_from not between '2000-01-01' and '2200-01-01' then
    perform app_hidden.refuse('VALIDATION', 'ai_price_time_malformed', '{"field": "validFrom"}');
  end if;

  -- One after the other; calls without a price are recorded before, and found below, or afterwards, and find the price.
  perform pg_advisory_xact_lock(hashtextextended('ai_model_prices', 0));
  update app_public.ai_model_prices as known set valid_until = enter_ai_price.valid_from
  where known.model = enter_ai_price.model and known.unit = enter_ai_price.unit and known.currency = enter_ai_price.currency
    and known.valid_from < enter_ai_price.valid_from
    and (known.valid_until is null or known.valid_until > enter_ai_price.valid_from)
    -- What was so until now stays so: calls were priced by it.
    and enter_ai_price.valid_from >= app_hidden.now();
  if exists (
    select from app_public.ai_model_prices as known
    where known.model = enter_ai_price.model and known.unit = enter_ai_price.unit and known.currency = enter_ai_price.currency
      and known.valid_from <= enter_ai_price.valid_from
      and (known.valid_until is null or known.valid_until > enter_ai_price.valid_from)
  ) then
    perform app_hidden.refuse('CONFLICT', 'ai_price_is_known', '{"field": "validFrom"}');
  end if;
  insert into app_public.ai_model_prices (model, unit, currency, price_per_million, valid_from, valid_until, created_at)
  values (enter_ai_price.model, enter_ai_price.unit, enter_ai_price.currency, enter_ai_price.price_per_million, enter_ai_price.valid_from, (
    select min(later.valid_from) from app_public.ai_model_prices as later
    where later.model = enter_ai_price.model and later.unit = enter_ai_price.unit and later.currency = enter_ai_price.currency
      and later.valid_from > enter_ai_price.valid_from), app_hidden.now())
  returning * into v_price;
  perform app_private.price_waiting_calls(v_price.model, v_price.currency);
  return v_price;
end;
$$;

comment on function app_public.enter_ai_price is
  E'@arg model The name of the model, as calls say it.\n'
  '@arg unit What is counted of a call: input_tokens, output_tokens.\n'
  '@arg pricePerMillion What a million units cost, in minor units of the currency; may have a fraction.\n'
  '@arg validFrom From when; in the past only where no price is known yet.\n'
  'Enters a price, valid until the next one that is known. Calls that waited for it are priced. Superadmin only; CONFLICT ai_price_is_known.';
grant execute on function app_public.enter_ai_price to app_member;

reset role;

-- All calls of a clinic that can be priced now are known at one new position, so that a bill which was closed before does not have them.
create or replace function app_private.price_waiting_calls(model text, currency text) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_organization_id uuid;
  v_position bigint;
begin
  for v_organization_id in
    select distinct waiting.organization_id
    from app_public.ai_calls as waiting
    where waiting.model = price_waiting_calls.model and waiting.currency = price_waiting_calls.currency and waiting.cost is null
    order by waiting.organization_id
  loop
    v_position := app_private.usage_watermark(v_organization_id) + 1;
    update app_public.ai_calls as calls set cost = priced.cost, priced_position = v_position
    from (
      select waiting.usage_record_id, app_private.ai_cost(waiting.model, waiting.units, waiting.currency, waiting.occurred_at) as cost
      from app_public.ai_calls as waiting
      where waiting.organization_id = v_organization_id and waiting.model = price_waiting_calls.model
        and waiting.currency = price_waiting_calls.currency and waiting.cost is null
    ) as priced
    where calls.organization_id = v_organization_id and calls.usage_record_id = priced.usage_record_id and priced.cost is not null;
    if found then
      update app_private.usage_positions set last_position = v_position where usage_positions.organization_id = v_organization_id;
    end if;
  end loop;
end;
$$;

comment on function app_private.price_waiting_calls is 'Prices the calls of a model that had no price, clinic by clinic.';
grant execute on function app_private.price_waiting_calls to app_engine;
-- end of source: functions/metering/enter_ai_price.sql

-- source: functions/subscriptions/tier_version_at.sql
-- Which version of which tier held for a clinic at an instant. What counts and bills asks it. BIL-01, FND-20.

create or replace function app_private.tier_version_at(organization_id uuid, at timestamptz) returns uuid
language sql stable
set search_path = ''
begin atomic
  select held.tier_version_id
  from app_public.organization_subscriptions as subscriptions
  join app_public.organization_subscription_tiers as held
    on held.organization_id = subscriptions.organization_id and held.subscription_id = subscriptions.id
  where subscriptions.organization_id = tier_version_at.organization_id
    and subscriptions.anchor_on is not null
    and (subscriptions.ended_at is null or tier_version_at.at < subscriptions.ended_at)
    and held.starts_on <= (tier_version_at.at at time zone subscriptions.timezone)::date
  order by subscriptions.id desc, held.position desc
  limit 1;
end;

comment on function app_private.tier_version_at is
  'The version of the tier that a clinic had then: on trial, active, past due or suspended. Null: it had no subscription.';
grant execute on function app_private.tier_version_at to app_engine;
-- end of source: functions/subscriptions/tier_version_at.sql

-- source: functions/metering/standing_usage.sql
-- How much a clinic has of what stands: counted where it stands, so that no counter can be wrong. FND-20.
-- Against a limit, counting ends where the limit is passed, however much there is.

create or replace function app_private.standing_usage(organization_id uuid, meter text, most bigint default null) returns bigint
language plpgsql stable
set search_path = ''
as $$
begin
  case standing_usage.meter
    when 'specialists' then
      return (select count(*) from (
        select from app_public.specialists
        where specialists.organization_id = standing_usage.organization_id and specialists.deleted_at is null
        limit most + 1) as counted);
    when 'active_patients' then
      return (select count(*) from (
        select from app_public.patients
        where patients.organization_id = standing_usage.organization_id and patients.deleted_at is null
        limit most + 1) as counted);
    when 'storage_bytes' then
      return (
        select coalesce(sum(files.size_bytes), 0) from app_public.files
        where files.organization_id = standing_usage.organization_id and files.status = 'confirmed');
  end case;
end;
$$;

comment on function app_private.standing_usage is
  'What the clinic has of a standing meter; of what is counted by rows, one more than most at the most.';
grant execute on function app_private.standing_usage to app_engine;

-- What a meter stands at now: of what is used, in the period that runs.
create or replace function app_private.usage_now(organization_id uuid, meter text, most bigint default null) returns numeric
language plpgsql stable
set search_path = ''
as $$
begin
  if (select meters.is_standing from app_public.meters where meters.key = usage_now.meter) then
    return app_private.standing_usage(usage_now.organization_id, usage_now.meter, usage_now.most);
  end if;
  return coalesce((
    select summaries.quantity
    from app_private.usage_period_at(usage_now.organization_id, app_hidden.now()) as span (during)
    join app_public.usage_summaries as summaries
      on summaries.organization_id = usage_now.organization_id and summaries.meter = usage_now.meter
      and summaries.period_starts_at = lower(span.during)), 0);
end;
$$;

comment on function app_private.usage_now is 'What the clinic has of a meter, or used of it in the period that runs.';
grant execute on function app_private.usage_now to app_engine;
-- end of source: functions/metering/standing_usage.sql

-- source: functions/metering/organization_usage.sql
-- What a clinic has used, against what its tier includes, and what more would cost if the period ended now. FND-20, FND-24, BIL-06.

set role app_engine;

create or replace function app_public.organization_usage(organization_id uuid)
returns setof app_public.metered_usage
language plpgsql stable strict security definer rows 10
set search_path = ''
as $$
declare
  v_period tstzrange;
  v_version_id uuid;
  v_currency text;
begin
  if not app_hidden.is_superadmin() then
    perform app_private.require_permission(organization_usage.organization_id, 'billing.view');
  elsif not exists (select from app_public.organizations where organizations.id = organization_usage.organization_id) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  v_period := app_private.usage_period_at(organization_usage.organization_id, app_hidden.now());
  v_version_id := app_private.tier_version_at(organization_usage.organization_id, app_hidden.now());
  v_currency := app_private.billing_currency(organization_usage.organization_id);
  return query
    select meters.key, meters.unit, meters.is_standing, limits.enforcement, limits.included,
      app_private.usage_now(organization_usage.organization_id, meters.key),
      priced.unit_price,
      case when limits.enforcement = 'soft' and limits.included is not null then
        app_private.overage(app_private.usage_now(organization_usage.organization_id, meters.key), limits.included, priced.unit_price) end,
      case when priced.unit_price is not null then v_currency end,
      lower(v_period), upper(v_period)
    from app_public.meters
    left join app_public.platform_tier_limits as limits on limits.tier_version_id = v_version_id and limits.meter = meters.key
    left join app_public.platform_overage_prices as priced
      on priced.tier_version_id = v_version_id and priced.meter = meters.key and priced.currency = v_currency
    order by meters.is_standing desc, meters.key;
end;
$$;

comment on function app_public.organization_usage is
  'Each meter of a clinic: how much there is, or was used in the period that runs, what the tier includes, and what the rest would be billed '
  'as of now, in minor units. Needs billing.view, or a superadmin.';
grant execute on function app_public.organization_usage to app_member;

reset role;
-- end of source: functions/metering/organization_usage.sql

-- source: functions/metering/publish_platform_tier_version.sql
-- From here on nothing of a version changes, and clinics subscribe to it. FND-20.

set role app_engine;

create or replace function app_public.publish_platform_tier_version(tier_version_id uuid) returns app_public.platform_tier_versions
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_version app_public.platform_tier_versions := app_private.draft_version(publish_platform_tier_version.tier_version_id);
  v_missing record;
begin
  if not exists (select from app_public.platform_tier_prices as prices where prices.tier_version_id = v_version.id) then
    perform app_hidden.refuse('CONFLICT', 'tier_has_no_price');
  end if;
  -- What nobody priced would be billed as nothing.
  select limits.meter, currencies.currency into v_missing
  from app_public.platform_tier_limits as limits
  cross join (
    select distinct prices.currency from app_public.platform_tier_prices as prices where prices.tier_version_id = v_version.id) as currencies
  left join app_public.platform_overage_prices as priced
    on priced.tier_version_id = limits.tier_version_id and priced.meter = limits.meter and priced.currency = currencies.currency
  where limits.tier_version_id = v_version.id and limits.enforcement = 'soft' and limits.included is not null and priced.currency is null
  order by limits.meter, currencies.currency
  limit 1;
  if found then
    perform app_hidden.refuse('CONFLICT', 'overage_price_missing', jsonb_build_object('meter', v_missing.meter, 'currency', v_missing.currency));
  end if;

  update app_public.platform_tier_versions as versions set published_at = app_hidden.now()
  where versions.id = v_version.id
  returning * into v_version;
  return v_version;
end;
$$;

comment on function app_public.publish_platform_tier_version is
  'Publishes a draft. Superadmin only; CONFLICT tier_has_no_price, overage_price_missing where a soft limit has none in a currency of the version.';
grant execute on function app_public.publish_platform_tier_version to app_member;

reset role;
-- end of source: functions/metering/publish_platform_tier_version.sql

-- source: functions/metering/record_usages.sql
-- Many things that were used, each as record_usage() does it, in a few statements. FND-24.

create or replace function app_private.record_usages(
  organization_id uuid,
  meter text,
  source text,
  keys text[],
  quantities numeric[],
  occurred_at timestamptz[],
  subject_ids uuid[] default null
) returns bigint
language plpgsql volatile
set search_path = ''
as $$
declare
  v_aggregation text := app_private.require_meter(record_usages.meter);
  v_position bigint := app_private.usage_watermark(record_usages.organization_id);
  v_count bigint;
  v_differs record;
begin
  if v_aggregation = 'unique' and (subject_ids is null or array_position(subject_ids, null) is not null) then
    perform app_hidden.refuse('VALIDATION', 'usage_subject_missing', jsonb_build_object('meter', record_usages.meter));
  end if;
  -- Of a key that is given twice, the first.
  insert into app_public.usage_records (organization_id, position, meter, source, key, quantity, subject_id, occurred_at, recorded_at)
  select record_usages.organization_id, v_position + row_number() over (order by given.place), record_usages.meter, record_usages.source,
         given.key, given.quantity, given.subject_id, given.occurred_at, app_hidden.now()
  from (
    select distinct on (told.key) told.key, told.quantity, told.occurred_at, told.subject_id, told.place
    from unnest(keys, quantities, record_usages.occurred_at, subject_ids) with ordinality
      as told (key, quantity, occurred_at, subject_id, place)
    order by told.key, told.place
  ) as given
  where not exists (
    select from app_public.usage_records as known
    where known.organization_id = record_usages.organization_id and known.source = record_usages.source and known.key = given.key);
  get diagnostics v_count = row_count;

  update app_private.usage_positions set last_position = v_position + v_count
  where usage_positions.organization_id = record_usages.organization_id;
  perform app_private.add_to_summaries(record_usages.organization_id, record_usages.meter, v_aggregation, v_position);

  for v_differs in
    select known as record, told.quantity, told.subject_id, told.occurred_at
    from unnest(keys, quantities, record_usages.occurred_at, subject_ids) with ordinality
      as told (key, quantity, occurred_at, subject_id, place)
    join app_public.usage_records as known
      on known.organization_id = record_usages.organization_id and known.source = record_usages.source and known.key = told.key
    where (known.meter, known.quantity, known.subject_id, known.occurred_at)
      is distinct from (record_usages.meter, told.quantity, told.subject_id, told.occurred_at)
    order by told.place
  loop
    perform app_private.keep_usage_conflict(
      v_differs.record, record_usages.meter, v_differs.quantity, v_differs.subject_id, v_differs.occurred_at);
  end loop;
  return v_count;
end;
$$;

comment on function app_private.record_usages is
  'Records many uses of one meter, given as lists of equal length; how many of them were new. Refuses and keeps apart as record_usage() does.';
grant execute on function app_private.record_usages to app_engine;

create or replace function app_private.add_to_summaries(organization_id uuid, meter text, aggregation text, after_position bigint)
returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  with added as materialized (
    select records.* from app_public.usage_records as records
    where records.organization_id = add_to_summaries.organization_id and records.position > after_position
  ),
  spanned as materialized (
    select added.position, added.quantity, added.subject_id, added.occurred_at, spans.during
    from (select min(added.occurred_at) as first_at, max(added.occurred_at) as last_at from added) as stretch
    cross join lateral app_private.usage_periods_between(add_to_summaries.organization_id, stretch.first_at, stretch.last_at) as spans
    join added on added.occurred_at >= spans.starts_at and added.occurred_at < spans.ends_at
  ),
  subjects as (
    insert into app_private.usage_subjects (organization_id, meter, period_starts_at, subject_id)
    select distinct add_to_summaries.organization_id, add_to_summaries.meter, lower(spanned.during), spanned.subject_id
    from spanned
    where aggregation = 'unique'
    on conflict do nothing
    returning period_starts_at
  )
  insert into app_public.usage_summaries as summary
    (organization_id, meter, period_starts_at, period_ends_at, quantity, records, last_occurred_at)
  select add_to_summaries.organization_id, add_to_summaries.meter, lower(spanned.during), upper(spanned.during),
         case aggregation
           when 'sum' then sum(spanned.quantity)
           when 'count' then count(*)
           when 'max' then max(spanned.quantity)
           when 'latest' then (array_agg(spanned.quantity order by spanned.occurred_at desc, spanned.position desc))[1]
           else (select count(*) from subjects where subjects.period_starts_at = lower(spanned.during))
         end,
         count(*), max(spanned.occurred_at)
  from spanned
  group by spanned.during
  on conflict on constraint usage_summaries_pkey do update
    set period_ends_at = excluded.period_ends_at,
        records = summary.records + excluded.records,
        quantity = case aggregation
          when 'max' then greatest(summary.quantity, excluded.quantity)
          when 'latest' then
            case when excluded.last_occurred_at >= summary.last_occurred_at then excluded.quantity else summary.quantity end
          else summary.quantity + excluded.quantity
        end,
        last_occurred_at = greatest(summary.last_occurred_at, excluded.last_occurred_at);
end;
$$;

comment on function app_private.add_to_summaries is
  'Adds the records of one meter after a position to the summaries of their periods. Whoever calls it holds usage_watermark().';
grant execute on function app_private.add_to_summaries to app_engine;
-- end of source: functions/metering/record_usages.sql

-- source: functions/metering/require_within_limit.sql
-- A hard limit of the clinic's tier, asked where what it counts is made. FND-20.
-- One after the other, by the lock of the clinic's usage: two at once count each other, and cannot both be the last. A clinic
-- without a live subscription has no limits, and a meter without a hard limit is not locked.

create or replace function app_private.require_within_limit(organization_id uuid, meter text, adding bigint default 1) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_limit bigint;
  v_used numeric;
begin
  select limits.included into v_limit
  from app_public.platform_tier_limits as limits
  where limits.tier_version_id = app_private.tier_version_at(require_within_limit.organization_id, app_hidden.now())
    and limits.meter = require_within_limit.meter and limits.enforcement = 'hard' and limits.included is not null;
  if not found then
    return;
  end if;
  perform app_private.usage_watermark(require_within_limit.organization_id);
  v_used := app_private.usage_now(require_within_limit.organization_id, require_within_limit.meter, v_limit);
  if v_used + adding > v_limit then
    perform app_hidden.refuse('ENTITLEMENT_EXHAUSTED', 'tier_limit_reached', jsonb_build_object(
      'meter', require_within_limit.meter, 'limit', v_limit, 'used', least(v_used, v_limit)));
  end if;
end;
$$;

comment on function app_private.require_within_limit is
  'Passes while the clinic''s tier allows so many more, and holds the lock until the transaction ends; adding 0 where they are counted '
  'already. ENTITLEMENT_EXHAUSTED tier_limit_reached.';
grant execute on function app_private.require_within_limit to app_engine;
-- end of source: functions/metering/require_within_limit.sql

-- source: functions/metering/set_platform_tier.sql
-- The platform makes a tier, names it, and says whether clinics may subscribe to it. FND-20.

set role app_engine;

create or replace function app_public.set_platform_tier(slug text, name_ro text, name_en text, place int, is_offered boolean)
returns app_public.platform_tiers
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_tier app_public.platform_tiers;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  if slug !~ '^[a-z0-9]+(-[a-z0-9]+)*$' or length(slug) > 63 then
    perform app_hidden.refuse('VALIDATION', 'tier_slug_malformed', '{"field": "slug"}');
  elsif name_ro !~ '[[:alnum:]]' or length(name_ro) > 100 then
    perform app_hidden.refuse('VALIDATION', 'tier_name_malformed', '{"field": "nameRo"}');
  elsif name_en !~ '[[:alnum:]]' or length(name_en) > 100 then
    perform app_hidden.refuse('VALIDATION', 'tier_name_malformed', '{"field": "nameEn"}');
  end if;

  insert into app_public.platform_tiers as tiers (slug, names, place, is_offered)
  values (set_platform_tier.slug, jsonb_build_object('ro', btrim(name_ro), 'en', btrim(name_en)), set_platform_tier.place,
          set_platform_tier.is_offered)
  on conflict on constraint platform_tiers_slug_is_unique do update
    set names = excluded.names, place = excluded.place, is_offered = excluded.is_offered
  returning * into v_tier;
  if v_tier.is_offered and not exists (
    select from app_public.platform_tier_versions as versions where versions.tier_id = v_tier.id and versions.published_at is not null
  ) then
    perform app_hidden.refuse('CONFLICT', 'tier_has_no_published_version');
  end if;
  return v_tier;
end;
$$;

comment on function app_public.set_platform_tier is
  E'@arg nameRo The name, in Romanian.\n'
  '@arg nameEn The name, in English.\n'
  '@arg place Where it stands among the tiers that are offered, the smallest first.\n'
  'Makes a tier, or changes the one of this slug. Superadmin only; CONFLICT tier_has_no_published_version for an offer that nobody could take.';
grant execute on function app_public.set_platform_tier to app_member;

reset role;
-- end of source: functions/metering/set_platform_tier.sql

-- source: functions/metering/subscribed_tier_ids.sql
-- The tiers that clinics of the caller have or had, also those that are not offered any more. FND-20.

set role app_engine;

create or replace function app_hidden.subscribed_tier_ids() returns uuid[]
language sql stable security definer
set search_path = ''
as $$
  select coalesce(array_agg(distinct versions.tier_id), '{}')
  from app_public.organization_subscription_tiers as held
  join app_public.platform_tier_versions as versions on versions.id = held.tier_version_id
  where held.organization_id = any (app_hidden.organization_ids_where('billing.view'))
$$;

comment on function app_hidden.subscribed_tier_ids is 'Tiers of clinics where the caller has billing.view.';
grant execute on function app_hidden.subscribed_tier_ids to app_member;

reset role;
-- end of source: functions/metering/subscribed_tier_ids.sql

-- source: functions/metering/tg_ai_calls__keep.sql
-- A call stays as it was told; what it cost is added where its price was missing, once. FND-24.

create or replace function app_private.tg_ai_calls__keep() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if tg_op = 'DELETE' or old.cost is not null
    or to_jsonb(new) - '{cost,priced_position}'::text[] is distinct from to_jsonb(old) - '{cost,priced_position}'::text[] then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "ai_calls"}');
  end if;
  return new;
end;
$$;

comment on function app_private.tg_ai_calls__keep is
  'IMMUTABLE never_changed for everything but the first cost of a call. Trigger _300_keep.';
-- end of source: functions/metering/tg_ai_calls__keep.sql

-- source: functions/metering/usage_differences.sql
-- Whether what is summed up is what the records add up to; and the summing up anew, where a billing period begins after usage of its time
-- was told. FND-24.

create or replace function app_private.recounted_usage(organization_id uuid)
returns table (
  meter text, period_starts_at timestamptz, period_ends_at timestamptz, quantity numeric, records bigint, last_occurred_at timestamptz
)
language sql stable
set search_path = ''
begin atomic
  select usages.meter, lower(spans.during), upper(spans.during),
         case meters.aggregation
           when 'sum' then sum(usages.quantity)
           when 'count' then count(*)
           when 'max' then max(usages.quantity)
           when 'unique' then count(distinct usages.subject_id)
           else (array_agg(usages.quantity order by usages.occurred_at desc, usages.position desc))[1]
         end,
         count(*), max(usages.occurred_at)
  from (
    select min(usage_records.occurred_at) as first_at, max(usage_records.occurred_at) as last_at
    from app_public.usage_records
    where usage_records.organization_id = recounted_usage.organization_id
  ) as stretch
  cross join lateral app_private.usage_periods_between(recounted_usage.organization_id, stretch.first_at, stretch.last_at) as spans
  join app_public.usage_records as usages
    on usages.organization_id = recounted_usage.organization_id
    and usages.occurred_at >= spans.starts_at and usages.occurred_at < spans.ends_at
  join app_public.meters on meters.key = usages.meter
  group by usages.meter, spans.during, meters.aggregation;
end;

comment on function app_private.recounted_usage is 'What the summaries of a clinic have to say, counted from its records.';
grant execute on function app_private.recounted_usage to app_engine;

create or replace function app_private.usage_differences(organization_id uuid)
returns table (meter text, period_starts_at timestamptz, summed numeric, recounted numeric)
language sql stable
set search_path = ''
begin atomic
  select coalesce(summed.meter, counted.meter), coalesce(summed.period_starts_at, counted.period_starts_at), summed.quantity, counted.quantity
  from (
    select * from app_public.usage_summaries where usage_summaries.organization_id = usage_differences.organization_id
  ) as summed
  full join app_private.recounted_usage(usage_differences.organization_id) as counted
    on counted.meter = summed.meter and counted.period_starts_at = summed.period_starts_at
  where (summed.quantity, summed.records, summed.last_occurred_at, summed.period_ends_at)
    is distinct from (counted.quantity, counted.records, counted.last_occurred_at, counted.period_ends_at);
end;

comment on function app_private.usage_differences is 'Where the summaries of a clinic are not what its records add up to: nowhere.';
grant execute on function app_private.usage_differences to app_engine;

create or replace function app_private.resummarize_usage(organization_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.usage_watermark(resummarize_usage.organization_id);
  delete from app_public.usage_summaries where usage_summaries.organization_id = resummarize_usage.organization_id;
  delete from app_private.usage_subjects where usage_subjects.organization_id = resummarize_usage.organization_id;
  insert into app_public.usage_summaries (organization_id, meter, period_starts_at, period_ends_at, quantity, records, last_occurred_at)
  select resummarize_usage.organization_id, counted.*
  from app_private.recounted_usage(resummarize_usage.organization_id) as counted;
  insert into app_private.usage_subjects (organization_id, meter, period_starts_at, subject_id)
  select distinct usages.organization_id, usages.meter, summaries.period_starts_at, usages.subject_id
  from app_public.usage_records as usages
  join app_public.meters on meters.key = usages.meter and meters.aggregation = 'unique'
  join app_public.usage_summaries as summaries
    on summaries.organization_id = usages.organization_id and summaries.meter = usages.meter
    and usages.occurred_at >= summaries.period_starts_at and usages.occurred_at < summaries.period_ends_at
  cross join lateral app_private.usage_period_at(usages.organization_id, usages.occurred_at) as span (during)
  where lower(span.during) = summaries.period_starts_at and usages.organization_id = resummarize_usage.organization_id;
end;
$$;

comment on function app_private.resummarize_usage is 'Makes the summaries of a clinic again from its records.';
grant execute on function app_private.resummarize_usage to app_engine;
-- end of source: functions/metering/usage_differences.sql

-- source: functions/metering/tg_billing_periods__resummarize.sql
-- A billing period that begins, moves or goes where usage was summed up already: it is summed up anew. FND-24.
-- A period that follows another as its time comes finds no usage of its time, and nothing is counted.

set role app_engine;

create or replace function app_private.tg_billing_periods__resummarize() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_organization_id uuid := case when tg_op = 'DELETE' then old.organization_id else new.organization_id end;
begin
  -- Whoever records usage meanwhile knows the periods of before, and comes first or afterwards.
  perform app_private.usage_watermark(v_organization_id);
  if exists (
    select from app_public.usage_summaries as summaries
    where summaries.organization_id = v_organization_id
      and tstzrange(summaries.period_starts_at, summaries.period_ends_at)
        && case tg_op when 'INSERT' then new.during when 'DELETE' then old.during else range_merge(old.during, new.during) end
  ) then
    perform app_private.resummarize_usage(v_organization_id);
  end if;
  return null;
end;
$$;

comment on function app_private.tg_billing_periods__resummarize is
  'Sums usage up anew where a billing period takes the place of a calendar month. Trigger _800_resummarize_usage.';

reset role;

create or replace trigger _800_resummarize_usage after insert or delete or update of during on app_public.billing_periods
  for each row execute function app_private.tg_billing_periods__resummarize();
-- end of source: functions/metering/tg_billing_periods__resummarize.sql

-- source: functions/metering/tg_only_of_draft_versions.sql
-- Prices and limits of a version are written while it is a draft. FND-20.

create or replace function app_private.tg_only_of_draft_versions() returns trigger
language plpgsql volatile
set search_path = ''
as $$
declare
  v_version_id uuid := case when tg_op = 'DELETE' then old.tier_version_id else new.tier_version_id end;
begin
  if tg_op = 'UPDATE' or not exists (
    select from app_public.platform_tier_versions as versions
    where versions.id = v_version_id and versions.published_at is null
  ) then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', jsonb_build_object('entity', tg_table_name));
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end;
$$;

comment on function app_private.tg_only_of_draft_versions is 'IMMUTABLE never_changed unless the version is a draft. Trigger _300_keep.';
-- end of source: functions/metering/tg_only_of_draft_versions.sql

-- source: functions/metering/tg_organization_subscriptions__resummarize.sql
-- Usage is counted into a period before the clock has opened it. Where the subscription ends meanwhile, that period never is: what was
-- counted for it is summed up anew. FND-24.

set role app_engine;

create or replace function app_private.tg_organization_subscriptions__resummarize() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_private.usage_watermark(new.organization_id);
  if exists (
    select from app_public.usage_summaries as summaries
    where summaries.organization_id = new.organization_id
      and summaries.period_ends_at > app_hidden.now() - interval '3 months'
      and tstzrange(summaries.period_starts_at, summaries.period_ends_at)
        <> app_private.usage_period_at(summaries.organization_id, summaries.last_occurred_at)
  ) then
    perform app_private.resummarize_usage(new.organization_id);
  end if;
  return null;
end;
$$;

comment on function app_private.tg_organization_subscriptions__resummarize is
  'Sums usage up anew where a subscription has no such periods any more. Trigger _800_resummarize_usage.';

reset role;

create or replace trigger _800_resummarize_usage after update of status, cancels_on, ended_at on app_public.organization_subscriptions
  for each row when ((old.status, old.cancels_on, old.ended_at) is distinct from (new.status, new.cancels_on, new.ended_at))
  execute function app_private.tg_organization_subscriptions__resummarize();
-- end of source: functions/metering/tg_organization_subscriptions__resummarize.sql

-- source: functions/metering/tg_platform_tier_versions__keep.sql
-- What was published never changes, and clinics are billed by it: the owner of the table and the engine included. FND-20.

create or replace function app_private.tg_platform_tier_versions__keep() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if old.published_at is not null
    or tg_op = 'UPDATE' and (new.id, new.tier_id, new.version) is distinct from (old.id, old.tier_id, old.version) then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "platform_tier_versions"}');
  end if;
  return case when tg_op = 'DELETE' then old else new end;
end;
$$;

comment on function app_private.tg_platform_tier_versions__keep is
  'IMMUTABLE never_changed for a version that was published, and for another place of a draft. Trigger _300_keep.';
-- end of source: functions/metering/tg_platform_tier_versions__keep.sql

-- source: functions/metering/tg_within_limit.sql
-- What is limited is limited wherever its rows come to be: made by a verb, by hand or by a merge that is undone, and brought back. FND-20.
-- Asked after the statement, when the rows are there: they count themselves. Of rows that come back, one by one.

set role app_engine;

create or replace function app_private.tg_within_limit() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_organization_id uuid;
begin
  if tg_level = 'ROW' then
    perform app_private.require_within_limit(new.organization_id, tg_argv[0], 0);
    return null;
  end if;
  for v_organization_id in select distinct added.organization_id from added order by added.organization_id loop
    perform app_private.require_within_limit(v_organization_id, tg_argv[0], 0);
  end loop;
  return null;
end;
$$;

comment on function app_private.tg_within_limit is
  'ENTITLEMENT_EXHAUSTED tier_limit_reached where there are more than the tier of the clinic allows of the meter that the trigger names. '
  'Triggers _850_within_limit and _850_within_limit_again.';

reset role;

create or replace trigger _850_within_limit after insert on app_public.specialists
  referencing new table as added for each statement execute function app_private.tg_within_limit('specialists');
create or replace trigger _850_within_limit_again after update of deleted_at on app_public.specialists
  for each row when (old.deleted_at is not null and new.deleted_at is null) execute function app_private.tg_within_limit('specialists');

create or replace trigger _850_within_limit after insert on app_public.patients
  referencing new table as added for each statement execute function app_private.tg_within_limit('active_patients');
create or replace trigger _850_within_limit_again after update of deleted_at on app_public.patients
  for each row when (old.deleted_at is not null and new.deleted_at is null) execute function app_private.tg_within_limit('active_patients');

create or replace trigger _850_within_limit after insert on app_public.files
  referencing new table as added for each statement execute function app_private.tg_within_limit('storage_bytes');
create or replace trigger _850_within_limit_again after update of status, size_bytes on app_public.files
  for each row when (new.status = 'confirmed' and (old.status <> 'confirmed' or new.size_bytes > old.size_bytes))
  execute function app_private.tg_within_limit('storage_bytes');
-- end of source: functions/metering/tg_within_limit.sql

-- source: functions/notify/record_message_accepted.sql
-- The vendor took the message. FND-15, FND-35. A text message by the platform's account is the clinic's usage. FND-20.
-- What it reported meanwhile, before its answer reached us, is applied now.

set role app_engine;
create or replace function app_private.record_message_accepted(
  message_id uuid,
  integration_id uuid,
  vendor text,
  vendor_id text
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_message app_public.messages;
begin
  -- One after the other with a report about it, or each would miss what the other writes.
  perform pg_advisory_xact_lock(hashtextextended('vendor id:' || record_message_accepted.vendor_id, 0));
  -- The inbox is ours: what was put there has arrived.
  update app_public.messages
  set status = case when messages.channel = 'in_app' then 'delivered' else 'sent' end,
      sent_at = app_hidden.now(),
      delivered_at = case when messages.channel = 'in_app' then app_hidden.now() end,
      integration_id = record_message_accepted.integration_id,
      vendor = record_message_accepted.vendor,
      vendor_id = record_message_accepted.vendor_id
  where messages.id = record_message_accepted.message_id and messages.status = 'queued'
  returning * into v_message;
  if v_message.channel = 'sms' and v_message.integration_id is null then
    perform app_private.record_usage(
      v_message.organization_id, 'sms_messages', 'messages', v_message.id::text, 1, v_message.sent_at);
  end if;

  perform app_private.apply_message_reports(record_message_accepted.integration_id, record_message_accepted.vendor_id);
end;
$$;

comment on function app_private.record_message_accepted is
  'Marks a message as sent by the clinic''s own account or (null) the platform''s, with the vendor''s id for it; one in '
  'the app as delivered.';

grant execute on function app_private.record_message_accepted to app_worker;
reset role;
-- end of source: functions/notify/record_message_accepted.sql

-- source: functions/organizations/create_organization.sql
-- The platform opens a clinic: with its roles, its owner (or the invitation to own it), the automation that welcomes its patients, and its events, in one transaction. FND-01, FND-04, TEN-01.

set role app_engine;

create or replace function app_public.create_organization(
  slug text,
  name text,
  owner_email text,
  owner_name text,
  locale text default 'ro',
  timezone text default 'Europe/Bucharest',
  currency text default 'RON',
  contact_email text default null,
  tenancy_mode text default 'shared',
  draft boolean default false
) returns app_public.organizations
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb;
  v_organization app_public.organizations;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  v_remembered := app_private.remembered('create_organization', jsonb_build_array(
    slug, name, owner_email, owner_name, locale, timezone, currency, contact_email, tenancy_mode, draft));
  if v_remembered is not null then
    return jsonb_populate_record(v_organization, v_remembered);
  end if;
  if tenancy_mode is distinct from 'shared' then
    perform app_hidden.refuse('VALIDATION', 'tenancy_mode_not_built', '{"field": "tenancyMode"}');
  end if;

  insert into app_public.organizations (slug, name, locale, timezone, currency, contact_email, activated_at)
  values (create_organization.slug, create_organization.name, create_organization.locale, create_organization.timezone,
          create_organization.currency, create_organization.contact_email,
          case when draft then null else app_hidden.now() end)
  returning * into v_organization;

  perform app_private.appoint_first_owner(v_organization, owner_email, owner_name);
  perform app_private.give_onboarding_automation(v_organization.id, true);

  perform app_private.publish(
    'organization.created', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  if v_organization.activated_at is not null then
    perform app_private.publish(
      'organization.activated', v_organization.id, v_organization.id, jsonb_build_object('slug', v_organization.slug));
  end if;
  perform app_private.remember('create_organization', to_jsonb(v_organization));
  return v_organization;
end;
$$;

comment on function app_public.create_organization is
  E'@words tenancy_mode organizations.tenancy_mode\n'
  'Opens a clinic with its owner. Whoever has an account already is invited to own it, and appointOwner names another one '
  'if they decline. A draft is invisible to the public until activateOrganization. Superadmin only.';
grant execute on function app_public.create_organization to app_member;

reset role;
-- end of source: functions/organizations/create_organization.sql

-- source: functions/payment_vendors/card_update_form.sql
-- What a page of a payment vendor where a card is entered needs to know of a clinic. BIL-08.
-- Behind the mutation startCardUpdate, which asks the vendor: that is why it is not exposed itself.

set role app_engine;

create or replace function app_hidden.card_update_form(organization_id uuid)
returns table (
  subscription_id uuid, provider text, provider_customer_id text, legal_name text, billing_email text, currency text
)
language plpgsql stable security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_subscription app_public.organization_subscriptions;
begin
  perform app_private.require_permission(card_update_form.organization_id, 'billing.manage');
  select organization_subscriptions.* into v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = card_update_form.organization_id
    and organization_subscriptions.status <> 'canceled';
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'clinic_not_subscribed');
  elsif v_subscription.provider = 'manual' then
    perform app_hidden.refuse('STATE', 'paid_by_transfer');
  end if;

  return query
  select v_subscription.id, v_subscription.provider,
    coalesce(v_subscription.provider_customer_id, app_private.known_customer(v_subscription.organization_id, v_subscription.provider)),
    details.legal_name, details.billing_email, v_subscription.currency::text
  from app_public.organization_billing as details
  where details.organization_id = v_subscription.organization_id;
  if not found then
    perform app_hidden.refuse('STATE', 'billing_details_missing');
  end if;
end;
$$;

comment on function app_hidden.card_update_form is
  'The live subscription of a clinic and whom its payment vendor knows it as. Needs billing.manage. STATE paid_by_transfer where money '
  'comes by bank transfer, billing_details_missing; NOT_FOUND clinic_not_subscribed.';
grant execute on function app_hidden.card_update_form to app_member;

reset role;

create or replace function app_private.known_customer(organization_id uuid, provider text) returns text
language sql stable
set search_path = ''
begin atomic
  select organization_subscriptions.provider_customer_id
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = known_customer.organization_id
    and organization_subscriptions.provider = known_customer.provider
    and organization_subscriptions.provider_customer_id is not null
  order by organization_subscriptions.created_at desc, organization_subscriptions.id desc
  limit 1;
end;

comment on function app_private.known_customer is
  'Whom a payment vendor knows a clinic as, from any subscription that it had; null where it knows none.';
grant execute on function app_private.known_customer to app_engine;
-- end of source: functions/payment_vendors/card_update_form.sql

-- source: functions/payment_vendors/record_payment_customer.sql
-- Whom a payment vendor knows a clinic as: kept as soon as the vendor says it, before anything is made for it there. The first one
-- stays, so that cards and charges are of the same. BIL-04, BIL-08.

set role app_engine;

create or replace function app_hidden.record_payment_customer(organization_id uuid, provider text, customer_id text) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  select organization_subscriptions.* into v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = record_payment_customer.organization_id
    and organization_subscriptions.status <> 'canceled'
  for no key update;
  if not found then
    return null;
  end if;
  if v_subscription.provider_customer_id is null then
    update app_public.organization_subscriptions set provider_customer_id = record_payment_customer.customer_id
    where organization_subscriptions.organization_id = v_subscription.organization_id
      and organization_subscriptions.id = v_subscription.id
    returning organization_subscriptions.provider_customer_id into v_subscription.provider_customer_id;
  end if;
  return v_subscription.provider_customer_id;
end;
$$;

comment on function app_hidden.record_payment_customer is
  'Keeps the id by which a payment vendor knows a clinic with the clinic''s live subscription, unless one is there; answers the one that is.';
grant execute on function app_hidden.record_payment_customer to app_authenticator, app_worker;

reset role;
-- end of source: functions/payment_vendors/record_payment_customer.sql

-- source: functions/subscriptions/begin_organization_subscription.sql
-- A pending subscription begins: the trial of the tier's days, once in the life of a clinic, or the first month from today on. Days
-- are those of the billing zone, so what is billed begins at midnight. BIL-01.

create or replace function app_private.begin_organization_subscription(subscription app_public.organization_subscriptions)
returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_today date := (app_hidden.now() at time zone subscription.timezone)::date;
  v_trial_days int := 0;
  v_subscription app_public.organization_subscriptions;
  v_period app_public.billing_periods;
begin
  if not exists (
    select from app_public.organization_subscriptions as earlier
    where earlier.organization_id = subscription.organization_id and earlier.trial_ends_at is not null
  ) then
    select versions.trial_days into strict v_trial_days
    from app_public.platform_tier_versions as versions where versions.id = subscription.tier_version_id;
  end if;

  update app_public.organization_subscriptions set
    status = case when v_trial_days > 0 then 'trialing' else 'active' end,
    anchor_on = v_today + v_trial_days,
    trial_ends_at = case when v_trial_days > 0 then app_private.day_starts(v_today + v_trial_days, subscription.timezone) end,
    -- Of a trial of a week or less nobody has to be told that it ends within a week.
    trial_told_at = case when v_trial_days between 1 and 7 then app_hidden.now() end
  where organization_subscriptions.organization_id = subscription.organization_id and organization_subscriptions.id = subscription.id
  returning * into v_subscription;
  perform app_private.write_subscription_tier(v_subscription, v_subscription.status_reason);

  v_period.organization_id := v_subscription.organization_id;
  v_period.subscription_id := v_subscription.id;
  v_period.position := 1;
  v_period.is_trial := v_trial_days > 0;
  v_period.starts_on := v_today;
  v_period.ends_on := case when v_trial_days > 0 then v_subscription.anchor_on else app_private.month_day(v_today, 1) end;
  v_period.during := tstzrange(
    app_private.day_starts(v_period.starts_on, v_subscription.timezone), app_private.day_starts(v_period.ends_on, v_subscription.timezone));
  perform app_private.open_billing_period(v_period);
  return app_private.note_settle_at(v_subscription);
end;
$$;

comment on function app_private.begin_organization_subscription is
  'Begins a subscription that is pending and locked, of a clinic whose billing details are complete.';
grant execute on function app_private.begin_organization_subscription to app_engine;

create or replace function app_private.write_subscription_tier(subscription app_public.organization_subscriptions, reason text) returns void
language sql volatile
set search_path = ''
begin atomic
  insert into app_public.organization_subscription_tiers
    (organization_id, subscription_id, position, starts_on, tier_version_id, reason, created_by, created_at)
  select
    (subscription).organization_id, (subscription).id, coalesce(max(held.position), 0) + 1,
    (app_hidden.now() at time zone (subscription).timezone)::date, (subscription).tier_version_id, write_subscription_tier.reason,
    app_private.current_actor_id(), app_hidden.now()
  from app_public.organization_subscription_tiers as held
  where held.organization_id = (subscription).organization_id and held.subscription_id = (subscription).id;
end;

comment on function app_private.write_subscription_tier is 'Notes that a locked subscription is of its tier from today on.';
grant execute on function app_private.write_subscription_tier to app_engine;
-- end of source: functions/subscriptions/begin_organization_subscription.sql

-- source: functions/subscriptions/missing_of_billing.sql
-- What is missing of a clinic's billing details before it can be billed. BIL-10.

create or replace function app_private.missing_of_billing(organization_id uuid) returns text[]
language sql stable
set search_path = ''
begin atomic
  select case when details.organization_id is null
    then '{legalName,street,city,county,country,registrationNumber,taxId,billingEmail}'::text[]
    else array_remove(array[
      case when details.registration_number is null then 'registrationNumber' end,
      case when details.tax_id is null then 'taxId' end], null)
    end
  from (select missing_of_billing.organization_id) as asked (organization_id)
  left join app_public.organization_billing as details on details.organization_id = asked.organization_id;
end;

comment on function app_private.missing_of_billing is 'The names of the billing details that are missing; none when they are complete.';
grant execute on function app_private.missing_of_billing to app_engine;
-- end of source: functions/subscriptions/missing_of_billing.sql

-- source: functions/subscriptions/apply_provider_status.sql
-- What a payment provider says of a subscription that it runs, applied by the time as of which it says so, never by arrival. What is
-- not in payment_provider_statuses is kept and told, and moves nothing. BIL-01.

create or replace function app_private.apply_provider_status(
  provider text, provider_subscription_id text, vendor_status text, as_of timestamptz
) returns app_public.organization_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
  v_status text;
begin
  select subscriptions.* into v_subscription
  from app_public.organization_subscriptions as subscriptions
  where subscriptions.provider = apply_provider_status.provider
    and subscriptions.provider_subscription_id = apply_provider_status.provider_subscription_id
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'clinic_not_subscribed');
  elsif as_of <= v_subscription.provider_as_of then
    return v_subscription;
  end if;
  update app_public.organization_subscriptions set provider_status = vendor_status, provider_as_of = as_of
  where organization_subscriptions.organization_id = v_subscription.organization_id
    and organization_subscriptions.id = v_subscription.id
  returning * into v_subscription;

  select statuses.status into v_status
  from app_private.payment_provider_statuses as statuses
  where statuses.provider = apply_provider_status.provider and statuses.vendor_status = apply_provider_status.vendor_status;
  if not found then
    perform app_private.publish(
      'subscription.status_unknown', v_subscription.organization_id, v_subscription.id,
      jsonb_build_object('subscriptionId', v_subscription.id));
    return v_subscription;
  end if;

  if v_subscription.status = 'canceled' then
    return v_subscription;
  elsif v_status = 'canceled' then
    return app_private.end_organization_subscription(v_subscription, null);
  elsif v_subscription.status = 'pending' and v_status in ('trialing', 'active')
    and app_private.missing_of_billing(v_subscription.organization_id) = '{}' then
    return app_private.begin_organization_subscription(v_subscription);
  end if;
  return app_private.note_settle_at(app_private.judge_subscription(v_subscription));
end;
$$;

comment on function app_private.apply_provider_status is
  'Keeps what a payment provider says of a subscription, and moves it where that follows. What is older than what is known is ignored; an '
  'unknown status is kept and published as subscription.status_unknown. NOT_FOUND clinic_not_subscribed.';
grant execute on function app_private.apply_provider_status to app_engine;
-- end of source: functions/subscriptions/apply_provider_status.sql

-- source: functions/payment_vendors/record_provider_subscription.sql
-- What a payment vendor's webhook says of a subscription that it runs. One that is not ours is of another installation, or was made at
-- the vendor by hand. BIL-01.

set role app_engine;

create or replace function app_hidden.record_provider_subscription(
  provider text, provider_subscription_id text, vendor_status text, as_of timestamptz
) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  if not exists (
    select from app_public.organization_subscriptions
    where organization_subscriptions.provider = record_provider_subscription.provider
      and organization_subscriptions.provider_subscription_id = record_provider_subscription.provider_subscription_id
  ) then
    return 'not_ours';
  end if;
  v_subscription := app_private.apply_provider_status(provider, provider_subscription_id, vendor_status, as_of);
  return v_subscription.status;
end;
$$;

comment on function app_hidden.record_provider_subscription is
  'Applies what a vendor says of a subscription by the time as of which it says so; answers the status that the subscription has then, or '
  'not_ours.';
grant execute on function app_hidden.record_provider_subscription to app_worker;

reset role;
-- end of source: functions/payment_vendors/record_provider_subscription.sql

-- source: functions/payments/allocate.sql
-- A payment pays an invoice, or a part of it; and it no longer does. What it pays is taken from the clinic's balance, and what it
-- no longer pays is in the balance again, so that every coin is somewhere once. BIL-05, BIL-07, docs/decisions/0188.
-- Whoever calls it has locked the billing of the clinic.

create or replace function app_private.allocate(organization_id uuid, payment_id uuid, invoice_id uuid, amount bigint) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_invoice app_public.invoices;
begin
  insert into app_public.payment_allocations (organization_id, payment_id, invoice_id, amount)
  values (allocate.organization_id, allocate.payment_id, allocate.invoice_id, 0)
  on conflict on constraint payment_allocations_pkey do nothing;
  update app_public.payment_allocations set amount = payment_allocations.amount + allocate.amount
  where payment_allocations.organization_id = allocate.organization_id and payment_allocations.payment_id = allocate.payment_id
    and payment_allocations.invoice_id = allocate.invoice_id;
  update app_public.payments set applied_amount = payments.applied_amount + allocate.amount
  where payments.organization_id = allocate.organization_id and payments.id = allocate.payment_id;
  update app_public.invoices set paid_amount = invoices.paid_amount + allocate.amount
  where invoices.organization_id = allocate.organization_id and invoices.id = allocate.invoice_id
  returning * into strict v_invoice;

  -- What was written off is no receivable any more: it is recovered.
  update app_public.write_offs set recovered_amount = write_offs.recovered_amount + allocate.amount
  where v_invoice.status = 'uncollectible'
    and write_offs.organization_id = allocate.organization_id and write_offs.invoice_id = allocate.invoice_id;
  perform app_private.post(
    'payment', allocate.payment_id, allocate.organization_id, v_invoice.currency,
    jsonb_build_object(
      'customer_balance', allocate.amount,
      case when v_invoice.status = 'uncollectible' then 'write_off' else 'receivable' end, -allocate.amount));
end;
$$;

comment on function app_private.allocate is
  'Has a payment pay so much of an invoice, out of its balance; less than zero takes it back into the balance.';
grant execute on function app_private.allocate to app_engine;

create or replace function app_private.free_payments(invoice app_public.invoices, amount bigint) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_left bigint := amount;
  v_allocation app_public.payment_allocations;
begin
  for v_allocation in
    select payment_allocations.*
    from app_public.payment_allocations
    where payment_allocations.organization_id = invoice.organization_id and payment_allocations.invoice_id = invoice.id
      and payment_allocations.amount > 0
    order by payment_allocations.payment_id desc
  loop
    exit when v_left = 0;
    perform app_private.allocate(
      invoice.organization_id, v_allocation.payment_id, invoice.id, -least(v_left, v_allocation.amount));
    v_left := v_left - least(v_left, v_allocation.amount);
  end loop;
end;
$$;

comment on function app_private.free_payments is
  'Takes so much of what pays an invoice back into the balance, beginning with the payment that was recorded last.';
grant execute on function app_private.free_payments to app_engine;
-- end of source: functions/payments/allocate.sql

-- source: functions/payments/weigh_invoice.sql
-- What an invoice is after what was paid and credited: its state, and how it stands with paying. The one place that says so. BIL-05.
-- Whoever calls it has locked the billing of the clinic.

create or replace function app_private.weigh_invoice(organization_id uuid, invoice_id uuid) returns app_public.invoices
language plpgsql volatile
set search_path = ''
as $$
declare
  v_before app_public.invoices;
  v_after app_public.invoices;
  v_due bigint;
  v_attempt text;
begin
  select invoices.* into strict v_before
  from app_public.invoices
  where invoices.organization_id = weigh_invoice.organization_id and invoices.id = weigh_invoice.invoice_id;
  v_after := v_before;
  v_due := app_private.invoice_due(v_before);

  v_after.status := case
    when v_before.status = 'issued' and v_due <= 0 and v_before.paid_amount = 0 and v_before.credited_amount > 0 then 'void'
    when v_before.status in ('issued', 'uncollectible') and v_due <= 0 then 'paid'
    -- The total that the provider returned is more than the net that was paid.
    when v_before.status = 'paid' and v_due > 0 then 'issued'
    else v_before.status
  end;
  v_after.paid_at := case when v_after.status = 'paid' then coalesce(v_before.paid_at, app_hidden.now()) end;

  if v_after.status <> 'issued' then
    update app_public.payment_attempts set status = 'canceled', settled_at = app_hidden.now()
    where payment_attempts.organization_id = v_before.organization_id and payment_attempts.invoice_id = v_before.id
      and payment_attempts.status = 'queued';
  end if;
  select payment_attempts.status into v_attempt
  from app_public.payment_attempts
  where payment_attempts.organization_id = v_before.organization_id and payment_attempts.invoice_id = v_before.id
    and payment_attempts.status not in ('queued', 'canceled')
  order by payment_attempts.position desc
  limit 1;
  v_after.payment_state := case
    when v_after.status = 'paid' then case
      when exists (
        select from app_public.payments
        where payments.organization_id = v_before.organization_id and payments.invoice_id = v_before.id
          and payments.applied_amount + payments.refunded_amount < payments.amount)
      then 'overpaid'
      else 'paid'
    end
    when v_after.status = 'issued' and v_attempt in ('processing', 'unknown') then 'processing'
    when v_after.paid_amount > 0 then 'partially_paid'
    when v_after.status = 'issued' and v_attempt = 'failed' then 'failed'
    else 'unpaid'
  end;

  if (v_after.status, v_after.payment_state, v_after.paid_at)
     is not distinct from (v_before.status, v_before.payment_state, v_before.paid_at) then
    return v_before;
  end if;
  update app_public.invoices set payment_state = v_after.payment_state, paid_at = v_after.paid_at
  where invoices.organization_id = v_before.organization_id and invoices.id = v_before.id;
  if v_after.status <> v_before.status then
    update app_public.invoices set status = v_after.status
    where invoices.organization_id = v_before.organization_id and invoices.id = v_before.id;
  end if;
  if v_after.status <> v_before.status and v_after.status in ('paid', 'void') then
    perform app_private.publish(
      case v_after.status when 'paid' then 'invoice.paid' else 'invoice.voided' end,
      v_after.organization_id, v_after.id, jsonb_build_object('invoiceId', v_after.id));
  end if;
  return v_after;
end;
$$;

comment on function app_private.weigh_invoice is
  'Sets state, payment_state and paid_at of an invoice by what was paid and credited, and cancels a try that is not needed any more.';
grant execute on function app_private.weigh_invoice to app_engine;
-- end of source: functions/payments/weigh_invoice.sql

-- source: functions/payments/settle_account.sql
-- After money came, or came back: the clinic's balance pays what is due, the invoice that became due first before others, out of
-- the payment that arrived first; then each invoice is weighed, and the subscription follows. BIL-05, BIL-07, docs/decisions/0188.
-- An invoice whose total the invoicing provider has not returned is paid by the payment that was made for it, not by a balance.
-- Whoever calls it has locked the billing of the clinic.

create or replace function app_private.settle_account(organization_id uuid, currency text, invoice_ids uuid[]) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_touched uuid[] := invoice_ids;
  v_invoice app_public.invoices;
  v_payment app_public.payments;
  v_id uuid;
  v_part bigint;
begin
  perform from app_public.invoices
  where invoices.organization_id = settle_account.organization_id and invoices.status = 'issued'
  order by invoices.id
  for no key update;

  for v_invoice in
    select invoices.*
    from app_public.invoices
    where invoices.organization_id = settle_account.organization_id and invoices.status = 'issued'
      and invoices.currency = settle_account.currency
      and invoices.total_amount is not null
      and app_private.invoice_due(invoices) > 0
    order by invoices.due_on, invoices.id
  loop
    for v_payment in
      select payments.*
      from app_public.payments
      where payments.organization_id = settle_account.organization_id and payments.currency = settle_account.currency
        and payments.applied_amount + payments.refunded_amount < payments.amount
      order by payments.id
    loop
      v_part := least(
        app_private.invoice_due(v_invoice), v_payment.amount - v_payment.applied_amount - v_payment.refunded_amount);
      exit when v_part <= 0;
      perform app_private.allocate(settle_account.organization_id, v_payment.id, v_invoice.id, v_part);
      v_invoice.paid_amount := v_invoice.paid_amount + v_part;
      -- The invoice that the payment was made for is no longer over-paid.
      v_touched := v_touched || v_invoice.id || v_payment.invoice_id;
    end loop;
  end loop;

  for v_id in select distinct touched.id from unnest(v_touched) as touched (id) order by 1 loop
    perform app_private.weigh_invoice(settle_account.organization_id, v_id);
    perform app_private.invoice_changed(settle_account.organization_id, v_id);
  end loop;
end;
$$;

comment on function app_private.settle_account is
  'Pays what a clinic owes in a currency out of its balance, then weighs these invoices and all that were paid, and tells the subscription.';
grant execute on function app_private.settle_account to app_engine;
-- end of source: functions/payments/settle_account.sql

-- source: functions/payments/attempt_to_charge.sql
-- What the worker asks before it asks a vendor for money. What is due is looked at then, after the clinic's balance has paid what it can;
-- from then on the amount stays, since the vendor knows a repeat by the id of the attempt and has to be asked for the same.
-- BIL-04, BIL-05, docs/decisions/0187.

set role app_engine;

create or replace function app_hidden.attempt_to_charge(id uuid)
returns table (
  attempt_id uuid, organization_id uuid, invoice_id uuid, invoice_number text, provider text, provider_customer_id text,
  provider_payment_id text, currency text, amount bigint, is_repeat boolean
)
language plpgsql volatile strict security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_attempt app_public.payment_attempts := app_private.lock_attempt(attempt_to_charge.id);
  v_invoice app_public.invoices;
  v_is_repeat boolean;
begin
  if v_attempt.status not in ('queued', 'processing', 'unknown') then
    return;
  end if;
  v_is_repeat := v_attempt.status <> 'queued';
  select invoices.* into strict v_invoice
  from app_public.invoices
  where invoices.organization_id = v_attempt.organization_id and invoices.id = v_attempt.invoice_id;
  if not v_is_repeat then
    perform app_private.settle_account(v_invoice.organization_id, v_invoice.currency, array[v_invoice.id]);
    select invoices.* into strict v_invoice
    from app_public.invoices
    where invoices.organization_id = v_attempt.organization_id and invoices.id = v_attempt.invoice_id;
    if v_invoice.status <> 'issued' then
      -- It is settled: settle_account() has canceled the attempt.
      return;
    elsif v_invoice.total_amount is null then
      -- The invoicing provider has not said yet what the invoice comes to.
      perform app_private.queue_charge(v_attempt.id, app_hidden.now() + interval '10 minutes');
      return;
    end if;
    update app_public.payment_attempts set status = 'processing', amount = app_private.invoice_due(v_invoice)
    where payment_attempts.organization_id = v_attempt.organization_id and payment_attempts.id = v_attempt.id
    returning * into v_attempt;
    perform app_private.weigh_invoice(v_invoice.organization_id, v_invoice.id);
  end if;
  -- Whatever becomes of the job and of the vendor's reports: the vendor is asked again until it says the end.
  perform graphile_worker.add_job(
    'charge_invoice', json_build_object('attemptId', v_attempt.id), run_at => app_hidden.now() + interval '6 hours',
    job_key => 'charge_invoice_again:' || v_attempt.id);

  return query
  select v_attempt.id, v_attempt.organization_id, v_attempt.invoice_id, v_invoice.series || ' ' || v_invoice.number, v_attempt.provider,
    organization_subscriptions.provider_customer_id, v_attempt.provider_payment_id, v_invoice.currency::text, v_attempt.amount,
    v_is_repeat
  from app_public.organization_subscriptions
  where organization_subscriptions.organization_id = v_invoice.organization_id
    and organization_subscriptions.id = v_invoice.subscription_id;
end;
$$;

comment on function app_hidden.attempt_to_charge is
  'What a vendor is to be asked for, in minor units, with the attempt as the key by which it knows a repeat; is_repeat: it may have been asked '
  'before. No row: nothing is to be asked, or not yet, and then the job is queued again.';
grant execute on function app_hidden.attempt_to_charge to app_worker;

reset role;

create or replace function app_private.lock_attempt(attempt_id uuid) returns app_public.payment_attempts
language plpgsql volatile
set search_path = ''
as $$
declare
  v_attempt app_public.payment_attempts;
begin
  select payment_attempts.* into v_attempt
  from app_public.payment_attempts
  where payment_attempts.id = lock_attempt.attempt_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'payment_attempt_not_found');
  end if;
  perform app_private.lock_billing(v_attempt.organization_id);
  perform app_private.lock_invoice(v_attempt.organization_id, v_attempt.invoice_id);
  select payment_attempts.* into strict v_attempt
  from app_public.payment_attempts
  where payment_attempts.id = lock_attempt.attempt_id;
  return v_attempt;
end;
$$;

comment on function app_private.lock_attempt is
  'A try to take money as it is once the billing of its clinic and its invoice are locked; NOT_FOUND payment_attempt_not_found.';
grant execute on function app_private.lock_attempt to app_engine;
-- end of source: functions/payments/attempt_to_charge.sql

-- source: functions/payments/require_superadmin.sql
-- Verbs about the money of clinics that staff of the platform alone may use. BIL-05, BIL-08.

create or replace function app_private.require_superadmin() returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
end;
$$;

comment on function app_private.require_superadmin is 'Passes for superadmins; FORBIDDEN superadmin_only for everybody else.';
grant execute on function app_private.require_superadmin to app_engine;
-- end of source: functions/payments/require_superadmin.sql

-- source: functions/payments/billed_invoice.sql
-- The invoice that a verb of superadmins is about, and the locks. BIL-05.

create or replace function app_private.billed_invoice(invoice_id uuid, numbered text default null) returns app_public.invoices
language plpgsql volatile
set search_path = ''
as $$
declare
  v_organization_id uuid;
begin
  perform app_private.require_superadmin();
  select invoices.organization_id into v_organization_id
  from app_public.invoices
  where invoices.id = billed_invoice.invoice_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'invoice_not_found');
  end if;
  perform app_private.lock_billing(v_organization_id);
  if billed_invoice.numbered is not null then
    perform app_private.lock_series(billed_invoice.numbered);
  end if;
  return app_private.lock_invoice(v_organization_id, billed_invoice.invoice_id);
end;
$$;

comment on function app_private.billed_invoice is
  'An invoice for a superadmin to change, locked after the clinic''s subscriptions and, where numbered names a kind of document, its series. '
  'FORBIDDEN superadmin_only, NOT_FOUND invoice_not_found.';
grant execute on function app_private.billed_invoice to app_engine;
-- end of source: functions/payments/billed_invoice.sql

-- source: functions/payments/billing_overview.sql
-- How clinics stand with the platform: what each subscribes to, what it owes and since when, and when it is billed next. Read in pages by
-- the clinic's id, and each clinic's own rows by their indexes, so that a page costs the same however many clinics there are. BIL-06.

set role app_engine;

create or replace function app_public.billing_overview(
  after_organization_id uuid default null,
  up_to int default 50,
  only_unpaid boolean default false,
  named text default null,
  with_status text default null
)
returns table (
  organization_id uuid, organization_name text, tier_slug text, status text, currency text, unpaid_amount bigint, balance_amount bigint,
  overdue_since date, next_bill_on date
)
language plpgsql stable security definer rows 50
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_named constant text := app_hidden.search_text(coalesce(named, ''));
begin
  perform app_private.require_superadmin();
  if up_to not between 1 and 100 then
    perform app_hidden.refuse('VALIDATION', 'page_out_of_range', '{"field": "upTo", "most": 100}');
  end if;
  return query
  select organizations.id, organizations.name, platform_tiers.slug, subscription.status, subscription.currency::text,
    coalesce(unpaid.amount, 0)::bigint, coalesce(kept.amount, 0)::bigint, unpaid.overdue_since, period.ends_on
  from app_public.organizations
  cross join lateral (
    select organization_subscriptions.*
    from app_public.organization_subscriptions
    where organization_subscriptions.organization_id = organizations.id
    order by organization_subscriptions.status = 'canceled', organization_subscriptions.id desc
    limit 1
  ) as subscription
  join app_public.platform_tier_versions on platform_tier_versions.id = subscription.tier_version_id
  join app_public.platform_tiers on platform_tiers.id = platform_tier_versions.tier_id
  cross join lateral (
    select sum(app_private.invoice_due(invoices)) as amount,
           min(invoices.due_on) filter (where invoices.due_on < (app_hidden.now() at time zone subscription.timezone)::date) as overdue_since
    from app_public.invoices
    where invoices.organization_id = organizations.id and invoices.status = 'issued' and invoices.currency = subscription.currency
  ) as unpaid
  cross join lateral (
    select sum(payments.amount - payments.applied_amount - payments.refunded_amount) as amount
    from app_public.payments
    where payments.organization_id = organizations.id and payments.currency = subscription.currency
      and payments.applied_amount + payments.refunded_amount < payments.amount
  ) as kept
  left join lateral (
    select billing_periods.ends_on
    from app_public.billing_periods
    where billing_periods.organization_id = organizations.id and billing_periods.subscription_id = subscription.id
      and subscription.status <> 'canceled'
    order by billing_periods.position desc
    limit 1
  ) as period on true
  where organizations.deleted_at is null
    and (after_organization_id is null or organizations.id > after_organization_id)
    and (with_status is null or subscription.status = with_status)
    and (v_named = '' or position(v_named in app_hidden.search_text(organizations.name)) > 0)
    and (not only_unpaid or exists (
      select from app_public.invoices
      where invoices.organization_id = organizations.id and invoices.status = 'issued'))
  order by organizations.id
  limit up_to;
end;
$$;

comment on function app_public.billing_overview is
  E'@nullable overdue_since\n@nullable next_bill_on\n@words status organization_subscriptions.status\n'
  '@arg afterOrganizationId The last clinic of the page before; null: the first page.\n'
  '@arg upTo How many clinics, 100 at most.\n'
  '@arg onlyUnpaid Whether clinics that owe nothing are left out.\n@arg named What their name has in it, without regard to case and marks.\n'
  '@arg withStatus How their subscription stands.\n@words with_status organization_subscriptions.status\n'
  'Clinics that subscribe, or did, in the order of their ids: what is unpaid, since when something of it is overdue, what the clinic has paid '
  'beyond what it owes, and when the next bill is made. Superadmin only. VALIDATION page_out_of_range.';
grant execute on function app_public.billing_overview to app_member;

reset role;
-- end of source: functions/payments/billing_overview.sql

-- source: functions/payments/revenue_account.sql
-- To which account what a line bills belongs. BIL-02.

create or replace function app_private.revenue_account(kind text) returns text
language sql immutable
set search_path = ''
return case
  when kind in ('overage', 'late_overage') then 'overage_revenue'
  when kind in ('ai', 'late_ai') then 'ai_revenue'
  else 'plan_revenue'
end;

comment on function app_private.revenue_account is 'The account of a kind of line.';
grant execute on function app_private.revenue_account to app_engine;
-- end of source: functions/payments/revenue_account.sql

-- source: functions/payments/issue_credit_note.sql
-- Something is taken off an invoice: a document with a number of its own, lines that are bounded by those of the invoice, postings, the
-- job that has the invoicing provider issue it, and an event of which the clinic is told once. BIL-05, BIL-08, docs/decisions/0187.
-- Whoever calls it has locked the billing of the clinic, the series and the invoice, and settles the account afterwards.

create or replace function app_private.creditable(invoice app_public.invoices)
returns table (line_id uuid, kind text, amount bigint)
language sql stable
set search_path = ''
begin atomic
  select invoice_lines.id, invoice_lines.kind,
         greatest(invoice_lines.amount - coalesce((
           select sum(credit_note_lines.amount)
           from app_public.credit_note_lines
           where credit_note_lines.organization_id = invoice_lines.organization_id
             and credit_note_lines.invoice_line_id = invoice_lines.id), 0), 0)::bigint
  from app_public.invoice_lines
  where invoice_lines.organization_id = (invoice).organization_id and invoice_lines.invoice_id = (invoice).id
  order by invoice_lines.position;
end;

comment on function app_private.creditable is 'How much of each line of an invoice was not credited yet, before tax, in the order of the lines.';
grant execute on function app_private.creditable to app_engine;

create or replace function app_private.credited_net(invoice app_public.invoices) returns bigint
language sql stable
set search_path = ''
begin atomic
  select coalesce(sum(credit_notes.net_amount), 0)::bigint
  from app_public.credit_notes
  where credit_notes.organization_id = (invoice).organization_id and credit_notes.invoice_id = (invoice).id;
end;

comment on function app_private.credited_net is 'How much of an invoice was credited, before tax.';
grant execute on function app_private.credited_net to app_engine;

create or replace function app_private.require_creditable(invoice app_public.invoices) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if invoice.status not in ('issued', 'paid') then
    perform app_hidden.refuse('STATE', 'invoice_not_creditable', jsonb_build_object('status', invoice.status));
  -- A credit note names the invoice as the provider numbered it, and shares its tax.
  elsif invoice.total_amount is null then
    perform app_hidden.refuse('STATE', 'invoice_document_missing');
  end if;
end;
$$;

comment on function app_private.require_creditable is
  'Passes for an invoice that may be credited; STATE invoice_not_creditable, or invoice_document_missing until the invoicing provider has issued it.';
grant execute on function app_private.require_creditable to app_engine;

create or replace function app_private.issue_credit_note(
  invoice app_public.invoices,
  line_ids uuid[],
  amounts bigint[],
  reason text,
  gross_amount bigint default null,
  refund_id uuid default null
) returns app_public.credit_notes
language plpgsql volatile
set search_path = ''
as $$
declare
  v_note app_public.credit_notes;
  v_net bigint := (select sum(given.amount) from unnest(amounts) as given (amount));
  v_credited_net bigint := app_private.credited_net(invoice);
  v_tax bigint := invoice.total_amount - invoice.net_amount;
  v_gross bigint;
begin
  -- The share of the invoice's tax is cumulative, so that notes which credit all of the net credit all of the tax.
  v_gross := coalesce(
    issue_credit_note.gross_amount,
    v_net + greatest(0, round(v_tax::numeric * (v_credited_net + v_net) / invoice.net_amount)::bigint
                        - (invoice.credited_amount - v_credited_net)));

  insert into app_public.credit_notes
    (organization_id, invoice_id, series, number, net_amount, gross_amount, reason, issued_by, issued_at)
  select invoice.organization_id, invoice.id, next.series, next.number, v_net, v_gross, issue_credit_note.reason,
         app_private.current_actor_id(), app_hidden.now()
  from app_private.next_number('credit_note') as next
  returning * into strict v_note;
  insert into app_public.credit_note_lines (organization_id, credit_note_id, invoice_line_id, amount)
  select v_note.organization_id, v_note.id, given.line_id, given.amount
  from unnest(line_ids, amounts) as given (line_id, amount)
  where given.amount > 0;
  update app_public.invoices set credited_amount = invoices.credited_amount + v_gross
  where invoices.organization_id = invoice.organization_id and invoices.id = invoice.id
  returning * into strict invoice;

  perform app_private.post(
    'credit_note', v_note.id, v_note.organization_id, invoice.currency,
    (select jsonb_object_agg(revenue.account, revenue.amount)
     from (
       select app_private.revenue_account(invoice_lines.kind) as account, sum(given.amount) as amount
       from unnest(line_ids, amounts) as given (line_id, amount)
       join app_public.invoice_lines
         on invoice_lines.organization_id = invoice.organization_id and invoice_lines.id = given.line_id
       group by 1
     ) as revenue)
    || jsonb_build_object('tax', v_gross - v_net, 'receivable', -v_gross));
  if app_private.invoice_due(invoice) < 0 then
    perform app_private.free_payments(invoice, -app_private.invoice_due(invoice));
  end if;

  perform graphile_worker.add_job(
    'issue_document', json_build_object('kind', 'credit_note', 'id', v_note.id), job_key => 'issue_document:' || v_note.id);
  perform app_private.publish(
    'credit_note.issued', v_note.organization_id, v_note.id,
    jsonb_strip_nulls(jsonb_build_object(
      'creditNoteId', v_note.id, 'invoiceId', v_note.invoice_id, 'refundId', issue_credit_note.refund_id)));
  return v_note;
end;
$$;

comment on function app_private.issue_credit_note is
  'Issues a credit note of these amounts of these lines, before tax; gross_amount where it is given back to the coin. What was paid '
  'beyond what is left of the invoice is in the clinic''s balance then.';
grant execute on function app_private.issue_credit_note to app_engine;
-- end of source: functions/payments/issue_credit_note.sql

-- source: functions/payments/spread.sql
-- An amount without lines is spread over what there is by largest remainder: each gets its share rounded down, and the units that are
-- left go to those that lost most by it, the first before others. The shares sum to the amount, and none is more than there is. BIL-05.

create or replace function app_private.spread(amount bigint, over_amounts bigint[]) returns bigint[]
language sql immutable
set search_path = ''
as $$
  with shares as (
    select given.place, div(spread.amount::numeric * given.amount, total.amount)::bigint as share,
           mod(spread.amount::numeric * given.amount, total.amount) as remainder
    from unnest(over_amounts) with ordinality as given (amount, place)
    cross join (select sum(one) as amount from unnest(over_amounts) as one) as total
  ), ranked as (
    select shares.place, shares.share,
           row_number() over (order by shares.remainder desc, shares.place) <= spread.amount - sum(shares.share) over () as gets_one
    from shares
  )
  select array_agg(ranked.share + ranked.gets_one::int order by ranked.place) from ranked
$$;

comment on function app_private.spread is
  'Divides an amount by largest remainder, in proportion to amounts that are not negative and sum to as much at least.';
grant execute on function app_private.spread to app_engine;
-- end of source: functions/payments/spread.sql

-- source: functions/payments/credit_invoice.sql
-- Staff of the platform take something off an invoice that was issued: of lines that they name, or an amount that is spread over all, or
-- all that is left. No line is credited for more than it is, however many credit it at once. BIL-05, BIL-08.

set role app_engine;

create or replace function app_public.credit_invoice(invoice_id uuid, lines jsonb, reason text) returns app_public.credit_notes
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('credit_invoice', jsonb_build_array(invoice_id, lines, reason));
  v_invoice app_public.invoices;
  v_note app_public.credit_notes;
  v_reason text;
  v_problem text;
  v_line_ids uuid[];
  v_amounts bigint[];
begin
  if v_remembered is not null then
    perform app_private.require_superadmin();
    return jsonb_populate_record(v_note, v_remembered);
  end if;
  v_invoice := app_private.billed_invoice(invoice_id, 'credit_note');
  v_reason := app_private.require_reason(reason);
  v_problem := app_private.credit_lines_problem(lines);
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'credit_lines_wrong', jsonb_build_object('field', 'lines', 'path', v_problem));
  end if;
  perform app_private.require_creditable(v_invoice);

  select array_agg(given.id), array_agg(given.amount) into v_line_ids, v_amounts
  from (
    select (line ->> 'lineId')::uuid as id, (line ->> 'amount')::bigint as amount
    from jsonb_array_elements(lines) as line
  ) as given;
  select given.id::text into v_problem
  from unnest(v_line_ids) as given (id)
  where not exists (select from app_private.creditable(v_invoice) as line where line.line_id = given.id)
  limit 1;
  if v_problem is not null then
    perform app_hidden.refuse('NOT_FOUND', 'invoice_line_not_found', jsonb_build_object('lineId', v_problem));
  end if;
  perform app_hidden.refuse(
    'CONFLICT', 'credit_exceeds_line',
    jsonb_build_object('lineId', line.line_id, 'most', line.amount, 'currency', v_invoice.currency))
  from unnest(v_line_ids, v_amounts) as given (id, amount)
  join app_private.creditable(v_invoice) as line on line.line_id = given.id
  where given.amount > line.amount;
  perform app_private.require_net_left(v_invoice, (select sum(amount) from unnest(v_amounts) as amount)::bigint);

  v_note := app_private.issue_credit_note(v_invoice, v_line_ids, v_amounts, v_reason);
  perform app_private.settle_account(v_invoice.organization_id, v_invoice.currency, array[v_invoice.id]);
  perform app_private.remember('credit_invoice', to_jsonb(v_note));
  return v_note;
end;
$$;

comment on function app_public.credit_invoice is
  E'@arg lines What is taken off, before tax: [{"lineId": "…", "amount": 5000}], each line once.\n'
  'Issues a credit note for lines of an invoice. What was paid beyond what is left is a balance of the clinic. Superadmin only, with a reason. '
  'CONFLICT credit_exceeds_line or credit_exceeds_invoice, NOT_FOUND invoice_line_not_found, STATE invoice_not_creditable or '
  'invoice_document_missing, VALIDATION credit_lines_wrong.';
grant execute on function app_public.credit_invoice to app_member;

create or replace function app_public.discount_invoice(invoice_id uuid, amount bigint, reason text) returns app_public.credit_notes
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('discount_invoice', jsonb_build_array(invoice_id, amount, reason));
  v_invoice app_public.invoices;
  v_note app_public.credit_notes;
  v_reason text;
begin
  if v_remembered is not null then
    perform app_private.require_superadmin();
    return jsonb_populate_record(v_note, v_remembered);
  end if;
  v_invoice := app_private.billed_invoice(invoice_id, 'credit_note');
  v_reason := app_private.require_reason(reason);
  if discount_invoice.amount not between 1 and 100000000000 then
    perform app_hidden.refuse('VALIDATION', 'sum_out_of_range', '{"field": "amount"}');
  end if;
  perform app_private.require_creditable(v_invoice);
  perform app_private.require_net_left(v_invoice, discount_invoice.amount);
  v_note := app_private.credit_amount(v_invoice, discount_invoice.amount, v_reason);
  perform app_private.settle_account(v_invoice.organization_id, v_invoice.currency, array[v_invoice.id]);
  perform app_private.remember('discount_invoice', to_jsonb(v_note));
  return v_note;
end;
$$;

comment on function app_public.discount_invoice is
  E'@arg amount What is taken off, before tax, in minor units of the invoice''s currency.\n'
  'Issues a credit note for an amount, spread over what is left of the lines by largest remainder. Superadmin only, with a reason. '
  'CONFLICT credit_exceeds_invoice, STATE invoice_not_creditable or invoice_document_missing.';
grant execute on function app_public.discount_invoice to app_member;

create or replace function app_public.void_invoice(invoice_id uuid, reason text) returns app_public.credit_notes
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('void_invoice', jsonb_build_array(invoice_id, reason));
  v_invoice app_public.invoices;
  v_note app_public.credit_notes;
  v_reason text;
  v_net bigint;
begin
  if v_remembered is not null then
    perform app_private.require_superadmin();
    return jsonb_populate_record(v_note, v_remembered);
  end if;
  v_invoice := app_private.billed_invoice(invoice_id, 'credit_note');
  v_reason := app_private.require_reason(reason);
  perform app_private.require_creditable(v_invoice);
  perform app_private.require_no_open_charge(v_invoice);
  v_net := v_invoice.net_amount - app_private.credited_net(v_invoice);
  perform app_private.require_net_left(v_invoice, greatest(v_net, 1));
  v_note := app_private.credit_amount(v_invoice, v_net, v_reason);
  perform app_private.settle_account(v_invoice.organization_id, v_invoice.currency, array[v_invoice.id]);
  perform app_private.remember('void_invoice', to_jsonb(v_note));
  return v_note;
end;
$$;

comment on function app_public.void_invoice is
  'Takes all that is left of an invoice off it by a credit note: an invoice that was issued is not taken back otherwise. One of which '
  'nothing was paid is void then; what was paid is a balance of the clinic. Superadmin only, with a reason. '
  'CONFLICT credit_exceeds_invoice when nothing is left, STATE invoice_not_creditable, invoice_document_missing or charge_under_way.';
grant execute on function app_public.void_invoice to app_member;

reset role;

create or replace function app_private.credit_lines_problem(lines jsonb) returns text
language sql immutable
set search_path = ''
return case
  when jsonb_typeof(lines) is distinct from 'array' or jsonb_array_length(lines) not between 1 and 500 then ''
  else (
    select '/' || (line.place - 1)
    from jsonb_array_elements(lines) with ordinality as line (value, place)
    where jsonb_typeof(line.value) <> 'object'
      or not coalesce(line.value ->> 'lineId' ~ '^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$', false)
      or not coalesce(line.value ->> 'amount' ~ '^[1-9][0-9]{0,11}$', false)
      or (select count(*) from jsonb_array_elements(lines) as other
          where app_hidden.ascii_lower(other ->> 'lineId') = app_hidden.ascii_lower(line.value ->> 'lineId')) > 1
    order by line.place
    limit 1)
end;

comment on function app_private.credit_lines_problem is
  'Which of the lines to credit is wrong, as a JSON pointer: no id, no amount above zero, or twice the same; null: none is.';
grant execute on function app_private.credit_lines_problem to app_engine;

create or replace function app_private.require_net_left(invoice app_public.invoices, net_amount bigint) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_left bigint := invoice.net_amount - app_private.credited_net(invoice);
begin
  if require_net_left.net_amount > v_left then
    perform app_hidden.refuse(
      'CONFLICT', 'credit_exceeds_invoice', jsonb_build_object('most', v_left, 'currency', invoice.currency));
  end if;
end;
$$;

comment on function app_private.require_net_left is
  'Passes when so much of an invoice is not credited yet, before tax; CONFLICT credit_exceeds_invoice.';
grant execute on function app_private.require_net_left to app_engine;

create or replace function app_private.credit_amount(
  invoice app_public.invoices, net_amount bigint, reason text, gross_amount bigint default null, refund_id uuid default null
) returns app_public.credit_notes
language plpgsql volatile
set search_path = ''
as $$
declare
  v_line_ids uuid[];
  v_left bigint[];
begin
  select array_agg(line.line_id order by line.place), array_agg(line.amount order by line.place) into v_line_ids, v_left
  from app_private.creditable(invoice) with ordinality as line (line_id, kind, amount, place);
  return app_private.issue_credit_note(
    invoice, v_line_ids, app_private.spread(credit_amount.net_amount, v_left), credit_amount.reason, credit_amount.gross_amount,
    credit_amount.refund_id);
end;
$$;

comment on function app_private.credit_amount is 'Issues a credit note for an amount before tax, spread over what is left of the lines.';
grant execute on function app_private.credit_amount to app_engine;

create or replace function app_private.require_no_open_charge(invoice app_public.invoices) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if exists (
    select from app_public.payment_attempts
    where payment_attempts.organization_id = invoice.organization_id and payment_attempts.invoice_id = invoice.id
      and payment_attempts.status in ('processing', 'unknown')
  ) then
    perform app_hidden.refuse('STATE', 'charge_under_way');
  end if;
end;
$$;

comment on function app_private.require_no_open_charge is
  'Passes when no vendor is being asked for the money of an invoice; STATE charge_under_way.';
grant execute on function app_private.require_no_open_charge to app_engine;
-- end of source: functions/payments/credit_invoice.sql

-- source: functions/payments/documents_to_check.sql
-- Invoices of which the worker asks the tax office what became of them, those whose deadline is nearest first. BIL-04.

set role app_engine;

create or replace function app_hidden.documents_to_check(up_to int default 100)
returns table (
  organization_id uuid, invoice_id uuid, provider text, provider_document_id text, provider_document_number text,
  tax_state text, tax_upload_id text, tax_deadline_on date
)
language sql stable security definer
set search_path = ''
begin atomic
  select invoices.organization_id, invoices.id, invoices.provider, invoices.provider_document_id, invoices.provider_document_number,
    invoices.tax_state, invoices.tax_upload_id, invoices.tax_deadline_on
  from app_public.invoices
  where invoices.tax_state in ('queued', 'sent', 'unknown') and invoices.provider_state = 'issued'
    -- What the tax office has just been asked about is asked about again later.
    and (invoices.tax_checked_at is null or invoices.tax_checked_at <= app_hidden.now() - interval '15 minutes')
  order by invoices.tax_deadline_on, invoices.id
  limit documents_to_check.up_to;
end;

comment on function app_hidden.documents_to_check is
  'Invoices that are issued and that the tax office has neither accepted nor rejected, up to so many, not asked about for a quarter of an hour.';
grant execute on function app_hidden.documents_to_check to app_worker;

reset role;
-- end of source: functions/payments/documents_to_check.sql

-- source: functions/payments/messages_about_credit_note.sql
-- Something was taken off an invoice, or money goes back: a notice, once for each credit note, and once for each refund without one. BIL-08.

create or replace function app_private.messages_about_credit_note(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_recipients constant app_private.message_recipient[] := app_private.billing_recipients(event.organization_id);
begin
  if v_recipients is null then
    return;
  end if;
  perform app_private.notify_many(
    event.organization_id, 'credit_notice', v_recipients,
    jsonb_build_object(
      'creditNoteNumber', credit_notes.series || ' ' || credit_notes.number,
      'invoiceNumber', invoices.series || ' ' || invoices.number,
      'creditAmount', credit_notes.gross_amount::text,
      'refundAmount', refunds.amount::text,
      'currency', invoices.currency),
    event_id => event.id)
  from app_public.credit_notes
  join app_public.invoices on invoices.organization_id = credit_notes.organization_id and invoices.id = credit_notes.invoice_id
  left join app_public.refunds on refunds.organization_id = credit_notes.organization_id and refunds.credit_note_id = credit_notes.id
  where credit_notes.organization_id = event.organization_id and credit_notes.id = event.subject_id;
end;
$$;

comment on function app_private.messages_about_credit_note is
  'Queues what credit_note.issued calls for: a notice to the clinic''s address for bills and to members with billing.manage.';
grant execute on function app_private.messages_about_credit_note to app_engine;

create or replace function app_private.messages_about_refund(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_recipients constant app_private.message_recipient[] := app_private.billing_recipients(event.organization_id);
begin
  if v_recipients is null then
    return;
  end if;
  perform app_private.notify_many(
    event.organization_id, 'credit_notice', v_recipients,
    jsonb_build_object(
      'creditNoteNumber', null,
      'invoiceNumber', invoices.series || ' ' || invoices.number,
      'creditAmount', null,
      'refundAmount', refunds.amount::text,
      'currency', refunds.currency),
    event_id => event.id)
  from app_public.refunds
  join app_public.payments on payments.organization_id = refunds.organization_id and payments.id = refunds.payment_id
  join app_public.invoices on invoices.organization_id = payments.organization_id and invoices.id = payments.invoice_id
  where refunds.organization_id = event.organization_id and refunds.id = event.subject_id;
end;
$$;

comment on function app_private.messages_about_refund is
  'Queues what refund.requested calls for, a refund without a credit note: a notice to the same people.';
grant execute on function app_private.messages_about_refund to app_engine;
-- end of source: functions/payments/messages_about_credit_note.sql

-- source: functions/payments/messages_about_payment.sql
-- A clinic's payment arrived: a receipt, once for each payment. BIL-08.

create or replace function app_private.messages_about_payment(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_recipients constant app_private.message_recipient[] := app_private.billing_recipients(event.organization_id);
begin
  if v_recipients is null then
    return;
  end if;
  perform app_private.notify_many(
    event.organization_id, 'payment_received', v_recipients,
    jsonb_build_object(
      'invoiceNumber', invoices.series || ' ' || invoices.number,
      'paidAmount', payments.amount::text,
      'receivedOn', payments.received_on,
      'dueAmount', nullif(greatest(app_private.invoice_due(invoices), 0), 0)::text,
      'balanceAmount', nullif(payments.amount - payments.applied_amount - payments.refunded_amount, 0)::text,
      'currency', payments.currency),
    event_id => event.id)
  from app_public.payments
  join app_public.invoices on invoices.organization_id = payments.organization_id and invoices.id = payments.invoice_id
  where payments.organization_id = event.organization_id and payments.id = event.subject_id;
end;
$$;

comment on function app_private.messages_about_payment is
  'Queues what payment.received calls for: a receipt to the clinic''s address for bills and to members with billing.manage.';
grant execute on function app_private.messages_about_payment to app_engine;
-- end of source: functions/payments/messages_about_payment.sql

-- source: functions/payments/settle_payment.sql
-- Money arrived. It is recorded once for each id of the provider: whoever reports it again gets the payment that is there. It pays
-- its invoice first; what is more than is due is a balance of the clinic. BIL-05, BIL-07, BIL-08.
-- Whoever calls it has locked the billing of the clinic and the invoice.

create or replace function app_private.settle_payment(
  organization_id uuid,
  invoice_id uuid,
  provider text,
  method text,
  provider_payment_id text,
  amount bigint,
  received_on date,
  attempt_id uuid default null,
  reference text default null,
  note text default null
) returns app_public.payments
language plpgsql volatile
set search_path = ''
as $$
declare
  v_invoice app_public.invoices;
  v_payment app_public.payments;
  v_part bigint;
begin
  select invoices.* into strict v_invoice
  from app_public.invoices
  where invoices.organization_id = settle_payment.organization_id and invoices.id = settle_payment.invoice_id;
  insert into app_public.payments
    (organization_id, invoice_id, attempt_id, provider, method, provider_payment_id, reference, currency, amount, received_on, note,
     recorded_by)
  values
    (v_invoice.organization_id, v_invoice.id, settle_payment.attempt_id, settle_payment.provider, settle_payment.method,
     settle_payment.provider_payment_id, settle_payment.reference, v_invoice.currency, settle_payment.amount,
     settle_payment.received_on, settle_payment.note, app_private.current_actor_id())
  on conflict on constraint payments_are_recorded_once do nothing
  returning * into v_payment;
  if not found then
    select payments.* into strict v_payment
    from app_public.payments
    where payments.provider = settle_payment.provider and payments.provider_payment_id = settle_payment.provider_payment_id;
    if (v_payment.organization_id, v_payment.invoice_id, v_payment.amount)
       is distinct from (v_invoice.organization_id, v_invoice.id, settle_payment.amount) then
      perform app_private.publish(
        'payment.contradicted', v_invoice.organization_id, v_invoice.id, jsonb_build_object('invoiceId', v_invoice.id));
    end if;
    return v_payment;
  end if;

  perform app_private.post(
    'payment', v_payment.id, v_payment.organization_id, v_payment.currency,
    jsonb_build_object(
      case v_payment.method when 'card' then 'card' else 'bank' end, v_payment.amount, 'customer_balance', -v_payment.amount));
  v_part := case
    when v_invoice.status in ('issued', 'uncollectible') then least(app_private.invoice_due(v_invoice), v_payment.amount)
    else 0
  end;
  if v_part > 0 then
    perform app_private.allocate(v_payment.organization_id, v_payment.id, v_invoice.id, v_part);
  end if;
  perform app_private.settle_account(v_payment.organization_id, v_payment.currency, array[v_invoice.id]);
  perform app_private.publish(
    'payment.received', v_payment.organization_id, v_payment.id,
    jsonb_build_object('paymentId', v_payment.id, 'invoiceId', v_payment.invoice_id));
  select payments.* into strict v_payment from app_public.payments where payments.id = v_payment.id;
  return v_payment;
end;
$$;

comment on function app_private.settle_payment is
  'Records money that arrived for an invoice, once, and has it pay; answers the payment as it is then.';
grant execute on function app_private.settle_payment to app_engine;
-- end of source: functions/payments/settle_payment.sql

-- source: functions/payments/record_attempt.sql
-- What a vendor said of a try to take money: its answer, and its reports, which come twice, late and in any order. Whichever comes
-- first, the same is believed in the end: that the money was taken, if that was ever said; otherwise the end that the vendor said last, by
-- its own time; otherwise that it goes on. That nobody knows (unknown) is ours and not the vendor's: it is asked again.
-- BIL-04, BIL-05, docs/decisions/0187.

set role app_engine;

create or replace function app_hidden.record_attempt(
  id uuid,
  status text,
  provider_payment_id text default null,
  failure_code text default null,
  as_of timestamptz default null
) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_attempt app_public.payment_attempts := app_private.lock_attempt(record_attempt.id);
  v_as_of timestamptz := coalesce(as_of, app_hidden.now());
  v_status text := coalesce(record_attempt.status, '');
  v_payment_id text;
  v_is_new boolean;
begin
  if v_status not in ('processing', 'succeeded', 'failed', 'canceled', 'unknown') then
    perform app_hidden.refuse('VALIDATION', 'payment_status_unknown', jsonb_build_object('status', v_status));
  end if;
  v_payment_id := coalesce(record_attempt.provider_payment_id, v_attempt.provider_payment_id);
  if v_status = 'succeeded' and v_payment_id is null then
    perform app_hidden.refuse('VALIDATION', 'payment_id_missing', '{"field": "providerPaymentId"}');
  end if;
  if v_status = 'unknown' then
    if v_attempt.status not in ('queued', 'processing', 'unknown') then
      return v_attempt.status;
    end if;
    perform app_private.queue_charge(v_attempt.id, app_hidden.now() + interval '5 minutes');
  end if;
  -- The money is taken at most once by an attempt; a second id would be a second payment, which is kept and told.
  if v_status = 'succeeded' then
    if v_attempt.status in ('failed', 'canceled') and v_attempt.provider_as_of > v_as_of
       or v_attempt.provider_payment_id <> record_attempt.provider_payment_id then
      perform app_private.contradict_payment(v_attempt);
    end if;
  elsif v_attempt.status = 'succeeded' then
    if v_status in ('failed', 'canceled') and v_as_of > v_attempt.provider_as_of then
      perform app_private.contradict_payment(v_attempt);
    end if;
    return v_attempt.status;
  end if;

  v_is_new := case
    when v_status = 'unknown' then v_attempt.status <> 'unknown'
    when v_status = 'succeeded' then true
    when v_status = 'processing'
      then v_attempt.status in ('queued', 'processing', 'unknown') and v_as_of >= coalesce(v_attempt.provider_as_of, '-infinity')
    when v_attempt.status in ('queued', 'processing', 'unknown') then true
    -- Two ends: the later one, and of one instant the one that was canceled.
    else (v_as_of, v_status = 'canceled') > (coalesce(v_attempt.provider_as_of, '-infinity'), v_attempt.status = 'canceled')
  end;
  if not v_is_new then
    return v_attempt.status;
  end if;

  update app_public.payment_attempts set
    failure_code = case when v_status in ('failed', 'unknown') then left(record_attempt.failure_code, 100) end,
    provider_payment_id = coalesce(payment_attempts.provider_payment_id, record_attempt.provider_payment_id),
    provider_as_of = case
      when v_status = 'unknown' then payment_attempts.provider_as_of
      when v_status = 'succeeded' and v_attempt.status = 'succeeded' then least(payment_attempts.provider_as_of, v_as_of)
      else v_as_of
    end,
    settled_at = case when v_status in ('succeeded', 'failed', 'canceled') then coalesce(v_attempt.settled_at, app_hidden.now()) end
  where payment_attempts.organization_id = v_attempt.organization_id and payment_attempts.id = v_attempt.id;
  if v_status <> v_attempt.status then
    update app_public.payment_attempts set status = v_status
    where payment_attempts.organization_id = v_attempt.organization_id and payment_attempts.id = v_attempt.id;
  end if;

  if v_status = 'succeeded' then
    perform app_private.settle_payment(
      v_attempt.organization_id, v_attempt.invoice_id, v_attempt.provider, 'card', v_payment_id,
      v_attempt.amount, (v_as_of at time zone 'UTC')::date, attempt_id => v_attempt.id);
  else
    if v_status = 'failed' and v_attempt.status <> 'failed' then
      perform app_private.publish(
        'payment_attempt.failed', v_attempt.organization_id, v_attempt.id,
        jsonb_build_object('attemptId', v_attempt.id, 'invoiceId', v_attempt.invoice_id));
    end if;
    perform app_private.settle_account(invoices.organization_id, invoices.currency, array[invoices.id])
    from app_public.invoices
    where invoices.organization_id = v_attempt.organization_id and invoices.id = v_attempt.invoice_id;
  end if;
  return v_status;
end;
$$;

comment on function app_hidden.record_attempt is
  E'Says what a vendor answered or reported of a try to take money: processing, succeeded, failed or canceled, as of the vendor''s own time; '
  'unknown when its answer was lost. Answers the status that is believed then. NOT_FOUND payment_attempt_not_found, VALIDATION '
  'payment_status_unknown, payment_id_missing.';
grant execute on function app_hidden.record_attempt to app_worker;

reset role;

create or replace function app_private.contradict_payment(attempt app_public.payment_attempts) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.publish(
    'payment.contradicted', attempt.organization_id, attempt.id,
    jsonb_build_object('attemptId', attempt.id, 'invoiceId', attempt.invoice_id));
end;
$$;

comment on function app_private.contradict_payment is 'Publishes that what a vendor says of a try to take money contradicts what it said.';
grant execute on function app_private.contradict_payment to app_engine;
-- end of source: functions/payments/record_attempt.sql

-- source: functions/payments/record_bank_transfer.sql
-- A clinic paid by bank transfer: staff of the platform write down what stands on the statement of the bank. A transfer is known by the
-- clinic and the bank's reference, so one that is written down twice counts once. BIL-07.

set role app_engine;

create or replace function app_public.record_bank_transfer(
  invoice_id uuid,
  amount bigint,
  received_on date,
  reference text,
  note text default null
) returns app_public.payments
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered(
    'record_bank_transfer', jsonb_build_array(invoice_id, amount, received_on, reference, note));
  v_invoice app_public.invoices;
  v_payment app_public.payments;
  v_reference text := regexp_replace(btrim(coalesce(reference, ''), e' \t\r\n'), '\s+', ' ', 'g');
  v_key text;
begin
  if v_remembered is not null then
    perform app_private.require_superadmin();
    return jsonb_populate_record(v_payment, v_remembered);
  end if;
  v_invoice := app_private.billed_invoice(invoice_id);
  if coalesce(record_bank_transfer.amount, 0) not between 1 and 100000000000 then
    perform app_hidden.refuse('VALIDATION', 'sum_out_of_range', '{"field": "amount"}');
  elsif length(v_reference) not between 1 and 140 then
    perform app_hidden.refuse('VALIDATION', 'reference_missing', '{"field": "reference"}');
  elsif length(record_bank_transfer.note) > 500 then
    perform app_hidden.refuse('VALIDATION', 'note_too_long', '{"field": "note", "most": 500}');
  elsif received_on > (app_hidden.now() at time zone 'UTC')::date + 1 or received_on < date '2020-01-01' then
    perform app_hidden.refuse('VALIDATION', 'day_out_of_range', '{"field": "receivedOn"}');
  elsif v_invoice.status = 'draft' then
    perform app_hidden.refuse('STATE', 'invoice_not_issued');
  end if;

  v_key := v_invoice.organization_id || ':' || app_hidden.ascii_lower(v_reference);
  select payments.* into v_payment
  from app_public.payments
  where payments.provider = 'manual' and payments.provider_payment_id = v_key;
  if found then
    if (v_payment.invoice_id, v_payment.amount, v_payment.received_on)
       is distinct from (v_invoice.id, record_bank_transfer.amount, record_bank_transfer.received_on) then
      perform app_hidden.refuse('CONFLICT', 'transfer_recorded_otherwise', '{"field": "reference"}');
    end if;
  else
    v_payment := app_private.settle_payment(
      v_invoice.organization_id, v_invoice.id, 'manual', 'bank_transfer', v_key, record_bank_transfer.amount,
      record_bank_transfer.received_on, reference => v_reference,
      note => nullif(btrim(record_bank_transfer.note, e' \t\r\n'), ''));
  end if;
  perform app_private.remember('record_bank_transfer', to_jsonb(v_payment));
  return v_payment;
end;
$$;

comment on function app_public.record_bank_transfer is
  E'@arg amount What arrived, in minor units of the invoice''s currency: less than is due, or more.\n'
  '@arg receivedOn The day on which the money arrived.\n'
  '@arg reference The reference of the transfer on the statement of the bank; the same again is the same transfer.\n'
  '@arg note For the platform alone.\n'
  'Records a bank transfer that a clinic made for an invoice. What is more than is due is a balance of the clinic, which pays what else is '
  'due, and the next invoice. Superadmin only. CONFLICT transfer_recorded_otherwise, STATE invoice_not_issued.';
grant execute on function app_public.record_bank_transfer to app_member;

reset role;
-- end of source: functions/payments/record_bank_transfer.sql

-- source: functions/payments/refund_to_make.sql
-- What the worker asks before it asks a vendor to give money back. BIL-04, BIL-05, docs/decisions/0187.

set role app_engine;

create or replace function app_hidden.refund_to_make(id uuid)
returns table (
  refund_id uuid, organization_id uuid, payment_id uuid, provider text, provider_payment_id text, provider_refund_id text,
  currency text, amount bigint, is_repeat boolean
)
language plpgsql volatile strict security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_refund app_public.refunds := app_private.lock_refund(refund_to_make.id);
begin
  if v_refund.status not in ('queued', 'processing', 'unknown') then
    return;
  end if;
  if v_refund.status = 'queued' then
    update app_public.refunds set status = 'processing'
    where refunds.organization_id = v_refund.organization_id and refunds.id = v_refund.id;
  end if;
  perform graphile_worker.add_job(
    'make_refund', json_build_object('refundId', v_refund.id), run_at => app_hidden.now() + interval '6 hours',
    job_key => 'make_refund_again:' || v_refund.id);

  return query
  select v_refund.id, v_refund.organization_id, v_refund.payment_id, payments.provider, payments.provider_payment_id,
    v_refund.provider_refund_id, v_refund.currency::text, v_refund.amount, v_refund.status <> 'queued'
  from app_public.payments
  where payments.organization_id = v_refund.organization_id and payments.id = v_refund.payment_id;
end;
$$;

comment on function app_hidden.refund_to_make is
  'What a vendor is to give back of which of its payments, in minor units, with the refund as the key by which it knows a repeat; is_repeat: '
  'it may have been asked before. No row: nothing is to be given back any more.';
grant execute on function app_hidden.refund_to_make to app_worker;

reset role;

create or replace function app_private.lock_refund(refund_id uuid) returns app_public.refunds
language plpgsql volatile
set search_path = ''
as $$
declare
  v_refund app_public.refunds;
begin
  select refunds.* into v_refund from app_public.refunds where refunds.id = lock_refund.refund_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'refund_not_found');
  end if;
  perform app_private.lock_billing(v_refund.organization_id);
  select refunds.* into strict v_refund from app_public.refunds where refunds.id = lock_refund.refund_id;
  return v_refund;
end;
$$;

comment on function app_private.lock_refund is 'A refund as it is once the billing of its clinic is locked; NOT_FOUND refund_not_found.';
grant execute on function app_private.lock_refund to app_engine;
-- end of source: functions/payments/refund_to_make.sql

-- source: functions/payments/refund_payment.sql
-- Money goes back to a clinic. What of it paid no invoice goes back first and needs no document; the rest had paid the invoice of the
-- payment, and a credit note takes the same off it, so that nothing of it is due. What is on its way back counts as given back, so two
-- refunds at once give no more than there is. BIL-05, BIL-08, docs/decisions/0187.

set role app_engine;

create or replace function app_public.refund_payment(payment_id uuid, amount bigint, reason text) returns app_public.refunds
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('refund_payment', jsonb_build_array(payment_id, amount, reason));
  v_payment app_public.payments;
  v_invoice app_public.invoices;
  v_refund app_public.refunds;
  v_note app_public.credit_notes;
  v_reason text;
  v_balance bigint;
  v_applied bigint;
  v_credit bigint;
  v_net bigint;
begin
  if v_remembered is not null then
    perform app_private.require_superadmin();
    return jsonb_populate_record(v_refund, v_remembered);
  end if;
  perform app_private.require_superadmin();
  v_reason := app_private.require_reason(reason);
  if refund_payment.amount not between 1 and 100000000000 then
    perform app_hidden.refuse('VALIDATION', 'sum_out_of_range', '{"field": "amount"}');
  end if;
  select payments.* into v_payment from app_public.payments where payments.id = refund_payment.payment_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'payment_not_found');
  end if;
  v_invoice := app_private.billed_invoice(v_payment.invoice_id, 'credit_note');
  select payments.* into strict v_payment from app_public.payments where payments.id = refund_payment.payment_id;

  v_balance := v_payment.amount - v_payment.applied_amount - v_payment.refunded_amount;
  v_applied := coalesce((
    select payment_allocations.amount
    from app_public.payment_allocations
    where payment_allocations.organization_id = v_payment.organization_id and payment_allocations.payment_id = v_payment.id
      and payment_allocations.invoice_id = v_invoice.id), 0);
  if refund_payment.amount > v_balance + v_applied then
    perform app_hidden.refuse(
      'CONFLICT', 'refund_exceeds_payment', jsonb_build_object('most', v_balance + v_applied, 'currency', v_payment.currency));
  end if;
  v_credit := greatest(refund_payment.amount - v_balance, 0);

  insert into app_public.refunds (organization_id, payment_id, currency, amount, reason, requested_by)
  values (v_payment.organization_id, v_payment.id, v_payment.currency, refund_payment.amount, v_reason, app_private.current_actor_id())
  returning * into v_refund;
  if v_credit > 0 then
    perform app_private.require_creditable(v_invoice);
    -- Of the net so much that, with what was credited before, it is the share that the gross is of the total.
    v_net := round(v_invoice.net_amount::numeric * (v_invoice.credited_amount + v_credit) / v_invoice.total_amount)::bigint
      - app_private.credited_net(v_invoice);
    if v_net < 1 then
      perform app_hidden.refuse('VALIDATION', 'refund_too_small', '{"field": "amount"}');
    end if;
    perform app_private.allocate(v_payment.organization_id, v_payment.id, v_invoice.id, -v_credit);
    v_invoice.paid_amount := v_invoice.paid_amount - v_credit;
    v_note := app_private.credit_amount(v_invoice, v_net, v_reason, v_credit, v_refund.id);
    update app_public.refunds set credit_note_id = v_note.id
    where refunds.organization_id = v_refund.organization_id and refunds.id = v_refund.id;
  else
    perform app_private.publish(
      'refund.requested', v_refund.organization_id, v_refund.id,
      jsonb_build_object('refundId', v_refund.id, 'paymentId', v_payment.id));
  end if;
  perform app_private.take_refund(v_refund);

  if v_payment.provider = 'manual' then
    update app_public.refunds set status = 'succeeded', settled_at = app_hidden.now()
    where refunds.organization_id = v_refund.organization_id and refunds.id = v_refund.id;
    perform app_private.publish(
      'refund.succeeded', v_refund.organization_id, v_refund.id,
      jsonb_build_object('refundId', v_refund.id, 'paymentId', v_payment.id));
  else
    perform app_private.queue_refund(v_refund.id, app_hidden.now());
  end if;
  perform app_private.settle_account(v_payment.organization_id, v_payment.currency, array[v_invoice.id]);
  select refunds.* into strict v_refund from app_public.refunds where refunds.id = v_refund.id;
  perform app_private.remember('refund_payment', to_jsonb(v_refund));
  return v_refund;
end;
$$;

comment on function app_public.refund_payment is
  E'@arg amount What goes back, in minor units of the payment''s currency.\n'
  'Gives money of a payment back: first what of it is a balance of the clinic, then what paid its invoice, which a credit note takes off '
  'the invoice. A vendor that took the money is asked to give it back; money that came by bank transfer staff of the platform send, and '
  'the refund says that they did. What pays another invoice is given back after that invoice was credited. Superadmin only, with a reason. '
  'CONFLICT refund_exceeds_payment, STATE invoice_not_creditable or invoice_document_missing, VALIDATION refund_too_small.';
grant execute on function app_public.refund_payment to app_member;

reset role;

create or replace function app_private.take_refund(refund app_public.refunds) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_payment app_public.payments;
begin
  update app_public.payments set refunded_amount = payments.refunded_amount + refund.amount
  where payments.organization_id = refund.organization_id and payments.id = refund.payment_id
  returning * into strict v_payment;
  perform app_private.post(
    'refund', refund.id, refund.organization_id, refund.currency,
    jsonb_build_object(
      'customer_balance', refund.amount, case v_payment.method when 'card' then 'card' else 'bank' end, -refund.amount));
end;
$$;

comment on function app_private.take_refund is 'Takes what is given back out of the balance of its payment.';
grant execute on function app_private.take_refund to app_engine;

create or replace function app_private.return_refund(refund app_public.refunds) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_payment app_public.payments;
begin
  update app_public.payments set refunded_amount = payments.refunded_amount - refund.amount
  where payments.organization_id = refund.organization_id and payments.id = refund.payment_id
  returning * into strict v_payment;
  perform app_private.post(
    'refund', refund.id, refund.organization_id, refund.currency,
    jsonb_build_object(
      'customer_balance', -refund.amount, case v_payment.method when 'card' then 'card' else 'bank' end, refund.amount));
end;
$$;

comment on function app_private.return_refund is 'Puts what could not be given back into the balance of its payment.';
grant execute on function app_private.return_refund to app_engine;

create or replace function app_private.queue_refund(refund_id uuid, due_at timestamptz) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'make_refund', json_build_object('refundId', queue_refund.refund_id), run_at => queue_refund.due_at,
    job_key => 'make_refund:' || queue_refund.refund_id);
end;
$$;

comment on function app_private.queue_refund is 'Queues the job that asks the vendor to give money back, from an instant on.';
grant execute on function app_private.queue_refund to app_engine;
-- end of source: functions/payments/refund_payment.sql

-- source: functions/payments/record_refund.sql
-- What a vendor said of money that goes back. Reports come twice, late and in any order; the last one by the vendor's own time is
-- believed, also when a bank sends back what had arrived. What was not given back is a balance of the clinic; its credit note
-- stays, for it was issued. BIL-05, BIL-08, docs/decisions/0187.

set role app_engine;

create or replace function app_hidden.record_refund(
  id uuid,
  status text,
  provider_refund_id text default null,
  failure_code text default null,
  as_of timestamptz default null
) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_refund app_public.refunds := app_private.lock_refund(record_refund.id);
  v_payment app_public.payments;
  v_as_of timestamptz := coalesce(as_of, app_hidden.now());
  v_status text := coalesce(record_refund.status, '');
  v_rank constant text[] := '{processing,succeeded,failed}';
begin
  if v_status not in ('processing', 'succeeded', 'failed', 'unknown') then
    perform app_hidden.refuse('VALIDATION', 'refund_status_unknown', jsonb_build_object('status', v_status));
  end if;
  if v_status = 'unknown' then
    if v_refund.status not in ('queued', 'processing', 'unknown') then
      return v_refund.status;
    end if;
    perform app_private.queue_refund(v_refund.id, app_hidden.now() + interval '5 minutes');
  elsif v_refund.status in ('queued', 'unknown') then
    if v_as_of < v_refund.provider_as_of then
      return v_refund.status;
    end if;
  elsif (v_as_of, array_position(v_rank, v_status))
        <= (coalesce(v_refund.provider_as_of, '-infinity'), array_position(v_rank, v_refund.status)) then
    return v_refund.status;
  end if;

  if v_status <> v_refund.status then
    if v_status = 'failed' then
      perform app_private.return_refund(v_refund);
    elsif v_refund.status = 'failed' then
      perform app_private.make_balance(v_refund);
      perform app_private.take_refund(v_refund);
    end if;
  end if;
  update app_public.refunds set
    provider_refund_id = coalesce(refunds.provider_refund_id, record_refund.provider_refund_id),
    failure_code = case when v_status in ('failed', 'unknown') then left(record_refund.failure_code, 100) end,
    provider_as_of = case when v_status = 'unknown' then refunds.provider_as_of else v_as_of end,
    settled_at = case when v_status in ('succeeded', 'failed') then app_hidden.now() end
  where refunds.organization_id = v_refund.organization_id and refunds.id = v_refund.id;
  if v_status <> v_refund.status then
    update app_public.refunds set status = v_status
    where refunds.organization_id = v_refund.organization_id and refunds.id = v_refund.id;
  end if;
  if v_status <> v_refund.status and v_status in ('succeeded', 'failed') then
    perform app_private.publish(
      case v_status when 'failed' then 'refund.failed' else 'refund.succeeded' end, v_refund.organization_id, v_refund.id,
      jsonb_build_object('refundId', v_refund.id, 'paymentId', v_refund.payment_id));
  end if;

  select payments.* into strict v_payment
  from app_public.payments
  where payments.organization_id = v_refund.organization_id and payments.id = v_refund.payment_id;
  perform app_private.settle_account(v_payment.organization_id, v_payment.currency, array[v_payment.invoice_id]);
  return v_status;
end;
$$;

comment on function app_hidden.record_refund is
  'Says what a vendor answered or reported of money that goes back: processing, succeeded or failed, as of the vendor''s own time; unknown when '
  'its answer was lost. Answers the status that is believed then. NOT_FOUND refund_not_found, VALIDATION refund_status_unknown.';
grant execute on function app_hidden.record_refund to app_worker;

reset role;

create or replace function app_private.make_balance(refund app_public.refunds) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_payment app_public.payments;
  v_allocation app_public.payment_allocations;
  v_missing bigint;
  v_part bigint;
begin
  select payments.* into strict v_payment
  from app_public.payments
  where payments.organization_id = refund.organization_id and payments.id = refund.payment_id;
  v_missing := refund.amount - (v_payment.amount - v_payment.applied_amount - v_payment.refunded_amount);
  for v_allocation in
    select payment_allocations.*
    from app_public.payment_allocations
    where payment_allocations.organization_id = refund.organization_id and payment_allocations.payment_id = refund.payment_id
      and payment_allocations.amount > 0
    order by payment_allocations.updated_at desc, payment_allocations.invoice_id desc
  loop
    exit when v_missing <= 0;
    v_part := least(v_missing, v_allocation.amount);
    perform app_private.allocate(refund.organization_id, refund.payment_id, v_allocation.invoice_id, -v_part);
    perform app_private.weigh_invoice(refund.organization_id, v_allocation.invoice_id);
    perform app_private.invoice_changed(refund.organization_id, v_allocation.invoice_id);
    v_missing := v_missing - v_part;
  end loop;
end;
$$;

comment on function app_private.make_balance is
  'Takes back what a payment pays until its balance covers a refund that a vendor said had failed and then made: those invoices are unpaid again.';
grant execute on function app_private.make_balance to app_engine;
-- end of source: functions/payments/record_refund.sql

-- source: functions/payments/record_tax_state.sql
-- What became of an invoice at the tax office. An upload is one try: what is said of an earlier one says nothing of the one that is
-- there now, and what the tax office has accepted stays accepted, whatever is said later. BIL-04.

set role app_engine;

create or replace function app_hidden.record_tax_state(
  invoice_id uuid,
  state text,
  upload_id text default null,
  error text default null
) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_invoice app_public.invoices;
  v_state text := coalesce(state, '');
begin
  if v_state not in ('queued', 'sent', 'accepted', 'rejected', 'unknown') then
    perform app_hidden.refuse('VALIDATION', 'tax_state_unknown', jsonb_build_object('state', v_state));
  end if;
  select invoices.* into v_invoice
  from app_public.invoices
  where invoices.id = record_tax_state.invoice_id
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'invoice_not_found');
  elsif v_invoice.tax_state = 'not_applicable' then
    perform app_hidden.refuse('STATE', 'invoice_not_for_tax_office');
  end if;

  if v_invoice.tax_state = 'accepted'
     -- Of an upload that was replaced only that it was accepted after all counts.
     or v_state not in ('sent', 'accepted') and record_tax_state.upload_id <> v_invoice.tax_upload_id
     -- What was sent is not to be sent, and what was rejected is sent again as another upload.
     or v_state = 'queued' and v_invoice.tax_state <> 'rejected'
     or v_state in ('sent', 'unknown') and v_invoice.tax_state = 'rejected'
        and coalesce(record_tax_state.upload_id = v_invoice.tax_upload_id, true) then
    update app_public.invoices set tax_checked_at = app_hidden.now()
    where invoices.organization_id = v_invoice.organization_id and invoices.id = v_invoice.id;
    return v_invoice.tax_state;
  end if;
  update app_public.invoices set
    tax_state = v_state,
    tax_upload_id = case
      when v_state in ('sent', 'accepted') then coalesce(record_tax_state.upload_id, invoices.tax_upload_id)
      else coalesce(invoices.tax_upload_id, record_tax_state.upload_id)
    end,
    tax_sent_at = case
      when v_state in ('sent', 'accepted') then coalesce(invoices.tax_sent_at, app_hidden.now()) else invoices.tax_sent_at
    end,
    tax_checked_at = app_hidden.now(),
    tax_error = case when v_state in ('rejected', 'unknown') then coalesce(left(record_tax_state.error, 500), invoices.tax_error) end
  where invoices.organization_id = v_invoice.organization_id and invoices.id = v_invoice.id;
  if v_state = 'rejected' and v_invoice.tax_state <> 'rejected' then
    perform app_private.publish(
      'invoice.tax_rejected', v_invoice.organization_id, v_invoice.id, jsonb_build_object('invoiceId', v_invoice.id));
  end if;
  return v_state;
end;
$$;

comment on function app_hidden.record_tax_state is
  E'Says what the tax office, or who sends there, answered about an invoice: queued, sent, accepted, rejected, or unknown when nobody knows; '
  'upload_id is what the tax office calls the upload. Answers the state that is believed then. NOT_FOUND invoice_not_found, STATE '
  'invoice_not_for_tax_office, VALIDATION tax_state_unknown.';
grant execute on function app_hidden.record_tax_state to app_worker;

reset role;
-- end of source: functions/payments/record_tax_state.sql

-- source: functions/payments/settle_invoice.sql
-- The invoicing provider said what an invoice comes to: it is weighed anew, and the clinic's balance pays what it can. A job of its own,
-- since whoever keeps the provider's answer has locked the invoice and not what is locked before it. BIL-03, BIL-05, docs/decisions/0188.

set role app_engine;

create or replace function app_hidden.settle_invoice(invoice_id uuid) returns void
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_invoice app_public.invoices;
begin
  select invoices.* into v_invoice from app_public.invoices where invoices.id = settle_invoice.invoice_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'invoice_not_found');
  end if;
  perform app_private.lock_billing(v_invoice.organization_id);
  perform app_private.settle_account(v_invoice.organization_id, v_invoice.currency, array[v_invoice.id]);
end;
$$;

comment on function app_hidden.settle_invoice is
  'Weighs an invoice again and pays it out of the balance of its clinic; NOT_FOUND invoice_not_found.';
grant execute on function app_hidden.settle_invoice to app_worker;

reset role;

set role app_engine;

create or replace function app_private.tg_invoices__settle() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform graphile_worker.add_job(
    'settle_invoice', json_build_object('invoiceId', new.id), job_key => 'settle_invoice:' || new.id);
  return null;
end;
$$;

comment on function app_private.tg_invoices__settle is
  'Queues the job that settles an invoice whose total is known now. Trigger _900_settle.';

reset role;

create or replace trigger _900_settle after update of total_amount on app_public.invoices
  for each row when (new.total_amount is distinct from old.total_amount)
  execute function app_private.tg_invoices__settle();
-- end of source: functions/payments/settle_invoice.sql

-- source: functions/payments/warn_of_tax_deadlines.sql
-- An invoice whose legal deadline is near and that the tax office has not accepted is told, once, two working days before. BIL-04.

set role app_engine;

create or replace function app_hidden.warn_of_tax_deadlines(up_to int default 100) returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_invoice app_public.invoices;
  v_told int := 0;
begin
  for v_invoice in
    select invoices.*
    from app_public.invoices
    where invoices.tax_state in ('queued', 'sent', 'unknown', 'rejected')
      -- Two working days are nine days at most, when holidays surround them.
      and invoices.tax_deadline_on <= (app_hidden.now() at time zone 'UTC')::date + 9
      and app_hidden.now() at time zone 'UTC'
          >= app_private.working_days_before(invoices.billed_to ->> 'country', invoices.tax_deadline_on, 2)
      and not exists (
        select from app_private.events
        where events.subject_id = invoices.id and events.name = 'invoice.tax_deadline_near')
    order by invoices.tax_deadline_on, invoices.id
    limit up_to
    for no key update skip locked
  loop
    perform app_private.publish(
      'invoice.tax_deadline_near', v_invoice.organization_id, v_invoice.id, jsonb_build_object('invoiceId', v_invoice.id));
    v_told := v_told + 1;
  end loop;
  return v_told;
end;
$$;

comment on function app_hidden.warn_of_tax_deadlines is
  'Publishes invoice.tax_deadline_near of invoices that the tax office has not accepted two working days before their deadline, once each, up '
  'to so many; answers how many.';
grant execute on function app_hidden.warn_of_tax_deadlines to app_worker;

reset role;

create or replace function app_private.working_days_before(country text, day date, working_days int) returns date
language plpgsql stable
set search_path = ''
as $$
declare
  v_first date := day;
  v_left int := working_days;
begin
  while v_left > 0 loop
    v_first := v_first - 1;
    if app_private.is_working_day(working_days_before.country, v_first) then
      v_left := v_left - 1;
    end if;
  end loop;
  return v_first;
end;
$$;

comment on function app_private.working_days_before is 'The day that is so many working days before another.';
grant execute on function app_private.working_days_before to app_engine;
-- end of source: functions/payments/warn_of_tax_deadlines.sql

-- source: functions/payments/write_off_invoice.sql
-- The platform gives up what a clinic does not pay. If it is paid after all, the write-off is recovered. BIL-05.

set role app_engine;

create or replace function app_public.write_off_invoice(invoice_id uuid, reason text) returns app_public.invoices
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_invoice app_public.invoices := app_private.billed_invoice(invoice_id);
  v_reason text := app_private.require_reason(reason);
  v_due bigint := app_private.invoice_due(v_invoice);
begin
  if v_invoice.status <> 'issued' then
    perform app_hidden.refuse('STATE', 'illegal_move', jsonb_build_object(
      'entity', 'invoices', 'from', v_invoice.status, 'to', 'uncollectible',
      'legal', app_private.legal_moves('invoices', v_invoice.status)));
  -- What is given up has to be known, tax and all.
  elsif v_invoice.total_amount is null then
    perform app_hidden.refuse('STATE', 'invoice_document_missing');
  end if;
  perform app_private.require_no_open_charge(v_invoice);

  insert into app_public.write_offs (organization_id, invoice_id, amount, reason, written_off_by)
  values (v_invoice.organization_id, v_invoice.id, v_due, v_reason, app_private.current_actor_id());
  perform app_private.post(
    'invoice', v_invoice.id, v_invoice.organization_id, v_invoice.currency,
    jsonb_build_object('write_off', v_due, 'receivable', -v_due));
  update app_public.invoices set status = 'uncollectible'
  where invoices.organization_id = v_invoice.organization_id and invoices.id = v_invoice.id;
  perform app_private.publish(
    'invoice.uncollectible', v_invoice.organization_id, v_invoice.id, jsonb_build_object('invoiceId', v_invoice.id));
  perform app_private.settle_account(v_invoice.organization_id, v_invoice.currency, array[v_invoice.id]);
  select invoices.* into strict v_invoice from app_public.invoices where invoices.id = v_invoice.id;
  return v_invoice;
end;
$$;

comment on function app_public.write_off_invoice is
  'Says that an invoice will not be paid: it is uncollectible, and nothing is asked for it any more. Superadmin only, with a reason. '
  'STATE illegal_move unless it is issued, invoice_document_missing until the invoicing provider has issued it, charge_under_way while a vendor is being asked for its money.';
grant execute on function app_public.write_off_invoice to app_member;

reset role;
-- end of source: functions/payments/write_off_invoice.sql

-- source: functions/plans/apply_again.sql
-- What a clinic's account reported of a subscription before anybody linked it is applied now, as far as its bodies are kept. BIL-09, FND-25.

create or replace function app_private.apply_again(link app_public.patient_subscription_links) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_receipt_id uuid;
begin
  for v_receipt_id in
    update app_private.webhook_receipts
    set status = 'received', outcome = null, processed_at = null, attempts = 0, last_error = null
    where webhook_receipts.provider = link.provider
      and webhook_receipts.status = 'processed'
      and webhook_receipts.outcome = 'unknown_subscription'
      and webhook_receipts.integration_id in (
        select organization_integrations.id from app_public.organization_integrations
        where organization_integrations.organization_id = link.organization_id)
      and position(convert_to(to_json(link.external_reference)::text, 'UTF8') in webhook_receipts.raw_body) > 0
    returning webhook_receipts.id
  loop
    perform graphile_worker.add_job(
      'process_webhook', json_build_object('receiptId', v_receipt_id), job_key => 'webhook:' || v_receipt_id, max_attempts => 12);
  end loop;
end;
$$;

comment on function app_private.apply_again is
  'Queues what a clinic''s account reported of this reference while nobody had linked it.';
grant execute on function app_private.apply_again to app_engine;
-- end of source: functions/plans/apply_again.sql

-- source: functions/plans/change_subscription_tier.sql
-- A patient goes over to another tier: what it includes is theirs at once. CAT-06.

set role app_engine;

create or replace function app_public.change_subscription_tier(
  subscription_id uuid,
  tier_id uuid
) returns app_public.patient_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_subscription app_public.patient_subscriptions;
begin
  v_subscription := app_private.subscription_to_serve(subscription_id);
  perform app_private.require_not_suspended(v_subscription.organization_id);
  if v_subscription.status not in ('pending', 'trialing', 'active') then
    perform app_hidden.refuse('STATE', 'subscription_is_not_running', jsonb_build_object('status', v_subscription.status));
  elsif v_subscription.tier_id = change_subscription_tier.tier_id then
    return v_subscription;
  end if;
  update app_public.patient_subscriptions set
    tier_id = patient_tiers.id,
    -- What runs is billed to its end; what has not begun is billed as the tier says.
    billing_period = case when v_subscription.status = 'pending' then patient_tiers.billing_period
                       else patient_subscriptions.billing_period end
  from app_public.patient_tiers
  where patient_tiers.organization_id = v_subscription.organization_id
    and patient_tiers.id = change_subscription_tier.tier_id
    and patient_tiers.is_active
    and patient_subscriptions.id = v_subscription.id
  returning patient_subscriptions.* into v_subscription;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'patient_tier_not_found');
  end if;
  if v_subscription.status <> 'pending' then
    perform app_private.provide_tier(v_subscription, app_hidden.now(), changes_tier => true);
  end if;
  return v_subscription;
end;
$$;

comment on function app_public.change_subscription_tier is
  'Puts a subscription on another tier; within a period in full or by the days that are left, as the inclusion says. Needs '
  'patient_plans.manage; STATE subscription_is_not_running; NOT_FOUND patient_tier_not_found.';
grant execute on function app_public.change_subscription_tier to app_member;

reset role;
-- end of source: functions/plans/change_subscription_tier.sql

-- source: functions/plans/patient_to_serve.sql
-- Whose plans a verb of staff is about: who may, and the locks. CAT-04, FND-04.

create or replace function app_private.patient_to_serve(patient_id uuid) returns app_public.patients
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  select patients.* into v_patient
  from app_public.patients
  where patients.id = patient_to_serve.patient_id and patients.deleted_at is null;
  perform app_private.require_permission(v_patient.organization_id, 'patient_plans.manage');
  perform app_private.require_patient(v_patient.organization_id, v_patient.patient_profile_id);
  perform app_private.settle_patient_plans(v_patient.organization_id, v_patient.patient_profile_id);
  return v_patient;
end;
$$;

comment on function app_private.patient_to_serve is
  'A patient whose plans the caller may change, locked and settled; FORBIDDEN permission_missing or NOT_FOUND otherwise.';
grant execute on function app_private.patient_to_serve to app_engine;
-- end of source: functions/plans/patient_to_serve.sql

-- source: functions/plans/enrol_patient.sql
-- A patient is sold a plan: what it gives today is what they have. CAT-04.

set role app_engine;

create or replace function app_public.enrol_patient(
  patient_id uuid,
  service_plan_id uuid
) returns app_public.patient_service_plans
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('enrol_patient', jsonb_build_array(patient_id, service_plan_id));
  v_patient app_public.patients;
  v_plan app_public.patient_service_plans;
  v_entitlement app_public.patient_entitlements;
  v_kind text;
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered ->> 'organization_id')::uuid, 'patient_plans.manage');
    return jsonb_populate_record(v_plan, v_remembered);
  end if;

  v_patient := app_private.patient_to_serve(patient_id);
  perform app_private.require_not_suspended(v_patient.organization_id);
  insert into app_public.patient_service_plans
    (organization_id, patient_profile_id, service_plan_id, telerehab_access, library_access, price_amount, currency,
     starts_at, valid_until, created_by)
  select
    v_patient.organization_id, v_patient.patient_profile_id, service_plans.id, service_plans.telerehab_access,
    service_plans.library_access, service_plans.price_amount, service_plans.currency, app_hidden.now(),
    -- The day it is bought does not count, and the last one counts to its end.
    ((app_hidden.now() at time zone organizations.timezone)::date + service_plans.validity_days + 1)::timestamp
      at time zone organizations.timezone,
    app_private.current_actor_id()
  from app_public.service_plans
  join app_public.organizations on organizations.id = service_plans.organization_id
  where service_plans.organization_id = v_patient.organization_id
    and service_plans.id = enrol_patient.service_plan_id
    and service_plans.is_active
  returning * into v_plan;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'service_plan_not_found');
  end if;

  for v_kind in
    select 'sessions'
    union all
    select service_plan_counters.kind
    from app_public.service_plan_counters
    where service_plan_counters.organization_id = v_plan.organization_id
      and service_plan_counters.service_plan_id = v_plan.service_plan_id
    order by 1
  loop
    insert into app_public.patient_entitlements (organization_id, patient_service_plan_id, kind, per_period)
    select v_plan.organization_id, v_plan.id, v_kind, app_private.plan_quantity(v_plan, v_kind)
    where app_private.plan_quantity(v_plan, v_kind) > 0
    returning * into v_entitlement;
    if found then
      perform app_private.write_entry(
        v_entitlement, 'grant', v_entitlement.per_period, app_hidden.now(), concat_ws(':', 'purchase', v_entitlement.id));
    end if;
  end loop;
  perform app_private.remember('enrol_patient', to_jsonb(v_plan));
  return v_plan;
end;
$$;

comment on function app_public.enrol_patient is
  'Sells a plan to a patient, at its price and with what it gives today. Needs patient_plans.manage; NOT_FOUND '
  'service_plan_not_found for one that the clinic does not sell.';
grant execute on function app_public.enrol_patient to app_member;

reset role;
-- end of source: functions/plans/enrol_patient.sql

-- source: functions/plans/follow_report.sql
-- A subscription goes where a report that holds says. BIL-09, CAT-06.
-- Whoever is behind with a payment has begun: where the report of the beginning is still on its way, the subscription begins first.

create or replace function app_private.follow_report(
  subscription app_public.patient_subscriptions,
  report app_public.patient_subscription_reports
) returns text
language plpgsql volatile
set search_path = ''
as $$
declare
  v_now constant timestamptz := app_hidden.now();
  v_began_at constant timestamptz := least(report.as_of, v_now);
  v_trial_ends_at constant timestamptz := coalesce(report.trial_ends_at, subscription.trial_ends_at);
  v_subscription app_public.patient_subscriptions := subscription;
begin
  if subscription.status in ('canceled', 'expired') then
    -- A last bill may be paid after the end.
    return case when report.subscription_status in ('canceled', 'expired') or report.charged_at is not null then 'unchanged' else 'illegal_move' end;
  end if;

  if report.subscription_status = 'trialing' then
    if v_trial_ends_at is null then
      perform app_hidden.refuse('VALIDATION', 'trial_needs_an_end', '{"field": "trialEndsAt"}');
    end if;
    update app_public.patient_subscriptions set trial_ends_at = v_trial_ends_at
    where patient_subscriptions.id = subscription.id
      and patient_subscriptions.trial_ends_at is distinct from v_trial_ends_at
    returning * into v_subscription;
    if not found then
      v_subscription := subscription;
    end if;
  end if;
  if subscription.status = report.subscription_status then
    return case when v_subscription.trial_ends_at is distinct from subscription.trial_ends_at then 'applied' else 'unchanged' end;
  end if;

  if subscription.status = 'pending' and report.subscription_status = 'past_due' then
    v_subscription := app_private.set_subscription_status(v_subscription, 'active', v_began_at);
  end if;
  perform app_private.set_subscription_status(
    v_subscription, report.subscription_status,
    case when v_subscription.status = 'pending' and report.subscription_status in ('trialing', 'active') then v_began_at else v_now end);
  -- Months may have passed since it began.
  perform app_private.settle_patient_plans(subscription.organization_id, subscription.patient_profile_id);
  return 'applied';
end;
$$;

comment on function app_private.follow_report is 'Moves a subscription whose patient is locked as a report says; what came of it, in a word.';
grant execute on function app_private.follow_report to app_engine;
-- end of source: functions/plans/follow_report.sql

-- source: functions/plans/grant_access.sql
-- A clinic opens something for a patient by hand. CAT-08.

set role app_engine;

create or replace function app_public.grant_access(
  patient_id uuid,
  access text,
  reason text,
  expires_at timestamptz default null
) returns app_public.access_grants
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered(
    'grant_access', jsonb_build_array(patient_id, access, reason, expires_at));
  v_patient app_public.patients;
  v_reason text;
  v_grant app_public.access_grants;
begin
  if v_remembered is not null then
    perform app_private.patient_to_serve(patient_id);
    return jsonb_populate_record(v_grant, v_remembered);
  end if;
  v_patient := app_private.patient_to_serve(patient_id);
  perform app_private.require_not_suspended(v_patient.organization_id);
  v_reason := app_private.require_reason(reason);
  if expires_at <= app_hidden.now() then
    perform app_hidden.refuse('VALIDATION', 'already_past', '{"field": "expiresAt"}');
  end if;
  insert into app_public.access_grants (organization_id, patient_profile_id, access, reason, expires_at, granted_by)
  values (v_patient.organization_id, v_patient.patient_profile_id, grant_access.access, v_reason, grant_access.expires_at,
          app_private.current_actor_id())
  returning * into v_grant;
  perform app_private.remember('grant_access', to_jsonb(v_grant));
  return v_grant;
end;
$$;

comment on function app_public.grant_access is
  E'@words access access_grants.access\n@arg access What is opened.\nOpens the library or sessions from home for a patient, without a plan. Needs '
  'patient_plans.manage and a reason; until expiresAt, or until it is revoked.';
grant execute on function app_public.grant_access to app_member;

reset role;
-- end of source: functions/plans/grant_access.sql

-- source: functions/plans/link_patient_subscription.sql
-- Staff say which subscription at the clinic's payment provider pays for a patient's. What Stripe told of it before, in the last
-- thirty days, is applied now: its id is known only after its first event was sent. BIL-09.

set role app_engine;

create or replace function app_public.link_patient_subscription(subscription_id uuid, provider text, external_reference text)
returns app_public.patient_subscription_links
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_subscription app_public.patient_subscriptions;
  v_reference constant text := btrim(external_reference);
  v_link app_public.patient_subscription_links;
begin
  v_subscription := app_private.subscription_to_serve(subscription_id);
  if not exists (
    select from app_private.patient_payment_statuses as statuses where statuses.provider = link_patient_subscription.provider
  ) then
    perform app_hidden.refuse('VALIDATION', 'payment_provider_unknown', '{"field": "provider"}');
  elsif v_reference !~ '^[!-~]{1,200}$' then
    perform app_hidden.refuse('VALIDATION', 'external_reference_malformed', '{"field": "externalReference"}');
  end if;

  insert into app_public.patient_subscription_links (organization_id, subscription_id, provider, external_reference, created_by, created_at)
  values (v_subscription.organization_id, v_subscription.id, link_patient_subscription.provider, v_reference,
          app_private.current_actor_id(), app_hidden.now())
  on conflict do nothing
  returning * into v_link;
  if found then
    perform app_private.apply_again(v_link);
    return v_link;
  end if;

  select links.* into v_link
  from app_public.patient_subscription_links as links
  where links.organization_id = v_subscription.organization_id and links.subscription_id = v_subscription.id;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'reference_is_linked', '{"field": "externalReference"}');
  elsif (v_link.provider, v_link.external_reference) <> (link_patient_subscription.provider, v_reference) then
    perform app_hidden.refuse('CONFLICT', 'subscription_is_linked', jsonb_build_object('provider', v_link.provider));
  end if;
  return v_link;
end;
$$;

comment on function app_public.link_patient_subscription is
  E'@words provider patient_subscription_links.provider\n@arg provider STRIPE: the clinic''s own account, an integration; OWN: its own system, with a key.\n'
  '@arg externalReference The id of the subscription there.\n'
  'Lets the clinic''s payment provider report the status of a patient''s subscription. Needs patient_plans.manage; CONFLICT '
  'subscription_is_linked or reference_is_linked.';
grant execute on function app_public.link_patient_subscription to app_member;

reset role;
-- end of source: functions/plans/link_patient_subscription.sql

-- source: functions/plans/messages_about_subscription_reports.sql
-- What the clinic's payment provider reports and nobody understands: those who manage plans look at it. BIL-09, FND-15.

create or replace function app_private.messages_about_subscription_reports(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_recipients app_private.message_recipient[];
begin
  select array_agg(distinct row(null, memberships.human_id, null, null, null, null, null)::app_private.message_recipient)
  into v_recipients
  from app_public.memberships
  join app_public.membership_roles
    on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
  join app_public.role_permissions
    on role_permissions.organization_id = membership_roles.organization_id and role_permissions.role_id = membership_roles.role_id
  where memberships.organization_id = event.organization_id
    and memberships.ended_at is null
    and role_permissions.permission = 'patient_plans.manage';
  if v_recipients is null then
    return;
  end if;
  perform app_private.notify_many(
    event.organization_id, 'subscription_report_unclear', v_recipients,
    jsonb_build_object('externalReference', links.external_reference),
    event_id => event.id)
  from app_public.patient_subscription_links as links
  where links.organization_id = event.organization_id and links.subscription_id = event.subject_id;
end;
$$;

comment on function app_private.messages_about_subscription_reports is
  'Queues what patient_subscription.report_unclear calls for: a note to each member with patient_plans.manage.';
grant execute on function app_private.messages_about_subscription_reports to app_engine;
-- end of source: functions/plans/messages_about_subscription_reports.sql

-- source: functions/plans/move_subscription.sql
-- A subscription is begun, paid, awaits payment, or is cancelled: by staff, as they know it. FND-21, CAT-06.

set role app_engine;

create or replace function app_public.move_subscription(
  subscription_id uuid,
  status text,
  reason text default null,
  trial_ends_at timestamptz default null
) returns app_public.patient_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_subscription app_public.patient_subscriptions;
begin
  v_subscription := app_private.subscription_to_serve(subscription_id);
  -- What has begun goes on, and may end; what was agreed does not begin.
  if v_subscription.status = 'pending' and move_subscription.status in ('trialing', 'active') then
    perform app_private.require_not_suspended(v_subscription.organization_id);
  end if;
  perform app_private.authorize_move(
    'patient_subscriptions', v_subscription.status, move_subscription.status, v_subscription.organization_id);
  if move_subscription.status = 'trialing' then
    update app_public.patient_subscriptions set trial_ends_at = coalesce(move_subscription.trial_ends_at, patient_subscriptions.trial_ends_at)
    where patient_subscriptions.id = v_subscription.id
    returning * into v_subscription;
    if v_subscription.trial_ends_at is null then
      perform app_hidden.refuse('VALIDATION', 'trial_needs_an_end', '{"field": "trialEndsAt"}');
    elsif v_subscription.trial_ends_at <= app_hidden.now() then
      perform app_hidden.refuse('VALIDATION', 'already_past', '{"field": "trialEndsAt"}');
    end if;
  end if;
  return app_private.set_subscription_status(
    v_subscription, move_subscription.status, app_hidden.now(), nullif(btrim(reason), ''));
end;
$$;

comment on function app_public.move_subscription is
  E'@words status patient_subscriptions.status\n@arg status Where it goes.\n@arg trialEndsAt Until when it is on trial, where it goes on trial.\nMoves a subscription: what it gives is given, closed, opened again or ended with it. Needs '
  'patient_plans.manage; STATE illegal_move names the moves that are legal.';
grant execute on function app_public.move_subscription to app_member;

reset role;
-- end of source: functions/plans/move_subscription.sql

-- source: functions/plans/report_that_holds.sql
-- Which of the reports of a subscription holds, of those that are kept and one that has just come. BIL-09.
-- An end does. Otherwise the one about the latest time; of one instant, that of the higher rank. A payment of a charge holds nothing
-- while a newer charge had failed before: of two bills the older one was paid. That something is only agreed says nothing.

create or replace function app_private.report_that_holds(
  link app_public.patient_subscription_links, another app_public.patient_subscription_reports default null
) returns app_public.patient_subscription_reports
language sql stable
set search_path = ''
begin atomic
  with kept as materialized (
    select reports.*
    from app_public.patient_subscription_reports as reports
    where reports.organization_id = (link).organization_id and reports.link_id = (link).id
    union all
    select (another).* where (another).id is not null)
  select candidates.id, candidates.organization_id, candidates.link_id, candidates.provider_word, candidates.subscription_status, candidates.rank,
         candidates.as_of, candidates.charged_at, candidates.trial_ends_at, candidates.outcome, candidates.reported_by, candidates.received_at
  from kept as candidates
  where candidates.subscription_status <> 'pending'
    and not exists (
      select from kept as failed
      where candidates.subscription_status = 'active' and failed.subscription_status = 'past_due'
        and failed.charged_at > candidates.charged_at and failed.as_of <= candidates.as_of)
  order by candidates.subscription_status in ('canceled', 'expired') desc, candidates.as_of desc, candidates.rank desc,
           candidates.charged_at desc nulls last
  limit 1;
end;

comment on function app_private.report_that_holds is
  'The report that says how a linked subscription is; null while none does.';
grant execute on function app_private.report_that_holds to app_engine;
-- end of source: functions/plans/report_that_holds.sql

-- source: functions/plans/report_patient_subscription.sql
-- What the clinic's payment provider says of a patient's subscription moves it, and what it gives follows (CAT-06). Which report
-- holds is decided by the time that it is about, never by when it came: reports are kept, and where one changes which of them holds, the
-- subscription follows the one that does. So any order of the same reports ends in the same status. BIL-09.
-- Locks: the patient's plans (settle_patient_plans), then the subscription, which may have ended.

create or replace function app_private.report_patient_subscription(
  organization_id uuid,
  provider text,
  external_reference text,
  provider_word text,
  as_of timestamptz,
  charged_at timestamptz default null,
  trial_ends_at timestamptz default null
) returns app_public.patient_subscription_reports
language plpgsql volatile
set search_path = ''
as $$
declare
  v_link app_public.patient_subscription_links;
  v_subscription app_public.patient_subscriptions;
  v_known app_private.patient_payment_statuses;
  v_report app_public.patient_subscription_reports;
  v_holds app_public.patient_subscription_reports;
begin
  if as_of > app_hidden.now() + interval '5 minutes' then
    perform app_hidden.refuse('VALIDATION', 'in_the_future', '{"field": "asOf"}');
  end if;
  v_subscription := app_private.linked_subscription(organization_id, provider, external_reference);
  if v_subscription.id is null then
    return null;
  end if;
  perform app_private.settle_patient_plans(v_subscription.organization_id, v_subscription.patient_profile_id);
  perform from app_public.patient_subscriptions
  where patient_subscriptions.id = v_subscription.id
  for no key update;
  v_subscription := app_private.linked_subscription(organization_id, provider, external_reference);
  select links.* into v_link
  from app_public.patient_subscription_links as links
  where links.organization_id = report_patient_subscription.organization_id and links.subscription_id = v_subscription.id;
  if not found then
    return null;
  end if;

  select reports.* into v_report
  from app_public.patient_subscription_reports as reports
  where reports.organization_id = v_link.organization_id
    and reports.link_id = v_link.id
    and reports.as_of = report_patient_subscription.as_of
    and reports.provider_word = report_patient_subscription.provider_word
    and reports.charged_at is not distinct from report_patient_subscription.charged_at;
  if found then
    return v_report;
  end if;

  select statuses.* into v_known
  from app_private.patient_payment_statuses as statuses
  where statuses.provider = v_link.provider and statuses.provider_word = report_patient_subscription.provider_word;
  v_report.id := uuidv7();
  v_report.organization_id := v_link.organization_id;
  v_report.link_id := v_link.id;
  v_report.provider_word := provider_word;
  v_report.subscription_status := v_known.subscription_status;
  v_report.rank := v_known.rank;
  v_report.as_of := as_of;
  v_report.charged_at := charged_at;
  v_report.trial_ends_at := trial_ends_at;
  v_report.reported_by := app_private.current_actor_id();
  v_report.received_at := app_hidden.now();
  v_holds := app_private.report_that_holds(v_link, v_report);
  v_report.outcome := case
    when v_report.subscription_status is null then 'unknown_status'
    when v_report.subscription_status = 'pending' then 'unchanged'
    when v_holds.id is distinct from (app_private.report_that_holds(v_link)).id then app_private.follow_report(v_subscription, v_holds)
    -- It ended before, by a report or by somebody's hand.
    when v_subscription.ended_at is not null then app_private.follow_report(v_subscription, v_report)
    else 'superseded'
  end;
  insert into app_public.patient_subscription_reports select v_report.*;

  if v_report.outcome in ('unknown_status', 'illegal_move') then
    perform app_private.publish(
      'patient_subscription.report_unclear', v_link.organization_id, v_link.subscription_id,
      jsonb_build_object('subscriptionId', v_link.subscription_id, 'patientProfileId', v_subscription.patient_profile_id,
                         'provider', v_link.provider, 'reason', v_report.outcome));
  end if;
  return v_report;
end;
$$;

comment on function app_private.report_patient_subscription is
  'Keeps a report and moves the subscription as it says; the report with its outcome, or null when the clinic has linked no such '
  'subscription. The same report again is answered as the first time. VALIDATION in_the_future.';
grant execute on function app_private.report_patient_subscription to app_engine;

create or replace function app_private.linked_subscription(organization_id uuid, provider text, external_reference text)
returns app_public.patient_subscriptions
language sql stable
set search_path = ''
begin atomic
  select patient_subscriptions.*
  from app_public.patient_subscription_links as links
  join app_public.patient_subscriptions
    on patient_subscriptions.organization_id = links.organization_id and patient_subscriptions.id = links.subscription_id
  where links.organization_id = linked_subscription.organization_id
    and links.provider = linked_subscription.provider
    and links.external_reference = linked_subscription.external_reference;
end;

comment on function app_private.linked_subscription is 'The subscription that a provider''s reference is of at a clinic; null when there is none.';
grant execute on function app_private.linked_subscription to app_engine;
-- end of source: functions/plans/report_patient_subscription.sql

-- source: functions/plans/record_payment_report.sql
-- What the payment account of a clinic reported, for whoever applies webhooks: it speaks of that clinic's subscriptions alone. BIL-09, FND-25.

set role app_engine;

create or replace function app_private.record_payment_report(
  integration_id uuid,
  external_reference text,
  provider_word text,
  as_of timestamptz,
  charged_at timestamptz default null,
  trial_ends_at timestamptz default null
) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_integration app_public.organization_integrations;
begin
  select organization_integrations.* into v_integration
  from app_public.organization_integrations
  where organization_integrations.id = record_payment_report.integration_id;
  if not found then
    return 'unknown_account';
  end if;
  return coalesce(
    (app_private.report_patient_subscription(
      v_integration.organization_id, v_integration.provider, external_reference, provider_word, as_of, charged_at, trial_ends_at)).outcome,
    'unknown_subscription');
end;
$$;

comment on function app_private.record_payment_report is
  'Takes over what the account behind an integration says of a subscription; answers in a word what it came to.';
grant execute on function app_private.record_payment_report to app_worker;

reset role;
-- end of source: functions/plans/record_payment_report.sql

-- source: functions/service_accounts/use_service_key.sql
-- Lets a program in for this transaction: its key is not revoked, and is for what is asked. What is written is attributed to the
-- key's principal. A key that is revoked meanwhile is waited for: either all of the request comes before, or nothing. FND-24, BIL-09.

create or replace function app_private.use_service_key(digest bytea, scope text) returns app_public.service_account_keys
language plpgsql volatile
set search_path = ''
as $$
declare
  v_today constant date := (app_hidden.now() at time zone 'UTC')::date;
  v_key app_public.service_account_keys;
begin
  -- Once a day, and before the row is shared: two that share it could not both change it.
  update app_public.service_account_keys set last_used_on = v_today
  where service_account_keys.digest = use_service_key.digest
    and service_account_keys.revoked_at is null
    and service_account_keys.last_used_on is distinct from v_today;

  select service_account_keys.* into v_key
  from app_public.service_account_keys
  where service_account_keys.digest = use_service_key.digest
    and service_account_keys.revoked_at is null
  for share;
  if not found or not app_private.has_open_owner(v_key) then
    perform app_hidden.refuse('UNAUTHENTICATED', 'service_key_invalid');
  elsif v_key.scope <> use_service_key.scope then
    perform app_hidden.refuse('FORBIDDEN', 'service_key_of_another_scope', jsonb_build_object('scope', v_key.scope));
  end if;
  perform set_config('app.principal_id', v_key.principal_id::text, true);
  return v_key;
end;
$$;

comment on function app_private.use_service_key is
  'The key of this digest, which cannot be revoked before the transaction ends. UNAUTHENTICATED service_key_invalid for one that is '
  'unknown or revoked; FORBIDDEN service_key_of_another_scope.';
grant execute on function app_private.use_service_key to app_engine;

create or replace function app_private.has_open_owner(key app_public.service_account_keys) returns boolean
language sql stable
set search_path = ''
begin atomic
  select (key).organization_id is null or exists (
    select from app_public.organizations
    where organizations.id = (key).organization_id and organizations.deleted_at is null);
end;

comment on function app_private.has_open_owner is 'Whether whose key it is is still there: the platform, or a clinic that was not removed.';
grant execute on function app_private.has_open_owner to app_engine;
-- end of source: functions/service_accounts/use_service_key.sql

-- source: functions/plans/report_subscription_by_key.sql
-- The clinic's own payment system tells the status of a patient's subscription, with a key of the clinic. Another clinic's is not there. BIL-09.

set role app_engine;

create or replace function app_hidden.report_subscription_by_key(
  digest bytea,
  external_reference text,
  status text,
  as_of timestamptz,
  trial_ends_at timestamptz default null
) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_key app_public.service_account_keys;
  v_remembered jsonb;
  v_report app_public.patient_subscription_reports;
  v_answer jsonb;
begin
  v_key := app_private.use_service_key(digest, 'patient_subscriptions');
  v_remembered := app_private.remembered(
    'report_subscription_by_key', jsonb_build_array(external_reference, status, as_of, trial_ends_at));
  if v_remembered is not null then
    return v_remembered;
  end if;
  v_report := app_private.report_patient_subscription(
    v_key.organization_id, 'own', external_reference, status, as_of, trial_ends_at => report_subscription_by_key.trial_ends_at);
  if v_report.id is null then
    perform app_hidden.refuse('NOT_FOUND', 'subscription_not_linked');
  end if;
  select jsonb_build_object(
    'subscription_id', linked.id, 'status', linked.status, 'outcome', v_report.outcome, 'as_of', v_report.as_of)
  into strict v_answer
  from app_private.linked_subscription(v_key.organization_id, 'own', external_reference) as linked;
  perform app_private.remember('report_subscription_by_key', v_answer);
  return v_answer;
end;
$$;

comment on function app_hidden.report_subscription_by_key is
  'Reports a status for the holder of a key of a clinic: {subscription_id, status, outcome, as_of}. NOT_FOUND subscription_not_linked.';
grant execute on function app_hidden.report_subscription_by_key to app_authenticator;

reset role;
-- end of source: functions/plans/report_subscription_by_key.sql

-- source: functions/plans/start_subscription.sql
-- A patient subscribes to a tier: agreed first, begun at once where it is said so. FND-21.

set role app_engine;

create or replace function app_public.start_subscription(
  patient_id uuid,
  tier_id uuid,
  status text default 'active',
  trial_ends_at timestamptz default null,
  ends_at timestamptz default null
) returns app_public.patient_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('start_subscription', jsonb_build_array(
    patient_id, tier_id, status, trial_ends_at, ends_at));
  v_patient app_public.patients;
  v_subscription app_public.patient_subscriptions;
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered ->> 'organization_id')::uuid, 'patient_plans.manage');
    return jsonb_populate_record(v_subscription, v_remembered);
  end if;

  v_patient := app_private.patient_to_serve(patient_id);
  perform app_private.require_not_suspended(v_patient.organization_id);
  if (start_subscription.status = 'trialing') <> (trial_ends_at is not null) then
    perform app_hidden.refuse('VALIDATION', 'trial_needs_an_end', '{"field": "trialEndsAt"}');
  elsif trial_ends_at <= app_hidden.now() then
    perform app_hidden.refuse('VALIDATION', 'already_past', '{"field": "trialEndsAt"}');
  elsif ends_at <= app_hidden.now() then
    perform app_hidden.refuse('VALIDATION', 'already_past', '{"field": "endsAt"}');
  end if;
  insert into app_public.patient_subscriptions
    (organization_id, patient_profile_id, tier_id, status, billing_period, trial_ends_at, ends_at, created_by)
  select
    v_patient.organization_id, v_patient.patient_profile_id, patient_tiers.id, 'pending', patient_tiers.billing_period,
    start_subscription.trial_ends_at, start_subscription.ends_at, app_private.current_actor_id()
  from app_public.patient_tiers
  where patient_tiers.organization_id = v_patient.organization_id
    and patient_tiers.id = start_subscription.tier_id
    and patient_tiers.is_active
  on conflict (organization_id, patient_profile_id) where patient_subscriptions.status in ('pending', 'trialing', 'active', 'past_due')
    do nothing
  returning * into v_subscription;
  if not found then
    if exists (
      select from app_public.patient_tiers
      where patient_tiers.organization_id = v_patient.organization_id
        and patient_tiers.id = start_subscription.tier_id
        and patient_tiers.is_active
    ) then
      perform app_hidden.refuse('CONFLICT', 'already_subscribed');
    end if;
    perform app_hidden.refuse('NOT_FOUND', 'patient_tier_not_found');
  end if;
  if start_subscription.status <> 'pending' then
    perform app_private.authorize_move(
      'patient_subscriptions', 'pending', start_subscription.status, v_patient.organization_id);
    v_subscription := app_private.set_subscription_status(v_subscription, start_subscription.status, app_hidden.now());
  end if;
  perform app_private.remember('start_subscription', to_jsonb(v_subscription));
  return v_subscription;
end;
$$;

comment on function app_public.start_subscription is
  E'@words status patient_subscriptions.status\n@arg status Whether it is active at once, on trial, or pending.\n@arg trialEndsAt Until when it is on trial, where it is.\nSubscribes a patient to a tier. Needs patient_plans.manage; CONFLICT already_subscribed while another one is '
  'live; NOT_FOUND patient_tier_not_found.';
grant execute on function app_public.start_subscription to app_member;

reset role;
-- end of source: functions/plans/start_subscription.sql

-- source: functions/plans/unlink_patient_subscription.sql
-- A link was wrong, or the provider is another one now: reports are not taken any more. The subscription stays as it is. BIL-09.

set role app_engine;

create or replace function app_public.unlink_patient_subscription(link_id uuid) returns uuid
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_link app_public.patient_subscription_links;
begin
  select links.* into v_link
  from app_public.patient_subscription_links as links
  where links.id = unlink_patient_subscription.link_id;
  perform app_private.subscription_to_serve(v_link.subscription_id);
  -- One that has ended as well: a report of it may be under way.
  perform from app_public.patient_subscriptions
  where patient_subscriptions.id = v_link.subscription_id
  for no key update;
  delete from app_public.patient_subscription_links as links where links.id = v_link.id;
  return v_link.id;
end;
$$;

comment on function app_public.unlink_patient_subscription is
  E'@arg linkId The link.\n@resultFieldName linkId\n'
  'Takes no more reports of a subscription; what was reported goes with the link. Needs patient_plans.manage.';
grant execute on function app_public.unlink_patient_subscription to app_member;

reset role;
-- end of source: functions/plans/unlink_patient_subscription.sql

-- source: functions/scheduling/hold_slot.sql
-- A visitor keeps a time while filling the form. SCH-06, APT-05.

set role app_engine;

create or replace function app_public.hold_slot(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid default null
) returns app_public.slot_hold
language plpgsql volatile security definer
set search_path = ''
-- Planned once per connection, and so is every step that it calls: planning again costs more than running.
set plan_cache_mode = force_generic_plan
as $$
declare
  v_remembered jsonb := app_private.remembered('hold_slot', jsonb_build_array(calendar_id, starts_at, specialist_id));
  v_hold app_public.slot_hold;
  v_calendar app_public.calendars;
  v_organization app_public.organizations;
  v_draft app_private.time_claims;
  v_claim app_private.time_claims;
  v_token text;
begin
  if v_remembered is not null then
    perform app_private.visible_calendar(hold_slot.calendar_id);
    return jsonb_populate_record(v_hold, v_remembered);
  end if;

  v_calendar := app_private.visible_calendar(hold_slot.calendar_id);
  perform app_private.require_not_suspended(v_calendar.organization_id);
  perform app_private.require_choice(v_calendar, hold_slot.specialist_id);
  select o.* into strict v_organization
  from app_public.organizations as o
  where o.id = v_calendar.organization_id;

  v_draft := app_private.caller_as_holder();
  v_draft.kind := 'hold';
  v_draft.expires_at := app_hidden.now() + make_interval(mins => v_organization.hold_minutes);
  v_token := encode(extensions.gen_random_bytes(16), 'hex');
  v_draft.token_hash := sha256(convert_to(v_token, 'UTF8'));

  -- Whoever asks for the own time again has it longer, and not another one beside it.
  v_claim := app_private.own_hold(v_calendar, hold_slot.starts_at, hold_slot.specialist_id, v_draft.visitor_id);
  if v_claim.id is not null then
    v_claim := app_private.prolong_hold(v_claim, v_draft.token_hash);
  else
    if not app_private.is_staff_of(v_calendar.organization_id) then
      perform app_private.require_hold_allowance(v_organization, v_draft.visitor_id, v_draft.address);
    end if;
    v_claim := app_private.place_claim(v_calendar, hold_slot.starts_at, hold_slot.specialist_id, v_draft);
    perform app_private.publish_held(v_claim);
  end if;

  v_hold := (v_token, v_claim.calendar_id, v_claim.specialist_id,
             lower(v_claim.during), upper(v_claim.during), v_claim.expires_at)::app_public.slot_hold;
  perform app_private.remember('hold_slot', to_jsonb(v_hold));
  return v_hold;
end;
$$;

comment on function app_public.hold_slot is
  'Keeps a listed time for a few minutes and answers with the token that extends, releases or books it. SLOT_TAKEN '
  'when somebody was faster; VALIDATION, naming the rule, when the start is not one that availableSlots lists; '
  'RATE_LIMITED when the caller keeps too many times already. Asked again by the same caller it is the same hold, longer '
  'as extendHold makes it, under a token of its own.';

grant execute on function app_public.hold_slot to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/hold_slot.sql

-- source: functions/secrets/ciphertext_places.sql
-- Where there are envelopes: asked of the classification, so that a rotation finds a column the day it is classified.
-- Its type decides, not its class: what holds an envelope is sealed again, whatever is said of it. A dropped column has no
-- name any more.
-- A column beside it with the same name and _bound_to holds what its envelopes are bound to besides. One with _sealed_for holds the
-- row that its envelopes were copied from, "table row", and stay bound to. FND-11, FND-12, FND-35.

set role app_engine;

create or replace function app_private.ciphertext_places()
returns table (
  table_name text, column_name text, key_column text, key_type text, has_organization boolean, bound_column text, sealed_for_column text
)
language sql stable security definer
set search_path = ''
begin atomic
  select classified_columns.table_name, classified_columns.column_name, key.attname::text,
         pg_catalog.format_type(key.atttypid, key.atttypmod),
         exists (
           select from pg_catalog.pg_attribute
           where pg_attribute.attrelid = encrypted.attrelid and pg_attribute.attname = 'organization_id'),
         (select pg_attribute.attname::text from pg_catalog.pg_attribute
          where pg_attribute.attrelid = encrypted.attrelid and pg_attribute.attname = encrypted.attname || '_bound_to'),
         (select pg_attribute.attname::text from pg_catalog.pg_attribute
          where pg_attribute.attrelid = encrypted.attrelid and pg_attribute.attname = encrypted.attname || '_sealed_for')
  from app_private.classified_columns
  join pg_catalog.pg_attribute as encrypted
    on encrypted.attrelid = classified_columns.table_name::regclass
   and encrypted.attname = classified_columns.column_name
   and encrypted.atttypid = 'app_private.ciphertext'::regtype
  join pg_catalog.pg_index on pg_index.indrelid = encrypted.attrelid and pg_index.indisprimary and pg_index.indnkeyatts = 1
  join pg_catalog.pg_attribute as key on key.attrelid = encrypted.attrelid and key.attnum = pg_index.indkey[0]
  order by 1, 2;
end;

comment on function app_private.ciphertext_places is
  'Every encrypted column with the primary key that its envelopes are bound to.';
grant execute on function app_private.ciphertext_places to app_worker;

reset role;
-- end of source: functions/secrets/ciphertext_places.sql

-- source: functions/secrets/envelopes_to_reseal.sql
-- The next envelopes of a column that an older key sealed, or that are not bound to their destination yet. FND-11, FND-35.

set role app_engine;

create or replace function app_private.envelopes_to_reseal(table_name text, column_name text, after text, batch int)
returns table (row_id text, organization_id uuid, envelope bytea, bound_to text, sealed_for text)
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_place record;
begin
  -- The names are taken from the classification, never from the caller.
  select place.* into strict v_place
  from app_private.ciphertext_places() as place
  where place.table_name = envelopes_to_reseal.table_name and place.column_name = envelopes_to_reseal.column_name;

  return query execute format(
    $q$select sealed.%1$I::text, sealed_for.organization_id, sealed.%2$I::bytea, %6$s, %8$s
       from %3$s as sealed
       cross join lateral (select %4$s as organization_id) as sealed_for
       join app_private.data_keys
         on data_keys.status = 'active'
        and coalesce(data_keys.organization_id, '00000000-0000-0000-0000-000000000000')
          = coalesce(sealed_for.organization_id, '00000000-0000-0000-0000-000000000000')
        and (app_private.key_version(sealed.%2$I) < data_keys.version or %7$s)
       where sealed.%2$I is not null and ($1 is null or sealed.%1$I > $1::%5$s)
       order by sealed.%1$I
       limit $2$q$,
    v_place.key_column, v_place.column_name, v_place.table_name,
    case when v_place.has_organization then 'sealed.organization_id' else 'null::uuid' end, v_place.key_type,
    case when v_place.bound_column is null then 'null::text' else format('sealed.%I', v_place.bound_column) end,
    -- Format 1 knows no destination.
    case when v_place.bound_column is null then 'false' else format('get_byte(sealed.%I, 3) = 1', v_place.column_name) end,
    case when v_place.sealed_for_column is null then 'null::text' else format('sealed.%I', v_place.sealed_for_column) end)
  using envelopes_to_reseal.after, envelopes_to_reseal.batch;
end;
$$;

comment on function app_private.envelopes_to_reseal is
  'Rows after this key whose envelope is not sealed with the present data key of their clinic or not bound to its '
  'destination, in the order of their keys.';
grant execute on function app_private.envelopes_to_reseal to app_worker;

reset role;
-- end of source: functions/secrets/envelopes_to_reseal.sql

-- source: functions/segments/tg_mark_former_patient.sql
-- A row that goes from one patient to another marks the one that it leaves, for the segments that read it; tg_mark_segments marks
-- the one that it comes to. Its arguments are those of a row of rule_sources. SEG-03.
-- Several rows of one patient in one transaction leave one mark. One of another transaction does not count: the worker may take it
-- before this one commits.

set role app_engine;

create or replace function app_private.tg_mark_former_patient() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_row constant jsonb := to_jsonb(old);
  v_code constant text := tg_argv[0] || coalesce(':' || (v_row ->> tg_argv[2]), '');
begin
  insert into app_private.segment_marks (organization_id, segment_id, patient_id)
  select dependency.organization_id, dependency.segment_id, patients.id
  from app_private.segment_dependencies as dependency
  join app_public.patients
    on patients.organization_id = dependency.organization_id
    and case tg_argv[1] when 'patient_id' then patients.id else patients.patient_profile_id end = (v_row ->> tg_argv[1])::uuid
  where dependency.organization_id = old.organization_id and dependency.code = v_code
    and not exists (
      select from app_private.segment_marks as marks
      where marks.organization_id = dependency.organization_id and marks.segment_id = dependency.segment_id
        and marks.patient_id = patients.id and marks.xmin = pg_catalog.pg_current_xact_id()::xid);
  if found then
    perform app_private.queue_segments(array[old.organization_id]);
  end if;
  return null;
end;
$$;

comment on function app_private.tg_mark_former_patient is
  'Marks the patient whose row becomes another''s; its arguments are those of a row of rule_sources. Triggers _900_segments_<source>_left.';

reset role;

-- One for each source whose rows name a patient by a column. A test holds them beside rule_sources.
create or replace trigger _900_segments_custom_left after update on app_public.custom_field_values
  for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
  execute function app_private.tg_mark_former_patient('custom', 'patient_profile_id', 'custom_field_id');
create or replace trigger _900_segments_form_left after update on app_public.forms
  for each row when (old.patient_id is distinct from new.patient_id)
  execute function app_private.tg_mark_former_patient('form', 'patient_id', 'template_id');
create or replace trigger _900_segments_forms_left after update on app_public.forms
  for each row when (old.patient_id is distinct from new.patient_id)
  execute function app_private.tg_mark_former_patient('forms', 'patient_id');
create or replace trigger _900_segments_appointments_left after update on app_public.appointments
  for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
  execute function app_private.tg_mark_former_patient('appointments', 'patient_profile_id');
create or replace trigger _900_segments_consents_left after update on app_public.consents
  for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
  execute function app_private.tg_mark_former_patient('consents', 'patient_profile_id', 'purpose_code');
create or replace trigger _900_segments_plans_left after update on app_public.patient_service_plans
  for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
  execute function app_private.tg_mark_former_patient('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_left after update on app_public.patient_subscriptions
  for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
  execute function app_private.tg_mark_former_patient('plans', 'patient_profile_id');
create or replace trigger _900_segments_subscription_left after update on app_public.patient_subscriptions
  for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
  execute function app_private.tg_mark_former_patient('subscription', 'patient_profile_id');
create or replace trigger _900_segments_segment_left after update on app_public.segment_members
  for each row when (old.patient_id is distinct from new.patient_id)
  execute function app_private.tg_mark_former_patient('segment', 'patient_id', 'segment_id');
-- end of source: functions/segments/tg_mark_former_patient.sql

-- source: functions/segments/tg_mark_segments.sql
-- A change of what rules read marks whom it is about, for the segments that read it, in the transaction of the change. SEG-03.
-- One query a statement asks first whether a segment of the clinic reads it, since most changes concern none: that finds nothing in a
-- small index. What stands before that query, every writer of the table pays for, so its arguments are read where they are needed. The same function stands on every table of rule_sources, told by its arguments how to find the patient;
-- it knows its rows as "changed", written or deleted.

set role app_engine;

create or replace function app_private.tg_mark_segments() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_clinics uuid[];
begin
  if tg_argv[1] in ('patient_profile_id', 'patient_id', 'patient') then
    if tg_nargs = 2 then
      if not exists (
        select
        from changed
        join app_private.segment_dependencies as dependency
          on dependency.organization_id = changed.organization_id and dependency.code = tg_argv[0]
      ) then
        return null;
      end if;
    elsif not exists (
      select
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.organization_id
        and dependency.code = tg_argv[0] || coalesce(':' || (to_jsonb(changed) ->> tg_argv[2]), '')
    ) then
      return null;
    end if;
  elsif tg_argv[1] = 'profile' then
    if not exists (
      select
      from changed
      join app_public.patients on patients.patient_profile_id = changed.id
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = patients.organization_id and dependency.code = tg_argv[0]
    ) then
      return null;
    end if;
  end if;

  if tg_argv[1] = 'patient' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select dependency.organization_id, dependency.segment_id, changed.id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.organization_id and dependency.code = tg_argv[0]
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif tg_argv[1] = 'patient_id' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select distinct dependency.organization_id, dependency.segment_id, changed.patient_id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.organization_id
        and dependency.code = tg_argv[0] || coalesce(':' || (to_jsonb(changed) ->> tg_argv[2]), '')
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif tg_argv[1] = 'patient_profile_id' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select distinct dependency.organization_id, dependency.segment_id, patients.id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.organization_id
        and dependency.code = tg_argv[0] || coalesce(':' || (to_jsonb(changed) ->> tg_argv[2]), '')
      join app_public.patients
        on patients.organization_id = changed.organization_id and patients.patient_profile_id = changed.patient_profile_id
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif tg_argv[1] = 'profile' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id, patient_id)
      select dependency.organization_id, dependency.segment_id, patients.id
      from changed
      join app_public.patients on patients.patient_profile_id = changed.id
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = patients.organization_id and dependency.code = tg_argv[0]
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  elsif tg_argv[1] = 'clinic' then
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id)
      select dependency.organization_id, dependency.segment_id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.organization_id = changed.id and dependency.code = tg_argv[0]
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  else
    -- Everyone of the clinic that the row names, or of every clinic where it names none.
    with marked as (
      insert into app_private.segment_marks (organization_id, segment_id)
      select distinct dependency.organization_id, dependency.segment_id
      from changed
      join app_private.segment_dependencies as dependency
        on dependency.code = tg_argv[0] || coalesce(':' || (to_jsonb(changed) ->> tg_argv[2]), '')
        and (changed.organization_id is null or dependency.organization_id = changed.organization_id)
      returning segment_marks.organization_id
    )
    select array_agg(distinct marked.organization_id) into v_clinics from marked;
  end if;

  if v_clinics is not null then
    perform app_private.queue_segments(v_clinics);
  end if;
  return null;
end;
$$;

comment on function app_private.tg_mark_segments is
  'Marks the patients of changed rows for the segments that read them; its arguments are those of a row of rule_sources. Triggers '
  '_900_segments_<source>_….';

reset role;

-- One trigger for each command of each source: transition tables are of one command. A test holds them beside rule_sources.
create or replace trigger _900_segments_profile_insert after insert on app_public.patient_profiles
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('profile', 'profile');
create or replace trigger _900_segments_profile_update after update on app_public.patient_profiles
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('profile', 'profile');
create or replace trigger _900_segments_profile_delete after delete on app_public.patient_profiles
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('profile', 'profile');
create or replace trigger _900_segments_patient_insert after insert on app_public.patients
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('patient', 'patient');
create or replace trigger _900_segments_patient_update after update on app_public.patients
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('patient', 'patient');
create or replace trigger _900_segments_patient_delete after delete on app_public.patients
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('patient', 'patient');
create or replace trigger _900_segments_clinic_insert after insert on app_public.organizations
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('clinic', 'clinic');
create or replace trigger _900_segments_clinic_update after update on app_public.organizations
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('clinic', 'clinic');
create or replace trigger _900_segments_clinic_delete after delete on app_public.organizations
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('clinic', 'clinic');
create or replace trigger _900_segments_custom_insert after insert on app_public.custom_field_values
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('custom', 'patient_profile_id', 'custom_field_id');
create or replace trigger _900_segments_custom_update after update on app_public.custom_field_values
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('custom', 'patient_profile_id', 'custom_field_id');
create or replace trigger _900_segments_custom_delete after delete on app_public.custom_field_values
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('custom', 'patient_profile_id', 'custom_field_id');
create or replace trigger _900_segments_form_insert after insert on app_public.forms
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('form', 'patient_id', 'template_id');
create or replace trigger _900_segments_form_update after update on app_public.forms
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('form', 'patient_id', 'template_id');
create or replace trigger _900_segments_form_delete after delete on app_public.forms
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('form', 'patient_id', 'template_id');
create or replace trigger _900_segments_forms_insert after insert on app_public.forms
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('forms', 'patient_id');
create or replace trigger _900_segments_forms_update after update on app_public.forms
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('forms', 'patient_id');
create or replace trigger _900_segments_forms_delete after delete on app_public.forms
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('forms', 'patient_id');
create or replace trigger _900_segments_appointments_insert after insert on app_public.appointments
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('appointments', 'patient_profile_id');
create or replace trigger _900_segments_appointments_update after update on app_public.appointments
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('appointments', 'patient_profile_id');
create or replace trigger _900_segments_appointments_delete after delete on app_public.appointments
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('appointments', 'patient_profile_id');
create or replace trigger _900_segments_consents_insert after insert on app_public.consents
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('consents', 'patient_profile_id', 'purpose_code');
create or replace trigger _900_segments_consents_update after update on app_public.consents
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('consents', 'patient_profile_id', 'purpose_code');
create or replace trigger _900_segments_consents_delete after delete on app_public.consents
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('consents', 'patient_profile_id', 'purpose_code');
create or replace trigger _900_segments_consents_insert after insert on app_public.consent_purpose_versions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('consents', 'everyone', 'purpose_code');
create or replace trigger _900_segments_consents_update after update on app_public.consent_purpose_versions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('consents', 'everyone', 'purpose_code');
create or replace trigger _900_segments_consents_delete after delete on app_public.consent_purpose_versions
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('consents', 'everyone', 'purpose_code');
create or replace trigger _900_segments_plans_insert after insert on app_public.patient_service_plans
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_update after update on app_public.patient_service_plans
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_delete after delete on app_public.patient_service_plans
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_insert after insert on app_public.patient_subscriptions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_update after update on app_public.patient_subscriptions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_plans_delete after delete on app_public.patient_subscriptions
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('plans', 'patient_profile_id');
create or replace trigger _900_segments_subscription_insert after insert on app_public.patient_subscriptions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('subscription', 'patient_profile_id');
create or replace trigger _900_segments_subscription_update after update on app_public.patient_subscriptions
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('subscription', 'patient_profile_id');
create or replace trigger _900_segments_subscription_delete after delete on app_public.patient_subscriptions
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('subscription', 'patient_profile_id');
create or replace trigger _900_segments_segment_insert after insert on app_public.segment_members
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('segment', 'patient_id', 'segment_id');
create or replace trigger _900_segments_segment_update after update on app_public.segment_members
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('segment', 'patient_id', 'segment_id');
create or replace trigger _900_segments_segment_delete after delete on app_public.segment_members
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('segment', 'patient_id', 'segment_id');
-- end of source: functions/segments/tg_mark_segments.sql

-- source: functions/service_accounts/require_key_owner.sql
-- Who makes, sees and revokes keys of programs. FND-24, BIL-09, FND-04.

create or replace function app_private.require_key_owner(organization_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if organization_id is not null then
    perform app_private.require_permission(organization_id, 'integrations.manage');
  elsif not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
end;
$$;

comment on function app_private.require_key_owner is
  'Passes for whoever manages the clinic''s integrations, and without a clinic for superadmins.';
grant execute on function app_private.require_key_owner to app_engine;
-- end of source: functions/service_accounts/require_key_owner.sql

-- source: functions/service_accounts/create_service_account_key.sql
-- A key for a program: 256 random bits, told this once; its digest is kept, and its last four characters to tell it by. FND-24, BIL-09.

set role app_engine;

create or replace function app_public.create_service_account_key(scope text, name text, organization_id uuid default null)
returns app_public.service_account_key_token
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb;
  v_token text;
  v_principal_id uuid;
  v_key app_public.service_account_key_token;
begin
  perform app_private.require_key_owner(organization_id);
  v_remembered := app_private.remembered('create_service_account_key', jsonb_build_array(scope, name, organization_id));
  if v_remembered is not null then
    return jsonb_populate_record(v_key, v_remembered);
  end if;
  if scope is distinct from (case when organization_id is null then 'ai_calls' else 'patient_subscriptions' end) then
    perform app_hidden.refuse('VALIDATION', 'scope_not_offered', '{"field": "scope"}');
  end if;
  -- Two at once are counted one after the other.
  perform pg_advisory_xact_lock(hashtextextended('service account keys of ' || coalesce(organization_id::text, 'the platform'), 0));
  if (
    select count(*) from app_public.service_account_keys as keys
    where keys.organization_id is not distinct from create_service_account_key.organization_id and keys.revoked_at is null
  ) >= 20 then
    perform app_hidden.refuse('CONFLICT', 'too_many_keys', '{"most": 20}');
  end if;

  v_token := 'rxsk_' || translate(encode(extensions.gen_random_bytes(32), 'base64'), '+/=', '-_');
  insert into app_public.principals (kind) values ('service_account') returning id into v_principal_id;
  insert into app_public.service_account_keys (organization_id, name, scope, principal_id, digest, last_four, created_by, created_at)
  values (create_service_account_key.organization_id, btrim(create_service_account_key.name), create_service_account_key.scope,
          v_principal_id, sha256(convert_to(v_token, 'UTF8')), right(v_token, 4), app_private.current_actor_id(), app_hidden.now())
  returning id into v_key.id;
  v_key.token := v_token;
  perform app_private.remember('create_service_account_key', to_jsonb(v_key));
  return v_key;
end;
$$;

comment on function app_public.create_service_account_key is
  E'@words scope service_account_keys.scope\n@arg scope What it is for: AI_CALLS of the platform, PATIENT_SUBSCRIPTIONS of a clinic.\n'
  '@arg name What people call it.\n@arg organizationId The clinic that it is for; the platform without one.\n'
  'Makes a key for a program; it is told this once. Needs integrations.manage, or superadmin for the platform''s. CONFLICT too_many_keys beyond twenty.';
grant execute on function app_public.create_service_account_key to app_member;

reset role;
-- end of source: functions/service_accounts/create_service_account_key.sql

-- source: functions/service_accounts/grant_entitlement.sql
-- The platform grants a clinic something beside its tier. What is not built is refused, and nothing is left. FND-20, TEN-01.

set role app_engine;

create or replace function app_public.grant_entitlement(organization_id uuid, entitlement text, reason text)
returns app_public.organization_entitlements
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_reason text;
  v_is_built boolean;
  v_granted app_public.organization_entitlements;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  v_reason := app_private.require_reason(reason);
  perform from app_public.organizations
  where organizations.id = grant_entitlement.organization_id and organizations.deleted_at is null
  for no key update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'organization_not_found');
  end if;
  select platform_entitlements.is_built into v_is_built
  from app_public.platform_entitlements
  where platform_entitlements.key = grant_entitlement.entitlement;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'entitlement_unknown', '{"field": "entitlement"}');
  elsif not v_is_built then
    perform app_hidden.refuse('CAPABILITY_NOT_BUILT', 'entitlement_not_built', jsonb_build_object('entitlement', entitlement));
  end if;

  select granted.* into v_granted
  from app_public.organization_entitlements as granted
  where granted.organization_id = grant_entitlement.organization_id
    and granted.entitlement = grant_entitlement.entitlement
    and granted.revoked_at is null;
  if not found then
    insert into app_public.organization_entitlements (organization_id, entitlement, reason, granted_by, granted_at)
    values (grant_entitlement.organization_id, grant_entitlement.entitlement, v_reason, app_private.current_actor_id(), app_hidden.now())
    returning * into v_granted;
  end if;
  return v_granted;
end;
$$;

comment on function app_public.grant_entitlement is
  E'@arg entitlement One of platformEntitlements.\nGrants a clinic an entitlement; one that it has already is answered as it is. Superadmin only, with a reason. '
  'CAPABILITY_NOT_BUILT entitlement_not_built while nothing implements it.';
grant execute on function app_public.grant_entitlement to app_member;

reset role;
-- end of source: functions/service_accounts/grant_entitlement.sql

-- source: functions/service_accounts/record_ai_call_by_key.sql
-- A program of the platform tells that a clinic called an AI model. The call's own key makes a repeat the same call. FND-24.
-- A key that comes again with another content is kept as a conflict, which a refusal would take back: it is answered in a word, and the
-- door refuses when it is committed.

set role app_engine;

create or replace function app_hidden.record_ai_call_by_key(
  digest bytea, organization_id uuid, key text, model text, units jsonb, occurred_at timestamptz
) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb;
  v_call app_public.ai_calls;
  v_answer jsonb;
begin
  perform app_private.use_service_key(digest, 'ai_calls');
  v_remembered := app_private.remembered(
    'record_ai_call_by_key', jsonb_build_array(organization_id, key, model, units, occurred_at));
  if v_remembered is not null then
    return v_remembered;
  end if;
  perform from app_public.organizations
  where organizations.id = record_ai_call_by_key.organization_id and organizations.deleted_at is null;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'organization_not_found');
  end if;

  v_call := app_private.record_ai_call(organization_id, key, model, units, occurred_at);
  v_answer := jsonb_build_object(
    'verdict', case when v_call.model = record_ai_call_by_key.model and v_call.units = record_ai_call_by_key.units
                      and v_call.occurred_at = record_ai_call_by_key.occurred_at then 'recorded' else 'conflict' end,
    'call', jsonb_build_object(
      'id', v_call.usage_record_id,
      'organization_id', v_call.organization_id,
      'model', v_call.model,
      'units', v_call.units,
      'occurred_at', v_call.occurred_at,
      'currency', v_call.currency,
      'cost', v_call.cost::text));
  perform app_private.remember('record_ai_call_by_key', v_answer);
  return v_answer;
end;
$$;

comment on function app_hidden.record_ai_call_by_key is
  'Records a call of an AI model for the holder of a key of the platform: {verdict: recorded or conflict, call}.';
grant execute on function app_hidden.record_ai_call_by_key to app_authenticator;

reset role;
-- end of source: functions/service_accounts/record_ai_call_by_key.sql

-- source: functions/service_accounts/revoke_entitlement.sql
-- The platform takes an entitlement back. FND-20, TEN-01.

set role app_engine;

create or replace function app_public.revoke_entitlement(entitlement_id uuid, reason text) returns app_public.organization_entitlements
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_reason text;
  v_granted app_public.organization_entitlements;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  v_reason := app_private.require_reason(reason);
  update app_public.organization_entitlements
  set revoked_at = app_hidden.now(), revoked_by = app_private.current_actor_id(), revoke_reason = v_reason
  where organization_entitlements.id = revoke_entitlement.entitlement_id
    and organization_entitlements.revoked_at is null
  returning * into v_granted;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return v_granted;
end;
$$;

comment on function app_public.revoke_entitlement is
  E'@arg entitlementId What was granted, by its id.\nTakes back what was granted; NOT_FOUND when the clinic has it no more. Superadmin only, with a reason.';
grant execute on function app_public.revoke_entitlement to app_member;

reset role;
-- end of source: functions/service_accounts/revoke_entitlement.sql

-- source: functions/service_accounts/revoke_service_account_key.sql
-- A key opens nothing any more. Requests that are under way are waited for. FND-24, BIL-09.

set role app_engine;

create or replace function app_public.revoke_service_account_key(key_id uuid) returns app_public.service_account_keys
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_key app_public.service_account_keys;
begin
  select service_account_keys.* into v_key
  from app_public.service_account_keys
  where service_account_keys.id = revoke_service_account_key.key_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  elsif not app_hidden.is_superadmin() then
    -- The platform's is not there for anybody else.
    perform app_private.require_permission(v_key.organization_id, 'integrations.manage');
  end if;
  update app_public.service_account_keys
  set revoked_at = coalesce(service_account_keys.revoked_at, app_hidden.now()),
      revoked_by = coalesce(service_account_keys.revoked_by, app_private.current_actor_id())
  where service_account_keys.id = v_key.id
  returning * into v_key;
  return v_key;
end;
$$;

comment on function app_public.revoke_service_account_key is
  E'@arg keyId The key.\nRevokes a key at once; once more changes nothing. Needs integrations.manage; superadmins revoke any.';
grant execute on function app_public.revoke_service_account_key to app_member;

reset role;
-- end of source: functions/service_accounts/revoke_service_account_key.sql

-- source: functions/subscriptions/change_organization_tier.sql
-- A clinic goes over to another tier, up or down, from today on. What the days before cost and what those after cost is the bill's to say. BIL-01,
-- BIL-08.

set role app_engine;

create or replace function app_public.change_organization_tier(
  organization_id uuid,
  tier_id uuid,
  reason text default null
) returns app_public.organization_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text := app_private.billing_reason(organization_id, reason);
  v_subscription app_public.organization_subscriptions := app_private.subscription_to_change(organization_id);
  v_version app_public.platform_tier_versions;
  v_from uuid := v_subscription.tier_version_id;
begin
  if v_subscription.status not in ('pending', 'trialing', 'active') then
    perform app_hidden.refuse('STATE', 'tier_cannot_change', jsonb_build_object('status', v_subscription.status));
  end if;
  v_version := app_private.offered_tier_version(
    change_organization_tier.tier_id, v_subscription.currency, v_subscription.tenancy_mode,
    app_hidden.has_permission(organization_id, 'billing.manage'));
  if v_version.id = v_from then
    return v_subscription;
  end if;

  update app_public.organization_subscriptions set tier_version_id = v_version.id, status_reason = v_reason
  where organization_subscriptions.organization_id = v_subscription.organization_id
    and organization_subscriptions.id = v_subscription.id
  returning * into v_subscription;
  if v_subscription.status <> 'pending' then
    perform app_private.write_subscription_tier(v_subscription, v_reason);
  end if;
  perform app_private.publish(
    'subscription.tier_changed', v_subscription.organization_id, v_subscription.id,
    jsonb_build_object('subscriptionId', v_subscription.id, 'fromTierVersionId', v_from, 'tierVersionId', v_version.id));
  return v_subscription;
end;
$$;

comment on function app_public.change_organization_tier is
  E'@arg tierId One of platformTiers that is offered.\n@arg reason Why; a superadmin has to say.\n'
  'Puts the subscription of a clinic on the latest version of a tier, from today on. Needs billing.manage, or a superadmin with a reason. '
  'NOT_FOUND clinic_not_subscribed, platform_tier_not_found; STATE tier_cannot_change while something due is unpaid; VALIDATION tier_has_no_price.';
grant execute on function app_public.change_organization_tier to app_member;

reset role;
-- end of source: functions/subscriptions/change_organization_tier.sql

-- source: functions/subscriptions/dunning_preview.sql
-- What follows, and when, if the bills of a clinic stay unpaid. BIL-05.

set role app_engine;

create or replace function app_public.dunning_preview(organization_id uuid) returns setof app_public.dunning_preview_step
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  if not app_hidden.is_superadmin() then
    perform app_private.require_permission(organization_id, 'billing.view');
  end if;
  select subscriptions.* into v_subscription
  from app_public.organization_subscriptions as subscriptions
  where subscriptions.organization_id = dunning_preview.organization_id and subscriptions.status <> 'canceled';
  return query
    select steps.invoice_id, steps.day, steps.action,
           case when steps.action <> 'retry' and steps.done_at is null
             then greatest(steps.due_at, app_private.covered_until(v_subscription, paid_only => v_subscription.status = 'suspended'))
             else steps.due_at end,
           steps.done_at
    from app_private.dunning_steps_of(v_subscription) as steps
    order by 4, steps.invoice_id, steps.day;
end;
$$;

comment on function app_public.dunning_preview is
  'Every step about every unpaid bill of a clinic: those that were taken, and those that follow if it stays unpaid. Needs billing.view, or a superadmin.';
grant execute on function app_public.dunning_preview to app_member;

reset role;
-- end of source: functions/subscriptions/dunning_preview.sql

-- source: functions/subscriptions/messages_about_organization_subscription.sql
-- Those who manage billing hear what becomes of the clinic's subscription: its trial ends soon, something is unpaid, nothing new begins any
-- more, it is active again, it has ended. That it begins is no news to whoever began it. BIL-01, BIL-05, FND-15.

create or replace function app_private.messages_about_organization_subscription(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
  v_recipients app_private.message_recipient[];
  v_data jsonb := '{}';
begin
  if event.name = 'subscription.active' and event.payload ->> 'from' in ('pending', 'trialing')
    or event.name = 'subscription.canceled' and event.payload ->> 'from' = 'pending' then
    return;
  end if;
  select array_agg(distinct row(null, memberships.human_id, null, null, null, null, null)::app_private.message_recipient)
  into v_recipients
  from app_public.memberships
  join app_public.membership_roles
    on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
  join app_public.role_permissions
    on role_permissions.organization_id = membership_roles.organization_id and role_permissions.role_id = membership_roles.role_id
  where memberships.organization_id = event.organization_id
    and memberships.ended_at is null
    and role_permissions.permission = 'billing.manage';
  if v_recipients is null then
    return;
  end if;

  select subscriptions.* into strict v_subscription
  from app_public.organization_subscriptions as subscriptions
  where subscriptions.organization_id = event.organization_id and subscriptions.id = event.subject_id;
  if event.name = 'subscription.trial_ending' then
    v_data := jsonb_build_object('expiresAt', v_subscription.trial_ends_at, 'timezone', v_subscription.timezone);
  elsif event.name = 'subscription.past_due' then
    v_data := jsonb_build_object(
      'timezone', v_subscription.timezone,
      'expiresAt', (
        select greatest(min(steps.due_at), app_private.covered_until(v_subscription, paid_only => true))
        from app_private.dunning_steps_of(v_subscription) as steps
        where steps.action = 'suspend' and steps.due_at > event.occurred_at));
  end if;
  perform app_private.notify_many(
    event.organization_id,
    case event.name when 'subscription.active' then 'subscription_active_again' else replace(event.name, '.', '_') end,
    v_recipients, v_data, event_id => event.id);
end;
$$;

comment on function app_private.messages_about_organization_subscription is
  'Queues what the events of a clinic''s subscription call for: a note to each member with billing.manage.';
grant execute on function app_private.messages_about_organization_subscription to app_engine;
-- end of source: functions/subscriptions/messages_about_organization_subscription.sql

-- source: functions/subscriptions/payment_provider_of.sql
-- Who takes what a clinic pays the platform: who was chosen for it, else the platform's default. BIL-04.

create or replace function app_private.payment_provider_of(organization_id uuid) returns text
language sql stable
set search_path = ''
begin atomic
  select coalesce(
    (select choice.provider from app_public.organization_service_providers as choice
     where choice.organization_id = payment_provider_of.organization_id and choice.capability = 'payment'),
    (select offer.provider from app_public.platform_service_providers as offer
     where offer.capability = 'payment' and offer.is_default));
end;

comment on function app_private.payment_provider_of is 'Who takes what a clinic pays the platform.';
grant execute on function app_private.payment_provider_of to app_engine;
-- end of source: functions/subscriptions/payment_provider_of.sql

-- source: functions/subscriptions/save_organization_billing.sql
-- As whom a clinic is billed. The tax id arrives sealed; without one, the present one stays. Invoices that were issued keep what they say,
-- and a subscription the currency and the zone that it began with. BIL-10.
-- Behind the mutation saveOrganizationBilling, which seals before this is called: that is why it is not exposed itself.

set role app_engine;

create or replace function app_hidden.save_organization_billing(
  organization_id uuid,
  legal_name text,
  street text,
  city text,
  county text,
  postal_code text,
  country text,
  registration_number text,
  billing_email text,
  currency text,
  timezone text,
  cadence text,
  tax_id bytea default null,
  tax_id_last_four text default null
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_hidden.require_billing_manager(organization_id);
  insert into app_public.organization_billing as details
    (organization_id, legal_name, street, city, county, postal_code, country, registration_number, billing_email, currency, timezone,
     cadence, tax_id, tax_id_last_four, updated_by)
  values
    (save_organization_billing.organization_id, save_organization_billing.legal_name, save_organization_billing.street,
     save_organization_billing.city, save_organization_billing.county, nullif(btrim(save_organization_billing.postal_code), ''),
     save_organization_billing.country, nullif(btrim(save_organization_billing.registration_number), ''),
     save_organization_billing.billing_email, save_organization_billing.currency, save_organization_billing.timezone,
     save_organization_billing.cadence, save_organization_billing.tax_id, save_organization_billing.tax_id_last_four,
     app_private.current_actor_id())
  on conflict on constraint organization_billing_pkey do update set
    legal_name = excluded.legal_name, street = excluded.street, city = excluded.city, county = excluded.county,
    postal_code = excluded.postal_code, country = excluded.country, registration_number = excluded.registration_number,
    billing_email = excluded.billing_email, currency = excluded.currency, timezone = excluded.timezone, cadence = excluded.cadence,
    tax_id = coalesce(excluded.tax_id, details.tax_id),
    tax_id_last_four = coalesce(excluded.tax_id_last_four, details.tax_id_last_four),
    updated_by = excluded.updated_by;
  perform app_private.publish('organization_billing.changed', organization_id, organization_id);
end;
$$;

comment on function app_hidden.save_organization_billing is
  'Stores the billing details of a clinic, with a tax id that was sealed for it. Needs billing.manage, or a superadmin.';
grant execute on function app_hidden.save_organization_billing to app_member;

create or replace function app_hidden.require_billing_manager(organization_id uuid) returns void
language plpgsql stable security definer
set search_path = ''
as $$
begin
  if not app_hidden.is_superadmin() or not exists (
    select from app_public.organizations
    where organizations.id = require_billing_manager.organization_id and organizations.deleted_at is null
  ) then
    perform app_private.require_permission(organization_id, 'billing.manage');
  end if;
end;
$$;

comment on function app_hidden.require_billing_manager is
  'Passes for who may change the billing details of a clinic: its staff with billing.manage, a superadmin. FORBIDDEN, NOT_FOUND.';
grant execute on function app_hidden.require_billing_manager to app_member;

reset role;
-- end of source: functions/subscriptions/save_organization_billing.sql

-- source: functions/subscriptions/subscribe_organization.sql
-- A clinic subscribes to a tier of the platform: on trial first where the tier has one and the clinic never had, else from today on.
-- What it is billed as has to be complete before, since the end of a trial asks nobody. The platform may prepare a subscription
-- without: it is pending, and begins when the clinic subscribes to it. BIL-01, BIL-10.

set role app_engine;

create or replace function app_public.subscribe_organization(
  organization_id uuid,
  tier_id uuid,
  cadence text,
  reason text default null
) returns app_public.organization_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('subscribe_organization', jsonb_build_array(organization_id, tier_id, cadence, reason));
  v_reason text;
  v_is_clinic boolean := app_hidden.has_permission(organization_id, 'billing.manage');
  v_missing text[] := app_private.missing_of_billing(organization_id);
  v_organization app_public.organizations;
  v_details app_public.organization_billing;
  v_version app_public.platform_tier_versions;
  v_subscription app_public.organization_subscriptions;
begin
  if v_remembered is not null then
    perform app_private.billing_reason(organization_id, reason);
    return jsonb_populate_record(v_subscription, v_remembered);
  end if;

  v_reason := app_private.billing_reason(organization_id, reason);
  if v_is_clinic and v_missing <> '{}' then
    perform app_hidden.refuse('STATE', 'billing_incomplete', jsonb_build_object('missing', v_missing));
  end if;

  select organizations.* into strict v_organization
  from app_public.organizations where organizations.id = subscribe_organization.organization_id;
  select details.* into v_details
  from app_public.organization_billing as details where details.organization_id = subscribe_organization.organization_id;
  v_version := app_private.offered_tier_version(
    subscribe_organization.tier_id, coalesce(v_details.currency, v_organization.currency), v_organization.tenancy_mode, v_is_clinic);

  v_subscription.organization_id := v_organization.id;
  v_subscription.tier_version_id := v_version.id;
  v_subscription.tenancy_mode := v_organization.tenancy_mode;
  v_subscription.cadence := subscribe_organization.cadence;
  v_subscription.currency := coalesce(v_details.currency, v_organization.currency);
  v_subscription.timezone := coalesce(v_details.timezone, v_organization.timezone);
  v_subscription.status_reason := v_reason;
  v_subscription := app_private.prepare_organization_subscription(v_subscription);
  if v_subscription.id is null then
    perform app_hidden.refuse('CONFLICT', 'clinic_already_subscribed');
  end if;
  if v_missing = '{}' then
    v_subscription := app_private.begin_organization_subscription(v_subscription);
  end if;
  perform app_private.remember('subscribe_organization', to_jsonb(v_subscription));
  return v_subscription;
end;
$$;

comment on function app_public.subscribe_organization is
  E'@words cadence organization_subscriptions.cadence\n@arg tierId One of platformTiers that is offered.\n'
  '@arg cadence How often the price of the tier is billed.\n@arg reason Why; a superadmin has to say.\n'
  'Subscribes a clinic to a tier: on trial where the tier has one and the clinic never had, else from today on. Needs billing.manage, or a superadmin '
  'with a reason. STATE billing_incomplete names the billing details that are missing; a superadmin then prepares a subscription that is '
  'pending. CONFLICT clinic_already_subscribed; NOT_FOUND platform_tier_not_found; VALIDATION tier_has_no_price.';
grant execute on function app_public.subscribe_organization to app_member;

reset role;

create or replace function app_private.prepare_organization_subscription(draft app_public.organization_subscriptions)
returns app_public.organization_subscriptions
language sql volatile
set search_path = ''
begin atomic
  insert into app_public.organization_subscriptions
    (organization_id, status, tier_version_id, tenancy_mode, cadence, currency, timezone, provider, status_reason, created_by, created_at)
  values
    ((draft).organization_id, 'pending', (draft).tier_version_id, (draft).tenancy_mode, (draft).cadence, (draft).currency, (draft).timezone,
     app_private.payment_provider_of((draft).organization_id), (draft).status_reason, app_private.current_actor_id(), app_hidden.now())
  on conflict (organization_id) where status <> 'canceled' do update set
    tier_version_id = excluded.tier_version_id,
    cadence = excluded.cadence, currency = excluded.currency, timezone = excluded.timezone,
    provider = excluded.provider, status_reason = excluded.status_reason
    where organization_subscriptions.status = 'pending'
  returning *;
end;

comment on function app_private.prepare_organization_subscription is
  'Writes a subscription that is pending, or the one that is pending as this draft says; null where another one is live.';
grant execute on function app_private.prepare_organization_subscription to app_engine;
-- end of source: functions/subscriptions/subscribe_organization.sql

-- source: functions/subscriptions/tg_organization_subscriptions__publish.sql
-- Every move of a clinic's subscription is an event. _200_guard_state has refused what is no move. BIL-01, FND-14.

set role app_engine;

create or replace function app_private.tg_organization_subscriptions__publish() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_from text := case when tg_op = 'UPDATE' then old.status else '' end;
  v_event text;
begin
  if new.status <> v_from then
    select distinct transition.event into strict v_event
    from app_private.state_transitions as transition
    where transition.entity = 'organization_subscriptions' and transition.from_state = v_from and transition.to_state = new.status;
    perform app_private.publish(
      v_event, new.organization_id, new.id,
      jsonb_strip_nulls(jsonb_build_object(
        'subscriptionId', new.id, 'tierVersionId', new.tier_version_id, 'from', nullif(v_from, ''), 'to', new.status)));
  end if;
  return new;
end;
$$;

comment on function app_private.tg_organization_subscriptions__publish is 'Publishes the event of a move. Trigger _900_publish.';

reset role;

create or replace trigger _900_publish after insert or update of status on app_public.organization_subscriptions
  for each row execute function app_private.tg_organization_subscriptions__publish();
-- end of source: functions/subscriptions/tg_organization_subscriptions__publish.sql

-- source: functions/tax_office/bare_number.sql
-- One document is numbered "RX 012", "RX012" and "RX-012", by whoever writes it. BIL-04.

create or replace function app_private.bare_number(number text) returns text
language sql immutable strict parallel safe
set search_path = ''
return nullif(app_hidden.ascii_lower(regexp_replace(number, '[^[:alnum:]]', '', 'g')), '');

comment on function app_private.bare_number is 'The letters and digits of a number of a document, small; null where it has none.';
grant execute on function app_private.bare_number to app_engine;
-- end of source: functions/tax_office/bare_number.sql

-- source: functions/tax_office/record_tax_message.sql
-- A message of the tax office was read: which upload and which document it is about. BIL-04.

set role app_engine;

create or replace function app_hidden.record_tax_message(office text, message_id text, upload_id text, document_number text) returns void
language sql volatile security definer
set search_path = ''
begin atomic
  insert into app_private.tax_office_messages (office, message_id, upload_id, document_number, bare_number, read_at)
  select record_tax_message.office, record_tax_message.message_id, record_tax_message.upload_id,
    case when bare is not null then record_tax_message.document_number end, bare, app_hidden.now()
  from app_private.bare_number(record_tax_message.document_number) as bare
  on conflict on constraint tax_office_messages_pkey do nothing;
end;

comment on function app_hidden.record_tax_message is 'Keeps that a message of a tax office was read, and the number in it, if any; once.';
grant execute on function app_hidden.record_tax_message to app_worker;

reset role;
-- end of source: functions/tax_office/record_tax_message.sql

-- source: functions/tax_office/tax_uploads_of.sql
-- By which upload the tax office has an invoice, from the messages that were read. BIL-04.

set role app_engine;

create or replace function app_hidden.tax_uploads_of(invoice_ids uuid[])
returns table (invoice_id uuid, upload_id text)
language sql stable strict security definer
set search_path = ''
begin atomic
  select invoices.id, message.upload_id
  from app_public.invoices
  cross join lateral (
    select messages.upload_id
    from app_private.tax_office_messages as messages
    where messages.bare_number = app_private.bare_number(invoices.provider_document_number)
    order by messages.read_at desc, messages.message_id desc
    limit 1
  ) as message
  where invoices.id = any (tax_uploads_of.invoice_ids) and invoices.tax_upload_id is null;
end;

comment on function app_hidden.tax_uploads_of is
  'Of these invoices, those whose number is in a message of the tax office, each with the upload of the message that was read last.';
grant execute on function app_hidden.tax_uploads_of to app_worker;

reset role;
-- end of source: functions/tax_office/tax_uploads_of.sql

-- source: functions/tax_office/unread_tax_messages.sql
-- Of the messages that a tax office lists, those that nobody has read. BIL-04.

set role app_engine;

create or replace function app_hidden.unread_tax_messages(office text, message_ids text[])
returns table (message_id text)
language sql stable strict security definer
set search_path = ''
begin atomic
  select listed.message_id
  from unnest(unread_tax_messages.message_ids) with ordinality as listed (message_id, place)
  where not exists (
    select from app_private.tax_office_messages as known
    where known.office = unread_tax_messages.office and known.message_id = listed.message_id)
  order by listed.place;
end;

comment on function app_hidden.unread_tax_messages is 'Which of these messages of a tax office were not read yet, in their order.';
grant execute on function app_hidden.unread_tax_messages to app_worker;

reset role;
-- end of source: functions/tax_office/unread_tax_messages.sql

-- source: functions/telemetry/due_replays.sql
-- What the clock does next with the movement of recordings, by the days that each clinic set: where reading costs more, into the archive, away.
-- Nothing is removed while a court, or anybody with the right to, holds what is kept of patients. TEL-07, docs/decisions/0157.

set role app_engine;

create or replace function app_private.due_replays(up_to int default 100, except_for text[] default '{}')
returns table (exercise_session_id uuid, organization_id uuid, object_key text, step text)
language sql stable security definer
set search_path = ''
begin atomic
  with held as (
    select exists (
      select from app_private.retentions where retentions.key = 'medical_record' and retentions.held_because is not null) as is_held
  )
  select due.id, due.organization_id, due.replay_object_key, due.step
  from app_public.organizations as clinics
  cross join held
  cross join lateral (
    (select recordings.id, recordings.organization_id, recordings.replay_object_key, 'remove' as step
     from app_public.exercise_sessions as recordings
     where recordings.organization_id = clinics.id and recordings.replay_state in ('kept', 'archived') and not held.is_held
       and clinics.id || '/remove' <> all (except_for)
       and recordings.ended_at <= app_hidden.now() - make_interval(hours => 24 * clinics.replay_remove_after_days)
     limit up_to)
    union all
    (select recordings.id, recordings.organization_id, recordings.replay_object_key, 'archive'
     from app_public.exercise_sessions as recordings
     where recordings.organization_id = clinics.id and recordings.replay_state = 'kept'
       and recordings.replay_class in ('standard', 'infrequent') and clinics.id || '/archive' <> all (except_for)
       and recordings.ended_at <= app_hidden.now() - make_interval(hours => 24 * clinics.replay_archive_after_days)
       and (held.is_held or clinics.replay_remove_after_days is null
            or recordings.ended_at > app_hidden.now() - make_interval(hours => 24 * clinics.replay_remove_after_days))
     limit up_to)
    union all
    (select recordings.id, recordings.organization_id, recordings.replay_object_key, 'infrequent'
     from app_public.exercise_sessions as recordings
     where recordings.organization_id = clinics.id and recordings.replay_state = 'kept' and recordings.replay_class = 'standard'
       and clinics.id || '/infrequent' <> all (except_for)
       and recordings.ended_at <= app_hidden.now() - make_interval(hours => 24 * clinics.replay_infrequent_after_days)
       and recordings.ended_at > app_hidden.now() - make_interval(hours => 24 * least(
         coalesce(clinics.replay_archive_after_days, 100000), coalesce(clinics.replay_remove_after_days, 100000)))
     limit up_to)
  ) as due
  order by due.organization_id, due.step, due.id
  limit up_to;
end;

comment on function app_private.due_replays is
  'Recordings whose movement is due to be moved, at most so many: where it lies, and the step: infrequent, archive or remove. '
  'except_for names steps of clinics that are left out, as <organization id>/<step>.';
grant execute on function app_private.due_replays to app_worker;

-- What the object store did is written afterwards: every step may be done once more, so a process that dies in between leaves it to the next.
create or replace function app_private.record_replay_step(exercise_session_id uuid, step text) returns void
language sql volatile security definer
set search_path = ''
begin atomic
  update app_public.exercise_sessions as recordings set
    replay_state = case record_replay_step.step when 'remove' then 'removed' when 'archive' then 'archived' else recordings.replay_state end,
    replay_class = case record_replay_step.step when 'remove' then recordings.replay_class else record_replay_step.step end,
    replay_object_key = case when record_replay_step.step <> 'remove' then recordings.replay_object_key end,
    replay_sha256 = case when record_replay_step.step <> 'remove' then recordings.replay_sha256 end,
    replay_bytes = case when record_replay_step.step <> 'remove' then recordings.replay_bytes end
  where recordings.id = record_replay_step.exercise_session_id
    and (recordings.replay_state = 'kept' or (recordings.replay_state = 'archived' and record_replay_step.step = 'remove'));
end;

comment on function app_private.record_replay_step is
  'Says that the movement of a recording was moved (infrequent, archive) or removed (remove). One that is archived or gone already stays so.';
grant execute on function app_private.record_replay_step to app_worker;

reset role;
-- end of source: functions/telemetry/due_replays.sql

-- source: functions/telemetry/shown_recording.sql
-- Recordings of sessions as HTTP tells them: to the person and those who care for them, and to staff of the clinic, whose reading is on record. Of
-- each exercise what the newest version of the algorithm says. FND-31, TEL-07, FND-08.

create or replace function app_private.shown_recording(recording app_public.exercise_sessions) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select jsonb_build_object(
    'id', (recording).id, 'organization_id', (recording).organization_id, 'patient_profile_id', (recording).patient_profile_id,
    'patient_session_id', (recording).patient_session_id, 'scopes', (recording).scopes, 'started_at', (recording).started_at,
    'ended_at', (recording).ended_at, 'replay_state', (recording).replay_state,
    'pain_before', sessions.pain_before, 'pain_after', sessions.pain_after,
    'exercises', (
      select coalesce(jsonb_agg(jsonb_build_object(
        'place', asked.place, 'slug', asked.value ->> 'slug', 'reps', pose.reps, 'sets', pose.sets, 'range_degrees', pose.range_degrees,
        'joint', pose.joint, 'side', pose.side, 'confidence', pose.confidence, 'watched_percentage', media.watched_percentage,
        'algorithm_version', coalesce(pose.algorithm_version, media.algorithm_version)) order by asked.place), '[]')
      from jsonb_array_elements(app_public.patient_sessions_exercises(sessions)) with ordinality as asked (value, place)
      left join lateral (
        select metrics.* from app_public.pose_session_metrics as metrics
        where metrics.organization_id = (recording).organization_id and metrics.exercise_session_id = (recording).id
          and metrics.place = asked.place
        order by metrics.algorithm_version desc
        limit 1
      ) as pose on true
      left join lateral (
        select metrics.* from app_public.media_session_metrics as metrics
        where metrics.organization_id = (recording).organization_id and metrics.exercise_session_id = (recording).id
          and metrics.place = asked.place
        order by metrics.algorithm_version desc
        limit 1
      ) as media on true))
  from app_public.patient_sessions as sessions
  where sessions.organization_id = (recording).organization_id and sessions.id = (recording).patient_session_id;
end;

comment on function app_private.shown_recording is 'A recording with what each exercise of it came to, by the newest version of the algorithm.';
grant execute on function app_private.shown_recording to app_engine;

set role app_engine;

create or replace function app_hidden.my_exercise_sessions() returns jsonb
language sql stable security definer
set search_path = ''
begin atomic
  select coalesce(jsonb_agg(app_private.shown_recording(mine.recording) order by mine.started_at desc, mine.id desc), '[]')
  from (
    select recordings as recording, recordings.started_at, recordings.id
    from app_public.exercise_sessions as recordings
    where recordings.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
      and recordings.organization_id = any (app_hidden.current_patient_organization_ids())
    order by recordings.started_at desc, recordings.id desc
    limit 100
  ) as mine;
end;

comment on function app_hidden.my_exercise_sessions is 'What was recorded of the caller, and of whom they care for: the newest 100, newest first.';
grant execute on function app_hidden.my_exercise_sessions to app_member;

create or replace function app_hidden.patient_exercise_sessions(patient_id uuid) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  select patients.* into v_patient
  from app_public.patients where patients.id = patient_exercise_sessions.patient_id and patients.deleted_at is null;
  perform app_private.require_permission(v_patient.organization_id, 'exercise_sessions.view');
  perform audit.record_read(
    v_patient.organization_id, 'app_public.exercise_sessions', null, 'exercise_sessions', v_patient.patient_profile_id);
  return (
    select coalesce(jsonb_agg(app_private.shown_recording(theirs) order by theirs.started_at desc, theirs.id desc), '[]')
    from (
      select recordings.*
      from app_public.exercise_sessions as recordings
      where recordings.organization_id = v_patient.organization_id and recordings.patient_profile_id = v_patient.patient_profile_id
      order by recordings.started_at desc, recordings.id desc
      limit 100
    ) as theirs);
end;
$$;

comment on function app_hidden.patient_exercise_sessions is
  'What was recorded of a patient of the clinic: the newest 100, newest first; the reading is on record. Needs exercise_sessions.view; NOT_FOUND.';
grant execute on function app_hidden.patient_exercise_sessions to app_member;

reset role;
-- end of source: functions/telemetry/shown_recording.sql

-- source: functions/treatment/begin_session.sql
-- A session at home begins: on its day or later, with every absolute contraindication of what it asks for acknowledged, those included that
-- the library has come to know since it was prescribed. The verb that the patient calls has asked for access before, and gives the token of
-- the recording afterwards. What is started is the clinic's usage. EXE-05, EXE-02, FND-20.

create or replace function app_private.begin_session(patient_session_id uuid, acknowledged_ids uuid[]) returns app_public.patient_sessions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_session app_public.patient_sessions := app_private.locked_session(begin_session.patient_session_id);
  v_status text;
  v_asked uuid[];
begin
  perform app_private.require_own_session(v_session);
  if v_session.status = 'started' then
    return v_session;
  end if;
  select enrolments.status into strict v_status
  from app_public.patient_treatment_plans as enrolments
  where enrolments.organization_id = v_session.organization_id and enrolments.id = v_session.patient_treatment_plan_id;
  if v_status <> 'active' then
    perform app_hidden.refuse('STATE', 'treatment_plan_not_active', jsonb_build_object('status', v_status));
  end if;
  perform app_private.authorize_move(
    'patient_sessions', v_session.status, 'started', v_session.organization_id, v_session.patient_profile_id);
  if v_session.due_on > app_private.today_at(v_session.organization_id) then
    perform app_hidden.refuse('STATE', 'session_not_due', jsonb_build_object('dueOn', v_session.due_on));
  end if;

  v_asked := array(
    select (harm.value ->> 'id')::uuid
    from jsonb_array_elements(app_public.patient_sessions_exercises(v_session)) as exercise
    cross join lateral jsonb_array_elements(exercise.value -> 'contraindications') as harm
    where harm.value ->> 'severity' = 'absolute'
    union
    select (later.value ->> 'id')::uuid
    from jsonb_array_elements(app_public.patient_sessions_later_contraindications(v_session)) as later
    where later.value ->> 'severity' = 'absolute'
    order by 1);
  if not v_asked <@ coalesce(begin_session.acknowledged_ids, '{}') then
    perform app_hidden.refuse('STATE', 'contraindications_not_acknowledged', jsonb_build_object(
      'contraindicationIds', array(select asked from unnest(v_asked) as asked where asked <> all (coalesce(acknowledged_ids, '{}')))));
  end if;
  perform app_private.require_within_limit(v_session.organization_id, 'telerehab_sessions');
  update app_public.patient_sessions as sessions
  set status = 'started', started_at = app_hidden.now(), acknowledged_ids = v_asked
  where sessions.id = v_session.id
  returning * into v_session;
  perform app_private.record_usage(
    v_session.organization_id, 'telerehab_sessions', 'patient_sessions', v_session.id::text, 1, v_session.started_at);
  return v_session;
end;
$$;

comment on function app_private.begin_session is
  'Starts a session at home of the caller; a repeated start answers the same. STATE treatment_plan_not_active, session_not_due, illegal_move, '
  'contraindications_not_acknowledged with those that are missing; ENTITLEMENT_EXHAUSTED tier_limit_reached.';
grant execute on function app_private.begin_session to app_engine;

-- Beyond what is due, where the plan allows it: a session of the version once more. Asked for again before it is done, it is the same one.
create or replace function app_private.add_extra_session(patient_treatment_plan_id uuid, session_position int)
returns app_public.patient_sessions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_enrolment app_public.patient_treatment_plans;
  v_session app_public.patient_sessions;
begin
  select enrolments.* into v_enrolment
  from app_public.patient_treatment_plans as enrolments
  where enrolments.id = add_extra_session.patient_treatment_plan_id
    and enrolments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
    and enrolments.organization_id = any (app_hidden.current_patient_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_patient(v_enrolment.organization_id, v_enrolment.patient_profile_id);
  v_enrolment := app_private.lock_enrolment(v_enrolment.organization_id, v_enrolment.id);
  if v_enrolment.status <> 'active' then
    perform app_hidden.refuse('STATE', 'treatment_plan_not_active', jsonb_build_object('status', v_enrolment.status));
  elsif not v_enrolment.allows_extra_sessions then
    perform app_hidden.refuse('STATE', 'no_extra_sessions');
  end if;
  select sessions.* into v_session
  from app_public.patient_sessions as sessions
  where sessions.organization_id = v_enrolment.organization_id and sessions.patient_treatment_plan_id = v_enrolment.id
    and sessions.version_id = v_enrolment.version_id and sessions.position = add_extra_session.session_position
    and sessions.is_extra and sessions.due_on = app_private.today_at(v_enrolment.organization_id) and sessions.status in ('due', 'started')
  limit 1;
  if found then
    return v_session;
  end if;
  insert into app_public.patient_sessions
    (organization_id, patient_treatment_plan_id, patient_profile_id, plan_scope_id, version_id, position, is_extra, due_on, place)
  select v_enrolment.organization_id, v_enrolment.id, v_enrolment.patient_profile_id, v_enrolment.plan_scope_id, v_enrolment.version_id,
         add_extra_session.session_position, true, app_private.today_at(v_enrolment.organization_id), 'home'
  from app_public.treatment_plan_versions as versions
  where versions.scope_id = v_enrolment.plan_scope_id and versions.id = v_enrolment.version_id
    and versions.sessions_snapshot -> (add_extra_session.session_position - 1) ->> 'place' = 'home'
    and add_extra_session.session_position >= 1
  returning * into v_session;
  if v_session.id is null then
    perform app_hidden.refuse('NOT_FOUND', 'session_not_found');
  end if;
  return v_session;
end;
$$;

comment on function app_private.add_extra_session is
  'One more session at home of a plan of the caller that allows it, due today. NOT_FOUND; STATE treatment_plan_not_active, no_extra_sessions.';
grant execute on function app_private.add_extra_session to app_engine;
-- end of source: functions/treatment/begin_session.sql

-- source: functions/treatment/draft_treatment_plan.sql
-- A treatment plan is begun, with its first version as a draft: for every clinic by superadmins, for patients of a clinic or for one of
-- them by its staff. TPL-01.

set role app_engine;

create or replace function app_public.draft_treatment_plan(
  name text,
  sessions jsonb,
  organization_id uuid default null,
  patient_id uuid default null,
  slug text default null,
  description text default null
) returns app_public.treatment_plans
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('draft_treatment_plan', jsonb_build_array(
    name, sessions, organization_id, patient_id, slug, description));
  v_patient app_public.patients;
  v_plan app_public.treatment_plans;
  v_version app_public.treatment_plan_versions;
begin
  if v_remembered is not null then
    perform app_private.require_right_to_plan(draft_treatment_plan.organization_id, 'treatment_plans.manage');
    return jsonb_populate_record(v_plan, v_remembered);
  end if;
  perform app_private.require_right_to_plan(draft_treatment_plan.organization_id, 'treatment_plans.manage');
  if draft_treatment_plan.organization_id is null then
    if draft_treatment_plan.slug is null or draft_treatment_plan.patient_id is not null then
      perform app_hidden.refuse('VALIDATION', 'global_plan_needs_a_slug', '{"field": "slug"}');
    elsif exists (select from app_public.treatment_plans where treatment_plans.slug = draft_treatment_plan.slug) then
      perform app_hidden.refuse('CONFLICT', 'slug_is_used', '{"field": "slug"}');
    end if;
  elsif draft_treatment_plan.patient_id is not null then
    select patients.* into v_patient
    from app_public.patients
    where patients.organization_id = draft_treatment_plan.organization_id and patients.id = draft_treatment_plan.patient_id;
    perform app_private.require_patient(v_patient.organization_id, v_patient.patient_profile_id);
  end if;

  insert into app_public.treatment_plans (organization_id, scope, slug, patient_profile_id, name, description, created_by)
  values (
    draft_treatment_plan.organization_id,
    case when draft_treatment_plan.organization_id is null then 'global' when v_patient.id is null then 'organization' else 'custom' end,
    case when draft_treatment_plan.organization_id is null then draft_treatment_plan.slug end,
    v_patient.patient_profile_id, draft_treatment_plan.name, draft_treatment_plan.description, app_private.current_actor_id())
  returning * into v_plan;
  insert into app_public.treatment_plan_versions (organization_id, treatment_plan_id, number)
  values (v_plan.organization_id, v_plan.id, 1)
  returning * into v_version;
  perform app_private.write_treatment_sessions(v_version, draft_treatment_plan.sessions);
  perform app_private.remember('draft_treatment_plan', to_jsonb(v_plan));
  return v_plan;
end;
$$;

comment on function app_public.draft_treatment_plan is
  E'@arg organizationId The clinic; without one it is the platform''s, for every clinic.\n'
  '@arg patientId The patient whom it is written for; without one it is for any patient of the clinic.\n'
  '@arg slug How programs know a plan of the platform; only for such a plan.\n'
  '@arg sessions What it asks for: [{"title": {"ro", "en"}, "place": "home" or "clinic", "afterDays", "exercises": [{"exerciseId", '
  '"prescription": {"sets", "reps" or "seconds", "restSeconds", "tempo", "side"}}]}].\n'
  'Begins a treatment plan. Needs treatment_plans.manage; the platform''s need a superadmin. VALIDATION sessions_not_valid with the path, '
  'exercise_not_published, global_plan_needs_a_slug; CONFLICT slug_is_used.';
grant execute on function app_public.draft_treatment_plan to app_member;

reset role;
-- end of source: functions/treatment/draft_treatment_plan.sql

-- source: functions/video/record_video_report.sql
-- What the vendor tells of a room of ours: the call ended, what was recorded can be had, a recording broke off. It may come
-- late, twice or in another order: it changes what is still so, and nothing else. APT-07, FND-25.
-- Of a call by the platform's account the minutes are the clinic's usage, each call once by the vendor's id for it. FND-20.

set role app_engine;

create or replace function app_private.record_video_report(
  integration_id uuid, room_name text, type text, vendor_id text, seconds int,
  ended_at timestamptz default null
) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_room app_public.video_rooms;
begin
  select video_rooms.* into v_room
  from app_public.video_rooms
  where video_rooms.room_name = record_video_report.room_name
    and video_rooms.integration_id is not distinct from record_video_report.integration_id
  for update;
  if not found then
    return 'unknown_room';
  end if;

  if type = 'meeting.ended' and v_room.integration_id is null and seconds > 0
    and num_nulls(record_video_report.vendor_id, record_video_report.ended_at) = 0 then
    perform app_private.record_usage(
      v_room.organization_id, 'video_minutes', 'video_rooms', v_room.id || ' ' || record_video_report.vendor_id,
      ceil(seconds / 60.0), record_video_report.ended_at);
  end if;
  if type in ('meeting.ended', 'recording.error') then
    update app_public.video_recordings set status = 'stopped', ended_at = app_hidden.now(),
      ended_because = case type when 'meeting.ended' then 'call_over' else 'vendor' end
    where video_recordings.organization_id = v_room.organization_id
      and video_recordings.video_room_id = v_room.id
      and video_recordings.status = 'running';
  elsif type = 'recording.ready-to-download' then
    update app_public.video_recordings set vendor_id = record_video_report.vendor_id, seconds = record_video_report.seconds
    where video_recordings.id = (
      select recordings.id from app_public.video_recordings as recordings
      where recordings.organization_id = v_room.organization_id
        and recordings.video_room_id = v_room.id
        and recordings.vendor_id is null
        and recordings.status <> 'failed'
      order by recordings.created_at
      limit 1)
      and not exists (
        select from app_public.video_recordings as known
        where known.organization_id = v_room.organization_id
          and known.video_room_id = v_room.id
          and known.vendor_id = record_video_report.vendor_id);
  else
    return 'ignored';
  end if;
  return case when found then 'recorded' else 'known' end;
end;
$$;

comment on function app_private.record_video_report is
  'Takes over what a vendor says of one of our rooms; answers in a word what it came to. Of a call, vendor_id, seconds and ended_at are its own.';
grant execute on function app_private.record_video_report to app_worker;

reset role;
-- end of source: functions/video/record_video_report.sql

-- source: functions/waitlist/join_waitlist.sql
-- Nothing suits, and somebody waits until something does: a guest, a patient, whoever cares for one, front desk for both. SCH-10.

set role app_engine;

create or replace function app_public.join_waitlist(
  calendar_id uuid,
  starts_on date,
  ends_on date,
  specialist_id uuid default null,
  weekdays int[] default null,
  earliest time default null,
  latest time default null,
  patient_profile_id uuid default null,
  given_name text default null,
  family_name text default null,
  email text default null,
  phone text default null,
  locale text default null
) returns app_public.waitlist_receipt
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('join_waitlist', jsonb_build_array(
    calendar_id, starts_on, ends_on, specialist_id, weekdays, earliest, latest, patient_profile_id, given_name, family_name,
    email, phone, locale));
  v_receipt app_public.waitlist_receipt;
  v_calendar app_public.calendars;
  v_holder app_private.time_claims := app_private.caller_as_holder();
  v_is_staff boolean;
  v_entry app_public.waitlist_entries;
  v_token text := encode(extensions.gen_random_bytes(16), 'hex');
begin
  if v_remembered is not null then
    perform app_private.calendar_to_wait_in(
      join_waitlist.calendar_id, join_waitlist.specialist_id, join_waitlist.patient_profile_id);
    return jsonb_populate_record(v_receipt, v_remembered);
  end if;

  v_calendar := app_private.calendar_to_wait_in(
    join_waitlist.calendar_id, join_waitlist.specialist_id, join_waitlist.patient_profile_id);
  perform app_private.require_not_suspended(v_calendar.organization_id);
  v_is_staff := app_private.is_staff_of(v_calendar.organization_id);
  if v_is_staff and join_waitlist.patient_profile_id is null then
    perform app_private.require_permission(v_calendar.organization_id, 'appointments.manage');
  end if;

  v_entry.organization_id := v_calendar.organization_id;
  v_entry.calendar_id := v_calendar.id;
  v_entry.specialist_id := join_waitlist.specialist_id;
  v_entry.patient_profile_id := join_waitlist.patient_profile_id;
  v_entry.starts_on := join_waitlist.starts_on;
  v_entry.ends_on := join_waitlist.ends_on;
  v_entry.weekdays := coalesce(join_waitlist.weekdays, '{1,2,3,4,5,6,7}');
  v_entry.earliest := coalesce(join_waitlist.earliest, '00:00');
  v_entry.latest := coalesce(join_waitlist.latest, '24:00');
  v_entry.given_name := join_waitlist.given_name;
  v_entry.family_name := join_waitlist.family_name;
  v_entry.email := join_waitlist.email;
  v_entry.phone := join_waitlist.phone;
  v_entry.visitor_id := case when not v_is_staff then v_holder.visitor_id end;
  v_entry.address := case when not v_is_staff then v_holder.address end;
  perform app_private.require_wish(v_entry, v_calendar.timezone);
  perform app_private.require_contact(v_entry);

  perform app_private.lock_waitlist(v_entry.organization_id);
  if not v_is_staff then
    perform app_private.require_waitlist_allowance(v_entry);
  end if;
  insert into app_public.waitlist_entries (
    organization_id, calendar_id, specialist_id, patient_profile_id, starts_on, ends_on, weekdays, earliest, latest,
    given_name, family_name, email, phone, locale, token_hash, visitor_id, address, created_by, created_at
  )
  select
    v_entry.organization_id, v_entry.calendar_id, v_entry.specialist_id, v_entry.patient_profile_id, v_entry.starts_on,
    v_entry.ends_on, v_entry.weekdays, v_entry.earliest, v_entry.latest, v_entry.given_name, v_entry.family_name, v_entry.email,
    v_entry.phone, coalesce(join_waitlist.locale, profile.locale, organizations.locale), sha256(convert_to(v_token, 'UTF8')),
    v_entry.visitor_id, v_entry.address, v_holder.created_by, app_hidden.now()
  from app_public.organizations
  left join app_public.patient_profiles as profile on profile.id = v_entry.patient_profile_id
  where organizations.id = v_entry.organization_id
  returning * into v_entry;
  -- What suits may be free already.
  perform app_private.wake_waitlist(v_entry.organization_id, v_entry.id);

  v_receipt := (v_entry.id, v_token, v_entry.status)::app_public.waitlist_receipt;
  perform app_private.remember('join_waitlist', to_jsonb(v_receipt));
  return v_receipt;
end;
$$;

comment on function app_public.join_waitlist is
  E'@arg calendarId In which calendar.\n@arg specialistId With whom; with anybody where null.\n'
  '@arg startsOn The first day that suits, on the calendar''s clocks.\n@arg endsOn The last day that suits, at most 366 days from now.\n'
  '@arg weekdays Which days of the week suit, 1 is Monday; all where null.\n'
  '@arg earliest From which time of the day on it may begin.\n@arg latest Until which time of the day it may begin.\n'
  '@arg patientProfileId The patient who waits; for a guest null, with name, address and number instead.\n'
  'Waits for a time of a calendar: what suits and becomes free is offered in the order of joining, by a message with a link, and kept '
  'meanwhile. A guest, a patient, whoever cares for one, or staff with appointments.manage for anybody. VALIDATION with the field; '
  'RATE_LIMITED too_many_waits; CONFLICT waits_too_often, waitlist_is_full.';
grant execute on function app_public.join_waitlist to app_anonymous, app_member;

reset role;
-- end of source: functions/waitlist/join_waitlist.sql

-- source: functions/waitlist/offer_next_time.sql
-- One free time goes to the next in line, in a transaction of its own: the worker asks again until there is none. Killed in between, it
-- leaves whole offers behind and goes on from what is there. Nobody but the listing says what is free, so after an outage
-- nothing that has passed is offered. SCH-10.

set role app_engine;

create or replace function app_private.offer_next_time(organization_id uuid) returns uuid
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_match record;
  v_entry app_public.waitlist_entries;
  v_calendar app_public.calendars;
  v_until timestamptz;
  v_passed_over uuid[] := '{}';
  v_offer app_public.waitlist_offers;
begin
  if app_private.is_suspended(offer_next_time.organization_id)
    or app_private.offer_until(offer_next_time.organization_id, 'infinity') is null then
    return null;
  end if;
  perform app_private.lock_waitlist(offer_next_time.organization_id);
  loop
    select m.* into v_match from app_private.waitlist_match(offer_next_time.organization_id, v_passed_over) as m;
    if v_match.waitlist_entry_id is null then
      return null;
    end if;
    select waitlist_entries.* into strict v_entry from app_public.waitlist_entries where waitlist_entries.id = v_match.waitlist_entry_id;
    select calendars.* into strict v_calendar from app_public.calendars where calendars.id = v_match.calendar_id;
    v_until := app_private.offer_until(
      v_entry.organization_id, v_match.starts_at - make_interval(mins => v_calendar.notice_minutes));
    begin
      v_offer := app_private.make_offer(v_entry, v_calendar, v_match.starts_at, v_match.specialist_id, v_until);
      return v_offer.id;
    -- Somebody was faster than the waitlist, or a rule changed since it was read.
    exception when sqlstate 'RXSLT' or sqlstate 'RX400' or sqlstate 'RX410' then
      v_passed_over := v_passed_over || v_entry.id;
    end;
  end loop;
end;
$$;

comment on function app_private.offer_next_time is 'Offers one free time to the next in line; the id of the offer, or null when there is none to make.';
grant execute on function app_private.offer_next_time to app_worker;

-- Where somebody waits.
create or replace function app_private.due_waitlists() returns setof uuid
language sql stable security definer
set search_path = ''
begin atomic
  select distinct waitlist_entries.organization_id
  from app_public.waitlist_entries
  where waitlist_entries.status in ('waiting', 'offered');
end;

comment on function app_private.due_waitlists is 'The clinics at which somebody waits.';
grant execute on function app_private.due_waitlists to app_worker;

reset role;
-- end of source: functions/waitlist/offer_next_time.sql

-- source: functions/waitlist/offer_time.sql
-- Front desk offers a time by hand, out of turn, at any hour. SCH-10.

set role app_engine;

create or replace function app_public.offer_time(waitlist_entry_id uuid, starts_at timestamptz, specialist_id uuid default null)
returns app_public.waitlist_offers
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('offer_time', jsonb_build_array(waitlist_entry_id, starts_at, specialist_id));
  v_entry app_public.waitlist_entries;
  v_calendar app_public.calendars;
  v_until timestamptz;
  v_offer app_public.waitlist_offers;
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered ->> 'organization_id')::uuid, 'appointments.manage');
    return jsonb_populate_record(v_offer, v_remembered);
  end if;

  v_entry := app_private.own_waitlist_entry(waitlist_entry_id);
  perform app_private.require_permission(v_entry.organization_id, 'appointments.manage');
  perform app_private.require_not_suspended(v_entry.organization_id);
  v_calendar := app_private.visible_calendar(v_entry.calendar_id);
  perform app_private.require_choice(v_calendar, offer_time.specialist_id);
  perform app_private.require_start(offer_time.starts_at);

  perform app_private.lock_waitlist(v_entry.organization_id);
  select waitlist_entries.* into strict v_entry from app_public.waitlist_entries where waitlist_entries.id = v_entry.id;
  perform app_private.authorize_move(
    'waitlist_entries', v_entry.status, 'offered', v_entry.organization_id, v_entry.patient_profile_id);
  if exists (
    select from app_public.waitlist_entries as other
    where other.organization_id = v_entry.organization_id and other.status = 'offered'
      and (other.patient_profile_id = v_entry.patient_profile_id or other.email = v_entry.email)
  ) then
    perform app_hidden.refuse('CONFLICT', 'has_an_offer');
  end if;
  v_until := app_private.offer_until(
    v_entry.organization_id, offer_time.starts_at - make_interval(mins => v_calendar.notice_minutes), by_hand => true);
  if v_until is null then
    perform app_hidden.refuse('VALIDATION', 'too_near_to_offer', '{"field": "startsAt"}');
  end if;

  v_offer := app_private.make_offer(v_entry, v_calendar, offer_time.starts_at, offer_time.specialist_id, v_until);
  perform app_private.remember('offer_time', to_jsonb(v_offer));
  return v_offer;
end;
$$;

comment on function app_public.offer_time is
  E'@arg waitlistEntryId Whom it is offered to, by the id of the entry.\n@arg startsAt When it begins: a time that is free.\n'
  'Offers a time to somebody who waits, out of turn; it is kept for them and they are told. Needs appointments.manage. STATE when '
  'they wait no more, CONFLICT has_an_offer, VALIDATION too_near_to_offer, otherwise as holdSlot.';
grant execute on function app_public.offer_time to app_member;

reset role;
-- end of source: functions/waitlist/offer_time.sql

-- source: functions/waitlist/take_offer.sql
-- Whoever was offered a time takes it: the hold becomes theirs, and they go on as with any hold. Until it is booked, the offer stands:
-- the link may be opened once more, on the telephone or after a broken line. SCH-10.

set role app_engine;

create or replace function app_public.take_offer(token text) returns app_public.slot_hold
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('take_offer', jsonb_build_array(token));
  v_hold app_public.slot_hold;
begin
  if v_remembered is not null then
    perform app_private.require_offer(app_private.offer_of_token(take_offer.token));
    return jsonb_populate_record(v_hold, v_remembered);
  end if;

  v_hold := app_private.take_offered(app_private.require_offer(app_private.offer_of_token(take_offer.token)));
  perform app_private.remember('take_offer', to_jsonb(v_hold));
  return v_hold;
end;
$$;

comment on function app_public.take_offer is
  E'@arg token What stands in the link of the message.\n'
  'Takes an offered time: a hold like that of holdSlot, which lasts at least as long as one. Giving it back by releaseHold declines the '
  'offer. NOT_FOUND offer_not_found, GONE offer_over.';
grant execute on function app_public.take_offer to app_anonymous, app_member;

create or replace function app_public.take_own_offer(waitlist_offer_id uuid) returns app_public.slot_hold
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('take_own_offer', jsonb_build_array(waitlist_offer_id));
  v_hold app_public.slot_hold;
begin
  if v_remembered is not null then
    perform app_private.own_offer(waitlist_offer_id);
    return jsonb_populate_record(v_hold, v_remembered);
  end if;

  v_hold := app_private.take_offered(app_private.own_offer(waitlist_offer_id));
  perform app_private.remember('take_own_offer', to_jsonb(v_hold));
  return v_hold;
end;
$$;

comment on function app_public.take_own_offer is
  E'@arg waitlistOfferId The offer, by its id.\n'
  'Takes an offered time without its link: the patient, whoever cares for them, or staff with appointments.manage who have them on the '
  'telephone. As takeOffer.';
grant execute on function app_public.take_own_offer to app_member;

reset role;

create or replace function app_private.require_offer(offer app_public.waitlist_offers) returns app_public.waitlist_offers
language plpgsql stable
set search_path = ''
as $$
begin
  if offer.id is null then
    perform app_hidden.refuse('NOT_FOUND', 'offer_not_found');
  end if;
  return offer;
end;
$$;

comment on function app_private.require_offer is 'The offer; NOT_FOUND offer_not_found where there is none.';
grant execute on function app_private.require_offer to app_engine;

create or replace function app_private.own_offer(waitlist_offer_id uuid) returns app_public.waitlist_offers
language plpgsql stable
set search_path = ''
as $$
declare
  v_offer app_public.waitlist_offers;
begin
  select waitlist_offers.* into v_offer
  from app_public.waitlist_offers
  join app_public.waitlist_entries
    on waitlist_entries.organization_id = waitlist_offers.organization_id and waitlist_entries.id = waitlist_offers.waitlist_entry_id
  where waitlist_offers.id = own_offer.waitlist_offer_id
    and (waitlist_offers.organization_id = any (app_hidden.organization_ids_where('appointments.manage'))
         or (waitlist_entries.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
             and waitlist_entries.organization_id = any (app_hidden.current_patient_organization_ids())));
  return app_private.require_offer(v_offer);
end;
$$;

comment on function app_private.own_offer is
  'An offer to the caller, or of the clinic where they manage appointments; NOT_FOUND offer_not_found otherwise.';
grant execute on function app_private.own_offer to app_engine;

-- The hold before its days and its row, as whatever acts on a hold.
create or replace function app_private.take_offered(offer app_public.waitlist_offers) returns app_public.slot_hold
language plpgsql volatile
set search_path = ''
as $$
declare
  v_holder app_private.time_claims := app_private.caller_as_holder();
  v_token text := encode(extensions.gen_random_bytes(16), 'hex');
  v_claim app_private.time_claims;
begin
  perform app_private.require_not_suspended(offer.organization_id);
  perform app_private.lock_hold(offer.claim_id);
  perform app_private.lock_claims(array[offer.claim_id]);
  update app_private.time_claims as tc
  set expires_at = greatest(tc.expires_at, app_hidden.now() + make_interval(mins => (
        select organizations.hold_minutes from app_public.organizations where organizations.id = tc.organization_id))),
      -- Of two answers that cross the one that arrives last is kept.
      first_token_hash = tc.token_hash,
      token_hash = sha256(convert_to(v_token, 'UTF8')),
      visitor_id = v_holder.visitor_id, address = v_holder.address, created_by = v_holder.created_by
  where tc.id = offer.claim_id and tc.kind = 'hold' and tc.released_at is null and tc.expires_at > app_hidden.now()
    -- Its last minute is not put off by opening the link again.
    and offer.expires_at > app_hidden.now()
  returning tc.* into v_claim;
  if not found then
    perform app_hidden.refuse('GONE', 'offer_over');
  end if;
  if v_claim.session_id is not null then
    perform app_private.settle_sessions(array[v_claim.session_id]);
  end if;
  return (v_token, v_claim.calendar_id, v_claim.specialist_id, lower(v_claim.during), upper(v_claim.during),
          v_claim.expires_at)::app_public.slot_hold;
end;
$$;

comment on function app_private.take_offered is 'Gives the hold of an offer to the caller, with a token of its own; GONE offer_over.';
grant execute on function app_private.take_offered to app_engine;
-- end of source: functions/waitlist/take_offer.sql

-- source: functions/webhooks/webhooks_at_once.sql
-- How many requests to an endpoint may be in the air at once. WHK-02.

create or replace function app_private.webhooks_at_once(is_failing boolean) returns int
language sql immutable parallel safe
set search_path = ''
return case when is_failing then 1 else 4 end;

comment on function app_private.webhooks_at_once is 'Requests to an endpoint at once: four, or one where it fails.';
grant execute on function app_private.webhooks_at_once to app_engine;
-- end of source: functions/webhooks/webhooks_at_once.sql

-- source: functions/webhooks/due_webhook_endpoints.sql
-- Who has something due and room for it, in turn: beyond the one whose turn was last, and then from the first on. It looks no
-- further than for as many as are asked for, and into the index once for each: a join would read all that is due. WHK-02.

create or replace function app_private.due_webhook_endpoints(is_failing boolean, after uuid, most int) returns uuid[]
language plpgsql stable
set search_path = ''
as $$
declare
  c_last constant uuid := 'ffffffff-ffff-ffff-ffff-ffffffffffff';
  v_now timestamptz := app_hidden.now();
  v_room int := app_private.webhooks_at_once(is_failing);
  v_found uuid[] := '{}';
  v_beyond uuid;
  v_until uuid;
begin
  for v_beyond, v_until in values (after, c_last), (uuid '00000000-0000-0000-0000-000000000000', after) loop
    v_found := v_found || array(
      select endpoints.subscription_id
      from app_private.webhook_endpoints as endpoints
      where endpoints.subscription_id > v_beyond and endpoints.subscription_id <= v_until
        and (endpoints.failing_since is not null) = due_webhook_endpoints.is_failing
        and (endpoints.slowed_until is null or endpoints.slowed_until <= v_now)
        and (
          select due.next_attempt_at <= v_now
          from app_public.webhook_events as due
          where due.subscription_id = endpoints.subscription_id and due.status = 'pending'
          order by due.next_attempt_at
          limit 1)
        and v_room > (
          select count(*)
          from app_public.webhook_events as sending
          where sending.subscription_id = endpoints.subscription_id
            and sending.claim is not null and sending.status = 'pending' and sending.next_attempt_at > v_now)
      order by endpoints.subscription_id
      limit most - cardinality(v_found));
  end loop;
  return v_found;
end;
$$;

comment on function app_private.due_webhook_endpoints is
  'The endpoints that may be sent something now, so many at most, in the order of their turns.';
grant execute on function app_private.due_webhook_endpoints to app_engine;
-- end of source: functions/webhooks/due_webhook_endpoints.sql

-- source: functions/webhooks/claim_webhook_events.sql
-- What is to be sent now, with an end to the claim: what its worker did not live to record is due again by itself. WHK-02.
-- Each endpoint gets a few at once, one that fails gets one, and those that fail get together what most_failing leaves
-- them, so that none of them is in the way of another's. They have their turns one after the other, whatever waits for each: the
-- caller says who had the last one. Endpoints are locked before their deliveries; one that somebody else has locked is left out
-- this time.

set role app_engine;

create or replace function app_private.claim_webhook_events(
  most int,
  most_failing int,
  after uuid default '00000000-0000-0000-0000-000000000000',
  after_failing uuid default '00000000-0000-0000-0000-000000000000'
) returns table (
  id uuid, organization_id uuid, subscription_id uuid, claim uuid, url text, body text, is_failing boolean, secrets jsonb)
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_now timestamptz := app_hidden.now();
  v_endpoints uuid[] :=
    app_private.due_webhook_endpoints(false, after, most)
    || app_private.due_webhook_endpoints(true, after_failing, least(most, most_failing));
begin
  v_endpoints := array(
    select endpoints.subscription_id
    from app_private.webhook_endpoints as endpoints
    where endpoints.subscription_id = any (v_endpoints)
      and (endpoints.slowed_until is null or endpoints.slowed_until <= v_now)
    order by endpoints.subscription_id
    for update skip locked);

  return query
  with due as (
    select candidate.id, endpoints.subscription_id, endpoints.failing_since is not null as is_failing,
      row_number() over (partition by endpoints.subscription_id order by candidate.next_attempt_at, candidate.id) as place
    from app_private.webhook_endpoints as endpoints
    cross join lateral (
      select count(*) as sent_now
      from app_public.webhook_events as sending
      where sending.subscription_id = endpoints.subscription_id
        and sending.claim is not null and sending.status = 'pending' and sending.next_attempt_at > v_now
    ) as busy
    cross join lateral (
      select waiting.id, waiting.next_attempt_at
      from app_public.webhook_events as waiting
      where waiting.subscription_id = endpoints.subscription_id
        and waiting.status = 'pending' and waiting.next_attempt_at <= v_now
      order by waiting.next_attempt_at, waiting.id
      limit greatest(0, app_private.webhooks_at_once(endpoints.failing_since is not null) - busy.sent_now)
    ) as candidate
    where endpoints.subscription_id = any (v_endpoints)
  ), ranked as (
    select due.id, due.is_failing, row_number() over (partition by due.is_failing order by due.place,
      due.subscription_id <= case when due.is_failing then after_failing else after end, due.subscription_id) as turn
    from due
  ), chosen as (
    select ranked.id, ranked.is_failing
    from ranked
    where not ranked.is_failing or ranked.turn <= most_failing
    order by ranked.is_failing, ranked.turn
    limit most
  ), claimed as (
    update app_public.webhook_events as events
    set claim = uuidv7(), next_attempt_at = v_now + interval '1 minute', last_attempt_at = v_now
    from chosen
    where events.id = chosen.id and events.status = 'pending' and events.next_attempt_at <= v_now
    returning events.id, events.organization_id, events.subscription_id, events.claim, events.body, chosen.is_failing
  )
  select claimed.id, claimed.organization_id, claimed.subscription_id, claimed.claim, subscriptions.url, claimed.body,
    claimed.is_failing,
    (select jsonb_agg(
       jsonb_build_object('id', webhook_secrets.id, 'envelope', encode(webhook_secrets.secret, 'base64'))
       order by webhook_secrets.good_until desc nulls first)
     from app_private.webhook_secrets
     where webhook_secrets.organization_id = claimed.organization_id
       and webhook_secrets.subscription_id = claimed.subscription_id
       and (webhook_secrets.good_until is null or webhook_secrets.good_until > v_now))
  from claimed
  join app_public.webhook_subscriptions as subscriptions on subscriptions.id = claimed.subscription_id;
end;
$$;

comment on function app_private.claim_webhook_events is
  'Claims deliveries that are due for a minute: at most four of an endpoint at once, one of an endpoint that fails; endpoints have '
  'their turns beyond those named, and then from the first on.';
grant execute on function app_private.claim_webhook_events to app_worker;

reset role;
-- end of source: functions/webhooks/claim_webhook_events.sql

-- source: functions/webhooks/webhook_silence.sql
-- After how long without an attempt nothing is known of an endpoint: longer than the longest pause between two. WHK-02.

create or replace function app_private.webhook_silence() returns interval
language sql immutable parallel safe
set search_path = ''
return interval '36 hours';

comment on function app_private.webhook_silence is 'Failures that lie further apart are not without a pause.';
grant execute on function app_private.webhook_silence to app_engine;
-- end of source: functions/webhooks/webhook_silence.sql

-- source: functions/webhooks/webhook_end.sql
-- Why an attempt is an endpoint's last: it says that it is gone, or has had nothing but failures for five days, of which the last day
-- without a pause (docs/decisions/0151): one late failure after a long silence says nothing, its retries do. WHK-02.

create or replace function app_private.webhook_end(
  endpoint app_private.webhook_endpoints, response_status int, problem text, at timestamptz
) returns text
language sql immutable
set search_path = ''
return case
  when problem is null then null
  when response_status = 410 then 'gone'
  when endpoint.failing_since <= at - interval '5 days'
    and endpoint.unbroken_since <= at - interval '1 day'
    and endpoint.failed_at >= at - app_private.webhook_silence() then 'failing' end;

comment on function app_private.webhook_end is
  E'@nullable\n'
  'Why its subscription is disabled after this attempt: gone or failing; null where it is not.';
grant execute on function app_private.webhook_end to app_engine;
-- end of source: functions/webhooks/webhook_end.sql

-- source: functions/webhooks/write_webhook_attempts.sql
-- Writes down what came of attempts, in one statement: of the deliveries in ids, and of the endpoints in endpoints, all of which the
-- caller has locked. What the attempts say of an endpoint counts in their order, and the last one decides; a success of a sound
-- endpoint touches the delivery alone, so that endpoint need not be named. WHK-02.
-- A status is written only where it changes: the guard of the state machine looks at each that is.

create or replace function app_private.write_webhook_attempts(attempts jsonb, ids uuid[], endpoints uuid[]) returns setof uuid
language sql volatile
set search_path = ''
as $$
  with attempt as materialized (
    select told.place, told.response_status, told.problem, told.answer, told.duration, told.problem is null as is_taken,
      coalesce(told.response_status in (429, 502, 504), false) as is_slow,
      make_interval(secs => coalesce(told.retry_after, 0)) as asked_for,
      app_hidden.now() as at, events.id, events.subscription_id, events.status, app_private.webhook_pause(events.step + 1) as pause
    from rows from (jsonb_to_recordset(attempts) as (
      id uuid, claim uuid, status int, problem text, answer text, duration int, "retryAfter" int
    )) with ordinality as told (id, claim, response_status, problem, answer, duration, retry_after, place)
    join app_public.webhook_events as events on events.id = told.id and events.claim = told.claim
    where told.id = any (ids)
  ), outcome as materialized (
    select attempt.*, case
      when attempt.is_taken then 'delivered'
      when attempt.status <> 'pending' then attempt.status -- it was cancelled as it was sent
      when attempt.response_status = 410 or attempt.pause is null then 'failed'
      else 'pending' end as status_then
    from attempt
  ), healed as (
    select attempt.subscription_id, max(attempt.place) filter (where attempt.is_taken) as place
    from attempt
    group by attempt.subscription_id
  ), said as (
    select attempt.subscription_id, attempt.at, healed.place is not null as was_healed,
      count(*) filter (where attempt.place > coalesce(healed.place, 0)) as failures,
      count(*) filter (where attempt.is_slow and attempt.place > coalesce(healed.place, 0)) as slow,
      max(attempt.asked_for) filter (where attempt.is_slow) as asked_for
    from attempt
    join healed on healed.subscription_id = attempt.subscription_id
    group by attempt.subscription_id, attempt.at, healed.place
  ), known as (
    update app_private.webhook_endpoints as endpoint
    set failing_since = case
          when said.failures = 0 then null
          when said.was_healed then said.at
          else coalesce(endpoint.failing_since, said.at) end,
        unbroken_since = case
          when said.failures = 0 then null
          when not said.was_healed and endpoint.failed_at >= said.at - app_private.webhook_silence() then endpoint.unbroken_since
          else said.at end,
        failed_at = case when said.failures > 0 then said.at end,
        slow_steps = least(case when said.was_healed then 0 else endpoint.slow_steps end + said.slow, 7),
        slowed_until = case
          when said.asked_for is null then endpoint.slowed_until
          else said.at + greatest(said.asked_for, least(interval '10 minutes', interval '5 seconds'
            * 2 ^ least(case when said.was_healed then 0 else endpoint.slow_steps end + greatest(said.slow - 1, 0), 7))) end
    from said
    where endpoint.subscription_id = said.subscription_id and endpoint.subscription_id = any (endpoints)
  ), waits as (
    update app_public.webhook_events as events
    set claim = null, attempts = events.attempts + 1, step = events.step + 1,
        next_attempt_at = case when outcome.status = 'pending' then outcome.at + greatest(outcome.pause, outcome.asked_for) end,
        response_status = outcome.response_status, problem = outcome.problem, response_body = outcome.answer,
        duration_ms = outcome.duration,
        attempt_log = app_private.webhook_attempt_log(events, outcome.response_status, outcome.problem, outcome.duration)
    from outcome
    where events.id = outcome.id and outcome.status_then = outcome.status
    returning events.id
  ), ends as (
    update app_public.webhook_events as events
    set claim = null, attempts = events.attempts + 1, step = case when outcome.is_taken then 0 else events.step + 1 end,
        status = outcome.status_then, next_attempt_at = null,
        response_status = outcome.response_status, problem = outcome.problem, response_body = outcome.answer,
        duration_ms = outcome.duration,
        attempt_log = app_private.webhook_attempt_log(events, outcome.response_status, outcome.problem, outcome.duration)
    from outcome
    where events.id = outcome.id and outcome.status_then <> outcome.status
    returning events.id
  )
  select waits.id from waits union all select ends.id from ends;
$$;

comment on function app_private.write_webhook_attempts is
  'Records attempts of locked deliveries, given as {id, claim, status, problem, answer, duration, retryAfter}, and what they say of '
  'locked endpoints; answers with the ids of the deliveries.';
grant execute on function app_private.write_webhook_attempts to app_engine;
-- end of source: functions/webhooks/write_webhook_attempts.sql

-- source: functions/webhooks/record_webhook_attempt.sql
-- What came of an attempt. Whoever lost the claim meanwhile says nothing: another attempt decides. WHK-02.
-- A success of a sound endpoint touches the delivery alone. Locks: clinic and subscription where it may be disabled, then the
-- endpoint, then the delivery.

set role app_engine;

create or replace function app_private.record_webhook_attempt(
  webhook_event_id uuid,
  claim uuid,
  response_status int,
  problem text,
  response_body text,
  duration_ms int,
  retry_after int
) returns text
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_event app_public.webhook_events;
  v_subscription app_public.webhook_subscriptions;
  v_endpoint app_private.webhook_endpoints;
  v_touched uuid[] := '{}';
  v_end text;
begin
  select events.* into v_event from app_public.webhook_events as events
  where events.id = record_webhook_attempt.webhook_event_id and events.claim = record_webhook_attempt.claim;
  if not found then
    return null;
  end if;
  select endpoints.* into v_endpoint
  from app_private.webhook_endpoints as endpoints where endpoints.subscription_id = v_event.subscription_id;
  v_end := app_private.webhook_end(v_endpoint, record_webhook_attempt.response_status, record_webhook_attempt.problem, app_hidden.now());
  if v_end is not null then
    perform app_private.lock_webhooks(v_event.organization_id);
    select subscriptions.* into v_subscription
    from app_public.webhook_subscriptions as subscriptions where subscriptions.id = v_event.subscription_id
    for update;
  end if;
  if record_webhook_attempt.problem is not null or v_endpoint.failing_since is not null or v_endpoint.slow_steps > 0 then
    v_touched := array[v_event.subscription_id];
    perform from app_private.webhook_endpoints as endpoints
    where endpoints.subscription_id = v_event.subscription_id
    for update;
  end if;
  perform from app_public.webhook_events as events
  where events.id = record_webhook_attempt.webhook_event_id and events.claim = record_webhook_attempt.claim
  for update;
  if not found then
    return null;
  end if;

  perform app_private.write_webhook_attempts(
    jsonb_build_array(jsonb_build_object(
      'id', v_event.id, 'claim', record_webhook_attempt.claim, 'status', record_webhook_attempt.response_status,
      'problem', record_webhook_attempt.problem, 'answer', record_webhook_attempt.response_body,
      'duration', record_webhook_attempt.duration_ms, 'retryAfter', record_webhook_attempt.retry_after)),
    array[v_event.id], v_touched);
  if v_subscription.status = 'active' then
    perform app_private.stop_webhooks(v_subscription, v_end);
  end if;
  return (select events.status from app_public.webhook_events as events where events.id = v_event.id);
end;
$$;

comment on function app_private.record_webhook_attempt is
  E'@nullable\n'
  'Records an attempt by its claim, decides about the next one, and disables what is gone or fails for five days. Null: the claim is another''s.';
grant execute on function app_private.record_webhook_attempt to app_worker;

reset role;
-- end of source: functions/webhooks/record_webhook_attempt.sql

-- source: functions/webhooks/record_webhook_deliveries.sql
-- What came of many attempts, all at once. Answers which of them it recorded. The others are recorded one by one
-- (record_webhook_attempt): whose subscription is to be disabled, and whose delivery or endpoint somebody holds just now. It waits for
-- nobody, so that it can hold many rows. Locks: endpoints, then deliveries. WHK-02.

set role app_engine;

create or replace function app_private.record_webhook_deliveries(deliveries jsonb) returns setof uuid
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_now timestamptz := app_hidden.now();
  v_endpoints uuid[];
  v_ids uuid[];
begin
  -- Of whom something is said: a failure, or a success where it failed or was slow before.
  v_endpoints := array(
    select endpoints.subscription_id
    from (
      select events.subscription_id, bool_or(told.problem is not null) as has_failed
      from jsonb_to_recordset(deliveries) as told (id uuid, claim uuid, problem text)
      join app_public.webhook_events as events on events.id = told.id and events.claim = told.claim
      group by events.subscription_id
    ) as said
    join app_private.webhook_endpoints as endpoints on endpoints.subscription_id = said.subscription_id
    where said.has_failed or endpoints.failing_since is not null or endpoints.slow_steps > 0
    order by endpoints.subscription_id
    for update of endpoints skip locked);
  v_ids := array(
    select events.id
    from jsonb_to_recordset(deliveries) as told (id uuid, claim uuid, status int, problem text)
    join app_public.webhook_events as events on events.id = told.id and events.claim = told.claim
    join app_private.webhook_endpoints as endpoints on endpoints.subscription_id = events.subscription_id
    where events.status = 'pending'
      and case
        when endpoints.subscription_id = any (v_endpoints)
          then app_private.webhook_end(endpoints, told.status, told.problem, v_now) is null
        else told.problem is null and endpoints.failing_since is null and endpoints.slow_steps = 0 end
    for update of events skip locked);
  return query select app_private.write_webhook_attempts(deliveries, v_ids, v_endpoints);
end;
$$;

comment on function app_private.record_webhook_deliveries is
  'Records attempts, given as {id, claim, status, problem, answer, duration, retryAfter}, as far as their claims hold, nobody is to be '
  'disabled and nobody holds their rows; answers with the ids of these.';
grant execute on function app_private.record_webhook_deliveries to app_worker;

reset role;
-- end of source: functions/webhooks/record_webhook_deliveries.sql

-- source: reference/classification/retentions.sql
-- How long rows are kept after they ended; nothing in keep_for: as long as what they belong to. FND-12, GDP-03.
-- Acted on once confirmed_by says who confirmed it: counsel, or the product where no law asks for the rows; on rows with
-- health data only where that was decided, too (with_health_data): what is told are copies, and the file stays. A reason to
-- hold one back (held_because) is set where the need arises, and stays.

select app_private.own_rows('app_private.retentions', given_once => '{held_because}', rows => '
  key              | keep_for | confirmed_by | with_health_data | citation                                                    | description
  -----------------+----------+--------------+------------------+-------------------------------------------------------------+-------------------------------------------------------------
  account          |          |              | false            | GDPR art. 5(1)(e)                                           | As long as the account exists.
  billing          | 10 years |              | false            | Law 82/1991 art. 25: to be confirmed by counsel             | What a clinic used and was billed, and how it paid.
  clinic           | 3 years  |              | false            | Civil Code art. 2517                                        | As long as the clinic is a customer, and three years after for claims.
  correspondence   | 5 years  | the product  | true             |                                                             | What was told to people, and about which event. Claims end after three years, and a calendar may be booked two years ahead.
  idempotency_keys | 1 day    | the product  | false            |                                                             | Answers to requests that may come once more.
  lapsed_holds     | 90 days  | the product  | false            |                                                             | Times that somebody looked at and nobody booked.
  ledger           | 10 years |              | false            | GDPR art. 5(2)                                              | What proves what was done: the audit.
  medical_record   | 10 years |              | false            | Law 95/2006 and Order 1411/2016: to be confirmed by counsel | The patient''s file.
  operations       | 90 days  | the product  | false            |                                                             | Work in progress and its traces.
  reference        |          |              | false            |                                                             | Kept by migrations; names no person.
  waitlist         | 90 days  | the product  | true             |                                                             | Who waited for a time, after it was over, and what was offered.
  webhook_log      | 90 days  | the product  | true             |                                                             | What clinics'' own software was told of events, and what it answered.
  webhook_bodies   | 30 days  | the product  | false            |                                                             | What vendors wrote, after it was applied.
');
-- end of source: reference/classification/retentions.sql

select app_private.write_owned_rows();

-- source: policies/invoices/document_series.sql
-- What this server numbers documents by; nobody but the verbs sees it. BIL-07.

select app_private.classify('app_private.document_series', home => 'cell', retention => 'billing', classes =>
  '{"operational": ["series", "kind", "is_current", "next_number", "created_at"]}',
  unaudited => 'Counts on with each document, which is audited.');
select app_private.protect('app_private.document_series', engine => 'select, insert, update');
-- end of source: policies/invoices/document_series.sql

-- source: policies/invoices/invoice_lines.sql
-- What an invoice bills: whoever sees the invoice. Written with its draft and never changed. BIL-02, BIL-06.

select app_private.classify('app_public.invoice_lines', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "invoice_id", "position", "kind", "meter", "tier_version_id", "starts_on", "ends_on",
                    "descriptions", "quantity", "unit_price", "amount", "usage_after_position", "usage_to_position"]}',
  unaudited => 'Written once with its invoice, which is audited.');
select app_private.protect('app_public.invoice_lines', engine => 'select, insert');

grant select on app_public.invoice_lines to app_member;

create policy invoice_lines_select_staff on app_public.invoice_lines for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy invoice_lines_select_superadmin on app_public.invoice_lines for select to app_member
  using ((select app_hidden.is_superadmin()));

create or replace trigger _200_frozen before update or delete or truncate on app_public.invoice_lines
  for each statement execute function app_private.tg_frozen();
create or replace trigger _300_keep before insert on app_public.invoice_lines
  for each row execute function app_private.tg_invoice_lines__keep();
-- end of source: policies/invoices/invoice_lines.sql

-- source: policies/invoices/invoices.sql
-- What clinics owe the platform: staff with billing.view, and superadmins. Written by verbs; what is issued stays. BIL-02, BIL-06.

select app_private.classify('app_public.invoices', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "subscription_id", "period_id", "kind", "status", "series", "number", "currency", "net_amount",
                    "tax_amount", "total_amount", "provider_difference_amount", "paid_amount", "credited_amount", "payment_state", "provider", "provider_state",
                    "provider_document_id", "provider_document_number", "provider_document_url", "provider_error", "tax_state",
                    "tax_upload_id", "tax_sent_at", "tax_deadline_on", "tax_checked_at", "tax_error", "inputs", "inputs_hash",
                    "usage_position", "tax_id_sealed_for", "issued_at", "due_on", "paid_at", "created_at", "updated_at"],
    "pii_basic": ["billed_to"],
    "pii_regulated": ["tax_id"]}',
  protected => '{"ciphertext": ["tax_id"]}');
select app_private.protect('app_public.invoices', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, subscription_id, period_id, kind, status, series, number, currency, net_amount, tax_amount,
              total_amount, provider_difference_amount, paid_amount, credited_amount, payment_state, provider, provider_state, provider_document_number,
              provider_document_url, tax_state, tax_deadline_on, billed_to, issued_at, due_on, paid_at, created_at, updated_at)
   on app_public.invoices to app_member;

create policy invoices_select_staff on app_public.invoices for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy invoices_select_superadmin on app_public.invoices for select to app_member
  using ((select app_hidden.is_superadmin()));

create or replace trigger _300_keep before update or delete on app_public.invoices
  for each row execute function app_private.tg_invoices__keep();
create or replace trigger _300_keeps_every_invoice before truncate on app_public.invoices
  for each statement execute function app_private.tg_frozen();
create or replace trigger _300_key_in_use before insert or update of tax_id on app_public.invoices
  for each row execute function app_private.tg_ciphertext__key_in_use('tax_id');
-- end of source: policies/invoices/invoices.sql

-- source: policies/invoices/period_bills.sql
-- What each period came to: staff with billing.view, and superadmins. Written as periods open and close, and never changed. BIL-02.

select app_private.classify('app_public.period_bills', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "subscription_id", "period_id", "position", "kind", "tier_version_id", "usage_position",
                    "net_amount", "carried_before", "carried_after", "invoice_id", "lines", "created_at"]}',
  unaudited => 'Is itself a ledger, which nobody can change.');
select app_private.protect('app_public.period_bills', engine => 'select, insert');

grant select (id, organization_id, subscription_id, period_id, position, kind, tier_version_id, net_amount, carried_before,
              carried_after, invoice_id, created_at)
   on app_public.period_bills to app_member;

create policy period_bills_select_staff on app_public.period_bills for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy period_bills_select_superadmin on app_public.period_bills for select to app_member
  using ((select app_hidden.is_superadmin()));

create or replace trigger _200_frozen before update or delete or truncate on app_public.period_bills
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/invoices/period_bills.sql

-- source: policies/invoices/postings.sql
-- What documents move between accounts; nobody but the verbs sees it. Append-only, for every role; that those of a
-- document sum to zero is held by the trigger _800_balance, which stands with the table. BIL-02.

select app_private.classify('app_private.postings', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "document_kind", "document_id", "account", "currency", "amount", "posted_at"]}',
  unaudited => 'Is itself a ledger, which nobody can change.');
select app_private.protect('app_private.postings', engine => 'select, insert');

create or replace trigger _200_frozen before update or delete or truncate on app_private.postings
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/invoices/postings.sql

-- source: policies/metering/ai_calls.sql
-- Calls of AI models: the clinic's staff with billing.view, and superadmins. Written by functions; the cost of one whose price was missing
-- is added, once. FND-24.

select app_private.classify('app_public.ai_calls', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["organization_id", "usage_record_id", "model", "units", "occurred_at", "currency", "cost", "priced_position"]}',
  unaudited => 'Is itself a ledger: a cost is written once.');
select app_private.protect('app_public.ai_calls', engine => 'select, insert, update (cost, priced_position)');

grant select on app_public.ai_calls to app_member;

create policy ai_calls_select_staff on app_public.ai_calls for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy ai_calls_select_superadmin on app_public.ai_calls for select to app_member
  using ((select app_hidden.is_superadmin()));

create or replace trigger _300_keep before update or delete on app_public.ai_calls
  for each row execute function app_private.tg_ai_calls__keep();

create or replace trigger _300_keeps_every_call before truncate on app_public.ai_calls
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/metering/ai_calls.sql

-- source: policies/metering/ai_model_prices.sql
-- What units of AI models cost: superadmins, who enter prices, and staff of clinics with billing.view, who pay by them. A price is never
-- changed but for its end. FND-24.

select app_private.classify('app_public.ai_model_prices', home => 'cell', retention => 'billing', classes =>
  '{"operational": ["id", "model", "unit", "currency", "price_per_million", "valid_from", "valid_until", "created_at"]}');
select app_private.protect('app_public.ai_model_prices', engine => 'select, insert, update (valid_until)');

grant select on app_public.ai_model_prices to app_member;

create policy ai_model_prices_select_staff on app_public.ai_model_prices for select to app_member
  using ((select cardinality(app_hidden.rights('billing.view')) > 0));

create policy ai_model_prices_select_superadmin on app_public.ai_model_prices for select to app_member
  using ((select app_hidden.is_superadmin()));
-- end of source: policies/metering/ai_model_prices.sql

-- source: policies/metering/meters.sql
-- What is counted: the platform's list, for anybody who is signed in. FND-20, FND-24.

select app_private.classify('app_public.meters', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "unit", "aggregation", "is_standing", "can_be_hard", "description", "description_ro"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.meters', engine => 'select');

grant select on app_public.meters to app_member;

create policy meters_select_everyone on app_public.meters for select to app_member
  using (true);
-- end of source: policies/metering/meters.sql

-- source: policies/metering/missing_ai_prices.sql
-- Which prices were told to be missing, once a day: read and written by functions only. FND-24.

select app_private.classify('app_private.missing_ai_prices', home => 'cell', retention => 'operations', classes =>
  '{"operational": ["model", "unit", "currency", "missed_on", "missed_at"]}',
  unaudited => 'The event says the same.');
select app_private.protect('app_private.missing_ai_prices', engine => 'select, insert, update (missed_at), delete');
select app_private.retain('app_private.missing_ai_prices', 'operations', 'delete', 'missed_at');
-- end of source: policies/metering/missing_ai_prices.sql

-- source: policies/metering/platform_overage_prices.sql
-- What versions ask for what is used beyond a soft limit: read as the version is, written while it is a draft. FND-20.

select app_private.classify('app_public.platform_overage_prices', home => 'platform', retention => 'reference', classes =>
  '{"public": ["tier_version_id", "meter", "currency", "unit_price"]}');
select app_private.protect('app_public.platform_overage_prices', engine => 'select, insert, delete');

grant select on app_public.platform_overage_prices to app_member;

create policy platform_overage_prices_select_reader on app_public.platform_overage_prices for select to app_member
  using (tier_version_id in (select platform_tier_versions.id from app_public.platform_tier_versions));

create or replace trigger _300_keep before insert or update or delete on app_public.platform_overage_prices
  for each row execute function app_private.tg_only_of_draft_versions();

create or replace trigger _300_keeps_every_version before truncate on app_public.platform_overage_prices
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/metering/platform_overage_prices.sql

-- source: policies/metering/platform_tier_limits.sql
-- What versions include: read as the version is, written while it is a draft. FND-20.

select app_private.classify('app_public.platform_tier_limits', home => 'platform', retention => 'reference', classes =>
  '{"public": ["tier_version_id", "meter", "enforcement", "included"]}');
select app_private.protect('app_public.platform_tier_limits', engine => 'select, insert, delete');

grant select on app_public.platform_tier_limits to app_member;

create policy platform_tier_limits_select_reader on app_public.platform_tier_limits for select to app_member
  using (tier_version_id in (select platform_tier_versions.id from app_public.platform_tier_versions));

create or replace trigger _300_keep before insert or update or delete on app_public.platform_tier_limits
  for each row execute function app_private.tg_only_of_draft_versions();

create or replace trigger _300_keeps_every_version before truncate on app_public.platform_tier_limits
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/metering/platform_tier_limits.sql

-- source: policies/metering/platform_tier_prices.sql
-- What versions cost: read as the version is, written while it is a draft. FND-20.

select app_private.classify('app_public.platform_tier_prices', home => 'platform', retention => 'reference', classes =>
  '{"public": ["tier_version_id", "currency", "tenancy_mode", "monthly_amount", "annual_amount", "setup_amount"]}');
select app_private.protect('app_public.platform_tier_prices', engine => 'select, insert, delete');

grant select on app_public.platform_tier_prices to app_member;

create policy platform_tier_prices_select_reader on app_public.platform_tier_prices for select to app_member
  using (tier_version_id in (select platform_tier_versions.id from app_public.platform_tier_versions));

create or replace trigger _300_keep before insert or update or delete on app_public.platform_tier_prices
  for each row execute function app_private.tg_only_of_draft_versions();

create or replace trigger _300_keeps_every_version before truncate on app_public.platform_tier_prices
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/metering/platform_tier_prices.sql

-- source: policies/metering/platform_tier_versions.sql
-- What tiers cost and include: published ones to whoever reads the tier, drafts to superadmins, whose verbs write them. FND-20.

select app_private.classify('app_public.platform_tier_versions', home => 'platform', retention => 'reference', classes =>
  '{"public": ["id", "tier_id", "version", "ai_markup_basis_points", "trial_days", "published_at"],
    "operational": ["created_at", "updated_at"]}');
select app_private.protect('app_public.platform_tier_versions', engine => 'select, insert, update');

grant select on app_public.platform_tier_versions to app_member;

create policy platform_tier_versions_select_published on app_public.platform_tier_versions for select to app_member
  using (published_at is not null and tier_id in (select platform_tiers.id from app_public.platform_tiers));

create policy platform_tier_versions_select_superadmin on app_public.platform_tier_versions for select to app_member
  using ((select app_hidden.is_superadmin()));

create or replace trigger _150_fixed_id before insert on app_public.platform_tier_versions
  for each row execute function app_private.tg_fixed_id('tier_id', 'version');

create or replace trigger _300_keep before update or delete on app_public.platform_tier_versions
  for each row execute function app_private.tg_platform_tier_versions__keep();

create or replace trigger _300_keeps_every_version before truncate on app_public.platform_tier_versions
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/metering/platform_tier_versions.sql

-- source: policies/metering/platform_tiers.sql
-- What clinics can subscribe to: what is offered is everyone's to read who is signed in; a clinic reads what it has. Written by verbs of
-- superadmins. FND-20.

select app_private.classify('app_public.platform_tiers', home => 'platform', retention => 'reference', classes =>
  '{"public": ["id", "slug", "names", "place", "is_offered"], "operational": ["created_at", "updated_at"]}');
select app_private.protect('app_public.platform_tiers', engine => 'select, insert, update');

grant select on app_public.platform_tiers to app_member;

create policy platform_tiers_select_offered on app_public.platform_tiers for select to app_member
  using (is_offered);

create policy platform_tiers_select_subscriber on app_public.platform_tiers for select to app_member
  using (id = any ((select app_hidden.subscribed_tier_ids())::uuid[]));

create policy platform_tiers_select_superadmin on app_public.platform_tiers for select to app_member
  using ((select app_hidden.is_superadmin()));

create or replace trigger _150_fixed_id before insert on app_public.platform_tiers
  for each row execute function app_private.tg_fixed_id('slug');
-- end of source: policies/metering/platform_tiers.sql

-- source: policies/metering/usage_conflicts.sql
-- What was told under a key that another record has: the clinic's staff with billing.view, and superadmins. Appended by functions, changed
-- by nobody. FND-24.

select app_private.classify('app_public.usage_conflicts', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "source", "key", "meter", "quantity", "subject_id", "occurred_at", "details",
                    "received_at"]}',
  unaudited => 'Is itself a ledger, which nobody can change.');
select app_private.protect('app_public.usage_conflicts', engine => 'select, insert');

grant select (id, organization_id, source, key, meter, quantity, occurred_at, details, received_at) on app_public.usage_conflicts to app_member;

create policy usage_conflicts_select_staff on app_public.usage_conflicts for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy usage_conflicts_select_superadmin on app_public.usage_conflicts for select to app_member
  using ((select app_hidden.is_superadmin()));

create or replace trigger _200_frozen before update or delete or truncate on app_public.usage_conflicts
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/metering/usage_conflicts.sql

-- source: policies/metering/usage_positions.sql
-- How far a clinic's usage is counted: read and written by functions only. FND-24.

select app_private.classify('app_private.usage_positions', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["organization_id", "last_position"]}',
  unaudited => 'Counts the rows of app_public.usage_records.');
select app_private.protect('app_private.usage_positions', engine => 'select, insert, update');
-- end of source: policies/metering/usage_positions.sql

-- source: policies/metering/usage_records.sql
-- What a clinic used: its staff with billing.view, and superadmins. Appended by functions, changed by nobody. FND-24.

select app_private.classify('app_public.usage_records', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "position", "meter", "source", "key", "quantity", "subject_id", "occurred_at",
                    "recorded_at"]}',
  unaudited => 'Is itself a ledger, which nobody can change.');
select app_private.protect('app_public.usage_records', engine => 'select, insert');

grant select (id, organization_id, position, meter, source, key, quantity, occurred_at, recorded_at) on app_public.usage_records to app_member;

create policy usage_records_select_staff on app_public.usage_records for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy usage_records_select_superadmin on app_public.usage_records for select to app_member
  using ((select app_hidden.is_superadmin()));

create or replace trigger _200_frozen before update or delete or truncate on app_public.usage_records
  for each statement execute function app_private.tg_frozen();
-- end of source: policies/metering/usage_records.sql

-- source: policies/metering/usage_subjects.sql
-- Which subjects a summary has counted: read and written by functions only. FND-24.

select app_private.classify('app_private.usage_subjects', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["organization_id", "meter", "period_starts_at", "subject_id"]}',
  unaudited => 'Made of app_public.usage_records, and made again from them.');
select app_private.protect('app_private.usage_subjects', engine => 'select, insert, delete');
-- end of source: policies/metering/usage_subjects.sql

-- source: policies/metering/usage_summaries.sql
-- What records of usage add up to: the clinic's staff with billing.view, and superadmins. Written with the records. FND-24.

select app_private.classify('app_public.usage_summaries', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["organization_id", "meter", "period_starts_at", "period_ends_at", "quantity", "records", "last_occurred_at"]}',
  unaudited => 'Adds up app_public.usage_records, and is made again from them.');
select app_private.protect('app_public.usage_summaries', engine => 'select, insert, update, delete');

grant select on app_public.usage_summaries to app_member;

create policy usage_summaries_select_staff on app_public.usage_summaries for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy usage_summaries_select_superadmin on app_public.usage_summaries for select to app_member
  using ((select app_hidden.is_superadmin()));
-- end of source: policies/metering/usage_summaries.sql

-- source: policies/organizations/organizations.sql
-- Clinics as their members, their patients and the platform see them. Visitors only meet active ones, through
-- `clinic_by_slug`. FND-01.

-- How to reach a clinic stands on its booking page.
select app_private.classify('app_public.organizations', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "slug", "name", "locale", "timezone", "currency", "country", "calling_code",
               "contact_email", "contact_phone", "street", "city", "embedding_origins"],
    "operational": ["tenancy_mode", "activated_at", "booking_response_hours", "response_lead_hours",
                    "start_lead_minutes", "hold_minutes", "low_rating_below",
                    "holds_per_visitor", "holds_per_address", "library_access_is_free", "telerehab_access_is_free", "required_profile_fields", "reminder_minutes",
                    "reminders_from", "reminders_until", "no_show_after_minutes", "waitlist_offer_minutes", "invites_guests",
                    "treatment_plans_need_approval", "low_adherence_below",
                    "replay_infrequent_after_days", "replay_archive_after_days", "replay_remove_after_days",
                    "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.organizations', null, 'r.name');
select app_private.protect('app_public.organizations',
  engine => 'select, insert, update',
  facts => '{name name, name street, name city, email contact_email, phone contact_phone}');

grant select on app_public.organizations to app_member;
grant update (name, locale, timezone, contact_email, contact_phone, street, city, booking_response_hours,
              response_lead_hours, start_lead_minutes, hold_minutes, low_rating_below, holds_per_visitor, holds_per_address,
              library_access_is_free, telerehab_access_is_free, required_profile_fields, reminder_minutes, reminders_from,
              reminders_until, no_show_after_minutes, embedding_origins, waitlist_offer_minutes, invites_guests,
              treatment_plans_need_approval, low_adherence_below, replay_infrequent_after_days, replay_archive_after_days,
              replay_remove_after_days)
   on app_public.organizations to app_member;

create policy organizations_select_staff on app_public.organizations for select to app_member
  using (id = any ((select app_hidden.rights('staff'))::uuid[]) and deleted_at is null);

create policy organizations_select_patient on app_public.organizations for select to app_member
  using (id = any ((select app_hidden.rights('patient'))::uuid[]) and activated_at is not null and deleted_at is null);

create policy organizations_select_superadmin on app_public.organizations for select to app_member
  using ((select app_hidden.is_superadmin()) and deleted_at is null);

create policy organizations_update_manager on app_public.organizations for update to app_member
  using (id = any ((select app_hidden.rights('organization.manage'))::uuid[]) and deleted_at is null)
  with check (id = any ((select app_hidden.rights('organization.manage'))::uuid[]));

create or replace trigger _900_forget_rights after insert or update or delete on app_public.organizations
  for each statement execute function app_private.tg_forget_rights();
-- end of source: policies/organizations/organizations.sql

-- source: policies/payments/credit_note_lines.sql
-- Lines of credit notes: the clinic's staff with billing.view, and superadmins. Written with their credit note, never changed. BIL-05.

select app_private.classify('app_public.credit_note_lines', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "credit_note_id", "invoice_line_id", "amount"]}');
select app_private.protect('app_public.credit_note_lines', engine => 'select, insert');

grant select on app_public.credit_note_lines to app_member;

create policy credit_note_lines_select_staff on app_public.credit_note_lines for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy credit_note_lines_select_superadmin on app_public.credit_note_lines for select to app_member
  using ((select app_hidden.is_superadmin()));
-- end of source: policies/payments/credit_note_lines.sql

-- source: policies/payments/credit_notes.sql
-- What was taken off invoices: the clinic's staff with billing.view, and superadmins. Written by verbs; the worker says what the
-- invoicing provider returned. BIL-05, BIL-08.

select app_private.classify('app_public.credit_notes', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "invoice_id", "series", "number", "net_amount", "gross_amount", "tax_amount", "total_amount",
                    "reason", "provider_state", "provider_document_id", "provider_document_number", "provider_document_url",
                    "provider_error", "issued_by", "issued_at", "created_at", "updated_at"]}');
select app_private.protect('app_public.credit_notes', engine => 'select, insert, update');

grant select (id, organization_id, invoice_id, series, number, net_amount, gross_amount, tax_amount, total_amount, reason, provider_state,
              provider_document_number, provider_document_url, issued_at, created_at, updated_at)
   on app_public.credit_notes to app_member;

create policy credit_notes_select_staff on app_public.credit_notes for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy credit_notes_select_superadmin on app_public.credit_notes for select to app_member
  using ((select app_hidden.is_superadmin()));
-- end of source: policies/payments/credit_notes.sql

-- source: policies/payments/payment_allocations.sql
-- Which payment pays which invoice: the clinic's staff with billing.view, and superadmins. Written by verbs and the worker. BIL-07.

select app_private.classify('app_public.payment_allocations', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["organization_id", "payment_id", "invoice_id", "amount", "created_at", "updated_at"]}');
select app_private.protect('app_public.payment_allocations', engine => 'select, insert, update');

grant select on app_public.payment_allocations to app_member;

create policy payment_allocations_select_staff on app_public.payment_allocations for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy payment_allocations_select_superadmin on app_public.payment_allocations for select to app_member
  using ((select app_hidden.is_superadmin()));
-- end of source: policies/payments/payment_allocations.sql

-- source: policies/payments/payment_attempts.sql
-- Tries to take the money of invoices: the clinic's staff with billing.view, and superadmins. Written by verbs and the worker. BIL-05.

select app_private.classify('app_public.payment_attempts', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "invoice_id", "position", "provider", "amount", "status", "failure_code", "provider_payment_id",
                    "provider_as_of", "due_at", "settled_at", "created_at", "updated_at"]}');
select app_private.protect('app_public.payment_attempts', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, invoice_id, position, provider, amount, status, failure_code, due_at, settled_at, created_at, updated_at)
   on app_public.payment_attempts to app_member;

create policy payment_attempts_select_staff on app_public.payment_attempts for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy payment_attempts_select_superadmin on app_public.payment_attempts for select to app_member
  using ((select app_hidden.is_superadmin()));
-- end of source: policies/payments/payment_attempts.sql

-- source: policies/payments/payments.sql
-- What the platform received of clinics: the clinic's staff with billing.view, and superadmins. Written by verbs and the worker. BIL-05, BIL-07.

select app_private.classify('app_public.payments', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "invoice_id", "attempt_id", "provider", "method", "provider_payment_id", "reference", "currency",
                    "amount", "applied_amount", "refunded_amount", "received_on", "note", "recorded_by", "created_at", "updated_at"]}');
select app_private.protect('app_public.payments', engine => 'select, insert, update');

-- The note is the platform's own; a clinic reads the reference that it gave.
grant select (id, organization_id, invoice_id, attempt_id, provider, method, reference, currency, amount, applied_amount, refunded_amount,
              received_on, created_at, updated_at)
   on app_public.payments to app_member;

create policy payments_select_staff on app_public.payments for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy payments_select_superadmin on app_public.payments for select to app_member
  using ((select app_hidden.is_superadmin()));
-- end of source: policies/payments/payments.sql

-- source: policies/payments/public_holidays.sql
-- Days on which nobody works: read by functions, written by migrations. BIL-04.

select app_private.classify('app_private.public_holidays', home => 'platform', retention => 'reference', classes =>
  '{"public": ["country", "day", "name"]}', unaudited => 'Written by migrations only.');
select app_private.protect('app_private.public_holidays', engine => 'select');
-- end of source: policies/payments/public_holidays.sql

-- source: policies/payments/refunds.sql
-- What the platform gives back: the clinic's staff with billing.view, and superadmins. Written by verbs and the worker. BIL-05, BIL-08.

select app_private.classify('app_public.refunds', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "payment_id", "credit_note_id", "currency", "amount", "status", "reason", "provider_refund_id",
                    "provider_as_of", "failure_code", "requested_by", "settled_at", "created_at", "updated_at"]}');
select app_private.protect('app_public.refunds', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, payment_id, credit_note_id, currency, amount, status, reason, failure_code, settled_at, created_at, updated_at)
   on app_public.refunds to app_member;

create policy refunds_select_staff on app_public.refunds for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy refunds_select_superadmin on app_public.refunds for select to app_member
  using ((select app_hidden.is_superadmin()));
-- end of source: policies/payments/refunds.sql

-- source: policies/payments/submission_deadlines.sql
-- The law's deadlines for electronic invoices: read by functions, written by migrations. BIL-04.

select app_private.classify('app_private.submission_deadlines', home => 'platform', retention => 'reference', classes =>
  '{"public": ["country", "valid_from", "days", "counts", "citation"]}', unaudited => 'Written by migrations only.');
select app_private.protect('app_private.submission_deadlines', engine => 'select');
-- end of source: policies/payments/submission_deadlines.sql

-- source: policies/payments/write_offs.sql
-- What the platform gave up: superadmins. That an invoice is uncollectible the clinic reads on the invoice. BIL-05.

select app_private.classify('app_public.write_offs', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "invoice_id", "amount", "recovered_amount", "reason", "written_off_by", "created_at", "updated_at"]}');
select app_private.protect('app_public.write_offs', engine => 'select, insert, update');

grant select on app_public.write_offs to app_member;

create policy write_offs_select_superadmin on app_public.write_offs for select to app_member
  using ((select app_hidden.is_superadmin()));
-- end of source: policies/payments/write_offs.sql

-- source: policies/plans/patient_payment_statuses.sql
-- What words of payment providers mean; migrations keep it. BIL-09.

select app_private.classify('app_private.patient_payment_statuses', home => 'platform', retention => 'reference', classes =>
  '{"public": ["provider", "provider_word", "subscription_status", "rank"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_private.patient_payment_statuses', engine => 'select');
-- end of source: policies/plans/patient_payment_statuses.sql

-- source: policies/plans/patient_subscription_links.sql
-- Staff with patient_plans.view see which subscription at the provider it is; written by verbs. BIL-09.

select app_private.classify('app_public.patient_subscription_links', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "created_by", "created_at"],
    "phi": ["subscription_id", "provider", "external_reference"]}');
select app_private.protect('app_public.patient_subscription_links', engine => 'select, insert, delete');

grant select on app_public.patient_subscription_links to app_member;

create policy patient_subscription_links_select_staff on app_public.patient_subscription_links for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient_plans.view'))::uuid[]));
-- end of source: policies/plans/patient_subscription_links.sql

-- source: policies/plans/patient_subscription_reports.sql
-- Staff with patient_plans.view see what the provider said; appended by the doors. BIL-09.

select app_private.classify('app_public.patient_subscription_reports', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "link_id", "reported_by", "received_at"],
    "phi": ["provider_word", "subscription_status", "rank", "as_of", "charged_at", "trial_ends_at", "outcome"]}');
select app_private.protect('app_public.patient_subscription_reports', engine => 'select, insert, delete');

grant select on app_public.patient_subscription_reports to app_member;

create policy patient_subscription_reports_select_staff on app_public.patient_subscription_reports for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient_plans.view'))::uuid[]));
-- end of source: policies/plans/patient_subscription_reports.sql

-- source: policies/service_accounts/organization_entitlements.sql
-- What a clinic has beside its tier: seen by its staff with billing.view, granted and revoked by superadmins. FND-20, TEN-01.

select app_private.classify('app_public.organization_entitlements', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "entitlement", "reason", "granted_by", "granted_at", "revoked_at", "revoked_by", "revoke_reason"]}');
select app_private.protect('app_public.organization_entitlements', engine => 'select, insert, update (revoked_at, revoked_by, revoke_reason)');

grant select on app_public.organization_entitlements to app_member;

create policy organization_entitlements_select_viewer on app_public.organization_entitlements for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy organization_entitlements_select_superadmin on app_public.organization_entitlements for select to app_member
  using ((select app_hidden.is_superadmin()));
-- end of source: policies/service_accounts/organization_entitlements.sql

-- source: policies/service_accounts/platform_entitlements.sql
-- What clinics can have beside a tier; migrations keep it. FND-20, TEN-01.

select app_private.classify('app_public.platform_entitlements', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "is_built", "description", "description_ro"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.platform_entitlements');

grant select on app_public.platform_entitlements to app_member, app_engine;

create policy platform_entitlements_select_everyone on app_public.platform_entitlements for select to app_member, app_engine
  using (true);
-- end of source: policies/service_accounts/platform_entitlements.sql

-- source: policies/service_accounts/service_account_keys.sql
-- A clinic's own, seen by those who manage its integrations; the platform's and all, by superadmins. Nobody sees a key. FND-24, BIL-09.

select app_private.classify('app_public.service_account_keys', home => 'clinic', retention => 'clinic', classes =>
  '{"operational": ["id", "organization_id", "name", "scope", "principal_id", "last_four", "last_used_on", "created_by", "created_at",
                    "revoked_at", "revoked_by"],
    "auth_secret": ["digest"]}',
  protected => '{"digest": ["digest"]}');
select app_private.protect('app_public.service_account_keys',
  engine => 'select, insert, update (last_used_on, revoked_at, revoked_by)', facts => '{name name}');

grant select (id, organization_id, name, scope, principal_id, last_four, last_used_on, created_by, created_at, revoked_at, revoked_by)
   on app_public.service_account_keys to app_member;

create policy service_account_keys_select_manager on app_public.service_account_keys for select to app_member
  using (organization_id = any ((select app_hidden.rights('integrations.manage'))::uuid[]));

create policy service_account_keys_select_superadmin on app_public.service_account_keys for select to app_member
  using ((select app_hidden.is_superadmin()));
-- end of source: policies/service_accounts/service_account_keys.sql

-- source: policies/subscriptions/billing_periods.sql
-- The months of a subscription: the clinic's staff with billing.view, and the platform. Written by time. BIL-01, BIL-02.

select app_private.classify('app_public.billing_periods', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "subscription_id", "position", "starts_on", "ends_on", "during", "is_trial", "closed_at", "created_at"]}');
select app_private.protect('app_public.billing_periods', engine => 'select, insert, update (closed_at)');

grant select on app_public.billing_periods to app_member;

create policy billing_periods_select_viewer on app_public.billing_periods for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy billing_periods_select_superadmin on app_public.billing_periods for select to app_member
  using ((select app_hidden.is_superadmin()));
-- end of source: policies/subscriptions/billing_periods.sql

-- source: policies/subscriptions/dunning_actions.sql
-- What was done about an unpaid invoice: the clinic's staff with billing.view, and the platform. Written by time. BIL-05.

select app_private.classify('app_public.dunning_actions', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["organization_id", "invoice_id", "day", "action", "due_at", "done_at"]}');
select app_private.protect('app_public.dunning_actions', engine => 'select, insert');

grant select on app_public.dunning_actions to app_member;

create policy dunning_actions_select_viewer on app_public.dunning_actions for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy dunning_actions_select_superadmin on app_public.dunning_actions for select to app_member
  using ((select app_hidden.is_superadmin()));
-- end of source: policies/subscriptions/dunning_actions.sql

-- source: policies/subscriptions/dunning_steps.sql
-- What follows when an invoice is not paid: the platform's list, for anybody who is signed in. BIL-05.

select app_private.classify('app_public.dunning_steps', home => 'platform', retention => 'reference', classes =>
  '{"public": ["day", "action", "at"]}', unaudited => 'Written by migrations only.');
select app_private.protect('app_public.dunning_steps', engine => 'select');

grant select on app_public.dunning_steps to app_member;

create policy dunning_steps_select_member on app_public.dunning_steps for select to app_member
  using (true);
-- end of source: policies/subscriptions/dunning_steps.sql

-- source: policies/subscriptions/organization_billing.sql
-- As whom a clinic is billed: its staff with billing.view, and the platform; the tax id by its end. Written by a verb. BIL-10.

select app_private.classify('app_public.organization_billing', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["organization_id", "legal_name", "country", "registration_number", "tax_id_last_four", "currency", "timezone",
                    "cadence", "updated_by", "created_at", "updated_at"],
    "pii_basic": ["street", "city", "county", "postal_code", "billing_email"],
    "pii_regulated": ["tax_id"]}',
  protected => '{"ciphertext": ["tax_id"]}');
select app_private.protect('app_public.organization_billing',
  engine => 'select, insert, update', facts => '{name legal_name,name street,name city,name county,email billing_email}');

grant select (organization_id, legal_name, street, city, county, postal_code, country, registration_number, tax_id_last_four,
              billing_email, currency, timezone, cadence, updated_by, created_at, updated_at)
   on app_public.organization_billing to app_member;

create policy organization_billing_select_viewer on app_public.organization_billing for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy organization_billing_select_superadmin on app_public.organization_billing for select to app_member
  using ((select app_hidden.is_superadmin()));

create or replace trigger _300_key_in_use before insert or update of tax_id on app_public.organization_billing
  for each row execute function app_private.tg_ciphertext__key_in_use('tax_id');
-- end of source: policies/subscriptions/organization_billing.sql

-- source: policies/subscriptions/organization_subscription_tiers.sql
-- Which tier held when: the clinic's staff with billing.view, and the platform. Append-only. BIL-01.

select app_private.classify('app_public.organization_subscription_tiers', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "subscription_id", "position", "starts_on", "tier_version_id", "reason", "created_by", "created_at"]}');
select app_private.protect('app_public.organization_subscription_tiers', engine => 'select, insert');

grant select on app_public.organization_subscription_tiers to app_member;

create policy organization_subscription_tiers_select_viewer on app_public.organization_subscription_tiers for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy organization_subscription_tiers_select_superadmin on app_public.organization_subscription_tiers for select to app_member
  using ((select app_hidden.is_superadmin()));
-- end of source: policies/subscriptions/organization_subscription_tiers.sql

-- source: policies/subscriptions/organization_subscriptions.sql
-- What a clinic subscribes to: its staff with billing.view, and the platform. Written by verbs, by time, and by what is paid. BIL-01.

select app_private.classify('app_public.organization_subscriptions', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "status", "tier_version_id", "tenancy_mode", "cadence", "currency", "timezone", "provider",
                    "anchor_on", "trial_ends_at", "trial_told_at", "past_due_at", "suspended_at", "cancels_on", "cancels_because",
                    "ended_at", "settle_at", "status_reason", "provider_customer_id", "provider_subscription_id", "provider_status",
                    "provider_as_of", "created_by", "created_at", "updated_at"]}');
select app_private.protect('app_public.organization_subscriptions', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, status, tier_version_id, tenancy_mode, cadence, currency, timezone, provider, anchor_on, trial_ends_at,
              past_due_at, suspended_at, cancels_on, cancels_because, ended_at, status_reason, provider_status, provider_as_of,
              created_by, created_at, updated_at)
   on app_public.organization_subscriptions to app_member;

create policy organization_subscriptions_select_viewer on app_public.organization_subscriptions for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy organization_subscriptions_select_superadmin on app_public.organization_subscriptions for select to app_member
  using ((select app_hidden.is_superadmin()));
-- end of source: policies/subscriptions/organization_subscriptions.sql

-- source: policies/subscriptions/payment_provider_statuses.sql
-- What providers' statuses are here: the platform's list, for functions. BIL-01.

select app_private.classify('app_private.payment_provider_statuses', home => 'platform', retention => 'reference', classes =>
  '{"public": ["provider", "vendor_status", "status"]}', unaudited => 'Written by migrations only.');
select app_private.protect('app_private.payment_provider_statuses', engine => 'select');
-- end of source: policies/subscriptions/payment_provider_statuses.sql

-- source: policies/tax_office/tax_office_messages.sql
-- Written by the worker's task check_tax_states, read by it alone. BIL-04.

select app_private.classify('app_private.tax_office_messages', home => 'cell', retention => 'operations', classes =>
  '{"operational": ["office", "message_id", "upload_id", "document_number", "bare_number", "read_at"]}');
-- To lock a row, one must be allowed to update some column of it.
select app_private.protect('app_private.tax_office_messages', engine => 'select, insert, delete, update (read_at)');
-- An office lists its messages for sixty days: what is older is not asked for again.
select app_private.retain('app_private.tax_office_messages', 'operations', 'delete', kept_from => 'read_at');
-- end of source: policies/tax_office/tax_office_messages.sql

-- source: policies/telemetry/exercise_sessions.sql
-- What was recorded of patients' sessions at home: staff with exercise_sessions.view, and the person. Written by the start of a session and
-- by what telemetry tells. Where the movement lies, and by whom it is finalized, is nobody's to read: it is played by a link. EXE-05, TEL-07.

select app_private.classify('app_public.exercise_sessions', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "viewer_id", "expires_at", "claimed_by", "claimed_at", "surface", "replay_class", "replay_object_key",
                    "replay_sha256", "replay_bytes", "created_at", "updated_at"],
    "phi": ["patient_session_id", "patient_profile_id", "scopes", "tracked", "started_at", "ended_at", "gaps", "replay_state"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.exercise_sessions', 'patient_profile_id', 'follows');
select app_private.protect('app_public.exercise_sessions', engine => 'select, insert, update');

grant select (id, organization_id, patient_session_id, patient_profile_id, scopes, started_at, expires_at, ended_at, gaps, replay_state,
              replay_bytes, created_at, updated_at)
  on app_public.exercise_sessions to app_member;

create policy exercise_sessions_select_staff on app_public.exercise_sessions for select to app_member
  using (organization_id = any ((select app_hidden.rights('exercise_sessions.view'))::uuid[]));

create policy exercise_sessions_select_person on app_public.exercise_sessions for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
-- end of source: policies/telemetry/exercise_sessions.sql

-- source: policies/treatment/patient_treatment_plans.sql
-- What patients were assigned: staff with treatment_plans.view, and the person. Written by verbs and by time. EXE-01.

select app_private.classify('app_public.patient_treatment_plans', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "plan_scope_id", "tended_on", "assigned_by", "created_at", "updated_at"],
    "phi": ["patient_profile_id", "treatment_plan_id", "version_id", "patient_service_plan_id", "form_template_id", "starts_on", "ends_on",
            "weekdays", "allows_extra_sessions", "status", "status_reason", "paused_on", "low_adherence_since"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.patient_treatment_plans', 'patient_profile_id', 'moves');
select app_private.on_merge('app_public.patient_sessions', 'patient_profile_id', 'follows');
select app_private.protect('app_public.patient_treatment_plans', engine => 'select, insert, update', guard => true);

-- Whole rows, since adherence and what remains are asked of a row.
grant select on app_public.patient_treatment_plans to app_member;

create policy patient_treatment_plans_select_staff on app_public.patient_treatment_plans for select to app_member
  using (organization_id = any ((select app_hidden.rights('treatment_plans.view'))::uuid[]));

create policy patient_treatment_plans_select_person on app_public.patient_treatment_plans for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );

-- What rules read of it: a changed row marks its patient for the segments that do. SEG-03.
create or replace trigger _900_segments_treatment_insert after insert on app_public.patient_treatment_plans
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('treatment', 'patient_profile_id');
create or replace trigger _900_segments_treatment_update after update on app_public.patient_treatment_plans
  referencing new table as changed for each statement execute function app_private.tg_mark_segments('treatment', 'patient_profile_id');
create or replace trigger _900_segments_treatment_delete after delete on app_public.patient_treatment_plans
  referencing old table as changed for each statement execute function app_private.tg_mark_segments('treatment', 'patient_profile_id');
create or replace trigger _900_segments_treatment_left after update on app_public.patient_treatment_plans
  for each row when (old.patient_profile_id is distinct from new.patient_profile_id)
  execute function app_private.tg_mark_former_patient('treatment', 'patient_profile_id');
-- end of source: policies/treatment/patient_treatment_plans.sql

-- source: reference/identity/permissions.sql
-- Everything that can be allowed. FND-04. What the system roles have of it stands in system_roles.sql.

select app_private.own_rows('app_public.permissions', rows => '
  name                      | description                                                                    | description_ro
  --------------------------+--------------------------------------------------------------------------------+---------------------------------------------------------------------------------------
  appointments.conduct      | Start and finish appointments, record no-shows                                 | Începe și încheie programări, consemnează neprezentări
  appointments.manage       | Book, confirm, cancel; answer booking requests                                 | Programează, confirmă, anulează; răspunde la cererile de programare
  appointments.view         | See the clinic''s appointments and booking requests                            | Vede programările clinicii și cererile de programare
  audit.view                | Read the clinic''s audit log                                                   | Citește jurnalul de audit al clinicii
  automations.manage        | Edit the clinic''s automations, switch them on and off                         | Editează automatizările clinicii, le pornește și le oprește
  automations.view          | See the clinic''s automations and what they did                                | Vede automatizările clinicii și ce au făcut
  billing.manage            | Subscribe the clinic, change its plan, billing details and card                | Abonează clinica, schimbă planul ei, datele de facturare și cardul
  billing.view              | See the clinic''s plan, usage and invoices                                     | Vede planul, consumul și facturile clinicii
  calendars.manage          | Edit bookable calendars                                                        | Editează calendarele în care se fac programări
  consent_texts.manage      | Publish the clinic''s consent texts and privacy notices                        | Publică textele de consimțământ și informările de confidențialitate ale clinicii
  consents.override         | Go on without a consent in an emergency, with a reason                         | Continuă fără consimțământ într-o urgență, cu un motiv
  consents.record           | Record what patients accept, refuse and withdraw, on evidence                  | Consemnează ce acceptă, refuză și retrag pacienții, pe baza unei dovezi
  document_templates.manage | Edit and publish templates of documents, letterheads and footers               | Editează și publică șabloane de documente, anteturi și subsoluri
  documents.manage          | Write and issue the documents of every specialist                              | Scrie și emite documentele oricărui specialist
  documents.view            | See documents of appointments                                                  | Vede documentele programărilor
  exercise_sessions.view    | See what was recorded of patients'' sessions at home, and play it again        | Vede ce s-a înregistrat din ședințele de acasă ale pacienților și le redă
  form_templates.manage     | Edit and publish templates of forms and the clinic''s own fields               | Editează și publică șabloane de formulare și câmpurile clinicii
  forms.fill                | Make forms for patients, fill them in, complete and reopen them                | Face formulare pentru pacienți, le completează, le încheie și le redeschide
  forms.view                | See the patients'' forms and what was answered                                 | Vede formularele pacienților și ce s-a răspuns
  integrations.manage       | Choose vendors and enter the keys of the clinic''s own accounts                | Alege furnizorii și introduce cheile conturilor clinicii
  members.manage            | Add and remove members, give and take roles                                    | Adaugă și scoate membri, dă și ia roluri
  message_templates.manage  | Edit the words of the clinic''s messages                                       | Editează textele mesajelor clinicii
  messages.view             | See which messages the clinic''s patients were sent                            | Vede ce mesaje au primit pacienții clinicii
  organization.manage       | Change the clinic''s details and booking settings                              | Schimbă datele clinicii și setările de programare
  owners.manage             | Name and remove owners of the clinic                                           | Numește și scoate proprietari ai clinicii
  patient_plans.manage      | Sell plans to patients, open access, change subscriptions, adjust what is left | Vinde planuri pacienților, deschide accesul, schimbă abonamente, corectează ce a rămas
  patient_plans.view        | See the plans and subscriptions of the clinic''s patients                      | Vede planurile și abonamentele pacienților clinicii
  patient_tiers.manage      | Edit tiers and what they include                                               | Editează nivelurile de abonament și ce includ
  patients.block            | Keep patients from booking by themselves, and decide about it                  | Oprește pacienți de la a se programa singuri și hotărăște despre aceasta
  patients.manage           | Add and edit patients and their caregivers                                     | Adaugă și editează pacienți și aparținătorii lor
  patients.merge            | Merge two patients who are one person, and undo it                             | Unește doi pacienți care sunt aceeași persoană și desface unirea
  patients.view             | See the clinic''s patients                                                     | Vede pacienții clinicii
  reviews.alerted           | Be told at once of reviews with few stars                                      | Află imediat de recenziile cu puține stele
  reviews.view              | Read patients'' reviews and the specialists'' ratings                          | Citește recenziile pacienților și notele specialiștilor
  roles.manage              | Define the clinic''s own roles                                                 | Definește rolurile clinicii
  schedules.manage          | Edit every specialist''s hours                                                 | Editează programul oricărui specialist
  schedules.manage_own      | Edit one''s own hours as a specialist                                          | Își editează propriul program de specialist
  segments.manage           | Make segments of patients, edit and remove them                                | Face segmente de pacienți, le editează și le elimină
  segments.view             | See segments, and who is in them                                               | Vede segmentele și cine este în ele
  service_plans.manage      | Edit service plans and products                                                | Editează planurile de servicii și produsele
  services.manage           | Edit services and who provides them                                            | Editează serviciile și cine le oferă
  specialists.manage        | Add, edit and remove specialists                                               | Adaugă, editează și scoate specialiști
  specialists.view_org      | See specialists'' accounts and contacts                                        | Vede conturile și datele de contact ale specialiștilor
  specialties.manage        | Edit the clinic''s own specialties                                             | Editează specialitățile clinicii
  suppressions.lift         | Let the clinic write again to an address that was reported as dead             | Lasă clinica să scrie din nou la o adresă raportată ca nefuncțională
  treatment_plans.approve   | Approve treatment plans that others wrote                                      | Aprobă planuri de tratament scrise de alții
  treatment_plans.assign    | Assign treatment plans to patients, and look after them                        | Atribuie pacienților planuri de tratament și are grijă de ele
  treatment_plans.manage    | Write treatment plans and submit them                                          | Scrie planuri de tratament și le trimite spre aprobare
  treatment_plans.view      | See treatment plans, and how patients get on with them                         | Vede planurile de tratament și cum le urmează pacienții
  webhooks.manage           | Have the clinic''s own software told of events, and replay them                | Anunță programele clinicii despre evenimente și le trimite din nou
  webhooks.view             | See what the clinic''s own software was told                                   | Vede ce au fost anunțate programele clinicii
');
-- end of source: reference/identity/permissions.sql

-- source: reference/identity/system_roles.sql
-- The roles that every clinic has, and what each allows in a clinic that is new. FND-04.
-- A clinic that is there already keeps what its roles have: give it more in a file of db/migrations/current that is
-- numbered above 900, under set role app_engine; take away before, in one that is numbered below.

select app_private.own_rows('app_public.system_roles', rows => '
  key        | name          | name_ro
  -----------+---------------+--------------
  owner      | Owner         | Proprietar
  admin      | Administrator | Administrator
  specialist | Specialist    | Specialist
  front_desk | Front desk    | Recepție
  billing    | Billing       | Facturare
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "owner"}', rows => '
  permission
  -------------------------
  appointments.conduct
  appointments.manage
  appointments.view
  audit.view
  automations.manage
  automations.view
  billing.manage
  billing.view
  calendars.manage
  consent_texts.manage
  consents.override
  consents.record
  document_templates.manage
  documents.manage
  documents.view
  exercise_sessions.view
  form_templates.manage
  forms.fill
  forms.view
  integrations.manage
  members.manage
  message_templates.manage
  messages.view
  organization.manage
  owners.manage
  patient_plans.manage
  patient_plans.view
  patient_tiers.manage
  patients.block
  patients.manage
  patients.merge
  patients.view
  reviews.alerted
  reviews.view
  roles.manage
  schedules.manage
  schedules.manage_own
  segments.manage
  segments.view
  service_plans.manage
  services.manage
  specialists.manage
  specialists.view_org
  specialties.manage
  suppressions.lift
  treatment_plans.approve
  treatment_plans.assign
  treatment_plans.manage
  treatment_plans.view
  webhooks.manage
  webhooks.view
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "admin"}', rows => '
  permission
  -------------------------
  appointments.conduct
  appointments.manage
  appointments.view
  audit.view
  automations.manage
  automations.view
  billing.manage
  billing.view
  calendars.manage
  consent_texts.manage
  consents.override
  consents.record
  document_templates.manage
  documents.manage
  documents.view
  exercise_sessions.view
  form_templates.manage
  forms.fill
  forms.view
  integrations.manage
  members.manage
  message_templates.manage
  messages.view
  organization.manage
  patient_plans.manage
  patient_plans.view
  patient_tiers.manage
  patients.block
  patients.manage
  patients.merge
  patients.view
  reviews.alerted
  reviews.view
  roles.manage
  schedules.manage
  schedules.manage_own
  segments.manage
  segments.view
  service_plans.manage
  services.manage
  specialists.manage
  specialists.view_org
  specialties.manage
  suppressions.lift
  treatment_plans.approve
  treatment_plans.assign
  treatment_plans.manage
  treatment_plans.view
  webhooks.manage
  webhooks.view
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "specialist"}', rows => '
  permission
  --------------------
  appointments.conduct
  appointments.view
  consents.override
  consents.record
  documents.view
  exercise_sessions.view
  forms.fill
  forms.view
  patient_plans.view
  patients.view
  schedules.manage_own
  segments.view
  specialists.view_org
  treatment_plans.assign
  treatment_plans.manage
  treatment_plans.view
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "front_desk"}', rows => '
  permission
  --------------------
  appointments.conduct
  appointments.manage
  appointments.view
  consents.record
  forms.fill
  forms.view
  messages.view
  patient_plans.manage
  patient_plans.view
  patients.block
  patients.manage
  patients.view
  schedules.manage
  specialists.view_org
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "billing"}', rows => '
  permission
  --------------------
  billing.manage
  billing.view
  patient_plans.manage
  patient_plans.view
  specialists.view_org
');
-- end of source: reference/identity/system_roles.sql
reset role;

-- source: reference/invoices/invoice_events.sql
-- What is published about invoices. A version is never changed: a new one is added. FND-14, BIL-02, BIL-03.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "invoice"}', rows => '
name: invoice.issued
version: 1
description: A clinic owes the platform: an invoice is numbered and final.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["invoiceId", "kind", "number", "netAmount"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"},
   "kind": {"enum": ["advance", "period"], "type": "string"},
   "number": {"type": "integer"},
   "netAmount": {"type": "integer"}}}
==========
name: invoice.document_failed
version: 1
description: The invoicing provider did not issue a document, or did not say whether it did.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["kind", "documentId", "state"],
 "properties": {
   "kind": {"enum": ["invoice", "credit_note"], "type": "string"},
   "documentId": {"type": "string", "format": "uuid"},
   "state": {"enum": ["failed", "unknown"], "type": "string"}}}
');
select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "billing_period"}', rows => '
name: billing_period.usage_differs
version: 1
description: A counter of usage is not what its records come to. The bill was computed from the records.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["periodId", "meter", "counted", "recorded"],
 "properties": {
   "periodId": {"type": "string", "format": "uuid"},
   "meter": {"type": "string"},
   "counted": {"type": "number"},
   "recorded": {"type": "number"}}}
');
select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "billing_check"}', rows => '
name: billing_check.differed
version: 1
description: What a clinic was billed is not what it comes to when it is computed again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["differences"],
 "properties": {
   "differences": {"type": "integer"}}}
');
-- end of source: reference/invoices/invoice_events.sql

-- source: reference/invoices/invoice_transitions.sql
-- What becomes of an invoice. BIL-02, BIL-07.
-- An empty from_state is creation. docs/state-machines/invoices.md is drawn from these rows.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "invoices"}', rows => '
  from_state    | to_state      | actor  | permission | event                  | quiet_because
  --------------+---------------+--------+------------+------------------------+-----------------------------------------------------
                | draft         | system |            |                        |
  draft         | issued        | system |            | invoice.issued         |
  issued        | paid          | system |            | invoice.paid           | The receipt of the payment tells of it.
  issued        | uncollectible | system |            | invoice.uncollectible  | The clinic was told when it became due and suspended.
  issued        | void          | system |            | invoice.voided         | The credit note that voids it is told.
  uncollectible | paid          | system |            | invoice.paid           | The receipt of the payment tells of it.
  paid          | issued        | system |            |                        |
');
-- end of source: reference/invoices/invoice_transitions.sql

-- source: reference/invoices/message_invoice_issued.sql
-- The message invoice_issued: what it needs, by which ways it goes, and its words on each. BIL-02, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "invoice_issued"}', rows => '
topic: clinic
lasts: 30 days
variables: {invoiceNumber,netAmount,currency,dueOn}
sample: {"invoiceNumber": "RX-1042", "netAmount": "49900", "currency": "RON", "dueOn": "2027-04-15"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "invoice_issued"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "invoice_issued"}', rows => '
channel: email
locale: ro
version: 1
title: Factura {{invoiceNumber}}
body:
Bună ziua, {{recipientName}},

Am emis factura {{invoiceNumber}} către {{clinicName}}: {{netAmount}} fără TVA, cu scadența la {{dueOn}}.

O găsiți, cu tot ce cuprinde, în pagina de facturare a clinicii.

==========
channel: email
locale: en
version: 1
title: Invoice {{invoiceNumber}}
body:
Hello {{recipientName}},

We have issued invoice {{invoiceNumber}} to {{clinicName}}: {{netAmount}} without VAT, due on {{dueOn}}.

You find it, with all that it is made of, on the billing page of the clinic.

==========
channel: in_app
locale: ro
version: 1
title: Factura {{invoiceNumber}}
body:
{{netAmount}} fără TVA, cu scadența la {{dueOn}}.
==========
channel: in_app
locale: en
version: 1
title: Invoice {{invoiceNumber}}
body:
{{netAmount}} without VAT, due on {{dueOn}}.
');
-- end of source: reference/invoices/message_invoice_issued.sql

-- source: reference/metering/metering_events.sql
-- What is published about usage. A version is never changed: a new one is added. FND-14, FND-24.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "usage_record"}', rows => '
name: ai_call.price_missing
version: 1
description: A call of an AI model has no cost, since nobody entered what a unit of it costs: a superadmin does, and it is priced.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["organizationId", "usageRecordId"],
 "properties": {
   "organizationId": {"type": "string", "format": "uuid"},
   "usageRecordId": {"type": "string", "format": "uuid"}}}
==========
name: usage.conflict
version: 1
description: Something was told under the key of another use, and differs from it. It is kept and not counted.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["usageRecordId", "usageConflictId"],
 "properties": {
   "usageRecordId": {"type": "string", "format": "uuid"},
   "usageConflictId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/metering/metering_events.sql

-- source: reference/metering/meters.sql
-- What of a clinic is counted. FND-20, FND-24. A standing meter is counted from the rows themselves (app_private.standing_usage);
-- of the others each use is a record.

select app_private.own_rows('app_public.meters', rows => '
  key                | unit     | aggregation | is_standing | can_be_hard | description                                       | description_ro
  -------------------+----------+-------------+-------------+-------------+---------------------------------------------------+------------------------------------------------------------
  active_patients    | patient  | latest      | true        | true        | Patients in the clinic''s lists.                  | Pacienți în listele clinicii.
  ai_calls           | call     | count       | false       | false       | Calls of AI models.                               | Apeluri ale modelelor de inteligență artificială.
  sms_messages       | message  | sum         | false       | false       | Text messages by the platform''s account.         | SMS-uri trimise prin contul platformei.
  specialists        | person   | latest      | true        | true        | Specialists of the clinic.                        | Specialiști ai clinicii.
  storage_bytes      | byte     | latest      | true        | true        | What the clinic''s files take up.                 | Cât ocupă fișierele clinicii.
  telerehab_sessions | session  | count       | false       | true        | Exercise sessions that patients started at home.  | Ședințe de exerciții începute de pacienți acasă.
  video_minutes      | minute   | sum         | false       | false       | Minutes of video calls by the platform''s account. | Minute de apel video prin contul platformei.
');
-- end of source: reference/metering/meters.sql

-- source: reference/metering/tier_free.sql
-- The tier that costs nothing and has no end. FND-20. Names, place and offer are set afterwards by a superadmin: the row has them from here only when it is new.
-- Version 1 was published by a migration and never changes: a superadmin drafts another one, or it is written beside it here.

select app_private.own_rows('app_public.platform_tiers', scope => '{"slug": "free"}', given_once => '{names, place, is_offered}', rows => '
  id                                   | names                           | place | is_offered
  -------------------------------------+---------------------------------+-------+-----------
  6b634483-bccb-80fd-813d-c0c9ead3e89e | {"ro": "Gratuit", "en": "Free"} | 1     | true
');

select app_private.own_rows('app_public.platform_tier_versions', scope => '{"tier_id": "6b634483-bccb-80fd-813d-c0c9ead3e89e", "version": 1}', given_once => '{published_at}', rows => '
  id                                   | ai_markup_basis_points | trial_days
  -------------------------------------+------------------------+-----------
  1d53cfad-1cb5-8223-8649-a53b2e54395a | 3000                   | 0
');

select app_private.own_rows('app_public.platform_tier_prices', scope => '{"tier_version_id": "1d53cfad-1cb5-8223-8649-a53b2e54395a"}', rows => '
  currency | tenancy_mode | monthly_amount | annual_amount | setup_amount
  ---------+--------------+----------------+---------------+-------------
  EUR      | shared       | 0              | 0             | 0
  RON      | shared       | 0              | 0             | 0
');

select app_private.own_rows('app_public.platform_tier_limits', scope => '{"tier_version_id": "1d53cfad-1cb5-8223-8649-a53b2e54395a"}', rows => '
  meter              | enforcement | included
  -------------------+-------------+-----------
  active_patients    | hard        | 50
  ai_calls           | soft        | 50
  sms_messages       | soft        | 20
  specialists        | hard        | 1
  storage_bytes      | hard        | 1073741824
  telerehab_sessions | hard        | 50
  video_minutes      | soft        | 120
');

select app_private.own_rows('app_public.platform_overage_prices', scope => '{"tier_version_id": "1d53cfad-1cb5-8223-8649-a53b2e54395a"}', rows => '
  meter         | currency | unit_price
  --------------+----------+-----------
  sms_messages  | EUR      | 7
  sms_messages  | RON      | 35
  video_minutes | EUR      | 1.2
  video_minutes | RON      | 6
');
-- end of source: reference/metering/tier_free.sql

-- source: reference/metering/tier_pro.sql
-- The tier of a large clinic. FND-20. Names, place and offer are set afterwards by a superadmin: the row has them from here only when it is new.
-- Version 1 was published by a migration and never changes: a superadmin drafts another one, or it is written beside it here.

select app_private.own_rows('app_public.platform_tiers', scope => '{"slug": "pro"}', given_once => '{names, place, is_offered}', rows => '
  id                                   | names                      | place | is_offered
  -------------------------------------+----------------------------+-------+-----------
  9f5861fe-3c50-8301-84af-787170a25293 | {"ro": "Pro", "en": "Pro"} | 3     | true
');

select app_private.own_rows('app_public.platform_tier_versions', scope => '{"tier_id": "9f5861fe-3c50-8301-84af-787170a25293", "version": 1}', given_once => '{published_at}', rows => '
  id                                   | ai_markup_basis_points | trial_days
  -------------------------------------+------------------------+-----------
  c62fc940-aaec-868c-82eb-0266446e534b | 3000                   | 30
');

select app_private.own_rows('app_public.platform_tier_prices', scope => '{"tier_version_id": "c62fc940-aaec-868c-82eb-0266446e534b"}', rows => '
  currency | tenancy_mode | monthly_amount | annual_amount | setup_amount
  ---------+--------------+----------------+---------------+-------------
  EUR      | dedicated    | 39900          | 399000        | 50000
  EUR      | shared       | 14900          | 149000        | 0
  RON      | dedicated    | 199900         | 1999000       | 250000
  RON      | shared       | 74900          | 749000        | 0
');

select app_private.own_rows('app_public.platform_tier_limits', scope => '{"tier_version_id": "c62fc940-aaec-868c-82eb-0266446e534b"}', rows => '
  meter              | enforcement | included
  -------------------+-------------+-------------
  active_patients    | hard        | 20000
  ai_calls           | soft        | 10000
  sms_messages       | soft        | 3000
  specialists        | hard        | 50
  storage_bytes      | hard        | 214748364800
  telerehab_sessions | soft        | 10000
  video_minutes      | soft        | 30000
');

select app_private.own_rows('app_public.platform_overage_prices', scope => '{"tier_version_id": "c62fc940-aaec-868c-82eb-0266446e534b"}', rows => '
  meter              | currency | unit_price
  -------------------+----------+-----------
  sms_messages       | EUR      | 7
  sms_messages       | RON      | 35
  telerehab_sessions | EUR      | 10
  telerehab_sessions | RON      | 50
  video_minutes      | EUR      | 1.2
  video_minutes      | RON      | 6
');
-- end of source: reference/metering/tier_pro.sql

-- source: reference/metering/tier_start.sql
-- The tier of a small clinic. FND-20. Names, place and offer are set afterwards by a superadmin: the row has them from here only when it is new.
-- Version 1 was published by a migration and never changes: a superadmin drafts another one, or it is written beside it here.

select app_private.own_rows('app_public.platform_tiers', scope => '{"slug": "start"}', given_once => '{names, place, is_offered}', rows => '
  id                                   | names                          | place | is_offered
  -------------------------------------+--------------------------------+-------+-----------
  bd6fa211-9a22-8e2c-844e-d8479412ef5a | {"ro": "Start", "en": "Start"} | 2     | true
');

select app_private.own_rows('app_public.platform_tier_versions', scope => '{"tier_id": "bd6fa211-9a22-8e2c-844e-d8479412ef5a", "version": 1}', given_once => '{published_at}', rows => '
  id                                   | ai_markup_basis_points | trial_days
  -------------------------------------+------------------------+-----------
  755fc79f-af3d-8b4e-89bf-03b144716be4 | 3000                   | 30
');

select app_private.own_rows('app_public.platform_tier_prices', scope => '{"tier_version_id": "755fc79f-af3d-8b4e-89bf-03b144716be4"}', rows => '
  currency | tenancy_mode | monthly_amount | annual_amount | setup_amount
  ---------+--------------+----------------+---------------+-------------
  EUR      | dedicated    | 24900          | 249000        | 50000
  EUR      | shared       | 4900           | 49000         | 0
  RON      | dedicated    | 124900         | 1249000       | 250000
  RON      | shared       | 24900          | 249000        | 0
');

select app_private.own_rows('app_public.platform_tier_limits', scope => '{"tier_version_id": "755fc79f-af3d-8b4e-89bf-03b144716be4"}', rows => '
  meter              | enforcement | included
  -------------------+-------------+------------
  active_patients    | hard        | 1000
  ai_calls           | soft        | 1000
  sms_messages       | soft        | 300
  specialists        | hard        | 5
  storage_bytes      | hard        | 21474836480
  telerehab_sessions | soft        | 1000
  video_minutes      | soft        | 3000
');

select app_private.own_rows('app_public.platform_overage_prices', scope => '{"tier_version_id": "755fc79f-af3d-8b4e-89bf-03b144716be4"}', rows => '
  meter              | currency | unit_price
  -------------------+----------+-----------
  sms_messages       | EUR      | 7
  sms_messages       | RON      | 35
  telerehab_sessions | EUR      | 10
  telerehab_sessions | RON      | 50
  video_minutes      | EUR      | 1.2
  video_minutes      | RON      | 6
');
-- end of source: reference/metering/tier_start.sql

-- source: reference/notify/message_credit_notice.sql
-- The message credit_notice: what it needs, by which ways it goes, and its words on each. BIL-08, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "credit_notice"}', rows => '
topic: clinic
lasts: 7 days
variables: {creditNoteNumber,invoiceNumber,creditAmount,refundAmount,currency}
sample: {"creditNoteNumber": "RXC 17", "invoiceNumber": "RX 1042", "creditAmount": "11900", "refundAmount": "11900", "currency": "RON"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "credit_notice"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "credit_notice"}', rows => '
channel: email
locale: ro
version: 1
title: {{#creditNoteNumber}}Notă de credit {{creditNoteNumber}}{{/creditNoteNumber}}{{^creditNoteNumber}}Rambursare{{/creditNoteNumber}} pentru factura {{invoiceNumber}}
body:
Bună ziua, {{recipientName}},
{{#creditNoteNumber}}

Am emis nota de credit {{creditNoteNumber}} de {{creditAmount}} pentru factura {{invoiceNumber}} a clinicii {{clinicName}}.
{{/creditNoteNumber}}
{{#refundAmount}}

Vă restituim {{refundAmount}} din ce ați plătit pentru factura {{invoiceNumber}}. Banii ajung în câteva zile lucrătoare.
{{/refundAmount}}

Cu drag,
echipa RestartiX

==========
channel: email
locale: en
version: 1
title: {{#creditNoteNumber}}Credit note {{creditNoteNumber}}{{/creditNoteNumber}}{{^creditNoteNumber}}Refund{{/creditNoteNumber}} for invoice {{invoiceNumber}}
body:
Hello {{recipientName}},
{{#creditNoteNumber}}

We have issued credit note {{creditNoteNumber}} of {{creditAmount}} for invoice {{invoiceNumber}} of {{clinicName}}.
{{/creditNoteNumber}}
{{#refundAmount}}

We are giving back {{refundAmount}} of what you paid for invoice {{invoiceNumber}}. The money arrives within a few working days.
{{/refundAmount}}

Warm regards,
the RestartiX team

==========
channel: in_app
locale: ro
version: 1
title: {{#creditNoteNumber}}Notă de credit {{creditNoteNumber}}{{/creditNoteNumber}}{{^creditNoteNumber}}Rambursare{{/creditNoteNumber}}
body:
Pentru factura {{invoiceNumber}}.{{#refundAmount}} Vă restituim {{refundAmount}}.{{/refundAmount}}
==========
channel: in_app
locale: en
version: 1
title: {{#creditNoteNumber}}Credit note {{creditNoteNumber}}{{/creditNoteNumber}}{{^creditNoteNumber}}Refund{{/creditNoteNumber}}
body:
For invoice {{invoiceNumber}}.{{#refundAmount}} We are giving back {{refundAmount}}.{{/refundAmount}}
');
-- end of source: reference/notify/message_credit_notice.sql

-- source: reference/notify/message_payment_received.sql
-- The message payment_received: what it needs, by which ways it goes, and its words on each. BIL-08, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "payment_received"}', rows => '
topic: clinic
lasts: 7 days
variables: {invoiceNumber,paidAmount,receivedOn,dueAmount,balanceAmount,currency}
sample: {"invoiceNumber": "RX 1042", "paidAmount": "11900", "receivedOn": "2027-03-01", "dueAmount": null, "balanceAmount": null, "currency": "RON"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "payment_received"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "payment_received"}', rows => '
channel: email
locale: ro
version: 1
title: Am primit plata facturii {{invoiceNumber}}
body:
Bună ziua, {{recipientName}},

Am primit {{paidAmount}} la {{receivedOn}} pentru factura {{invoiceNumber}} a clinicii {{clinicName}}.
{{#dueAmount}}

Mai sunt de plătit {{dueAmount}}.
{{/dueAmount}}
{{#balanceAmount}}

Suma de {{balanceAmount}} este în plus și rămâne în soldul clinicii: din ea se plătește factura următoare.
{{/balanceAmount}}

Vă mulțumim,
echipa RestartiX

==========
channel: email
locale: en
version: 1
title: We have received your payment of invoice {{invoiceNumber}}
body:
Hello {{recipientName}},

We received {{paidAmount}} on {{receivedOn}} for invoice {{invoiceNumber}} of {{clinicName}}.
{{#dueAmount}}

{{dueAmount}} is still to be paid.
{{/dueAmount}}
{{#balanceAmount}}

{{balanceAmount}} is more than was due. It stays in the balance of the clinic, which pays the next invoice.
{{/balanceAmount}}

Thank you,
the RestartiX team

==========
channel: in_app
locale: ro
version: 1
title: Plată primită: {{paidAmount}}
body:
Pentru factura {{invoiceNumber}}, la {{receivedOn}}.{{#dueAmount}} Mai sunt de plătit {{dueAmount}}.{{/dueAmount}}
==========
channel: in_app
locale: en
version: 1
title: Payment received: {{paidAmount}}
body:
For invoice {{invoiceNumber}}, on {{receivedOn}}.{{#dueAmount}} {{dueAmount}} is still to be paid.{{/dueAmount}}
');
-- end of source: reference/notify/message_payment_received.sql

-- source: reference/notify/message_subscription_active_again.sql
-- The message subscription_active_again: what it needs, by which ways it goes, and its words on each. BIL-01, BIL-05, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "subscription_active_again"}', rows => '
topic: clinic
lasts: 7 days
variables: {}
sample: {}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "subscription_active_again"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "subscription_active_again"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}: abonamentul este din nou activ
body:
Bună ziua, {{recipientName}},

Vă mulțumim: tot ce era scadent este plătit, iar abonamentul clinicii {{clinicName}} este din nou activ.

Cu drag,
echipa RestartiX

==========
channel: email
locale: en
version: 1
title: {{clinicName}}: the subscription is active again
body:
Hello {{recipientName}},

Thank you: everything that was due is paid, and the subscription of {{clinicName}} is active again.

Warm regards,
the RestartiX team

==========
channel: in_app
locale: ro
version: 1
title: {{clinicName}}: abonamentul este din nou activ
body:
Tot ce era scadent este plătit.
==========
channel: in_app
locale: en
version: 1
title: {{clinicName}}: the subscription is active again
body:
Everything that was due is paid.
');
-- end of source: reference/notify/message_subscription_active_again.sql

-- source: reference/notify/message_subscription_canceled.sql
-- The message subscription_canceled: what it needs, by which ways it goes, and its words on each. BIL-01, BIL-05, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "subscription_canceled"}', rows => '
topic: clinic
lasts: 7 days
variables: {}
sample: {}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "subscription_canceled"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "subscription_canceled"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}: abonamentul s-a încheiat
body:
Bună ziua, {{recipientName}},

Abonamentul clinicii {{clinicName}} s-a încheiat. Clinica nu mai primește programări și planuri noi; ce este programat și tratamentele începute continuă, iar datele se pot citi și exporta.

Puteți alege oricând un plan nou, la Abonament și facturare.

Cu drag,
echipa RestartiX

==========
channel: email
locale: en
version: 1
title: {{clinicName}}: the subscription has ended
body:
Hello {{recipientName}},

The subscription of {{clinicName}} has ended. The clinic takes no new bookings and plans; what is booked and treatment under way go on, and the data can be read and exported.

You can choose a plan again at any time, under billing.

Warm regards,
the RestartiX team

==========
channel: in_app
locale: ro
version: 1
title: {{clinicName}}: abonamentul s-a încheiat
body:
Datele se pot citi și exporta. Puteți alege oricând un plan nou.
==========
channel: in_app
locale: en
version: 1
title: {{clinicName}}: the subscription has ended
body:
The data can be read and exported. You can choose a plan again at any time.
');
-- end of source: reference/notify/message_subscription_canceled.sql

-- source: reference/notify/message_subscription_past_due.sql
-- The message subscription_past_due: what it needs, by which ways it goes, and its words on each. BIL-01, BIL-05, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "subscription_past_due"}', rows => '
topic: clinic
lasts: 7 days
variables: {expiresAt,timezone}
sample: {"expiresAt": "2027-03-30T21:00:00Z", "timezone": "Europe/Bucharest"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "subscription_past_due"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "subscription_past_due"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}: o factură nu este plătită
body:
Bună ziua, {{recipientName}},

O factură a clinicii {{clinicName}} a trecut de scadență și nu este plătită. O găsiți la Abonament și facturare, de unde o puteți plăti.
{{#expiresWhen}}

Dacă rămâne neplătită, din {{expiresWhen}} clinica nu mai primește programări noi. Ce este programat și tratamentele începute continuă.
{{/expiresWhen}}

Cu drag,
echipa RestartiX

==========
channel: email
locale: en
version: 1
title: {{clinicName}}: a bill is not paid
body:
Hello {{recipientName}},

A bill of {{clinicName}} is overdue. You find it under billing, where you can pay it.
{{#expiresWhen}}

If it stays unpaid, the clinic takes no new bookings from {{expiresWhen}} on. What is booked and treatment under way go on.
{{/expiresWhen}}

Warm regards,
the RestartiX team

==========
channel: in_app
locale: ro
version: 1
title: {{clinicName}}: o factură nu este plătită
body:
O găsiți la Abonament și facturare.
==========
channel: in_app
locale: en
version: 1
title: {{clinicName}}: a bill is not paid
body:
You find it under billing.
');
-- end of source: reference/notify/message_subscription_past_due.sql

-- source: reference/notify/message_subscription_report_unclear.sql
-- The message subscription_report_unclear: what it needs, by which ways it goes, and its words on each. BIL-09, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "subscription_report_unclear"}', rows => '
topic: clinic
lasts: 7 days
variables: {externalReference}
sample: {"externalReference": "sub_1RtY2k"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "subscription_report_unclear"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "subscription_report_unclear"}', rows => '
channel: email
locale: ro
version: 1
title: De verificat: abonamentul {{externalReference}}
body:
Bună ziua, {{recipientName}},

Furnizorul de plăți al clinicii a transmis despre abonamentul {{externalReference}} ceva ce nu l-a schimbat la noi: fie o stare pe care nu o cunoaștem, fie una a unui abonament încheiat.

Deschideți abonamentul pacientului, vedeți ce s-a transmis și schimbați-i starea, dacă este nevoie.

{{clinicName}}

==========
channel: email
locale: en
version: 1
title: To be checked: subscription {{externalReference}}
body:
Hello {{recipientName}},

The clinic''s payment provider reported something about the subscription {{externalReference}} that changed nothing here: a status that we do not know, or one of a subscription that has ended.

Open the patient''s subscription, see what was reported, and change its status where needed.

{{clinicName}}

==========
channel: in_app
locale: ro
version: 1
title: De verificat: abonamentul {{externalReference}}
body:
Furnizorul de plăți a transmis o stare care nu l-a schimbat.
==========
channel: in_app
locale: en
version: 1
title: To be checked: subscription {{externalReference}}
body:
The payment provider reported a status that did not change it.
');
-- end of source: reference/notify/message_subscription_report_unclear.sql

-- source: reference/notify/message_subscription_suspended.sql
-- The message subscription_suspended: what it needs, by which ways it goes, and its words on each. BIL-01, BIL-05, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "subscription_suspended"}', rows => '
topic: clinic
lasts: 7 days
variables: {}
sample: {}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "subscription_suspended"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "subscription_suspended"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}: abonamentul este suspendat
body:
Bună ziua, {{recipientName}},

Abonamentul clinicii {{clinicName}} este suspendat, fiindcă o factură a rămas neplătită. Clinica nu mai primește programări și planuri noi și nu mai trimite mesaje noi.

Tot ce este înregistrat se poate citi și exporta, iar programările făcute și tratamentele începute continuă. După plată totul pornește din nou, fără alt pas.

Cu drag,
echipa RestartiX

==========
channel: email
locale: en
version: 1
title: {{clinicName}}: the subscription is suspended
body:
Hello {{recipientName}},

The subscription of {{clinicName}} is suspended, since a bill stayed unpaid. The clinic takes no new bookings and plans, and sends no new messages.

Everything can be read and exported, and what is booked and treatment under way go on. Once the bill is paid everything works again by itself.

Warm regards,
the RestartiX team

==========
channel: in_app
locale: ro
version: 1
title: {{clinicName}}: abonamentul este suspendat
body:
O factură a rămas neplătită. Clinica nu primește programări noi până la plată.
==========
channel: in_app
locale: en
version: 1
title: {{clinicName}}: the subscription is suspended
body:
A bill stayed unpaid. The clinic takes no new bookings until it is paid.
');
-- end of source: reference/notify/message_subscription_suspended.sql

-- source: reference/notify/message_subscription_trial_ending.sql
-- The message subscription_trial_ending: what it needs, by which ways it goes, and its words on each. BIL-01, BIL-05, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "subscription_trial_ending"}', rows => '
topic: clinic
lasts: 7 days
variables: {expiresAt,timezone}
sample: {"expiresAt": "2027-03-30T21:00:00Z", "timezone": "Europe/Bucharest"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "subscription_trial_ending"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "subscription_trial_ending"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}: perioada de probă se încheie curând
body:
Bună ziua, {{recipientName}},

Perioada de probă a clinicii {{clinicName}} se încheie {{expiresWhen}}. De atunci abonamentul continuă cu plată, în planul ales.

Dacă doriți alt plan sau nu continuați, schimbați ori anulați abonamentul până atunci, la Abonament și facturare.

Cu drag,
echipa RestartiX

==========
channel: email
locale: en
version: 1
title: {{clinicName}}: the trial ends soon
body:
Hello {{recipientName}},

The trial of {{clinicName}} ends on {{expiresWhen}}. From then on the subscription goes on, paid, in the plan you chose.

If you want another plan or do not want to go on, change or cancel the subscription before, under billing.

Warm regards,
the RestartiX team

==========
channel: in_app
locale: ro
version: 1
title: {{clinicName}}: perioada de probă se încheie curând
body:
Se încheie {{expiresWhen}}. De atunci abonamentul continuă cu plată.
==========
channel: in_app
locale: en
version: 1
title: {{clinicName}}: the trial ends soon
body:
It ends on {{expiresWhen}}. From then on the subscription is paid.
');
-- end of source: reference/notify/message_subscription_trial_ending.sql

-- source: reference/notify/notifications.sql
-- Which events people are written to about, and by which function of app_private each area says who is told. FND-14, FND-15.

select app_private.own_rows('app_private.event_subscriptions', scope => '{"consumer": "notifications"}', rows => '
  event_name                          | messages_function
  ------------------------------------+----------------------------------------
  appointment.booked                  | messages_about_appointment
  appointment.cancelled               | messages_about_appointment
  appointment.changed                 | messages_about_changed_appointment
  appointment.patient_changed         | messages_about_changed_patient
  appointment.reinstated              | messages_about_appointment
  appointment.rescheduled             | messages_about_appointment
  appointment.reminder_due            | messages_about_reminder
  booking_request.confirmed           | messages_about_booking_request
  booking_request.expired             | messages_about_booking_request
  booking_request.moved               | messages_about_booking_request
  booking_request.received            | messages_about_booking_request
  booking_request.rejected            | messages_about_booking_request
  booking_request.withdrawn           | messages_about_booking_request
  credit_note.issued                  | messages_about_credit_note
  document.rendered                   | messages_about_document
  invoice.issued                      | messages_about_invoice
  organization.activated              | messages_about_organization
  patient_subscription.report_unclear | messages_about_subscription_reports
  payment.received                    | messages_about_payment
  privacy_notice.published            | messages_about_privacy_notice
  refund.requested                    | messages_about_refund
  review.low_rating                   | messages_about_review
  subscription.active                 | messages_about_organization_subscription
  subscription.canceled               | messages_about_organization_subscription
  subscription.past_due               | messages_about_organization_subscription
  subscription.suspended              | messages_about_organization_subscription
  subscription.trial_ending           | messages_about_organization_subscription
  waitlist_entry.offered              | messages_about_waitlist_offer
  webhook_subscription.disabled       | messages_about_webhooks
');
-- end of source: reference/notify/notifications.sql

-- source: reference/payments/credit_note_events.sql
-- What is published about credit notes. A version is never changed: a new one is added. FND-14, BIL-05, BIL-08.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "credit_note"}', rows => '
name: credit_note.issued
version: 1
description: Something was taken off an invoice.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["creditNoteId", "invoiceId"],
 "properties": {
   "refundId": {"type": "string", "format": "uuid"},
   "invoiceId": {"type": "string", "format": "uuid"},
   "creditNoteId": {"type": "string", "format": "uuid"}}}
==========
name: credit_note.total_differs
version: 1
description: The invoicing provider returned another total than was taken off the invoice: somebody has to look.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["creditNoteId", "invoiceId"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"},
   "creditNoteId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/payments/credit_note_events.sql

-- source: reference/payments/invoice_payment_events.sql
-- What is published about how an invoice is paid. A version is never changed: a new one is added. FND-14, BIL-05.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "invoice_payment"}', rows => '
name: invoice.paid
version: 1
description: Nothing of it is due any more.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["invoiceId"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"}}}
==========
name: invoice.voided
version: 1
description: It was taken off as a whole before anything was paid.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["invoiceId"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"}}}
==========
name: invoice.uncollectible
version: 1
description: The platform gave it up.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["invoiceId"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/payments/invoice_payment_events.sql

-- source: reference/payments/invoice_tax_events.sql
-- What is published about an invoice at the tax office. A version is never changed: a new one is added. FND-14, BIL-04.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "invoice_tax"}', rows => '
name: invoice.tax_deadline_near
version: 1
description: Its legal deadline is near, and the tax office has not accepted it.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["invoiceId"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"}}}
==========
name: invoice.tax_rejected
version: 1
description: The tax office did not accept it.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["invoiceId"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/payments/invoice_tax_events.sql

-- source: reference/payments/payment_attempt_events.sql
-- What is published about tries to take money. A version is never changed: a new one is added. FND-14, BIL-05.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "payment_attempt"}', rows => '
name: payment_attempt.failed
version: 1
description: The vendor did not take the money.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["attemptId", "invoiceId"],
 "properties": {
   "attemptId": {"type": "string", "format": "uuid"},
   "invoiceId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/payments/payment_attempt_events.sql

-- source: reference/payments/payment_attempt_transitions.sql
-- What becomes of a try to take money. An empty from_state is creation. docs/state-machines/payment_attempts.md is drawn from these
-- rows. What has ended does not begin again, but money that was taken is taken, whatever was said before. BIL-05, docs/decisions/0187.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "payment_attempts"}', rows => '
  from_state | to_state   | actor
  -----------+------------+-------
             | queued     | system
  queued     | processing | system
  queued     | succeeded  | system
  queued     | failed     | system
  queued     | unknown    | system
  queued     | canceled   | system
  processing | succeeded  | system
  processing | failed     | system
  processing | unknown    | system
  processing | canceled   | system
  unknown    | processing | system
  unknown    | succeeded  | system
  unknown    | failed     | system
  unknown    | canceled   | system
  failed     | succeeded  | system
  failed     | canceled   | system
  canceled   | failed     | system
  canceled   | succeeded  | system
');
-- end of source: reference/payments/payment_attempt_transitions.sql

-- source: reference/payments/payment_events.sql
-- What is published about money that arrived. A version is never changed: a new one is added. FND-14, BIL-05.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "payment"}', rows => '
name: payment.contradicted
version: 1
description: What was said of a payment contradicts what is recorded: somebody has to look.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["invoiceId"],
 "properties": {
   "attemptId": {"type": "string", "format": "uuid"},
   "invoiceId": {"type": "string", "format": "uuid"},
   "paymentId": {"type": "string", "format": "uuid"}}}
==========
name: payment.received
version: 1
description: Money arrived.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["paymentId", "invoiceId"],
 "properties": {
   "invoiceId": {"type": "string", "format": "uuid"},
   "paymentId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/payments/payment_events.sql

-- source: reference/payments/public_holidays_ro.sql
-- Days on which nobody works in Romania: Law 53/2003 (the labour code) art. 139 alin. (1), with 6 and 7 January since Law 52/2023.
-- Good Friday, Easter and Pentecost are those of the Orthodox calendar; a test reckons them by another way. BIL-04.

select app_private.own_rows('app_private.public_holidays', scope => '{"country": "RO"}', rows => '
  day        | name
  -----------+-----------------------------------
  2026-01-01 | New Year
  2026-01-02 | New Year
  2026-01-06 | Epiphany
  2026-01-07 | Synaxis of Saint John the Baptist
  2026-01-24 | Union of the Principalities
  2026-04-10 | Good Friday
  2026-04-12 | Easter
  2026-04-13 | Easter
  2026-05-01 | Labour Day
  2026-05-31 | Pentecost
  2026-06-01 | Children''s Day and Pentecost
  2026-08-15 | Dormition of the Mother of God
  2026-11-30 | Saint Andrew
  2026-12-01 | National Day
  2026-12-25 | Christmas
  2026-12-26 | Christmas
  2027-01-01 | New Year
  2027-01-02 | New Year
  2027-01-06 | Epiphany
  2027-01-07 | Synaxis of Saint John the Baptist
  2027-01-24 | Union of the Principalities
  2027-04-30 | Good Friday
  2027-05-01 | Labour Day
  2027-05-02 | Easter
  2027-05-03 | Easter
  2027-06-01 | Children''s Day
  2027-06-20 | Pentecost
  2027-06-21 | Pentecost
  2027-08-15 | Dormition of the Mother of God
  2027-11-30 | Saint Andrew
  2027-12-01 | National Day
  2027-12-25 | Christmas
  2027-12-26 | Christmas
  2028-01-01 | New Year
  2028-01-02 | New Year
  2028-01-06 | Epiphany
  2028-01-07 | Synaxis of Saint John the Baptist
  2028-01-24 | Union of the Principalities
  2028-04-14 | Good Friday
  2028-04-16 | Easter
  2028-04-17 | Easter
  2028-05-01 | Labour Day
  2028-06-01 | Children''s Day
  2028-06-04 | Pentecost
  2028-06-05 | Pentecost
  2028-08-15 | Dormition of the Mother of God
  2028-11-30 | Saint Andrew
  2028-12-01 | National Day
  2028-12-25 | Christmas
  2028-12-26 | Christmas
');
-- end of source: reference/payments/public_holidays_ro.sql

-- source: reference/payments/refund_events.sql
-- What is published about money that goes back. A version is never changed: a new one is added. FND-14, BIL-05, BIL-08.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "refund"}', rows => '
name: refund.failed
version: 1
description: The vendor did not give the money back: it is a balance of the clinic.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["refundId", "paymentId"],
 "properties": {
   "refundId": {"type": "string", "format": "uuid"},
   "paymentId": {"type": "string", "format": "uuid"}}}
==========
name: refund.requested
version: 1
description: Money goes back that had paid no invoice, without a credit note.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["refundId", "paymentId"],
 "properties": {
   "refundId": {"type": "string", "format": "uuid"},
   "paymentId": {"type": "string", "format": "uuid"}}}
==========
name: refund.succeeded
version: 1
description: The money went back.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["refundId", "paymentId"],
 "properties": {
   "refundId": {"type": "string", "format": "uuid"},
   "paymentId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/payments/refund_events.sql

-- source: reference/payments/refund_transitions.sql
-- What becomes of money that goes back. An empty from_state is creation. docs/state-machines/refunds.md is drawn from these rows. A bank
-- may send back what had arrived, and a vendor may say so after it said succeeded. BIL-05, docs/decisions/0187.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "refunds"}', rows => '
  from_state | to_state   | actor
  -----------+------------+-------
             | queued     | system
  queued     | processing | system
  queued     | succeeded  | system
  queued     | failed     | system
  queued     | unknown    | system
  processing | succeeded  | system
  processing | failed     | system
  processing | unknown    | system
  unknown    | processing | system
  unknown    | succeeded  | system
  unknown    | failed     | system
  succeeded  | processing | system
  succeeded  | failed     | system
  failed     | processing | system
  failed     | succeeded  | system
');
-- end of source: reference/payments/refund_transitions.sql

-- source: reference/payments/submission_deadlines.sql
-- How many days after its day an invoice has to be at the tax office. An invoice has the deadline of its own day. BIL-04.

select app_private.own_rows('app_private.submission_deadlines', rows => '
  country | valid_from | days | counts        | citation
  --------+------------+------+---------------+------------------------------------------------------------------------------------------------------------
  RO      | 2024-01-01 | 5    | calendar_days | OUG 120/2021 art. 10 alin. (7), as of Law 296/2023: five days from the day of the invoice
  RO      | 2026-01-01 | 5    | working_days  | OUG 120/2021 art. 10 alin. (7), as changed by OUG 89/2025: five working days, counted by Regulation (EEC, Euratom) 1182/71
');
-- end of source: reference/payments/submission_deadlines.sql

-- source: reference/plans/patient_payment_statuses.sql
-- What payment providers of clinics call a status, and what it is here. BIL-09.
-- A paused subscription at Stripe is one whose trial ended without a way to pay. Of invoices the handler leaves out those of
-- nothing and a first charge that failed: the subscription is incomplete then.

select app_private.own_rows('app_private.patient_payment_statuses', rows => '
  provider | provider_word          | subscription_status | rank
  ---------+------------------------+---------------------+-----
  own      | pending                | pending             | 0
  own      | trialing               | trialing            | 1
  own      | active                 | active              | 2
  own      | past_due               | past_due            | 3
  own      | expired                | expired             | 4
  own      | canceled               | canceled            | 5
  stripe   | incomplete             | pending             | 0
  stripe   | trialing               | trialing            | 1
  stripe   | invoice.paid           | active              | 2
  stripe   | active                 | active              | 3
  stripe   | invoice.payment_failed | past_due            | 4
  stripe   | past_due               | past_due            | 5
  stripe   | unpaid                 | past_due            | 6
  stripe   | paused                 | past_due            | 7
  stripe   | incomplete_expired     | canceled            | 8
  stripe   | canceled               | canceled            | 9
');
-- end of source: reference/plans/patient_payment_statuses.sql

-- source: reference/plans/patient_subscription_events.sql
-- What is published about subscriptions of patients. A version is never changed: a new one is added. FND-14, FND-21.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "patient_subscription"}', rows => '
name: patient_subscription.active
version: 1
description: It goes on: begun, or paid.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "patientProfileId", "tierId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "tierId": {"type": "string", "format": "uuid"},
   "fromTierId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: patient_subscription.canceled
version: 1
description: Somebody ended it.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "patientProfileId", "tierId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "tierId": {"type": "string", "format": "uuid"},
   "fromTierId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: patient_subscription.expired
version: 1
description: Its time has passed.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "patientProfileId", "tierId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "tierId": {"type": "string", "format": "uuid"},
   "fromTierId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: patient_subscription.past_due
version: 1
description: A payment is awaited.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "patientProfileId", "tierId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "tierId": {"type": "string", "format": "uuid"},
   "fromTierId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: patient_subscription.pending
version: 1
description: It was agreed, and has not begun.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "patientProfileId", "tierId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "tierId": {"type": "string", "format": "uuid"},
   "fromTierId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: patient_subscription.report_unclear
version: 1
description: The clinic''s payment provider reported what moves nothing: a word that nobody has explained, or a subscription that had ended.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "patientProfileId", "provider", "reason"],
 "properties": {
   "provider": {"enum": ["stripe", "own"], "type": "string"},
   "reason": {"enum": ["unknown_status", "illegal_move"], "type": "string"},
   "subscriptionId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: patient_subscription.tier_changed
version: 1
description: It is of another tier.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "patientProfileId", "tierId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "tierId": {"type": "string", "format": "uuid"},
   "fromTierId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: patient_subscription.trialing
version: 1
description: It is on trial.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "patientProfileId", "tierId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "canceled", "expired"], "type": "string"},
   "tierId": {"type": "string", "format": "uuid"},
   "fromTierId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/plans/patient_subscription_events.sql

-- source: reference/plans/patient_subscription_transitions.sql
-- Who may move a subscription from where to where, what is published, and why nobody is told of it. An empty from_state is
-- creation. docs/state-machines/patient_subscriptions.md is drawn from these rows. FND-21, CAT-06.
-- What a payment provider reports is followed whoever may else make the move; on trial again it goes by such a report alone. BIL-09.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "patient_subscriptions"}', rows => '
  from_state | to_state | actor  | permission           | event                         | quiet_because
  -----------+----------+--------+----------------------+-------------------------------+-------------------------------------------------------------
             | pending  | staff  | patient_plans.manage | patient_subscription.pending  | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  pending    | trialing | staff  | patient_plans.manage | patient_subscription.trialing | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  pending    | active   | staff  | patient_plans.manage | patient_subscription.active   | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  pending    | canceled | staff  | patient_plans.manage | patient_subscription.canceled | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  pending    | expired  | system |                      | patient_subscription.expired  | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  trialing   | active   | staff  | patient_plans.manage | patient_subscription.active   | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  trialing   | past_due | staff  | patient_plans.manage | patient_subscription.past_due | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  trialing   | past_due | system |                      | patient_subscription.past_due | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  trialing   | canceled | staff  | patient_plans.manage | patient_subscription.canceled | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  trialing   | expired  | system |                      | patient_subscription.expired  | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  active     | trialing | system |                      | patient_subscription.trialing | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  active     | past_due | staff  | patient_plans.manage | patient_subscription.past_due | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  active     | canceled | staff  | patient_plans.manage | patient_subscription.canceled | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  active     | expired  | system |                      | patient_subscription.expired  | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  past_due   | trialing | system |                      | patient_subscription.trialing | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  past_due   | active   | staff  | patient_plans.manage | patient_subscription.active   | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  past_due   | canceled | staff  | patient_plans.manage | patient_subscription.canceled | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  past_due   | expired  | system |                      | patient_subscription.expired  | Who agreed on it at the clinic knows; the clinic writes about payments itself.
');
-- end of source: reference/plans/patient_subscription_transitions.sql

-- source: reference/providers/platform_service_providers.sql
-- Which vendor can serve which capability. FND-22. What is offered, what serves whoever chose nothing, and where the
-- platform has an account, a superadmin sets afterwards: a row has it from here only when it is new.

select app_private.own_rows('app_public.platform_service_providers', given_once => '{is_default, is_offered, has_platform_account}', rows => '
  capability     | provider | is_default | is_offered | has_platform_account
  ---------------+----------+------------+------------+---------------------
  email          | ses      | false      | true       | false
  email          | smtp     | true       | true       | true
  exercise_video | bunny    | true       | false      | true
  invoicing      | fgo      | false      | true       | false
  invoicing      | manual   | true       | true       | true
  invoicing      | stripe   | false      | true       | false
  payment        | manual   | true       | true       | true
  payment        | stripe   | false      | true       | false
  push           | web_push | true       | false      | true
  sms            | twilio   | true       | true       | true
  storage        | s3       | true       | false      | true
  video          | daily    | true       | true       | true
  whatsapp       | twilio   | true       | true       | true
');
-- end of source: reference/providers/platform_service_providers.sql

-- source: reference/providers/service_providers.sql
-- Vendors, and what a clinic enters to use an account of its own there. FND-22, FND-23.
-- kind: how a value is read; secret and password are sealed. destination: a change of it makes the keys be entered anew.

select app_private.own_rows('app_public.service_providers', rows => '
key: bunny
name: Bunny Stream
credential_fields: [
  {"kind": "secret", "name": "apiKey", "label": "Library API key", "labelRo": "Cheie API a bibliotecii", "required": true},
  {"kind": "secret", "name": "tokenKey", "label": "Token authentication key", "labelRo": "Cheie de autentificare", "required": true}]
settings_fields: [
  {"kind": "text", "name": "libraryId", "label": "Library ID", "labelRo": "ID bibliotecă", "required": true, "destination": true},
  {"kind": "text", "name": "pullZone", "label": "Pull zone", "labelRo": "Zonă de distribuție", "required": true, "destination": true}]
==========
key: daily
name: Daily.co
credential_fields: [
  {"kind": "secret", "name": "apiKey", "label": "API key", "labelRo": "Cheie API", "required": true},
  {"kind": "secret", "name": "webhookSecret", "label": "Webhook signing secret", "labelRo": "Secret de semnare webhook", "required": false}]
settings_fields: [
  {"kind": "text", "name": "domain", "label": "Domain", "labelRo": "Domeniu", "required": true, "destination": true}]
==========
key: fgo
name: FGO
credential_fields: [
  {"kind": "secret", "name": "privateKey", "label": "Private key", "labelRo": "Cheie privată", "required": true}]
settings_fields: [
  {"kind": "text", "name": "companyCode", "label": "Tax code of the company", "labelRo": "Cod unic de înregistrare", "required": true, "destination": true},
  {"kind": "text", "name": "invoiceSeries", "label": "Invoice series", "labelRo": "Serie facturi", "required": true, "destination": false}]
==========
key: manual
name: By hand
credential_fields: []
settings_fields: []
==========
key: s3
name: Amazon S3 or compatible
credential_fields: [
  {"kind": "text", "name": "accessKeyId", "label": "Access key ID", "labelRo": "ID cheie de acces", "required": true},
  {"kind": "secret", "name": "secretAccessKey", "label": "Secret access key", "labelRo": "Cheie secretă de acces", "required": true}]
settings_fields: [
  {"kind": "text", "name": "bucket", "label": "Bucket", "labelRo": "Bucket", "required": true, "destination": true},
  {"kind": "text", "name": "region", "label": "Region", "labelRo": "Regiune", "required": true, "destination": true},
  {"kind": "url", "name": "endpoint", "label": "Endpoint, if not Amazon", "labelRo": "Adresa serviciului, dacă nu este Amazon", "required": false, "destination": true}]
==========
key: ses
name: Amazon SES
credential_fields: [
  {"kind": "text", "name": "accessKeyId", "label": "Access key ID", "labelRo": "ID cheie de acces", "required": true},
  {"kind": "secret", "name": "secretAccessKey", "label": "Secret access key", "labelRo": "Cheie secretă de acces", "required": true}]
settings_fields: [
  {"kind": "text", "name": "region", "label": "Region", "labelRo": "Regiune", "required": true, "destination": true},
  {"kind": "email", "name": "sender", "label": "Verified sender", "labelRo": "Expeditor verificat", "required": true, "destination": true},
  {"kind": "text", "name": "configurationSet", "label": "Configuration set", "labelRo": "Set de configurare", "required": false, "destination": false}]
==========
key: smtp
name: SMTP
credential_fields: [
  {"kind": "text", "name": "username", "label": "User name", "labelRo": "Utilizator", "required": true},
  {"kind": "password", "name": "password", "label": "Password", "labelRo": "Parolă", "required": true}]
settings_fields: [
  {"kind": "text", "name": "host", "label": "Server", "labelRo": "Server", "required": true, "destination": true},
  {"kind": "integer", "name": "port", "label": "Port", "labelRo": "Port", "required": true, "destination": true},
  {"kind": "email", "name": "sender", "label": "Sender", "labelRo": "Expeditor", "required": true, "destination": true}]
==========
key: stripe
name: Stripe
credential_fields: [
  {"kind": "secret", "name": "secretKey", "label": "Secret key", "labelRo": "Cheie secretă", "required": false},
  {"kind": "secret", "name": "webhookSecret", "label": "Webhook signing secret", "labelRo": "Secret de semnare webhook", "required": true}]
settings_fields: []
==========
key: twilio
name: Twilio
credential_fields: [
  {"kind": "text", "name": "accountSid", "label": "Account SID", "labelRo": "Account SID", "required": true},
  {"kind": "secret", "name": "authToken", "label": "Auth token", "labelRo": "Auth token", "required": true}]
settings_fields: [
  {"kind": "text", "name": "smsSender", "label": "SMS sender (number or name)", "labelRo": "Expeditor SMS (număr sau nume)", "required": false, "destination": true},
  {"kind": "phone", "name": "whatsappSender", "label": "WhatsApp number", "labelRo": "Număr WhatsApp", "required": false, "destination": true},
  {"kind": "text", "name": "messagingServiceSid", "label": "Messaging service SID", "labelRo": "SID serviciu de mesaje", "required": false, "destination": true}]
==========
key: web_push
name: Web Push
credential_fields: [
  {"kind": "secret", "name": "vapidPrivateKey", "label": "VAPID private key", "labelRo": "Cheie VAPID privată", "required": true}]
settings_fields: [
  {"kind": "text", "name": "vapidPublicKey", "label": "VAPID public key", "labelRo": "Cheie VAPID publică", "required": true, "destination": true}]
');
-- end of source: reference/providers/service_providers.sql

-- source: reference/service_accounts/platform_entitlements.sql
-- What clinics can have beside a tier. Neither is built: granting it is refused (docs/guides/dedicated_tenancy.md). FND-20, TEN-01.

select app_private.own_rows('app_public.platform_entitlements', rows => '
  key           | is_built | description                                      | description_ro
  --------------+----------+--------------------------------------------------+--------------------------------------------------------
  own_cmk       | false    | Data keys wrapped by the clinic''s own master key | Chei de date protejate de cheia principală a clinicii
  own_s3_bucket | false    | Files in the clinic''s own bucket                 | Fișiere în spațiul de stocare propriu al clinicii
');
-- end of source: reference/service_accounts/platform_entitlements.sql

-- source: reference/subscriptions/dunning_steps.sql
-- What follows when an invoice is not paid, by days after the day by which it was to be paid. BIL-05, docs/decisions/0177.

select app_private.own_rows('app_public.dunning_steps', rows => '
  day | action  | at
  ----+---------+------
  1   | retry   | 10:00
  3   | retry   | 10:00
  5   | retry   | 10:00
  7   | retry   | 10:00
  14  | suspend | 10:00
  30  | cancel  | 10:00
');
-- end of source: reference/subscriptions/dunning_steps.sql

-- source: reference/subscriptions/organization_billing_events.sql
-- What is published about billing details. A version is never changed: a new one is added. FND-14, BIL-10.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "organization_billing"}', rows => '
name: organization_billing.changed
version: 1
description: As whom the clinic is billed was entered or changed.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": [],
 "properties": {}}
');
-- end of source: reference/subscriptions/organization_billing_events.sql

-- source: reference/subscriptions/organization_subscription_events.sql
-- What is published about subscriptions of clinics. A version is never changed: a new one is added. FND-14, BIL-01.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "organization_subscription"}', rows => '
name: subscription.active
version: 1
description: It runs, and nothing due is unpaid: begun, or paid again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "tierVersionId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "tierVersionId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.canceled
version: 1
description: It has ended.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "tierVersionId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "tierVersionId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.end_planned
version: 1
description: It is to end on a day.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "because", "endsAt"],
 "properties": {
   "because": {"enum": ["asked", "unpaid"], "type": "string"},
   "endsAt": {"type": "string", "format": "date-time"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.past_due
version: 1
description: Something due is unpaid.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "tierVersionId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "tierVersionId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.pending
version: 1
description: It was prepared, and has not begun.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "tierVersionId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "tierVersionId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.resumed
version: 1
description: It goes on, and was to end.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId"],
 "properties": {
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.status_unknown
version: 1
description: The payment provider told a status that nobody here knows.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId"],
 "properties": {
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.suspended
version: 1
description: Nothing new begins at the clinic until what is due is paid.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "tierVersionId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "tierVersionId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.tier_changed
version: 1
description: It is of another tier, or of another version of one.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "tierVersionId", "fromTierVersionId"],
 "properties": {
   "tierVersionId": {"type": "string", "format": "uuid"},
   "fromTierVersionId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.trial_ending
version: 1
description: Its trial ends within a week.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "trialEndsAt"],
 "properties": {
   "trialEndsAt": {"type": "string", "format": "date-time"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
==========
name: subscription.trialing
version: 1
description: It is on trial.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["subscriptionId", "tierVersionId", "to"],
 "properties": {
   "to": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "from": {"enum": ["pending", "trialing", "active", "past_due", "suspended", "canceled"], "type": "string"},
   "tierVersionId": {"type": "string", "format": "uuid"},
   "subscriptionId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/subscriptions/organization_subscription_events.sql

-- source: reference/subscriptions/organization_subscription_transitions.sql
-- Where a clinic's subscription may go from where, who moves it, what is published, and why nobody is told of it. An empty from_state is
-- creation. docs/state-machines/organization_subscriptions.md is drawn from these rows. BIL-01.

select app_private.own_rows('app_private.state_transitions', scope => '{"entity": "organization_subscriptions"}', rows => '
  from_state | to_state  | actor      | permission     | event                  | quiet_because
  -----------+-----------+------------+----------------+------------------------+---------------------------------------------------------------
             | pending   | staff      | billing.manage | subscription.pending   | Whoever prepared it knows; the clinic subscribes to it itself.
             | pending   | superadmin |                | subscription.pending   | Whoever prepared it knows; the clinic subscribes to it itself.
  pending    | trialing  | staff      | billing.manage | subscription.trialing  | Whoever subscribed the clinic knows.
  pending    | trialing  | superadmin |                | subscription.trialing  | Whoever subscribed the clinic knows.
  pending    | trialing  | system     |                | subscription.trialing  | Whoever subscribed the clinic knows.
  pending    | active    | staff      | billing.manage | subscription.active    |
  pending    | active    | superadmin |                | subscription.active    |
  pending    | active    | system     |                | subscription.active    |
  pending    | canceled  | staff      | billing.manage | subscription.canceled  |
  pending    | canceled  | superadmin |                | subscription.canceled  |
  pending    | canceled  | system     |                | subscription.canceled  |
  trialing   | active    | system     |                | subscription.active    |
  trialing   | canceled  | staff      | billing.manage | subscription.canceled  |
  trialing   | canceled  | superadmin |                | subscription.canceled  |
  trialing   | canceled  | system     |                | subscription.canceled  |
  active     | past_due  | system     |                | subscription.past_due  |
  active     | suspended | system     |                | subscription.suspended |
  active     | canceled  | staff      | billing.manage | subscription.canceled  |
  active     | canceled  | superadmin |                | subscription.canceled  |
  active     | canceled  | system     |                | subscription.canceled  |
  past_due   | active    | system     |                | subscription.active    |
  past_due   | suspended | system     |                | subscription.suspended |
  past_due   | canceled  | staff      | billing.manage | subscription.canceled  |
  past_due   | canceled  | superadmin |                | subscription.canceled  |
  past_due   | canceled  | system     |                | subscription.canceled  |
  suspended  | active    | system     |                | subscription.active    |
  suspended  | past_due  | system     |                | subscription.past_due  |
  suspended  | canceled  | staff      | billing.manage | subscription.canceled  |
  suspended  | canceled  | superadmin |                | subscription.canceled  |
  suspended  | canceled  | system     |                | subscription.canceled  |
');
-- end of source: reference/subscriptions/organization_subscription_transitions.sql

-- source: reference/subscriptions/payment_provider_statuses.sql
-- What payment providers call the status of a subscription, and what it is here. What stands here not is kept and told. BIL-01.

select app_private.own_rows('app_private.payment_provider_statuses', rows => '
  provider | vendor_status      | status
  ---------+--------------------+----------
  manual   | active             | active
  manual   | canceled           | canceled
  manual   | past_due           | past_due
  manual   | pending            | pending
  manual   | suspended          | suspended
  manual   | trialing           | trialing
  stripe   | active             | active
  stripe   | canceled           | canceled
  stripe   | incomplete         | pending
  stripe   | incomplete_expired | canceled
  stripe   | past_due           | past_due
  stripe   | paused             | suspended
  stripe   | trialing           | trialing
  stripe   | unpaid             | suspended
');
-- end of source: reference/subscriptions/payment_provider_statuses.sql

select app_private.write_owned_rows();

--! split: 910-billing-permissions.sql
-- Clinics that are there already: their system roles get what new clinics' roles have of billing. FND-04, BIL-08.
set local role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, system_role_permissions.permission
from app_public.roles
join app_public.system_role_permissions on system_role_permissions.role_key = roles.system_role_key
where system_role_permissions.permission in ('billing.view', 'billing.manage')
on conflict do nothing;
reset role;

--! split: 911-shipped-tiers.sql
-- The tiers that come with the product are published: from here on nothing of these versions changes. FND-20.
update app_public.platform_tier_versions set published_at = now()
where published_at is null
  and id in ('1d53cfad-1cb5-8223-8649-a53b2e54395a', '755fc79f-af3d-8b4e-89bf-03b144716be4', 'c62fc940-aaec-868c-82eb-0266446e534b');

--! split: 912-postings-balance.sql
-- Fired when the transaction ends, since a document posts more than once. A constraint trigger, which no source can replace. BIL-02.
drop trigger if exists _800_balance on app_private.postings;
create constraint trigger _800_balance after insert on app_private.postings
  deferrable initially deferred
  for each row execute function app_private.tg_postings__balance();
