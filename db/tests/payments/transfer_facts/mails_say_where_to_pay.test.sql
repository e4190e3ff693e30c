-- Test: transfer_facts, overdue_facts, messages_about_invoice, messages_about_payment, messages_about_organization_subscription - mails about what is paid by bank transfer name the platform's account in the currency of the invoice, and what to write beside it. BIL-05, BIL-07.
begin;
select plan(23);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('atlas'), tests.staff('olga', 'owner');
insert into app_public.platform_bank_accounts (currency, holder, iban, bank, bic) values
  ('RON', 'RestartiX SRL', 'RO49AAAA1B31007593840000', 'Banca Exemplu', null),
  ('EUR', 'RestartiX Europa SRL', 'DE89370400440532013000', 'Beispielbank', 'COBADEFFXXX')
on conflict (currency) do update set holder = excluded.holder, iban = excluded.iban, bank = excluded.bank, bic = excluded.bic;
create function pg_temp.account(data jsonb) returns text language sql as $$
  select concat_ws('|', data ->> 'accountHolder', data ->> 'accountIban', data ->> 'accountBank', data ->> 'accountBic', data ->> 'accountReference') $$;
create function pg_temp.facts(provider text, currency text) returns text language sql as $$ select pg_temp.account(app_private.transfer_facts(provider, currency, 'RX 7')) $$;
create function pg_temp.tell(name text) returns void language plpgsql as $$
begin
  perform app_private.consume_notifications(e.id) from app_private.events e where e.name = tell.name;
end $$;
create function pg_temp.mailed(template text) returns text language sql as $$
  select pg_temp.account(m.data) from app_public.messages m where m.template_key = template and m.channel = 'email' order by m.id desc limit 1 $$;

select is(pg_temp.facts('manual', 'RON'), 'RestartiX SRL|RO49 AAAA 1B31 0075 9384 0000|Banca Exemplu|RX 7', 'the account in lei, its IBAN as people read it');
select is(pg_temp.facts('manual', 'EUR'), 'RestartiX Europa SRL|DE89 3704 0044 0532 0130 00|Beispielbank|COBADEFFXXX|RX 7', 'another one in euro');
select is(pg_temp.facts('manual', 'HUF'), '', 'none in a currency without an account');
select is(pg_temp.facts('stripe', 'RON'), '', 'none where a card is charged');
select is(pg_temp.facts(null, 'RON'), '', 'none where nothing is due');
select is(app_private.transfer_facts('stripe', 'RON', 'RX 7'),
  '{"accountHolder": null, "accountIban": null, "accountBank": null, "accountBic": null, "accountReference": null}', 'each is said to be none');

-- An invoice, and a part of it.
select tests.remember('invoice', tests.issued_invoice(tests.id('atlas'), 10000, 1900));
create function pg_temp.number_of(name text) returns text language sql as $$ select series || ' ' || number from app_public.invoices where id = tests.id(name) $$;
create function pg_temp.ron(reference text) returns text language sql as $$ select 'RestartiX SRL|RO49 AAAA 1B31 0075 9384 0000|Banca Exemplu|' || reference $$;
update app_public.organization_subscriptions set provider = 'manual';
select tests.act_as('the database');
select app_private.publish('invoice.issued', organization_id, id, jsonb_build_object('invoiceId', id, 'kind', kind, 'number', number, 'netAmount', net_amount)) from app_public.invoices where id = tests.id('invoice');
select pg_temp.tell('invoice.issued');
select is(pg_temp.mailed('invoice_issued'), pg_temp.ron(pg_temp.number_of('invoice')), 'an invoice, with its number as what to write');
select is((select data ->> 'invoiceNumber' from app_public.messages where template_key = 'invoice_issued' limit 1), pg_temp.number_of('invoice'), 'written as in its subject');
select tests.act_as('root');
select app_public.record_bank_transfer(tests.id('invoice'), 4000, '2027-03-01', 'FT 1');
select tests.act_as('the database');
select pg_temp.tell('payment.received');
select is(pg_temp.mailed('payment_received'), pg_temp.ron(pg_temp.number_of('invoice')), 'a receipt of a part says where the rest goes');
select tests.act_as('root');
select app_public.record_bank_transfer(tests.id('invoice'), 7900, '2027-03-01', 'FT 2');
select tests.act_as('the database');
select pg_temp.tell('payment.received');
select is(pg_temp.mailed('payment_received'), '', 'that of the rest says none');

-- A clinic whose card is charged.
update app_public.organization_subscriptions set provider = 'stripe';
select tests.remember('charged', tests.issued_invoice(tests.id('atlas'), 500));
select app_private.publish('invoice.issued', organization_id, id, jsonb_build_object('invoiceId', id, 'kind', kind, 'number', number, 'netAmount', net_amount)) from app_public.invoices where id = tests.id('charged');
select pg_temp.tell('invoice.issued');
select is((select count(*)::int from app_public.messages where template_key = 'invoice_issued' and data ->> 'invoiceNumber' = pg_temp.number_of('charged') and data ->> 'accountIban' is null and channel = 'email'), 2, 'a card is charged: no account');

-- Dunning.
select tests.clinic('boreal'), tests.staff('otto', 'owner'), tests.billing_details('boreal'), tests.offered_tier('plain'), tests.clinic_subscribed('plain', clinic => 'boreal');
select tests.bill('march', '2027-03-10', amount => 10000, clinic => 'boreal'), tests.bill('extra', '2027-03-12', 'advance', amount => 2500, clinic => 'boreal');
create function pg_temp.overdue() returns text language sql as $$
  select concat_ws(' ', f.data ->> 'dueAmount', f.data ->> 'currency', pg_temp.account(f.data)) from app_public.organization_subscriptions s cross join lateral app_private.overdue_facts(s) f (data) where s.organization_id = tests.id('boreal') $$;
select is(pg_temp.overdue(), 'RON ', 'nothing is overdue yet');
select tests.until('2027-03-11 10:00+02');
select pg_temp.tell('subscription.past_due');
select is(pg_temp.overdue(), '10000 RON ' || pg_temp.ron(pg_temp.number_of('march')), 'one bill is, and the other not yet');
select is(pg_temp.mailed('subscription_past_due'), pg_temp.ron(pg_temp.number_of('march')), 'as the mail of dunning says');
select is((select distinct data ->> 'dueAmount' from app_public.messages where template_key = 'subscription_past_due'), '10000', 'with what is to be paid');
select tests.until('2027-03-25 10:00+02');
select pg_temp.tell('subscription.suspended');
select is(pg_temp.mailed('subscription_suspended'), pg_temp.ron(pg_temp.number_of('march') || ', ' || pg_temp.number_of('extra')), 'of a suspended clinic both, the oldest first');
select is((select distinct data ->> 'dueAmount' from app_public.messages where template_key = 'subscription_suspended'), '12500', 'with their sum');
update app_public.organization_subscriptions set provider = 'stripe' where organization_id = tests.id('boreal');
select is(pg_temp.overdue(), '12500 RON ', 'no account where a card is charged');
update app_public.organization_subscriptions set provider = 'manual' where organization_id = tests.id('boreal');
select tests.pays('march'), tests.pays('extra');
select is(pg_temp.overdue(), 'RON ', 'what was paid meanwhile is not asked for');
delete from app_public.platform_bank_accounts;
select is(pg_temp.facts('manual', 'RON'), '', 'a platform without an account names none');

-- The words of each mail say all of it, in both languages.
select is((select array_agg(distinct t.template_key order by t.template_key) from app_private.message_templates t
  where t.channel = 'email' and t.version = 2 and t.body like '%{{#accountIban}}%{{accountHolder}}%{{accountIban}}%{{accountBank}}%{{accountBic}}%{{accountReference}}%{{/accountIban}}%'),
  '{invoice_issued,payment_received,subscription_past_due,subscription_suspended}', 'four mails name it');
select is((select count(*)::int from app_private.message_templates t where t.channel = 'email' and t.version = 2 and t.body like '%{{accountIban}}%'), 8, 'in both languages');
select is((select count(*)::int from app_private.message_templates t where t.channel <> 'email' and t.body like '%account%'), 0, 'what is short leads to the page');
select * from finish();
rollback;
