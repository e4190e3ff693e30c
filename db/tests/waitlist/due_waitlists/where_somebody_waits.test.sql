-- Test: due_waitlists - the clinics at which somebody waits or has an offer, each once, and none where all waits are over. SCH-10.
begin;
select plan(1);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('atlas'), tests.specialist('ana'), tests.calendar('at atlas', '{ana}');
select tests.clinic('boreal'), tests.specialist('bob'), tests.calendar('at boreal', '{bob}');
select tests.clinic('cedru'), tests.specialist('cora'), tests.calendar('at cedru', '{cora}');
insert into app_public.waitlist_entries (organization_id, calendar_id, starts_on, ends_on, given_name, family_name, email, phone, locale, token_hash)
select tests.id(clinic), tests.id('at ' || clinic), '2027-03-08', '2027-04-30', 'G', 'F', place || '@people.test', '+40722111222', 'ro', sha256(place::text::bytea)
from unnest('{atlas,atlas,atlas,boreal,cedru,cedru,cedru}'::text[]) with ordinality as w (clinic, place);
update app_public.waitlist_entries set status = became, ended_at = case when became <> 'offered' then app_hidden.now() end
from unnest('{left,offered,left,taken,expired}'::text[]) with ordinality as w (became, place) where token_hash = sha256((2 + place)::text::bytea);
select tests.act_as('the worker');
select results_eq('select due from app_private.due_waitlists() due order by 1', $$select id from tests.names where name in ('atlas', 'boreal') order by 1$$, 'where there is something to do');
select * from finish();
rollback;
