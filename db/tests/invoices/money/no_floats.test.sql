-- Test: money is whole minor units or numeric: no float in any table or function of billing, whose round() is half to even. BIL-02, FND-20.
begin;
select plan(3);
create temporary table billing as
select oid, relname from pg_class
where relkind = 'r' and relnamespace in ('app_public'::regnamespace, 'app_private'::regnamespace)
  and relname in (
    'meters', 'platform_tiers', 'platform_tier_versions', 'platform_tier_prices', 'platform_tier_limits', 'platform_overage_prices',
    'usage_records', 'usage_summaries', 'usage_conflicts', 'usage_positions', 'ai_calls', 'ai_model_prices',
    'organization_billing', 'organization_subscriptions', 'organization_subscription_tiers', 'billing_periods',
    'document_series', 'invoices', 'invoice_lines', 'period_bills', 'credit_notes', 'credit_note_lines', 'postings',
    'payment_attempts', 'payments', 'refunds');
select is((select count(*) from billing), 26::bigint, 'all tables of billing are looked at');
select is((select array_agg(billing.relname || '.' || attname || ' ' || atttypid::regtype) from billing join pg_attribute on attrelid = billing.oid
  where attnum > 0 and (atttypid in ('float4'::regtype, 'float8'::regtype, 'money'::regtype)
    or attname like '%amount' and atttypid <> 'int8'::regtype)), null, 'none has a float, and amounts are bigint');
select is((
  select array_agg(p.oid::regprocedure::text)
  from pg_proc p
  where p.pronamespace in ('app_public'::regnamespace, 'app_private'::regnamespace, 'app_hidden'::regnamespace)
    -- A function of billing reads or makes a row of these tables.
    and exists (select from billing where pg_get_functiondef(p.oid) ~ ('\m' || billing.relname || '\M'))
    and (pg_get_functiondef(p.oid) ~* '\m(float|float4|float8|real|double precision|to_number|random)\M')), null, 'nor does a function that reads or writes them');
select * from finish();
rollback;
