-- What whoever signs a form consents to, in words of one language. CNS-02, CNS-07.

create or replace function app_private.purposes_of_form(form app_public.forms, locale text)
returns table (version_id uuid, code text, version int, title text, body text, content_hash bytea)
language sql stable rows 3
set search_path = ''
begin atomic
  select consent_purpose_versions.id, consent_purpose_versions.purpose_code, consent_purpose_versions.number,
         case when purposes_of_form.locale = 'en' and consent_purpose_versions.title_en is not null
           then consent_purpose_versions.title_en else consent_purpose_versions.title_ro end,
         case when purposes_of_form.locale = 'en' and consent_purpose_versions.body_en is not null
           then consent_purpose_versions.body_en else consent_purpose_versions.body_ro end,
         consent_purpose_versions.content_hash
  from app_public.form_template_version_purposes as declared
  join app_public.consent_purpose_versions on consent_purpose_versions.id = declared.purpose_version_id
  where declared.organization_id = form.organization_id and declared.version_id = form.version_id
  order by consent_purpose_versions.purpose_code;
end;

comment on function app_private.purposes_of_form is 'The versions of purposes that a form declares, with their words.';
grant execute on function app_private.purposes_of_form to app_engine;
