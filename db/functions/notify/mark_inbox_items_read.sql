-- The person has read these messages. FND-15.

set role app_engine;

create or replace function app_public.mark_inbox_items_read(inbox_item_ids uuid[]) returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_mine int;
begin
  if cardinality(inbox_item_ids) not between 1 and 100 then
    perform app_hidden.refuse('VALIDATION', 'too_many_at_once', '{"field": "inboxItemIds", "least": 1, "most": 100}');
  end if;

  select count(*) into v_mine
  from app_public.inbox_items
  where inbox_items.human_id = app_hidden.current_account_id() and inbox_items.id = any (inbox_item_ids);
  if v_mine < (select count(distinct id) from unnest(inbox_item_ids) as id)
     or array_position(inbox_item_ids, null) is not null then
    perform app_hidden.refuse('NOT_FOUND', 'inbox_item_not_found', '{"field": "inboxItemIds"}');
  end if;

  update app_public.inbox_items set read_at = app_hidden.now()
  where inbox_items.human_id = app_hidden.current_account_id()
    and inbox_items.id = any (inbox_item_ids)
    and inbox_items.read_at is null;

  return (
    select count(*)
    from app_public.inbox_items
    where inbox_items.human_id = app_hidden.current_account_id() and inbox_items.read_at is null);
end;
$$;

comment on function app_public.mark_inbox_items_read is
  E'@resultFieldName unreadCount\n'
  'Marks messages of one''s own inbox as read, 100 at most, all of them or none; a message that was read stays as it '
  'was. Answers how many are unread now, at all clinics. NOT_FOUND when one of them is not the caller''s.';
grant execute on function app_public.mark_inbox_items_read to app_member;

reset role;
