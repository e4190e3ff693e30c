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
