-- The worker's door to verify_bills(): what differs is an event that somebody looks at. BIL-02.

set role app_engine;

create or replace function app_private.verify_clinic_billing(organization_id uuid) returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_differences int;
begin
  select count(*) into v_differences from app_private.verify_bills(verify_clinic_billing.organization_id);
  if v_differences > 0 then
    perform app_private.publish(
      'billing_check.differed', verify_clinic_billing.organization_id, verify_clinic_billing.organization_id,
      jsonb_build_object('differences', v_differences));
  end if;
  return v_differences;
end;
$$;

comment on function app_private.verify_clinic_billing is
  'Computes again what a clinic was billed; publishes billing_check.differed where it differs, and answers how many differences there are.';
grant execute on function app_private.verify_clinic_billing to app_worker;

create or replace function app_private.clinics_billed(after_id uuid, batch int) returns setof uuid
language sql stable security definer
set search_path = ''
as $$
  select organization_billing.organization_id
  from app_public.organization_billing
  where after_id is null or organization_billing.organization_id > after_id
  order by organization_billing.organization_id
  limit batch
$$;

comment on function app_private.clinics_billed is 'The next clinics with billing details after this one, by their ids.';
grant execute on function app_private.clinics_billed to app_worker;

reset role;
