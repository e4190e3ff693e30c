-- Test: create_form - who gives a patient a form, and how a signed one is corrected. FRM-04, FND-04.
begin;
select plan(21);
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.staff('bea', 'billing');
select tests.patient('ana');
select tests.patient('bogdan');
select tests.form_template('consent', jsonb_build_array(tests.form_item('agreed', 'boolean')), signature_mode => 'click_typed');
insert into app_public.form_templates (organization_id, key, name, content)
values (tests.id('atlas'), 'draft', 'Draft', tests.form_content(jsonb_build_array(tests.form_item('a', 'text'))));
select tests.remember('draft', id) from app_public.form_templates where key = 'draft';
select tests.form('signed', 'ana', 'consent');
select tests.form('open', 'ana', 'consent');
update app_public.forms set status = 'completed', completed_at = now() where id = tests.id('signed');
update app_public.forms set status = 'signed', signed_at = now() where id = tests.id('signed');
select tests.clinic('boreal');
select tests.staff('otto', 'admin');

select tests.act_as('bea');
select * from tests.refuses($$select app_public.create_form(tests.id('ana at atlas'), tests.id('consent'))$$, 'FORBIDDEN', 'permission_missing', 'a colleague without the permission');
select tests.act_as('otto');
select * from tests.refuses($$select app_public.create_form(tests.id('ana at atlas'), tests.id('consent'))$$, 'NOT_FOUND', 'patient_not_found', 'another clinic');
select tests.act_as('ana');
select * from tests.refuses($$select app_public.create_form(tests.id('ana at atlas'), tests.id('consent'))$$, 'NOT_FOUND', 'patient_not_found', 'the patient');
select * from tests.refuses($$select app_public.reopen_form(tests.id('signed'), 'Changed my mind')$$, 'IMMUTABLE', 'form_is_signed', 'who opens nothing that is signed');
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.create_form(tests.id('ana at atlas'), tests.id('draft'))$$, 'NOT_FOUND', 'form_template_not_found', 'what is not published');
select * from tests.refuses($$select app_public.create_form(tests.id('ana at atlas'), tests.id('consent'), amends_form_id => tests.id('open'))$$, 'STATE', 'only_signed_forms_are_amended', 'what is open is not amended');
select * from tests.refuses($$select app_public.create_form(tests.id('bogdan at atlas'), tests.id('consent'), amends_form_id => tests.id('signed'))$$, 'NOT_FOUND', 'form_not_found', 'nor is the form of somebody else');
select * from tests.refuses($$select app_public.create_form(tests.id('ana at atlas'), tests.id('consent'), appointment_id => gen_random_uuid())$$, 'NOT_FOUND', 'appointment_not_found', 'an appointment that is not there');
select is((app_public.create_form(tests.id('ana at atlas'), tests.id('consent'), amends_form_id => tests.id('signed'), locale => 'en')).amends_form_id, tests.id('signed'), 'what is signed is corrected by another form');
select is((select status from app_public.forms where id = tests.id('signed')), 'signed', 'and stays as it is');
select * from tests.refuses($$select app_public.create_form(tests.id('ana at atlas'), tests.id('consent'), locale => 'de')$$, '23514', null, 'in Romanian or English');
select tests.act_as('a visitor');
select throws_ok($$select app_public.create_form(tests.id('ana at atlas'), tests.id('consent'))$$, '42501', null, 'nor a visitor');
select * from finish();
rollback;
