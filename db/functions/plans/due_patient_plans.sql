-- Whose plans time has changed something about: for the worker, which settles one patient after the other, each in a
-- transaction of its own. CAT-06.

set role app_engine;

create or replace function app_private.due_patient_plans(
  up_to int
) returns table (organization_id uuid, patient_profile_id uuid)
language plpgsql stable security definer
set search_path = ''
as $$
begin
  return query
    select distinct due.organization_id, due.patient_profile_id
    from (
      (select patient_subscriptions.organization_id, patient_subscriptions.patient_profile_id
       from app_public.patient_subscriptions
       where patient_subscriptions.settle_at <= app_hidden.now()
       order by patient_subscriptions.settle_at
       limit up_to)
      union all
      (select patient_service_plans.organization_id, patient_service_plans.patient_profile_id
       from app_public.patient_service_plans
       where patient_service_plans.ended_at is null and patient_service_plans.valid_until <= app_hidden.now()
       order by patient_service_plans.valid_until
       limit up_to)
    ) as due;
end;
$$;

comment on function app_private.due_patient_plans is
  'Patients with a subscription or a plan that is due, the oldest first, up to so many of each.';
grant execute on function app_private.due_patient_plans to app_worker;

reset role;
