-- Everybody who signs in may read what notices are made of; migrations write it. FND-19.

select app_private.classify('app_public.privacy_notice_templates', home => 'platform', retention => 'reference', classes =>
  '{"public": ["version", "readiness", "confirmed_by", "title_ro", "title_en"]}',
  unaudited => 'Reference data that only migrations change.');
select app_private.protect('app_public.privacy_notice_templates', engine => 'select');

grant select on app_public.privacy_notice_templates to app_member;

create policy privacy_notice_templates_select_everyone on app_public.privacy_notice_templates for select to app_member
  using (true);
