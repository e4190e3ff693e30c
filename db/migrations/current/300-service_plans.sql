-- What a clinic sells and promises: products, service plans with their counters, tiers and what they include. CAT-03, CAT-05, CAT-07.

-- Functions and policies that know them go with them, and come again with the sources.
-- squawk-ignore ban-drop-table
drop table if exists app_public.entitlement_entries cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.patient_entitlements cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.access_grants cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.patient_service_plans cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.patient_subscriptions cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.patient_tier_inclusions cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.patient_tiers cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.service_plan_products cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.service_plan_services cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.service_plan_counters cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.service_plans cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.products cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.entitlement_kinds cascade;

create table app_public.entitlement_kinds (
  key text primary key,
  description text not null,
  constraint entitlement_kinds_key_is_a_slug check (key ~ '^[a-z][a-z_]{2,62}$')
);
comment on table app_public.entitlement_kinds is 'What plans count: sessions, treatment plan assignments.';

create table app_public.products (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  name text not null,
  description text,
  translations jsonb not null default '{}',
  price_amount bigint not null,
  currency char(3) not null,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint products_identity unique (organization_id, id),
  constraint products_name_is_not_blank check (name ~ '[[:alnum:]]'),
  constraint products_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint products_name_is_at_most_200_characters_long check (length(name) <= 200),
  constraint products_description_is_short check (length(description) <= 5000),
  constraint products_translations_is_an_object check (jsonb_typeof(translations) = 'object'),
  constraint products_price_amount_is_not_negative check (price_amount >= 0),
  constraint products_currency_is_a_code check (currency ~ '^[A-Z]{3}$')
);
create unique index products_name_is_unique_per_organization on app_public.products (organization_id, lower(name));
comment on table app_public.products is 'Things that a clinic hands out or sells, for reference: nothing is ordered here.';
comment on column app_public.products.price_amount is 'In minor units (bani) of currency.';
comment on column app_public.products.translations is 'Per locale: {"en": {"name": "…", "description": "…"}}.';
comment on column app_public.products.is_active is 'Whether it is offered.';

create table app_public.service_plans (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  name text not null,
  description text,
  translations jsonb not null default '{}',
  plan_type text not null,
  sessions_total int,
  validity_days int,
  telerehab_access boolean not null default false,
  library_access boolean not null default false,
  price_amount bigint not null,
  currency char(3) not null,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint service_plans_identity unique (organization_id, id),
  constraint service_plans_name_is_not_blank check (name ~ '[[:alnum:]]'),
  constraint service_plans_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint service_plans_name_is_at_most_200_characters_long check (length(name) <= 200),
  constraint service_plans_description_is_short check (length(description) <= 5000),
  constraint service_plans_translations_is_an_object check (jsonb_typeof(translations) = 'object'),
  constraint service_plans_plan_type_is_known check (plan_type in ('session_based', 'time_based', 'hybrid')),
  constraint service_plans_sessions_total_is_sensible check (sessions_total between 1 and 10000),
  constraint service_plans_sessions_total_is_as_the_type_says check ((plan_type = 'time_based') = (sessions_total is null)),
  constraint service_plans_validity_days_is_sensible check (validity_days between 1 and 3660),
  constraint service_plans_validity_days_is_as_the_type_says check (plan_type = 'session_based' or validity_days is not null),
  constraint service_plans_price_amount_is_not_negative check (price_amount >= 0),
  constraint service_plans_currency_is_a_code check (currency ~ '^[A-Z]{3}$')
);
create unique index service_plans_name_is_unique_per_organization on app_public.service_plans (organization_id, lower(name));
comment on table app_public.service_plans is
  'What a clinic sells as a whole: a number of sessions, a time, or both, with what it opens. A plan that is no longer sold is inactive.';
comment on constraint service_plans_plan_type_is_known on app_public.service_plans is
  E'session_based: A number of sessions.\ntime_based: As much as one likes, for a time.\nhybrid: A number of sessions within a time.';
comment on column app_public.service_plans.plan_type is 'Whether sessions, time or both are sold.';
comment on column app_public.service_plans.sessions_total is 'How many sessions; null where time is sold.';
comment on column app_public.service_plans.validity_days is 'For how many days, counted from the one after it was bought; null where it does not end.';
comment on column app_public.service_plans.telerehab_access is 'Whether it opens sessions from home.';
comment on column app_public.service_plans.library_access is 'Whether it opens the library of exercises.';
comment on column app_public.service_plans.price_amount is 'In minor units (bani) of currency.';
comment on column app_public.service_plans.translations is 'Per locale: {"en": {"name": "…", "description": "…"}}.';
comment on column app_public.service_plans.is_active is 'Whether it is sold. Who has it keeps it.';

create table app_public.service_plan_counters (
  organization_id uuid not null,
  service_plan_id uuid not null,
  kind text not null references app_public.entitlement_kinds on delete restrict,
  total int not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, service_plan_id, kind),
  constraint service_plan_counters_kind_is_counted_here check (kind <> 'sessions'),
  constraint service_plan_counters_total_is_sensible check (total between 1 and 10000),
  constraint service_plan_counters_plan_fkey foreign key (organization_id, service_plan_id)
    references app_public.service_plans (organization_id, id) on delete restrict
);
create index service_plan_counters_kind_idx on app_public.service_plan_counters (kind);
comment on table app_public.service_plan_counters is
  'What else a plan counts beside sessions, which are a column of the plan: assignments of treatment plans, for one.';
comment on column app_public.service_plan_counters.kind is 'What is counted, by the key of an EntitlementKind.';
comment on column app_public.service_plan_counters.total is 'How many the plan gives.';

create table app_public.service_plan_services (
  organization_id uuid not null,
  service_plan_id uuid not null,
  service_id uuid not null,
  created_at timestamptz not null default now(),
  primary key (organization_id, service_plan_id, service_id),
  constraint service_plan_services_plan_fkey foreign key (organization_id, service_plan_id)
    references app_public.service_plans (organization_id, id) on delete restrict,
  constraint service_plan_services_service_fkey foreign key (organization_id, service_id)
    references app_public.services (organization_id, id) on delete restrict
);
create index service_plan_services_service_idx on app_public.service_plan_services (organization_id, service_id);
comment on table app_public.service_plan_services is
  'For which services the sessions of a plan may be used. A plan without a row here is for every service.';

create table app_public.service_plan_products (
  organization_id uuid not null,
  service_plan_id uuid not null,
  product_id uuid not null,
  quantity int not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (organization_id, service_plan_id, product_id),
  constraint service_plan_products_quantity_is_sensible check (quantity between 1 and 1000),
  constraint service_plan_products_plan_fkey foreign key (organization_id, service_plan_id)
    references app_public.service_plans (organization_id, id) on delete restrict,
  constraint service_plan_products_product_fkey foreign key (organization_id, product_id)
    references app_public.products (organization_id, id) on delete restrict
);
create index service_plan_products_product_idx on app_public.service_plan_products (organization_id, product_id);
comment on table app_public.service_plan_products is 'A bundle: which products come with a plan, and how many.';
comment on column app_public.service_plan_products.quantity is 'How many of the product.';

create table app_public.patient_tiers (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  name text not null,
  description text,
  translations jsonb not null default '{}',
  billing_period text not null default 'month',
  price_amount bigint not null,
  currency char(3) not null,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint patient_tiers_identity unique (organization_id, id),
  constraint patient_tiers_name_is_not_blank check (name ~ '[[:alnum:]]'),
  constraint patient_tiers_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint patient_tiers_name_is_at_most_200_characters_long check (length(name) <= 200),
  constraint patient_tiers_description_is_short check (length(description) <= 5000),
  constraint patient_tiers_translations_is_an_object check (jsonb_typeof(translations) = 'object'),
  constraint patient_tiers_billing_period_is_known check (billing_period in ('month', 'quarter', 'year')),
  constraint patient_tiers_price_amount_is_not_negative check (price_amount >= 0),
  constraint patient_tiers_currency_is_a_code check (currency ~ '^[A-Z]{3}$')
);
create unique index patient_tiers_name_is_unique_per_organization on app_public.patient_tiers (organization_id, lower(name));
comment on table app_public.patient_tiers is 'What patients of a clinic subscribe to.';
comment on constraint patient_tiers_billing_period_is_known on app_public.patient_tiers is
  E'month: A month.\nquarter: Three months.\nyear: Twelve months.';
comment on column app_public.patient_tiers.billing_period is 'What the price is for.';
comment on column app_public.patient_tiers.price_amount is 'In minor units (bani) of currency.';
comment on column app_public.patient_tiers.translations is 'Per locale: {"en": {"name": "…", "description": "…"}}.';
comment on column app_public.patient_tiers.is_active is 'Whether patients can subscribe to it. Who has it keeps it.';

create table app_public.patient_tier_inclusions (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  tier_id uuid not null,
  service_plan_id uuid not null,
  grant_period text not null default 'month',
  grant_quantity int not null default 1,
  carry_over_unused boolean not null default false,
  prorate_on_upgrade boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint patient_tier_inclusions_identity unique (organization_id, id),
  constraint patient_tier_inclusions_plan_is_included_once unique (organization_id, tier_id, service_plan_id),
  constraint patient_tier_inclusions_grant_period_is_known check (grant_period in ('month', 'quarter', 'year')),
  constraint patient_tier_inclusions_grant_quantity_is_sensible check (grant_quantity between 1 and 1000),
  constraint patient_tier_inclusions_tier_fkey foreign key (organization_id, tier_id)
    references app_public.patient_tiers (organization_id, id) on delete restrict,
  constraint patient_tier_inclusions_plan_fkey foreign key (organization_id, service_plan_id)
    references app_public.service_plans (organization_id, id) on delete restrict
);
create index patient_tier_inclusions_plan_idx on app_public.patient_tier_inclusions (organization_id, service_plan_id);
comment on table app_public.patient_tier_inclusions is
  'Which plans a tier brings, how many times what the plan counts, and for which time. A change counts for each subscriber '
  'from their next billing period.';
comment on constraint patient_tier_inclusions_grant_period_is_known on app_public.patient_tier_inclusions is
  E'month: A month.\nquarter: Three months.\nyear: Twelve months.';
comment on column app_public.patient_tier_inclusions.grant_period is 'How often it is given anew.';
comment on column app_public.patient_tier_inclusions.grant_quantity is 'How many times what the plan counts.';
comment on column app_public.patient_tier_inclusions.carry_over_unused is 'Whether what was not used goes over to the next time.';
comment on column app_public.patient_tier_inclusions.prorate_on_upgrade is
  'Whether who changes the tier within the time gets the share of the days that are left, or all of it.';
