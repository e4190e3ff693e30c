-- Where clinics have their own software told of what happens. WHK-01, WHK-02.

-- squawk-ignore ban-drop-table
drop table if exists app_public.webhook_events cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.webhook_endpoints cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.webhook_secrets cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_private.webhook_clinics cascade;
-- squawk-ignore ban-drop-table
drop table if exists app_public.webhook_subscriptions cascade;

create table app_public.webhook_subscriptions (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  name text not null,
  url text not null,
  event_names text[] not null,
  status text not null default 'active',
  disabled_reason text,
  disabled_at timestamptz,
  rotated_at timestamptz not null default now(),
  created_by uuid references app_public.principals on delete restrict,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint webhook_subscriptions_identity unique (organization_id, id),
  constraint webhook_subscriptions_name_is_not_blank check (name ~ '[[:alnum:]]'),
  constraint webhook_subscriptions_name_is_at_most_100_characters_long check (length(name) <= 100),
  constraint webhook_subscriptions_name_is_one_line check (name !~ '[[:cntrl:]]'),
  constraint webhook_subscriptions_url_is_a_url check (url ~ '^https?://[^[:space:][:cntrl:]]+$'),
  constraint webhook_subscriptions_url_is_at_most_2000_characters_long check (length(url) <= 2000),
  constraint webhook_subscriptions_event_names_are_some check (cardinality(event_names) between 1 and 100),
  constraint webhook_subscriptions_status_is_known check (status in ('active', 'disabled')),
  constraint webhook_subscriptions_disabled_reason_is_known check (disabled_reason in ('by_staff', 'gone', 'failing')),
  constraint webhook_subscriptions_disabled_says_why check (
    (status = 'disabled') = (disabled_reason is not null) and (status = 'disabled') = (disabled_at is not null))
);
create unique index webhook_subscriptions_name_is_unique on app_public.webhook_subscriptions (organization_id, lower(name));
create index webhook_subscriptions_created_by_idx on app_public.webhook_subscriptions (created_by);
comment on table app_public.webhook_subscriptions is
  'An address of the clinic''s own software that is told of events, signed by Standard Webhooks. Its secret is shown once.';
comment on column app_public.webhook_subscriptions.disabled_reason is 'Why it is told nothing any more; null while it is.';
comment on column app_public.webhook_subscriptions.event_names is 'What it is told of, by the names of webhookEventTypes.';
comment on column app_public.webhook_subscriptions.url is
  'https, on port 443 or 8443, of a public host, without a login. Redirects are not followed.';
comment on column app_public.webhook_subscriptions.rotated_at is
  'When the secret was last changed. The one before is good for 24 hours more.';
comment on constraint webhook_subscriptions_status_is_known on app_public.webhook_subscriptions is
  E'active: Is told.\n'
  'disabled: Is told nothing until it is enabled again.';
comment on constraint webhook_subscriptions_disabled_reason_is_known on app_public.webhook_subscriptions is
  E'by_staff: Somebody of the clinic switched it off.\n'
  'gone: The address answered 410.\n'
  'failing: Nothing but failures for five days.';

create table app_private.webhook_secrets (
  id uuid primary key default uuidv7(),
  organization_id uuid not null,
  subscription_id uuid not null,
  secret app_private.ciphertext not null,
  good_until timestamptz,
  created_at timestamptz not null default now(),
  constraint webhook_secrets_identity unique (organization_id, id),
  constraint webhook_secrets_organization_id_subscription_id_fkey foreign key (organization_id, subscription_id)
    references app_public.webhook_subscriptions (organization_id, id) on delete cascade
);
create index webhook_secrets_subscription_idx on app_private.webhook_secrets (organization_id, subscription_id);
create unique index webhook_secrets_one_is_current on app_private.webhook_secrets (organization_id, subscription_id) where good_until is null;
comment on table app_private.webhook_secrets is 'What deliveries are signed with: the current secret, and replaced ones for a day.';
comment on column app_private.webhook_secrets.secret is 'The secret as it was shown, whsec_ and base64, sealed for this row.';
comment on column app_private.webhook_secrets.good_until is 'Until when a replaced secret signs, too; null: the current one.';

create table app_private.webhook_endpoints (
  organization_id uuid not null,
  subscription_id uuid not null,
  failing_since timestamptz,
  unbroken_since timestamptz,
  failed_at timestamptz,
  slowed_until timestamptz,
  slow_steps int not null default 0,
  paced_until timestamptz,
  constraint webhook_endpoints_pkey primary key (organization_id, subscription_id),
  constraint webhook_endpoints_organization_id_subscription_id_fkey foreign key (organization_id, subscription_id)
    references app_public.webhook_subscriptions (organization_id, id) on delete cascade,
  constraint webhook_endpoints_slow_steps_are_counted check (slow_steps >= 0),
  constraint webhook_endpoints_failures_are_whole check (
    (failing_since is null) = (failed_at is null) and (failing_since is null) = (unbroken_since is null))
);
create index webhook_endpoints_subscription_idx on app_private.webhook_endpoints (subscription_id);
comment on table app_private.webhook_endpoints is
  'How the address of a subscription does. Whoever takes deliveries for it locks it; a success of a sound one leaves it alone.';
comment on column app_private.webhook_endpoints.failing_since is 'The first failure since the last success.';
comment on column app_private.webhook_endpoints.failed_at is 'The last failure since the last success.';
comment on column app_private.webhook_endpoints.unbroken_since is
  'The first of the last failures, none of which came more than 36 hours after the one before.';
comment on column app_private.webhook_endpoints.slowed_until is
  'Nothing is sent before: it asked for a pause, said that it has too much to do, or something of ours was out of order.';
comment on column app_private.webhook_endpoints.paced_until is 'As far as what was asked for by hand has used up what it may.';
comment on column app_private.webhook_endpoints.slow_steps is 'How often in a row it said so; each doubles the pause.';

create table app_private.webhook_clinics (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete cascade,
  last_sequence bigint not null default 0,
  constraint webhook_clinics_identity unique (organization_id, id),
  constraint webhook_clinics_one_of_a_clinic unique (organization_id),
  constraint webhook_clinics_last_sequence_is_counted check (last_sequence >= 0)
);
comment on table app_private.webhook_clinics is
  'Numbers what a clinic''s subscriptions are told. Locked before a subscription is changed, and as an event is given out.';

create table app_public.webhook_events (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete restrict,
  subscription_id uuid not null,
  event_id uuid,
  event_name text not null,
  sequence bigint not null,
  body text not null,
  status text not null default 'pending',
  step int not null default 0,
  attempts int not null default 0,
  next_attempt_at timestamptz default now(),
  claim uuid,
  last_attempt_at timestamptz,
  response_status int,
  problem text,
  response_body text,
  duration_ms int,
  attempt_log jsonb not null default '[]',
  created_at timestamptz not null default now(),
  constraint webhook_events_identity unique (organization_id, id),
  constraint webhook_events_once_for_a_subscription unique (subscription_id, event_id),
  constraint webhook_events_organization_id_subscription_id_fkey foreign key (organization_id, subscription_id)
    references app_public.webhook_subscriptions (organization_id, id) on delete cascade,
  constraint webhook_events_organization_id_event_id_fkey foreign key (organization_id, event_id)
    references app_private.events (organization_id, id) on delete restrict,
  constraint webhook_events_status_is_known check (status in ('pending', 'delivered', 'failed', 'cancelled')),
  constraint webhook_events_problem_is_known check (
    problem in ('refused', 'timeout', 'unreachable', 'not_public', 'tls', 'bad_answer', 'not_sent', 'no_secret')),
  constraint webhook_events_pending_is_due check ((status = 'pending') = (next_attempt_at is not null)),
  constraint webhook_events_attempts_are_counted check (attempts >= 0 and step >= 0),
  constraint webhook_events_response_body_is_short check (length(response_body) <= 4096),
  constraint webhook_events_attempt_log_is_a_list check (jsonb_typeof(attempt_log) = 'array' and jsonb_array_length(attempt_log) <= 20)
);
create index webhook_events_due_idx on app_public.webhook_events (subscription_id, next_attempt_at, id) where status = 'pending';
create index webhook_events_claimed_idx on app_public.webhook_events (subscription_id) where claim is not null;
create index webhook_events_log_idx on app_public.webhook_events (organization_id, created_at, id);
create index webhook_events_subscription_idx on app_public.webhook_events (organization_id, subscription_id, created_at, id);
create index webhook_events_created_at_idx on app_public.webhook_events (created_at);
create index webhook_events_event_idx on app_public.webhook_events (organization_id, event_id) where event_id is not null;
comment on table app_public.webhook_events is
  'What a subscription was told, or is to be told: the log of deliveries. Its id is the webhook-id of every attempt.';
comment on column app_public.webhook_events.event_name is 'What happened, by the names of webhookEventTypes; or webhook.test.';
comment on column app_public.webhook_events.last_attempt_at is 'When the last attempt began.';
comment on column app_public.webhook_events.problem is 'What was wrong with the last attempt; null where nothing was.';
comment on column app_public.webhook_events.body is 'The bytes that are signed and sent, as they were when the event happened.';
comment on column app_public.webhook_events.sequence is 'Counts the clinic''s events that its subscriptions are told; ever higher, and the same for all of them.';
comment on column app_public.webhook_events.step is E'@behavior -*\nHow many attempts of this round were in vain.';
comment on column app_public.webhook_events.claim is E'@behavior -*\nWho is sending it right now.';
comment on column app_public.webhook_events.next_attempt_at is 'When it is tried next; null where it is not.';
comment on column app_public.webhook_events.response_status is 'The status of the last answer; null where none came.';
comment on column app_public.webhook_events.response_body is 'The first 4 KB of the last answer.';
comment on column app_public.webhook_events.duration_ms is 'How long the last attempt took, in milliseconds.';
comment on column app_public.webhook_events.attempt_log is
  'The last twenty attempts: at, responseStatus, problem, durationMs.';
comment on constraint webhook_events_status_is_known on app_public.webhook_events is
  E'pending: Is sent, or tried again at nextAttemptAt.\n'
  'delivered: The address answered 2xx.\n'
  'failed: All attempts were in vain.\n'
  'cancelled: The subscription was disabled before it was delivered.';
comment on constraint webhook_events_problem_is_known on app_public.webhook_events is
  E'refused: The answer was not 2xx.\n'
  'timeout: No whole answer within 15 seconds.\n'
  'unreachable: No connection, or it broke off.\n'
  'not_public: The host leads to an address that is not of the public internet.\n'
  'tls: The certificate is not good for the host.\n'
  'bad_answer: What came is no answer by HTTP.\n'
  'not_sent: It did not leave, for a reason of ours. No attempt is counted, and it is tried again within a minute.\n'
  'no_secret: The secret could not be opened: make a new one. No attempt is counted.';

