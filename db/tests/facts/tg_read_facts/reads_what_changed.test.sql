-- Test: tg_read_facts - what did not change is not read again, so that a rule that grew stricter stops nobody. FND-07, FND-34.
begin;
select plan(6);
select tests.clinic('atlas');
select tests.patient('ana', account => false);
-- Written when such a number and such an address were taken.
set local session_replication_role = replica;
update app_public.patient_profiles set phone = '+4072200012', email = 'ana@xn--99999999.de' where id = tests.id('ana');
set local session_replication_role = origin;
select lives_ok($$update app_public.patient_profiles set phone = phone, email = email, given_name = ' Anca '$$, 'a form that sends everything changes the name');
select is((select (given_name, phone, email)::text from app_public.patient_profiles), '(Anca,+4072200012,ana@xn--99999999.de)', 'and leaves the rest');
select throws_ok($$update app_public.patient_profiles set phone = '072200013'$$, 'RX400', 'wrong_length', 'a new number is read');
select throws_ok($$update app_public.patient_profiles set email = 'anca@xn--99999999.de'$$, 'RX400', 'domain_not_accepted', 'and so is a new address');
select throws_ok($$insert into app_public.patient_profiles (given_name, family_name, phone) values ('Ana', 'Pop', '+4072200012')$$, 'RX400', 'wrong_length', 'a new profile is read whole');
select lives_ok($$update app_public.patient_profiles set phone = null, email = null$$, 'what is taken out needs no reading');
select * from finish();
rollback;
