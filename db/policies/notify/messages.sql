-- Queued by notify(), worked off through functions. FND-15.
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql

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

select app_private.classify('app_private.messages', 'operations',
  '{"operational": ["id", "organization_id", "channel", "template_key", "template_version", "locale",
                    "event_id", "calendar_uid", "calendar_sequence", "status", "attempts", "vendor_id",
                    "sent_at", "created_at", "updated_at"],
    "pii_basic": ["recipient_email", "recipient_name", "failed_reason"],
    "phi": ["data"]}',
  unaudited => 'What leaves, and what became of it: each row is the record of one message.');
