-- The worker's door to verify_bills(): what differs is an event that somebody looks at. BIL-02.

set role app_engine;

create or replace function app_private.verify_clinic_billing(organization_id uuid) returns int
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_problems text[];
begin
  select array_agg(problems.problem) into v_problems
  from app_private.verify_bills(verify_clinic_billing.organization_id) as problems;
  if v_problems is null then
    return 0;
  end if;
  perform app_private.publish(
    'billing.differs', verify_clinic_billing.organization_id, verify_clinic_billing.organization_id, jsonb_build_object(
      'differences', cardinality(v_problems),
      'problems', (select jsonb_agg(distinct problem) from unnest(v_problems) as problem)));
  return cardinality(v_problems);
end;
$$;

comment on function app_private.verify_clinic_billing is
  'Computes again what a clinic was billed; publishes billing.differs where it differs, and answers how many differences there are.';
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
