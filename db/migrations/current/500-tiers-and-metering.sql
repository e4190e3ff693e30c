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
