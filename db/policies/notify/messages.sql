-- Queued by notify(), worked off through functions. FND-15.
-- requires: functions/core/tg_stamp.sql

alter table app_private.messages enable row level security;
alter table app_private.messages force row level security;

grant select, insert, update on app_private.messages to app_engine;

drop policy if exists messages_all_engine on app_private.messages;
create policy messages_all_engine on app_private.messages
  for all to app_engine
  using (true) with check (true);

create or replace trigger _100_stamp
  before insert or update on app_private.messages
  for each row execute function app_private.tg_stamp();
