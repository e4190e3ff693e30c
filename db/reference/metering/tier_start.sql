-- The tier of a small clinic. FND-20. Names, place and offer are set afterwards by a superadmin: the row has them from here only when it is new.
-- Version 1 was published by a migration and never changes: a superadmin drafts another one, or it is written beside it here.

select app_private.own_rows('app_public.platform_tiers', scope => '{"slug": "start"}', given_once => '{names, place, is_offered}', rows => '
  id                                   | names                          | place | is_offered
  -------------------------------------+--------------------------------+-------+-----------
  bd6fa211-9a22-8e2c-844e-d8479412ef5a | {"ro": "Start", "en": "Start"} | 2     | true
');

select app_private.own_rows('app_public.platform_tier_versions', scope => '{"tier_id": "bd6fa211-9a22-8e2c-844e-d8479412ef5a", "version": 1}', given_once => '{published_at}', rows => '
  id                                   | ai_markup_basis_points | trial_days
  -------------------------------------+------------------------+-----------
  755fc79f-af3d-8b4e-89bf-03b144716be4 | 3000                   | 30
');

select app_private.own_rows('app_public.platform_tier_prices', scope => '{"tier_version_id": "755fc79f-af3d-8b4e-89bf-03b144716be4"}', rows => '
  currency | tenancy_mode | monthly_amount | annual_amount | setup_amount
  ---------+--------------+----------------+---------------+-------------
  EUR      | dedicated    | 24900          | 249000        | 50000
  EUR      | shared       | 4900           | 49000         | 0
  RON      | dedicated    | 124900         | 1249000       | 250000
  RON      | shared       | 24900          | 249000        | 0
');

select app_private.own_rows('app_public.platform_tier_limits', scope => '{"tier_version_id": "755fc79f-af3d-8b4e-89bf-03b144716be4"}', rows => '
  meter              | enforcement | included
  -------------------+-------------+------------
  active_patients    | hard        | 1000
  ai_calls           | soft        | 1000
  sms_messages       | soft        | 300
  specialists        | hard        | 5
  storage_bytes      | hard        | 21474836480
  telerehab_sessions | soft        | 1000
  video_minutes      | soft        | 3000
');

select app_private.own_rows('app_public.platform_overage_prices', scope => '{"tier_version_id": "755fc79f-af3d-8b4e-89bf-03b144716be4"}', rows => '
  meter              | currency | unit_price
  -------------------+----------+-----------
  sms_messages       | EUR      | 7
  sms_messages       | RON      | 35
  telerehab_sessions | EUR      | 10
  telerehab_sessions | RON      | 50
  video_minutes      | EUR      | 1.2
  video_minutes      | RON      | 6
');
