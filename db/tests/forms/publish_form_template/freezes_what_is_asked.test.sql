-- Test: publish_form_template - a publication freezes, an unchanged one makes no version, keys keep their type. FRM-02.
begin;
select plan(35);
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('stefan', 'specialist');
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
insert into app_public.consent_purposes (organization_id, code, scope, legal_basis, is_withdrawable, is_medical, name, name_ro, needed_for, needed_for_ro)
values (tests.id('boreal'), 'treatment_specific_laser', 'organization', 'consent', true, true, 'Laser', 'Laser', 'Laser', 'Laser');
insert into app_public.consent_purpose_versions (organization_id, purpose_code, number, is_required, asks_again, title_ro, body_ro)
values (tests.id('boreal'), 'treatment_specific_laser', 1, false, true, 'Laser', 'Laser');
select tests.remember('version of boreal', id) from app_public.consent_purpose_versions where organization_id = tests.id('boreal');
select tests.remember('telemedicine', id) from app_public.consent_purpose_versions where organization_id is null and purpose_code = 'telemedicine';

select tests.act_as('adrian');
select lives_ok($$insert into app_public.form_templates (organization_id, key, name, content)
  values (tests.id('atlas'), 'consent', 'Consimțământ', tests.form_content(jsonb_build_array(tests.form_item('a', 'text'))))$$, 'an administrator drafts a template');
select tests.act_as('the database');
select tests.remember('consent', id) from app_public.form_templates;
select tests.act_as('stefan');
select * from tests.refuses($$select app_public.publish_form_template(tests.id('consent'))$$, 'FORBIDDEN', 'permission_missing', 'a colleague without the permission');
select tests.act_as('beata');
select * from tests.refuses($$select app_public.publish_form_template(tests.id('consent'))$$, 'NOT_FOUND', 'not_found', 'another clinic');
select tests.act_as('adrian');
select * from tests.refuses($$insert into app_public.form_template_purposes (template_id, purpose_version_id) values (tests.id('consent'), tests.id('version of boreal'))$$,
  'VALIDATION', 'consent_version_unknown', 'a purpose of another clinic');
select * from tests.refuses($$insert into app_public.form_template_purposes (template_id, purpose_version_id) values (tests.id('consent'), gen_random_uuid())$$,
  'VALIDATION', 'consent_version_unknown', 'a version that is not there');
select lives_ok($$insert into app_public.form_template_purposes (template_id, purpose_version_id) values (tests.id('consent'), tests.id('telemedicine'))$$, 'a purpose of the platform');
select * from tests.refuses($$select app_public.publish_form_template(tests.id('consent'))$$, 'VALIDATION', 'purposes_are_signed', 'consent without a signature');
update app_public.form_templates set signature_mode = 'click_typed' where id = tests.id('consent');

select is((app_public.publish_form_template(tests.id('consent'))).version, 1, 'the first version');
select is((app_public.publish_form_template(tests.id('consent'))).version, 1, 'unchanged, it makes no other');
select results_eq('select purpose_version_id from app_public.form_template_version_purposes', $$values (tests.id('telemedicine'))$$, 'it says what it asks consent for');
update app_public.form_templates set content = tests.form_content(jsonb_build_array(tests.form_item('a', 'text'), tests.form_item('b', 'integer'))) where id = tests.id('consent');
select is((select published from app_public.form_templates), true, 'a draft changes nothing of what is published');
select is((app_public.publish_form_template(tests.id('consent'))).version, 2, 'another content is another version');
delete from app_public.form_template_purposes where template_id = tests.id('consent');
select is((app_public.publish_form_template(tests.id('consent'))).version, 3, 'and so are other purposes');
update app_public.form_templates set validity_months = 12 where id = tests.id('consent');
select is((app_public.publish_form_template(tests.id('consent'))).version, 4, 'and another time for which it counts');

update app_public.form_templates set content = tests.form_content(jsonb_build_array(tests.form_item('a', 'text'))) where id = tests.id('consent');
select is((app_public.publish_form_template(tests.id('consent'))).version, 5, 'a field may go');
update app_public.form_templates set content = tests.form_content(jsonb_build_array(tests.form_item('b', 'text'))) where id = tests.id('consent');
select * from tests.refuses($$select app_public.publish_form_template(tests.id('consent'))$$, 'CONFLICT', 'field_type_changed', 'but does not come back as another type');
select * from tests.refuses($$update app_public.form_templates set content = '{"format": 2}' where id = tests.id('consent')$$, 'VALIDATION', 'content_not_valid', 'a draft is sound');
update app_public.form_templates set content = tests.form_content(jsonb_build_array(tests.form_item('c', 'text', '{"custom_field": "allergies"}'))) where id = tests.id('consent');
select * from tests.refuses($$select app_public.publish_form_template(tests.id('consent'))$$, 'CONFLICT', 'custom_field_unknown', 'a field of the clinic that is not there');
select is((select array_agg(number order by number) from app_public.form_template_versions), '{1,2,3,4,5}', 'the versions are counted without a gap');
select is(app_public.form_template_draft(tests.id('consent')) #>> '{items,0,key}', 'c', 'staff read the draft');
select throws_ok('select content from app_public.form_templates', '42501', null, 'by this way alone');
select tests.act_as('beata');
select * from tests.refuses($$select app_public.form_template_draft(tests.id('consent'))$$, 'NOT_FOUND', 'not_found', 'another clinic does not');
select is_empty('select id from app_public.form_template_versions', 'nor what was published');
select tests.act_as('the database');
select throws_ok($$update app_public.form_templates set key = 'other'$$, 'RX423', 'key_stays', 'the key stays');
select is((select content_hash from app_public.form_template_versions where number = 1),
  (select sha256(convert_to(content::text, 'UTF8')) from app_public.form_template_versions where number = 1), 'the digest is of the content');
select results_eq(
  $$select field_types from app_public.form_template_versions where number = 2$$, $$values ('{"a": "text", "b": "integer"}'::jsonb)$$, 'and the types of its keys are known');
select * from finish();
rollback;
