-- Test: publish_privacy_notice, messages_about_privacy_notice, add_consent_version - a notice has the sections of its own template, is an event of its own clinic, and is told to the clinic's patients who accepted an earlier one. FND-19, FND-16.
begin;
select plan(12);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.patient('ana', 'boreal'), tests.patient('dan', 'boreal');
select tests.staff('adrian', 'admin');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.patient(n, 'atlas') from unnest('{ana,bogdan,carmen,dora,elena,gone}'::text[]) n;
select set_config('app.mode', 'embedded', true);
select tests.consent_version('marketing_email', clinic => 'atlas') from generate_series(1, 5);
create function pg_temp.publish(clinic text, sections text[] default '{}') returns uuid language sql as $$
  select (app_public.publish_privacy_notice(tests.id(clinic), sections, false)).id $$;
create function pg_temp.words(body text, from_when timestamptz default null) returns timestamptz language sql as $$
  select (app_public.publish_consent_version(tests.id('atlas'), 'marketing_sms', 'SMS', body, in_force_from => from_when)).in_force_from $$;
select tests.act_as('adrian'), set_config('app.organization_id', '', true);
select tests.remember('theirs', pg_temp.publish('boreal')), tests.remember('theirs again', pg_temp.publish('boreal', '{cross_border_transfer}')), tests.remember('first', pg_temp.publish('atlas'));
select tests.act_as('the database');
select is(tests.events_of(tests.id('first')), '{privacy_notice.published}', 'the first of a clinic is told of, whatever others have published, and of whatever');
-- Ana accepted, also elsewhere; Bogdan at another clinic's words only; Carmen refused; Dora accepted something else; Elena accepts the new one; one was removed.
select tests.consent('ana', 'privacy_notice'), tests.consent('dan', 'privacy_notice', clinic => 'boreal'), tests.consent('carmen', 'privacy_notice', 'refused'), tests.consent('dora', 'marketing_email'), tests.consent('gone', 'privacy_notice');
select tests.patient('bogdan', 'boreal'), tests.consent('bogdan', 'privacy_notice', clinic => 'boreal');
update app_public.patients set deleted_at = app_hidden.now() where id = tests.id('gone at atlas');
select tests.act_as('adrian'), set_config('app.organization_id', '', true);
select tests.remember('second', pg_temp.publish('atlas', '{cross_border_transfer}'));
select tests.act_as('the database');
select tests.consent('elena', 'privacy_notice');
select app_private.messages_about_privacy_notice(e) from app_private.events e where e.subject_id = tests.id('second');
select results_eq('select distinct organization_id, patient_profile_id from app_public.messages', $$values (tests.id('atlas'), tests.id('ana'))$$, 'whoever accepted the earlier one of this clinic is told, and nobody else');

-- A newer template has sections of its own.
insert into app_public.privacy_notice_templates select (jsonb_populate_record(t, jsonb_build_object('version', t.version + 1))).* from app_public.privacy_notice_templates t order by t.version desc limit 1;
insert into app_public.privacy_notice_sections select (jsonb_populate_record(s, jsonb_build_object('template_version', s.template_version + 1, 'body_ro', 'Nou', 'body_en', 'New'))).* from app_public.privacy_notice_sections s where not s.is_optional;
select tests.act_as('adrian'), set_config('app.organization_id', '', true);
select * from tests.refuses($$select pg_temp.publish('atlas', '{cross_border_transfer}')$$, 'VALIDATION', 'notice_section_unknown', 'a section of an older template is none');
select tests.remember('third', pg_temp.publish('atlas'));
select is((select bool_and(line = 'New' or line = '' or line in (select s.title_en from app_public.privacy_notice_sections s)) from app_public.consent_purpose_versions v cross join lateral unnest(string_to_array(v.body_en, E'\n')) as line where v.id = tests.id('third')), true, 'a notice says what its template says');

-- From when on it counts.
select * from tests.refuses($$select pg_temp.words('0', app_hidden.now() - interval '1 second')$$, 'VALIDATION', 'consent_version_too_early', 'nothing counts from before it was published');
select is(pg_temp.words('1', app_hidden.now()), app_hidden.now(), 'from now on it may');
select is(pg_temp.words('2', app_hidden.now() + interval '1 day'), app_hidden.now() + interval '1 day', 'or from tomorrow');
select * from tests.refuses($$select pg_temp.words('3', app_hidden.now() + interval '23 hours')$$, 'VALIDATION', 'consent_version_too_early', 'what follows does not count before');
select is(pg_temp.words('3', app_hidden.now() + interval '1 day'), app_hidden.now() + interval '1 day', 'at the same time it may');
select * from finish();
rollback;
