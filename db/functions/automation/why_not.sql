-- Why a rule does not begin with an event, or null where it does. AUT-03.
-- The cheap reasons first; the cap last, since it takes a lock.

create or replace function app_private.why_not(
  event app_private.events,
  rule app_public.automation_rules,
  version app_public.automation_rule_versions,
  patient_id uuid,
  patient_profile_id uuid
) returns text
language plpgsql volatile
set search_path = ''
as $$
declare
  v_today timestamptz;
begin
  if app_private.is_undone(event) then
    return 'cancelled';
  elsif event.depth > 8 then
    return 'depth';
  elsif event.cause_id is not null and exists (
    with recursive chain as (
      select event.cause_id as id
      union all
      select events.cause_id
      from chain
      join app_private.events on events.scope_id = event.scope_id and events.id = chain.id
      where events.cause_id is not null
    )
    select from chain
    join app_public.automation_executions as ran
      on ran.organization_id = event.organization_id and ran.event_id = chain.id
      and ran.automation_rule_id = rule.id and ran.action is not null
  ) then
    return 'loop';
  elsif version.conditions <> '{"all": []}'
    and not app_private.rule_holds(event.organization_id, patient_id, version.conditions, event.id) then
    return 'condition';
  end if;

  if patient_profile_id is not null then
    perform pg_advisory_xact_lock(hashtextextended('automation:' || rule.id || patient_profile_id, 0));
    select date_trunc('day', event.occurred_at, organizations.timezone) into v_today
    from app_public.organizations
    where organizations.id = event.organization_id;
    if (select count(*) >= version.most_per_day
        from app_public.automation_executions as ran
        join app_private.events as began on began.organization_id = ran.organization_id and began.id = ran.event_id
        where ran.organization_id = event.organization_id and ran.automation_rule_id = rule.id
          and ran.patient_profile_id = why_not.patient_profile_id and ran.action_index = 0
          and began.occurred_at >= v_today and began.occurred_at < v_today + interval '1 day')
      or version.most_ever <= (
        select count(*)
        from app_public.automation_executions as ran
        where ran.organization_id = event.organization_id and ran.automation_rule_id = rule.id
          and ran.patient_profile_id = why_not.patient_profile_id and ran.action_index = 0)
    then
      return 'cap';
    end if;
  end if;
  return null;
end;
$$;

comment on function app_private.why_not is
  'cancelled, depth, loop, condition or cap: why a rule does not begin with an event; null where it does.';
grant execute on function app_private.why_not to app_engine;
