-- The clinic's own fields of patients, and where a patient stands with its purposes of consent. SEG-02.

create or replace function app_private.rule_terms_of_clinic(organization_id uuid, code text default null)
returns setof app_private.rule_term
language sql stable
set search_path = ''
as $$
  select 'custom.' || fields.system_key, null, kind.type,
    app_private.rule_label(versions.definition -> 'label', 'ro'), app_private.rule_label(versions.definition -> 'label', 'en'),
    'Câmpurile clinicii', 'Fields of the clinic', app_private.rule_choices_of_item(versions.definition), null,
    case when kind.type = 'number' then (versions.definition ->> 'min')::numeric end,
    case when kind.type = 'number' then (versions.definition ->> 'max')::numeric end,
    versions.definition ->> 'type' in ('integer', 'scale'), 'patients.view', 1,
    '(select ' || replace(kind.value_sql, '{j}', 'c.value') || ' from app_public.custom_field_values as c where c.organization_id = $1'
      || ' and c.custom_field_id = {k0}::uuid and c.patient_profile_id = p.patient_profile_id)',
    null, jsonb_build_array(fields.id), array['custom:' || fields.id]
  from app_public.custom_fields as fields
  join app_public.custom_field_versions as versions
    on versions.organization_id = fields.organization_id and versions.custom_field_id = fields.id and versions.number = fields.version
  cross join lateral app_private.rule_term_of_item(versions.definition) as kind
  where fields.organization_id = rule_terms_of_clinic.organization_id
    and fields.entity_type = 'patient'
    and kind.type is not null
    and case when rule_terms_of_clinic.code is null then fields.published else 'custom.' || fields.system_key = rule_terms_of_clinic.code end
  union all
  -- As app_private.consent_states() says it, for one purpose and many patients.
  select 'consent.' || purposes.code, null, 'choice', purposes.name_ro, purposes.name, 'Consimțăminte', 'Consents',
    '[{"value": "granted", "ro": "dat", "en": "granted"},
      {"value": "older_version", "ro": "dat pentru o versiune veche", "en": "given to an older version"},
      {"value": "withdrawn", "ro": "retras", "en": "withdrawn"},
      {"value": "refused", "ro": "refuzat", "en": "refused"},
      {"value": "never_given", "ro": "necerut", "en": "never given"}]'::jsonb,
    null, null, null, false, 'patients.view', 1,
    'coalesce((select case when stands.yes then ''granted'' when c.decision = ''refused'' then ''refused'''
      || ' when c.withdrawn_at is not null then ''withdrawn'' else ''older_version'' end'
      || ' from app_public.consents as c'
      || ' join app_public.consent_purpose_versions as given on given.scope_id = c.version_scope_id and given.id = c.purpose_version_id'
      || ' cross join lateral (select coalesce(app_private.consent_stands(c, given,'
      || ' (select app_private.current_consent_version($1, {k0}))), false) as yes) as stands'
      || ' where c.organization_id = $1 and c.patient_profile_id = p.patient_profile_id and c.purpose_code = {k0}'
      || ' and (c.holds_until is null or c.holds_until > {now})'
      || ' order by stands.yes desc, c.decision = ''granted'' and c.withdrawn_at is null desc, c.decided_at desc, c.id desc limit 1), ''never_given'')',
    'least((select min(c.holds_until) from app_public.consents as c where c.organization_id = $1'
      || ' and c.patient_profile_id = p.patient_profile_id and c.purpose_code = {k0} and c.holds_until > {now}),'
      || ' (select min(v.in_force_from) from app_public.consent_purpose_versions as v'
      || ' where v.scope_id in ($1, ''00000000-0000-0000-0000-000000000000'') and v.purpose_code = {k0} and v.in_force_from > {now}))',
    jsonb_build_array(purposes.code), array['consents:' || purposes.code]
  from app_public.consent_purposes as purposes
  where purposes.scope_id in (rule_terms_of_clinic.organization_id, '00000000-0000-0000-0000-000000000000')
    and purposes.scope = 'organization'
    and (rule_terms_of_clinic.code is null or 'consent.' || purposes.code = rule_terms_of_clinic.code)
  order by 1
$$;

comment on function app_private.rule_terms_of_clinic is
  'The clinic''s fields of patients and its purposes of consent, as fields of rules. Without a code those in use.';
grant execute on function app_private.rule_terms_of_clinic to app_engine;
