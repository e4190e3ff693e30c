-- Platform staff. They run the platform; nothing of a patient is theirs to see. FND-02, FND-04.

set role app_engine;

create or replace function app_hidden.is_superadmin() returns boolean
language sql stable parallel safe security definer
set search_path = ''
begin atomic
  select exists (
    select from app_public.principals
    where principals.id = (select app_hidden.current_principal_id())
      and principals.platform_role = 'superadmin'
      and principals.disabled_at is null
  );
end;

comment on function app_hidden.is_superadmin is 'Whether the caller is a platform superadmin.';
grant execute on function app_hidden.is_superadmin to app_member, app_anonymous;

reset role;
