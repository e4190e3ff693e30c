-- Humans whom the caller sees: who works at the caller's clinics. Of who left, the membership keeps the name. FND-04.

set role app_engine;

create or replace function app_hidden.current_colleague_ids() returns uuid[]
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select coalesce(array_agg(distinct memberships.human_id), '{}')
  from app_public.memberships
  where memberships.organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[])
    and memberships.ended_at is null;
end;

comment on function app_hidden.current_colleague_ids is 'Members of the caller''s clinics.';
grant execute on function app_hidden.current_colleague_ids to app_member, app_anonymous;

reset role;
