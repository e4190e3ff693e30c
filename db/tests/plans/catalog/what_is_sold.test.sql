-- Test: plans, products and tiers - managed by permission, read by the clinic's own people, as their types say. CAT-03, CAT-05, CAT-07.
begin;
select plan(33);
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.plan('theirs', 3), tests.tier('their tier');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
select tests.patient('ana'), tests.patient('bogdan');
select tests.plan('old', 3), tests.tier('old tier'), tests.includes('old tier', 'old'), tests.subscribed('ana', 'old tier');
update app_public.service_plans set is_active = false where id = tests.id('old');
update app_public.patient_tiers set is_active = false where id = tests.id('old tier');
create function pg_temp.sell(plan_type text, sessions int, days int) returns uuid language sql as $$
  insert into app_public.service_plans (organization_id, name, plan_type, sessions_total, validity_days, price_amount, currency)
  values (tests.id('atlas'), concat_ws(' ', plan_type, sessions, days), plan_type, sessions, days, 100, 'RON') returning id
$$;

select tests.act_as('adrian');
select isnt(pg_temp.sell('session_based', 10, null), null, 'sessions');
select isnt(pg_temp.sell('session_based', 10, 90), null, 'sessions that lapse');
select isnt(pg_temp.sell('time_based', null, 30), null, 'time');
select tests.remember('hybrid', pg_temp.sell('hybrid', 8, 30));
select * from tests.breaks($$select pg_temp.sell('session_based', null, 30)$$, 'service_plans_sessions_total_is_as_the_type_says', 'sessions are counted');
select * from tests.breaks($$select pg_temp.sell('time_based', 5, 30)$$, 'service_plans_sessions_total_is_as_the_type_says', 'time is not');
select * from tests.breaks($$select pg_temp.sell('hybrid', 5, null)$$, 'service_plans_validity_days_is_as_the_type_says', 'what is for a time ends');
select * from tests.breaks($$select pg_temp.sell('lifetime', 5, 30)$$, 'service_plans_plan_type_is_known', 'there are three types');
insert into app_public.products (organization_id, name, price_amount, currency) values (tests.id('atlas'), 'Elastic band', 3000, 'RON');
insert into app_public.service_plan_products (service_plan_id, product_id, quantity) select tests.id('hybrid'), id, 2 from app_public.products;
insert into app_public.service_plan_counters (service_plan_id, kind, total) values (tests.id('hybrid'), 'treatment_plan_assignments', 4);
select * from tests.breaks($$insert into app_public.service_plan_counters (service_plan_id, kind, total) values (tests.id('hybrid'), 'sessions', 4)$$, 'service_plan_counters_kind_is_counted_here', 'sessions are counted in one place');
select * from tests.breaks($$insert into app_public.service_plan_counters (service_plan_id, kind, total) values (tests.id('hybrid'), 'coffees', 4)$$, 'service_plan_counters_kind_fkey', 'what is counted is known');
select throws_ok($$insert into app_public.service_plan_counters (service_plan_id, kind, total) values (tests.id('theirs'), 'treatment_plan_assignments', 4)$$, 'RX404', 'not_found', 'another clinic''s plan is none');
insert into app_public.patient_tiers (organization_id, name, price_amount, currency) values (tests.id('atlas'), 'Gold', 9900, 'RON');
insert into app_public.patient_tier_inclusions (tier_id, service_plan_id, grant_period, grant_quantity) select id, tests.id('hybrid'), 'year', 4 from app_public.patient_tiers where name = 'Gold';
select is((select array_agg(organization_id) from app_public.patient_tier_inclusions), array[tests.id('atlas'), tests.id('atlas')], 'it is of the clinic of its tier');
select throws_ok($$delete from app_public.service_plans$$, '42501', null, 'a plan is not deleted: it is not sold any more');

select tests.act_as('flavia');
select is((select count(*) from app_public.service_plans), 5::bigint, 'staff see all of their clinic');
select tests.changes_nothing($$update app_public.service_plans set price_amount = 1$$, 'and change none without service_plans.manage');
select throws_ok($$insert into app_public.patient_tiers (organization_id, name, price_amount, currency) values (tests.id('atlas'), 'Mine', 0, 'RON')$$, '42501', null, 'nor make a tier without patient_tiers.manage');

select tests.act_as('bogdan');
select is((select count(*) from app_public.service_plans), 4::bigint, 'patients see what is sold');
select is((select array_agg(name) from app_public.patient_tiers), '{Gold}', 'and offered');
select results_eq($$select p.name, b.quantity from app_public.service_plan_products b join app_public.products p on p.id = b.product_id$$, $$values ('Elastic band', 2)$$, 'with what comes with it');
select results_eq($$select kind, total from app_public.service_plan_counters$$, $$values ('treatment_plan_assignments', 4)$$, 'and what it counts');
select results_eq($$select grant_period, grant_quantity from app_public.patient_tier_inclusions$$, $$values ('year', 4)$$, 'and what a tier includes');
select tests.act_as('ana');
select is((select count(*) from app_public.service_plans where id = tests.id('old')), 1::bigint, 'who has it sees it, too');
select is((select array_agg(name order by name) from app_public.patient_tiers), '{Gold,"old tier"}', 'and the tier');
select tests.act_as('beata');
select is((select array_agg(name) from app_public.service_plans), '{theirs}', 'another clinic sees its own');
select is((select count(*) from app_public.products), 0::bigint, 'and none of these');
select tests.act_as('a visitor');
select throws_ok($$select * from app_public.service_plans$$, '42501', null, 'visitors see none');
select tests.act_as('adrian');
update app_public.products set is_active = false;
select tests.act_as('bogdan');
select is((select count(*) from app_public.products), 0::bigint, 'what is not handed out any more is not shown');
select tests.act_as('the database');
update app_public.service_plans set name = '  Zece   ședințe ' where id = tests.id('old');
select is((select name from app_public.service_plans where id = tests.id('old')), 'Zece ședințe', 'a name is kept as names are');
select * from finish();
rollback;
