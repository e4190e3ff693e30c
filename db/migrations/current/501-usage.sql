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
