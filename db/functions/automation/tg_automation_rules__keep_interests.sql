-- The consumer hears of what an enabled rule begins with, and of nothing else: an event that no automation is for costs nothing.
-- AUT-01, FND-14.

set role app_engine;

create or replace function app_private.tg_automation_rules__keep_interests() returns trigger
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  perform app_private.lock_automations(new.organization_id);
  perform app_private.keep_interests(new.organization_id, 'automations', array(
    select automation_rules.event_name
    from app_public.automation_rules
    where automation_rules.organization_id = new.organization_id and automation_rules.is_enabled));
  return null;
end;
$$;

comment on function app_private.tg_automation_rules__keep_interests is
  'Says anew what the automations of the clinic begin with. Trigger _900_keep_interests.';
reset role;

create or replace trigger _900_keep_interests after insert or update of is_enabled on app_public.automation_rules
  for each row execute function app_private.tg_automation_rules__keep_interests();
