-- The caller as a specialist, in every clinic where they are one and still work. SPC-02.

set role app_engine;

create or replace function app_hidden.current_specialist_ids() returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(specialists.id), '{}')
  from app_public.specialists
  where specialists.human_id = (select app_hidden.current_principal_id())
    and specialists.deleted_at is null
    and specialists.organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]);
end;

comment on function app_hidden.current_specialist_ids is 'The caller''s own specialist rows.';
grant execute on function app_hidden.current_specialist_ids to app_member, app_anonymous;

reset role;
