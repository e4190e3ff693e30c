-- Events, messages and inbox items go when their time is over. FND-12, GDP-03, SCA-01.

alter table app_private.retentions add column if not exists with_health_data boolean not null default false;
comment on column app_private.retentions.with_health_data is
  'Whoever confirmed it decided about health data, too: rows of this retention go although they hold some.';

alter table app_private.retention_rules add column if not exists not_while text;
comment on column app_private.retention_rules.not_while is
  'SQL over the row: while it is true, something still needs the row, and it stays whatever its age; null: nothing does.';

-- They have one parameter, and one column, more.
drop function if exists app_private.retain(text, text, text, text, text);
drop function if exists app_private.retention_acts();

-- By these the oldest are found.
-- squawk-ignore require-concurrent-index-creation
create index if not exists events_occurred_at_idx on app_private.events (occurred_at);
-- squawk-ignore require-concurrent-index-creation
create index if not exists messages_created_at_idx on app_public.messages (created_at);
-- squawk-ignore require-concurrent-index-creation
create index if not exists inbox_items_created_at_idx on app_public.inbox_items (created_at);
