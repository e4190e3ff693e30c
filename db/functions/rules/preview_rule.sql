-- For whom a rule holds, before it is saved, and why it holds for one. SEG-04.

set role app_engine;

create or replace function app_public.preview_rule(organization_id uuid, rule jsonb, sample int default 10) returns app_public.rule_preview
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_members uuid[];
begin
  perform app_private.require_permission(organization_id, 'patients.view');
  perform app_private.require_rule(preview_rule.organization_id, preview_rule.rule);
  v_members := array(select app_private.rule_members(preview_rule.organization_id, preview_rule.rule));
  return row(cardinality(v_members), array(
    select row(patients.id, profiles.given_name, profiles.family_name)::app_public.rule_sample
    from app_public.patients
    join app_public.patient_profiles as profiles on profiles.id = patients.patient_profile_id
    where patients.organization_id = preview_rule.organization_id and patients.id = any (v_members)
    order by profiles.family_name collate "ro-x-icu", profiles.given_name collate "ro-x-icu", patients.id
    limit least(greatest(sample, 0), 50)))::app_public.rule_preview;
end;
$$;

comment on function app_public.preview_rule is
  E'@cost 50\n'
  '@arg rule The rule, as ruleBuilder says what it may be made of.\n'
  '@arg sample How many patients to name, at most 50.\n'
  'How many patients a rule holds for now, and some of them. Needs patients.view, and what the fields of the rule need. '
  'VALIDATION rule_not_valid with fields: [{path, reason, details}].';
grant execute on function app_public.preview_rule to app_member;

create or replace function app_public.explain_rule(organization_id uuid, patient_id uuid, rule jsonb) returns jsonb
language plpgsql stable security definer
set search_path = ''
as $$
begin
  perform app_private.require_permission(organization_id, 'patients.view');
  perform app_private.require_rule(explain_rule.organization_id, explain_rule.rule);
  if not exists (
    select from app_public.patients
    where patients.organization_id = explain_rule.organization_id and patients.id = explain_rule.patient_id and patients.deleted_at is null) then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  return app_private.explain_rule(explain_rule.organization_id, explain_rule.patient_id, explain_rule.rule);
end;
$$;

comment on function app_public.explain_rule is
  E'@cost 20\n'
  '@arg rule The rule, as ruleBuilder says what it may be made of.\n'
  'The rule with holds in each of its parts, and in comparisons and counts what is there as actual, null where nothing is. '
  'Needs patients.view, and what the fields of the rule need. VALIDATION rule_not_valid; NOT_FOUND.';
grant execute on function app_public.explain_rule to app_member;

reset role;
