-- A clinic publishes its privacy notice: the newest template with the sections that it switches on, as words that nobody
-- changes afterwards. In production only what counsel has confirmed. A new version asks for acceptance again, or those who
-- accepted an earlier one are told of it. FND-19.

set role app_engine;

create or replace function app_public.publish_privacy_notice(organization_id uuid, sections text[], asks_again boolean)
returns app_public.consent_purpose_versions
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_template app_public.privacy_notice_templates;
  v_unknown text;
  v_version app_public.consent_purpose_versions;
  v_before bigint;
begin
  perform app_private.require_permission(organization_id, 'consent_texts.manage');
  select privacy_notice_templates.* into strict v_template
  from app_public.privacy_notice_templates
  order by privacy_notice_templates.version desc
  limit 1;
  -- The server says which mode it runs in; whoever does not say is taken to be in production.
  if v_template.readiness <> 'production_ready' and current_setting('app.mode', true) is distinct from 'embedded' then
    perform app_hidden.refuse('STATE', 'privacy_notice_is_draft', jsonb_build_object('version', v_template.version));
  end if;
  select chosen into v_unknown
  from unnest(sections) as chosen
  where not exists (
    select from app_public.privacy_notice_sections
    where privacy_notice_sections.template_version = v_template.version
      and privacy_notice_sections.key = chosen
      and privacy_notice_sections.is_optional)
  limit 1;
  if found then
    perform app_hidden.refuse(
      'VALIDATION', 'notice_section_unknown', jsonb_build_object('field', 'sections', 'section', left(v_unknown, 63)));
  end if;

  v_version.organization_id := publish_privacy_notice.organization_id;
  v_version.purpose_code := 'privacy_notice';
  v_version.is_required := true;
  v_version.asks_again := publish_privacy_notice.asks_again;
  v_version.notice_template := v_template.version;
  v_version.notice_sections := array(select distinct chosen from unnest(sections) as chosen order by chosen);
  v_version.title_ro := v_template.title_ro;
  v_version.title_en := v_template.title_en;
  v_version.body_ro := app_private.notice_body(organization_id, v_template.version, sections, 'ro');
  v_version.body_en := app_private.notice_body(organization_id, v_template.version, sections, 'en');
  select coalesce(max(versions.number), 0) into v_before
  from app_public.consent_purpose_versions as versions
  where versions.organization_id = v_version.organization_id and versions.purpose_code = 'privacy_notice';
  v_version := app_private.add_consent_version(v_version);
  if v_version.number > v_before then
    perform app_private.publish(
      'privacy_notice.published', v_version.organization_id, v_version.id, jsonb_build_object('purposeVersionId', v_version.id));
  end if;
  return v_version;
end;
$$;

comment on function app_public.publish_privacy_notice is
  E'@arg sections The optional sections of the template that are switched on, by their keys.\n'
  '@arg asksAgain Whether those who accepted an earlier notice have to accept this one; they are told in any case.\n'
  'Publishes the clinic''s privacy notice from the newest template; the same words again make no version. Needs consent_texts.manage. STATE '
  'privacy_notice_is_draft in production while counsel has not confirmed the template.';
grant execute on function app_public.publish_privacy_notice to app_member;

reset role;

create or replace function app_private.notice_body(organization_id uuid, template_version int, sections text[], locale text)
returns text
language sql stable
set search_path = ''
begin atomic
  select replace(replace(replace(replace(
      string_agg(
        case notice_body.locale when 'ro' then part.title_ro || E'\n' || part.body_ro else part.title_en || E'\n' || part.body_en end,
        E'\n\n' order by part.position),
      '{{clinicName}}', organizations.name),
      '{{clinicAddress}}', concat_ws(', ', organizations.street, organizations.city)),
      '{{clinicEmail}}', coalesce(organizations.contact_email, '')),
      '{{clinicPhone}}', coalesce(organizations.contact_phone, ''))
  from app_public.organizations
  join app_public.privacy_notice_sections as part
    on part.template_version = notice_body.template_version
    and (not part.is_optional or part.key = any (notice_body.sections))
  where organizations.id = notice_body.organization_id
  group by organizations.id;
end;

comment on function app_private.notice_body is 'The text of a privacy notice: its sections under their headings, with the clinic''s own data.';
grant execute on function app_private.notice_body to app_engine;
