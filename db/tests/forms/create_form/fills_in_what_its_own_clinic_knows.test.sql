-- Test: form_prefill - of somebody who is a patient of two clinics each fills in what it knows itself, and nothing that is of another kind. FRM-01, FRM-05, FND-05.
begin;
select plan(3);
select tests.clinic('boreal');
select tests.patient('ana');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana'), tests.patient('vlad');
insert into app_public.custom_fields (organization_id, entity_type, system_key, definition, version, published)
select tests.id(c), 'patient', k, '{"type": "text", "label": {"ro": "Câmp"}}', 1, true from unnest('{boreal,atlas}'::text[]) c, unnest('{allergies,hobby}'::text[]) k;
insert into app_public.custom_field_versions (organization_id, custom_field_id, number, definition) select organization_id, id, 1, definition from app_public.custom_fields;
insert into app_public.custom_field_values (organization_id, custom_field_id, entity_type, patient_profile_id, value, version)
select f.organization_id, f.id, 'patient', tests.id(w.patient), to_jsonb(w.value), 1
from (values ('boreal', 'allergies', 'ana', 'pollen'), ('atlas', 'hobby', 'ana', 'chess'), ('atlas', 'allergies', 'vlad', 'nuts')) as w (clinic, key, patient, value)
join app_public.custom_fields f on f.organization_id = tests.id(w.clinic) and f.system_key = w.key;
select tests.form_template('intake', jsonb_build_array(tests.form_item('a', 'text', '{"custom_field": "allergies"}'), tests.form_item('h', 'text', '{"custom_field": "hobby"}'), tests.form_item('free', 'text')));
select tests.act_as('flavia');
select is((app_public.create_form(tests.id('ana at atlas'), tests.id('intake'))).prefill, '{"h": {"value": "chess", "source": "custom_field", "field": "hobby"}}', 'what another clinic knows is not told here');
select is((app_public.create_form(tests.id('vlad at atlas'), tests.id('intake'))).prefill, '{"a": {"value": "nuts", "source": "custom_field", "field": "allergies"}}', 'nor what is known of somebody else');
select is((select count(*) from app_public.forms where answers <> '{}'), 2::bigint, 'it stands there as an answer that may be changed');
select * from finish();
rollback;
