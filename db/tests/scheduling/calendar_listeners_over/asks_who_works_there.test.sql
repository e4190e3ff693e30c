-- Test: calendar_listeners_over - who listens to a calendar that is not public works at its clinic, and in the clinic that their connection names. SCH-07.
begin;
select plan(3);
select tests.clinic('boreal');
select tests.staff('bruno', 'front_desk');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk'), tests.staff('gone', 'front_desk');
select tests.patient('pavel');
select tests.specialist('ana');
select tests.calendar('visits', specialists => '{ana}', is_public => false);
select tests.act_as('the database');
update app_public.memberships set ended_at = now() where human_id = tests.id('gone');
create function pg_temp.over(names text[], named uuid[], calendar uuid default tests.id('visits')) returns text language sql as $$
  select coalesce(string_agg(place::text, ' ' order by place), 'none')
  from app_hidden.calendar_listeners_over(array(select tests.id(name) from unnest(names) as name), named, array_fill(calendar, array[cardinality(names)]))
$$;
select is(pg_temp.over('{flavia,bruno,pavel,gone,flavia}', array[null, null, null, null, tests.id('boreal')]::uuid[]), '2 3 4 5',
  'a colleague listens; another clinic, a patient and who has left do not, nor who works elsewhere at the moment');
select is(pg_temp.over('{flavia}', array[null]::uuid[], '00000000-0000-7000-8000-000000000000'), '1', 'nor to what is not there');
select tests.act_as('flavia');
select throws_ok($$select app_hidden.calendar_listeners_over('{}', '{}', '{}')$$, '42501', null, 'nobody asks but the server');
select * from finish();
rollback;
