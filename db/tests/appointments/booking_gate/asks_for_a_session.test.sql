-- Test: booking_gate - what is to be by a plan and finds no session is told with all else that is missing, by every verb, and nothing is left of it. APT-06, CAT-04, CNS-08.
begin;
select plan(39);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.patient('petre');
select tests.plan('elsewhere', 5), tests.has_plan('petre', 'elsewhere');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana'), tests.patient('bogdan'), tests.patient('dan');
select tests.specialist('stefan', '{"mon": [["08:00", "20:00"]], "tue": [["08:00", "20:00"]]}');
select tests.calendar('massages', '{stefan}');
select tests.calendar('walks', '{stefan}');
select tests.calendar('screens', '{stefan}', modality => 'video');
select tests.plan('one', 1), tests.plan('months', 5, 30), tests.plan('gone', 5), tests.plan('for massage', 5), tests.plan('monthly', 4), tests.plan('of dan', 3);
insert into app_public.service_plan_services (organization_id, service_plan_id, service_id) values (tests.id('atlas'), tests.id('for massage'), tests.id('service of massages'));
select tests.has_plan('ana', 'one'), tests.has_plan('dan', 'of dan');

create function pg_temp.missing(statement text) returns jsonb language plpgsql as $$
declare v_detail jsonb;
begin
  execute statement;
  return '[]';
exception when sqlstate 'RX453' then
  get stacked diagnostics v_detail = pg_exception_detail;
  return v_detail -> 'missing';
end;
$$;
create function pg_temp.wants(statement text) returns text language sql as $$
  select coalesce(string_agg(concat_ws(' ', m ->> 'kind', m ->> 'purpose', m ->> 'reason', m ->> 'resolvedBy', (
      select name from tests.names where id = (m ->> 'patientServicePlanId')::uuid)), ', ' order by n), 'nothing')
  from jsonb_array_elements(pg_temp.missing(statement)) with ordinality as e (m, n);
$$;
create function pg_temp.book(calendar text, hour int, use_plan boolean default null, plan text default null, patient text default 'ana', reason text default null)
returns text language sql as $$
  select format('select app_public.book_directly(%L, %L, %L, use_plan => %L, patient_service_plan_id => %L, override_reason => %L)', tests.id(calendar),
    '2027-03-08 08:00+02'::timestamptz + make_interval(hours => hour), tests.id(patient), use_plan, case when plan is not null then tests.id(plan) end, reason);
$$;

-- Used up.
select tests.act_as('flavia');
select is(pg_temp.wants(pg_temp.book('massages', 0, true)), 'nothing', 'a session that is there pays');
select tests.act_as('the database');
select tests.remember('visit', id) from app_public.appointments;
select is(tests.ledger('ana', 'one'), '{"grant 1 = 1","debit 1 = 0"}', 'and is used');
select tests.act_as('flavia');
select is(pg_temp.wants(pg_temp.book('massages', 1, true)), 'entitlement nothing_left plan ana''s one', 'used up, the plan is named, and what resolves it');
select is(pg_temp.missing(pg_temp.book('massages', 1, plan => 'ana''s one')),
  jsonb_build_array(jsonb_build_object('kind', 'entitlement', 'reason', 'nothing_left', 'resolvedBy', 'plan', 'patientServicePlanId', tests.id('ana''s one'))),
  'named or not, and nothing else of it');
select * from tests.refuses(pg_temp.book('massages', 1, true), 'NOT_READY', 'session_missing', 'alone it has words of its own; nothing is left of it');
select is(pg_temp.wants(pg_temp.book('screens', 1, true)), 'consent telemedicine never_given form, entitlement nothing_left plan ana''s one', 'with what else is missing, in one list');
select * from tests.refuses(pg_temp.book('screens', 1, true), 'NOT_READY', 'requirements_missing', 'which is told as one');
select is(pg_temp.wants(pg_temp.book('screens', 1, false)), 'consent telemedicine never_given form', 'paid for by itself, the rest is asked');
select is(pg_temp.wants(pg_temp.book('screens', 1)), 'consent telemedicine never_given form', 'where nobody said by plan, none is asked');
select is(pg_temp.wants(pg_temp.book('walks', 1, true, patient => 'bogdan')), 'entitlement no_plan plan', 'who has none is told so');
select is(pg_temp.wants(pg_temp.book('walks', 1, true, patient => 'bogdan', reason => 'Comes with her')), 'entitlement no_plan plan', 'also to staff with a reason, which sets aside a block and nothing else');

-- Blocked, and by a plan: both, and staff set aside the one that is theirs to set aside.
select tests.act_as('the database');
insert into app_public.booking_blocks (organization_id, patient_profile_id, reason, blocked_by, created_at)
values (tests.id('atlas'), tests.id('bogdan'), 'Missed three', tests.id('flavia'), app_hidden.now());
select tests.act_as('flavia');
select is(pg_temp.wants(pg_temp.book('walks', 1, true, patient => 'bogdan')), 'blocked clinic, entitlement no_plan plan', 'a block comes first');
select is(pg_temp.wants(pg_temp.book('walks', 1, true, patient => 'bogdan', reason => 'Comes with her')), 'entitlement no_plan plan', 'a reason of staff pays for nothing');

-- Ended, paused, for something else, of somebody else.
select tests.act_as('the database');
select tests.has_plan('ana', 'months'), tests.has_plan('ana', 'gone'), tests.has_plan('ana', 'for massage');
select app_private.end_plan(p, app_hidden.now()) from app_public.patient_service_plans p where p.id = tests.id('ana''s gone');
update app_public.patient_service_plans set valid_until = '2027-03-08 10:00+02' where id = tests.id('ana''s months');
select tests.act_as('flavia');
select is(pg_temp.wants(pg_temp.book('walks', 1, plan => 'ana''s gone')), 'entitlement plan_ended plan ana''s gone', 'a plan that ended');
select is(pg_temp.wants(pg_temp.book('walks', 2, plan => 'ana''s months')), 'entitlement plan_ended plan ana''s months', 'one that ends as it begins');
select is(pg_temp.wants(pg_temp.book('walks', 1, plan => 'ana''s months')), 'nothing', 'one that ends a moment later pays');
select is(pg_temp.wants(pg_temp.book('walks', 2, plan => 'ana''s for massage')), 'entitlement other_service plan ana''s for massage', 'one for other services');
select is(pg_temp.wants(pg_temp.book('walks', 2, plan => 'dan''s of dan')), 'entitlement no_plan plan', 'another patient''s is not told of');
select is(pg_temp.wants(pg_temp.book('walks', 2, plan => 'petre''s elsewhere')), 'entitlement no_plan plan', 'nor another clinic''s');
select tests.act_as('the database');
select tests.tier('gold'), tests.includes('gold', 'monthly', quantity => 1), tests.subscribed('ana', 'gold');
select tests.remember('ana''s monthly', id) from app_public.patient_service_plans where service_plan_id = tests.id('monthly');
select app_private.set_subscription_status(s, 'past_due', app_hidden.now()) from app_public.patient_subscriptions s;
select tests.act_as('flavia');
select is(pg_temp.wants(pg_temp.book('walks', 2, plan => 'ana''s monthly')), 'entitlement plan_paused plan ana''s monthly', 'a subscription that awaits its payment');
select * from tests.refuses(pg_temp.book('walks', 2, false, plan => 'ana''s monthly'), 'VALIDATION', 'plan_contradicted', 'a plan that is named and not to be used is a contradiction');
select tests.act_as('the database');
select app_private.set_subscription_status(s, 'active', app_hidden.now()) from app_public.patient_subscriptions s;
select tests.act_as('flavia');
select is(pg_temp.wants(pg_temp.book('walks', 2, plan => 'ana''s monthly')), 'nothing', 'paid, it pays');

-- Every verb. What was tried in vain used nothing.
select tests.act_as('the database');
select is(tests.left_of('ana', 'months') || ' ' || tests.left_of('ana', 'for massage') || ' ' || tests.left_of('dan', 'of dan') || ' ' || tests.left_of('petre', 'elsewhere'),
  '4 5 3 5', 'the plans are as they were but for what was booked');
select tests.hold('held', 'screens', 'stefan', '2027-03-08 13:00+02');
select tests.booking_request('asked', 'screens', 'stefan', '2027-03-08 14:00+02');
select tests.act_as('ana');
select is(pg_temp.wants(format('select app_public.book_appointment(%L, %L, patient_service_plan_id => %L)', tests.token('held'), tests.id('ana'), tests.id('ana''s one'))),
  'consent telemedicine never_given form, entitlement nothing_left plan ana''s one', 'the patient''s own booking');
select tests.act_as('flavia');
select is(pg_temp.wants(format('select app_public.confirm_booking_request(%L, %L, patient_service_plan_id => %L)', tests.id('asked'), tests.id('ana'), tests.id('ana''s one'))),
  'consent telemedicine never_given form, entitlement nothing_left plan ana''s one', 'a request that is confirmed');
select is((select status from app_public.booking_requests where id = tests.id('asked')), 'requested', 'which waits on');
select is(pg_temp.wants(format('select app_public.book_series(%L, %L, %L, 4, patient_service_plan_id => %L)', tests.id('massages'), '2027-03-02 08:00+02', tests.id('dan'), tests.id('dan''s of dan'))),
  'entitlement nothing_left plan dan''s of dan', 'a series of more than is left');
select tests.act_as('the database');
select is((select count(*) from app_public.appointments where patient_profile_id = tests.id('dan')) || ' ' || tests.left_of('dan', 'of dan'), '0 3', 'of which nothing is booked, nor used');
select tests.act_as('flavia');
select is(pg_temp.wants(format('select app_public.reschedule_appointment(%L, %L, %L)', tests.id('visit'), '2027-03-08 15:00+02', tests.id('screens'))),
  'consent telemedicine never_given form', 'moved elsewhere, the plan that pays goes on paying, and the rest is asked');
select tests.act_as('the database');
insert into app_public.service_plan_services (organization_id, service_plan_id, service_id) values (tests.id('atlas'), tests.id('one'), tests.id('service of massages'));
update app_public.patient_service_plans set valid_until = '2027-03-09 10:00+02' where id = tests.id('ana''s one');
update app_public.patient_service_plans set ended_at = app_hidden.now(), end_reason = 'refund' where id in (tests.id('ana''s monthly'), tests.id('ana''s for massage'));
select tests.act_as('flavia');
select is(pg_temp.wants(format('select app_public.reschedule_appointment(%L, %L, %L)', tests.id('visit'), '2027-03-09 15:00+02', tests.id('screens'))),
  'consent telemedicine never_given form, entitlement plan_ended plan ana''s one', 'where it is not good for it, both are told');
select is(pg_temp.wants(format('select app_public.reschedule_appointment(%L, %L)', tests.id('visit'), '2027-03-09 15:00+02')),
  'entitlement plan_ended plan ana''s one', 'at another time of the same calendar, the session alone');
select is((select (starts_at, plan_session_number) from app_public.appointments where id = tests.id('visit')), ('2027-03-08 08:00+02'::timestamptz, 1), 'and it stays where it is');
select lives_ok(format('select app_public.reschedule_appointment(%L, %L)', tests.id('visit'), '2027-03-09 08:00+02'), 'while the plan is valid it moves by its session');
select lives_ok(format('select app_public.cancel_appointment(%L)', tests.id('visit')), 'called off, it gives it back');
select lives_ok(pg_temp.book('massages', 9, plan => 'ana''s one'), 'and another uses it');
select is(pg_temp.wants(format('select app_public.reinstate_appointment(%L)', tests.id('visit'))), 'entitlement nothing_left plan ana''s one', 'so reinstating says what is missing');
select * from finish();
rollback;
