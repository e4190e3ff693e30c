-- Test: the ledger - a thing uses one, once; what lapses first goes first; what is given back goes where it came from. CAT-04, CAT-06.
begin;
select plan(34);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('boreal');
select tests.patient('dan');
select tests.clinic('atlas');
select tests.specialist('stefan');
select tests.patient('ana'), tests.patient('gone');
select tests.service('massage', specialists => '{stefan}'), tests.service('exercise', specialists => '{stefan}');
select tests.plan('ten', 10), tests.plan('soon', 2, 20), tests.plan('for massage', 1, 5, assignments => 1), tests.plan('monthly', 1), tests.plan('saved', 1);
insert into app_public.service_plan_services (organization_id, service_plan_id, service_id) values (tests.id('atlas'), tests.id('for massage'), tests.id('massage'));
select tests.has_plan('ana', 'ten'), tests.has_plan('ana', 'soon'), tests.has_plan('ana', 'for massage');
select tests.remember('visit ' || n, uuidv7()) from generate_series(1, 9) n;
create function pg_temp.use(visit int, service text default null, at timestamptz default null, kind text default 'sessions') returns text language sql as $$
  select sp.name from app_private.debit_entitlement(tests.id('atlas'), tests.id('ana'), kind, 'appointment', tests.id('visit ' || visit), (select n.id from tests.names n where n.name = service), at) d
  join app_public.patient_entitlements e on e.id = d.patient_entitlement_id
  join app_public.patient_service_plans p on p.id = e.patient_service_plan_id
  join app_public.service_plans sp on sp.id = p.service_plan_id
$$;
create function pg_temp.use_at(visit int, at timestamptz) returns text language sql as $$ select pg_temp.use(visit, 'exercise', at) $$;
create function pg_temp.give_back(visit int, kind text default 'sessions') returns int language sql as $$
  select quantity from app_private.restore_entitlement(tests.id('atlas'), kind, 'appointment', tests.id('visit ' || visit))
$$;

select is(pg_temp.use(1, 'massage'), 'for massage', 'for massage, what lapses in five days');
select is(pg_temp.use(1, 'massage'), 'for massage', 'the same visit again is answered with the same');
select is(tests.ledger('ana', 'for massage'), '{grant 1 = 1,debit 1 = 0}', 'and used once');
select is(pg_temp.use(2, 'massage'), 'soon', 'then what lapses in twenty');
select is(pg_temp.use(3, 'exercise'), 'soon', 'a plan for one service is for no other');
select is(pg_temp.use_at(4, '2027-04-15 10:00+03'), 'ten', 'and one that is over by then is not used for it');
select is(pg_temp.use(5, 'exercise'), 'ten', 'the last is what does not lapse');
select throws_ok($$select pg_temp.use(6, 'exercise', null, 'treatment_plan_assignments')$$, 'RX402', 'not_in_a_plan', 'no plan for it counts these');
select is(pg_temp.use(6, 'massage', null, 'treatment_plan_assignments'), 'for massage', 'one for that service does');
select throws_ok($$select pg_temp.use(7, 'massage', null, 'treatment_plan_assignments')$$, 'RX402', 'nothing_left', 'once');

select is(pg_temp.give_back(2), 1, 'a visit that does not take place');
select is(pg_temp.give_back(2), null, 'gives back once');
select is(pg_temp.give_back(9), null, 'and one that used nothing, nothing');
select is(tests.ledger('ana', 'soon'), '{grant 2 = 2,debit 1 = 1,debit 1 = 0,restore 1 = 1}', 'where it was taken from');
select is(pg_temp.use(2, 'exercise'), 'soon', 'and may be used for the same visit again');
select is(pg_temp.use(2, 'exercise'), 'soon', 'once');
select is((tests.ledger('ana', 'soon'))[5:], '{debit 1 = 0}', 'and no more');

-- What has ended meanwhile keeps nothing alive.
select tests.freeze_time('2027-03-21 10:00+02');
select is(pg_temp.give_back(3), 1, 'after the twenty days it is given back');
select is((tests.ledger('ana', 'soon'))[6:], '{restore 1 = 1,expire 1 = 0}', 'and lapses there');
select is((select ended_at from app_public.patient_service_plans where service_plan_id = tests.id('soon')), '2027-03-21 10:00+02', 'as of the end of the plan');

select tests.tier('silver'), tests.includes('silver', 'monthly'), tests.includes('silver', 'saved', carry_over => true);
select tests.freeze_time('2027-04-01 10:00+03'), tests.subscribed('ana', 'silver');
select is(pg_temp.use(7), 'monthly', 'what a tier gives for a month goes first');
select is(pg_temp.use(8) in ('ten', 'saved'), true, 'then what does not lapse');
select tests.freeze_time('2027-05-02 10:00+03');
select is(pg_temp.give_back(7), 1, 'given back in the month after');
select is(tests.ledger('ana', 'monthly'), '{grant 1 = 1,debit 1 = 0,grant 1 = 1,restore 1 = 2,expire 1 = 1}', 'it lapses with its month, and this month''s stays');
select is((select array_agg(to_char(l.period_starts_at at time zone 'Europe/Bucharest', 'MM') order by l.number) from app_public.entitlement_entries l join app_public.patient_entitlements e on e.id = l.patient_entitlement_id join app_public.patient_service_plans p on p.id = e.patient_service_plan_id where p.service_plan_id = tests.id('monthly')), '{04,04,05,04,04}', 'each entry in the month it is of');
update app_public.service_plans set is_active = false;
select is((app_private.debit_entitlement(tests.id('atlas'), tests.id('ana'), 'sessions', 'appointment', tests.id('visit 9'))).balance, 0, 'a debit settles first: this month''s is there');
select tests.freeze_time('2027-06-01 00:00+03');
select is((select balance from app_private.debit_entitlement(tests.id('atlas'), tests.id('ana'), 'sessions', 'appointment', uuidv7())), 0, 'to the second');
select is(pg_temp.give_back(8), 1, 'what was used of a plan that carries over or does not end is there again');

select throws_ok($$select app_private.debit_entitlement(tests.id('atlas'), tests.id('dan'), 'sessions', 'appointment', uuidv7())$$, 'RX404', 'patient_not_found', 'a patient of another clinic has no plans here');
update app_public.patients set deleted_at = now() where id = tests.id('gone at atlas');
select throws_ok($$select app_private.debit_entitlement(tests.id('atlas'), tests.id('gone'), 'sessions', 'appointment', uuidv7())$$, 'RX404', 'patient_not_found', 'nor has one who was removed');
select is((select balance from app_private.restore_entitlement(tests.id('boreal'), 'sessions', 'appointment', tests.id('visit 1'))), null, 'and another clinic gives nothing back');
select tests.act_as('ana');
select throws_ok($$select app_private.debit_entitlement(tests.id('atlas'), tests.id('ana'), 'sessions', 'appointment', uuidv7())$$, '42501', null, 'nobody calls it but functions');
select results_eq($$select app_public.patient_entitlements_used(e) from app_public.patient_entitlements e join app_public.patient_service_plans p on p.id = e.patient_service_plan_id where p.service_plan_id = tests.id('soon')$$, $$values (1)$$, 'progress: one of the two was used');
select is((select sum(l.quantity) from app_public.entitlement_entries l), (select sum(app_public.patient_entitlements_balance(e)) from app_public.patient_entitlements e), 'what is left is the sum');
select * from finish();
rollback;
