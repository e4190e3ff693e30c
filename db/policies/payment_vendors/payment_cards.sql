-- The card that pays a clinic's subscription, by brand and last four digits: its staff with billing.view, and superadmins. The worker keeps
-- what the payment provider tells. BIL-08, docs/decisions/0197.

select app_private.classify('app_public.payment_cards', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["id", "organization_id", "subscription_id", "provider_card_id", "brand", "last_four", "entered_at", "created_at",
                    "updated_at"]}');
select app_private.protect('app_public.payment_cards', engine => 'select, insert, update');

grant select (id, organization_id, subscription_id, brand, last_four, entered_at, created_at, updated_at)
   on app_public.payment_cards to app_member;

create policy payment_cards_select_viewer on app_public.payment_cards for select to app_member
  using (organization_id = any ((select app_hidden.rights('billing.view'))::uuid[]));

create policy payment_cards_select_superadmin on app_public.payment_cards for select to app_member
  using ((select app_hidden.is_superadmin()));
