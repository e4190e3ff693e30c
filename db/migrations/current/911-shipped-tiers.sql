-- The tiers that come with the product are published: from here on nothing of these versions changes. FND-20.
update app_public.platform_tier_versions set published_at = now()
where published_at is null
  and id in ('1d53cfad-1cb5-8223-8649-a53b2e54395a', '755fc79f-af3d-8b4e-89bf-03b144716be4', 'c62fc940-aaec-868c-82eb-0266446e534b');
