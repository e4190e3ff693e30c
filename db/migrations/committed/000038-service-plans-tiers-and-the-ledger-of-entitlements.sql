--! Previous: sha1:ccd3709dfaca7754e5a2fa7f394280529dc1bb5c
--! Hash: sha1:310205d04a8bf80c2544e033a8320fcf5c97ec58
--! Message: service plans, tiers and the ledger of entitlements

--! split: 300-service_plans.sql
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

--! split: 310-patient_plans.sql
-- What patients have of it: subscriptions, plans, access that was given by hand, and the ledger of what is left. FND-21, CAT-04, CAT-06, CAT-08.

alter table app_public.organizations
  add column if not exists library_access_is_free boolean not null default false,
  add column if not exists telerehab_access_is_free boolean not null default false;
comment on column app_public.organizations.library_access_is_free is 'Whether every patient of the clinic may use the library of exercises.';
comment on column app_public.organizations.telerehab_access_is_free is 'Whether every patient of the clinic may do sessions from home.';

create table app_public.patient_subscriptions (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  patient_profile_id uuid not null,
  tier_id uuid not null,
  status text not null,
  billing_period text not null,
  anchor_on date,
  month int not null default 0,
  period_month int not null default 0,
  period_starts_at timestamptz,
  period_ends_at timestamptz,
  trial_ends_at timestamptz,
  ends_at timestamptz,
  settle_at timestamptz,
  status_reason text,
  ended_at timestamptz,
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint patient_subscriptions_identity unique (organization_id, id),
  constraint patient_subscriptions_patient_identity unique (organization_id, id, patient_profile_id),
  constraint patient_subscriptions_patient_fkey foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint patient_subscriptions_tier_fkey foreign key (organization_id, tier_id)
    references app_public.patient_tiers (organization_id, id) on delete restrict,
  constraint patient_subscriptions_status_is_known
    check (status in ('pending', 'trialing', 'active', 'past_due', 'canceled', 'expired')),
  constraint patient_subscriptions_billing_period_is_known check (billing_period in ('month', 'quarter', 'year')),
  constraint patient_subscriptions_month_is_counted check (month >= period_month and period_month >= 0),
  constraint patient_subscriptions_begin_with_a_day
    check (status in ('pending', 'canceled', 'expired') or (anchor_on is not null and period_starts_at is not null and period_ends_at is not null)),
  constraint patient_subscriptions_trial_has_an_end check (status <> 'trialing' or trial_ends_at is not null),
  constraint patient_subscriptions_end_is_noted check ((ended_at is not null) = (status in ('canceled', 'expired'))),
  constraint patient_subscriptions_status_reason_is_short check (length(status_reason) <= 500)
);
create unique index patient_subscriptions_one_is_live on app_public.patient_subscriptions (organization_id, patient_profile_id)
  where status in ('pending', 'trialing', 'active', 'past_due');
create index patient_subscriptions_patient_idx on app_public.patient_subscriptions (organization_id, patient_profile_id, id);
create index patient_subscriptions_profile_idx on app_public.patient_subscriptions (patient_profile_id);
create index patient_subscriptions_tier_idx on app_public.patient_subscriptions (organization_id, tier_id);
create index patient_subscriptions_created_by_idx on app_public.patient_subscriptions (created_by);
create index patient_subscriptions_settle_idx on app_public.patient_subscriptions (settle_at) where settle_at is not null;
comment on table app_public.patient_subscriptions is 'That a patient subscribes to a tier of the clinic. One of a patient is live at a time.';
comment on constraint patient_subscriptions_status_is_known on app_public.patient_subscriptions is
  E'pending: Agreed, and not begun.\ntrialing: On trial.\nactive: It goes on.\npast_due: A payment is awaited, and nothing is given meanwhile.\ncanceled: Somebody ended it.\nexpired: Its time has passed.';
comment on constraint patient_subscriptions_billing_period_is_known on app_public.patient_subscriptions is
  E'month: A month.\nquarter: Three months.\nyear: Twelve months.';
comment on column app_public.patient_subscriptions.billing_period is 'The length of the billing period that runs.';
comment on column app_public.patient_subscriptions.anchor_on is 'The day it began, from which months are counted: 31 January, 28 February, 31 March.';
comment on column app_public.patient_subscriptions.month is 'How many months have begun since the first, and were settled.';
comment on column app_public.patient_subscriptions.period_month is 'The month in which the billing period that runs began.';
comment on column app_public.patient_subscriptions.period_starts_at is 'When the billing period that runs began; null before the first.';
comment on column app_public.patient_subscriptions.period_ends_at is 'When the billing period that runs ends; null before the first.';
comment on column app_public.patient_subscriptions.settle_at is 'When time changes something about it next.';
comment on column app_public.patient_subscriptions.trial_ends_at is 'Until when it is on trial; then it awaits payment.';
comment on column app_public.patient_subscriptions.ends_at is 'When it expires; null where it goes on.';
comment on column app_public.patient_subscriptions.status_reason is 'Why it was last moved by hand, where somebody said.';

create table app_public.patient_service_plans (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  patient_profile_id uuid not null,
  service_plan_id uuid not null,
  source_tier_subscription_id uuid,
  telerehab_access boolean not null,
  library_access boolean not null,
  grant_period text,
  grant_quantity int,
  carry_over_unused boolean not null default false,
  prorate_on_upgrade boolean not null default false,
  price_amount bigint,
  currency char(3),
  starts_at timestamptz not null,
  valid_until timestamptz,
  ended_at timestamptz,
  end_reason text,
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint patient_service_plans_identity unique (organization_id, id),
  constraint patient_service_plans_come_once_of_a_subscription unique (organization_id, source_tier_subscription_id, service_plan_id),
  constraint patient_service_plans_patient_fkey foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint patient_service_plans_plan_fkey foreign key (organization_id, service_plan_id)
    references app_public.service_plans (organization_id, id) on delete restrict,
  constraint patient_service_plans_source_fkey foreign key (organization_id, source_tier_subscription_id, patient_profile_id)
    references app_public.patient_subscriptions (organization_id, id, patient_profile_id) on delete restrict on update cascade,
  constraint patient_service_plans_grant_period_is_known check (grant_period in ('month', 'quarter', 'year')),
  constraint patient_service_plans_terms_are_the_tiers
    check (num_nulls(source_tier_subscription_id, grant_period, grant_quantity) in (0, 3)),
  constraint patient_service_plans_bought_ones_have_a_price
    check ((source_tier_subscription_id is null) = (price_amount is not null and currency is not null)),
  constraint patient_service_plans_end_after_they_begin check (valid_until > starts_at),
  constraint patient_service_plans_end_reason_is_short check (length(end_reason) <= 500)
);
create index patient_service_plans_patient_idx on app_public.patient_service_plans (organization_id, patient_profile_id, id);
create index patient_service_plans_profile_idx on app_public.patient_service_plans (patient_profile_id);
create index patient_service_plans_plan_idx on app_public.patient_service_plans (organization_id, service_plan_id);
create index patient_service_plans_source_idx on app_public.patient_service_plans (organization_id, source_tier_subscription_id, patient_profile_id);
create index patient_service_plans_created_by_idx on app_public.patient_service_plans (created_by);
create index patient_service_plans_valid_until_idx on app_public.patient_service_plans (valid_until) where ended_at is null and valid_until is not null;
comment on table app_public.patient_service_plans is
  'That a patient has a plan: bought, or by the tier they subscribe to. What it gives is as it was when it was bought.';
comment on constraint patient_service_plans_grant_period_is_known on app_public.patient_service_plans is
  E'month: A month.\nquarter: Three months.\nyear: Twelve months.';
comment on column app_public.patient_service_plans.source_tier_subscription_id is 'The subscription that brings it; null where it was bought.';
comment on column app_public.patient_service_plans.telerehab_access is 'Whether it opens sessions from home.';
comment on column app_public.patient_service_plans.library_access is 'Whether it opens the library of exercises.';
comment on column app_public.patient_service_plans.grant_period is 'How often a tier gives it anew; null where it was bought.';
comment on column app_public.patient_service_plans.grant_quantity is 'How many times what the plan counts a tier gives; null where it was bought.';
comment on column app_public.patient_service_plans.carry_over_unused is 'Whether what was not used goes over to the next time.';
comment on column app_public.patient_service_plans.prorate_on_upgrade is 'Whether a change of the tier gives the share of the days that are left.';
comment on column app_public.patient_service_plans.price_amount is 'What it cost, in minor units of currency; null where a tier brings it.';
comment on column app_public.patient_service_plans.currency is 'The currency of the price; null where a tier brings it.';
comment on column app_public.patient_service_plans.valid_until is 'When it ends; null where it does not end by itself.';
comment on column app_public.patient_service_plans.end_reason is 'Why it was ended, where somebody did.';

create table app_public.patient_entitlements (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  patient_service_plan_id uuid not null,
  kind text not null references app_public.entitlement_kinds on delete restrict,
  per_period int not null,
  accrued_before int not null default 0,
  granted int,
  from_month int,
  to_month int,
  period_starts_at timestamptz,
  period_ends_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint patient_entitlements_identity unique (organization_id, id),
  constraint patient_entitlements_kind_stands_once_in_a_plan unique (organization_id, patient_service_plan_id, kind),
  constraint patient_entitlements_plan_fkey foreign key (organization_id, patient_service_plan_id)
    references app_public.patient_service_plans (organization_id, id) on delete restrict,
  constraint patient_entitlements_kind_is_a_slug check (kind ~ '^[a-z][a-z_]{2,62}$'),
  constraint patient_entitlements_per_period_is_not_negative check (per_period >= 0),
  constraint patient_entitlements_period_is_whole
    check (num_nulls(from_month, to_month, period_starts_at, period_ends_at) in (0, 4) and to_month > from_month)
);
create index patient_entitlements_kind_idx on app_public.patient_entitlements (kind);
comment on table app_public.patient_entitlements is
  'What a patient may use of one kind by one plan. How much is left is the sum of its entries.';
comment on column app_public.patient_entitlements.kind is 'What is counted, by the key of an EntitlementKind.';
comment on column app_public.patient_entitlements.per_period is 'How many are given at a time.';
comment on column app_public.patient_entitlements.accrued_before is
  E'@behavior -*\nWhat earlier tiers had given for the days until the last change, less the share of those days of what is given now: the period comes to this and per_period.';
comment on column app_public.patient_entitlements.granted is E'@behavior -*\nWhat the tier has given in this period, less what it took back; null while it has given nothing yet.';
comment on column app_public.patient_entitlements.from_month is E'@behavior -*\nThe month of the subscription in which the period began.';
comment on column app_public.patient_entitlements.to_month is E'@behavior -*\nThe month of the subscription with which the period ends.';
comment on column app_public.patient_entitlements.period_starts_at is 'Since when this period runs; null where the plan was bought.';
comment on column app_public.patient_entitlements.period_ends_at is 'Until when this period runs; null where the plan was bought.';

create table app_public.entitlement_entries (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  patient_entitlement_id uuid not null,
  number int not null,
  entry text not null,
  quantity int not null,
  balance int not null,
  key text,
  period_starts_at timestamptz,
  effective_at timestamptz not null,
  restores_entry_id uuid,
  subject_kind text,
  subject_id uuid,
  reason text,
  actor_id uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  constraint entitlement_entries_identity unique (organization_id, id),
  constraint entitlement_entries_are_numbered unique (organization_id, patient_entitlement_id, number),
  constraint entitlement_entries_happen_once unique (organization_id, entry, key),
  constraint entitlement_entries_debit_is_restored_once unique (organization_id, restores_entry_id),
  constraint entitlement_entries_entitlement_fkey foreign key (organization_id, patient_entitlement_id)
    references app_public.patient_entitlements (organization_id, id) on delete restrict,
  constraint entitlement_entries_restores_fkey foreign key (organization_id, restores_entry_id)
    references app_public.entitlement_entries (organization_id, id) on delete restrict,
  constraint entitlement_entries_entry_is_known check (entry in ('grant', 'debit', 'restore', 'expire', 'carry')),
  constraint entitlement_entries_quantity_is_as_the_entry_says
    check (case when entry in ('debit', 'expire') then quantity < 0 else quantity > 0 end),
  constraint entitlement_entries_balance_is_not_negative check (balance >= 0),
  constraint entitlement_entries_restore_names_a_debit check ((entry = 'restore') = (restores_entry_id is not null)),
  constraint entitlement_entries_debit_says_for_what
    check ((entry in ('debit', 'restore')) = (subject_kind is not null) and (subject_kind is null) = (subject_id is null)),
  constraint entitlement_entries_subject_kind_is_a_slug check (subject_kind ~ '^[a-z][a-z_]{2,62}$'),
  constraint entitlement_entries_reason_is_short check (length(reason) <= 500)
);
create index entitlement_entries_subject_idx on app_public.entitlement_entries (organization_id, subject_kind, subject_id) where subject_id is not null;
create index entitlement_entries_actor_idx on app_public.entitlement_entries (actor_id);
comment on table app_public.entitlement_entries is
  'The ledger of what patients may use: each entry once, none ever changed. The balance of the last entry is the sum of all.';
comment on constraint entitlement_entries_entry_is_known on app_public.entitlement_entries is
  E'grant: Given.\ndebit: Used.\nrestore: What was used is given back.\nexpire: Lapsed, or taken back.\ncarry: Gone over from the period before.';
comment on column app_public.entitlement_entries.number is E'@behavior -attribute:orderBy\nWhich it is of its entitlement, counted from 1.';
comment on column app_public.entitlement_entries.entry is 'What happened.';
comment on column app_public.entitlement_entries.quantity is 'How many: less than zero for what is used or lapses.';
comment on column app_public.entitlement_entries.balance is 'How many are left after it.';
comment on column app_public.entitlement_entries.key is 'What makes it happen once; null where it follows from another change.';
comment on column app_public.entitlement_entries.period_starts_at is 'The period it belongs to; null where the plan was bought.';
comment on column app_public.entitlement_entries.effective_at is 'From when on it counts: of a new period its start, whenever it was written.';
comment on column app_public.entitlement_entries.restores_entry_id is 'The debit that is given back.';
comment on column app_public.entitlement_entries.subject_kind is 'For what it was used: appointment.';
comment on column app_public.entitlement_entries.subject_id is 'Which one it was used for, by its id.';
comment on column app_public.entitlement_entries.actor_id is 'Who did it, or whose request or task found it due.';

create table app_public.access_grants (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  patient_profile_id uuid not null,
  access text not null,
  reason text not null,
  expires_at timestamptz,
  revoked_at timestamptz,
  revoked_by uuid references app_public.principals on delete restrict,
  granted_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint access_grants_identity unique (organization_id, id),
  constraint access_grants_patient_fkey foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on delete restrict,
  constraint access_grants_access_is_known check (access in ('library_access', 'telerehab_access')),
  constraint access_grants_reason_is_short check (length(reason) between 3 and 500)
);
create index access_grants_patient_idx on app_public.access_grants (organization_id, patient_profile_id, id);
create index access_grants_profile_idx on app_public.access_grants (patient_profile_id);
create index access_grants_revoked_by_idx on app_public.access_grants (revoked_by);
create index access_grants_granted_by_idx on app_public.access_grants (granted_by);
comment on table app_public.access_grants is 'What a clinic opened for a patient by hand, without a plan.';
comment on constraint access_grants_access_is_known on app_public.access_grants is
  E'library_access: The library of exercises.\ntelerehab_access: Sessions from home.';
comment on column app_public.access_grants.access is 'What is opened.';
comment on column app_public.access_grants.expires_at is 'Until when; null where it does not end by itself.';

--! split: 320-public_attachment.sql
-- A file of a service as visitors meet it. CAT-02.

drop function if exists app_public.service_attachments(uuid);
drop type if exists app_public.public_attachment;
create type app_public.public_attachment as (
  id uuid, filename text, content_type text, size_bytes bigint, organization_id uuid, object_key text
);
comment on type app_public.public_attachment is 'A file of a service as visitors meet it: a leaflet, a picture.';
comment on column app_public.public_attachment.organization_id is '@behavior -*';
comment on column app_public.public_attachment.object_key is '@behavior -*';

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/catalog/service_attachments.sql
-- What a service hands out to choose or prepare: to guests and patients where the service is on offer, to staff in any case. CAT-02, FND-13.

set role app_engine;

create or replace function app_public.service_attachments(service_id uuid) returns setof app_public.public_attachment
language sql stable strict security definer
set search_path = ''
begin atomic
  select files.id, files.filename, files.content_type, files.size_bytes, files.organization_id, files.object_key
  from app_public.files
  join app_public.services on services.organization_id = files.organization_id and services.id = files.service_id
  join app_public.organizations on organizations.id = services.organization_id
  where files.service_id = service_attachments.service_id
    and files.surface = 'service_attachments'
    and files.status = 'confirmed'
    and files.deleted_at is null
    and services.deleted_at is null
    and organizations.deleted_at is null
    and (services.is_active and organizations.activated_at is not null
         or services.organization_id = any (app_hidden.current_staff_organization_ids()))
  order by files.filename, files.id;
end;

comment on function app_public.service_attachments is
  'The files of a service: leaflets, pictures. For visitors and patients, while the clinic offers it.';
grant execute on function app_public.service_attachments to app_anonymous, app_member;

reset role;
-- end of source: functions/catalog/service_attachments.sql

-- source: functions/plans/accrued.sql
-- What of a period's quantity falls to the days before a day: rounded from the start of the period, so that the shares of
-- whatever cuts add up to the whole. CAT-06.

create or replace function app_private.accrued(quantity int, anchor_on date, from_month int, to_month int, day date) returns int
language sql immutable
set search_path = ''
begin atomic
  select round(accrued.quantity::numeric * greatest(0, least(period.days, accrued.day - period.first_day)) / period.days)::int
  from (
    select (accrued.anchor_on + make_interval(months => accrued.from_month))::date as first_day,
           (accrued.anchor_on + make_interval(months => accrued.to_month))::date
             - (accrued.anchor_on + make_interval(months => accrued.from_month))::date as days
  ) as period;
end;

comment on function app_private.accrued is
  'The share of a quantity for the days of a period before this day: round(quantity * days passed / days), half away from zero.';
grant execute on function app_private.accrued to app_engine;
-- end of source: functions/plans/accrued.sql

-- source: functions/plans/write_entry.sql
-- One entry of the ledger. Whoever calls it holds the locks of settle_patient_plans(). CAT-04.

create or replace function app_private.write_entry(
  entitlement app_public.patient_entitlements,
  entry text,
  quantity int,
  effective_at timestamptz,
  key text default null,
  period_starts_at timestamptz default null,
  debit app_public.entitlement_entries default null,
  subject_kind text default null,
  subject_id uuid default null,
  reason text default null
) returns app_public.entitlement_entries
language plpgsql volatile
set search_path = ''
as $$
declare
  v_entry app_public.entitlement_entries;
begin
  insert into app_public.entitlement_entries
    (organization_id, patient_entitlement_id, entry, quantity, key, period_starts_at, effective_at, restores_entry_id,
     subject_kind, subject_id, reason, actor_id, created_at)
  values
    (entitlement.organization_id, entitlement.id, write_entry.entry, write_entry.quantity, write_entry.key,
     coalesce(write_entry.period_starts_at, entitlement.period_starts_at), write_entry.effective_at,
     case when write_entry.entry = 'restore' then debit.id end,
     coalesce(write_entry.subject_kind, case when write_entry.entry = 'restore' then debit.subject_kind end),
     coalesce(write_entry.subject_id, case when write_entry.entry = 'restore' then debit.subject_id end),
     write_entry.reason, app_private.current_actor_id(), app_hidden.now())
  returning * into v_entry;
  return v_entry;
end;
$$;

comment on function app_private.write_entry is
  'Appends to the ledger; period_starts_at is of another period than the one that runs. The balance never falls below zero.';
grant execute on function app_private.write_entry to app_engine;
-- end of source: functions/plans/write_entry.sql

-- source: functions/plans/patient_entitlements_balance.sql
-- How much is left: the balance of the last entry, found by its key however many there are. CAT-04.

create or replace function app_public.patient_entitlements_balance(entitlement app_public.patient_entitlements) returns int
language sql stable
set search_path = ''
return coalesce((
  select entitlement_entries.balance
  from app_public.entitlement_entries
  where entitlement_entries.organization_id = (entitlement).organization_id
    and entitlement_entries.patient_entitlement_id = (entitlement).id
  order by entitlement_entries.number desc
  limit 1), 0);

comment on function app_public.patient_entitlements_balance is 'How many are left, whether or not the plan is open.';
grant execute on function app_public.patient_entitlements_balance to app_member, app_engine;
-- end of source: functions/plans/patient_entitlements_balance.sql

-- source: functions/plans/end_plan.sql
-- A plan ends: what is left lapses, and the history stays. Of a tier's plan it is kept how much the period had come to, for a
-- tier that brings it back before the period is over. CAT-06, CAT-08.

create or replace function app_private.end_plan(plan app_public.patient_service_plans, at timestamptz, reason text default null)
returns app_public.patient_service_plans
language plpgsql volatile
set search_path = ''
as $$
declare
  v_plan app_public.patient_service_plans;
  v_entitlement app_public.patient_entitlements;
  v_left int;
begin
  update app_public.patient_service_plans set ended_at = at, end_reason = end_plan.reason
  where patient_service_plans.organization_id = plan.organization_id and patient_service_plans.id = plan.id
  returning * into v_plan;

  for v_entitlement in
    select patient_entitlements.*
    from app_public.patient_entitlements
    where patient_entitlements.organization_id = plan.organization_id and patient_entitlements.patient_service_plan_id = plan.id
    order by patient_entitlements.kind
  loop
    v_left := app_public.patient_entitlements_balance(v_entitlement);
    if v_left > 0 then
      perform app_private.write_entry(v_entitlement, 'expire', -v_left, at);
    end if;
    update app_public.patient_entitlements set
      accrued_before = patient_entitlements.accrued_before + case when patient_entitlements.granted is null then 0
        else app_private.accrued(
          patient_entitlements.per_period, patient_subscriptions.anchor_on, patient_entitlements.from_month,
          patient_entitlements.to_month, (at at time zone organizations.timezone)::date) end,
      per_period = 0,
      granted = patient_entitlements.granted - v_left
    from app_public.patient_subscriptions
    join app_public.organizations on organizations.id = patient_subscriptions.organization_id
    where patient_subscriptions.organization_id = plan.organization_id
      and patient_subscriptions.id = plan.source_tier_subscription_id
      and patient_entitlements.organization_id = plan.organization_id
      and patient_entitlements.id = v_entitlement.id;
  end loop;
  return v_plan;
end;
$$;

comment on function app_private.end_plan is 'Ends a plan of a patient who is locked by settle_patient_plans(); what is left lapses.';
grant execute on function app_private.end_plan to app_engine;
-- end of source: functions/plans/end_plan.sql

-- source: functions/plans/give.sql
-- Brings what a period was given to what it comes to: the difference is granted or taken back, never more than is left. The
-- key of a period makes sure that it is given once, whoever tries. CAT-06.

create or replace function app_private.give(entitlement app_public.patient_entitlements, at timestamptz) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_difference int := entitlement.accrued_before + entitlement.per_period - coalesce(entitlement.granted, 0);
begin
  if v_difference > 0 then
    perform app_private.write_entry(entitlement, 'grant', v_difference, at, case when entitlement.granted is null
      then concat_ws(':', 'period', entitlement.id, entitlement.from_month) end);
  elsif v_difference < 0 then
    v_difference := greatest(v_difference, -app_public.patient_entitlements_balance(entitlement));
    if v_difference < 0 then
      perform app_private.write_entry(entitlement, 'expire', v_difference, at);
    end if;
  end if;
  update app_public.patient_entitlements set granted = coalesce(patient_entitlements.granted, 0) + v_difference
  where patient_entitlements.organization_id = entitlement.organization_id and patient_entitlements.id = entitlement.id;
end;
$$;

comment on function app_private.give is 'Grants or takes back what a period still lacks or has too much. A second time does nothing.';
grant execute on function app_private.give to app_engine;
-- end of source: functions/plans/give.sql

-- source: functions/plans/month_starts_at.sql
-- When a month of a subscription begins: at midnight at the clinic, on the day it began, or the last of a month that is too
-- short for it: 31 January, 28 February, 31 March. Counted from the first day each time, so nothing creeps. CAT-06.

create or replace function app_private.month_starts_at(organization_id uuid, anchor_on date, month int) returns timestamptz
language sql stable
set search_path = ''
begin atomic
  select (month_starts_at.anchor_on + make_interval(months => month_starts_at.month)) at time zone organizations.timezone
  from app_public.organizations
  where organizations.id = month_starts_at.organization_id;
end;

comment on function app_private.month_starts_at is 'The start of the month of this number, counted from 0 at the day it is anchored to.';
grant execute on function app_private.month_starts_at to app_engine;
-- end of source: functions/plans/month_starts_at.sql

-- source: functions/plans/months_of.sql
-- The lengths of periods, in months: whatever is counted from one day meets again. CAT-06.

create or replace function app_private.months_of(period text) returns int
language sql immutable strict
set search_path = ''
return case period when 'month' then 1 when 'quarter' then 3 when 'year' then 12 end;

comment on function app_private.months_of is 'How many months a period has.';
grant execute on function app_private.months_of to app_engine;
-- end of source: functions/plans/months_of.sql

-- source: functions/plans/provide.sql
-- How much of one kind a tier gives in a period that runs, after a change: what earlier tiers had given for the days until
-- today, and the share of the days that are left of what is given now; or, where the terms say in full, what is given now. Neither
-- going to and fro between tiers nor changing every day brings more than the days add up to. CAT-06.

create or replace function app_private.provide(
  subscription app_public.patient_subscriptions,
  plan app_public.patient_service_plans,
  kind text,
  at timestamptz,
  within_period boolean
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_quantity constant int := app_private.plan_quantity(plan, provide.kind);
  v_months constant int := app_private.months_of(plan.grant_period);
  v_today constant date := (
    select (at at time zone organizations.timezone)::date from app_public.organizations where organizations.id = plan.organization_id);
  v_accrued int := 0;
  v_entitlement app_public.patient_entitlements;
begin
  select patient_entitlements.* into v_entitlement
  from app_public.patient_entitlements
  where patient_entitlements.organization_id = plan.organization_id
    and patient_entitlements.patient_service_plan_id = plan.id
    and patient_entitlements.kind = provide.kind;
  if not found then
    if v_quantity = 0 then
      return;
    end if;
  elsif not within_period then
    -- It is renewed with its own period.
    return;
  elsif v_entitlement.to_month > subscription.month then
    v_accrued := v_entitlement.accrued_before + app_private.accrued(
      v_entitlement.per_period, subscription.anchor_on, v_entitlement.from_month, v_entitlement.to_month, v_today);
  else
    v_entitlement.granted := null;
  end if;
  if v_entitlement.id is null or v_entitlement.to_month <= subscription.month
    or v_entitlement.to_month - v_entitlement.from_month <> v_months
  then
    v_entitlement.from_month := subscription.month;
    v_entitlement.to_month := subscription.month + v_months;
  end if;

  insert into app_public.patient_entitlements as known
    (organization_id, patient_service_plan_id, kind, per_period, accrued_before, granted, from_month, to_month,
     period_starts_at, period_ends_at)
  values
    (plan.organization_id, plan.id, provide.kind, v_quantity,
     case when within_period and plan.prorate_on_upgrade
       then v_accrued - app_private.accrued(
         v_quantity, subscription.anchor_on, v_entitlement.from_month, v_entitlement.to_month, v_today)
       else 0 end,
     v_entitlement.granted, v_entitlement.from_month, v_entitlement.to_month,
     app_private.month_starts_at(subscription.organization_id, subscription.anchor_on, v_entitlement.from_month),
     app_private.month_starts_at(subscription.organization_id, subscription.anchor_on, v_entitlement.to_month))
  on conflict on constraint patient_entitlements_kind_stands_once_in_a_plan do update set
    per_period = excluded.per_period, accrued_before = excluded.accrued_before, granted = excluded.granted,
    from_month = excluded.from_month, to_month = excluded.to_month,
    period_starts_at = excluded.period_starts_at, period_ends_at = excluded.period_ends_at
  returning known.* into v_entitlement;
  if subscription.status in ('trialing', 'active') then
    perform app_private.give(v_entitlement, at);
  end if;
end;
$$;

comment on function app_private.provide is
  'Sets what a plan of a tier gives of one kind, and gives or takes back the difference. What runs is left alone unless within_period.';
grant execute on function app_private.provide to app_engine;

create or replace function app_private.plan_quantity(plan app_public.patient_service_plans, kind text) returns int
language sql stable
set search_path = ''
return coalesce((plan).grant_quantity, 1) * coalesce(
  case plan_quantity.kind
    when 'sessions' then (
      select service_plans.sessions_total
      from app_public.service_plans
      where service_plans.organization_id = (plan).organization_id and service_plans.id = (plan).service_plan_id)
    else (
      select service_plan_counters.total
      from app_public.service_plan_counters
      where service_plan_counters.organization_id = (plan).organization_id
        and service_plan_counters.service_plan_id = (plan).service_plan_id
        and service_plan_counters.kind = plan_quantity.kind)
  end, 0);

comment on function app_private.plan_quantity is 'How many of a kind a plan gives at a time, by what the clinic says today.';
grant execute on function app_private.plan_quantity to app_engine;
-- end of source: functions/plans/provide.sql

-- source: functions/plans/provide_tier.sql
-- What a tier includes becomes the patient's: plans that it does not bring any more end, the others are there with its terms.
-- A second time changes nothing. Plans that were bought are not looked at. CAT-06.

create or replace function app_private.provide_tier(
  subscription app_public.patient_subscriptions,
  at timestamptz,
  changes_tier boolean default false
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_plan app_public.patient_service_plans;
  v_provided record;
  v_inclusion app_public.patient_tier_inclusions;
  v_kind text;
begin
  for v_plan in
    select plans.* from app_private.open_plans_of(subscription) as plans
    where not exists (
      select from app_public.patient_tier_inclusions
      where patient_tier_inclusions.organization_id = plans.organization_id
        and patient_tier_inclusions.tier_id = subscription.tier_id
        and patient_tier_inclusions.service_plan_id = plans.service_plan_id)
  loop
    perform app_private.end_plan(v_plan, at);
  end loop;

  for v_inclusion in
    select patient_tier_inclusions.*
    from app_public.patient_tier_inclusions
    where patient_tier_inclusions.organization_id = subscription.organization_id
      and patient_tier_inclusions.tier_id = subscription.tier_id
    order by patient_tier_inclusions.service_plan_id
  loop
    insert into app_public.patient_service_plans as known
      (organization_id, patient_profile_id, service_plan_id, source_tier_subscription_id, telerehab_access, library_access,
       grant_period, grant_quantity, carry_over_unused, prorate_on_upgrade, starts_at, created_by)
    select
      subscription.organization_id, subscription.patient_profile_id, service_plans.id, subscription.id,
      service_plans.telerehab_access, service_plans.library_access,
      v_inclusion.grant_period, v_inclusion.grant_quantity, v_inclusion.carry_over_unused, v_inclusion.prorate_on_upgrade,
      at, subscription.created_by
    from app_public.service_plans
    where service_plans.organization_id = subscription.organization_id and service_plans.id = v_inclusion.service_plan_id
    on conflict on constraint patient_service_plans_come_once_of_a_subscription do update set
      telerehab_access = excluded.telerehab_access, library_access = excluded.library_access,
      grant_period = excluded.grant_period, grant_quantity = excluded.grant_quantity,
      carry_over_unused = excluded.carry_over_unused, prorate_on_upgrade = excluded.prorate_on_upgrade,
      ended_at = null, end_reason = null
    returning known as plan, old.id is not null and old.ended_at is not null as comes_back into v_provided;
    v_plan := v_provided.plan;

    for v_kind in
      select kinds.kind
      from (
        select 'sessions' as kind
        union
        select service_plan_counters.kind from app_public.service_plan_counters
        where service_plan_counters.organization_id = v_plan.organization_id
          and service_plan_counters.service_plan_id = v_plan.service_plan_id
        union
        select patient_entitlements.kind from app_public.patient_entitlements
        where patient_entitlements.organization_id = v_plan.organization_id
          and patient_entitlements.patient_service_plan_id = v_plan.id
      ) as kinds
      order by kinds.kind
    loop
      -- A plan that comes back within its period is taken up where it was left.
      perform app_private.provide(subscription, v_plan, v_kind, at, within_period => changes_tier or v_provided.comes_back);
    end loop;
  end loop;
end;
$$;

comment on function app_private.provide_tier is
  'Makes the plans of a subscription those of its tier; changes_tier: within a period that runs, prorated or in full.';
grant execute on function app_private.provide_tier to app_engine;
-- end of source: functions/plans/provide_tier.sql

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
  elsif subscription.status = 'past_due' and to_status = 'active' then
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
    perform app_private.close_period(v_entitlement, at);
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

create or replace function app_private.close_period(entitlement app_public.patient_entitlements, at timestamptz) returns void
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

comment on function app_private.close_period is 'Lets what was not used lapse, and carries it over where the plan says so.';
grant execute on function app_private.close_period to app_engine;

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

-- source: functions/plans/settle_patient_plans.sql
-- Brings what a patient has at a clinic up to now: months of the subscription, its end, the end of its trial, the end of what
-- was bought. Each step counts as of the time it was due and in the order of these times, so after an outage of days the ledger says what it
-- would say without one. Who changes or uses anything of a patient's plans calls it first. CAT-06, FND-21.
-- Locks, always in this order: the patient, for share, so that a merge waits; the live subscription; the plans, by their ids.

create or replace function app_private.settle_patient_plans(organization_id uuid, patient_profile_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.patient_subscriptions;
  v_plan app_public.patient_service_plans;
begin
  perform from app_public.patients
  where patients.organization_id = settle_patient_plans.organization_id
    and patients.patient_profile_id = settle_patient_plans.patient_profile_id
  for share;
  select patient_subscriptions.* into v_subscription
  from app_public.patient_subscriptions
  where patient_subscriptions.organization_id = settle_patient_plans.organization_id
    and patient_subscriptions.patient_profile_id = settle_patient_plans.patient_profile_id
    and patient_subscriptions.status in ('pending', 'trialing', 'active', 'past_due')
  for no key update;
  perform from app_public.patient_service_plans
  where patient_service_plans.organization_id = settle_patient_plans.organization_id
    and patient_service_plans.patient_profile_id = settle_patient_plans.patient_profile_id
  order by patient_service_plans.id
  for no key update;

  while v_subscription.settle_at <= app_hidden.now() loop
    v_subscription := app_private.settle_next(v_subscription);
  end loop;

  for v_plan in
    select patient_service_plans.*
    from app_public.patient_service_plans
    where patient_service_plans.organization_id = settle_patient_plans.organization_id
      and patient_service_plans.patient_profile_id = settle_patient_plans.patient_profile_id
      and patient_service_plans.ended_at is null
      and patient_service_plans.valid_until <= app_hidden.now()
    order by patient_service_plans.id
  loop
    perform app_private.end_plan(v_plan, v_plan.valid_until);
  end loop;
end;
$$;

comment on function app_private.settle_patient_plans is
  'Locks the subscription and the plans of a patient, and does what time has made due. A second time does nothing.';
grant execute on function app_private.settle_patient_plans to app_engine;

create or replace function app_private.settle_next(subscription app_public.patient_subscriptions)
returns app_public.patient_subscriptions
language plpgsql volatile
set search_path = ''
as $$
begin
  return case
    when subscription.ends_at <= subscription.settle_at
      then app_private.set_subscription_status(subscription, 'expired', subscription.settle_at)
    -- Nobody said that it was paid: nothing is given until somebody does.
    when subscription.status = 'trialing' and subscription.trial_ends_at <= subscription.settle_at
      then app_private.set_subscription_status(subscription, 'past_due', subscription.settle_at)
    else app_private.begin_month(subscription, subscription.settle_at)
  end;
end;
$$;

comment on function app_private.settle_next is 'The next step that time makes due: the end, the end of the trial, or a month.';
grant execute on function app_private.settle_next to app_engine;
-- end of source: functions/plans/settle_patient_plans.sql

-- source: functions/plans/plan_to_serve.sql
-- A plan that a verb of staff is about: who may, and the locks. CAT-04, FND-04.

create or replace function app_private.plan_to_serve(patient_service_plan_id uuid) returns app_public.patient_service_plans
language plpgsql volatile
set search_path = ''
as $$
declare
  v_plan app_public.patient_service_plans;
begin
  select patient_service_plans.* into v_plan
  from app_public.patient_service_plans
  where patient_service_plans.id = plan_to_serve.patient_service_plan_id;
  perform app_private.require_permission(v_plan.organization_id, 'patient_plans.manage');
  perform app_private.settle_patient_plans(v_plan.organization_id, v_plan.patient_profile_id);
  select patient_service_plans.* into strict v_plan
  from app_public.patient_service_plans
  where patient_service_plans.id = plan_to_serve.patient_service_plan_id;
  return v_plan;
end;
$$;

comment on function app_private.plan_to_serve is
  'A plan of a patient that the caller may change, locked and settled; FORBIDDEN permission_missing or NOT_FOUND otherwise.';
grant execute on function app_private.plan_to_serve to app_engine;
-- end of source: functions/plans/plan_to_serve.sql

-- source: functions/plans/adjust_entitlement.sql
-- What is left is corrected by hand: as a gift, or since something was counted wrongly. CAT-04.

set role app_engine;

create or replace function app_public.adjust_entitlement(
  patient_entitlement_id uuid,
  quantity int,
  reason text
) returns app_public.patient_entitlements
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('adjust_entitlement', jsonb_build_array(patient_entitlement_id, quantity, reason));
  v_plan app_public.patient_service_plans;
  v_entitlement app_public.patient_entitlements;
  v_reason text;
begin
  if v_remembered is not null then
    perform app_private.require_permission((v_remembered ->> 'organization_id')::uuid, 'patient_plans.manage');
    return jsonb_populate_record(v_entitlement, v_remembered);
  end if;

  v_plan := app_private.plan_to_serve((
    select patient_entitlements.patient_service_plan_id
    from app_public.patient_entitlements
    where patient_entitlements.id = adjust_entitlement.patient_entitlement_id));
  v_reason := app_private.require_reason(reason);
  select patient_entitlements.* into strict v_entitlement
  from app_public.patient_entitlements
  where patient_entitlements.id = adjust_entitlement.patient_entitlement_id;
  if quantity = 0 or abs(quantity::bigint) > 10000 then
    perform app_hidden.refuse('VALIDATION', 'adjustment_out_of_range', '{"field": "quantity", "most": 10000}');
  elsif v_plan.ended_at is not null then
    perform app_hidden.refuse('STATE', 'plan_has_ended');
  elsif app_public.patient_entitlements_balance(v_entitlement) + quantity < 0 then
    perform app_hidden.refuse('ENTITLEMENT_EXHAUSTED', 'nothing_left', jsonb_build_object('kind', v_entitlement.kind));
  end if;
  perform app_private.write_entry(
    v_entitlement, case when quantity > 0 then 'grant' else 'expire' end, quantity, app_hidden.now(), reason => v_reason);
  perform app_private.remember('adjust_entitlement', to_jsonb(v_entitlement));
  return v_entitlement;
end;
$$;

comment on function app_public.adjust_entitlement is
  E'@arg quantity How many are given; less than zero are taken.\nGives or, with a quantity below zero, takes of one kind of a plan. Needs patient_plans.manage and a reason. '
  'ENTITLEMENT_EXHAUSTED nothing_left when less is left; STATE plan_has_ended.';
grant execute on function app_public.adjust_entitlement to app_member;

reset role;
-- end of source: functions/plans/adjust_entitlement.sql

-- source: functions/plans/subscription_to_serve.sql
-- A subscription that a verb of staff is about: who may, and the locks. FND-21, FND-04.

create or replace function app_private.subscription_to_serve(subscription_id uuid) returns app_public.patient_subscriptions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.patient_subscriptions;
begin
  select patient_subscriptions.* into v_subscription
  from app_public.patient_subscriptions
  where patient_subscriptions.id = subscription_to_serve.subscription_id;
  perform app_private.require_permission(v_subscription.organization_id, 'patient_plans.manage');
  perform app_private.settle_patient_plans(v_subscription.organization_id, v_subscription.patient_profile_id);
  select patient_subscriptions.* into strict v_subscription
  from app_public.patient_subscriptions
  where patient_subscriptions.id = subscription_to_serve.subscription_id;
  return v_subscription;
end;
$$;

comment on function app_private.subscription_to_serve is
  'A subscription that the caller may change, locked and settled; FORBIDDEN permission_missing or NOT_FOUND otherwise.';
grant execute on function app_private.subscription_to_serve to app_engine;
-- end of source: functions/plans/subscription_to_serve.sql

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

-- source: functions/plans/open_debit.sql
-- What was used for something and not given back: of this kind, at most one. CAT-04.

create or replace function app_private.open_debit(
  organization_id uuid,
  kind text,
  subject_kind text,
  subject_id uuid
) returns app_public.entitlement_entries
language plpgsql stable
set search_path = ''
as $$
declare
  v_debit app_public.entitlement_entries;
begin
  select entitlement_entries.* into v_debit
  from app_public.entitlement_entries
  join app_public.patient_entitlements
    on patient_entitlements.organization_id = entitlement_entries.organization_id
    and patient_entitlements.id = entitlement_entries.patient_entitlement_id
  where entitlement_entries.organization_id = open_debit.organization_id
    and entitlement_entries.subject_kind = open_debit.subject_kind
    and entitlement_entries.subject_id = open_debit.subject_id
    and entitlement_entries.entry = 'debit'
    and patient_entitlements.kind = open_debit.kind
    and not exists (
      select from app_public.entitlement_entries as restores
      where restores.organization_id = entitlement_entries.organization_id
        and restores.restores_entry_id = entitlement_entries.id);
  return v_debit;
end;
$$;

comment on function app_private.open_debit is
  'The debit for this thing that stands; null when there is none.';
grant execute on function app_private.open_debit to app_engine;
-- end of source: functions/plans/open_debit.sql

-- source: functions/plans/patient_service_plans_is_open.sql
-- Whether a plan gives anything now. Asked of the clock and of the subscription each time, so nothing has to be written for a
-- plan to close. CAT-06, CAT-08.

create or replace function app_public.patient_service_plans_is_open(plan app_public.patient_service_plans) returns boolean
language sql stable
set search_path = ''
return (plan).ended_at is null
  and (plan).starts_at <= app_hidden.now()
  and coalesce((plan).valid_until > app_hidden.now(), true)
  and ((plan).source_tier_subscription_id is null or exists (
    select from app_public.patient_subscriptions as source
    where source.organization_id = (plan).organization_id
      and source.id = (plan).source_tier_subscription_id
      and source.status in ('trialing', 'active')
      and coalesce(source.ends_at > app_hidden.now(), true)
      and (source.status <> 'trialing' or source.trial_ends_at > app_hidden.now())));

comment on function app_public.patient_service_plans_is_open is 'Whether it can be used now.';
grant execute on function app_public.patient_service_plans_is_open to app_member, app_engine;
-- end of source: functions/plans/patient_service_plans_is_open.sql

-- source: functions/plans/debit_entitlement.sql
-- One of a kind is used for something: a session for an appointment. Called by the function that makes the thing, in its
-- transaction. What it is for makes it idempotent: as long as it stands, a second call answers with the same entry. Of two who
-- want the last one the second waits for the first, and finds nothing. CAT-04.
-- Of several plans the one is used whose rest lapses first.

create or replace function app_private.debit_entitlement(
  organization_id uuid,
  patient_profile_id uuid,
  kind text,
  subject_kind text,
  subject_id uuid,
  service_id uuid default null,
  used_at timestamptz default null
) returns app_public.entitlement_entries
language plpgsql volatile
set search_path = ''
as $$
declare
  v_debit app_public.entitlement_entries;
  v_entitlement app_public.patient_entitlements;
  v_is_included boolean;
begin
  perform app_private.require_patient(organization_id, debit_entitlement.patient_profile_id);
  perform app_private.settle_patient_plans(organization_id, debit_entitlement.patient_profile_id);
  v_debit := app_private.open_debit(organization_id, kind, subject_kind, subject_id);
  if v_debit.id is not null then
    return v_debit;
  end if;

  for v_entitlement in
    select patient_entitlements.*
    from app_public.patient_service_plans as plans
    join app_public.patient_entitlements
      on patient_entitlements.organization_id = plans.organization_id and patient_entitlements.patient_service_plan_id = plans.id
    where plans.organization_id = debit_entitlement.organization_id
      and plans.patient_profile_id = debit_entitlement.patient_profile_id
      and patient_entitlements.kind = debit_entitlement.kind
      and app_public.patient_service_plans_is_open(plans)
      and coalesce(plans.valid_until > used_at, true)
      and app_private.is_for_service(plans, debit_entitlement.service_id)
    order by
      least(plans.valid_until, case when not plans.carry_over_unused then patient_entitlements.period_ends_at end),
      patient_entitlements.id
  loop
    v_is_included := true;
    if app_public.patient_entitlements_balance(v_entitlement) > 0 then
      return app_private.write_entry(
        v_entitlement, 'debit', -1, app_hidden.now(),
        concat_ws(':', kind, subject_kind, subject_id, (
          select count(*)
          from app_public.entitlement_entries
          where entitlement_entries.organization_id = debit_entitlement.organization_id
            and entitlement_entries.subject_kind = debit_entitlement.subject_kind
            and entitlement_entries.subject_id = debit_entitlement.subject_id
            and entitlement_entries.entry = 'debit')),
        subject_kind => debit_entitlement.subject_kind, subject_id => debit_entitlement.subject_id);
    end if;
  end loop;
  perform app_hidden.refuse(
    'ENTITLEMENT_EXHAUSTED', case when v_is_included then 'nothing_left' else 'not_in_a_plan' end, jsonb_build_object('kind', kind));
  return null;
end;
$$;

comment on function app_private.debit_entitlement is
  'Uses one of a kind (sessions) for something, by a plan that is open, good for the service and, where used_at says when, '
  'valid until then. ENTITLEMENT_EXHAUSTED nothing_left, or not_in_a_plan. The caller has checked who may.';
grant execute on function app_private.debit_entitlement to app_engine;

create or replace function app_private.is_for_service(plan app_public.patient_service_plans, service_id uuid) returns boolean
language sql stable
set search_path = ''
return is_for_service.service_id is null or not exists (
  select from app_public.service_plan_services
  where service_plan_services.organization_id = (plan).organization_id
    and service_plan_services.service_plan_id = (plan).service_plan_id
  having count(*) > 0 and not bool_or(service_plan_services.service_id = is_for_service.service_id));

comment on function app_private.is_for_service is 'Whether sessions of a plan may be used for a service: one that it names, or any when it names none.';
grant execute on function app_private.is_for_service to app_engine;
-- end of source: functions/plans/debit_entitlement.sql

-- source: functions/plans/due_patient_plans.sql
-- Whose plans time has changed something about: for the worker, which settles one patient after the other, each in a
-- transaction of its own. CAT-06.

set role app_engine;

create or replace function app_private.due_patient_plans(
  up_to int
) returns table (organization_id uuid, patient_profile_id uuid)
language plpgsql stable security definer
set search_path = ''
as $$
begin
  return query
    select distinct due.organization_id, due.patient_profile_id
    from (
      (select patient_subscriptions.organization_id, patient_subscriptions.patient_profile_id
       from app_public.patient_subscriptions
       where patient_subscriptions.settle_at <= app_hidden.now()
       order by patient_subscriptions.settle_at
       limit up_to)
      union all
      (select patient_service_plans.organization_id, patient_service_plans.patient_profile_id
       from app_public.patient_service_plans
       where patient_service_plans.ended_at is null and patient_service_plans.valid_until <= app_hidden.now()
       order by patient_service_plans.valid_until
       limit up_to)
    ) as due;
end;
$$;

comment on function app_private.due_patient_plans is
  'Patients with a subscription or a plan that is due, the oldest first, up to so many of each.';
grant execute on function app_private.due_patient_plans to app_worker;

reset role;
-- end of source: functions/plans/due_patient_plans.sql

-- source: functions/plans/end_service_plan.sql
-- A plan is ended before its time: refunded, or sold by mistake. What is left lapses, the history stays. CAT-04.

set role app_engine;

create or replace function app_public.end_service_plan(
  patient_service_plan_id uuid,
  reason text
) returns app_public.patient_service_plans
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_reason text;
  v_plan app_public.patient_service_plans;
begin
  v_plan := app_private.plan_to_serve(patient_service_plan_id);
  v_reason := app_private.require_reason(reason);
  if v_plan.source_tier_subscription_id is not null then
    perform app_hidden.refuse('CONFLICT', 'plan_is_of_a_tier');
  elsif v_plan.ended_at is not null then
    return v_plan;
  end if;
  return app_private.end_plan(v_plan, app_hidden.now(), v_reason);
end;
$$;

comment on function app_public.end_service_plan is
  'Ends a plan that was bought; what is left of it lapses. Needs patient_plans.manage and a reason. CONFLICT plan_is_of_a_tier '
  'for one that a subscription brings. A second time answers the same.';
grant execute on function app_public.end_service_plan to app_member;

reset role;
-- end of source: functions/plans/end_service_plan.sql

-- source: functions/plans/end_subscription_on.sql
-- When a subscription is to end by itself: at the end of what was paid, or on another day. FND-21.

set role app_engine;

create or replace function app_public.end_subscription_on(
  subscription_id uuid,
  ends_at timestamptz
) returns app_public.patient_subscriptions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_subscription app_public.patient_subscriptions;
begin
  v_subscription := app_private.subscription_to_serve(subscription_id);
  if v_subscription.status in ('canceled', 'expired') then
    perform app_hidden.refuse('STATE', 'subscription_is_not_running', jsonb_build_object('status', v_subscription.status));
  elsif ends_at <= app_hidden.now() then
    perform app_hidden.refuse('VALIDATION', 'already_past', '{"field": "endsAt"}');
  end if;
  update app_public.patient_subscriptions set ends_at = end_subscription_on.ends_at
  where patient_subscriptions.id = v_subscription.id
  returning * into v_subscription;
  return v_subscription;
end;
$$;

comment on function app_public.end_subscription_on is
  'Says when a subscription expires by itself; null: it goes on. Needs patient_plans.manage; STATE subscription_is_not_running.';
grant execute on function app_public.end_subscription_on to app_member;

reset role;
-- end of source: functions/plans/end_subscription_on.sql

-- source: functions/plans/patient_to_serve.sql
-- Whose plans a verb of staff is about: who may, and the locks. CAT-04, FND-04.

create or replace function app_private.patient_to_serve(
  patient_id uuid,
  permission text default 'patient_plans.manage'
) returns app_public.patients
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
  v_patient app_public.patients;
  v_reason text;
  v_grant app_public.access_grants;
begin
  v_patient := app_private.patient_to_serve(patient_id);
  v_reason := app_private.require_reason(reason);
  if expires_at <= app_hidden.now() then
    perform app_hidden.refuse('VALIDATION', 'already_past', '{"field": "expiresAt"}');
  end if;
  insert into app_public.access_grants (organization_id, patient_profile_id, access, reason, expires_at, granted_by)
  values (v_patient.organization_id, v_patient.patient_profile_id, grant_access.access, v_reason, grant_access.expires_at,
          app_private.current_actor_id())
  returning * into v_grant;
  return v_grant;
end;
$$;

comment on function app_public.grant_access is
  E'@words access access_grants.access\n@arg access What is opened.\nOpens the library or sessions from home for a patient, without a plan. Needs '
  'patient_plans.manage and a reason; until expiresAt, or until it is revoked.';
grant execute on function app_public.grant_access to app_member;

reset role;
-- end of source: functions/plans/grant_access.sql

-- source: functions/plans/has_access.sql
-- Whether a patient may use the library of exercises, or do sessions from home: the one answer that policies and gates ask
-- for. By a plan, bought or of a tier, by what was opened by hand, or since the clinic makes it free. CAT-08.

set role app_engine;

create or replace function app_hidden.has_access(organization_id uuid, patient_id uuid, access text) returns boolean
language sql stable security definer
set search_path = ''
begin atomic
  select exists (
    select from app_public.patients
    join app_public.organizations on organizations.id = patients.organization_id and organizations.deleted_at is null
    where patients.organization_id = has_access.organization_id
      and patients.id = has_access.patient_id
      and patients.deleted_at is null
      and (
        case has_access.access
          when 'library_access' then organizations.library_access_is_free
          when 'telerehab_access' then organizations.telerehab_access_is_free
          else false
        end
        or exists (
          select from app_public.access_grants
          where access_grants.organization_id = patients.organization_id
            and access_grants.patient_profile_id = patients.patient_profile_id
            and access_grants.access = has_access.access
            and access_grants.revoked_at is null
            and coalesce(access_grants.expires_at > app_hidden.now(), true))
        or exists (
          select from app_public.patient_service_plans
          where patient_service_plans.organization_id = patients.organization_id
            and patient_service_plans.patient_profile_id = patients.patient_profile_id
            and case has_access.access
                  when 'library_access' then patient_service_plans.library_access
                  when 'telerehab_access' then patient_service_plans.telerehab_access
                  else false
                end
            and app_public.patient_service_plans_is_open(patient_service_plans))
      ));
end;

comment on function app_hidden.has_access is
  'Whether a patient has library_access or telerehab_access now; false for anything else, and for who is no patient.';
grant execute on function app_hidden.has_access to app_member, app_engine;

reset role;
-- end of source: functions/plans/has_access.sql

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

-- source: functions/plans/on_merge_subscriptions.sql
-- What the duplicate subscribes to, and bought, goes to the patient who is kept; plans of a tier follow their subscription by its
-- key, and the ledger its plan. Of two live subscriptions staff end one before: no rule says which is paid. FND-34, FND-21.

create or replace function app_private.on_merge_subscriptions(
  kept app_public.patients,
  duplicate app_public.patients,
  is_the_clinics_own boolean
) returns jsonb
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscriptions jsonb;
  v_plans jsonb;
begin
  if (
    select count(distinct patient_subscriptions.patient_profile_id)
    from app_public.patient_subscriptions
    where patient_subscriptions.organization_id = kept.organization_id
      and patient_subscriptions.patient_profile_id in (kept.patient_profile_id, duplicate.patient_profile_id)
      and patient_subscriptions.status in ('pending', 'trialing', 'active', 'past_due')
  ) > 1 then
    perform app_hidden.refuse('CONFLICT', 'both_subscribed');
  end if;
  with moved as (
    update app_public.patient_subscriptions set patient_profile_id = kept.patient_profile_id
    where patient_subscriptions.organization_id = duplicate.organization_id
      and patient_subscriptions.patient_profile_id = duplicate.patient_profile_id
    returning patient_subscriptions.id, old.patient_profile_id
  )
  select coalesce(jsonb_agg(to_jsonb(moved)), '[]') into v_subscriptions from moved;
  with moved as (
    update app_public.patient_service_plans set patient_profile_id = kept.patient_profile_id
    where patient_service_plans.organization_id = duplicate.organization_id
      and patient_service_plans.patient_profile_id = duplicate.patient_profile_id
    returning patient_service_plans.id, old.patient_profile_id
  )
  select coalesce(jsonb_agg(to_jsonb(moved)), '[]') into v_plans from moved;
  return jsonb_build_object(
    'app_public.patient_subscriptions.patient_profile_id', v_subscriptions,
    'app_public.patient_service_plans.patient_profile_id', v_plans);
end;
$$;

comment on function app_private.on_merge_subscriptions is
  'Moves subscriptions, and plans that were bought. CONFLICT both_subscribed.';
grant execute on function app_private.on_merge_subscriptions to app_engine;
-- end of source: functions/plans/on_merge_subscriptions.sql

-- source: functions/plans/patient_entitlements_used.sql
-- Progress: how many were used, less what was given back, since the plan began. CAT-04.

create or replace function app_public.patient_entitlements_used(entitlement app_public.patient_entitlements) returns int
language sql stable
set search_path = ''
return coalesce((
  select -sum(entitlement_entries.quantity)::int
  from app_public.entitlement_entries
  where entitlement_entries.organization_id = (entitlement).organization_id
    and entitlement_entries.patient_entitlement_id = (entitlement).id
    and entitlement_entries.entry in ('debit', 'restore')), 0);

comment on function app_public.patient_entitlements_used is 'How many were used, since the plan began.';
grant execute on function app_public.patient_entitlements_used to app_member;
-- end of source: functions/plans/patient_entitlements_used.sql

-- source: functions/plans/restore_entitlement.sql
-- What was used for something that does not take place is given back, to where it was taken from. If that has ended
-- meanwhile it lapses there again, or goes over with the rest where the plan carries over: nobody keeps sessions alive by
-- booking and cancelling. What stands idle is restored once, however often it is asked. CAT-04.

create or replace function app_private.restore_entitlement(
  organization_id uuid,
  kind text,
  subject_kind text,
  subject_id uuid
) returns app_public.entitlement_entries
language plpgsql volatile
set search_path = ''
as $$
declare
  v_debit app_public.entitlement_entries := app_private.open_debit(organization_id, kind, subject_kind, subject_id);
  v_plan app_public.patient_service_plans;
  v_entitlement app_public.patient_entitlements;
  v_restore app_public.entitlement_entries;
begin
  if v_debit.id is null then
    return null;
  end if;
  select plans.* into strict v_plan
  from app_public.patient_entitlements
  join app_public.patient_service_plans as plans
    on plans.organization_id = patient_entitlements.organization_id and plans.id = patient_entitlements.patient_service_plan_id
  where patient_entitlements.organization_id = v_debit.organization_id and patient_entitlements.id = v_debit.patient_entitlement_id;
  perform app_private.settle_patient_plans(v_plan.organization_id, v_plan.patient_profile_id);
  v_debit := app_private.open_debit(organization_id, kind, subject_kind, subject_id);
  if v_debit.id is null then
    return null;
  end if;
  select plans.* into strict v_plan
  from app_public.patient_service_plans as plans
  where plans.organization_id = v_plan.organization_id and plans.id = v_plan.id;
  select patient_entitlements.* into strict v_entitlement
  from app_public.patient_entitlements
  where patient_entitlements.organization_id = v_debit.organization_id and patient_entitlements.id = v_debit.patient_entitlement_id;

  v_restore := app_private.write_entry(
    v_entitlement, 'restore', 1, app_hidden.now(), period_starts_at => v_debit.period_starts_at, debit => v_debit);
  if v_plan.ended_at is not null or v_debit.period_starts_at <> v_entitlement.period_starts_at then
    perform app_private.write_entry(v_entitlement, 'expire', -1, app_hidden.now(), period_starts_at => v_debit.period_starts_at);
    if v_plan.ended_at is null and v_plan.carry_over_unused then
      perform app_private.write_entry(v_entitlement, 'carry', 1, app_hidden.now());
    elsif v_debit.period_starts_at = v_entitlement.period_starts_at then
      -- As the rest did when the plan ended: a tier that brings the plan back within the period gives it again.
      update app_public.patient_entitlements set granted = patient_entitlements.granted - 1
      where patient_entitlements.organization_id = v_entitlement.organization_id and patient_entitlements.id = v_entitlement.id;
    end if;
  end if;
  return v_restore;
end;
$$;

comment on function app_private.restore_entitlement is
  'Gives back what was used for something; null when nothing is. The caller has checked who may.';
grant execute on function app_private.restore_entitlement to app_engine;
-- end of source: functions/plans/restore_entitlement.sql

-- source: functions/plans/revoke_access.sql
-- What was opened by hand is closed, at the next statement. CAT-08.

set role app_engine;

create or replace function app_public.revoke_access(access_grant_id uuid) returns app_public.access_grants
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_grant app_public.access_grants;
begin
  select access_grants.* into v_grant from app_public.access_grants where access_grants.id = revoke_access.access_grant_id;
  perform app_private.require_permission(v_grant.organization_id, 'patient_plans.manage');
  update app_public.access_grants set
    revoked_at = coalesce(access_grants.revoked_at, app_hidden.now()),
    revoked_by = case when access_grants.revoked_at is null then app_private.current_actor_id() else access_grants.revoked_by end
  where access_grants.id = v_grant.id
  returning * into strict v_grant;
  return v_grant;
end;
$$;

comment on function app_public.revoke_access is
  'Closes what was opened by hand. Needs patient_plans.manage; a second time answers the same.';
grant execute on function app_public.revoke_access to app_member;

reset role;
-- end of source: functions/plans/revoke_access.sql

-- source: functions/plans/settle_due_plans.sql
-- The worker's door to settle_patient_plans(). CAT-06.

set role app_engine;

create or replace function app_private.settle_due_plans(organization_id uuid, patient_profile_id uuid) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_private.settle_patient_plans(organization_id, settle_due_plans.patient_profile_id);
end;
$$;

comment on function app_private.settle_due_plans is
  'Does for one patient what time has made due.';
grant execute on function app_private.settle_due_plans to app_worker;

reset role;
-- end of source: functions/plans/settle_due_plans.sql

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

-- source: functions/plans/tg_entitlement_entries__append.sql
-- Each entry of the ledger is numbered and counts on from the one before, whoever writes it. A second writer who did not
-- wait meets the key of the numbers, and one who takes more than is left the check of the balance. CAT-04.

create or replace function app_private.tg_entitlement_entries__append() returns trigger
language plpgsql volatile
set search_path = ''
as $$
declare
  v_last app_public.entitlement_entries;
begin
  select entitlement_entries.* into v_last
  from app_public.entitlement_entries
  where entitlement_entries.organization_id = new.organization_id
    and entitlement_entries.patient_entitlement_id = new.patient_entitlement_id
  order by entitlement_entries.number desc
  limit 1;
  new.number := coalesce(v_last.number, 0) + 1;
  new.balance := coalesce(v_last.balance, 0) + new.quantity;
  return new;
end;
$$;

comment on function app_private.tg_entitlement_entries__append is 'Fills number and balance of an entry. Trigger _150_append.';

create or replace trigger _150_append before insert on app_public.entitlement_entries
  for each row execute function app_private.tg_entitlement_entries__append();
-- end of source: functions/plans/tg_entitlement_entries__append.sql

-- source: functions/plans/tg_entitlement_entries__refuse_change.sql
-- What was given and used is not rewritten, by nobody. CAT-04.
-- Per statement: it refuses before a row is looked for, so the answer is the same for whoever sees no row.

create or replace function app_private.tg_entitlement_entries__refuse_change() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_hidden.refuse('IMMUTABLE', 'entitlement_entry_is_immutable');
  return null;
end;
$$;

comment on function app_private.tg_entitlement_entries__refuse_change is
  'Refuses update, delete and truncate of the ledger. Trigger _200_refuse_change.';

create or replace trigger _200_refuse_change
  before update or delete or truncate on app_public.entitlement_entries
  for each statement execute function app_private.tg_entitlement_entries__refuse_change();
-- end of source: functions/plans/tg_entitlement_entries__refuse_change.sql

-- source: functions/plans/tg_patient_subscriptions__publish.sql
-- Every move of a subscription, and every change of its tier, is an event. FND-21, FND-14.
-- _200_guard_state has refused what is no move.

set role app_engine;

create or replace function app_private.tg_patient_subscriptions__publish() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_from text := case when tg_op = 'UPDATE' then old.status else '' end;
  v_event text := 'patient_subscription.tier_changed';
begin
  if new.status <> v_from then
    select distinct transition.event into strict v_event
    from app_private.state_transitions as transition
    where transition.entity = 'patient_subscriptions' and transition.from_state = v_from and transition.to_state = new.status;
  elsif new.tier_id = old.tier_id then
    return new;
  end if;

  perform app_private.publish(
    v_event, new.organization_id, new.id,
    jsonb_strip_nulls(jsonb_build_object(
      'subscriptionId', new.id, 'patientProfileId', new.patient_profile_id, 'tierId', new.tier_id,
      'fromTierId', case when tg_op = 'UPDATE' and new.tier_id <> old.tier_id then old.tier_id end,
      'from', nullif(v_from, ''), 'to', new.status)));
  return new;
end;
$$;

comment on function app_private.tg_patient_subscriptions__publish is
  'Publishes the event of a move, or that the tier is another. Trigger _900_publish.';

reset role;

create or replace trigger _900_publish after insert or update of status, tier_id on app_public.patient_subscriptions
  for each row execute function app_private.tg_patient_subscriptions__publish();
-- end of source: functions/plans/tg_patient_subscriptions__publish.sql

-- source: functions/plans/tg_patient_subscriptions__times.sql
-- What follows from day, month and status of a subscription: its billing period, when it ended, and when time changes
-- something about it next. FND-21, CAT-06.

create or replace function app_private.tg_patient_subscriptions__times() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  if new.anchor_on is not null then
    new.period_starts_at := app_private.month_starts_at(new.organization_id, new.anchor_on, new.period_month);
    new.period_ends_at := app_private.month_starts_at(
      new.organization_id, new.anchor_on, new.period_month + app_private.months_of(new.billing_period));
  end if;
  new.ended_at := case when new.status in ('canceled', 'expired') then coalesce(new.ended_at, app_hidden.now()) end;
  new.settle_at := case
    when new.status = 'pending' then new.ends_at
    when new.status in ('trialing', 'active', 'past_due') then least(
      new.ends_at,
      case when new.status = 'trialing' then new.trial_ends_at end,
      app_private.month_starts_at(new.organization_id, new.anchor_on, new.month + 1))
  end;
  return new;
end;
$$;

comment on function app_private.tg_patient_subscriptions__times is
  'Fills period_starts_at, period_ends_at, ended_at and settle_at. Trigger _150_times.';

create or replace trigger _150_times before insert or update on app_public.patient_subscriptions
  for each row execute function app_private.tg_patient_subscriptions__times();
-- end of source: functions/plans/tg_patient_subscriptions__times.sql

-- source: policies/organizations/organizations.sql
-- Clinics as their members, their patients and the platform see them. Visitors only meet active ones, through
-- `clinic_by_slug`. FND-01.

-- How to reach a clinic stands on its booking page.
select app_private.classify('app_public.organizations', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "slug", "name", "locale", "timezone", "currency", "country", "calling_code",
               "contact_email", "contact_phone", "street", "city"],
    "operational": ["tenancy_mode", "activated_at", "booking_response_hours", "response_lead_hours",
                    "start_lead_minutes", "hold_minutes",
                    "holds_per_visitor", "holds_per_address", "library_access_is_free", "telerehab_access_is_free",
                    "created_at", "updated_at", "deleted_at"]}');
select app_private.allow_soft_delete('app_public.organizations', null, 'r.name');
select app_private.protect('app_public.organizations',
  engine => 'select, insert, update',
  facts => '{name name, name street, name city, email contact_email, phone contact_phone}');

grant select on app_public.organizations to app_member;
grant update (name, locale, timezone, contact_email, contact_phone, street, city, booking_response_hours,
              response_lead_hours, start_lead_minutes, hold_minutes, holds_per_visitor, holds_per_address,
              library_access_is_free, telerehab_access_is_free)
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

-- source: policies/plans/access_grants.sql
-- What was opened by hand: staff with patient_plans.view, and the person. Written by verbs only. CAT-08.

select app_private.classify('app_public.access_grants', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "revoked_by", "granted_by", "created_at", "updated_at"],
    "phi": ["patient_profile_id", "access", "reason", "expires_at", "revoked_at"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.access_grants', 'patient_profile_id', 'moves');
select app_private.protect('app_public.access_grants', engine => 'select, insert, update');

grant select on app_public.access_grants to app_member;

create policy access_grants_select_staff on app_public.access_grants for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient_plans.view'))::uuid[]));

create policy access_grants_select_person on app_public.access_grants for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
-- end of source: policies/plans/access_grants.sql

-- source: policies/plans/entitlement_entries.sql
-- The ledger: staff with patient_plans.view, and the person. Append-only, for every role. CAT-04, CAT-06.

select app_private.classify('app_public.entitlement_entries', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "patient_entitlement_id", "number", "key", "actor_id", "created_at"],
    "phi": ["entry", "quantity", "balance", "period_starts_at", "effective_at", "restores_entry_id", "subject_kind", "subject_id",
            "reason"]}',
  unaudited => 'Is itself a ledger, which nobody can change.');
select app_private.protect('app_public.entitlement_entries', engine => 'select, insert');

grant select (id, organization_id, patient_entitlement_id, number, entry, quantity, balance, period_starts_at, effective_at,
              restores_entry_id, subject_kind, subject_id, reason, actor_id, created_at)
   on app_public.entitlement_entries to app_member;

create policy entitlement_entries_select_staff on app_public.entitlement_entries for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient_plans.view'))::uuid[]));

create policy entitlement_entries_select_person on app_public.entitlement_entries for select to app_member
  using (
    patient_entitlement_id in (
      select entitlement.id
      from app_public.patient_service_plans as mine
      join app_public.patient_entitlements as entitlement
        on entitlement.organization_id = mine.organization_id and entitlement.patient_service_plan_id = mine.id
      where mine.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
-- end of source: policies/plans/entitlement_entries.sql

-- source: policies/plans/entitlement_kinds.sql
-- What plans count: the platform's list, for anybody who is signed in. CAT-03.

select app_private.classify('app_public.entitlement_kinds', home => 'platform', retention => 'reference', classes =>
  '{"public": ["key", "description"]}', unaudited => 'Written by migrations only.');
select app_private.protect('app_public.entitlement_kinds', engine => 'select');

grant select on app_public.entitlement_kinds to app_member;

create policy entitlement_kinds_select_member on app_public.entitlement_kinds for select to app_member
  using ((select app_hidden.current_principal_id()) is not null);
-- end of source: policies/plans/entitlement_kinds.sql

-- source: policies/plans/patient_entitlements.sql
-- What may be used of each kind: staff with patient_plans.view, and the person. Written by functions of the ledger. CAT-04.

select app_private.classify('app_public.patient_entitlements', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "accrued_before", "granted", "from_month", "to_month", "created_at", "updated_at"],
    "phi": ["patient_service_plan_id", "kind", "per_period", "period_starts_at", "period_ends_at"]}');
select app_private.protect('app_public.patient_entitlements', engine => 'select, insert, update');

-- Whole rows, since balance and progress are asked of a row; the API does not show how periods are reckoned.
grant select on app_public.patient_entitlements to app_member;

create policy patient_entitlements_select_staff on app_public.patient_entitlements for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient_plans.view'))::uuid[]));

create policy patient_entitlements_select_person on app_public.patient_entitlements for select to app_member
  using (
    patient_service_plan_id in (
      select mine.id from app_public.patient_service_plans as mine
      where mine.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
-- end of source: policies/plans/patient_entitlements.sql

-- source: policies/plans/patient_service_plans.sql
-- The plans that patients have: staff with patient_plans.view, and the person. Written by verbs and by time. CAT-04.

select app_private.classify('app_public.patient_service_plans', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "created_by", "created_at", "updated_at"],
    "phi": ["patient_profile_id", "service_plan_id", "source_tier_subscription_id", "telerehab_access", "library_access",
            "grant_period", "grant_quantity", "carry_over_unused", "prorate_on_upgrade", "price_amount", "currency", "starts_at",
            "valid_until", "ended_at", "end_reason"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.patient_service_plans', 'patient_profile_id', 'on_merge_subscriptions');
select app_private.protect('app_public.patient_service_plans', engine => 'select, insert, update');

grant select on app_public.patient_service_plans to app_member;

create policy patient_service_plans_select_staff on app_public.patient_service_plans for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient_plans.view'))::uuid[]));

create policy patient_service_plans_select_person on app_public.patient_service_plans for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
-- end of source: policies/plans/patient_service_plans.sql

-- source: policies/plans/patient_subscriptions.sql
-- What patients subscribe to: staff with patient_plans.view, and the person. Written by verbs and by time. FND-21.

select app_private.classify('app_public.patient_subscriptions', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["id", "organization_id", "month", "period_month", "settle_at", "created_by", "created_at", "updated_at"],
    "phi": ["patient_profile_id", "tier_id", "status", "billing_period", "anchor_on", "period_starts_at", "period_ends_at",
            "trial_ends_at", "ends_at", "status_reason", "ended_at"]}',
  person_column => 'patient_profile_id');
select app_private.on_merge('app_public.patient_subscriptions', 'patient_profile_id', 'on_merge_subscriptions');
select app_private.protect('app_public.patient_subscriptions', engine => 'select, insert, update', guard => true);

grant select (id, organization_id, patient_profile_id, tier_id, status, billing_period, anchor_on, period_starts_at, period_ends_at,
              trial_ends_at, ends_at, status_reason, ended_at, created_by, created_at, updated_at)
   on app_public.patient_subscriptions to app_member;

create policy patient_subscriptions_select_staff on app_public.patient_subscriptions for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient_plans.view'))::uuid[]));

create policy patient_subscriptions_select_person on app_public.patient_subscriptions for select to app_member
  using (
    patient_profile_id = any ((select app_hidden.rights('people'))::uuid[])
    and organization_id = any ((select app_hidden.rights('patient'))::uuid[])
  );
-- end of source: policies/plans/patient_subscriptions.sql

-- source: policies/plans/patient_tier_inclusions.sql
-- What a tier brings: edited with patient_tiers.manage, read by whoever reads the tier. CAT-05.

select app_private.classify('app_public.patient_tier_inclusions', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "tier_id", "service_plan_id", "grant_period", "grant_quantity", "carry_over_unused",
               "prorate_on_upgrade"],
    "operational": ["created_at", "updated_at"]}');
select app_private.protect('app_public.patient_tier_inclusions', engine => 'select');

grant select on app_public.patient_tier_inclusions to app_member;
grant insert (organization_id, tier_id, service_plan_id, grant_period, grant_quantity, carry_over_unused, prorate_on_upgrade),
      update (grant_period, grant_quantity, carry_over_unused, prorate_on_upgrade), delete
   on app_public.patient_tier_inclusions to app_member;

create policy patient_tier_inclusions_select_staff on app_public.patient_tier_inclusions for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy patient_tier_inclusions_select_patient on app_public.patient_tier_inclusions for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[])
         and tier_id in (select patient_tiers.id from app_public.patient_tiers));

create policy patient_tier_inclusions_insert_manager on app_public.patient_tier_inclusions for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('patient_tiers.manage'))::uuid[]));

create policy patient_tier_inclusions_update_manager on app_public.patient_tier_inclusions for update to app_member
  using (organization_id = any ((select app_hidden.rights('patient_tiers.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('patient_tiers.manage'))::uuid[]));

create policy patient_tier_inclusions_delete_manager on app_public.patient_tier_inclusions for delete to app_member
  using (organization_id = any ((select app_hidden.rights('patient_tiers.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.patient_tier_inclusions
  for each row execute function app_private.tg_clinic_of('app_public.patient_tiers', 'tier_id');
-- end of source: policies/plans/patient_tier_inclusions.sql

-- source: policies/plans/patient_tiers.sql
-- What patients subscribe to: staff all, patients of the clinic what is offered and what they have. CAT-05, FND-21.

select app_private.classify('app_public.patient_tiers', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "name", "description", "translations", "billing_period", "price_amount", "currency"],
    "operational": ["is_active", "created_at", "updated_at"]}');
select app_private.protect('app_public.patient_tiers', engine => 'select', facts => '{name name}');

grant select on app_public.patient_tiers to app_member;
grant insert (organization_id, name, description, translations, billing_period, price_amount, currency, is_active),
      update (name, description, translations, billing_period, price_amount, currency, is_active)
   on app_public.patient_tiers to app_member;

create policy patient_tiers_select_staff on app_public.patient_tiers for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy patient_tiers_select_patient on app_public.patient_tiers for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[])
         and (is_active or id in (
           select mine.tier_id from app_public.patient_subscriptions as mine
           where mine.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))));

create policy patient_tiers_insert_manager on app_public.patient_tiers for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('patient_tiers.manage'))::uuid[]));

create policy patient_tiers_update_manager on app_public.patient_tiers for update to app_member
  using (organization_id = any ((select app_hidden.rights('patient_tiers.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('patient_tiers.manage'))::uuid[]));
-- end of source: policies/plans/patient_tiers.sql

-- source: policies/plans/products.sql
-- What a clinic hands out or sells: staff all, its patients what is offered. CAT-07.

select app_private.classify('app_public.products', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "name", "description", "translations", "price_amount", "currency"],
    "operational": ["is_active", "created_at", "updated_at"]}');
select app_private.protect('app_public.products', engine => 'select', facts => '{name name}');

grant select on app_public.products to app_member;
grant insert (organization_id, name, description, translations, price_amount, currency, is_active),
      update (name, description, translations, price_amount, currency, is_active)
   on app_public.products to app_member;

create policy products_select_staff on app_public.products for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy products_select_patient on app_public.products for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[]) and is_active);

create policy products_insert_manager on app_public.products for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));

create policy products_update_manager on app_public.products for update to app_member
  using (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));
-- end of source: policies/plans/products.sql

-- source: policies/plans/service_plan_counters.sql
-- What a plan counts beside sessions; read by whoever reads the plan. CAT-03.

select app_private.classify('app_public.service_plan_counters', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["organization_id", "service_plan_id", "kind", "total"], "operational": ["created_at", "updated_at"]}');
select app_private.protect('app_public.service_plan_counters', engine => 'select');

grant select on app_public.service_plan_counters to app_member;
grant insert (organization_id, service_plan_id, kind, total),
      update (total), delete
   on app_public.service_plan_counters to app_member;

create policy service_plan_counters_select_staff on app_public.service_plan_counters for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy service_plan_counters_select_patient on app_public.service_plan_counters for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[])
         and service_plan_id in (select service_plans.id from app_public.service_plans));

create policy service_plan_counters_insert_manager on app_public.service_plan_counters for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));

create policy service_plan_counters_update_manager on app_public.service_plan_counters for update to app_member
  using (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));

create policy service_plan_counters_delete_manager on app_public.service_plan_counters for delete to app_member
  using (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.service_plan_counters
  for each row execute function app_private.tg_clinic_of('app_public.service_plans', 'service_plan_id');
-- end of source: policies/plans/service_plan_counters.sql

-- source: policies/plans/service_plan_products.sql
-- Bundles; read by whoever reads the plan. CAT-07.

select app_private.classify('app_public.service_plan_products', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["organization_id", "service_plan_id", "product_id", "quantity"], "operational": ["created_at", "updated_at"]}');
select app_private.protect('app_public.service_plan_products', engine => 'select');

grant select on app_public.service_plan_products to app_member;
grant insert (organization_id, service_plan_id, product_id, quantity),
      update (quantity), delete
   on app_public.service_plan_products to app_member;

create policy service_plan_products_select_staff on app_public.service_plan_products for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy service_plan_products_select_patient on app_public.service_plan_products for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[])
         and service_plan_id in (select service_plans.id from app_public.service_plans));

create policy service_plan_products_insert_manager on app_public.service_plan_products for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));

create policy service_plan_products_update_manager on app_public.service_plan_products for update to app_member
  using (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));

create policy service_plan_products_delete_manager on app_public.service_plan_products for delete to app_member
  using (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.service_plan_products
  for each row execute function app_private.tg_clinic_of('app_public.service_plans', 'service_plan_id');
-- end of source: policies/plans/service_plan_products.sql

-- source: policies/plans/service_plan_services.sql
-- For which services the sessions of a plan are; read by whoever reads the plan. CAT-03.

select app_private.classify('app_public.service_plan_services', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["organization_id", "service_plan_id", "service_id"], "operational": ["created_at"]}');
select app_private.protect('app_public.service_plan_services', engine => 'select');

grant select on app_public.service_plan_services to app_member;
grant insert (organization_id, service_plan_id, service_id), delete on app_public.service_plan_services to app_member;

create policy service_plan_services_select_staff on app_public.service_plan_services for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy service_plan_services_select_patient on app_public.service_plan_services for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[])
         and service_plan_id in (select service_plans.id from app_public.service_plans));

create policy service_plan_services_insert_manager on app_public.service_plan_services for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));

create policy service_plan_services_delete_manager on app_public.service_plan_services for delete to app_member
  using (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));

create or replace trigger _010_clinic before insert on app_public.service_plan_services
  for each row execute function app_private.tg_clinic_of('app_public.service_plans', 'service_plan_id');
-- end of source: policies/plans/service_plan_services.sql

-- source: policies/plans/service_plans.sql
-- What a clinic sells: staff all, its patients what is sold and what they have. CAT-03.

select app_private.classify('app_public.service_plans', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "name", "description", "translations", "plan_type", "sessions_total", "validity_days",
               "telerehab_access", "library_access", "price_amount", "currency"],
    "operational": ["is_active", "created_at", "updated_at"]}');
select app_private.protect('app_public.service_plans', engine => 'select', facts => '{name name}');

grant select on app_public.service_plans to app_member;
grant insert (organization_id, name, description, translations, plan_type, sessions_total, validity_days, telerehab_access, library_access, price_amount, currency, is_active),
      update (name, description, translations, plan_type, sessions_total, validity_days, telerehab_access, library_access, price_amount, currency, is_active)
   on app_public.service_plans to app_member;

create policy service_plans_select_staff on app_public.service_plans for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy service_plans_select_patient on app_public.service_plans for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[])
         and (is_active or id in (
           select mine.service_plan_id from app_public.patient_service_plans as mine
           where mine.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))));

create policy service_plans_insert_manager on app_public.service_plans for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));

create policy service_plans_update_manager on app_public.service_plans for update to app_member
  using (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('service_plans.manage'))::uuid[]));
-- end of source: policies/plans/service_plans.sql

-- source: reference/identity/permissions.sql
-- Everything that can be allowed. FND-04. What the system roles have of it stands in system_roles.sql.

select app_private.own_rows('app_public.permissions', rows => '
  name                     | description
  -------------------------+-------------------------------------------------------------
  appointments.conduct     | Start and finish appointments, record no-shows
  appointments.manage      | Book, confirm, cancel; answer booking requests
  appointments.view        | See the clinic''s appointments and booking requests
  audit.view               | Read the clinic''s audit log
  calendars.manage         | Edit bookable calendars
  consent_texts.manage     | Publish the clinic''s consent texts and privacy notices
  consents.override        | Go on without a consent in an emergency, with a reason
  consents.record          | Record what patients accept, refuse and withdraw, on evidence
  integrations.manage      | Choose vendors and enter the keys of the clinic''s own accounts
  members.manage           | Add and remove members, give and take roles
  message_templates.manage | Edit the words of the clinic''s messages
  messages.view            | See which messages the clinic''s patients were sent
  organization.manage      | Change the clinic''s details and booking settings
  owners.manage            | Name and remove owners of the clinic
  patient_plans.manage     | Sell plans to patients, open access, change subscriptions, adjust what is left
  patient_plans.view       | See the plans and subscriptions of the clinic''s patients
  patient_tiers.manage     | Edit tiers and what they include
  patients.manage          | Add and edit patients and their caregivers
  patients.merge           | Merge two patients who are one person, and undo it
  patients.view            | See the clinic''s patients
  roles.manage             | Define the clinic''s own roles
  schedules.manage         | Edit every specialist''s hours
  schedules.manage_own     | Edit one''s own hours as a specialist
  service_plans.manage     | Edit service plans and products
  services.manage          | Edit services and who provides them
  specialists.manage       | Add, edit and remove specialists
  specialists.view_org     | See specialists'' accounts and contacts
  specialties.manage       | Edit the clinic''s own specialties
  suppressions.lift        | Let the clinic write again to an address that was reported as dead
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
  ------------------------
  appointments.conduct
  appointments.manage
  appointments.view
  audit.view
  calendars.manage
  consent_texts.manage
  consents.override
  consents.record
  integrations.manage
  members.manage
  message_templates.manage
  messages.view
  organization.manage
  owners.manage
  patient_plans.manage
  patient_plans.view
  patient_tiers.manage
  patients.manage
  patients.merge
  patients.view
  roles.manage
  schedules.manage
  schedules.manage_own
  service_plans.manage
  services.manage
  specialists.manage
  specialists.view_org
  specialties.manage
  suppressions.lift
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "admin"}', rows => '
  permission
  ------------------------
  appointments.conduct
  appointments.manage
  appointments.view
  audit.view
  calendars.manage
  consent_texts.manage
  consents.override
  consents.record
  integrations.manage
  members.manage
  message_templates.manage
  messages.view
  organization.manage
  patient_plans.manage
  patient_plans.view
  patient_tiers.manage
  patients.manage
  patients.merge
  patients.view
  roles.manage
  schedules.manage
  schedules.manage_own
  service_plans.manage
  services.manage
  specialists.manage
  specialists.view_org
  specialties.manage
  suppressions.lift
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "specialist"}', rows => '
  permission
  --------------------
  appointments.conduct
  appointments.view
  consents.override
  consents.record
  patient_plans.view
  patients.view
  schedules.manage_own
  specialists.view_org
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "front_desk"}', rows => '
  permission
  --------------------
  appointments.conduct
  appointments.manage
  appointments.view
  consents.record
  messages.view
  patient_plans.manage
  patient_plans.view
  patients.manage
  patients.view
  schedules.manage
  specialists.view_org
');

select app_private.own_rows('app_public.system_role_permissions', scope => '{"role_key": "billing"}', rows => '
  permission
  --------------------
  patient_plans.manage
  patient_plans.view
  specialists.view_org
');
-- end of source: reference/identity/system_roles.sql
reset role;

-- source: reference/plans/entitlement_kinds.sql
-- What plans count. Sessions are a column of a plan, the others rows of service_plan_counters. CAT-03.

select app_private.own_rows('app_public.entitlement_kinds', rows => '
  key                        | description
  ---------------------------+-------------------------------------------------------------
  sessions                   | Sessions with a specialist
  treatment_plan_assignments | Treatment plans that a specialist draws up
');
-- end of source: reference/plans/entitlement_kinds.sql

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
  active     | past_due | staff  | patient_plans.manage | patient_subscription.past_due | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  active     | canceled | staff  | patient_plans.manage | patient_subscription.canceled | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  active     | expired  | system |                      | patient_subscription.expired  | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  past_due   | active   | staff  | patient_plans.manage | patient_subscription.active   | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  past_due   | canceled | staff  | patient_plans.manage | patient_subscription.canceled | Who agreed on it at the clinic knows; the clinic writes about payments itself.
  past_due   | expired  | system |                      | patient_subscription.expired  | Who agreed on it at the clinic knows; the clinic writes about payments itself.
');
-- end of source: reference/plans/patient_subscription_transitions.sql

select app_private.write_owned_rows();

--! split: 930-plan_permissions.sql
-- Clinics that are open already: their roles get what new ones have for plans. FND-04, CAT-05.

set local role app_engine;
insert into app_public.role_permissions (organization_id, role_id, permission)
select roles.organization_id, roles.id, system_role_permissions.permission
from app_public.roles
join app_public.system_role_permissions on system_role_permissions.role_key = roles.system_role_key
where system_role_permissions.permission in
  ('patient_plans.manage', 'patient_plans.view', 'patient_tiers.manage', 'service_plans.manage')
on conflict do nothing;
reset role;
