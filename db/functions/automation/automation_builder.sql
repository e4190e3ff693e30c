-- Everything of which an automation is composed, so that a page builds one out of nothing else. AUT-01, AUT-02.

set role app_engine;

create or replace function app_public.automation_builder(organization_id uuid) returns app_public.automation_contract
language plpgsql stable strict security definer
set search_path = ''
as $$
declare
  v_is_english constant boolean := 'en' = (
    select humans.locale from app_public.humans where humans.principal_id = app_hidden.current_principal_id());
  v_contract app_public.automation_contract;
begin
  perform app_private.require_permission(automation_builder.organization_id, 'automations.view');
  v_contract.events := array(
    select row(known.event_name, case when v_is_english then known.label_en else known.label_ro end, known.label_ro, known.label_en,
               known.has)::app_public.automation_event_choice
    from app_private.automation_events as known
    order by known.event_name);
  v_contract.actions := array(
    select row(known.code, case when v_is_english then known.label_en else known.label_ro end, known.label_ro, known.label_en,
               known.description, known.config_schema, known.needs, known.is_marketing)::app_public.automation_action_choice
    from app_private.automation_actions as known
    order by known.code);
  return v_contract;
end;
$$;

comment on function app_public.automation_builder is
  'The events and actions of which an automation is composed, with labels and the schema of each config. Needs automations.view.';
grant execute on function app_public.automation_builder to app_member;

reset role;
