-- Every card that a payment provider told of: read and written by functions only. BIL-08, docs/decisions/0201.

select app_private.classify('app_private.provider_cards', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["organization_id", "subscription_id", "provider_card_id", "brand", "last_four", "entered_at", "is_gone"]}',
  unaudited => 'What the provider told; what people see of it is app_public.payment_cards.');
select app_private.protect('app_private.provider_cards', engine => 'select, insert, update');
