-- Test: organization_usage - what more costs is what the invoice will say: by the days of each tier, of a trial nothing. FND-20, FND-24, BIL-02, BIL-06.
begin;
select plan(10);
select tests.freeze_time('2027-03-05 12:00+02');
select tests.person('root', superadmin => true);
select tests.clinic('atlas');
select tests.bill_tier('small', 10000, '{"sms_messages": [2, 12.5], "video_minutes": [10, 3]}');
select tests.bill_tier('large', 20000, '{"sms_messages": [31, 10], "video_minutes": [null, null]}');
select tests.bill_subscription('atlas', 'small', '2027-03-05');
create function pg_temp.usage(of_meter text) returns text language sql as $$
  select concat_ws(' ', u.enforcement, u.included, 'used', u.used, u.unit_price, u.overage_amount, u.currency)
  from app_public.organization_usage(tests.id('atlas')) u where u.meter = of_meter $$;
create function pg_temp.projected(of_meter text) returns bigint language sql as $$
  select coalesce(sum(l.amount), 0)::bigint from app_public.projected_invoice(tests.id('atlas')) l where l.kind = 'overage' and l.meter = of_meter $$;
select tests.bill_use('atlas', 'sms_messages', 30, '2027-03-06 10:00+02');
select tests.bill_use('atlas', 'video_minutes', 12.5, '2027-03-06 10:00+02');

select tests.act_as('root');
select is(pg_temp.usage('sms_messages'), 'soft 2 used 30 12.5 350 RON', 'one tier: 28 more than two');
select is(pg_temp.projected('sms_messages'), 350::bigint, 'as the invoice says so far');
select tests.act_as('the database');
select tests.bill_change('atlas', 'large', '2027-03-15');
select tests.freeze_time('2027-03-15 12:00+02');
select tests.act_as('root');
select is(pg_temp.usage('sms_messages'), 'soft 22 used 30 10 80 RON', 'ten days of two and 21 of 31 allow 1 and 21: eight more, at the price of the last');
select is(pg_temp.projected('sms_messages'), 80::bigint, 'as the invoice says so far');
select is(pg_temp.usage('video_minutes'), 'soft used 12.5', 'what the last tier does not limit is not billed');
select is(pg_temp.projected('video_minutes'), 0::bigint, 'on the invoice neither');
select tests.act_as('the database');
select tests.bill_change('atlas', 'small', '2027-03-25');
select tests.freeze_time('2027-03-25 12:00+02');
select tests.act_as('root');
select is(pg_temp.usage('video_minutes'), 'soft 7 used 12.5 3 17 RON', 'on days without a limit what was used on them is allowed: of what is left, 5.5 more than seven, at 3, rounded once, half away from zero');
select is(pg_temp.projected('video_minutes'), 17::bigint, 'as the invoice says so far');

select tests.act_as('the database');
update app_public.billing_periods set is_trial = true where organization_id = tests.id('atlas');
select tests.act_as('root');
select is(pg_temp.usage('sms_messages'), 'soft 2 used 30 12.5 0 RON', 'a trial is billed nothing');
select is_empty($$select * from app_public.projected_invoice(tests.id('atlas'))$$, 'as the invoice says');
select * from finish();
rollback;
