-- Test: on_merge_forms - forms, signed ones too, go to the patient who is kept, and back. FND-34, FRM-04.
begin;
select plan(7);
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.patient('ana');
select tests.patient('ana twin', account => false);
insert into app_public.custom_fields (organization_id, entity_type, system_key, definition, version, published)
values (tests.id('atlas'), 'patient', 'allergies', '{"type": "text", "label": {"ro": "A"}}', 1, true);
insert into app_public.custom_field_versions (organization_id, custom_field_id, number, definition) select organization_id, id, 1, definition from app_public.custom_fields;
insert into app_public.custom_field_values (organization_id, custom_field_id, entity_type, patient_profile_id, value, version)
select organization_id, id, 'patient', tests.id('ana twin'), '"pollen"', 1 from app_public.custom_fields;
select tests.form_template('intake', jsonb_build_array(tests.form_item('pain', 'integer')), signature_mode => 'click_typed');
select tests.form('open', 'ana twin', 'intake');
select tests.form('signed', 'ana twin', 'intake');
update app_public.forms set status = 'completed', completed_at = now() where id = tests.id('signed');
update app_public.forms set status = 'signed', signed_at = now() where id = tests.id('signed');

select tests.act_as('adrian');
select lives_ok($$select app_public.merge_patients(tests.id('ana at atlas'), tests.id('ana twin at atlas'), 'One person')$$, 'two are one');
select is((select count(*) from app_public.forms where patient_id = tests.id('ana at atlas') and patient_profile_id = tests.id('ana')), 2::bigint, 'both forms are on the chart that is kept');
select is((select patient_profile_id from app_public.custom_field_values), tests.id('ana'), 'and what was noted');
select lives_ok($$select app_public.undo_patient_merge((select id from app_public.patient_merges), 'Two after all')$$, 'two again');
select is((select count(*) from app_public.forms where patient_id = tests.id('ana twin at atlas') and patient_profile_id = tests.id('ana twin')), 2::bigint, 'both forms are back');
select lives_ok($$select app_public.remove_patient(tests.id('ana twin at atlas'))$$, 'a patient is removed');
select is_empty('select from app_public.forms', 'with the forms');
select * from finish();
rollback;
