-- Test: messages_about_payment, messages_about_credit_note, messages_about_refund - a receipt for each payment and a notice for each credit note or refund, once, to the address for bills and to who manages bills. BIL-08.
begin;
select plan(14);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('boreal'), tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk');
select tests.remember('invoice', tests.issued_invoice(tests.id('atlas'), 10000, 1900));
create function pg_temp.tell(name text) returns void language plpgsql as $$
begin
  perform app_private.consume_notifications(e.id) from app_private.events e where e.name = tell.name;
end $$;
create function pg_temp.data(template text) returns jsonb[] language sql as $$ select array_agg(distinct m.data - 'invoiceNumber' - 'creditNoteNumber' - '{accountHolder,accountIban,accountBank,accountBic,accountReference}'::text[]) from app_public.messages m where m.template_key = template and m.organization_id = tests.id('atlas') $$;
create function pg_temp.readers(template text) returns text[] language sql as $$
  select array_agg(distinct coalesce(h.display_name, m.recipient_email)) from app_public.messages m left join app_public.humans h on h.principal_id = m.recipient_human_id where m.template_key = template
$$;

select tests.act_as('root');
select tests.remember('payment', (app_public.record_bank_transfer(tests.id('invoice'), 4000, '2027-03-01', 'FT 1')).id);
select app_public.record_bank_transfer(tests.id('invoice'), 4000, '2027-03-01', 'FT 1');
select tests.act_as('the database');
select pg_temp.tell('payment.received'), pg_temp.tell('payment.received');
select is(pg_temp.readers('payment_received'), '{Olga,bills@atlas.test}', 'the address for bills and who manages them');
select is((select count(*)::int from app_public.messages where template_key = 'payment_received' and channel = 'email'), 2, 'are written to once');
select is(pg_temp.data('payment_received'), array['{"paidAmount": "4000", "receivedOn": "2027-03-01", "dueAmount": "7900", "balanceAmount": null, "currency": "RON"}'::jsonb], 'what came, and what is still due');
select is((select bool_and(data ->> 'invoiceNumber' = (select series || ' ' || number from app_public.invoices where id = tests.id('invoice'))) from app_public.messages where template_key = 'payment_received'), true, 'of which invoice');

select tests.act_as('root');
select app_public.discount_invoice(tests.id('invoice'), 5000, 'Promised'), app_public.refund_payment(tests.id('payment'), 1190, 'Asked for it');
select tests.act_as('the database');
select pg_temp.tell('credit_note.issued'), pg_temp.tell('credit_note.issued'), pg_temp.tell('refund.requested');
select is(pg_temp.readers('credit_notice'), '{Olga,bills@atlas.test}', 'the same people');
select is((select count(*)::int from app_public.messages where template_key = 'credit_notice' and channel = 'email'), 4, 'are told of each credit note once');
select is(pg_temp.data('credit_notice'), array['{"creditAmount": "1190", "refundAmount": "1190", "currency": "RON"}', '{"creditAmount": "5950", "refundAmount": null, "currency": "RON"}']::jsonb[], 'of one with what goes back, of the other without');

-- Whose own address it is, is written to once; over-payments go back without a credit note.
update app_public.humans set email = 'bills@atlas.test' where principal_id = tests.id('olga');
select tests.act_as('root');
select tests.remember('more', (app_public.record_bank_transfer(tests.id('invoice'), 9000, '2027-03-02', 'FT 2')).id);
select app_public.refund_payment(tests.id('more'), 100, 'Too much');
select tests.act_as('the database');
select pg_temp.tell('payment.received');
select is((select array_agg(distinct recipient_human_id is null) from app_public.messages where data ->> 'paidAmount' = '9000'), '{f}', 'one mailbox is one reader');
select isnt((select data ->> 'balanceAmount' from app_public.messages where data ->> 'paidAmount' = '9000' limit 1), null, 'what is kept is told');
select pg_temp.tell('refund.requested'), pg_temp.tell('credit_note.issued');
select is((select count(*)::int from app_public.messages where template_key = 'credit_notice' and data ->> 'creditNoteNumber' is null and channel = 'email'), 1, 'a refund without a credit note is told once');
select is((select count(*)::int from app_public.messages where template_key = 'credit_notice' and data ->> 'refundAmount' = '100' and data ->> 'creditAmount' is null), 2, 'by mail and in the inbox');
select is((select count(*)::int from app_public.messages where organization_id = tests.id('boreal')), 0, 'and no other clinic hears of it');
select is((select array_agg(distinct locale) from app_public.messages where template_key in ('payment_received', 'credit_notice')), '{ro}', 'in the language of the clinic');
select is((select count(distinct (template_key, channel, locale))::int from app_private.message_templates where template_key in ('payment_received', 'credit_notice') and locale in ('ro', 'en')), 8, 'with words in both');
select * from finish();
rollback;
