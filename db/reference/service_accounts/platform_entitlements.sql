-- What clinics can have beside a tier. Neither is built: granting it is refused (docs/guides/dedicated_tenancy.md). FND-20, TEN-01.

select app_private.own_rows('app_public.platform_entitlements', rows => '
  key           | is_built | description                                      | description_ro
  --------------+----------+--------------------------------------------------+--------------------------------------------------------
  own_cmk       | false    | Data keys wrapped by the clinic''s own master key | Chei de date protejate de cheia principală a clinicii
  own_s3_bucket | false    | Files in the clinic''s own bucket                 | Fișiere în spațiul de stocare propriu al clinicii
');
