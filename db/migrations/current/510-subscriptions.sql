-- What a clinic is billed as, its subscription, its periods, and what happens when it does not pay. BIL-01, BIL-05, BIL-10.

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
  constraint organization_billing_country_is_a_code check (country ~ '^[A-Z]{2}$'),
  constraint organization_billing_currency_is_a_code check (currency ~ '^[A-Z]{3}$'),
  constraint organization_billing_cadence_is_known check (cadence in ('monthly', 'annual')),
  constraint organization_billing_tax_id_shows_its_end check ((tax_id is null) = (tax_id_last_four is null))
);
create index organization_billing_timezone_idx on app_public.organization_billing (timezone);
create index organization_billing_updated_by_idx on app_public.organization_billing (updated_by);
comment on table app_public.organization_billing is 'As whom a clinic is billed by the platform. An invoice freezes it.';

create table app_public.organization_subscriptions (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  status text not null,
  tier_version_id uuid not null references app_public.platform_tier_versions on delete restrict,
  tenancy_mode text not null default 'shared',
  cadence text not null,
  currency char(3) not null,
  timezone text not null references app_public.time_zones on delete restrict,
  provider text not null,
  anchor_on date,
  trial_ends_at timestamptz,
  past_due_at timestamptz,
  suspended_at timestamptz,
  cancels_on date,
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
  constraint organization_subscriptions_begin_with_a_day check (status in ('pending', 'canceled') or anchor_on is not null),
  constraint organization_subscriptions_trial_has_an_end check (status <> 'trialing' or trial_ends_at is not null),
  constraint organization_subscriptions_end_is_noted check ((ended_at is not null) = (status = 'canceled')),
  constraint organization_subscriptions_status_reason_is_short check (length(status_reason) <= 500)
);
create unique index organization_subscriptions_one_is_live
  on app_public.organization_subscriptions (organization_id) where status <> 'canceled';
create index organization_subscriptions_settle_idx on app_public.organization_subscriptions (settle_at) where settle_at is not null;
create index organization_subscriptions_tier_idx on app_public.organization_subscriptions (tier_version_id);
create index organization_subscriptions_timezone_idx on app_public.organization_subscriptions (timezone);
create index organization_subscriptions_created_by_idx on app_public.organization_subscriptions (created_by);
create unique index organization_subscriptions_at_the_provider
  on app_public.organization_subscriptions (provider, provider_subscription_id) where provider_subscription_id is not null;

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
  constraint organization_subscription_tiers_reason_is_short check (length(reason) <= 500)
);
create index organization_subscription_tiers_version_idx on app_public.organization_subscription_tiers (tier_version_id);
create index organization_subscription_tiers_created_by_idx on app_public.organization_subscription_tiers (created_by);

-- Months from the anchor day in the clinic's billing zone, half-open, without overlap or hole. An annual subscription has
-- months, too: what it uses is billed monthly; month_of_year is 0 in those that begin a year.
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
  constraint billing_periods_end_after_they_begin check (ends_on > starts_on),
  constraint billing_periods_are_half_open check (lower_inc(during) and not upper_inc(during) and not isempty(during))
);
create index billing_periods_open_idx on app_public.billing_periods (upper(during)) where closed_at is null;

-- What a provider calls a status, and what it is here.
create table app_private.payment_provider_statuses (
  provider text not null,
  vendor_status text not null,
  status text not null,
  constraint payment_provider_statuses_pkey primary key (provider, vendor_status)
);

-- What is done, how many days after an invoice became due, at which hour of the clinic's day.
create table app_public.dunning_steps (
  day int not null,
  action text not null,
  at time not null default '10:00',
  constraint dunning_steps_pkey primary key (day, action),
  constraint dunning_steps_day_is_sensible check (day between 1 and 365),
  constraint dunning_steps_action_is_known check (action in ('retry', 'suspend', 'cancel'))
);
