-- Test: record_offer_taken - an offer is taken when its time is first booked, also where it had run out and its wait was over. SCH-10.
begin;
select plan(4);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.specialist('stefan', '{"mon": [["09:00", "13:00"]]}');
select tests.patient(name) from unnest('{ana,bogdan}'::text[]) as name;
select tests.calendar('mondays', '{stefan}');
insert into app_public.waitlist_entries (id, organization_id, calendar_id, starts_on, ends_on, patient_profile_id, locale, token_hash)
select tests.remember('wait of ' || name, uuidv7()), tests.id('atlas'), tests.id('mondays'), '2027-03-08', '2027-04-30', tests.id(name), 'ro', sha256(name::bytea)
from unnest('{ana,bogdan}'::text[]) as name;
select tests.act_as('flavia');
select tests.remember('offer to ana', (app_public.offer_time(tests.id('wait of ana'), '2027-03-08 09:00+02')).id);
select tests.remember('offer to bogdan', (app_public.offer_time(tests.id('wait of bogdan'), '2027-03-08 10:00+02')).id);
select tests.act_as('the database');
create function pg_temp.books(name text, kind text) returns void language sql as $$
  select app_private.convert_claim((select claim_id from app_public.waitlist_offers where id = tests.id('offer to ' || name)), kind)
$$;
create function pg_temp.stands(name text) returns text language sql as $$
  select concat_ws(' ', o.outcome, to_char(o.ended_at at time zone 'UTC', 'HH24:MI'), e.status)
  from app_public.waitlist_offers o join app_public.waitlist_entries e on e.id = o.waitlist_entry_id where o.id = tests.id('offer to ' || name)
$$;
select pg_temp.books('ana', 'request');
select is(pg_temp.stands('ana'), 'taken 08:00 taken', 'asked for, it is taken');
select tests.freeze_time('2027-03-01 11:00+02'), pg_temp.books('ana', 'appointment');
select is(pg_temp.stands('ana'), 'taken 08:00 taken', 'since then, whenever the clinic says yes');
update app_public.waitlist_offers set outcome = 'expired', ended_at = app_hidden.now() where id = tests.id('offer to bogdan');
update app_public.waitlist_entries set status = 'waiting' where id = tests.id('wait of bogdan');
update app_public.waitlist_entries set status = 'expired', ended_at = app_hidden.now() where id = tests.id('wait of bogdan');
select lives_ok($$select pg_temp.books('bogdan', 'request')$$, 'honoured in its last minute');
select is(pg_temp.stands('bogdan'), 'taken 09:00 expired', 'it was taken all the same; the wait stays over');
select * from finish();
rollback;
