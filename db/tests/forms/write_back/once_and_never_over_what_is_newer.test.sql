-- Test: write_back - prefill with its source, and what a completion writes back: once, by whoever may, never over what is newer. FRM-05, FRM-01.
begin;
select plan(27);
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana');
select tests.patient('bogdan', account => false);
insert into app_public.custom_fields (organization_id, entity_type, system_key, definition, version, published)
values (tests.id('atlas'), 'patient', 'allergies', '{"type": "text", "label": {"ro": "Alergii"}, "max_length": 10}', 1, true);
insert into app_public.custom_field_versions (organization_id, custom_field_id, number, definition)
select organization_id, id, 1, definition from app_public.custom_fields;
select tests.form_template('intake', jsonb_build_array(
  tests.form_item('name', 'text', '{"profile_field": "given_name"}'),
  tests.form_item('mail', 'email', '{"profile_field": "email"}'),
  tests.form_item('call', 'phone', '{"profile_field": "phone"}'),
  tests.form_item('born', 'date', '{"profile_field": "birth_date"}'),
  tests.form_item('allergies', 'text', '{"custom_field": "allergies"}')));

select tests.act_as('flavia');
select is((app_public.create_form(tests.id('ana at atlas'), tests.id('intake'))).prefill,
  jsonb_build_object(
    'name', '{"value": "Ana", "source": "profile", "field": "given_name"}'::jsonb,
    'mail', '{"value": "ana@people.test", "source": "profile", "field": "email"}'::jsonb,
    'call', '{"value": "+40722000111", "source": "profile", "field": "phone"}'::jsonb,
    'born', '{"value": "1980-05-17", "source": "profile", "field": "birth_date"}'::jsonb),
  'what is known is filled in, with where it came from');
select is((select answers from app_public.forms),
  '{"name": "Ana", "mail": "ana@people.test", "call": "+40722000111", "born": "1980-05-17"}', 'as answers that the person may change');
select tests.act_as('the database');
select tests.remember('first', id) from app_public.forms;

-- Somebody changes the name meanwhile; the person corrects name, number, birthday and address.
update app_public.patient_profiles set given_name = 'Anca' where id = tests.id('ana');
select tests.act_as('ana');
select lives_ok($$select app_public.complete_form(tests.id('first'), '{"name": "Ana-Maria", "mail": "other@people.test", "call": "0722 000 222", "born": "1980-05-18", "allergies": "pollen"}')$$,
  'the patient completes it');
select tests.act_as('the database');
select is((select given_name from app_public.patient_profiles where id = tests.id('ana')), 'Anca', 'what is newer in the profile stays');
select is((select phone from app_public.patient_profiles where id = tests.id('ana')), '+40722000222', 'a number is written as numbers are');
select is((select birth_date from app_public.patient_profiles where id = tests.id('ana')), '1980-05-18', 'and the birthday');
select is((select email from app_public.patient_profiles where id = tests.id('ana')), 'ana@people.test', 'an address that nobody proved is not');
select results_eq($$select key, outcome, value_before, value_at_creation, value from app_public.form_write_backs order by key$$,
  $$values ('allergies', 'written', null::jsonb, null::jsonb, '"pollen"'::jsonb),
           ('born', 'written', '"1980-05-17"', '"1980-05-17"', '"1980-05-18"'),
           ('call', 'written', '"+40722000111"', '"+40722000111"', '"+40722000222"'),
           ('mail', 'not_permitted', '"ana@people.test"', '"ana@people.test"', '"other@people.test"'),
           ('name', 'newer_value', '"Anca"', '"Ana"', '"Ana-Maria"')$$, 'each is on record, conflicts with what stood where');
select results_eq($$select value, version, source_form_id from app_public.custom_field_values$$, $$values ('"pollen"'::jsonb, 1, tests.id('first'))$$,
  'a field of the clinic says which form it comes from');

select tests.act_as('ana');
select lives_ok($$select app_public.reopen_form(tests.id('first'), 'Another number')$$, 'opened again');
select lives_ok($$select app_public.complete_form(tests.id('first'), '{"call": "0722 000 333", "allergies": "far too long for it"}')$$, 'and completed again');
select tests.act_as('the database');
select is((select phone from app_public.patient_profiles where id = tests.id('ana')), '+40722000222', 'what was written once is not written again');

select tests.act_as('flavia');
select is((app_public.create_form(tests.id('ana at atlas'), tests.id('intake'))).answers ->> 'allergies', 'pollen', 'a field of the clinic is filled in as well');
select tests.act_as('the database');
select tests.remember('second', id) from app_public.forms where id <> tests.id('first');
select tests.act_as('flavia');
select is((app_public.complete_form(tests.id('second'), '{"name": "Anna", "allergies": "far too long for it"}')).status, 'completed', 'front desk completes it for a person with an account');
select results_eq($$select key, outcome from app_public.form_write_backs where form_id = tests.id('second') order by key$$,
  $$values ('allergies', 'not_taken'), ('name', 'not_permitted')$$, 'who keeps the profile alone; and what a field does not take is kept as a conflict');
select is((select given_name from app_public.patient_profiles where id = tests.id('ana')), 'Anca', 'the profile is as it was');
select * from tests.refuses($$select app_public.resolve_write_back((select id from app_public.form_write_backs where form_id = tests.id('second') and key = 'name'), true)$$,
  'FORBIDDEN', 'profile_is_the_persons', 'nor do staff decide it for them');
select is((app_public.resolve_write_back((select id from app_public.form_write_backs where form_id = tests.id('second') and key = 'name'), false)).resolution, 'kept', 'they keep what stands');
select * from tests.refuses($$select app_public.resolve_write_back((select id from app_public.form_write_backs where form_id = tests.id('second') and key = 'name'), false)$$,
  'STATE', 'write_back_is_decided', 'once');
select tests.act_as('the database');
select tests.remember('conflict', id) from app_public.form_write_backs where form_id = tests.id('first') and key = 'name';
select tests.act_as('ana');
select * from tests.refuses($$select app_public.resolve_write_back(tests.id('conflict'), false)$$,
  'NOT_FOUND', 'not_found', 'a patient sees no conflict and decides none');

select tests.act_as('flavia');
select lives_ok($$select app_public.create_form(tests.id('bogdan at atlas'), tests.id('intake'))$$, 'somebody without an account');
select tests.act_as('the database');
select tests.remember('third', id) from app_public.forms where patient_profile_id = tests.id('bogdan');
select tests.act_as('flavia');
select lives_ok($$select app_public.complete_form(tests.id('third'), '{"name": "Bogdan-Ion"}')$$, 'is kept by the clinic');
select is((select given_name from app_public.patient_profiles where id = tests.id('bogdan')), 'Bogdan-Ion', 'which writes the profile');
select tests.act_as('the database');
select results_eq($$select given_name from app_public.patient_profiles where id = tests.id('ana')$$, $$values ('Anca')$$, 'of that person alone');
select * from finish();
rollback;
