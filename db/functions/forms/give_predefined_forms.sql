-- A draft of each template that the product brings, for one clinic: to read, to change, and to publish. FRM-03.
-- What the clinic has by that key stays as it is, so it does no harm to be told twice, nor to bring a new template to all.

create or replace function app_private.give_predefined_forms(organization_id uuid) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_clinic app_public.organizations;
begin
  -- Two at once would both find nothing.
  select organizations.* into strict v_clinic
  from app_public.organizations
  where organizations.id = give_predefined_forms.organization_id
  for no key update;

  insert into app_public.consent_purposes
    (organization_id, code, scope, legal_basis, is_withdrawable, is_medical, name, name_ro, needed_for, needed_for_ro)
  select v_clinic.id, words.code, 'organization', 'consent', true, true, words.name, words.name_ro, words.needed_for, words.needed_for_ro
  from app_private.predefined_form_templates as predefined
  cross join lateral jsonb_to_record(predefined.clinic_purpose)
    as words (code text, name text, name_ro text, needed_for text, needed_for_ro text)
  where predefined.clinic_purpose is not null
  on conflict do nothing;
  insert into app_public.consent_purpose_versions
    (organization_id, purpose_code, number, is_required, asks_again, in_force_from, title_ro, title_en, body_ro, body_en)
  select v_clinic.id, words.code, 1, false, true, app_hidden.now(), words.title_ro, words.title_en, words.body_ro, words.body_en
  from app_private.predefined_form_templates as predefined
  cross join lateral jsonb_to_record(predefined.clinic_purpose)
    as words (code text, title_ro text, title_en text, body_ro text, body_en text)
  where predefined.clinic_purpose is not null
  on conflict do nothing;

  with given as (
    insert into app_public.form_templates (organization_id, key, name, kind, content, signature_mode)
    select v_clinic.id, predefined.key, coalesce(predefined.content -> 'title' ->> v_clinic.locale, predefined.content -> 'title' ->> 'ro'),
      predefined.kind, predefined.content, predefined.signature_mode
    from app_private.predefined_form_templates as predefined
    on conflict on constraint form_templates_key_is_unique do nothing
    returning form_templates.id, form_templates.key
  )
  insert into app_public.form_template_purposes (organization_id, template_id, purpose_version_id)
  select v_clinic.id, given.id, version.id
  from given
  join app_private.predefined_form_templates as predefined on predefined.key = given.key
  cross join lateral unnest(predefined.purposes) as declared (code)
  -- Of its privacy notice a new clinic has no version yet.
  cross join lateral app_private.current_consent_version(v_clinic.id, declared.code) as version
  where version.id is not null;
end;
$$;

comment on function app_private.give_predefined_forms is
  'Adds the drafts of the product''s templates that the clinic does not have, with the purposes that they declare.';
grant execute on function app_private.give_predefined_forms to app_engine;
