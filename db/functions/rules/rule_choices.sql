-- Whose rows a field may be, with the names that the clinic gives them. What is no longer offered stays a choice: patients
-- have it. SEG-05.

create or replace function app_private.rule_choices(organization_id uuid, choices_of text) returns jsonb
language sql stable
set search_path = ''
as $$
  select coalesce(jsonb_agg(jsonb_build_object('value', listed.id, 'ro', listed.ro, 'en', listed.en) order by listed.ro, listed.id), '[]')
  from (
    select services.id, services.name as ro, coalesce(services.translations #>> '{en,name}', services.name) as en
    from app_public.services
    where choices_of = 'services' and services.organization_id = rule_choices.organization_id and services.deleted_at is null
    union all
    select specialists.id, named.name, named.name
    from app_public.specialists
    cross join lateral (select concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name) as name) as named
    where choices_of = 'specialists' and specialists.organization_id = rule_choices.organization_id and specialists.deleted_at is null
    union all
    select calendars.id, calendars.name, calendars.name
    from app_public.calendars
    where choices_of = 'calendars' and calendars.organization_id = rule_choices.organization_id and calendars.deleted_at is null
    union all
    select form_templates.id, form_templates.name, form_templates.name
    from app_public.form_templates
    where choices_of = 'form_templates' and form_templates.organization_id = rule_choices.organization_id and form_templates.version > 0
    union all
    select patient_tiers.id, patient_tiers.name, coalesce(patient_tiers.translations #>> '{en,name}', patient_tiers.name)
    from app_public.patient_tiers
    where choices_of = 'patient_tiers' and patient_tiers.organization_id = rule_choices.organization_id
    union all
    select service_plans.id, service_plans.name, coalesce(service_plans.translations #>> '{en,name}', service_plans.name)
    from app_public.service_plans
    where choices_of = 'service_plans' and service_plans.organization_id = rule_choices.organization_id
    union all
    select segments.id, segments.name, segments.name
    from app_public.segments
    where choices_of = 'segments' and segments.organization_id = rule_choices.organization_id and segments.deleted_at is null
  ) as listed
$$;

comment on function app_private.rule_choices is 'The rows of the clinic that a field may be: [{value, ro, en}].';
grant execute on function app_private.rule_choices to app_engine;
