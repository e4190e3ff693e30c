-- Test: note_complete_profile, patients_missing_fields - patient.profile_completed is told once, when the clinic has what it asks for. FND-32, FND-14.
begin;
select plan(25);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk'), tests.staff('adrian', 'admin');
create function pg_temp.told(clinic text default 'atlas') returns bigint language sql security definer as $$
  select count(*) from app_private.events where name = 'patient.profile_completed' and organization_id = tests.id(clinic);
$$;
create function pg_temp.missing() returns text[] language sql as $$
  select app_public.patients_missing_fields(patients) from app_public.patients;
$$;

select tests.act_as('flavia');
select is((select array_agg(required_profile_fields) from app_public.organizations where id = tests.id('atlas')), array[array['birth_date', 'phone']], 'a clinic asks for birthday and telephone, until it says otherwise');
select tests.remember('ana', (app_public.create_patient(tests.id('atlas'), 'Ana', 'Popescu')).patient_profile_id);
select is(pg_temp.missing(), '{birth_date,phone}', 'both are missing');
select is((select profile_completed_at from app_public.patients), null, 'and the profile is not complete');
update app_public.patient_profiles set phone = '0722 000 333' where id = tests.id('ana');
select is(pg_temp.missing(), '{birth_date}', 'one is left');
select is(pg_temp.told(), 0::bigint, 'nothing is told yet');
update app_public.patient_profiles set birth_date = '1980-05-17' where id = tests.id('ana');
select is(pg_temp.missing(), '{}', 'none');
select is((select profile_completed_at from app_public.patients), '2027-03-01 08:00+02', 'the row says when');
select is(pg_temp.told(), 1::bigint, 'and it is told');
update app_public.patient_profiles set phone = null where id = tests.id('ana');
select is(pg_temp.missing(), '{phone}', 'a number that goes is missing');
update app_public.patient_profiles set phone = '0722 000 444' where id = tests.id('ana');
select is(pg_temp.told(), 1::bigint, 'and is told no second time when it comes back');

-- What the clinic asks for, and what it may not.
select tests.act_as('adrian');
select * from tests.breaks($$update app_public.organizations set required_profile_fields = '{shoe_size}' where id = tests.id('atlas')$$, 'organizations_required_profile_fields_are_known', 'a column that nobody knows');
select * from tests.breaks($$update app_public.organizations set required_profile_fields = array[null::text] where id = tests.id('atlas')$$, 'organizations_required_profile_fields_are_known', 'nor nothing');
update app_public.organizations set required_profile_fields = '{email}' where id = tests.id('atlas');
select is(pg_temp.missing(), '{email}', 'the clinic asks for something else now');
select is((select profile_completed_at from app_public.patients), '2027-03-01 08:00+02', 'what was complete stays so');

-- A field of its own. What is not asked for, not published, or of something else, is not waited for.
select tests.act_as('the database');
insert into app_public.custom_fields (organization_id, entity_type, system_key, definition, version, published, is_required) values
  (tests.id('atlas'), 'patient', 'insurer', '{"type": "text", "label": {"ro": "Casa de asigurări"}}', 1, true, true),
  (tests.id('atlas'), 'patient', 'hobby', '{"type": "text", "label": {"ro": "Pasiuni"}}', 1, true, false),
  (tests.id('atlas'), 'patient', 'draft_field', '{"type": "text", "label": {"ro": "Ciornă"}}', 0, false, true),
  (tests.id('atlas'), 'service', 'room', '{"type": "text", "label": {"ro": "Sala"}}', 1, true, true);
insert into app_public.custom_field_versions (organization_id, custom_field_id, number, definition)
select organization_id, id, 1, definition from app_public.custom_fields where published and organization_id = tests.id('atlas');
select tests.act_as('flavia');
select tests.remember('bea''s record', (app_public.create_patient(tests.id('atlas'), 'Bea', 'Ilie', email => 'bea@people.test')).id);
select is((select app_public.patients_missing_fields(patients) from app_public.patients where id = tests.id('bea''s record')), '{insurer}', 'the clinic''s own field is missing');
select is(pg_temp.told(), 1::bigint, 'so nothing is told of her');
select tests.act_as('the database');
update app_public.patient_profiles set human_id = tests.person('bea'), birth_date = '1980-05-17' where id = (select patient_profile_id from app_public.patients where id = tests.id('bea''s record'));
select tests.act_as('bea');
select is((select app_public.patients_missing_fields(patients) from app_public.patients), '{insurer}', 'she reads it, too, who sees no list of fields');
select tests.act_as('flavia');
select isnt(app_public.set_custom_field_value((select id from app_public.custom_fields where system_key = 'insurer'), (select id from app_public.patients where id = tests.id('bea''s record')), '"CAS Cluj"'), null, 'front desk fills it in');
select is(pg_temp.told(), 2::bigint, 'until the value is there');

select tests.act_as('the database');
-- Each clinic for itself: the same fact may complete one and not the other.
insert into app_public.patients (organization_id, patient_profile_id) values (tests.id('boreal'), tests.id('ana'));
update app_public.patient_profiles set phone = null where id = tests.id('ana');
update app_public.patient_profiles set phone = '+40722000111' where id = tests.id('ana');
select is(pg_temp.told('boreal'), 1::bigint, 'the other clinic is told of her as well');
select is(pg_temp.told(), 2::bigint, 'and this one not again');

-- Who is removed is told of by nothing.
select tests.act_as('beata');
select tests.remember('cara', (app_public.create_patient(tests.id('boreal'), 'Cara', 'Dinu', phone => '0722 000 555')).id);
select isnt(app_public.remove_patient(tests.id('cara')), null, 'a patient who is removed');
select tests.act_as('the database');
update app_public.patient_profiles set birth_date = '1999-01-01' where given_name = 'Cara';
select is(pg_temp.told('boreal'), 1::bigint, 'is not told of');
select * from finish();
rollback;
