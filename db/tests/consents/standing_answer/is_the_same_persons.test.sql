-- Test: standing_answer, require_caregiver, lock_consents, give_consent, record_consent - what stands is one's own, granted and not for an emergency; whoever answers on behalf of somebody does it by their own link that holds. FND-16, CNS-01.
begin;
select plan(26);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'admin');
select tests.patient('ana'), tests.patient('bogdan'), tests.patient('gone');
select tests.patient(n, account => false, birth_date => '2018-09-20') from unnest('{carmen,dora}'::text[]) n;
select tests.remember('former link', tests.caregiver('corina', 'carmen', 'other'));
update app_public.caregivers set revoked_at = app_hidden.now() where id = tests.id('former link');
select tests.caregiver('corina', 'carmen'), tests.caregiver('corina', 'dora', 'guardian'), tests.caregiver('radu', 'carmen', 'guardian'), tests.caregiver('ending', 'carmen', ends_on => '2027-03-02'), tests.caregiver('ended', 'dora', ends_on => '2027-03-01');
update app_public.patients set deleted_at = app_hidden.now() where id = tests.id('gone at atlas');
create function pg_temp.give(purpose text, patient text default null) returns app_public.consents language sql as $$
  select app_public.give_consent(tests.version_id(purpose), (select tests.id(patient || ' at atlas') where patient is not null)) $$;
create function pg_temp.record(patient text, purpose text, decision text default 'granted', caregiver text default null) returns app_public.consents language sql as $$
  select app_public.record_consent(tests.id('atlas'), tests.id(patient || ' at atlas'), tests.version_id(purpose), decision, 'Paper form', (select tests.id(caregiver) where caregiver is not null)) $$;

select tests.caregiver('bogdan', 'bogdan', 'other');
select tests.act_as('ana');
select tests.remember('terms', (pg_temp.give('platform_terms')).id);
select tests.act_as('bogdan');
select isnt((pg_temp.give('platform_terms')).id, tests.id('terms'), 'what somebody else accepted is not one''s own');
select is((pg_temp.give('org_terms', 'bogdan')).caregiver_id, null, 'and of oneself nobody is a caregiver');
select tests.act_as('gone');
select * from tests.refuses($$select pg_temp.give('org_terms', 'gone')$$, 'NOT_FOUND', 'patient_not_found', 'whoever was removed accepts nothing');

select tests.act_as('corina');
select results_eq($$select caregiver_id, relationship from pg_temp.give('org_terms', 'carmen')$$, $$values (tests.id('corina for carmen'), 'parent')$$, 'a mother answers for a daughter, by the link that holds');
select results_eq($$select caregiver_id, relationship from pg_temp.give('org_terms', 'dora')$$, $$values (tests.id('corina for dora'), 'guardian')$$, 'and for the other');
select tests.act_as('radu');
select is((pg_temp.give('marketing_email', 'carmen')).caregiver_id, tests.id('radu for carmen'), 'a guardian by the own link');

select tests.act_as('flavia');
select * from tests.refuses($$select pg_temp.record('gone', 'org_terms')$$, 'NOT_FOUND', 'patient_not_found', 'of whom nothing is written down any more');
select * from tests.refuses($$select app_public.override_consent(tests.id('atlas'), tests.id('gone at atlas'), 'telemedicine', 'Fell at home')$$, 'NOT_FOUND', 'patient_not_found', 'in an emergency either');
select tests.refuses(format('select pg_temp.record(''carmen'', ''marketing_sms'', caregiver => %L)', c), 'NOT_FOUND', 'caregiver_not_found', d) from (values
  ('corina for dora', 'a link to another child is none'), ('former link', 'nor one that was revoked'), ('ended for dora', 'nor one that ends today')) as w (c, d);
select * from tests.refuses($$select pg_temp.record('dora', 'marketing_sms', caregiver => 'ended for dora')$$, 'NOT_FOUND', 'caregiver_not_found', 'of one''s own child, too');
select is((pg_temp.record('carmen', 'marketing_sms', caregiver => 'ending for carmen')).caregiver_id, tests.id('ending for carmen'), 'one that ends tomorrow is');
select is((pg_temp.record('carmen', 'marketing_push')).decision, 'granted', 'what is not about treatment is accepted without one');
select is((pg_temp.record('carmen', 'telemedicine', 'refused')).decision, 'refused', 'and a no to treatment needs none');
select tests.remember('no', (pg_temp.record('ana', 'marketing_email', 'refused')).id);
select is((app_public.override_consent(tests.id('atlas'), tests.id('ana at atlas'), 'telemedicine', 'Fell at home')).decision, 'granted', 'in an emergency it goes on');
select is((pg_temp.record('ana', 'telemedicine', 'refused')).decision, 'refused', 'which is no answer that could stand in the way of a no');
select tests.act_as('ana');
select isnt((pg_temp.give('marketing_email', 'ana')).id, tests.id('no'), 'who said no may say yes');
select is((select decision from app_public.consents where purpose_code = 'marketing_email' and organization_id = tests.id('atlas') and patient_profile_id = tests.id('ana') order by decided_at desc, id desc limit 1), 'granted', 'and has said it');
select * from finish();
rollback;
