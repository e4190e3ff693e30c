-- Test: booking_gate - a booking needs the clinic's own terms, treatments declared by forms of service and calendar, and telemedicine; a refusal lists all of it and leaves nothing. APT-06, CNS-08, FRM-08.
begin;
select plan(51);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana');
select tests.specialist('stefan', '{"mon": [["08:00", "20:00"]]}');
select tests.calendar('rooms', '{stefan}');
select tests.calendar('screens', '{stefan}', modality => 'video');
select tests.calendar('phones', '{stefan}', modality => 'phone');
select tests.consent_version('treatment_specific_laser'), tests.consent_version('treatment_specific_waves');
select tests.form_template('laser', jsonb_build_array(tests.form_item('read', 'boolean')), signature_mode => 'click_typed');
select tests.form_template('waves', jsonb_build_array(tests.form_item('read', 'boolean')), signature_mode => 'click_typed');
select tests.form_template('remote', jsonb_build_array(tests.form_item('read', 'boolean')), signature_mode => 'click_typed');
select tests.declares('laser', 'treatment_specific_laser'), tests.declares('laser', 'video_recording'),
  tests.declares('waves', 'treatment_specific_waves'), tests.declares('remote', 'telemedicine');

create function pg_temp.missing(statement text) returns jsonb language plpgsql as $$
declare v_detail jsonb;
begin
  execute statement;
  return '[]';
exception when sqlstate 'RX453' then
  get stacked diagnostics v_detail = pg_exception_detail;
  return v_detail -> 'missing';
end;
$$;
create function pg_temp.wants(statement text) returns text language sql as $$
  select coalesce(string_agg(concat_ws(' ', m ->> 'kind', m ->> 'purpose', m ->> 'version', m ->> 'reason', m ->> 'resolvedBy'), ', '), 'nothing')
  from jsonb_array_elements(pg_temp.missing(statement)) as m;
$$;
-- Each hour is free once: what is tried in vain leaves it free.
create function pg_temp.book(calendar text, hour int, reason text default null) returns text language sql as $$
  select format('select app_public.book_directly(%L, %L, %L, override_reason => %L)',
    tests.id(calendar), '2027-03-08 08:00+02'::timestamptz + make_interval(hours => hour), tests.id('ana'), reason);
$$;

select tests.act_as('flavia');
select is(pg_temp.wants(pg_temp.book('rooms', 0)), 'nothing', 'where nothing is asked, it is booked');
select is(pg_temp.wants(pg_temp.book('screens', 1)), 'consent telemedicine 1 never_given form', 'by video telemedicine is asked');
select is(pg_temp.wants(pg_temp.book('phones', 1)), 'consent telemedicine 1 never_given form', 'and by telephone');
select is(pg_temp.missing(pg_temp.book('screens', 1)) -> 0 ->> 'templateId', tests.id('remote')::text, 'with the template whose signature gives it');
select is(pg_temp.missing(pg_temp.book('screens', 1)) -> 0 ->> 'versionId', tests.version_id('telemedicine')::text, 'and the version');
select ok(not pg_temp.missing(pg_temp.book('screens', 1)) -> 0 ? 'formId', 'of no form yet');
select * from tests.refuses(pg_temp.book('screens', 1), 'NOT_READY', 'requirements_missing', 'and nothing is left of it: no row, no job, no event');

select tests.act_as('the database');
insert into app_public.service_forms (organization_id, service_id, template_id)
select tests.id('atlas'), tests.id('service of ' || c), tests.id('laser') from unnest('{rooms,screens}'::text[]) as c;
insert into app_public.calendar_forms (organization_id, calendar_id, template_id)
values (tests.id('atlas'), tests.id('rooms'), tests.id('waves')), (tests.id('atlas'), tests.id('rooms'), tests.id('laser'));
select tests.act_as('flavia');
select is(pg_temp.wants(pg_temp.book('rooms', 1)),
  'consent treatment_specific_laser 1 never_given form, consent treatment_specific_waves 1 never_given form',
  'what forms of service and calendar declare about treatment, each once; a recording is asked when it is made');
select is(pg_temp.wants(pg_temp.book('screens', 1)),
  'consent telemedicine 1 never_given form, consent treatment_specific_laser 1 never_given form', 'all of it at once');
select is(pg_temp.wants(pg_temp.book('phones', 1)), 'consent telemedicine 1 never_given form', 'a service that asks for no form asks less');
select tests.act_as('the database');
select tests.consent('ana', 'treatment_specific_laser');
select tests.act_as('flavia');
select is(pg_temp.wants(pg_temp.book('rooms', 1)), 'consent treatment_specific_waves 1 never_given form', 'one given, one is left');
select tests.act_as('the database');
select tests.consent('ana', 'treatment_specific_waves', 'refused');
select tests.act_as('flavia');
select is(pg_temp.wants(pg_temp.book('rooms', 1)), 'consent treatment_specific_waves 1 refused form', 'refused is not given');
select tests.act_as('the database');
select tests.consent('ana', 'treatment_specific_waves');
select tests.act_as('flavia');
select is(pg_temp.wants(pg_temp.book('rooms', 1)), 'nothing', 'both given: booked');
select tests.act_as('the database');
update app_public.form_templates set published = false where id = tests.id('waves');
update app_public.consents set withdrawn_at = app_hidden.now() where purpose_code = 'treatment_specific_waves' and decision = 'granted';
select tests.act_as('flavia');
select is(pg_temp.wants(pg_temp.book('rooms', 2)), 'nothing', 'a template out of use asks nothing');
select tests.act_as('the database');
update app_public.form_templates set published = true where id = tests.id('waves');
select tests.act_as('flavia');
select is(pg_temp.wants(pg_temp.book('rooms', 3)), 'consent treatment_specific_waves 1 withdrawn form', 'in use again it does, and withdrawn is not given');
select tests.act_as('the database');
select tests.consent_version('treatment_specific_laser');
select tests.act_as('flavia');
select is(pg_temp.wants(pg_temp.book('rooms', 3)),
  'consent treatment_specific_laser 2 older_version form, consent treatment_specific_waves 1 withdrawn form', 'words that changed are asked again');
select is(pg_temp.missing(pg_temp.book('rooms', 3)) -> 0 -> 'templateId', null, 'by no template, before one declares them');

-- Terms.
select tests.act_as('the database');
select tests.consent_version('org_terms');
select tests.act_as('flavia');
select is(pg_temp.wants(pg_temp.book('phones', 3)), 'consent telemedicine 1 never_given form', 'terms of its own that the clinic does not require are not asked');
select tests.act_as('the database');
create function pg_temp.terms(purpose text, clinic text, since timestamptz) returns void language sql as $$
  insert into app_public.consent_purpose_versions (organization_id, purpose_code, number, is_required, asks_again, in_force_from, title_ro, body_ro,
    notice_template, notice_sections)
  select tests.id(clinic), purpose, coalesce(max(number), 0) + 1, true, true, since, 'Termeni', 'Sunt de acord.',
    case purpose when 'privacy_notice' then (select max(version) from app_public.privacy_notice_templates) end,
    case purpose when 'privacy_notice' then '{}'::text[] end
  from app_public.consent_purpose_versions where organization_id = tests.id(clinic) and purpose_code = purpose;
$$;
select pg_temp.terms('org_terms', 'boreal', app_hidden.now()), pg_temp.terms('org_terms', 'atlas', app_hidden.now() + interval '1 day'),
  pg_temp.terms('privacy_notice', 'atlas', app_hidden.now());
select tests.act_as('flavia');
select is(pg_temp.wants(pg_temp.book('phones', 3)),
  'terms privacy_notice 1 never_given self, consent telemedicine 1 never_given form', 'a required notice in force is; terms of tomorrow are not, nor another clinic''s');
select tests.freeze_time('2027-03-02 08:00+02');
select is(pg_temp.wants(pg_temp.book('phones', 3)),
  'terms org_terms 2 never_given self, terms privacy_notice 1 never_given self, consent telemedicine 1 never_given form', 'tomorrow they are');
select tests.act_as('ana');
select lives_ok($$select app_public.give_consent(tests.version_id(p), tests.id('ana at atlas')) from unnest('{org_terms,privacy_notice}'::text[]) p$$, 'the patient accepts them');
select tests.act_as('the database');
select tests.consent('ana', 'telemedicine');
select tests.act_as('flavia');
select is(pg_temp.wants(pg_temp.book('phones', 3)), 'nothing', 'and it is booked');

-- By whichever verb. The patient's own booking of a held time, and a request, whose guest is asked as the clinic says yes.
select tests.act_as('the database');
select tests.hold('held', 'screens', 'stefan', '2027-03-08 13:00+02');
select tests.booking_request('asked', 'screens', 'stefan', '2027-03-08 14:00+02');
select tests.act_as('ana');
select is(pg_temp.wants(format('select app_public.book_appointment(%L, %L)', tests.token('held'), tests.id('ana'))),
  'consent treatment_specific_laser 2 older_version form', 'the patient is asked the same');
select tests.act_as('flavia');
select is(pg_temp.wants(format('select app_public.confirm_booking_request(%L)', tests.id('asked'))),
  'terms org_terms 2 never_given self, terms privacy_notice 1 never_given self, consent telemedicine 1 never_given form, consent treatment_specific_laser 2 never_given form',
  'a guest, of everything');
select is((select status from app_public.booking_requests where id = tests.id('asked')), 'requested', 'whose request waits on');
select is((select count(*) from app_public.patients), 1::bigint, 'and who is no patient by it');
select is(pg_temp.wants(format('select app_public.confirm_booking_request(%L, %L)', tests.id('asked'), tests.id('ana'))),
  'consent treatment_specific_laser 2 older_version form', 'taken for a patient, of what that one lacks');
select tests.act_as('the database');
select tests.consent('ana', 'treatment_specific_laser');
select tests.act_as('ana');
select is(pg_temp.wants(format('select app_public.book_appointment(%L, %L)', tests.token('held'), tests.id('ana'))), 'nothing', 'given, the held time is booked');
select tests.act_as('flavia');
select is(pg_temp.wants(format('select app_public.confirm_booking_request(%L, %L)', tests.id('asked'), tests.id('ana'))), 'nothing', 'and the request confirmed');

-- By the words that are published now.
select is(pg_temp.wants(pg_temp.book('rooms', 7)), 'consent treatment_specific_waves 1 withdrawn form', 'the words of the form ask for it');
select tests.act_as('the database');
insert into app_public.form_template_versions (organization_id, template_id, number, content, content_hash, field_types, signature_mode, link_inner_mode, link_expires_minutes)
select organization_id, template_id, 2, content, content_hash, field_types, signature_mode, link_inner_mode, link_expires_minutes from app_public.form_template_versions where id = tests.id('first version of waves');
update app_public.form_templates set version = 2 where id = tests.id('waves');
select tests.act_as('flavia');
select is(pg_temp.wants(pg_temp.book('rooms', 7)), 'nothing', 'those that were published since do not');
select tests.act_as('the database');
update app_public.form_templates set version = 1 where id = tests.id('waves');
select tests.act_as('flavia');

-- Confirmed: the same, and the forms.
select tests.act_as('the database');
select tests.remember('visit', id) from app_public.appointments where starts_at = '2027-03-08 13:00+02';
select tests.remember('form', form_id) from app_public.appointment_forms where appointment_id = tests.id('visit');
select tests.act_as('ana');
select is(pg_temp.wants(format('select app_public.confirm_appointment(%L)', tests.id('visit'))), 'form pending form', 'to be confirmed it wants its form');
select is(pg_temp.missing(format('select app_public.confirm_appointment(%L)', tests.id('visit'))) -> 0,
  jsonb_build_object('kind', 'form', 'reason', 'pending', 'formId', tests.id('form'), 'templateId', tests.id('laser'), 'resolvedBy', 'form'), 'by its id');
select * from tests.refuses(format('select app_public.confirm_appointment(%L)', tests.id('visit')), 'NOT_READY', 'requirements_missing', 'which changes nothing');
select results_eq($$select kind, form_id from unnest(app_public.missing_of_appointment(tests.id('visit')))$$,
  $$values ('form', tests.id('form'))$$, 'the patient reads it of the appointment');
select lives_ok($$select app_public.complete_form(tests.id('form'), '{"read": true}')$$, 'filled in');
select is(pg_temp.wants(format('select app_public.confirm_appointment(%L)', tests.id('visit'))), 'form completed form', 'it wants its signature');
select tests.act_as('the database');
update app_public.forms set status = 'signed', signed_at = app_hidden.now() where id = tests.id('form');
select tests.act_as('flavia');
select is_empty($$select from unnest(app_public.missing_of_appointment(tests.id('visit')))$$, 'signed, nothing is missing');
select tests.act_as('the database');
update app_public.consents set withdrawn_at = app_hidden.now() where purpose_code = 'telemedicine' and decision = 'granted';
select tests.act_as('flavia');
select is(pg_temp.wants(format('select app_public.confirm_appointment(%L)', tests.id('visit'))), 'consent telemedicine 1 withdrawn form', 'until a consent is withdrawn');
select results_eq($$
    select missing.kind, missing.purpose
    from app_public.agenda(tests.id('atlas'), '2027-03-08', 1) as agenda
    cross join unnest(agenda.days) as day cross join unnest(day.appointments) as appointment
    cross join unnest(app_public.agenda_appointment_missing(appointment)) as missing
    where appointment.appointment_id = tests.id('visit')$$,
  $$values ('consent', 'telemedicine')$$, 'which front desk reads in the agenda');
select tests.act_as('the database');
select tests.consent('ana', 'telemedicine');
select tests.act_as('ana');
select is(pg_temp.wants(format('select app_public.confirm_appointment(%L)', tests.id('visit'))), 'nothing', 'given again, it is confirmed');

-- Begun: consents again, no forms.
select tests.act_as('the database');
select tests.remember('second', id) from app_public.appointments where starts_at = '2027-03-08 14:00+02';
update app_public.consents set withdrawn_at = app_hidden.now() where purpose_code = 'telemedicine' and decision = 'granted' and withdrawn_at is null;
select tests.freeze_time('2027-03-08 14:05+02');
select tests.act_as('flavia');
select is(pg_temp.wants(format('select app_public.start_appointment(%L)', tests.id('second'))), 'consent telemedicine 1 withdrawn form', 'a session does not begin without the consent, nor for want of a form alone');
select tests.act_as('the database');
select tests.staff('olga', 'owner');
select tests.act_as('olga');
select lives_ok($$select app_public.override_consent(tests.id('atlas'), tests.id('ana at atlas'), 'telemedicine', 'Fell, is alone at home')$$, 'in an emergency staff go on');
select tests.act_as('flavia');
select is(pg_temp.wants(format('select app_public.start_appointment(%L)', tests.id('second'))), 'nothing', 'and it begins, the form still pending');
select is_empty($$select from unnest(app_public.missing_of_appointment(tests.id('second')))$$, 'of what has begun nothing is missing');

-- Nobody else reads it.
select tests.act_as('the database');
select tests.remember('third', id) from app_public.appointments where starts_at = '2027-03-08 10:00+02';
select tests.patient('bogdan');
select tests.staff('bianca', 'billing');
create function pg_temp.reads() returns bigint language sql as $$
  select count(*) from unnest(app_public.missing_of_appointment(tests.id('third')));
$$;
select tests.act_as('flavia');
select ok(pg_temp.reads() > 0, 'front desk reads it');
select tests.act_as('ana');
select ok(pg_temp.reads() > 0, 'the patient');
select tests.act_as('bogdan');
select is(pg_temp.reads(), 0::bigint, 'another patient reads nothing');
select tests.act_as('bianca');
select is(pg_temp.reads(), 0::bigint, 'nor who may see no appointments');
select * from finish();
rollback;
