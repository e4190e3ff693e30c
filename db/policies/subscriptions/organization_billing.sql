-- As whom a clinic is billed: functions only, for now. BIL-10.

select app_private.classify('app_public.organization_billing', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["organization_id", "postal_code", "country", "currency", "timezone", "cadence", "updated_by", "created_at", "updated_at"],
    "pii_basic": ["legal_name", "street", "city", "county", "registration_number", "billing_email"],
    "pii_regulated": ["tax_id", "tax_id_last_four"]}', protected => '{"ciphertext": ["tax_id"]}');
select app_private.protect('app_public.organization_billing', engine => 'select, insert, update');
