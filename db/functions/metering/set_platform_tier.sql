-- The platform makes a tier, names it, and says whether clinics may subscribe to it. FND-20.

set role app_engine;

create or replace function app_public.set_platform_tier(slug text, name_ro text, name_en text, place int, is_offered boolean)
returns app_public.platform_tiers
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_tier app_public.platform_tiers;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  if slug !~ '^[a-z0-9]+(-[a-z0-9]+)*$' or length(slug) > 63 then
    perform app_hidden.refuse('VALIDATION', 'tier_slug_malformed', '{"field": "slug"}');
  elsif name_ro !~ '[[:alnum:]]' or length(name_ro) > 100 then
    perform app_hidden.refuse('VALIDATION', 'tier_name_malformed', '{"field": "nameRo"}');
  elsif name_en !~ '[[:alnum:]]' or length(name_en) > 100 then
    perform app_hidden.refuse('VALIDATION', 'tier_name_malformed', '{"field": "nameEn"}');
  end if;

  insert into app_public.platform_tiers as tiers (slug, names, place, is_offered)
  values (set_platform_tier.slug, jsonb_build_object('ro', btrim(name_ro), 'en', btrim(name_en)), set_platform_tier.place,
          set_platform_tier.is_offered)
  on conflict on constraint platform_tiers_slug_is_unique do update
    set names = excluded.names, place = excluded.place, is_offered = excluded.is_offered
  returning * into v_tier;
  if v_tier.is_offered and not exists (
    select from app_public.platform_tier_versions as versions where versions.tier_id = v_tier.id and versions.published_at is not null
  ) then
    perform app_hidden.refuse('CONFLICT', 'tier_has_no_published_version');
  end if;
  return v_tier;
end;
$$;

comment on function app_public.set_platform_tier is
  E'@arg nameRo The name, in Romanian.\n'
  '@arg nameEn The name, in English.\n'
  '@arg place Where it stands among the tiers that are offered, the smallest first.\n'
  'Makes a tier, or changes the one of this slug. Superadmin only; CONFLICT tier_has_no_published_version for an offer that nobody could take.';
grant execute on function app_public.set_platform_tier to app_member;

reset role;
