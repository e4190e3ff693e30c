-- Test: leave_waitlist, remove_from_waitlist - whoever leaves lets go of what is kept for them now, and of nothing that is kept for others, was theirs before, or is booked. SCH-10.
begin;
select plan(9);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.specialist('stefan', '{"mon": [["09:00", "13:00"]]}');
select tests.patient(name) from unnest('{ana,bogdan,carmen,dan}'::text[]) as name;
select tests.calendar('mondays', '{stefan}');
insert into app_public.waitlist_entries (id, organization_id, calendar_id, starts_on, ends_on, patient_profile_id, locale, token_hash)
select tests.remember('wait of ' || name, uuidv7()), tests.id('atlas'), tests.id('mondays'), '2027-03-08', '2027-04-30', tests.id(name), 'ro', sha256(name::bytea)
from unnest('{ana,bogdan,carmen,dan}'::text[]) as name;
create function pg_temp.offer(name text, hour int) returns void language sql as $$
  select tests.act_as('flavia');
  select app_public.offer_time(tests.id('wait of ' || name), '2027-03-08 00:00+02'::timestamptz + make_interval(hours => hour));
  select tests.act_as('the database');
$$;
create function pg_temp.leave(name text) returns text language sql as $$
  select tests.act_as(name);
  select (app_public.remove_from_waitlist(tests.id('wait of ' || name))).status;
$$;
create function pg_temp.offers(name text) returns text language sql as $$
  select string_agg(coalesce(o.outcome, 'open') || case when c.released_at is null then ' kept' else ' free' end, ', ' order by o.id)
  from app_public.waitlist_offers o join app_private.time_claims c on c.id = o.claim_id where o.waitlist_entry_id = tests.id('wait of ' || name)
$$;

select pg_temp.offer('ana', 9), pg_temp.offer('bogdan', 10);
select app_private.release_claims(array(select claim_id from app_public.waitlist_offers where waitlist_entry_id = tests.id('wait of bogdan')));
update app_public.waitlist_offers set outcome = 'expired', ended_at = app_hidden.now() where waitlist_entry_id = tests.id('wait of bogdan');
update app_public.waitlist_entries set status = 'waiting' where id = tests.id('wait of bogdan');
select pg_temp.offer('bogdan', 11);
select is(pg_temp.leave('bogdan'), 'left', 'bogdan waits no more');
select tests.act_as('the database');
select is(pg_temp.offers('bogdan'), 'expired free, declined free', 'he lets go of what was kept for him now; the offer before had run out');
select is((select count(*) from graphile_worker._private_jobs j join app_public.waitlist_offers o on j.key = 'waitlist:' || o.claim_id where o.waitlist_entry_id = tests.id('wait of bogdan') and o.outcome = 'declined'),
  1::bigint, 'and the worker looks who is next for it');
select is(pg_temp.offers('ana'), 'open kept', 'what is kept for ana is kept on');
select is(tests.day('mondays', '2027-03-08'), '10:00 11:00 12:00', 'as everybody sees');
select is(pg_temp.leave('carmen'), 'left', 'nothing was offered to carmen, who leaves all the same');
select tests.act_as('the database');

-- Told apart by what it is by now: a booking that was made while they were leaving, and what they had given back already.
select pg_temp.offer('dan', 12);
update app_private.time_claims set kind = 'appointment', expires_at = null where id = (select claim_id from app_public.waitlist_offers where waitlist_entry_id = tests.id('wait of dan'));
select pg_temp.leave('dan');
select tests.act_as('the database');
select is(pg_temp.offers('dan'), 'declined kept', 'what is booked stays');
select app_private.release_claims(array(select claim_id from app_public.waitlist_offers where waitlist_entry_id = tests.id('wait of ana')));
select is(pg_temp.leave('ana'), 'left', 'who had given it back');
select tests.act_as('the database');
select is(pg_temp.offers('ana'), 'declined free', 'has declined');
select * from finish();
rollback;
