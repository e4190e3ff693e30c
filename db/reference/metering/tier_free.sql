-- The tier that costs nothing and has no end. FND-20. Names, place and offer are set afterwards by a superadmin: the row has them from here only when it is new.
-- Version 1 was published by a migration and never changes: a superadmin drafts another one, or it is written beside it here.

select app_private.own_rows('app_public.platform_tiers', scope => '{"slug": "free"}', given_once => '{names, place, is_offered}', rows => '
  id                                   | names                           | place | is_offered
  -------------------------------------+---------------------------------+-------+-----------
  6b634483-bccb-80fd-813d-c0c9ead3e89e | {"ro": "Gratuit", "en": "Free"} | 1     | true
');

select app_private.own_rows('app_public.platform_tier_versions', scope => '{"tier_id": "6b634483-bccb-80fd-813d-c0c9ead3e89e", "version": 1}', given_once => '{published_at}', rows => '
  id                                   | ai_markup_basis_points | trial_days
  -------------------------------------+------------------------+-----------
  1d53cfad-1cb5-8223-8649-a53b2e54395a | 3000                   | 0
');

select app_private.own_rows('app_public.platform_tier_prices', scope => '{"tier_version_id": "1d53cfad-1cb5-8223-8649-a53b2e54395a"}', rows => '
  currency | tenancy_mode | monthly_amount | annual_amount | setup_amount
  ---------+--------------+----------------+---------------+-------------
  EUR      | shared       | 0              | 0             | 0
  RON      | shared       | 0              | 0             | 0
');

select app_private.own_rows('app_public.platform_tier_limits', scope => '{"tier_version_id": "1d53cfad-1cb5-8223-8649-a53b2e54395a"}', rows => '
  meter              | enforcement | included
  -------------------+-------------+-----------
  active_patients    | hard        | 50
  ai_calls           | soft        | 50
  sms_messages       | soft        | 20
  specialists        | hard        | 1
  storage_bytes      | hard        | 1073741824
  telerehab_sessions | hard        | 50
  video_minutes      | soft        | 120
');

select app_private.own_rows('app_public.platform_overage_prices', scope => '{"tier_version_id": "1d53cfad-1cb5-8223-8649-a53b2e54395a"}', rows => '
  meter         | currency | unit_price
  --------------+----------+-----------
  sms_messages  | EUR      | 7
  sms_messages  | RON      | 35
  video_minutes | EUR      | 1.2
  video_minutes | RON      | 6
');
