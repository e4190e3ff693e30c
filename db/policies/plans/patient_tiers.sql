-- What patients subscribe to: staff all, patients of the clinic what is offered and what they have. CAT-05, FND-21.

select app_private.classify('app_public.patient_tiers', home => 'clinic', retention => 'clinic', classes =>
  '{"public": ["id", "organization_id", "name", "description", "translations", "billing_period", "price_amount", "currency"],
    "operational": ["is_active", "created_at", "updated_at"]}');
select app_private.protect('app_public.patient_tiers', engine => 'select', facts => '{name name}');

grant select on app_public.patient_tiers to app_member;
grant insert (organization_id, name, description, translations, billing_period, price_amount, currency, is_active),
      update (name, description, translations, billing_period, price_amount, currency, is_active)
   on app_public.patient_tiers to app_member;

create policy patient_tiers_select_staff on app_public.patient_tiers for select to app_member
  using (organization_id = any ((select app_hidden.rights('staff'))::uuid[]));

create policy patient_tiers_select_patient on app_public.patient_tiers for select to app_member
  using (organization_id = any ((select app_hidden.rights('patient'))::uuid[])
         and (is_active or id in (
           select mine.tier_id from app_public.patient_subscriptions as mine
           where mine.patient_profile_id = any ((select app_hidden.rights('people'))::uuid[]))));

create policy patient_tiers_insert_manager on app_public.patient_tiers for insert to app_member
  with check (organization_id = any ((select app_hidden.rights('patient_tiers.manage'))::uuid[]));

create policy patient_tiers_update_manager on app_public.patient_tiers for update to app_member
  using (organization_id = any ((select app_hidden.rights('patient_tiers.manage'))::uuid[]))
  with check (organization_id = any ((select app_hidden.rights('patient_tiers.manage'))::uuid[]));
