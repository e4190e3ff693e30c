-- The person has read everything. FND-15.

set role app_engine;

create or replace function app_public.mark_inbox_read() returns int
language sql volatile security definer
set search_path = ''
as $$
  with read as (
    update app_public.inbox_items set read_at = app_hidden.now()
    where inbox_items.human_id = app_hidden.current_account_id()
      and inbox_items.read_at is null
      and (app_hidden.current_organization_id() is null
           or inbox_items.organization_id = app_hidden.current_organization_id())
    returning inbox_items.id
  )
  select count(*)::int from read
$$;

comment on function app_public.mark_inbox_read is
  E'@resultFieldName readCount\n'
  'Marks the whole inbox as read, or that of the clinic the request names. Answers how many were unread.';
grant execute on function app_public.mark_inbox_read to app_member;

reset role;
