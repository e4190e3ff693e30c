-- What units of AI models cost: superadmins, who enter prices, and staff of clinics with billing.view, who pay by them. A price is never
-- changed but for its end. FND-24.

select app_private.classify('app_public.ai_model_prices', home => 'cell', retention => 'billing', classes =>
  '{"operational": ["id", "model", "unit", "currency", "price_per_million", "valid_from", "valid_until", "created_at"]}');
select app_private.protect('app_public.ai_model_prices', engine => 'select, insert, update (valid_until)');

grant select on app_public.ai_model_prices to app_member;

create policy ai_model_prices_select_staff on app_public.ai_model_prices for select to app_member
  using ((select cardinality(app_hidden.rights('billing.view')) > 0));

create policy ai_model_prices_select_superadmin on app_public.ai_model_prices for select to app_member
  using ((select app_hidden.is_superadmin()));
