-- What vendors tell us: kept as it came, so that it can be applied again. FND-25.

-- squawk-ignore ban-drop-table
drop table if exists app_private.webhook_receipts;

create table app_private.webhook_receipts (
  id uuid primary key default uuidv7(),
  provider text not null,
  integration_id uuid,
  event_id text not null,
  type text not null,
  occurred_at timestamptz,
  received_at timestamptz not null default now(),
  headers jsonb not null,
  raw_body bytea,
  body_hash bytea not null,
  status text not null default 'received',
  outcome text,
  attempts int not null default 0,
  last_error text,
  processed_at timestamptz,
  conflict_count int not null default 0,
  conflicted_at timestamptz,
  constraint webhook_receipts_event_is_taken_once unique nulls not distinct (provider, integration_id, event_id),
  constraint webhook_receipts_provider_is_a_slug check (provider ~ '^[a-z0-9]+(_[a-z0-9]+)*$' and length(provider) <= 50),
  constraint webhook_receipts_event_id_is_short check (length(event_id) between 1 and 255),
  constraint webhook_receipts_type_is_short check (length(type) between 1 and 255),
  constraint webhook_receipts_headers_are_an_object check (jsonb_typeof(headers) = 'object'),
  constraint webhook_receipts_raw_body_is_bounded check (octet_length(raw_body) <= 256000),
  constraint webhook_receipts_body_hash_is_sha256 check (octet_length(body_hash) = 32),
  constraint webhook_receipts_status_is_known check (status in ('received', 'processed', 'failed')),
  constraint webhook_receipts_processed_have_outcome_and_time
    check ((status = 'processed') = (processed_at is not null) and (status = 'processed') = (outcome is not null)),
  constraint webhook_receipts_failed_have_an_error check (status <> 'failed' or last_error is not null)
);
create index webhook_receipts_unprocessed_idx on app_private.webhook_receipts (received_at) where status <> 'processed';
create index webhook_receipts_received_at_idx on app_private.webhook_receipts (received_at);
comment on table app_private.webhook_receipts is
  'Verified deliveries of vendors, one row per event. The body may hold personal data and is purged when it has served.';
comment on column app_private.webhook_receipts.integration_id is
  'The clinic''s integration whose address was called; null for the platform''s own account.';
comment on column app_private.webhook_receipts.headers is 'Those on the allow-list of the door.';
comment on column app_private.webhook_receipts.raw_body is 'The bytes that were signed; null once purged.';
comment on column app_private.webhook_receipts.outcome is 'What applying it came to, in the words of the provider''s handler.';
comment on column app_private.webhook_receipts.conflict_count is
  'How often the same event id came with another body; those bodies are refused and not kept.';

delete from app_private.state_transitions where entity = 'webhook_receipts';
insert into app_private.state_transitions (entity, from_state, to_state, actor, permission, not_before, event) values
  ('webhook_receipts', '', 'received', 'system', null, null, null),
  ('webhook_receipts', 'received', 'processed', 'system', null, null, null),
  ('webhook_receipts', 'received', 'failed', 'system', null, null, null),
  ('webhook_receipts', 'failed', 'received', 'system', null, null, null),
  ('webhook_receipts', 'processed', 'received', 'system', null, null, null);

-- Whatever a vendor's event changes is attributed to one account, at the door and in the worker alike. FND-02.
alter table app_public.principals no force row level security;
do $$
declare
  v_id uuid;
begin
  if not exists (select from app_public.service_accounts where name = 'webhooks') then
    insert into app_public.principals (kind) values ('service_account') returning id into v_id;
    insert into app_public.service_accounts (principal_id, name) values (v_id, 'webhooks');
  end if;
end;
$$;
alter table app_public.principals force row level security;
