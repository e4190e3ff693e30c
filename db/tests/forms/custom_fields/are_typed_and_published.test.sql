-- Test: custom_fields - versions are append-only, the key stays, and every value is of the type of its field, whoever writes it. FRM-01.
begin;
select plan(36);
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana');
select tests.specialist('stefan', account => true);
select tests.service('massage');
select tests.clinic('boreal');
select tests.patient('dan');

select tests.act_as('adrian');
select lives_ok($$insert into app_public.custom_fields (organization_id, entity_type, system_key, definition) values
  (tests.id('atlas'), 'patient', 'sessions_before', '{"type": "integer", "label": {"ro": "Ședințe"}, "min": 0}'),
  (tests.id('atlas'), 'service', 'room', '{"type": "choice", "label": {"ro": "Sala"}, "options": [{"value": "1", "label": {"ro": "1"}}]}')$$, 'an administrator defines fields');
select * from tests.refuses($$insert into app_public.custom_fields (organization_id, entity_type, system_key, definition) values (tests.id('atlas'), 'patient', 'x', '{"type": "file", "label": {"ro": "F"}}')$$,
  'VALIDATION', 'definition_not_valid', 'a file is no value');
select * from tests.refuses($$insert into app_public.custom_fields (organization_id, entity_type, system_key, definition) values (tests.id('atlas'), 'patient', 'x', '{"type": "text"}')$$,
  'VALIDATION', 'definition_not_valid', 'a field has a label');
select tests.act_as('the database');
select tests.remember(system_key, id) from app_public.custom_fields;
select tests.act_as('flavia');
select * from tests.refuses($$select app_public.publish_custom_field(tests.id('room'))$$, 'FORBIDDEN', 'permission_missing', 'a colleague without the permission');
select * from tests.refuses($$select app_public.set_custom_field_value(tests.id('sessions_before'), tests.id('ana at atlas'), '3')$$, 'CONFLICT', 'field_not_published', 'what is not published');
select tests.act_as('adrian');
select throws_ok($$update app_public.custom_fields set published = true$$, '23514', null, 'a publication is more than a mark');
select is((app_public.publish_custom_field(tests.id('sessions_before'))).version, 1, 'published');
select is((app_public.publish_custom_field(tests.id('sessions_before'))).version, 1, 'unchanged, it makes no version');
select is((app_public.publish_custom_field(tests.id('room'))).version, 1, 'and the other one');
select * from tests.refuses($$update app_public.custom_fields set definition = '{"type": "text", "label": {"ro": "Ședințe"}}' where id = tests.id('sessions_before')$$,
  'CONFLICT', 'field_type_changed', 'its type stays');
update app_public.custom_fields set definition = '{"type": "integer", "label": {"ro": "Ședințe"}, "min": 1}' where id = tests.id('sessions_before');

select tests.act_as('flavia');
select is((app_public.set_custom_field_value(tests.id('sessions_before'), tests.id('ana at atlas'), '0')).value, '0', 'a draft changes nothing: 0 is taken');
select * from tests.refuses($$select app_public.set_custom_field_value(tests.id('sessions_before'), tests.id('ana at atlas'), '"3"')$$, 'VALIDATION', 'value_not_valid', 'a text is no number');
select * from tests.refuses($$select app_public.set_custom_field_value(tests.id('sessions_before'), tests.id('dan at boreal'), '3')$$, 'NOT_FOUND', 'not_found', 'a patient of another clinic');
select * from tests.refuses($$select app_public.set_custom_field_value(tests.id('room'), tests.id('massage'), '"1"')$$, 'FORBIDDEN', 'permission_missing', 'what services.manage notes');
select tests.act_as('adrian');
select is((app_public.set_custom_field_value(tests.id('room'), tests.id('massage'), '"1"')).service_id, tests.id('massage'), 'a value of a service');
select * from tests.refuses($$select app_public.set_custom_field_value(tests.id('room'), tests.id('massage'), '"2"')$$, 'VALIDATION', 'value_not_valid', 'an option that is not offered');
select is((app_public.publish_custom_field(tests.id('sessions_before'))).version, 2, 'another definition is another version');
select * from tests.refuses($$select app_public.set_custom_field_value(tests.id('sessions_before'), tests.id('ana at atlas'), '0')$$, 'VALIDATION', 'value_not_valid', 'and holds from then on');
select is((app_public.set_custom_field_value(tests.id('sessions_before'), tests.id('ana at atlas'), '4')).version, 2, 'a value says by which version it was checked');

select tests.act_as('ana');
select is_empty('select from app_public.custom_field_values', 'what the clinic notes is for its staff');
select tests.act_as('stefan');
select is((select count(*) from app_public.custom_field_values), 2::bigint, 'who see it');
select tests.act_as('the database');
select throws_ok($$update app_public.custom_field_values set value = '"x"' where service_id is not null$$, 'RX400', 'value_not_valid', 'also the database itself is held to it');
select throws_ok($$update app_public.custom_fields set system_key = 'other'$$, 'RX423', 'key_stays', 'the key stays');
select throws_ok($$update app_public.custom_fields set entity_type = 'patient' where entity_type = 'service'$$, 'RX423', 'key_stays', 'and what it is about');
select tests.act_as('flavia');
select is((app_public.set_custom_field_value(tests.id('sessions_before'), tests.id('ana at atlas'))).value, '4', 'null takes a value away');
select is((select count(*) from app_public.custom_field_values), 1::bigint, 'and it is gone');
select * from finish();
rollback;
