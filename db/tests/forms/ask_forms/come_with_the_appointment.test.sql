-- Test: ask_forms - forms of service and calendar come with the appointment, once, and serve again where they still count. FRM-08, CAT-02, SCH-03, FND-34.
begin;
select plan(28);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana');
select tests.patient('bogdan');
select tests.specialist('stefan', '{"mon": [["08:00", "20:00"]]}');
select tests.calendar('mondays', '{stefan}');
select tests.form_template('intake', jsonb_build_array(tests.form_item('pain', 'integer')));
select tests.form_template('yearly', jsonb_build_array(tests.form_item('smoker', 'boolean')), validity_months => 1);
select tests.form_template('retired', jsonb_build_array(tests.form_item('x', 'boolean')));
update app_public.form_templates set published = false where key = 'retired';

select tests.act_as('flavia');
select throws_ok($$insert into app_public.calendar_forms (calendar_id, template_id) values (tests.id('mondays'), tests.id('intake'))$$, '42501', null, 'front desk edits no calendar');
select tests.act_as('adrian');
select lives_ok($$insert into app_public.calendar_forms (calendar_id, template_id) values (tests.id('mondays'), tests.id('intake')), (tests.id('mondays'), tests.id('retired'))$$, 'a calendar asks for a form');
select lives_ok($$insert into app_public.service_forms (service_id, template_id) values (tests.id('service of mondays'), tests.id('intake')), (tests.id('service of mondays'), tests.id('yearly'))$$, 'and so does its service');
select tests.act_as('flavia');
select lives_ok($$select app_public.book_directly(tests.id('mondays'), '2027-03-08 10:00+02', tests.id('ana'))$$, 'front desk books');
select tests.act_as('the database');
select tests.remember('first', id) from app_public.appointments;
select tests.act_as('ana');
select results_eq($$select t.template_id, f.status, f.appointment_id from app_public.appointment_forms t join app_public.forms f on f.id = t.form_id order by 1$$,
  $$values (tests.id('intake'), 'pending', tests.id('first')), (tests.id('yearly'), 'pending', tests.id('first'))$$,
  'the patient finds each form once, and none that is out of use');
select lives_ok($$select app_public.complete_form(id, '{"smoker": false}') from app_public.forms where template_id = tests.id('yearly')$$, 'fills one in');
select lives_ok($$select app_public.cancel_appointment(tests.id('first'))$$, 'and calls the appointment off');
select lives_ok($$select app_public.save_form_answers(id, '{"pain": 4}') from app_public.forms where template_id = tests.id('intake')$$, 'having answered a part of the other');

select tests.act_as('flavia');
select lives_ok($$select app_public.book_directly(tests.id('mondays'), '2027-03-15 10:00+02', tests.id('ana'))$$, 'booked again');
select is((select count(*) from app_public.forms), 2::bigint, 'the same forms serve');
select tests.act_as('the database');
select tests.remember('second', id) from app_public.appointments where status <> 'cancelled';
select is((select count(*) from app_public.appointment_forms where appointment_id = tests.id('second')), 2::bigint, 'for the new appointment');

select tests.act_as('flavia');
select lives_ok($$select app_public.book_directly(tests.id('mondays'), '2027-03-22 10:00+02', tests.id('ana'))$$, 'another appointment');
select is((select count(*) from app_public.forms where template_id = tests.id('intake')), 2::bigint, 'asks anew what is asked each time');
select is((select count(*) from app_public.forms where template_id = tests.id('yearly')), 1::bigint, 'not what still counts');
select lives_ok($$select app_public.book_directly(tests.id('mondays'), '2027-04-05 10:00+03', tests.id('ana'))$$, 'one after its time');
select is((select count(*) from app_public.forms where template_id = tests.id('yearly')), 2::bigint, 'asks it again');
select tests.act_as('the database');
select tests.remember('third', id) from app_public.appointments where starts_at = '2027-03-22 10:00+02';
update app_public.appointments set starts_at = '2027-04-26 10:00+03', ends_at = '2027-04-26 11:00+03' where id = tests.id('third');
select is((select f.status from app_public.appointment_forms l join app_public.forms f on f.id = l.form_id
  where l.appointment_id = tests.id('third') and l.template_id = tests.id('yearly')), 'pending', 'and so does one that is moved beyond it');
select is((select count(*) from app_public.forms where template_id = tests.id('intake') and appointment_id = tests.id('third')), 1::bigint, 'which keeps its other form');

select tests.act_as('flavia');
select lives_ok($$select app_public.move_appointment_to_patient(tests.id('third'), tests.id('bogdan'), 'Wrong chart')$$, 'an appointment goes to another chart');
select tests.act_as('bogdan');
select is((select array_agg(template_id order by template_id) from app_public.forms), array[tests.id('intake'), tests.id('yearly')], 'whose patient is asked');
select lives_ok($$select app_public.complete_form(id, '{"smoker": false}') from app_public.forms where template_id = tests.id('yearly')$$, 'and answers long before');
select tests.act_as('ana');
select is_empty($$select from app_public.forms where appointment_id = tests.id('third') and status = 'pending'$$, 'and forms that nobody had touched are gone from the first');
select is((select count(*) from app_public.forms where appointment_id = tests.id('first')), 2::bigint, 'not what was answered');
select tests.act_as('the database');
create temporary table forms_before as select id, status from app_public.forms;
select lives_ok($$select app_private.ask_forms(a) from app_public.appointments a$$, 'asked once more');
select set_eq('select id, status from app_public.forms', 'select id, status from forms_before', 'nobody is asked again: neither for the appointment''s own form, nor for one that came from another');
select is((select count(*) from app_public.appointment_forms), 8::bigint, 'everything is asked once');
select is((select count(*) from app_private.events where name = 'form.created'), (select count(*) from app_public.forms), 'and each form was told of');
update app_public.appointments a set starts_at = f.valid_until, ends_at = f.valid_until + interval '1 hour'
from app_public.appointment_forms l join app_public.forms f on f.id = l.form_id
where a.id = tests.id('second') and l.appointment_id = a.id and l.template_id = tests.id('yearly');
select is((select f.status from app_public.appointment_forms l join app_public.forms f on f.id = l.form_id
  where l.appointment_id = tests.id('second') and l.template_id = tests.id('yearly')), 'pending', 'what counts until an hour does not count at it');
select * from finish();
rollback;
