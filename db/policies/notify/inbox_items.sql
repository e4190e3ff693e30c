-- One reads one's own messages, at the clinic the request names or at all of them. Nobody else does: not the clinic,
-- whose copy is the message, and not a caregiver, who is written to on their own. FND-15.

alter table app_public.inbox_items enable row level security;
alter table app_public.inbox_items force row level security;

grant select (id, organization_id, human_id, title, body, created_at, read_at) on app_public.inbox_items to app_member;

drop policy if exists inbox_items_select_self on app_public.inbox_items;
create policy inbox_items_select_self on app_public.inbox_items
  for select to app_member
  using (
    human_id = (select app_hidden.current_account_id())
    and organization_id = coalesce((select app_hidden.current_organization_id()), organization_id));

grant select, insert, update on app_public.inbox_items to app_engine;
drop policy if exists inbox_items_all_engine on app_public.inbox_items;
create policy inbox_items_all_engine on app_public.inbox_items
  for all to app_engine
  using (true)
  with check (true);

select app_private.classify('app_public.inbox_items', 'account',
  '{"phi": ["title", "body"],
    "pii_basic": ["human_id"],
    "operational": ["id", "organization_id", "message_id", "created_at", "read_at"]}',
  person_column => 'human_id',
  unaudited => 'A copy of a message that is kept on its own; only its reader changes it, by reading.');
