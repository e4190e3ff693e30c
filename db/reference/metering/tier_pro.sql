-- The tier of a large clinic. FND-20. Names, place and offer are set afterwards by a superadmin: the row has them from here only when it is new.
-- Version 1 was published by a migration and never changes: a superadmin drafts another one, or it is written beside it here.

select app_private.own_rows('app_public.platform_tiers', scope => '{"slug": "pro"}', given_once => '{names, place, is_offered}', rows => '
  id                                   | names                      | place | is_offered
  -------------------------------------+----------------------------+-------+-----------
  9f5861fe-3c50-8301-84af-787170a25293 | {"ro": "Pro", "en": "Pro"} | 3     | true
');

select app_private.own_rows('app_public.platform_tier_versions', scope => '{"tier_id": "9f5861fe-3c50-8301-84af-787170a25293", "version": 1}', given_once => '{published_at}', rows => '
  id                                   | ai_markup_basis_points | trial_days
  -------------------------------------+------------------------+-----------
  c62fc940-aaec-868c-82eb-0266446e534b | 3000                   | 30
');

select app_private.own_rows('app_public.platform_tier_prices', scope => '{"tier_version_id": "c62fc940-aaec-868c-82eb-0266446e534b"}', rows => '
  currency | tenancy_mode | monthly_amount | annual_amount | setup_amount
  ---------+--------------+----------------+---------------+-------------
  EUR      | dedicated    | 39900          | 399000        | 50000
  EUR      | shared       | 14900          | 149000        | 0
  RON      | dedicated    | 199900         | 1999000       | 250000
  RON      | shared       | 74900          | 749000        | 0
');

select app_private.own_rows('app_public.platform_tier_limits', scope => '{"tier_version_id": "c62fc940-aaec-868c-82eb-0266446e534b"}', rows => '
  meter              | enforcement | included
  -------------------+-------------+-------------
  active_patients    | hard        | 20000
  ai_calls           | soft        | 10000
  sms_messages       | soft        | 3000
  specialists        | hard        | 50
  storage_bytes      | hard        | 214748364800
  telerehab_sessions | soft        | 10000
  video_minutes      | soft        | 30000
');

select app_private.own_rows('app_public.platform_overage_prices', scope => '{"tier_version_id": "c62fc940-aaec-868c-82eb-0266446e534b"}', rows => '
  meter              | currency | unit_price
  -------------------+----------+-----------
  sms_messages       | EUR      | 7
  sms_messages       | RON      | 35
  telerehab_sessions | EUR      | 10
  telerehab_sessions | RON      | 50
  video_minutes      | EUR      | 1.2
  video_minutes      | RON      | 6
');
