-- Tells the servers that something arrived for somebody, by ids: whoever listens reads the row with their own rights.
-- FND-15.

create or replace function app_private.tg_inbox_items__announce() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform pg_notify('inbox', json_build_object(
    'id', new.id, 'humanId', new.human_id, 'organizationId', new.organization_id)::text);
  return null;
end;
$$;

comment on function app_private.tg_inbox_items__announce is 'Notifies the channel inbox with ids only.';

create or replace trigger _900_announce after insert on app_public.inbox_items
  for each row execute function app_private.tg_inbox_items__announce();
