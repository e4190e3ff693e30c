-- Test: create_patient - the field that is wrong is named; without the permission nobody is registered. FND-07, FND-29.
begin;
select plan(26);
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
select tests.staff('stefan', 'specialist');
select tests.patient('ana');
create function pg_temp.make(given text default 'Ana', family text default 'Pop', email text default null, phone text default null, birth date default null, locale text default 'ro', clinic text default 'atlas')
returns app_public.patients language sql as $$ select app_public.create_patient(tests.id(clinic), given, family, email, phone, birth, locale) $$;
select tests.act_as('flavia');
select * from tests.breaks($$select pg_temp.make(given => null)$$, 'given_name', 'no given name');
select * from tests.breaks($$select pg_temp.make(given => ' ')$$, 'patient_profiles_given_name_is_not_blank', 'a blank one');
select * from tests.breaks($$select pg_temp.make(family => repeat('x', 101))$$, 'patient_profiles_family_name_is_at_most_100_characters_long', 'a family name of 101 letters');
select * from tests.refuses($$select pg_temp.make(email => 'ana@')$$, 'VALIDATION', 'not_an_address', 'half an address');
select * from tests.refuses($$select pg_temp.make(email => e'ana@people.test\nBcc: all@people.test')$$, 'VALIDATION', 'not_an_address', 'an address with a second line');
select * from tests.refuses($$select pg_temp.make(phone => 'call me')$$, 'VALIDATION', 'not_a_number', 'a phone without digits');
select * from tests.breaks($$select pg_temp.make(birth => '1899-12-31')$$, 'patient_profiles_birth_date_is_plausible', 'a birth date before 1900');
select * from tests.breaks($$select pg_temp.make(birth => '-infinity')$$, 'patient_profiles_birth_date_is_plausible', 'minus infinity');
select * from tests.breaks($$select pg_temp.make(locale => 'de')$$, 'patient_profiles_locale_is_supported', 'a language we do not speak');
select * from tests.refuses($$select pg_temp.make(clinic => 'boreal')$$, 'NOT_FOUND', 'not_found', 'another clinic');
select tests.act_as('stefan');
select * from tests.refuses($$select pg_temp.make()$$, 'FORBIDDEN', 'permission_missing', 'a specialist');
select tests.act_as('ana');
select * from tests.refuses($$select pg_temp.make()$$, 'NOT_FOUND', 'not_found', 'a patient');
select tests.act_as('a visitor');
select * from tests.refuses($$select app_public.create_patient(uuidv7(), 'A', 'B')$$, '42501', null, 'a visitor');
select * from finish();
rollback;
