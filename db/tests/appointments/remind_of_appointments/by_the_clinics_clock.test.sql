-- Test: remind_of_appointments - each reminder once, in the clinic's hours, and none that comes too late. APT-08.
begin;
select plan(17);
-- Monday the 1st, 12:00 in Bucharest.
select tests.freeze_time('2027-03-01 12:00+02');
select tests.clinic('atlas');
select tests.patient('ana');
select tests.specialist('stefan');
select tests.specialist('dora');
select tests.calendar('mondays', '{stefan,dora}');
update app_public.organizations set reminder_minutes = '{1440,120}' where id = tests.id('atlas');
create function pg_temp.book(name text, at timestamptz, made interval default '10 days', specialist text default 'stefan') returns void language plpgsql as $$
begin
  perform tests.appointment(name, 'ana', 'mondays', specialist, at);
  -- When it was made is the database's word.
  set local session_replication_role = replica;
  update app_public.appointments set created_at = app_hidden.now() - made where id = tests.id(name);
  set local session_replication_role = origin;
end;
$$;
create function pg_temp.at(at timestamptz) returns void language sql as $$ select set_config('tests.now', at::text, true) $$;
create function pg_temp.remind() returns int language plpgsql as $$
declare v_count int;
begin
  perform tests.act_as('the worker');
  v_count := app_private.remind_of_appointments();
  perform tests.act_as('the database');
  return v_count;
end;
$$;
create function pg_temp.reminded(visit text) returns text language sql as $$
  select string_agg(payload ->> 'minutesBefore', ',' order by position) from app_private.events
  where subject_id = tests.id(visit) and name = 'appointment.reminder_due'
$$;
select pg_temp.book('in a day', '2027-03-02 12:00+02');
select pg_temp.book('a minute more', '2027-03-02 12:01+02', specialist => 'dora');
select pg_temp.book('booked too late', '2027-03-02 10:00+02', '1 hour');
select pg_temp.book('in two hours', '2027-03-01 14:00+02');
select pg_temp.book('begun', '2027-03-01 10:30+02');
select pg_temp.book('called off', '2027-03-02 09:00+02');
update app_public.appointments set status = 'cancelled' where id = tests.id('called off');

select is(pg_temp.remind(), 2, 'what is a day or two hours away is due');
select is(pg_temp.reminded('in a day'), '1440', 'a day before');
select is(pg_temp.reminded('in two hours'), '120', 'after a standstill the nearest alone');
select is(pg_temp.reminded('a minute more'), null, 'not before its time');
select is(pg_temp.reminded('booked too late'), null, 'nor about what was booked an hour ago, later than the reminder would have left');
select is(pg_temp.reminded('begun') || pg_temp.reminded('called off'), null, 'nor about what has begun or was called off');
select is(pg_temp.remind(), 0, 'once');

-- The first visit of the morning: its two hours lie in the night.
select pg_temp.book('at eight', '2027-03-03 08:00+02');
select pg_temp.at('2027-03-02 19:40+02');
select pg_temp.remind();
select is(pg_temp.reminded('at eight'), '1440', 'before the evening the day alone');
select pg_temp.at('2027-03-02 19:45+02');
select is(pg_temp.remind(), 1, 'what the night would bring is told in the last quarter of an hour');
select is(pg_temp.reminded('at eight'), '1440,120', 'in its order');
select pg_temp.book('next day', '2027-03-03 19:00+02');
select pg_temp.at('2027-03-02 20:00+02');
select is(pg_temp.remind(), 0, 'nothing leaves when the day is over');
select pg_temp.at('2027-03-03 07:59+02');
select is(pg_temp.remind(), 0, '… nor before it begins');
select pg_temp.at('2027-03-03 08:00+02');
select is(pg_temp.remind(), 1, 'the morning tells what the standstill left');
select is(pg_temp.reminded('next day'), '1440', 'while the visit is still to come');

-- Moved to another time it begins anew.
update app_public.appointments set starts_at = starts_at + interval '7 days', ends_at = ends_at + interval '7 days' where id = tests.id('next day');
select pg_temp.at('2027-03-09 19:00+02');
select pg_temp.remind();
select is(pg_temp.reminded('next day'), '1440,1440', 'what was moved is reminded of for its new time');

update app_public.organizations set reminder_minutes = '{}' where id = tests.id('atlas');
select pg_temp.book('silent', '2027-03-10 18:00+02');
select is(pg_temp.remind(), 0, 'a clinic that wants none sends none');
select tests.act_as('a visitor');
select throws_ok('select app_private.remind_of_appointments()', '42501', null, 'only the worker reminds');
select * from finish();
rollback;
