-- Test: record_bank_transfer - what a statement of a bank can say, to the last coin, letter and day; what cannot be is refused. BIL-07.
begin;
select plan(28);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('boreal'), tests.remember('theirs', tests.issued_invoice(tests.id('boreal'), 100));
select tests.clinic('atlas');
select tests.remember('invoice', tests.issued_invoice(tests.id('atlas'), 1000)), tests.remember('draft', tests.issued_invoice(tests.id('atlas'), 500));
set local session_replication_role = replica;
update app_public.invoices set status = 'draft', number = null, series = null, issued_at = null where id = tests.id('draft');
set local session_replication_role = origin;
create function pg_temp.pay(amount bigint default 1, day date default '2027-03-01', reference text default 'FT', note text default null, invoice text default 'invoice') returns text language sql as $$
  select concat_ws('|', p.amount, p.received_on, length(p.reference)) from app_public.record_bank_transfer(tests.id(invoice), amount, day, reference, note) p
$$;
create function pg_temp.note_of(said text) returns text language sql security definer as $$ select note from app_public.payments where reference = said $$;

select tests.act_as('root');
select is(pg_temp.pay(1, reference => 'one'), '1|2027-03-01|3', 'a single coin');
select is(pg_temp.pay(100000000000, reference => 'most'), '100000000000|2027-03-01|4', 'as much as there can be');
select * from tests.refuses($$select pg_temp.pay(100000000001)$$, 'VALIDATION', 'sum_out_of_range', 'no more');
select * from tests.refuses($$select pg_temp.pay(-1)$$, 'VALIDATION', 'sum_out_of_range', 'nor less than nothing');
select * from tests.refuses($$select pg_temp.pay(null)$$, 'VALIDATION', 'sum_out_of_range', 'nor none');
select is(pg_temp.pay(2, reference => repeat('x', 140)), '2|2027-03-01|140', 'a long reference');
select * from tests.refuses($$select pg_temp.pay(reference => repeat('x', 141))$$, 'VALIDATION', 'reference_missing', 'no longer one');
select * from tests.refuses($$select pg_temp.pay(reference => null)$$, 'VALIDATION', 'reference_missing', 'nor none');
select is(pg_temp.pay(3, reference => 'note', note => repeat('n', 500)), '3|2027-03-01|4', 'a long note');
select * from tests.refuses($$select pg_temp.pay(note => repeat('n', 501))$$, 'VALIDATION', 'note_too_long', 'no longer one');
select pg_temp.pay(4, reference => 'blank', note => e' \t\n');
select is(pg_temp.note_of('blank'), null, 'a blank one is none');
select is(pg_temp.pay(5, '2027-03-02', 'tomorrow'), '5|2027-03-02|8', 'where the bank is, it may be tomorrow');
select * from tests.refuses($$select pg_temp.pay(day => '2027-03-03')$$, 'VALIDATION', 'day_out_of_range', 'but not the day after');
select is(pg_temp.pay(6, '2020-01-01', 'old'), '6|2020-01-01|3', 'an old day');
select * from tests.refuses($$select pg_temp.pay(day => '2019-12-31')$$, 'VALIDATION', 'day_out_of_range', 'none before there were clinics');
select * from tests.refuses($$select pg_temp.pay(invoice => 'draft')$$, 'STATE', 'invoice_not_issued', 'what is not issued is not paid');
select is(pg_temp.pay(1, reference => 'one', invoice => 'theirs'), '1|2027-03-01|3', 'another clinic''s bank may number alike');
select * from tests.refuses($$select pg_temp.pay(1, '2027-02-28', 'ONE')$$, 'CONFLICT', 'transfer_recorded_otherwise', 'the same transfer of another day is none');
select * from finish();
rollback;
