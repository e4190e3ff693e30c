-- By which form a patient can give a consent: the published template whose signature gives the version that counts now, or one
-- that still counts. FND-17, CNS-01. Of several the one that has been there longest, so that everybody is told the same.

create or replace function app_private.template_that_captures(organization_id uuid, version_id uuid) returns uuid
language sql stable
set search_path = ''
begin atomic
  select form_templates.id
  from app_public.consent_purpose_versions as asked
  join app_public.consent_purpose_versions as given
    on given.scope_id = asked.scope_id and given.purpose_code = asked.purpose_code and given.number >= asked.accepts_from
  join app_public.form_template_version_purposes as declared
    on declared.organization_id = template_that_captures.organization_id
    and declared.purpose_scope_id = given.scope_id and declared.purpose_version_id = given.id
  join app_public.form_template_versions as latest
    on latest.organization_id = declared.organization_id and latest.id = declared.version_id
  join app_public.form_templates
    on form_templates.organization_id = latest.organization_id and form_templates.id = latest.template_id
    and form_templates.version = latest.number and form_templates.published
  where asked.id = template_that_captures.version_id
  order by form_templates.created_at, form_templates.id
  limit 1;
end;

comment on function app_private.template_that_captures is
  'The published template of the clinic whose signature gives this version of a consent; null where none does.';
grant execute on function app_private.template_that_captures to app_engine;
