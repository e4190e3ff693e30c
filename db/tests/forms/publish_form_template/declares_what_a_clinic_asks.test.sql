-- Test: publish_form_template - a template is published only if its signature consents to what is given to its clinic. CNS-01, FRM-02.
begin;
select plan(4);
select tests.clinic('atlas'), tests.staff('adrian', 'admin');
select tests.form_template(key, jsonb_build_array(tests.form_item('pain', 'text')), signature_mode => 'click_typed') from unnest('{terms,platform}'::text[]) as key;
insert into app_public.form_template_purposes (organization_id, template_id, purpose_version_id)
values (tests.id('atlas'), tests.id('terms'), tests.version_id('org_terms', 'atlas')), (tests.id('atlas'), tests.id('platform'), tests.version_id('platform_terms'));
select tests.act_as('adrian');
select is((app_public.publish_form_template(tests.id('terms'))).version, 2, 'the terms of the clinic are consented to by a form');
select * from tests.refuses($$select app_public.publish_form_template(tests.id('platform'))$$, 'VALIDATION', 'consent_version_unknown', 'those of the platform are not');
select tests.act_as('the database');
select is((select array_agg(n.name) from app_public.form_template_version_purposes v join app_public.form_template_versions t on t.id = v.version_id join tests.names n on n.id = t.template_id where n.name in ('terms', 'platform')), '{terms}'::text[], 'so no version declares them');
select * from finish();
rollback;
