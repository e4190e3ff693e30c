-- The worker's door to settle_patient_plans(). CAT-06.

set role app_engine;

create or replace function app_private.settle_due_plans(organization_id uuid, patient_profile_id uuid) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_private.settle_patient_plans(organization_id, settle_due_plans.patient_profile_id);
end;
$$;

comment on function app_private.settle_due_plans is
  'Does for one patient what time has made due.';
grant execute on function app_private.settle_due_plans to app_worker;

reset role;
