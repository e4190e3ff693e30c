-- Test: billing_overview - of a clinic with earlier subscriptions the live one counts: its currency, its next bill; a day is over where the clinic is; clinics that were removed are not told. BIL-06.
begin;
select plan(11);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('gone'), tests.issued_invoice(tests.id('gone'), 10);
update app_public.organizations set deleted_at = app_hidden.now() where id = tests.id('gone');
select tests.clinic('atlas');
select tests.remember('euro', tests.subscribes(tests.id('atlas'), 'manual', 'EUR'));
select tests.remember('in euro', tests.issued_invoice(tests.id('atlas'), 777, due_on => '2027-01-01')), tests.issued_invoice(tests.id('atlas'), 50), tests.issued_invoice(tests.id('atlas'), 50);
create function pg_temp.ends() returns void language plpgsql security definer as $$
begin
  set local session_replication_role = replica;
  update app_public.organization_subscriptions set status = 'canceled', ended_at = app_hidden.now(), settle_at = null where organization_id = tests.id('atlas');
  set local session_replication_role = origin;
end $$;
create function pg_temp.overview() returns text language sql as $$
  select string_agg(concat_ws(' ', organization_name, status, currency, unpaid_amount, balance_amount, 'since ' || overdue_since, 'next ' || next_bill_on), ', ') from app_public.billing_overview()
$$;

select tests.act_as('root');
select is(pg_temp.overview(), 'Atlas active EUR 877 0 since 2027-01-01 next 2027-05-30', 'one subscription');
select tests.act_as('the database');
select pg_temp.ends();
select tests.act_as('root');
select is(pg_temp.overview(), 'Atlas canceled EUR 877 0 since 2027-01-01', 'one that has ended, of which there is no next bill');
select tests.act_as('the database');
select tests.subscribes(tests.id('atlas'), 'manual', 'RON');
select tests.remember('lei', tests.issued_invoice(tests.id('atlas'), 1000, 190, due_on => '2027-03-01'));
select tests.act_as('root');
select is(pg_temp.overview(), 'Atlas active RON 1190 0 next 2027-03-31', 'the live one counts, in its currency and with its next bill; what is due today is not overdue');
select app_public.record_bank_transfer(tests.id('lei'), 190, '2027-03-01', 'FT 1');
select tests.freeze_time('2027-03-01 23:59:59+02');
select is(pg_temp.overview(), 'Atlas active RON 1000 0 next 2027-03-31', 'until the day is over');
select tests.freeze_time('2027-03-02 00:00+02');
select is(pg_temp.overview(), 'Atlas active RON 1000 0 since 2027-03-01 next 2027-03-31', 'where the clinic is');
select app_public.record_bank_transfer(tests.id('lei'), 1500, '2027-03-02', 'FT 2'), app_public.record_bank_transfer(tests.id('in euro'), 1000, '2027-03-02', 'FT 3');
select is(pg_temp.overview(), 'Atlas active RON 0 500 next 2027-03-31', 'what is kept is of the same currency');
select is_empty($$select from app_public.billing_overview(tests.id('atlas'))$$, 'after a clinic comes the next');
select is((select count(*)::int from app_public.billing_overview(up_to => 100)), 1, 'a page of a hundred');
select is((select count(*)::int from app_public.billing_overview(only_unpaid => true)), 0, 'who owes nothing is left out');
select tests.act_as('the database');
select pg_temp.ends();
select tests.subscribes(tests.id('atlas'), 'manual', 'RON'), pg_temp.ends();
select tests.act_as('root');
select is(pg_temp.overview(), 'Atlas canceled RON 0 500', 'of those that have ended the last');
select is((select count(*)::int from app_public.billing_overview(with_status => 'active')), 0, 'and it is not active');
select * from finish();
rollback;
