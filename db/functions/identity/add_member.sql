-- The older name of invite_member, kept for frontends that call it. Nobody is added without being asked. FND-04.

set role app_engine;

create or replace function app_public.add_member(
  organization_id uuid,
  email text,
  display_name text,
  role_ids uuid[]
) returns app_public.memberships
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_public.invite_member(
    add_member.organization_id, add_member.email, add_member.display_name, add_member.role_ids);
  return null;
end;
$$;

comment on function app_public.add_member is
  E'@deprecated Use inviteMember.\nInvites a colleague, as inviteMember does; result is null, because nobody is a member before they accept.';
grant execute on function app_public.add_member to app_member;

reset role;
