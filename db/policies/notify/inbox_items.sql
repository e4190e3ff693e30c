-- One reads one's own messages, at the clinic the request names or at all of them. Nobody else does: not the clinic,
-- whose copy is the message, and not a caregiver, who is written to on their own. FND-15.

select app_private.classify('app_public.inbox_items', home => 'clinic', retention => 'correspondence', classes =>
  '{"phi": ["title", "body"],
    "pii_basic": ["human_id"],
    "operational": ["id", "organization_id", "message_id", "created_at", "read_at"]}',
  person_column => 'human_id',
  unaudited => 'A copy of a message that is kept on its own; only its reader changes it, by reading.');
select app_private.protect('app_public.inbox_items', engine => 'select, insert, update, delete');
-- Read or not: whoever reads nothing for five years would keep them for ever.
select app_private.retain('app_public.inbox_items', 'correspondence', 'delete', kept_from => 'created_at');

grant select (id, organization_id, human_id, title, body, created_at, read_at) on app_public.inbox_items to app_member;

create policy inbox_items_select_self on app_public.inbox_items for select to app_member
  using (
    human_id = (select app_hidden.current_account_id())
    and organization_id = coalesce((select app_hidden.current_organization_id()), organization_id));
