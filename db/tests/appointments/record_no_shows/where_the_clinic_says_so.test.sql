-- Test: record_no_shows - a visit that nobody started counts as missed, where and when the clinic says so. APT-01.
begin;
select plan(10);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.patient('bogdan');
select tests.specialist('vlad');
select tests.calendar('northern', '{vlad}');
select tests.appointment('elsewhere', 'bogdan', 'northern', 'vlad', '2027-03-01 09:00+02');
select tests.clinic('atlas');
select tests.patient('ana');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}');
update app_public.organizations set no_show_after_minutes = 60 where id = tests.id('atlas');
select tests.appointment('missed', 'ana', 'mondays', 'stefan', '2027-03-01 09:00+02');
select tests.appointment('confirmed', 'ana', 'mondays', 'stefan', '2027-03-01 10:00+02');
select tests.appointment('begun', 'ana', 'mondays', 'stefan', '2027-03-01 11:00+02');
select tests.appointment('removed', 'ana', 'mondays', 'stefan', '2027-03-01 12:00+02');
update app_public.appointments set status = 'confirmed' where id = tests.id('confirmed');
select set_config('tests.now', '2027-03-01 11:05+02', true);
update app_public.appointments set status = 'inprogress' where id = tests.id('begun');
update app_public.appointments set deleted_at = now() where id = tests.id('removed');
create function pg_temp.status(name text) returns text language sql security definer as 'select status from app_public.appointments where id = tests.id(name)';
create function pg_temp.record(at timestamptz) returns int language plpgsql as $$
declare v_count int;
begin
  perform set_config('tests.now', record.at::text, true);
  perform tests.act_as('the worker');
  v_count := app_private.record_no_shows();
  perform tests.act_as('the database');
  return v_count;
end;
$$;

select is(pg_temp.record('2027-03-01 10:59:59+02'), 0, 'a second before the hour after its end it may still be closed');
select is(pg_temp.record('2027-03-01 11:00+02'), 1, 'then it counts as missed');
select is(pg_temp.status('missed'), 'noshow', 'whoever did not come');
select is(pg_temp.record('2027-03-04 11:00+02'), 1, 'after days without a worker one call catches up');
select is(pg_temp.status('confirmed'), 'noshow', 'also whoever had confirmed');
select is(array[pg_temp.status('begun'), pg_temp.status('removed')], '{inprogress,booked}', 'not what was begun, nor what was removed');
select is(pg_temp.status('elsewhere'), 'booked', 'a clinic that says it itself is left alone');
select is((select count(*) from app_private.events where name = 'appointment.noshow'), 2::bigint, 'one event each');
select is((select count(*) from app_public.appointment_moves where to_status = 'noshow' ), 2::bigint, 'one move each');
select tests.act_as('a visitor');
select throws_ok('select app_private.record_no_shows()', '42501', null, 'only the worker records');
select * from finish();
rollback;
