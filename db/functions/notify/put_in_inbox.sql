-- Delivers a message inside the app. FND-15.
-- A task may be run again after it did its work, so the same message arrives once.

set role app_engine;

create or replace function app_private.put_in_inbox(
  organization_id uuid,
  human_id uuid,
  message_id uuid,
  title text,
  body text,
  created_at timestamptz
) returns uuid
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_id uuid;
begin
  insert into app_public.inbox_items (organization_id, human_id, message_id, title, body, created_at)
  values (put_in_inbox.organization_id, put_in_inbox.human_id, put_in_inbox.message_id, put_in_inbox.title,
          put_in_inbox.body, put_in_inbox.created_at)
  on conflict on constraint inbox_items_message_arrives_once do nothing
  returning id into v_id;

  if v_id is null then
    select inbox_items.id into strict v_id
    from app_public.inbox_items
    where inbox_items.organization_id = put_in_inbox.organization_id
      and inbox_items.message_id = put_in_inbox.message_id;
  end if;
  return v_id;
end;
$$;

comment on function app_private.put_in_inbox is
  'Puts a message into a person''s inbox; the same message again is the item that is there.';

grant execute on function app_private.put_in_inbox to app_worker;
reset role;
