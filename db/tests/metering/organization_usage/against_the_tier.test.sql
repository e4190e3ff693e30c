-- Test: organization_usage - each meter against the tier, and what the rest would cost; for who sees bills, and the platform. FND-20, FND-24, BIL-06.
begin;
select plan(17);
select tests.freeze_time('2027-03-10 12:00+02');
select tests.person('root', superadmin => true);
select tests.platform_tier('tiny', '{"specialists": 4}', '{"sms_messages": 2, "ai_calls": null}', 12.5);
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('olga', 'owner'), tests.staff('flavia', 'front_desk');
select tests.specialist('stefan'), tests.specialist('simona'), tests.patient('ana');
select tests.file('one', 'document_images', tests.id('atlas'), 'olga');
create function pg_temp.usage(of_meter text, clinic text default 'atlas') returns text language sql as $$
  select concat_ws(' ', u.enforcement, u.included, 'used', u.used, u.unit_price, u.overage_amount, u.currency)
  from app_public.organization_usage(tests.id(clinic)) u where u.meter = of_meter $$;
select app_private.record_usage(tests.id('atlas'), 'sms_messages', 'messages', 'before ' || n, 1, '2027-03-01 10:00+02') from generate_series(1, 9) n;

select tests.act_as('olga');
select is(pg_temp.usage('sms_messages'), 'used 9', 'without a subscription: the calendar month, without a limit');
select is((select array_agg(meter) from app_public.organization_usage(tests.id('atlas'))), (select array_agg(key order by is_standing desc, key) from app_public.meters), 'each meter');
select is((select distinct period_ends_at from app_public.organization_usage(tests.id('atlas'))), '2027-04-01 00:00+03', 'of the month');
select tests.act_as('the database');
select tests.subscribe(tests.id('atlas'), 'tiny', '2027-03-05');
select tests.act_as('olga');
select is(pg_temp.usage('sms_messages'), 'soft 2 used 0 12.5 0 RON', 'with one: its period, from its first day');
select is((select distinct array[period_starts_at, period_ends_at] from app_public.organization_usage(tests.id('atlas'))), array['2027-03-05 00:00+02', '2027-04-05 00:00+03']::timestamptz[], 'whose borders are said');
select is(pg_temp.usage('specialists'), 'hard 4 used 2', 'what stands is counted where it stands');
select is(pg_temp.usage('active_patients'), 'used 1', 'also where the tier says nothing of it');
select is(pg_temp.usage('storage_bytes'), 'used 1000', 'and files are measured');
select is(pg_temp.usage('ai_calls'), 'soft used 0', 'what is without limit has no overage');
select tests.act_as('the database');
select app_private.record_usage(tests.id('atlas'), 'sms_messages', 'messages', 'now ' || n, 1) from generate_series(1, 5) n;
select tests.act_as('olga');
select is(pg_temp.usage('sms_messages'), 'soft 2 used 5 12.5 38 RON', 'three more than two, at 12.5, rounded once, half away from zero');
select tests.act_as('root');
select is(pg_temp.usage('sms_messages'), 'soft 2 used 5 12.5 38 RON', 'a superadmin sees it');
select * from tests.refuses($$select * from app_public.organization_usage(uuidv7())$$, 'NOT_FOUND', 'not_found', 'of a clinic that is there');
select tests.act_as('flavia');
select * from tests.refuses($$select * from app_public.organization_usage(tests.id('atlas'))$$, 'FORBIDDEN', 'permission_missing', 'a colleague without billing.view does not');
select tests.act_as('otto');
select * from tests.refuses($$select * from app_public.organization_usage(tests.id('atlas'))$$, 'NOT_FOUND', 'not_found', 'and for another clinic it is not there');
select * from finish();
rollback;
