-- Test: enrolments - staff sell plans, end them, and correct what is left; the plan as it was sold counts. CAT-03, CAT-04.
begin;
select plan(45);
select tests.freeze_time('2027-03-01 23:30+02');
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.plan('theirs', 5);
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk'), tests.staff('bianca', 'billing'), tests.staff('stefan', 'specialist');
select tests.patient('ana'), tests.patient('bogdan');
select tests.plan('ten', 10, 90, library => true, assignments => 2), tests.plan('retired', 5), tests.plan('time', null, 30);
update app_public.service_plans set is_active = false where id = tests.id('retired');
select tests.tier('silver'), tests.includes('silver', 'ten'), tests.subscribed('bogdan', 'silver');
create function pg_temp.entitlement(kind text) returns uuid language sql as $$
  select e.id from app_public.patient_entitlements e where e.patient_service_plan_id = tests.id('ten of ana') and e.kind = entitlement.kind
$$;

select tests.act_as('stefan');
select * from tests.refuses($$select app_public.enrol_patient(tests.id('ana at atlas'), tests.id('ten'))$$, 'FORBIDDEN', 'permission_missing', 'a specialist sells nothing');
select tests.act_as('beata');
select * from tests.refuses($$select app_public.enrol_patient(tests.id('ana at atlas'), tests.id('ten'))$$, 'NOT_FOUND', 'not_found', 'nor another clinic');
select tests.act_as('ana');
select * from tests.refuses($$select app_public.enrol_patient(tests.id('ana at atlas'), tests.id('ten'))$$, 'NOT_FOUND', 'not_found', 'nor the patient to herself');
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.enrol_patient(uuidv7(), uuidv7())$$, '42501', null, 'nor a visitor');
select tests.act_as('bianca');
select * from tests.refuses($$select app_public.enrol_patient(tests.id('ana at atlas'), tests.id('retired'))$$, 'NOT_FOUND', 'service_plan_not_found', 'what is not sold any more');
select * from tests.refuses($$select app_public.enrol_patient(tests.id('ana at atlas'), tests.id('theirs'))$$, 'NOT_FOUND', 'service_plan_not_found', 'or elsewhere');
select tests.remember('ten of ana', (app_public.enrol_patient(tests.id('ana at atlas'), tests.id('ten'))).id);
select tests.act_as('adrian');
update app_public.service_plans set sessions_total = 1, library_access = false, price_amount = 1 where id = tests.id('ten');
select results_eq($$select price_amount, currency::text, library_access, telerehab_access, starts_at, valid_until, source_tier_subscription_id from app_public.patient_service_plans where id = tests.id('ten of ana')$$,
  $$values (45000::bigint, 'RON', true, false, app_hidden.now(), timestamptz '2027-05-31 00:00+03', null::uuid)$$, 'it is as it was sold: ninety days from tomorrow, in summer time');
select is(tests.ledger('ana', 'ten'), '{grant 10 = 10}', 'with its sessions');
select is(tests.ledger('ana', 'ten', 'treatment_plan_assignments'), '{grant 2 = 2}', 'and what else it counts');
select is((app_public.enrol_patient(tests.id('ana at atlas'), tests.id('time'))).valid_until, '2027-04-01 00:00+03', 'a plan of time');
select is((select count(*) from app_public.patient_entitlements e join app_public.patient_service_plans p on p.id = e.patient_service_plan_id where p.service_plan_id = tests.id('time')), 0::bigint, 'counts nothing');

-- Corrections.
select * from tests.refuses($$select app_public.adjust_entitlement(pg_temp.entitlement('sessions'), 1, '')$$, 'VALIDATION', 'reason_missing', 'no correction without a reason');
select * from tests.refuses($$select app_public.adjust_entitlement(pg_temp.entitlement('sessions'), 0, 'Nothing')$$, 'VALIDATION', 'adjustment_out_of_range', 'of nothing');
select * from tests.refuses($$select app_public.adjust_entitlement(pg_temp.entitlement('sessions'), -2147483648, 'Much')$$, 'VALIDATION', 'adjustment_out_of_range', 'of too much');
select * from tests.refuses($$select app_public.adjust_entitlement(pg_temp.entitlement('sessions'), -11, 'More than is left')$$, 'ENTITLEMENT_EXHAUSTED', 'nothing_left', 'or of more than is left');
select is((app_public.adjust_entitlement(pg_temp.entitlement('sessions'), 2, ' A gift ')).id, pg_temp.entitlement('sessions'), 'two more');
select is((app_public.adjust_entitlement(pg_temp.entitlement('sessions'), -12, 'Counted wrongly')).id, pg_temp.entitlement('sessions'), 'and all taken');
select results_eq($$select entry, quantity, balance, reason, actor_id from app_public.entitlement_entries where patient_entitlement_id = pg_temp.entitlement('sessions') order by number offset 1$$,
  $$values ('grant', 2, 12, 'A gift', tests.id('adrian')), ('expire', -12, 0, 'Counted wrongly', tests.id('adrian'))$$, 'with who and why');
select tests.act_as('stefan');
select * from tests.refuses($$select app_public.adjust_entitlement(pg_temp.entitlement('sessions'), 1, 'A gift')$$, 'FORBIDDEN', 'permission_missing', 'a specialist corrects nothing');
select tests.act_as('beata');
select * from tests.refuses($$select app_public.adjust_entitlement(uuidv7(), 1, 'A gift')$$, 'NOT_FOUND', 'not_found', 'nor is there what there is not');

-- The end.
select tests.act_as('stefan');
select * from tests.refuses($$select app_public.end_service_plan(tests.id('ten of ana'), 'Refunded')$$, 'FORBIDDEN', 'permission_missing', 'a specialist ends nothing');
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.end_service_plan(tests.id('ten of ana'), 'x')$$, 'VALIDATION', 'reason_missing', 'nor anybody without a reason');
select * from tests.refuses($$select app_public.end_service_plan((select id from app_public.patient_service_plans where source_tier_subscription_id is not null), 'Refunded')$$, 'CONFLICT', 'plan_is_of_a_tier', 'what a tier brings ends with it');
select is((app_public.end_service_plan(tests.id('ten of ana'), 'Refunded')).ended_at, app_hidden.now(), 'refunded');
select tests.freeze_time('2027-03-02 10:00+02');
select results_eq($$select p.ended_at, p.end_reason from app_public.end_service_plan(tests.id('ten of ana'), 'Once more') p$$, $$values (timestamptz '2027-03-01 23:30+02', 'Refunded')$$, 'once');
select is(tests.ledger('ana', 'ten', 'treatment_plan_assignments'), '{grant 2 = 2,expire 2 = 0}', 'what was left has lapsed');
select * from tests.refuses($$select app_public.adjust_entitlement(pg_temp.entitlement('sessions'), 1, 'A gift')$$, 'STATE', 'plan_has_ended', 'and is not corrected any more');
select tests.act_as('ana');
select is((select count(*) from app_public.entitlement_entries), 5::bigint, 'she reads her own history');
select is((select array_agg(distinct patient_profile_id) from app_public.patient_service_plans), array[tests.id('ana')], 'and nobody else''s');
select * from finish();
rollback;
