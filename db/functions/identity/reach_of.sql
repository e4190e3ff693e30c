-- Where the rows are that somebody may see, for statements to begin there (FND-29): it decides nothing about rights, which
-- policies ask for every row. FND-04.

set role app_engine;

create or replace function app_hidden.reach_of(principal_id uuid, organization_id uuid, out is_staff boolean, out only_clinic uuid)
returns record
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_staff uuid[];
begin
  perform set_config('app.principal_id', principal_id::text, true);
  perform set_config('app.organization_id', coalesce(organization_id::text, ''), true);
  v_staff := app_hidden.current_staff_organization_ids();
  is_staff := cardinality(v_staff) > 0;
  -- The platform's rows are a superadmin's as well.
  if cardinality(v_staff) = 1 and app_hidden.current_patient_organization_ids() <@ v_staff and not app_hidden.is_superadmin() then
    only_clinic := v_staff[1];
  end if;
end;
$$;

comment on function app_hidden.reach_of is
  'Whether the person works at this clinic, or at any where none is named; and the clinic, where they belong to no other.';
grant execute on function app_hidden.reach_of to app_authenticator;

reset role;
