-- A clinic writes words of its own: of a treatment that it defines by them, or instead of the platform's. The same words make
-- no version. Of two at once the second gets the next number. FND-16, CNS-01.

set role app_engine;

create or replace function app_public.publish_consent_version(
  organization_id uuid,
  purpose text,
  title_ro text,
  body_ro text,
  title_en text default null,
  body_en text default null,
  asks_again boolean default true,
  in_force_from timestamptz default null
) returns app_public.consent_purpose_versions
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_version app_public.consent_purpose_versions;
begin
  perform app_private.require_permission(organization_id, 'consent_texts.manage');
  if purpose = 'privacy_notice' then
    perform app_hidden.refuse('VALIDATION', 'notice_has_a_template', '{"field": "purpose"}');
  end if;
  v_version.organization_id := publish_consent_version.organization_id;
  v_version.purpose_code := purpose;
  v_version.title_ro := btrim(publish_consent_version.title_ro);
  v_version.body_ro := publish_consent_version.body_ro;
  v_version.title_en := btrim(publish_consent_version.title_en);
  v_version.body_en := publish_consent_version.body_en;
  v_version.asks_again := publish_consent_version.asks_again;
  v_version.in_force_from := publish_consent_version.in_force_from;
  return app_private.add_consent_version(v_version);
end;
$$;

comment on function app_public.publish_consent_version is
  E'@arg purpose The code of ConsentPurpose; a new one begins with treatment_specific_.\n'
  '@arg titleRo The title, in Romanian.\n@arg titleEn The title, in English.\n'
  '@arg bodyRo The text, in Romanian.\n@arg bodyEn The text, in English.\n'
  '@arg asksAgain Whether those who accepted earlier words are asked again.\n'
  '@arg inForceFrom From when on it counts; now, where nothing is said.\n'
  'Publishes words of the clinic''s own for a purpose, which nobody can change; the same words again make no version. Needs consent_texts.manage.';
grant execute on function app_public.publish_consent_version to app_member;

reset role;

create or replace function app_private.add_consent_version(version app_public.consent_purpose_versions)
returns app_public.consent_purpose_versions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_version app_public.consent_purpose_versions := version;
  v_last app_public.consent_purpose_versions;
  v_platforms app_public.consent_purpose_versions;
begin
  perform pg_advisory_xact_lock(hashtextextended('consent_versions:' || v_version.organization_id, 0));
  if starts_with(v_version.purpose_code, 'treatment_specific_') then
    insert into app_public.consent_purposes
      (organization_id, code, scope, legal_basis, is_withdrawable, is_medical, name, name_ro, needed_for, needed_for_ro)
    values
      (v_version.organization_id, v_version.purpose_code, 'organization', 'consent', true, true,
       coalesce(v_version.title_en, v_version.title_ro), v_version.title_ro, 'This treatment.', 'Acest tratament.')
    on conflict on constraint consent_purposes_code_is_known_by_its_clinic do nothing;
  elsif not exists (
    select from app_public.consent_purposes
    where consent_purposes.code = v_version.purpose_code
      and consent_purposes.scope = 'organization'
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'consent_purpose_not_found', jsonb_build_object('purpose', left(v_version.purpose_code, 63)));
  end if;

  select versions.* into v_last
  from app_public.consent_purpose_versions as versions
  where versions.scope_id = v_version.organization_id and versions.purpose_code = v_version.purpose_code
  order by versions.number desc
  limit 1;
  if (v_last.title_ro, v_last.body_ro, v_last.title_en, v_last.body_en)
       is not distinct from (v_version.title_ro, v_version.body_ro, v_version.title_en, v_version.body_en) then
    return v_last;
  end if;
  if v_version.in_force_from < v_last.in_force_from or v_version.in_force_from < app_hidden.now() then
    perform app_hidden.refuse('VALIDATION', 'consent_version_too_early', '{"field": "inForceFrom"}');
  end if;

  select versions.* into v_platforms from app_private.current_consent_version(null, v_version.purpose_code) as versions;
  insert into app_public.consent_purpose_versions (
    organization_id, purpose_code, number, is_required, asks_again, in_force_from, title_ro, title_en, body_ro, body_en,
    notice_template, notice_sections, published_by)
  values (
    v_version.organization_id, v_version.purpose_code, coalesce(v_last.number, 0) + 1,
    coalesce(v_version.is_required, v_platforms.is_required, false), v_last.id is null or v_version.asks_again,
    coalesce(v_version.in_force_from, greatest(app_hidden.now(), v_last.in_force_from)), v_version.title_ro, v_version.title_en,
    v_version.body_ro, v_version.body_en, v_version.notice_template, v_version.notice_sections, app_private.current_actor_id())
  returning * into v_version;
  return v_version;
end;
$$;

comment on function app_private.add_consent_version is
  'Writes the next version of a clinic''s words, and its purpose where that is a new treatment; the last version when the words are the same.';
grant execute on function app_private.add_consent_version to app_engine;
