-- Everybody who signs in may read what notices are made of; migrations write it. FND-19.

select app_private.classify('app_public.privacy_notice_sections', home => 'platform', retention => 'reference', classes =>
  '{"public": ["template_version", "key", "position", "is_optional", "title_ro", "title_en", "body_ro", "body_en"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.privacy_notice_sections', engine => 'select');

grant select on app_public.privacy_notice_sections to app_member;

create policy privacy_notice_sections_select_everyone on app_public.privacy_notice_sections for select to app_member
  using (true);
