-- Test: has_access - by a plan, by a tier, by hand, or since the clinic makes it free; closed at the next statement, and the history stays. CAT-08.
begin;
select plan(42);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.patient('dan');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk'), tests.staff('stefan', 'specialist');
select tests.patient('ana'), tests.patient('ela', account => false), tests.patient('gone');
select tests.caregiver('corina', 'ela');
select tests.plan('library', null, 3, library => true), tests.plan('telerehab', 5, telerehab => true), tests.plan('nothing', 5);
select tests.tier('gold'), tests.includes('gold', 'library');
create function pg_temp.may(patient text default 'ana', access text default 'library_access', clinic text default 'atlas') returns boolean language sql as $$
  select app_hidden.has_access(tests.id(clinic), tests.id(patient || ' at ' || case patient when 'dan' then 'boreal' else 'atlas' end), access)
$$;

select ok(not pg_temp.may(), 'without anything it is closed');
select tests.has_plan('ana', 'nothing'), tests.has_plan('ana', 'telerehab');
select ok(not pg_temp.may(), 'a plan opens what it says');
select ok(pg_temp.may('ana', 'telerehab_access'), 'sessions from home');
select ok(not pg_temp.may('ana', 'anything_else'), 'and nothing that nobody knows');
select ok(not pg_temp.may('ela', 'telerehab_access'), 'for whom it is');

-- A plan of time: the day it is bought does not count, the last one counts to its end.
select tests.act_as('flavia');
select is((app_public.enrol_patient(tests.id('ana at atlas'), tests.id('library'))).valid_until, '2027-03-05 00:00+02', 'bought for three days');
select ok(pg_temp.may(), 'the library is open');
select tests.freeze_time('2027-03-04 23:59:59+02');
select ok(pg_temp.may(), 'until the last second');
select tests.freeze_time('2027-03-05 00:00+02');
select ok(not pg_temp.may(), 'and then closed, though nobody has written anything');
select tests.act_as('the database');
select tests.settle_plans('ana');
select is((select ended_at from app_public.patient_service_plans where service_plan_id = tests.id('library')), '2027-03-05 00:00+02', 'the worker writes when it ended');
select tests.act_as('ana');
select is((select count(*) from app_public.patient_service_plans), 3::bigint, 'the person still reads what they had');
select is((select app_public.patient_service_plans_is_open(p) from app_public.patient_service_plans p where service_plan_id = tests.id('library')), false, 'and that it is closed');

-- By a tier.
select tests.act_as('flavia');
select tests.remember('gold of ana', (app_public.start_subscription(tests.id('ana at atlas'), tests.id('gold'))).id);
select ok(pg_temp.may(), 'a tier opens it');
select is((app_public.move_subscription(tests.id('gold of ana'), 'past_due')).status, 'past_due', 'until a payment is awaited');
select ok(not pg_temp.may(), 'at the next statement');
select is((app_public.move_subscription(tests.id('gold of ana'), 'canceled')).status, 'canceled', 'or it is over');
select ok(not pg_temp.may(), 'for good');

-- By hand.
select tests.act_as('stefan');
select * from tests.refuses($$select app_public.grant_access(tests.id('ana at atlas'), 'library_access', 'Because')$$, 'FORBIDDEN', 'permission_missing', 'who may only look opens nothing');
select tests.act_as('beata');
select * from tests.refuses($$select app_public.grant_access(tests.id('ana at atlas'), 'library_access', 'Because')$$, 'NOT_FOUND', 'not_found', 'nor does another clinic');
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.grant_access(tests.id('ana at atlas'), 'library_access', ' ')$$, 'VALIDATION', 'reason_missing', 'nor anybody without a reason');
select * from tests.refuses($$select app_public.grant_access(tests.id('ana at atlas'), 'library_access', 'Because', '2027-03-05 00:00+02')$$, 'VALIDATION', 'already_past', 'or until now');
select * from tests.breaks($$select app_public.grant_access(tests.id('ana at atlas'), 'kitchen', 'Because')$$, 'access_grants_access_is_known', 'nor what nobody knows');
select tests.remember('by hand', (app_public.grant_access(tests.id('ana at atlas'), 'library_access', ' Came back after an illness ', '2027-03-06 00:00+02')).id);
select results_eq($$select reason, granted_by, revoked_at from app_public.access_grants$$, $$values ('Came back after an illness', tests.id('flavia'), null::timestamptz)$$, 'who, and why');
select ok(pg_temp.may(), 'it is open');
select ok(not pg_temp.may('ana', 'library_access', 'boreal'), 'at that clinic');
select tests.freeze_time('2027-03-06 00:00+02');
select ok(not pg_temp.may(), 'as long as was said');
select tests.remember('for good', (app_public.grant_access(tests.id('ela at atlas'), 'telerehab_access', 'A gift of the clinic')).id);
select ok(pg_temp.may('ela', 'telerehab_access'), 'or until it is taken back');
select tests.act_as('corina');
select is((select array_agg(access) from app_public.access_grants), '{telerehab_access}', 'who cares for the patient sees it');
select tests.act_as('beata');
select * from tests.refuses($$select app_public.revoke_access(tests.id('for good'))$$, 'NOT_FOUND', 'not_found', 'another clinic takes nothing back');
select tests.act_as('adrian');
select results_eq($$select g.revoked_at, g.revoked_by from app_public.revoke_access(tests.id('for good')) g$$, $$values (app_hidden.now(), tests.id('adrian'))$$, 'the clinic does');
select tests.act_as('flavia');
select is((app_public.revoke_access(tests.id('for good'))).revoked_by, tests.id('adrian'), 'once');
select ok(not pg_temp.may('ela', 'telerehab_access'), 'and it is closed');

-- Free for the patients of the clinic.
select tests.act_as('adrian');
update app_public.organizations set library_access_is_free = true where id = tests.id('atlas');
select is(array[pg_temp.may(), pg_temp.may('ela'), pg_temp.may('ela', 'telerehab_access'), pg_temp.may('dan', 'library_access', 'boreal')], '{t,t,f,f}', 'one of the two, at one clinic');
update app_public.organizations set telerehab_access_is_free = true where id = tests.id('atlas');
select ok(pg_temp.may('ela', 'telerehab_access'), 'or both');
select tests.act_as('the database');
update app_public.patients set deleted_at = now() where id = tests.id('gone at atlas');
select ok(not pg_temp.may('gone'), 'but for patients only');
select ok(not app_hidden.has_access(tests.id('atlas'), tests.id('dan at boreal'), 'library_access'), 'of that clinic');
select * from finish();
rollback;
