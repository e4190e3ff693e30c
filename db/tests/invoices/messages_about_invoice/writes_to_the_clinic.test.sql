-- Test: messages_about_invoice - an invoice that is issued is told to the billing address and to members with billing.manage, in their language. BIL-02, FND-15.
begin;
select plan(6);
select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.staff('stefan', 'specialist');
select tests.bill_tier('Pro', 49900), tests.freeze_time('2027-03-01 00:00+02'), tests.bill_subscription('atlas', 'Pro', '2027-03-01', 1);
select tests.remember('invoice', (tests.bill_open('atlas', 1)).id);
create function pg_temp.tell() returns void language sql as $$
  select app_private.messages_about_invoice(e) from app_private.events e where e.name = 'invoice.issued'
$$;
select pg_temp.tell();
select is((select count(*) from app_public.messages where template_key = 'invoice_issued' and recipient_email = 'billing@atlas.test'), 1::bigint, 'the billing address is written to');
select is((select count(*) from app_public.messages where template_key = 'invoice_issued' and recipient_human_id = tests.id('olga')), 2::bigint, 'the owner by mail and in the app');
select is((select count(*) from app_public.messages where recipient_human_id = tests.id('stefan')), 0::bigint, 'a specialist is not');
select is((select data - 'invoiceNumber' - '{accountHolder,accountIban,accountBank,accountBic,accountReference}'::text[] from app_public.messages where recipient_email = 'billing@atlas.test'), '{"dueOn": "2027-03-15", "currency": "RON", "netAmount": "49900"}', 'with the amount and by when');
select is((select data ->> 'invoiceNumber' from app_public.messages where recipient_email = 'billing@atlas.test'), (select series || ' ' || number from app_public.invoices), 'and the number');
select pg_temp.tell();
select is((select count(*) from app_public.messages where template_key = 'invoice_issued'), 3::bigint, 'once, however often the event is told');
select * from finish();
rollback;
