-- Which chains there are to verify: also those of which only an anchor, or only the clinic, is left. FND-09.

set role app_engine;

create or replace function audit.chains() returns setof uuid
language sql stable security definer
set search_path = ''
begin atomic
  select nullif(chain.scope_id, '00000000-0000-0000-0000-000000000000')
  from (
    select heads.scope_id from audit.heads
    union select anchored_heads.scope_id from audit.anchored_heads
    union select organizations.id from app_public.organizations
    union select '00000000-0000-0000-0000-000000000000'
  ) as chain
  order by chain.scope_id;
end;

comment on function audit.chains is 'The clinics whose chains audit.verify() takes; null is the platform.';

grant execute on function audit.chains to app_worker;
reset role;
