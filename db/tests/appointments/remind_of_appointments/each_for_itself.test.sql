-- Test: remind_of_appointments, messages_about_reminder, record_no_shows - each clinic by its own rows, to the minute; what was removed is left alone. APT-01, APT-08.
begin;
select plan(13);
select tests.freeze_time('2027-03-01 12:00+02');
select tests.clinic('boreal');
select tests.patient('bogdan');
select tests.specialist('vlad');
select tests.calendar('northern', '{vlad}');
select tests.clinic('atlas');
select tests.patient('ana');
select tests.specialist('stefan');
select tests.specialist('dora');
select tests.calendar('mondays', '{stefan,dora}');
-- When it was made is the database's word.
create function pg_temp.book(name text, patient text, calendar text, specialist text, at timestamptz, made interval default '10 days') returns void language plpgsql as $$
begin
  perform tests.appointment(name, patient, calendar, specialist, at);
  set local session_replication_role = replica;
  update app_public.appointments set created_at = app_hidden.now() - made where id = tests.id(name);
  set local session_replication_role = origin;
end;
$$;
create function pg_temp.reminded(visit text) returns bigint language sql as $$
  select count(*) from app_private.events where subject_id = tests.id(visit) and name = 'appointment.reminder_due'
$$;
update app_public.organizations set reminder_minutes = '{60}' where id = tests.id('boreal');
select pg_temp.book('theirs', 'bogdan', 'northern', 'vlad', '2027-03-01 18:00+02');
select pg_temp.book('ours', 'ana', 'mondays', 'stefan', '2027-03-01 18:00+02');
select pg_temp.book('brought back', 'ana', 'mondays', 'dora', '2027-03-01 18:00+02');
update app_public.appointments set deleted_at = app_hidden.now() where id = tests.id('brought back');
select pg_temp.book('removed', 'ana', 'mondays', 'dora', '2027-03-01 15:00+02');
update app_public.appointments set deleted_at = app_hidden.now() where id = tests.id('removed');
select pg_temp.book('now', 'ana', 'mondays', 'stefan', '2027-03-01 12:00+02');
select pg_temp.book('made a day before', 'ana', 'mondays', 'stefan', '2027-03-01 15:00+02', '21 hours');
select pg_temp.book('made a minute earlier', 'ana', 'mondays', 'stefan', '2027-03-01 16:00+02', '20 hours 1 minute');
select app_private.remind_of_appointments();
select is(pg_temp.reminded('ours'), 1::bigint, 'a clinic reminds by its own minutes');
select is(pg_temp.reminded('theirs'), 0::bigint, '… and another by its own');
select is(pg_temp.reminded('removed'), 0::bigint, 'nobody is reminded of what was removed');
select is(pg_temp.reminded('now'), 0::bigint, 'nor of what begins at this moment');
select is(pg_temp.reminded('made a day before'), 0::bigint, 'nor when it was made as the reminder would have left');
select is(pg_temp.reminded('made a minute earlier'), 1::bigint, 'a minute before that is early enough');
select is(app_private.remind_of_appointments(), 0, 'each once');
update app_public.appointments set deleted_at = null where id = tests.id('brought back');
select is(app_private.remind_of_appointments(), 1, 'that another patient was reminded of the same hour is nothing to this one');

-- A shorter reminder comes after a longer one, not a longer one after a shorter.
update app_public.organizations set reminder_minutes = '{1440,360}' where id = tests.id('atlas');
select is(app_private.remind_of_appointments(), 4, 'what is due at another distance is told, of all four');
update app_public.organizations set reminder_minutes = '{1440,720}' where id = tests.id('atlas');
select is(app_private.remind_of_appointments(), 0, 'a longer one than the last is past');
update app_public.organizations set deleted_at = app_hidden.now(), reminder_minutes = '{30}' where id = tests.id('boreal');
select set_config('tests.now', '2027-03-01 17:45+02', true);
select app_private.remind_of_appointments();
select is(pg_temp.reminded('theirs'), 0::bigint, 'a clinic that is gone reminds nobody');

update app_public.organizations set no_show_after_minutes = 15 where id = tests.id('atlas');
select isnt(app_private.record_no_shows(), 0, 'what nobody came to is missed');
select is_empty($$select from app_private.time_claims c join app_public.appointments a on a.claim_id = c.id where a.status = 'noshow' and c.released_at is null$$, 'and its time is let go');
select * from finish();
rollback;
