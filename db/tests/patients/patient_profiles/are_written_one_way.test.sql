-- Test: patient_profiles - numbers, addresses and names are read the same whether somebody creates or edits, and in every
-- table that has them. FND-07, FND-34.
begin;
select plan(25);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('flavia', 'front_desk');
select tests.patient('ana');
select tests.patient('guest', account => false);
select tests.service('massage');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}');

select tests.act_as('flavia');
select lives_ok(format(
  $$update app_public.patient_profiles set phone = %L, email = %L, given_name = %L, family_name = %L where id = tests.id('guest')$$,
  U&'\202a0744 999\00a0888\202c', E' Ana.Pop@München.DE\n', normalize(U&' Ştef\200ban\00a0', nfd), U&'\202eȚăranu  \00a0 Pop\202c'),
  'front desk edits as it creates');
select is(
  (select (phone, email, given_name, family_name)::text from app_public.patient_profiles where id = tests.id('guest')),
  ('+40744999888', 'ana.pop@xn--mnchen-3ya.de', 'Ştefan', 'Țăranu Pop')::text,
  'E.164, punycode in lower case, NFC without what nobody sees');
select lives_ok($$update app_public.patient_profiles set phone = ' ', email = '' where id = tests.id('guest')$$, 'blank ones are taken out');
select is(
  (select (phone, email)::text from app_public.patient_profiles where id = tests.id('guest')), '(,)', 'and are null');

select * from tests.refuses($$update app_public.patient_profiles set phone = '07220001234' where id = tests.id('guest')$$, 'VALIDATION', 'too_long', 'a digit too many');
select * from tests.refuses($$update app_public.patient_profiles set email = 'a..b@people.test' where id = tests.id('guest')$$, 'VALIDATION', 'dot_misplaced', 'two dots');
select * from tests.breaks($$update app_public.patient_profiles set given_name = repeat('a', 101) where id = tests.id('guest')$$, 'patient_profiles_given_name_is_at_most_100_characters_long', 'a name of 101 letters is too long, not blank');
select * from tests.breaks($$update app_public.patient_profiles set given_name = U&'\202e\200b\00a0' where id = tests.id('guest')$$, 'patient_profiles_given_name_is_not_blank', 'a name of signs that nobody sees is blank');

select tests.act_as('ana');
select lives_ok($$update app_public.patient_profiles set phone = '0744 999 888'$$, 'the person edits the same way');
select is((select phone from app_public.patient_profiles), '+40744999888', 'in the country of their clinic');

select tests.act_as('olga');
select lives_ok(format($$update app_public.organizations set contact_phone = '0744 999 888', contact_email = 'Salut@Clinică.ro', name = %L$$, U&'Atlas\00a0\200eNou '), 'the clinic''s own');
select is(
  (select (contact_phone, contact_email, name)::text from app_public.organizations), ('+40744999888', 'salut@xn--clinic-n0a.ro', 'Atlas Nou')::text, 'are read');
select lives_ok($$update app_public.specialists set contact_phone = '(0744) 999-888', family_name = ' Pop '$$, 'a specialist''s');
select is((select contact_phone from app_public.specialist_details(tests.id('stefan'))), '+40744999888', 'are read');
select * from tests.refuses($$update app_public.specialists set contact_email = '.ana@example.com'$$, 'VALIDATION', 'dot_misplaced', 'and refused');
select lives_ok($$update app_public.services set name = U&'\200bMasaj\00a0' where id = tests.id('massage')$$, 'the name of a service');
select is((select name from app_public.services where id = tests.id('massage')), 'Masaj', 'is read');
update app_public.calendars set name = normalize('Luni dimineața', nfd);
select is((select name from app_public.calendars), normalize('Luni dimineața', nfc), 'and so is that of a calendar');
insert into app_public.specialties (organization_id, slug, name) values (tests.id('atlas'), 'recovery', normalize('Recuperare și mișcare', nfd));
select is((select name from app_public.specialties where slug = 'recovery'), normalize('Recuperare și mișcare', nfc), 'and of a specialty');

select tests.act_as('the database');
update app_public.organizations set country = 'IT';
select tests.act_as('ana');
update app_public.patient_profiles set phone = '06 698 12345';
select is((select phone from app_public.patient_profiles), '+390669812345', 'a clinic in Italy keeps the zero');
select * from finish();
rollback;
