-- Test: actions - what an automation asks of a patient keeps them from being booked until it is done or lifted. AUT-02, APT-06, CNS-08.
begin;
select plan(44);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal'), tests.form_template('theirs', jsonb_build_array(tests.form_item('note', 'long_text')));
select tests.clinic('atlas');
select tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
select tests.specialist('stefan', '{"mon": [["08:00", "20:00"]]}', account => true);
select tests.patient('ana'), tests.patient('dan'), tests.patient('bogdan');
select tests.calendar('mondays', '{stefan}');
select tests.form_template('pains', jsonb_build_array(tests.form_item('pain', 'scale', '{"min": 0, "max": 10}')), validity_months => 6);
create function pg_temp.form(template text) returns jsonb language sql as $$ select jsonb_build_object('templateId', tests.id(template)) $$;
create function pg_temp.book(hour int, patient text default 'ana') returns text language sql as $$
  select format('select app_public.book_directly(%L, %L, %L)', tests.id('mondays'),
    '2027-03-08 08:00+02'::timestamptz + make_interval(hours => hour), tests.id(patient));
$$;
create function pg_temp.missing(statement text) returns text language plpgsql as $$
declare v_detail jsonb;
begin
  execute statement;
  return 'nothing';
exception when sqlstate 'RX453' then
  get stacked diagnostics v_detail = pg_exception_detail;
  return (select string_agg(concat_ws(' ', m ->> 'kind', m ->> 'purpose', m ->> 'reason', m ->> 'resolvedBy', case when m ? 'formId' then 'with form' end), ', ' order by n)
    from jsonb_array_elements(v_detail -> 'missing') with ordinality as e (m, n));
end;
$$;

-- Refused on save.
select is(tests.wrong_config('require_form', '{}'), '$.config.templateId is_missing', 'a template is named');
select is(tests.wrong_config('require_form', '{"templateId": "x"}'), '$.config.templateId format_mismatch', 'by an id');
select is(tests.wrong_config('require_form', pg_temp.form('theirs')), '$.config.templateId form_template_not_found', 'of this clinic');
select is(tests.wrong_config('suggest_form', pg_temp.form('theirs')), '$.config.templateId form_template_not_found', 'also where it is suggested');
select is(tests.wrong_config('require_form', pg_temp.form('pains') || '{"days": 3}'), '$.config.days property_unknown', 'and nothing else');
select is(tests.wrong_config('require_consent', '{"purpose": "world_peace"}'), '$.config.purpose consent_purpose_not_found', 'a purpose that there is');
select is(tests.wrong_config('require_consent', '{"purpose": "telemedicine"}'), 'nothing', 'what is well said passes');

-- suggest_form.
select is(tests.acts('suggest_form', pg_temp.form('pains'), 'ana'), 'done', 'a form is suggested');
select is((select status || ' ' || is_ahead from app_public.forms where patient_profile_id = tests.id('ana') and template_id = tests.id('pains')),
  'pending true', 'it is there');
select is((select count(*) from app_public.messages where patient_profile_id = tests.id('ana') and template_key = 'patient_asked' and status = 'queued') > 0, true, 'and the patient is told');
select tests.act_as('flavia');
select is(pg_temp.missing(pg_temp.book(0)), 'nothing', 'which keeps nobody from booking');

-- require_form.
select is(tests.acts('require_form', pg_temp.form('pains'), 'ana'), 'done', 'a form is required');
select is((select count(*) from app_public.forms where patient_profile_id = tests.id('ana') and template_id = tests.id('pains')), 1::bigint, 'the one that is there');
select is(tests.acts('require_form', pg_temp.form('pains'), 'ana'), 'skipped asked_already', 'once');
select tests.remember('asked', id) from app_public.patient_requirements where patient_profile_id = tests.id('ana');
select is((select automation_rule_version_id is not null from app_public.patient_requirements where id = tests.id('asked')), true, 'its cause is known');
select tests.act_as('flavia');
select is(pg_temp.missing(pg_temp.book(1)), 'form pending form with form', 'until then nobody is booked, and told which form');
select is(pg_temp.missing(pg_temp.book(1, 'dan')), 'nothing', 'but others are');
select tests.act_as('ana');
select results_eq($$select template_id from app_public.patient_requirements$$, $$select tests.id('pains')$$, 'the patient reads what is asked');
select tests.act_as('dan');
select is_empty('select from app_public.patient_requirements', 'nobody else''s');
select tests.act_as('ana');
select lives_ok($$select app_public.complete_form((select id from app_public.forms limit 1), '{"pain": 3}')$$, 'completed');
select tests.act_as('the database');
select is((select fulfilled_at from app_public.patient_requirements where id = tests.id('asked')), app_hidden.now(), 'it is done');
select tests.act_as('flavia');
select is(pg_temp.missing(pg_temp.book(4)), 'nothing', 'and they are booked');
select * from tests.refuses(format('select app_public.lift_patient_requirement(%L, %L)', tests.id('asked'), 'On paper'), 'STATE', 'patient_requirement_over', 'nothing is left to lift');
select tests.act_as('the database');
select is(tests.acts('require_form', pg_temp.form('pains'), 'ana'), 'skipped form_stands', 'a form that counts is not asked again');
update app_public.form_templates set published = false where id = tests.id('pains');
select is((app_private.perform_action(step, 'require_form')).reason, 'form_template_not_found', 'a template that is in use no more fails')
from (select (tests.id('atlas'), null, null, null, null, 0, p.id, p.patient_profile_id, null, pg_temp.form('pains'))::app_private.action_step as step
      from app_public.patients p where p.patient_profile_id = tests.id('dan')) as given;
select is((app_private.perform_action(step, 'require_form')).reason, 'form_template_not_found', 'so does another clinic''s, however it came there')
from (select (tests.id('atlas'), null, null, null, null, 0, p.id, p.patient_profile_id, null, pg_temp.form('theirs'))::app_private.action_step as step
      from app_public.patients p where p.patient_profile_id = tests.id('dan')) as given;

-- require_consent.
select is(tests.acts('require_consent', '{"purpose": "telemedicine"}', 'dan'), 'done', 'a consent is required');
select is(tests.acts('require_consent', '{"purpose": "telemedicine"}', 'dan'), 'skipped asked_already', 'once');
select tests.act_as('flavia');
select is(pg_temp.missing(pg_temp.book(2, 'dan')), 'consent telemedicine never_given form', 'until then nobody is booked');
select tests.act_as('the database');
select tests.consent('dan', 'telemedicine');
select is((select fulfilled_at from app_public.patient_requirements where patient_profile_id = tests.id('dan')), app_hidden.now(), 'given, it is done');
select is(tests.acts('require_consent', '{"purpose": "telemedicine"}', 'dan'), 'skipped consent_stands', 'and not asked again');
select tests.act_as('flavia');
select is(pg_temp.missing(pg_temp.book(5, 'dan')), 'nothing', 'then they are booked');

-- Lifted.
select is(tests.acts('require_consent', '{"purpose": "telemedicine"}', 'bogdan'), 'done', 'another is asked');
select tests.remember('of bogdan', id) from app_public.patient_requirements where patient_profile_id = tests.id('bogdan');
select tests.act_as('stefan');
select * from tests.refuses(format('select app_public.lift_patient_requirement(%L, %L)', tests.id('of bogdan'), 'On paper'), 'FORBIDDEN', 'permission_missing', 'who may not block may not lift');
select tests.act_as('bogdan');
select * from tests.refuses(format('select app_public.lift_patient_requirement(%L, %L)', tests.id('of bogdan'), 'On paper'), 'NOT_FOUND', 'patient_requirement_not_found', 'nor the patient');
select tests.act_as('flavia');
select * from tests.refuses(format('select app_public.lift_patient_requirement(%L, %L)', tests.id('of bogdan'), ' '), 'VALIDATION', 'reason_missing', 'not without a reason');
select lives_ok(format('select app_public.lift_patient_requirement(%L, %L)', tests.id('of bogdan'), 'On paper'), 'front desk lifts it');
select * from tests.refuses(format('select app_public.lift_patient_requirement(%L, %L)', tests.id('of bogdan'), 'On paper'), 'STATE', 'patient_requirement_over', 'once');
select is(pg_temp.missing(pg_temp.book(3, 'bogdan')), 'nothing', 'and books');
select * from finish();
rollback;
