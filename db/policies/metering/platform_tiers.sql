-- What clinics can subscribe to: what is offered is everyone's to read who is signed in; a clinic reads what it has. Written by verbs of
-- superadmins. FND-20.

select app_private.classify('app_public.platform_tiers', home => 'platform', retention => 'reference', classes =>
  '{"public": ["id", "slug", "names", "place", "is_offered"], "operational": ["created_at", "updated_at"]}');
select app_private.protect('app_public.platform_tiers', engine => 'select, insert, update');

grant select on app_public.platform_tiers to app_member;

create policy platform_tiers_select_offered on app_public.platform_tiers for select to app_member
  using (is_offered);

create policy platform_tiers_select_subscriber on app_public.platform_tiers for select to app_member
  using (id = any ((select app_hidden.subscribed_tier_ids())::uuid[]));

create policy platform_tiers_select_superadmin on app_public.platform_tiers for select to app_member
  using ((select app_hidden.is_superadmin()));

create or replace trigger _150_fixed_id before insert on app_public.platform_tiers
  for each row execute function app_private.tg_fixed_id('slug');
