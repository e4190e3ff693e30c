-- The number on the bell. FND-15.
-- The caller's own rights are enough: the policy shows exactly the rows to count.

create or replace function app_public.inbox_unread_count() returns int
language sql stable
set search_path = ''
begin atomic
  select count(*)::int from app_public.inbox_items where inbox_items.read_at is null;
end;

comment on function app_public.inbox_unread_count is
  'How many messages the caller has not read, at the clinic the request names or at all of them.';
grant execute on function app_public.inbox_unread_count to app_member;
