-- Test: offer_until - an offer lasts the clinic's minutes, counted within the hours in which it writes, and ends before the notice; none is made where too little is left or the clinic takes no bookings. SCH-10.
begin;
select plan(13);
select tests.clinic('atlas');
update app_public.organizations set waitlist_offer_minutes = 120, reminders_from = '08:00', reminders_until = '20:00' where id = tests.id('atlas');
create function pg_temp.until(now text, last_moment timestamptz default 'infinity', by_hand boolean default false) returns text language sql as $$
  select tests.freeze_time(('2027-03-01 ' || now)::timestamp at time zone 'Europe/Bucharest');
  select to_char(app_private.offer_until(tests.id('atlas'), last_moment, by_hand) at time zone 'Europe/Bucharest', 'DD HH24:MI');
$$;
select is(pg_temp.until('07:59:59'), null, 'before the hours none is made');
select is(pg_temp.until('08:00'), '01 10:00', 'as they begin it is');
select is(pg_temp.until('19:00'), '02 09:00', 'the night does not count');
select is(pg_temp.until('19:59:59'), '02 09:59', 'to their last second');
select is(pg_temp.until('20:00'), null, 'and no longer');
select is(pg_temp.until('20:00', by_hand => true), '02 10:00', 'but by hand, at night as well');
select is(pg_temp.until('07:00', by_hand => true), '01 10:00', 'and in the morning');
select is(pg_temp.until('12:00', '2027-03-01 13:00+02'), '01 13:00', 'never past the last moment');
select is(pg_temp.until('12:00', '2027-03-01 12:15+02'), '01 12:15', 'a quarter of an hour is enough');
select is(pg_temp.until('12:00', '2027-03-01 12:14:59+02'), null, 'less is not');
update app_public.organizations set activated_at = null where id = tests.id('atlas');
select is(pg_temp.until('12:00'), null, 'before it opens a clinic offers nothing');
update app_public.organizations set activated_at = now(), deleted_at = now() where id = tests.id('atlas');
select is(pg_temp.until('12:00'), null, 'nor once it is gone');
update app_public.organizations set deleted_at = null where id = tests.id('atlas');
select is(pg_temp.until('12:00'), '01 14:00', 'in between it does');
select * from finish();
rollback;
