-- Everything of which a rule of this clinic may be composed, so that a page builds one out of nothing else. SEG-05. What the caller
-- may not read is not offered, and rule_problems() refuses it.

set role app_engine;

create or replace function app_public.rule_builder(organization_id uuid, event_name text default null) returns app_public.rule_contract
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_locale constant text := (select humans.locale from app_public.humans where humans.principal_id = app_hidden.current_principal_id());
  v_contract app_public.rule_contract;
begin
  perform app_private.require_permission(organization_id, 'patients.view');
  if event_name is not null and not exists (select from app_private.event_types where event_types.name = rule_builder.event_name) then
    perform app_hidden.refuse('VALIDATION', 'event_name_unknown', jsonb_build_object('name', rule_builder.event_name));
  end if;
  v_contract.fields := array(
    select row(terms.code, terms.collection, terms.type,
        case v_locale when 'en' then terms.label_en else terms.label_ro end, terms.label_ro, terms.label_en,
        case v_locale when 'en' then terms.group_en else terms.group_ro end, terms.group_ro, terms.group_en,
        terms.minimum, terms.maximum, coalesce(terms.is_whole, false),
        array(
          select row(choice ->> 'value', coalesce(choice ->> v_locale, choice ->> 'ro'), choice ->> 'ro', choice ->> 'en')::app_public.rule_choice
          from jsonb_array_elements(coalesce(
            terms.choices, app_private.rule_choices(rule_builder.organization_id, terms.choices_of))) as choice))::app_public.rule_field
    from app_private.rule_terms(rule_builder.organization_id, rule_builder.event_name) with ordinality as terms
    where app_hidden.has_permission(rule_builder.organization_id, coalesce(terms.permission, 'patients.view'))
    order by terms.ordinality);
  v_contract.operators := array(
    select row(operators.type, operators.code, case v_locale when 'en' then operators.label_en else operators.label_ro end,
        operators.label_ro, operators.label_en, operators.operand)::app_public.rule_operator
    from app_private.rule_operators as operators
    order by operators.type, operators.position);
  v_contract.collections := array(
    select row(collections.code, case v_locale when 'en' then collections.label_en else collections.label_ro end,
        collections.label_ro, collections.label_en)::app_public.rule_collection
    from app_private.rule_collections as collections
    where app_hidden.has_permission(rule_builder.organization_id, collections.permission)
    order by collections.code);
  v_contract.segments := array(
    select row(segments.id, segments.name)::app_public.rule_segment
    from app_public.segments
    where segments.organization_id = rule_builder.organization_id
      and segments.deleted_at is null
      and app_hidden.has_permission(rule_builder.organization_id, 'segments.view')
    order by segments.name, segments.id);
  v_contract.depth_limit := 10;
  v_contract.part_limit := 300;
  return v_contract;
end;
$$;

comment on function app_public.rule_builder is
  E'@cost 20\n'
  '@arg eventName The event, where a condition of an automation is written; null for a segment.\n'
  'The fields, operators, choices, collections and segments of which a rule of this clinic is composed, with their labels: '
  'what the caller may read. Needs patients.view. VALIDATION event_name_unknown.';
grant execute on function app_public.rule_builder to app_member;

reset role;
