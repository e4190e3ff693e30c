-- What the clinic tells a person inside the app, with its read state. FND-15.

-- squawk-ignore ban-drop-table
drop table if exists app_public.inbox_items;

create table app_public.inbox_items (
  id uuid primary key default uuidv7(),
  organization_id uuid not null references app_public.organizations on delete cascade,
  human_id uuid not null references app_public.humans on delete cascade,
  message_id uuid not null,
  title text not null,
  body text not null,
  created_at timestamptz not null default now(),
  read_at timestamptz,
  constraint inbox_items_identity unique (organization_id, id),
  constraint inbox_items_message_arrives_once unique (organization_id, message_id),
  constraint inbox_items_title_is_not_blank check (title ~ '[[:alnum:]]' and length(title) <= 200),
  constraint inbox_items_title_is_one_line check (title !~ '[[:cntrl:]]'),
  constraint inbox_items_body_is_not_blank check (body ~ '[[:alnum:]]' and length(body) <= 10000),
  constraint inbox_items_read_after_created_at check (read_at >= created_at)
);
-- Both begin with the person: an inbox is read across clinics, by nobody else.
create index inbox_items_human_id_created_at_idx on app_public.inbox_items (human_id, created_at);
create index inbox_items_human_id_read_at_idx on app_public.inbox_items (human_id, read_at);
comment on table app_public.inbox_items is 'A person''s messages inside the app, seen by that person alone.';
comment on column app_public.inbox_items.message_id is
  E'@behavior -*\nThe message it was delivered as; the same message arrives once.';
comment on constraint inbox_items_message_arrives_once on app_public.inbox_items is
  E'@behavior -*\nA message that is delivered again is the same item.';
comment on column app_public.inbox_items.read_at is 'When the person read it; null while unread.';
