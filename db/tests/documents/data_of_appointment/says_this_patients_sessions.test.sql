-- Test: data_of_appointment - a document says its own appointment, its specialist, and the sessions that this patient has had there until then; nobody else's. DOC-03.
begin;
select plan(10);
select tests.freeze_time('2027-03-08 10:00+02');
select tests.clinic('boreal'), tests.specialist('bruno'), tests.patient('ana', email => 'ana@people.test'), tests.calendar('theirs', '{bruno}');
select tests.clinic('atlas'), tests.specialist('stefan', account => true), tests.specialist('mihai', account => true), tests.patient('ana'), tests.patient('bogdan');
select tests.calendar('kneading', '{stefan,mihai}'), tests.calendar('visits', '{stefan,mihai}');
update app_public.services set translations = '{"en": {"name": "Visit"}}' where id = tests.id('service of visits');
update app_public.specialists set title = 'Dr.', given_name = 'Ștefan', family_name = 'Albu', registration_number = 'FT-1' where id = tests.id('stefan');
update app_public.specialists set title = null, given_name = 'Mihai', family_name = 'Pop' where id = tests.id('mihai');
select tests.appointment('at boreal', 'ana', 'theirs', 'bruno', '2027-02-01 09:00+02');
select tests.appointment('of bogdan', 'bogdan', 'visits', 'stefan', '2027-02-02 09:00+02'), tests.appointment('first', 'ana', 'kneading', 'mihai', '2027-02-03 09:00+02'),
  tests.appointment('missed', 'ana', 'visits', 'stefan', '2027-02-04 09:00+02'), tests.appointment('removed', 'ana', 'visits', 'stefan', '2027-02-05 09:00+02'),
  tests.appointment('visit', 'ana', 'visits', 'stefan', '2027-03-01 09:00+02'), tests.appointment('later', 'ana', 'visits', 'stefan', '2027-03-02 09:00+02');
set local session_replication_role = replica;
update app_public.appointments set status = case id when tests.id('missed') then 'noshow' else 'done' end, deleted_at = case id when tests.id('removed') then app_hidden.now() end;
set local session_replication_role = origin;
create function pg_temp.says(appointment text, specialist text, locale text default 'ro') returns jsonb language sql as $$
  select app_private.data_of_appointment(tests.id('atlas'), tests.id(appointment), tests.id(specialist), jsonb_build_object('locale', locale, 'title', 'Raport', 'number', '2027/1'), '{"plan": "Mers"}') $$;
create function pg_temp.sessions(said jsonb) returns text language sql as $$
  select string_agg(concat_ws(' ', left(s.value ->> 'starts_at', 10), s.value ->> 'service', s.value ->> 'specialist'), ', ' order by place) from jsonb_array_elements(said -> 'sessions') with ordinality as s (value, place) $$;

select is((pg_temp.says('visit', 'stefan') -> 'appointment') - 'starts_at' - 'ends_at', '{"price": {"amount": 20000, "currency": "RON"}, "service": "service of visits"}', 'its service and price');
select is((pg_temp.says('visit', 'stefan') #>> '{appointment,starts_at}')::timestamptz, '2027-03-01 09:00+02', 'and when it was');
select is(pg_temp.says('visit', 'stefan') -> 'specialist', '{"name": "Dr. Ștefan Albu", "title": "Dr.", "registration_number": "FT-1"}', 'the specialist whose document it is');
select is(pg_temp.says('visit', 'mihai') #>> '{specialist,name}', 'Mihai Pop', 'also where another one writes it');
select is(pg_temp.says('visit', 'stefan') #>> '{patient,given_name}', 'Ana', 'the patient');
select is(pg_temp.says('visit', 'stefan') #>> '{clinic,name}', 'Atlas', 'the clinic');
select is(pg_temp.says('visit', 'stefan') -> 'input', '{"plan": "Mers"}', 'and what was written');
select is(pg_temp.sessions(pg_temp.says('visit', 'stefan')), '2027-02-03 service of kneading Mihai Pop, 2027-03-01 service of visits Dr. Ștefan Albu',
  'sessions are those of this patient at this clinic that took place until then and stand, this one as well, each with what it was and by whom');
select is(pg_temp.sessions(pg_temp.says('later', 'stefan', 'en')), '2027-02-03 service of kneading Mihai Pop, 2027-03-01 Visit Dr. Ștefan Albu, 2027-03-02 Visit Dr. Ștefan Albu', 'in the language of the document');
select is((select app_private.data_of_appointment(tests.id('boreal'), tests.id('visit'), tests.id('stefan'), '{"locale": "ro"}', '{}')), null, 'of another clinic''s appointment there is nothing to say');
select * from finish();
rollback;
