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
comment on column app_public.patient_subscription_links.external_reference is 'The id of the subscription at the provider.';
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
