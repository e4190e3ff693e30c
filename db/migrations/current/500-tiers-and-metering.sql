-- What clinics subscribe to, what it limits, and what they use. FND-20, FND-24, docs/decisions/0174, 0175.

-- squawk-ignore ban-drop-table
drop table if exists app_public.meters, app_public.platform_tiers, app_public.platform_tier_versions, app_public.platform_tier_prices, app_public.platform_tier_limits, app_public.platform_overage_prices, app_private.usage_positions, app_public.usage_records, app_private.usage_subjects, app_public.usage_summaries, app_public.usage_conflicts, app_public.ai_calls, app_public.ai_model_prices, app_private.missing_ai_prices cascade;

drop type if exists app_public.tier_price cascade;
drop type if exists app_public.tier_limit cascade;
drop type if exists app_public.tier_overage_price cascade;

-- What superadmins write of a draft, all at once.
create type app_public.tier_price as (currency text, tenancy_mode text, monthly_amount bigint, annual_amount bigint, setup_amount bigint);
create type app_public.tier_limit as (meter text, enforcement text, included bigint);
create type app_public.tier_overage_price as (meter text, currency text, unit_price numeric);
comment on type app_public.tier_price is 'A price of a version, in minor units of the currency.';
comment on column app_public.tier_price.tenancy_mode is '@words platform_tier_prices.tenancy_mode';
comment on type app_public.tier_limit is 'What a version includes of a meter.';
comment on column app_public.tier_limit.enforcement is '@words platform_tier_limits.enforcement';
comment on column app_public.tier_limit.included is E'@nullable\nNull: without limit.';
comment on type app_public.tier_overage_price is 'What a version asks for a unit beyond a soft limit.';
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
comment on column app_public.platform_overage_prices.unit_price is
  'What one unit beyond the included costs, in minor units of the currency; may have a fraction.';

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
comment on column app_public.ai_calls.units is 'How many of each unit: {"input_tokens": 1200, "output_tokens": 300}.';
comment on column app_public.ai_calls.currency is 'In which the clinic is billed for it.';
comment on column app_public.ai_calls.cost is
  'What the call cost by the prices of its time, exact, in minor units; null until somebody enters a price that is missing.';
comment on column app_public.ai_calls.priced_position is
  'The position of the clinic''s usage at which its cost was known: bills that were closed before do not have it.';

-- What standing limits count: the patients in a clinic's lists, and the bytes of its files.
drop index if exists app_public.patients_listed_idx;
create index patients_listed_idx on app_public.patients (organization_id) where deleted_at is null;
drop index if exists app_public.files_stored_idx;
create index files_stored_idx on app_public.files (organization_id) include (size_bytes) where status = 'confirmed';

-- A call has an end.
drop function if exists app_private.record_video_report(uuid, text, text, text, integer);
