-- Test: caregivers - a caregiver sees the people of the own links, and no other profile. FND-07.
begin;
select plan(16);
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.staff('bella', 'billing');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}');
select tests.patient('carmen', account => false, birth_date => (current_date - interval '9 years')::date);
select tests.patient('mihai', account => false, birth_date => '1950-01-01');
select tests.patient('ana');
select tests.caregiver('corina', 'carmen');
select tests.caregiver('corina', 'mihai', 'child');
select tests.caregiver('daria', 'ana', 'spouse');
select tests.appointment('of ' || p, p, 'mondays', 'stefan', now() + make_interval(days => place::int))
from unnest('{carmen,mihai,ana}'::text[]) with ordinality as t (p, place);
create function pg_temp.profiles() returns text[] language sql as 'select array_agg(given_name order by given_name) from app_public.patient_profiles';
create function pg_temp.appointments() returns text[] language sql as 'select array_agg(contact_name order by contact_name) from app_public.appointments';

select tests.act_as('corina');
select is(pg_temp.profiles(), '{Carmen,Mihai}', 'a caregiver of two sees two profiles');
select is(pg_temp.appointments(), '{Carmen,Mihai}', 'and their appointments');
select is((select count(*) from app_public.patients), 2::bigint, 'and their places at the clinic');
select is((select count(*) from app_public.caregivers), 2::bigint, 'and the own links');
select tests.changes_nothing($$update app_public.patient_profiles set given_name = 'X' where id = tests.id('ana')$$, 'another profile does not change');
select lives_ok($$update app_public.patient_profiles set phone = '+40722999888' where id = tests.id('carmen')$$, 'the child''s does');
select tests.act_as('daria');
select is(pg_temp.profiles(), '{Ana}', 'another caregiver sees the own charge');
select is(pg_temp.appointments(), '{Ana}', 'and no other appointment');
select tests.act_as('ana');
select is(pg_temp.profiles(), '{Ana}', 'the person sees themselves');
select is((select count(*) from app_public.caregivers), 1::bigint, 'and who acts for them');
select tests.act_as('flavia');
select is((select count(*) from app_public.caregivers), 3::bigint, 'staff with patients.view see all links');
select tests.act_as('bella');
select is((select count(*) from app_public.caregivers) + (select count(*) from app_public.patient_profiles), 0::bigint, 'staff without it none');

select tests.act_as('daria');
select lives_ok($$select app_public.revoke_caregiver(tests.id('daria for ana'))$$, 'a link ends');
select is(pg_temp.profiles(), null, 'and the profile is gone');
select is(pg_temp.appointments(), null, 'with the appointments');
select is((select count(*) from app_public.specialists) + (select count(*) from app_public.organizations), 0::bigint, 'and the clinic');
select * from finish();
rollback;
