-- Test: consents_stand, form_to_reuse, ask_forms, ask_forms_anew - a signed form serves again only while what its template asks consent for now was signed and stands; each appointment keeps its own forms. FRM-08, CNS-08.
begin;
select plan(17);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana'), tests.patient('bogdan');
select tests.specialist('stefan', '{"mon": [["08:00", "20:00"]]}');
select tests.calendar('mondays', '{stefan}'), tests.calendar('others', '{stefan}');
select tests.form_template('a', jsonb_build_array(tests.form_item('x', 'boolean')), signature_mode => 'click_typed', validity_months => 12),
  tests.form_template('b', jsonb_build_array(tests.form_item('x', 'boolean')), signature_mode => 'click_typed', validity_months => 12), tests.form_template('c', jsonb_build_array(tests.form_item('x', 'boolean')), validity_months => 12);
create function pg_temp.version(template text, number int, purposes text[]) returns void language sql as $$
  insert into app_public.form_template_versions (organization_id, template_id, number, content, content_hash, field_types, signature_mode, link_inner_mode, link_expires_minutes, validity_months)
  select organization_id, template_id, version.number, content, content_hash, field_types, signature_mode, link_inner_mode, link_expires_minutes, validity_months from app_public.form_template_versions
  where template_id = tests.id(template) and number = 1 and version.number > 1;
  insert into app_public.form_template_version_purposes (organization_id, version_id, purpose_scope_id, purpose_version_id)
  select v.organization_id, v.id, c.scope_id, c.id from app_public.form_template_versions v, app_public.consent_purpose_versions c
  where v.template_id = tests.id(template) and v.number = version.number and c.id in (select tests.version_id(p) from unnest(purposes) p);
  update app_public.form_templates set version = version.number where id = tests.id(template) $$;
create function pg_temp.stands() returns boolean language sql as $$
  select app_private.consents_stand(f, t) from app_public.forms f, app_public.form_templates t where f.id = tests.id('form') and t.id = tests.id('a') $$;
create function pg_temp.reused(template text, appointment text default 'second') returns uuid language sql as $$
  select app_private.form_to_reuse(a, tests.id(template)) from app_public.appointments a where a.id = tests.id(appointment) $$;
select pg_temp.version('a', 1, '{telemedicine}'), pg_temp.version('b', 1, '{video_recording}'), pg_temp.version('c', 1, '{biometric_capture}');
insert into app_public.service_forms (organization_id, service_id, template_id) values (tests.id('atlas'), tests.id('service of mondays'), tests.id('a')), (tests.id('atlas'), tests.id('service of others'), tests.id('b'));
insert into app_public.calendar_forms (organization_id, calendar_id, template_id) values (tests.id('atlas'), tests.id('mondays'), tests.id('c'));

select tests.appointment('first', 'ana', 'mondays', 'stefan', '2027-03-08 10:00+02');
select results_eq($$select template_id from app_public.appointment_forms where appointment_id = tests.id('first') order by 1$$, $$select unnest(array[tests.id('a'), tests.id('c')]) order by 1$$, 'an appointment asks what its own service and calendar ask');
select tests.remember('form', form_id) from app_public.appointment_forms where template_id = tests.id('a');
select tests.act_as('ana');
select lives_ok($$select app_public.sign_form(tests.id('form'), tests.text_hash('form'), 'ro', 'Ana', true)$$, 'it is signed');
select lives_ok($$select app_public.complete_form(id) from app_public.forms where template_id = tests.id('c')$$, 'the other is completed, which signs nothing');
select tests.act_as('the database');
select is(pg_temp.stands(), true, 'what was asked stands, whatever others ask');
select tests.appointment('second', 'ana', 'others', 'stefan', '2027-03-15 10:00+02');
select is(pg_temp.reused('a'), tests.id('form'), 'a signed form serves again');
select isnt(pg_temp.reused('c'), null, 'one that is not signed gives no consent, and serves');
select pg_temp.version('a', 2, '{telemedicine,video_recording}');
select is(pg_temp.stands(), false, 'what is asked now was not signed');
select tests.consent('ana', 'video_recording');
select is(pg_temp.stands(), false, 'by this form, whatever was given otherwise');
select is(pg_temp.reused('a'), null, 'so it is asked again');
select pg_temp.version('a', 3, '{telemedicine}');
select is(pg_temp.stands(), true, 'what is asked no more is not needed');
update app_public.consents set withdrawn_at = now() where purpose_code = 'telemedicine';
select is(pg_temp.stands(), false, 'what was withdrawn does not stand');
select is(pg_temp.reused('a'), null, 'and is asked again');

-- To another chart.
select tests.appointment('third', 'ana', 'mondays', 'stefan', '2027-03-22 10:00+02');
insert into app_public.appointment_forms (organization_id, appointment_id, template_id, form_id) select tests.id('atlas'), tests.id('third'), tests.id('b'), tests.form('begun', 'ana', 'b', appointment => 'third');
update app_public.forms set answers = '{"x": true}', status = 'in_progress' where id = tests.id('begun');
select tests.form('deleted before', 'ana', 'b', appointment => 'third');
update app_public.forms set deleted_at = app_hidden.now() where id = tests.id('deleted before');
select tests.remember('pending', form_id) from app_public.appointment_forms where appointment_id = tests.id('third') and template_id = tests.id('a');
select tests.remember('of second', form_id) from app_public.appointment_forms where appointment_id = tests.id('second');
select app_private.ask_forms_anew(a) from app_public.appointments a where a.id = tests.id('third');
select is((select deleted_at from app_public.forms where id = tests.id('pending')), null, 'asked anew for the same patient, nothing goes');
select tests.freeze_time('2027-03-01 09:00+02'), tests.act_as('flavia');
select lives_ok($$select app_public.move_appointment_to_patient(tests.id('third'), tests.id('bogdan'), 'Wrong chart')$$, 'an appointment goes to another chart');
select tests.act_as('the database');
select results_eq($$select n.name, f.deleted_at from app_public.forms f join tests.names n on n.id = f.id where n.name in ('pending', 'of second', 'begun', 'deleted before', 'form') order by 1$$,
  $$values ('begun', null), ('deleted before', '2027-03-01 08:00+02'), ('form', null), ('of second', null), ('pending', '2027-03-01 09:00+02'::timestamptz)$$, 'what nobody touched goes with its appointment, and nothing else');
select results_eq($$select form_id from app_public.appointment_forms where appointment_id = tests.id('second')$$, $$values (tests.id('of second'))$$, 'other appointments keep their forms');
select is((select count(*) from app_public.appointment_forms l join app_public.forms f on f.id = l.form_id where l.appointment_id = tests.id('third') and f.patient_profile_id <> tests.id('bogdan')), 0::bigint, 'and the new patient has none of the old one''s');
select * from finish();
rollback;
