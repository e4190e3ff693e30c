-- Read as the purposes are. Written by publish_consent_version(), publish_privacy_notice() and db/reference; changed by
-- nobody. FND-16, FND-19.

select app_private.classify('app_public.consent_purpose_versions', home => 'clinic', retention => 'ledger', classes =>
  '{"public": ["id", "organization_id", "scope_id", "purpose_code", "purpose_scope_id", "number", "is_required", "asks_again",
               "accepts_from", "in_force_from", "title_ro", "title_en", "body_ro", "body_en", "content_hash",
               "notice_template", "notice_sections"],
    "operational": ["published_by", "created_at"]}');
select app_private.protect('app_public.consent_purpose_versions', engine => 'select, insert');

grant select (id, organization_id, scope_id, purpose_code, purpose_scope_id, number, is_required, asks_again, accepts_from,
              in_force_from, title_ro, title_en, body_ro, body_en, notice_template, notice_sections, published_by, created_at)
   on app_public.consent_purpose_versions to app_member;

create policy consent_purpose_versions_select_everyone on app_public.consent_purpose_versions for select to app_member
  using (organization_id is null);

create policy consent_purpose_versions_select_staff on app_public.consent_purpose_versions for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy consent_purpose_versions_select_patient on app_public.consent_purpose_versions for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[]));

create policy consent_purpose_versions_all_migrator on app_public.consent_purpose_versions for all to app_owner
  using (organization_id is null)
  with check (organization_id is null);

create or replace trigger _150_fixed_id before insert on app_public.consent_purpose_versions
  for each row when (new.organization_id is null) execute function app_private.tg_fixed_id('purpose_code', 'number');
