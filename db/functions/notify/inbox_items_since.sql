-- What arrived while a server did not hear: by the time in the id, which is when the row was made. FND-15.

set role app_engine;

create or replace function app_hidden.inbox_items_since(human_ids uuid[], since timestamptz)
returns table (id uuid, human_id uuid, organization_id uuid)
language sql stable strict security definer
set search_path = ''
as $$
  select inbox_items.id, inbox_items.human_id, inbox_items.organization_id
  from app_public.inbox_items
  where inbox_items.human_id = any (human_ids)
    and uuid_extract_timestamp(inbox_items.id) >= since
  order by inbox_items.id
  limit 1000
$$;

comment on function app_hidden.inbox_items_since is
  'Ids of what arrived for these people since then, oldest first, as the channel inbox announces them.';
grant execute on function app_hidden.inbox_items_since to app_authenticator;

reset role;
