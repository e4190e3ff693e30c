-- What privacy notices are composed of. FND-19. confirmed_by: who confirmed it as counsel, which makes it production_ready.

select app_private.own_rows('app_public.privacy_notice_templates', rows => '
  version | readiness | confirmed_by | title_ro                                          | title_en
  --------+-----------+--------------+---------------------------------------------------+-------------------------------
  1       | draft     |              | Nota de informare despre prelucrarea datelor      | Notice about your personal data
');
