-- Test: rule_builder, preview_rule, explain_rule - what the caller may not read is not offered, and refused. SEG-04, SEG-05.
begin;
select plan(21);
select tests.clinic('boreal');
select tests.service('massage at boreal');
select tests.clinic('atlas');
select tests.service('massage');
select tests.form_template('intake', jsonb_build_array(tests.form_item('pain', 'scale', '{"min": 0, "max": 10}')));
insert into app_public.custom_fields (organization_id, entity_type, system_key, definition, version, published)
values (tests.id('atlas'), 'patient', 'town', '{"type": "text", "label": {"ro": "Oraș", "en": "Town"}}', 1, true);
insert into app_public.custom_field_versions (organization_id, custom_field_id, number, definition)
select organization_id, id, 1, definition from app_public.custom_fields;
select tests.patient('ana');
select tests.patient('bogdan');
select tests.staff('adrian', 'admin');
select tests.staff('bianca', 'front_desk');
delete from app_public.role_permissions
where organization_id = tests.id('atlas') and permission in ('appointments.view', 'forms.view')
  and role_id in (select id from app_public.roles where organization_id = tests.id('atlas') and key = 'front_desk');
create function pg_temp.sources(event text default null) returns text language sql as $$
  select string_agg(distinct split_part(code, '.', 1), ' ' order by split_part(code, '.', 1)) from unnest((app_public.rule_builder(tests.id('atlas'), event)).fields) $$;
create function pg_temp.count_of(rule text) returns int language sql as $$
  select patient_count from app_public.preview_rule(tests.id('atlas'), rule::jsonb) $$;
create temporary table everyone as
select count(*)::int as patients from app_public.patients where organization_id = tests.id('atlas') and deleted_at is null;
grant select on everyone to app_member;

select tests.act_as('adrian');
select is(pg_temp.sources(), 'answered appointment consent custom form patient plan profile subscription treatment', 'an administrator composes of everything');
select is(pg_temp.sources('appointment.booked'), 'answered appointment consent custom event form patient plan profile subscription treatment', 'a condition of what the event says as well');
select is((select bool_and(length(label_ro) > 0 and label = label_ro and label_en is not null) from unnest((app_public.rule_builder(tests.id('atlas'))).fields)), true, 'every field has its labels, the caller''s first');
select is((select array_agg(distinct field.type order by field.type) <@ array_agg(distinct operator.type order by operator.type)
  from app_public.rule_builder(tests.id('atlas')) as contract cross join lateral unnest(contract.fields) as field cross join lateral unnest(contract.operators) as operator), true, 'every type has operators');
select is((select count(*) from unnest((app_public.rule_builder(tests.id('atlas'))).fields) as field cross join lateral unnest(field.choices) as choice where field.code = 'appointment.service' and choice.value = tests.id('massage at boreal')::text), 0::bigint, 'no row of another clinic is a choice');
select is(pg_temp.count_of('{"all": []}'), (select patients from everyone), 'a preview counts everyone');
select is((select cardinality(patients) from app_public.preview_rule(tests.id('atlas'), '{"all": []}', 1)), 1, 'and names as many as were asked for');
select is(app_public.explain_rule(tests.id('atlas'), (select id from app_public.patients where organization_id = tests.id('atlas') and patient_profile_id = tests.id('ana')), '{"not": {"any": []}}') -> 'holds', 'true', 'an explanation');
select * from tests.refuses($$select app_public.explain_rule(tests.id('atlas'), tests.id('massage'), '{"all": []}')$$, 'NOT_FOUND', 'not_found', 'of nobody');
select * from tests.refuses($$select app_public.preview_rule(tests.id('atlas'), '{"field": "x"}')$$, 'VALIDATION', 'rule_not_valid', 'a rule that is not right');
select * from tests.refuses($$select app_public.rule_builder(tests.id('atlas'), 'toy.broken')$$, 'VALIDATION', 'event_name_unknown', 'an event that is not there');
select * from tests.refuses($$select app_public.rule_builder(tests.id('boreal'))$$, 'NOT_FOUND', 'not_found', 'another clinic');
select tests.act_as('bianca');
select is(pg_temp.sources(), 'consent custom patient plan profile subscription', 'who may not read forms and appointments is not offered them');
select * from tests.refuses($$select app_public.preview_rule(tests.id('atlas'), '{"count": {"of": "appointments"}, "operator": "is", "value": 0}')$$, 'VALIDATION', 'rule_not_valid', 'nor counts them');
select tests.act_as('ana');
select * from tests.refuses($$select app_public.preview_rule(tests.id('atlas'), '{"all": []}')$$, 'NOT_FOUND', 'not_found', 'a patient');

reset role;
select * from finish();
rollback;
