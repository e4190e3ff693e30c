-- Retentions are acted on: how the rows of a table age, and when its turn was last. FND-12, GDP-03.

-- squawk-ignore ban-drop-table
drop table if exists app_private.retention_runs;
-- squawk-ignore ban-drop-table
drop table if exists app_private.retention_rules;

create table app_private.retention_rules (
  table_name text not null references app_private.classified_tables on delete restrict,
  retention text not null references app_private.retentions on delete restrict,
  act text not null,
  kept_from text not null,
  only_if text,
  primary key (table_name, retention),
  constraint retention_rules_act_is_known check (act in ('delete', 'blank'))
);
create index retention_rules_retention_idx on app_private.retention_rules (retention);
comment on table app_private.retention_rules is
  'What happens to rows of a table when a retention has passed; written by retain(), from the table''s policy file.';
comment on column app_private.retention_rules.act is
  'delete: the row goes; blank: the columns that are kept for this retention become null.';
comment on column app_private.retention_rules.kept_from is
  'The column that tells since when the row is only kept; while it is null, nothing happens.';
comment on column app_private.retention_rules.only_if is 'SQL over the columns of the row; null means every row.';

create table app_private.retention_runs (
  table_name text not null,
  retention text not null,
  ran_at timestamptz not null,
  removed bigint not null default 0,
  primary key (table_name, retention)
);
comment on table app_private.retention_runs is
  'When a rule of retention_rules was last acted on, and how many rows it has deleted or blanked since it exists.';
comment on column app_private.retention_runs.ran_at is 'The last act; before the first one, when the rule was declared.';

alter table app_private.retentions add column if not exists held_because text;
alter table app_private.retentions drop constraint if exists retentions_held_because_says_why;
-- squawk-ignore constraint-missing-not-valid
alter table app_private.retentions
  add constraint retentions_held_because_says_why check (length(btrim(held_because)) between 10 and 500);
comment on column app_private.retentions.held_because is
  'Why nothing of this retention may be removed at present, such as a court''s order; null: there is no such reason.';

comment on table app_private.retentions is
  'How long rows are kept: keep_for after they ended; null means as long as what they belong to. Acted on once somebody confirmed it: counsel, or the product where no law asks for the rows.';

-- What is old enough is found without reading what is not. Built under the lock of a migration: the tables are small
-- as long as they were never purged for want of an index.
-- squawk-ignore require-concurrent-index-creation
create index if not exists effects_claimed_at_idx on app_private.effects (claimed_at);
-- squawk-ignore require-concurrent-index-creation
create index if not exists event_deliveries_delivered_at_idx on app_private.event_deliveries (delivered_at)
  where delivered_at is not null;
-- squawk-ignore require-concurrent-index-creation
create index if not exists dead_letter_decisions_decided_at_idx on app_private.dead_letter_decisions (decided_at);
-- squawk-ignore require-concurrent-index-creation
create index if not exists revoked_sessions_revoked_at_idx on app_private.revoked_sessions (revoked_at);
-- squawk-ignore require-concurrent-index-creation
create index if not exists message_reports_received_at_idx on app_private.message_reports (received_at);
-- squawk-ignore require-concurrent-index-creation
create index if not exists webhook_receipts_body_idx on app_private.webhook_receipts (processed_at)
  where raw_body is not null;
-- squawk-ignore require-concurrent-index-creation
create index if not exists time_claims_lapsed_idx on app_private.time_claims (released_at)
  where kind = 'hold' and released_at is not null;
-- squawk-ignore require-concurrent-index-creation
create index if not exists time_claims_traced_idx on app_private.time_claims (created_at)
  where kind <> 'hold'
    and (address is not null or first_token_hash is not null or token_hash is not null or visitor_id is not null);
