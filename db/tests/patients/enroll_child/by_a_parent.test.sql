-- Test: enroll_child - a parent signs a child up, as somebody new, until the child is of age. FND-32, FND-07.
begin;
select plan(32);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('draft', draft => true);
select tests.clinic('boreal', locale => 'en');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('carmen ene', account => false, birth_date => '2015-01-01', email => 'corina@people.test');
select tests.person('corina'), tests.person('silent');
select tests.patient('young', birth_date => '2010-01-01');
update app_public.humans set email_verified_at = null where principal_id = tests.id('silent');
create function pg_temp.enroll(given text, birth date, relationship text default 'parent', clinic text default 'atlas', terms uuid[] default tests.terms())
returns app_public.patients language sql as $$
  select app_public.enroll_child(tests.id(clinic), terms, given, 'Ene', birth, relationship);
$$;

select tests.act_as('silent');
select * from tests.refuses($$select pg_temp.enroll('Carmen', '2015-01-01')$$, 'FORBIDDEN', 'email_not_verified', 'whoever proved no address signs nobody up');
select tests.act_as('young');
select * from tests.refuses($$select pg_temp.enroll('Carmen', '2015-01-01')$$, 'FORBIDDEN', 'caregiver_is_a_minor', 'a minor represents nobody');
select tests.act_as('corina');
select * from tests.refuses($$select pg_temp.enroll('Carmen', '2015-01-01', clinic => 'draft')$$, 'NOT_FOUND', 'organization_not_found', 'a draft takes nobody');
select * from tests.refuses($$select pg_temp.enroll('Carmen', '2009-03-01')$$, 'VALIDATION', 'of_age', 'who is eighteen today signs up alone');
select * from tests.refuses($$select pg_temp.enroll('Carmen', null)$$, 'VALIDATION', 'required', 'a birthday says that it is a child');
select * from tests.refuses($$select pg_temp.enroll('Carmen', '2027-03-02')$$, 'VALIDATION', 'not_born_yet', 'who is born');
select * from tests.refuses($$select pg_temp.enroll('Carmen', '2015-01-01', 'spouse')$$, 'VALIDATION', 'not_a_representative', 'a parent or a guardian');
select * from tests.refuses($$select pg_temp.enroll('Carmen', '2015-01-01', null)$$, 'VALIDATION', 'not_a_representative', 'says which');
select * from tests.refuses($$select pg_temp.enroll('Carmen', '2015-01-01', terms => '{}')$$, 'CONSENT_REQUIRED', 'terms_not_accepted', 'and accepts the terms for the child');

select isnt((pg_temp.enroll('Carmen', '2015-01-01')).id, null, 'then the child is a patient');
select is((select array_agg((given_name, email, human_id)::text) from app_public.patient_profiles), '{"(Carmen,corina@people.test,)"}', 'who is new, with the parent''s address and no account, whatever the clinic has of that name');
select is((select array_agg((relationship, ends_on)::text) from app_public.caregivers), '{"(parent,2033-01-01)"}', 'cared for until the eighteenth birthday');
select is((pg_temp.enroll('carmen', '2015-01-01', terms => '{}')).id, (select id from app_public.patients), 'once more it is the same child');
select isnt((pg_temp.enroll('Dan', '2009-03-02')).id, null, 'another one, a day short of eighteen, is another');
select is((select count(*) from app_public.patients), 2::bigint, 'two children');
select tests.act_as('flavia');
select is((select array_agg(distinct e.evidence) from app_public.caregivers c cross join lateral (select app_public.caregivers_evidence(c) as evidence) e where c.human_id = tests.id('corina')), '{"Declarat de aparținător la înscriere; încă nu a arătat un document."}', 'the clinic reads that nothing was shown');
select tests.act_as('the database');
select is((select array_agg(c.purpose_code || coalesce(' ' || c.relationship, '') order by c.purpose_code, c.decided_at) from app_public.consents c), '{"org_terms parent","org_terms parent","platform_terms"}', 'the terms are accepted by the parent for each child');
select is((select count(*) from app_private.events where name = 'patient.onboarded'), 2::bigint, 'and told of each');

-- Ten a day.
select tests.act_as('corina');
select is((select count(*) from generate_series(1, 8) n cross join lateral pg_temp.enroll('Child ' || chr(64 + n), '2016-01-01')), 8::bigint, 'ten children in a day');
select * from tests.refuses($$select pg_temp.enroll('Zoe', '2016-01-01')$$, 'RATE_LIMITED', 'many_children', 'are enough');
select is((pg_temp.enroll('Carmen', '2015-01-01')).organization_id, tests.id('atlas'), 'who is there already is no new one');
select tests.freeze_time('2027-03-03 08:00+02');
select isnt((pg_temp.enroll('Zoe', '2016-01-01', 'guardian', 'boreal')).id, null, 'the day after goes on');
select * from finish();
rollback;
