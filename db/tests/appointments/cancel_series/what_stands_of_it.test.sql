-- Test: cancel_series - of one series, of one patient, what stands from one on. SCH-09, APT-03.
begin;
select plan(4);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana'), tests.patient('bogdan');
select tests.specialist('stefan');
select tests.calendar('visits', '{stefan}');
select tests.appointment(name, patient, 'visits', 'stefan', '2027-03-08 10:00+02'::timestamptz + make_interval(weeks => week))
from (values ('first', 'ana', 0), ('second', 'ana', 1), ('removed', 'ana', 2), ('of bogdan', 'bogdan', 3), ('of another series', 'ana', 4), ('alone', 'ana', 5)) v (name, patient, week);
update app_public.appointments set series_id = tests.id('first') where id in (select tests.id(n) from unnest('{first,second,removed,of bogdan}'::text[]) n);
update app_public.appointments set series_id = id where id = tests.id('of another series');
update app_public.appointments set deleted_at = app_hidden.now() where id = tests.id('removed');
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.cancel_series(tests.id('alone'))$$, 'STATE', 'not_in_a_series', 'one that was booked alone is no series');
select results_eq($$select id from app_public.cancel_series(tests.id('first')) order by starts_at$$, $$values (tests.id('first')), (tests.id('second'))$$, 'what stands of the series');
select tests.act_as('the database');
select is((select count(*) from app_public.appointments where status = 'cancelled'), 2::bigint, 'and nothing else');
select * from finish();
rollback;
