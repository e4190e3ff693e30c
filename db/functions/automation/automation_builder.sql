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
               case when v_is_english then known.description_en else known.description_ro end, known.description_ro, known.description_en,
               known.config_schema, known.needs, known.is_marketing)::app_public.automation_action_choice
    from app_private.automation_actions as known
    order by known.code);
  v_contract.action_limit := 20;
  v_contract.lists := array(
    select row(lists.code, array(
        select row(choice.value, case when v_is_english then choice.label_en else choice.label_ro end, choice.label_ro, choice.label_en
          )::app_public.automation_list_choice
        from app_private.automation_choices(automation_builder.organization_id, lists.code) as choice
        order by case when v_is_english then choice.label_en else choice.label_ro end, choice.value))::app_public.automation_list
    from unnest(array[
      'actions', 'calendars', 'consent_purposes', 'form_templates', 'permissions', 'reasons', 'segment_lists', 'services',
      'specialists', 'variables_email', 'variables_in_app', 'variables_push', 'variables_sms', 'variables_whatsapp'
    ]) as lists (code)
    -- The rest is read by everybody of the staff.
    where lists.code <> 'segment_lists' or app_hidden.has_permission(automation_builder.organization_id, 'segments.view')
    order by lists.code);
  v_contract.after_schema := app_private.after_schema();
  v_contract.expires_schema := app_private.expires_schema();
  v_contract.most_schema := app_private.most_schema();
  return v_contract;
end;
$$;

comment on function app_public.automation_builder is
  'The events and actions of which an automation is composed, with labels, the schema of each config and the lists of the clinic that '
  'a config can name, as far as the caller may read them. Needs automations.view.';
grant execute on function app_public.automation_builder to app_member;

reset role;
