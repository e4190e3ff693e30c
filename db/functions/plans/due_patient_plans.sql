-- Whose plans time has changed something about: for the worker, which settles one patient after the other, each in a
-- transaction of its own. Patients are counted, however many plans of theirs are due, and whoever could not be settled is
-- passed: the next page begins after the last one. CAT-06.

set role app_engine;

create or replace function app_private.due_patient_plans(
  up_to int,
  after_due_at timestamptz default null,
  after_organization_id uuid default null,
  after_patient_profile_id uuid default null
) returns table (organization_id uuid, patient_profile_id uuid, due_at timestamptz)
language plpgsql stable security definer
set search_path = ''
as $$
begin
  return query
    select due.organization_id, due.patient_profile_id, min(due.due_at)
    from (
      select patient_subscriptions.organization_id, patient_subscriptions.patient_profile_id, patient_subscriptions.settle_at
      from app_public.patient_subscriptions
      where patient_subscriptions.settle_at <= app_hidden.now()
      union all
      select patient_service_plans.organization_id, patient_service_plans.patient_profile_id, patient_service_plans.valid_until
      from app_public.patient_service_plans
      where patient_service_plans.ended_at is null and patient_service_plans.valid_until <= app_hidden.now()
    ) as due (organization_id, patient_profile_id, due_at)
    group by 1, 2
    having after_due_at is null
      or (min(due.due_at), due.organization_id, due.patient_profile_id)
         > (after_due_at, after_organization_id, after_patient_profile_id)
    order by 3, 1, 2
    limit up_to;
end;
$$;

comment on function app_private.due_patient_plans is
  'Patients with a subscription or a plan that is due, the oldest first, up to so many, after the last one of the page before.';
grant execute on function app_private.due_patient_plans to app_worker;

reset role;
