-- Test: credit_carried_amount, carried_credits - what an ended subscription carried over is seen, and given back once. BIL-05, BIL-06, BIL-08.
begin;
select plan(37);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('boreal'), tests.staff('beata', 'owner');
select tests.clinic('atlas'), tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk');
select tests.offered_tier('large', monthly => 31000, annual => 310000), tests.offered_tier('small', monthly => 3100, annual => 31000);
select tests.billing_details('atlas'), tests.clinic_subscribed('large', clinic => 'atlas');
create function pg_temp.give_back(reason text default 'They have left') returns text language sql as $$
  select status from app_public.credit_carried_amount(tests.id('subscription of atlas'), reason) $$;
create function pg_temp.carried() returns bigint language sql as $$
  select coalesce(sum(c.carried_amount), 0)::bigint from app_public.carried_credits(tests.id('atlas')) c where c.subscription_id = tests.id('subscription of atlas') $$;
create function pg_temp.notes() returns text language sql security definer as $$
  select string_agg(concat_ws(' ', c.net_amount, c.gross_amount), ', ' order by c.number) from app_public.credit_notes c $$;
select tests.remember('invoice', (select id from app_public.invoices where organization_id = tests.id('atlas')));
select tests.act_as('root');
select * from tests.refuses('select pg_temp.give_back()', 'STATE', 'nothing_carried', 'of what was not carried over nothing is given back');

-- A smaller plan for 21 of 31 days: 21000 less, 2100 more.
select tests.act_as('the database');
select tests.freeze_time('2027-03-11 10:00+02'), tests.act_as('olga');
select app_public.change_organization_tier(tests.id('atlas'), tests.id('small'));
select app_public.cancel_organization_subscription(tests.id('atlas'), at_period_end => false);
select is(pg_temp.carried(), 18900::bigint, 'who leaves after a change to a smaller plan sees what is left');
select tests.act_as('flavia');
select * from tests.refuses('select pg_temp.carried()', 'FORBIDDEN', 'permission_missing', 'a colleague without billing.view does not');
select tests.act_as('beata');
select * from tests.refuses('select pg_temp.carried()', 'NOT_FOUND', 'not_found', 'another clinic does not see it');
select * from tests.refuses('select pg_temp.give_back()', 'FORBIDDEN', 'superadmin_only', 'another clinic gives nothing back');
select tests.act_as('olga');
select * from tests.refuses('select pg_temp.give_back()', 'FORBIDDEN', 'superadmin_only', 'nor does a clinic to itself');
select tests.act_as('root');
select is((select carried_amount from app_public.billing_overview() where organization_id = tests.id('atlas')), 18900::bigint, 'a superadmin sees it among all clinics');
select * from tests.refuses($$select pg_temp.give_back(' ')$$, 'VALIDATION', 'reason_missing', 'and says why');
select * from tests.refuses($$select app_public.credit_carried_amount(uuidv7(), 'They have left')$$, 'NOT_FOUND', 'not_found', 'of a subscription that is there');
select * from tests.refuses('select pg_temp.give_back()', 'STATE', 'nothing_to_credit', 'not before the document of the invoice is there');
select results_eq($$select carried_amount, currency, is_owed from app_public.carried_credits(tests.id('atlas'))$$, $$values (18900::bigint, 'RON', true)$$, 'it stays owed');
select tests.act_as('the database');
select tests.document_of(tests.id('invoice'), 5890);
select tests.act_as('root');
select tests.remember('transfer', (app_public.record_bank_transfer(tests.id('invoice'), 36890, '2027-03-11', 'FT 1')).id);
select is(pg_temp.give_back(), 'canceled', 'it is given back');
select is(pg_temp.notes(), '18900 22491', 'by a credit note, with its share of the tax');
select is(pg_temp.carried(), 0::bigint, 'nothing is owed any more');
select is((select carried_amount from app_public.billing_overview() where organization_id = tests.id('atlas')), 0::bigint, 'also in the overview');
select * from tests.refuses('select pg_temp.give_back()', 'STATE', 'nothing_carried', 'once');
select is((select balance_amount from app_public.billing_overview() where organization_id = tests.id('atlas')), 22491::bigint, 'what was paid is a balance');
select is((app_public.refund_payment(tests.id('transfer'), 22491, 'They have left')).status, 'succeeded', 'which is refunded');
select is(pg_temp.notes(), '18900 22491', 'without another document');
select tests.act_as('the database');
select is_empty($$select * from app_private.verify_bills(tests.id('atlas'))$$, 'the bills come to what they were');
select is((select sum(amount) from app_private.postings where organization_id = tests.id('atlas')), 0::numeric, 'and the books are balanced');
select is((select count(*) from app_private.events where name = 'credit_note.issued'), 1::bigint, 'the clinic is told of the credit note, once');
-- A note of another clinic, and an earlier one of this, give back nothing that was carried over.
select tests.remember('discounted', tests.issued_invoice(tests.id('boreal'), 5000));
select app_private.credit_amount(i, 100, 'Late') from app_public.invoices i where i.id in (tests.id('discounted'), tests.id('invoice'));
select app_private.credit_carried(i, 100, 'Left') from app_public.invoices i where i.id = tests.id('invoice');
select results_eq($$select reason from app_public.credit_notes where net_amount = 100 and carried_by is not null$$, $$values ('Left')$$, 'only the note that gives it back is one of what was carried');

-- What goes on takes its credit off by itself.
select tests.clinic_subscribed('large', clinic => 'atlas');
select tests.act_as('root');
select app_public.change_organization_tier(tests.id('atlas'), tests.id('small'), 'As they asked');
select tests.act_as('the database');
select tests.freeze_time('2027-04-11 00:00+03');
select app_private.close_period(organization_id, id) from app_public.billing_periods where subscription_id = tests.id('subscription of atlas');
select tests.act_as('root');
select is(pg_temp.carried(), 27900::bigint, 'a subscription that goes on has it for the next bill');
select * from tests.refuses('select pg_temp.give_back()', 'STATE', 'carried_to_next_bill', 'and it is not given back beside that');
select tests.act_as('the database');
select * from tests.until('2027-04-12 00:00+03');
select is((select max(position) from app_public.period_bills where subscription_id = tests.id('subscription of atlas')), 3, 'the month after is billed');
select app_private.credit_carried(i, 50, 'Of the first') from app_public.invoices i where i.id = tests.id('invoice');
select is((select bills.subscription_id = invoices.subscription_id from app_public.credit_notes notes
  join app_public.period_bills bills on bills.id = notes.carried_by join app_public.invoices on invoices.id = notes.invoice_id where notes.reason = 'Of the first'),
  true, 'a note is of what its own subscription carried, also once another one has bills');
select * from finish();
rollback;
