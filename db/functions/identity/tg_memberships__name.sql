-- Whoever leaves a clinic is seen there no more; what they did stays, and so does the name they did it under. FND-04.

set role app_engine;

create or replace function app_private.tg_memberships__name() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  new.member_name := case when new.ended_at is not null then coalesce(
    old.member_name,
    (select humans.display_name from app_public.humans where humans.principal_id = new.human_id)) end;
  return new;
end;
$$;

comment on function app_private.tg_memberships__name is
  'Keeps the name of a member who leaves, and drops it when they come back. Trigger _300_name.';

reset role;

create or replace trigger _300_name before insert or update of ended_at on app_public.memberships
  for each row execute function app_private.tg_memberships__name();
