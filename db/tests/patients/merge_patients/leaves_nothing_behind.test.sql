-- Test: merge_patients - whatever points to a patient goes to the one who is kept, or it is decided here why not. FND-34.
-- A new table that refers to patients or patient_profiles fails the first test until it is decided; one that moves fails
-- the second until merge_patients moves it and undo_patient_merge brings it back.
begin;
select plan(9);
create temporary table decided (column_name text primary key, decision text not null, reason text not null);
insert into decided values
  ('app_public.appointments.patient_profile_id', 'moves', 'What happens at the clinic is the chart.'),
  ('app_public.messages.patient_profile_id', 'moves', 'What the person was told is theirs.'),
  ('app_public.caregivers.patient_profile_id', 'moves', 'Who acts for the person goes on, while the clinic alone may say so.'),
  ('app_private.caregiver_evidence.patient_profile_id', 'moves', 'Goes with the link that it is shown for.'),
  ('app_public.invitations.patient_profile_id', 'stays', 'An invitation is for one profile: the merge takes back an open one.'),
  ('app_public.notification_preferences.patient_profile_id', 'moves', 'How the person wants to be told, where they did not say otherwise.'),
  ('app_public.quiet_hours.patient_profile_id', 'moves', 'When the person wants quiet, where they did not say otherwise.'),
  ('app_private.patient_search.patient_id', 'stays', 'What is found of a patient, written anew with the patient.'),
  ('app_private.patient_search.patient_profile_id', 'stays', 'What is found of a patient, written anew with the patient.'),
  ('app_public.patients.patient_profile_id', 'ends', 'The record of the duplicate itself: deleted by the merge.'),
  ('app_public.patient_merges.patient_profile_id', 'stays', 'A ledger: it names whom it named.'),
  ('app_public.patient_merges.merged_profile_id', 'stays', 'A ledger: it names whom it named.'),
  ('app_public.appointment_transfers.patient_profile_id', 'stays', 'A ledger: it names whom it named.'),
  ('app_public.appointment_transfers.from_profile_id', 'stays', 'A ledger: it names whom it named.');

create function pg_temp.pointing() returns setof text language sql as $$
  -- By a key, whatever the column is called, or by the name, whether or not a key holds it.
  select distinct k.child || '.' || own
  from tests.app_foreign_keys k cross join lateral unnest(k.columns, k.parent_columns) as pair (own, theirs)
  where k.parent in ('app_public.patients', 'app_public.patient_profiles') and own <> 'organization_id'
  union
  select c.name from tests.app_columns c
  where c.attname in ('patient_id', 'patient_profile_id')
$$;
select set_eq('select * from pg_temp.pointing()', 'select column_name from decided', 'everything that points to a patient is decided');
create table app_public.toys (id uuid, profile_id uuid references app_public.patient_profiles);
create table app_public.games (id uuid, patient_id uuid);
select set_eq('select * from pg_temp.pointing() except select column_name from decided',
  '{app_public.toys.profile_id,app_public.games.patient_id}'::text[], 'a new table is found, by its key or by its name');
drop table app_public.toys, app_public.games;
-- Files and what comes after them belong to things, and go where those go.
select is_empty($$select key from app_private.file_surfaces where owner_kind not in ('organization', 'service', 'specialist', 'appointment')$$,
  'no file belongs to a patient directly: such a surface would have to be decided here');

-- A duplicate that has a row of everything.
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}');
select tests.patient('kept', account => false);
select tests.patient('duplicate', account => false);
select tests.patient('bystander', account => false);
select tests.appointment('visit', 'duplicate', 'mondays', 'stefan', now() + interval '3 days');
select tests.appointment('deleted visit', 'duplicate', 'mondays', 'stefan', now() + interval '4 days');
update app_public.appointments set deleted_at = now() where id = tests.id('deleted visit');
select tests.caregiver('corina', 'duplicate');
select tests.caregiver('former', 'duplicate');
update app_public.caregivers set revoked_at = now() where id = tests.id('former for duplicate');
insert into app_public.messages (organization_id, template_key, channel, route, rank, locale, template_version, patient_profile_id,
  recipient_name, recipient_email, address, data, expires_at)
values (tests.id('atlas'), 'appointment_booked', 'email', 'letter', 1, 'ro', 1, tests.id('duplicate'), 'D', 'd@people.test', 'd@people.test', '{}', now() + interval '2 days');
insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled) values (tests.id('duplicate'), 'appointments', 'sms', false);
insert into app_public.quiet_hours (patient_profile_id, quiet_from, quiet_until, timezone) values (tests.id('duplicate'), '20:00', '10:00', 'Europe/Bucharest'),
  (tests.id('bystander'), '20:00', '10:00', 'Europe/Bucharest');

create function pg_temp.of(name text) returns table (column_name text, rows bigint) language plpgsql as $$
declare v text; n bigint; begin
  for v in select d.column_name from decided d where d.decision = 'moves' loop
    execute format('select count(*) from %s where %I = %L', regexp_replace(v, '\.\w+$', ''), substring(v from '\w+$'), tests.id(of.name)) into n;
    column_name := v; rows := n; return next;
  end loop;
end $$;
create temporary table before as select * from pg_temp.of('duplicate');
select is_empty('select column_name from before where rows = 0', 'the duplicate has a row of everything that moves');
select tests.act_as('adrian');
select tests.remember('merge', (app_public.merge_patients(tests.id('kept at atlas'), tests.id('duplicate at atlas'), 'The same person')).id);
select tests.act_as('the database');
select is_empty($$select column_name from pg_temp.of('duplicate') where rows > 0$$, 'the merge leaves none of it');
select set_eq($$select * from pg_temp.of('kept')$$, 'select * from before', '… and the one who is kept has it');
select isnt((select deleted_at from app_public.patients where patient_profile_id = tests.id('duplicate')), null, 'the duplicate is no patient any more');
select tests.act_as('adrian');
select app_public.undo_patient_merge(tests.id('merge'), 'Two people after all');
select tests.act_as('the database');
select set_eq($$select * from pg_temp.of('duplicate')$$, 'select * from before', 'the undo brings all of it back');
select is_empty($$select column_name from pg_temp.of('kept') where rows > 0$$, '… and leaves none');
select * from finish();
rollback;
