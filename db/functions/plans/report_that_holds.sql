-- Which of the reports of a subscription holds, of those that are kept and one that has just come. BIL-09.
-- An end does. Otherwise the one about the latest time; of one instant, that of the higher rank. A payment of a charge holds nothing
-- while a newer charge had failed before: of two bills the older one was paid. That something is only agreed says nothing.

create or replace function app_private.report_that_holds(
  link app_public.patient_subscription_links, another app_public.patient_subscription_reports default null
) returns app_public.patient_subscription_reports
language sql stable
set search_path = ''
begin atomic
  with kept as materialized (
    select reports.*
    from app_public.patient_subscription_reports as reports
    where reports.organization_id = (link).organization_id and reports.link_id = (link).id
    union all
    select (another).* where (another).id is not null)
  select candidates.id, candidates.organization_id, candidates.link_id, candidates.provider_word, candidates.subscription_status, candidates.rank,
         candidates.as_of, candidates.charged_at, candidates.trial_ends_at, candidates.outcome, candidates.reported_by, candidates.received_at
  from kept as candidates
  where candidates.subscription_status <> 'pending'
    and not exists (
      select from kept as failed
      where candidates.subscription_status = 'active' and failed.subscription_status = 'past_due'
        and failed.charged_at > candidates.charged_at and failed.as_of <= candidates.as_of)
  order by candidates.subscription_status in ('canceled', 'expired') desc, candidates.as_of desc, candidates.rank desc,
           candidates.charged_at desc nulls last
  limit 1;
end;

comment on function app_private.report_that_holds is
  'The report that says how a linked subscription is; null while none does.';
grant execute on function app_private.report_that_holds to app_engine;
