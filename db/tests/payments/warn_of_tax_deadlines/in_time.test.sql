-- Test: warn_of_tax_deadlines - told as the day two working days before begins, also when holidays lie between. BIL-04.
begin;
select plan(7);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('atlas');
select tests.remember('near', tests.issued_invoice(tests.id('atlas'), 10000)), tests.remember('holidays', tests.issued_invoice(tests.id('atlas'), 2000));
update app_public.invoices set tax_state = 'queued', tax_deadline_on = '2027-03-05' where id = tests.id('near');
update app_public.invoices set tax_state = 'queued', tax_deadline_on = '2027-05-04' where id = tests.id('holidays');
select tests.remember('accepted', tests.issued_invoice(tests.id('atlas'), 3000));
update app_public.invoices set tax_state = 'accepted', tax_deadline_on = '2027-03-01' where id = tests.id('accepted');
select is(app_private.working_days_before('RO', '2027-05-04', 2), '2027-04-28'::date, 'Easter and Labour Day are between');

select tests.freeze_time('2027-03-02 23:59:59+00');
select is(app_hidden.warn_of_tax_deadlines(), 0, 'before the day nobody is told');
select tests.freeze_time('2027-03-03 00:00+00');
select is(app_hidden.warn_of_tax_deadlines(), 1, 'as it begins somebody is');
select tests.freeze_time('2027-04-27 23:59:59+00');
select is(app_hidden.warn_of_tax_deadlines(), 0, 'around holidays it is not told too early');
select tests.freeze_time('2027-04-28 00:00+00');
select is(app_hidden.warn_of_tax_deadlines(1), 1, 'but before them; what was told, or is accepted, takes nobody''s place');
select is(tests.events_of(tests.id('holidays')), '{invoice.tax_deadline_near}', 'once');
select cmp_ok(
  (select max(day::date - app_private.working_days_before('RO', day::date, 2)) from generate_series('2026-01-01'::date, '2028-12-31', '1 day') as day),
  '<=', 9, 'no two working days are farther than the nine days that are looked at');
select * from finish();
rollback;
