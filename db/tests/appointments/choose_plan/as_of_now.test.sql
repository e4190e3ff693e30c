-- Test: choose_plan - the plan is chosen of what the patient has now: what time brought or took is counted first, and whoever has none names no other's. CAT-04, CAT-06.
begin;
select plan(7);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana'), tests.patient('bogdan'), tests.patient('dan');
select tests.specialist('stefan', '{"mon": [["08:00", "20:00"]]}');
select tests.calendar('walks', '{stefan}');
select tests.plan('monthly', 1), tests.plan('of dan', 3), tests.has_plan('dan', 'of dan');
select tests.tier('gold'), tests.includes('gold', 'monthly', quantity => 1), tests.subscribed('ana', 'gold');
select tests.tier('bare'), tests.subscribed('bogdan', 'bare'), tests.includes('bare', 'monthly', quantity => 1);
create function pg_temp.book(patient text, starts_at timestamptz, use_plan boolean default null, plan text default null) returns text language sql as $$
  select case when b.patient_service_plan_id is not null then 'by plan' else 'by price' end
  from app_public.book_directly(tests.id('walks'), book.starts_at, tests.id(book.patient), use_plan => book.use_plan,
    patient_service_plan_id => case when book.plan is not null then tests.id(book.plan) end) as b
$$;
select tests.act_as('flavia');
select is(pg_temp.book('ana', '2027-03-08 08:00+02'), 'by plan', 'unasked, the session of this month pays');
select is(pg_temp.book('ana', '2027-03-08 09:00+02'), 'by price', 'used up, none does');
select is(pg_temp.book('bogdan', '2027-03-08 10:00+02'), 'by price', 'nor where there is no plan');
select * from tests.refuses($$select pg_temp.book('bogdan', '2027-03-08 11:00+02', plan => 'dan''s of dan')$$, 'NOT_READY', 'session_missing', 'a plan of somebody else is none, also to who has none');
select tests.freeze_time('2027-04-05 08:00+03');
select is(pg_temp.book('ana', '2027-04-12 08:00+03'), 'by plan', 'in the next month there is one again, whether or not anybody looked since');
select is(pg_temp.book('bogdan', '2027-04-12 09:00+03', true), 'by plan', 'and what the tier came to include is there when it is asked for');
select * from finish();
rollback;
