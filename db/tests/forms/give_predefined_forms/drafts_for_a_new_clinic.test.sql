-- Test: give_predefined_forms, consume_predefined_forms - a new clinic finds the product's templates as drafts, once however often it is told, sound, whole in both languages and publishable, by nobody but who manages them. FRM-03, CNS-01.
begin;
select plan(36);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.person('root', superadmin => true);
select tests.act_as('root');
select tests.remember('fresh', id) from app_public.create_organization('fresh', 'Clinica Fresh', 'olga@people.test', 'Olga Ene');
select tests.remember('abroad', id) from app_public.create_organization('abroad', 'Abroad', 'oda@people.test', 'Oda Ene', locale => 'en');
select tests.act_as('the database');
create function pg_temp.event(clinic text) returns uuid language sql security definer as $$
  select id from app_private.events where organization_id = tests.id(clinic) and name = 'organization.created';
$$;
create function pg_temp.templates(clinic text) returns text[] language sql as $$
  select array_agg(key order by key) from app_public.form_templates where organization_id = tests.id(clinic);
$$;
create temporary table everything as
select '{biometric_capture,intake,post_session,telemedicine,terms_gdpr,treatment_disclosure,video_recording}'::text[] as keys;

-- By the event, and by the worker's own rights.
select is((select array_agg(consumer order by consumer) from app_private.event_deliveries where event_id = pg_temp.event('fresh')), '{predefined_forms}', 'the consumer is told of a new clinic');
select is(pg_temp.templates('fresh'), null, 'a clinic begins with none');
set local role app_worker;
select lives_ok($$select app_private.consume_predefined_forms(pg_temp.event('fresh'))$$, 'the worker passes the event on');
reset role;
select is(pg_temp.templates('fresh'), (select keys from everything), 'now they are there');
select is(pg_temp.templates('abroad'), null, 'at this clinic, and no other');
select is((select array_agg(distinct (version, published)::text) from app_public.form_templates where organization_id = tests.id('fresh')), '{"(0,f)"}', 'as drafts that nobody is asked to fill in');

-- Once, whatever the clinic made of them.
update app_public.form_templates set name = 'Primire', content = jsonb_set(content, '{title,ro}', '"Fișa noastră"') where organization_id = tests.id('fresh') and key = 'intake';
grant select on everything to public;
create temporary table before as select tests.content() as content;
select lives_ok($$select app_private.consume_predefined_forms(pg_temp.event('fresh'))$$, 'the event comes once more');
select is((select content from before), tests.content(), 'and changes nothing at all');
select is((select (name, content #>> '{title,ro}')::text from app_public.form_templates where organization_id = tests.id('fresh') and key = 'intake'), '(Primire,"Fișa noastră")', 'the clinic''s words are the clinic''s');
delete from app_public.form_template_purposes where template_id = (select id from app_public.form_templates where organization_id = tests.id('fresh') and key = 'post_session');
delete from app_public.form_templates where organization_id = tests.id('fresh') and key = 'post_session';
select lives_ok($$select app_private.give_predefined_forms(tests.id('fresh'))$$, 'whoever brings a new template');
select is(pg_temp.templates('fresh'), (select keys from everything), 'adds what is missing');
select lives_ok($$select app_private.give_predefined_forms(tests.id('abroad'))$$, 'and for another clinic');
select is((select name from app_public.form_templates where organization_id = tests.id('abroad') and key = 'intake'), 'Intake form and medical history', 'named in its language');

-- What they declare. The treatment is a purpose of each clinic's own.
create function pg_temp.declared(clinic text) returns text[] language sql as $$
  select array_agg(t.key || ' ' || v.purpose_code || coalesce(' of ' || o.slug, '') order by t.key, v.purpose_code)
  from app_public.form_templates t
  join app_public.form_template_purposes p on p.template_id = t.id
  join app_public.consent_purpose_versions v on v.id = p.purpose_version_id
  left join app_public.organizations o on o.id = v.organization_id
  where t.organization_id = tests.id(clinic);
$$;
select is(pg_temp.declared('fresh'),
  '{biometric_capture biometric_capture,telemedicine telemedicine,terms_gdpr org_terms,treatment_disclosure treatment_specific_rehabilitation of fresh,video_recording video_recording}',
  'each consent declares its purpose');
select is(pg_temp.declared('abroad'),
  '{biometric_capture biometric_capture,telemedicine telemedicine,terms_gdpr org_terms,treatment_disclosure treatment_specific_rehabilitation of abroad,video_recording video_recording}',
  'and at each clinic its own treatment');
select is((select array_agg(distinct (is_medical, is_withdrawable, legal_basis)::text) from app_public.consent_purposes where organization_id is not null), '{"(t,t,consent)"}', 'which rests on consent');

-- Sound, and whole in both languages.
select is((select array_agg(t.key || ' ' || p.path || ' ' || p.reason) from app_private.predefined_form_templates t, app_private.content_problems(t.content) p), null, 'the database finds nothing wrong with any of them');
create temporary table texts as
select t.key, said.text
from app_private.predefined_form_templates t
cross join lateral jsonb_path_query(jsonb_build_array(t.content), 'strict $.**') as said (text)
where jsonb_typeof(said.text) = 'object' and (said.text ? 'ro' or said.text ? 'en');
select cmp_ok((select min(n) from (select count(*) as n from texts group by key) counted), '>=', 10::bigint, 'every template has texts to look at');
select is_empty($$select key, text from texts where not (text ->> 'ro' ~ '[[:alnum:]]' and text ->> 'en' ~ '[[:alnum:]]')$$, 'every text is there in both languages');
select is_empty($$select key, text from texts where text ->> 'ro' = text ->> 'en'$$, 'and none stands for the other');
select is_empty($$select key, text from texts where text::text ~ '[şţŞŢ]'$$, 'Romanian has its letters with a comma');
select is_empty($$select key, text from texts where text ->> 'en' ~ '[ăâîșțĂÂÎȘȚ]'$$, 'English has none of them');
select is((select array_agg(key) from (select key from texts group by key having string_agg(text ->> 'ro', '') !~ '[șț]') plain), null, 'no template is written without them');
select is_empty($$select key, clinic_purpose from app_private.predefined_form_templates where clinic_purpose::text ~ '[şţŞŢ]'$$, 'nor the words of a treatment');
select is((select array_agg(key order by key) from app_private.predefined_form_templates where kind in ('consent', 'disclosure') and (citations = '{}' or confirmed_by is not null)), null, 'what stands on a law says which, and that counsel has not confirmed it');
select is((select array_agg(key) from app_private.predefined_form_templates where kind in ('consent', 'disclosure') and content -> 'intent' is null), null, 'what is signed says what the signature means');

-- The questions that the product promises.
select is((select count(*) from app_private.predefined_form_templates t, jsonb_path_query(t.content, 'strict $.**.visible_if') v where t.key = 'intake'), 14::bigint, 'the intake form asks further where an answer calls for it');
select is((select jsonb_path_query_first(content, '$.items[*] ? (@.key == "medications").repeat') from app_private.predefined_form_templates where key = 'intake'), '{"min": 1, "max": 30}', 'and for each medicine');
select is((select array_agg(s ->> 'key') from app_private.predefined_form_templates t, jsonb_array_elements(t.content -> 'scores') s), '{nrs,nrs}', 'pain is scored before and after');

-- Publishable, all of them.
select tests.act_as('the database');
select tests.staff('adrian', 'admin', 'fresh'), tests.staff('flavia', 'front_desk', 'fresh');
select tests.remember('intake of fresh', id) from app_public.form_templates where organization_id = tests.id('fresh') and key = 'intake';
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.publish_form_template(tests.id('intake of fresh'))$$, 'FORBIDDEN', 'permission_missing', 'who edits no templates publishes none');
select * from tests.refuses($$select app_private.give_predefined_forms(tests.id('fresh'))$$, '42501', null, 'and nobody asks for them but the worker');
select tests.act_as('adrian');
select is((select array_agg(key || ' ' || version order by key) from (select (app_public.publish_form_template(id)).* from app_public.form_templates) p),
  (select array_agg(key || ' 1' order by key) from everything, unnest(keys) as key), 'the clinic publishes each');
select is((select count(*) from app_public.form_template_version_purposes), 5::bigint, 'with what it declares');
select is((select array_agg(distinct version) from (select (app_public.publish_form_template(id)).* from app_public.form_templates) p), '{1}', 'and unchanged there is no second version');
select * from finish();
rollback;
