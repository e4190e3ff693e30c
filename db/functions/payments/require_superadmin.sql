-- Verbs about the money of clinics that staff of the platform alone may use. BIL-05, BIL-08.

create or replace function app_private.require_superadmin() returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
end;
$$;

comment on function app_private.require_superadmin is 'Passes for superadmins; FORBIDDEN superadmin_only for everybody else.';
grant execute on function app_private.require_superadmin to app_engine;
