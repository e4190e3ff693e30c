-- Test: news_of - ids of what happened lately at the clinics and about the subjects that are asked for, for the server alone. FND-15, SCH-12.
begin;
select plan(6);
select tests.clinic('boreal');
select tests.specialist('bob');
select tests.calendar('theirs', specialists => '{bob}');
select tests.patient('bea', account => false);
select tests.appointment('elsewhere', 'bea', 'theirs', 'bob', '2031-03-03 10:00+02');
select tests.clinic('atlas');
select tests.specialist('ana');
select tests.specialist('mihai');
select tests.calendar('visits', specialists => '{ana,mihai}');
select tests.patient('ioana', account => false);
select tests.appointment('visit', 'ioana', 'visits', 'ana', '2031-03-03 10:00+02');
select tests.booking_request('asked', 'visits', 'ana', '2031-03-03 12:00+02');
select tests.act_as('the database');
create function pg_temp.news(clinics uuid[], subjects text[], seconds int default 30) returns table (subject text, subject_id uuid, specialists uuid[]) language sql as $$
  select subject_type, n.subject_id, specialist_ids from app_hidden.news_of(clinics, subjects, seconds) as n
$$;
select results_eq($$select * from pg_temp.news(array[tests.id('atlas')], '{appointment,booking_request}')$$,
  $$values ('appointment', tests.id('visit'), array[tests.id('ana')]), ('booking_request', tests.id('asked'), array[tests.id('ana')])$$, 'what is new of the clinic, oldest first');
select results_eq($$select subject_id from pg_temp.news(array[tests.id('atlas'), tests.id('boreal')], '{appointment}')$$,
  $$values (tests.id('elsewhere')), (tests.id('visit'))$$, 'of these clinics and about this alone');
update app_public.appointments set specialist_id = tests.id('mihai') where id = tests.id('visit');
select results_eq($$select subject_id, specialists from pg_temp.news(array[tests.id('atlas')], '{appointment}') offset 1$$,
  $$values (tests.id('visit'), array[tests.id('mihai'), tests.id('ana')])$$, 'with both specialists, where another has it now');
select is((select count(*) from pg_temp.news(array[tests.id('atlas')], '{appointment}', -30)), 0::bigint, 'what is older is left out');
select is((select count(*) from pg_temp.news('{}', '{appointment}')), 0::bigint, 'of no clinic nothing');
select tests.act_as('a visitor');
select throws_ok($$select app_hidden.news_of('{}', '{}')$$, '42501', null, 'nobody asks but the server');
select * from finish();
rollback;
