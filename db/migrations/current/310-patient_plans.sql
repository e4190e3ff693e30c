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
