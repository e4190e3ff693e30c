-- Test: take_own_offer, remove_from_waitlist - each takes the offer that was made to them, front desk the one that they name, and whoever is no patient of the clinic any more none. SCH-10.
begin;
select plan(9);
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
create function pg_temp.take(offer text) returns text language sql as $$
  select to_char((app_public.take_own_offer(tests.id(offer))).starts_at at time zone 'UTC', 'HH24:MI')
$$;
select is(tests.events_of((select claim_id from app_public.waitlist_offers where id = tests.id('offer to ana'))), '{slot.held}', 'whoever watches the listing hears that it is kept');
select tests.act_as('ana');
select * from tests.refuses($$select pg_temp.take('offer to bogdan')$$, 'NOT_FOUND', 'offer_not_found', 'who waits herself takes no offer of others');
select is(pg_temp.take('offer to ana'), '07:00', 'but hers');
select tests.act_as('flavia');
select is(pg_temp.take('offer to bogdan'), '08:00', 'front desk takes the one of who is on the telephone');
select tests.act_as('the database');
update app_public.patients set deleted_at = app_hidden.now() where patient_profile_id = tests.id('bogdan');
select tests.act_as('bogdan');
select * from tests.refuses($$select pg_temp.take('offer to bogdan')$$, 'NOT_FOUND', 'offer_not_found', 'who is no patient any more takes none');
select * from tests.refuses($$select app_public.remove_from_waitlist(tests.id('wait of bogdan'))$$, 'NOT_FOUND', 'waitlist_entry_not_found', 'and has no wait to end');
select * from finish();
rollback;
