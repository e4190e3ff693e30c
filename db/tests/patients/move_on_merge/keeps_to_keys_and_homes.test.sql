-- Test: move_on_merge, take_back_moves - rows that have no place with the one who is kept stay, whatever the key is like;
-- what belongs to a row goes with it; where a person is at home, only what is the clinic's own. FND-34.
begin;
select plan(17);
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}');
select tests.patient(p, account => false) from unnest('{kept,duplicate,bystander}'::text[]) p;
select tests.appointment('visit', 'duplicate', 'mondays', 'stefan', now() + interval '3 days');
select tests.admitted(tests.id('boreal'), tests.id('bystander'));

-- A key without the patient, one that takes nulls apart, one that does not, one of a part of the rows, one of an expression
-- and one of a generated column.
create table app_public.toys (
  organization_id uuid not null, id int not null, profile_id uuid references app_public.patient_profiles,
  code text unique, topic text, hue text, kind text, is_active boolean, name text, holder text, tag text, gone text,
  label text generated always as (coalesce(profile_id::text, holder) || ':' || kind) stored,
  primary key (organization_id, id),
  unique (profile_id, topic), unique nulls not distinct (profile_id, hue), unique (label));
alter table app_public.toys drop column gone;
create unique index on app_public.toys ((profile_id::text || tag));
create unique index on app_public.toys (profile_id) where is_active;
create unique index on app_public.toys (profile_id, lower(name));
select app_private.classify('app_public.toys', 'clinic', 'clinic',
  '{"public": ["organization_id", "id", "profile_id", "code", "topic", "hue", "kind", "is_active", "name", "holder", "tag", "label"]}');
select app_private.on_merge('app_public.toys', 'profile_id', 'moves');
select app_private.protect('app_public.toys', engine => 'select, update');
insert into app_public.toys (organization_id, id, profile_id, code, topic, hue, kind, is_active, name, tag)
select tests.id('atlas'), t.id, tests.id(t.person), t.code, t.topic, t.hue, t.kind, t.is_active, t.name, t.tag
from (values
  (1, 'kept', 'a', 'ball', null, 'round', true, 'Bob', 'new'), (2, 'duplicate', 'b', 'ball', 'red', null, null, null, null),
  (3, 'duplicate', 'c', null, null, null, null, null, null), (4, 'duplicate', 'd', null, 'blue', 'round', null, null, null),
  (5, 'duplicate', 'e', null, 'green', null, true, null, null), (6, 'duplicate', 'f', null, 'grey', null, null, 'BOB', null),
  (7, 'duplicate', 'g', 'bear', 'pink', 'soft', false, 'Bär', 'old'), (8, 'bystander', 'h', 'bear', 'pink', 'soft', true, 'Bär', 'old'),
  (10, 'duplicate', 'j', null, 'white', null, null, null, 'new'), (11, 'kept', 'k', null, 'brown', null, null, null, null),
  (12, 'duplicate', 'l', null, 'gold', null, null, null, null))
  as t (id, person, code, topic, hue, kind, is_active, name, tag);
insert into app_public.toys (organization_id, id, profile_id, code, hue) values (tests.id('boreal'), 9, tests.id('duplicate'), 'i', 'black');

-- What belongs to an appointment, and one that belongs to none.
alter table app_public.appointments add unique (organization_id, id, patient_profile_id);
create table app_public.rides (
  organization_id uuid not null, id int primary key, appointment_id uuid, patient_profile_id uuid not null references app_public.patient_profiles,
  foreign key (organization_id, appointment_id, patient_profile_id)
    references app_public.appointments (organization_id, id, patient_profile_id) on update cascade);
select app_private.classify('app_public.rides', 'clinic', 'clinic', '{"public": ["organization_id", "id", "appointment_id", "patient_profile_id"]}');
select app_private.on_merge('app_public.rides', 'patient_profile_id', 'follows');
select app_private.protect('app_public.rides', engine => 'select, update');
insert into app_public.rides values (tests.id('atlas'), 1, tests.id('visit'), tests.id('duplicate')), (tests.id('atlas'), 2, null, tests.id('duplicate')),
  (tests.id('atlas'), 3, null, tests.id('bystander'));
create table app_public.wishes (id int primary key, profile_id uuid references app_public.patient_profiles,
  wished_by uuid references app_public.patient_profiles);
select app_private.classify('app_public.wishes', 'person', 'account', '{"public": ["id", "profile_id", "wished_by"]}');
select app_private.on_merge('app_public.wishes', 'profile_id', 'moves');
select app_private.on_merge('app_public.wishes', 'wished_by', 'stays', 'Whoever wished it wished it.');
select app_private.protect('app_public.wishes', engine => 'select, update');
insert into app_public.wishes values (1, tests.id('duplicate'), tests.id('duplicate')), (2, tests.id('bystander'), tests.id('duplicate'));
select is_empty($$select object from tests.lint('merge_rules') where object ~ '(toys|rides|wishes)'$$, 'the toys keep to the rules');

create function pg_temp.of(person text) returns jsonb language sql as $$
  select jsonb_build_object(
    'toys', (select array_agg(id order by id) from app_public.toys where profile_id = tests.id(person)),
    'rides', (select array_agg(id order by id) from app_public.rides where patient_profile_id = tests.id(person)),
    'wishes', (select array_agg(id order by id) from app_public.wishes where profile_id = tests.id(person)));
$$;
create function pg_temp.merge(kept text, duplicate text) returns uuid language sql as $$
  select (app_public.merge_patients(tests.id(kept), tests.id(duplicate), 'The same person')).id;
$$;
create temporary table rows_before as select t.* from app_public.toys t;
select tests.act_as('adrian');
select tests.remember('merge', pg_temp.merge('kept at atlas', 'duplicate at atlas'));
select tests.act_as('the database');
select is(pg_temp.of('kept') -> 'toys', '[1, 7, 11, 12]', 'what has no place in any key stays, and the rest moves');
select is(pg_temp.of('duplicate') -> 'toys', '[2, 3, 4, 5, 6, 9, 10]', '… as does what is another clinic''s');
select is(pg_temp.of('kept') -> 'rides', '[1, 2]', 'what belongs to a row goes with it, and what belongs to none moves');
select is(pg_temp.of('kept') -> 'wishes', '[1]', 'where the person is at home, the clinic''s own moves');
select is((select array_agg(distinct wished_by) from app_public.wishes), array[tests.id('duplicate')], 'a column of the table that stays stays');
select is(pg_temp.of('bystander'), '{"toys": [8], "rides": [3], "wishes": [2]}', 'others keep what they have');
select is((select label from app_public.toys where id = 7), tests.id('kept') || ':soft', 'what is generated is generated anew');

-- One ride goes on, and one is gone.
update app_public.rides set patient_profile_id = tests.id('bystander') where id = 2;
select tests.act_as('adrian');
select * from tests.refuses($$select app_public.undo_patient_merge(tests.id('merge'), 'Two people')$$, 'CONFLICT', 'moved_since', 'what went on stops the undo');
select tests.act_as('the database');
create function pg_temp.told() returns jsonb language plpgsql as $$
declare v_detail text; begin
  perform tests.act_as('adrian');
  perform app_public.undo_patient_merge(tests.id('merge'), 'Two people');
  return null;
exception when sqlstate 'RX409' then
  get stacked diagnostics v_detail = pg_exception_detail;
  return v_detail;
end $$;
select is(pg_temp.told() - 'reason', '{"entity": "rides", "ids": [2]}', '… and is named');
delete from app_public.rides where id = 2;
select tests.act_as('adrian');
select lives_ok($$select app_public.undo_patient_merge(tests.id('merge'), 'Two people')$$, 'what is gone is not missed');
select tests.act_as('the database');
select is(pg_temp.of('kept'), '{"toys": [1, 11], "rides": null, "wishes": null}', 'the one who was kept has what they had');
select set_eq('select to_jsonb(t) from app_public.toys t', 'select to_jsonb(b) from rows_before b', '… and every toy is as it was');
select is(pg_temp.of('duplicate') -> 'rides', '[1]', 'what follows came back with its row');

-- An appointment that moves alone takes along what belongs to it; and where another clinic knows the person, what is theirs stays.
select tests.act_as('adrian');
select app_public.move_appointment_to_patient(tests.id('visit'), tests.id('bystander'), 'The wrong chart');
select tests.act_as('the database');
select is(pg_temp.of('bystander') -> 'rides', '[1, 3]', 'an appointment that moves takes along what belongs to it');
select tests.act_as('adrian');
select pg_temp.merge('kept at atlas', 'bystander at atlas');
select tests.act_as('the database');
select is(pg_temp.of('bystander') -> 'wishes', '[2]', 'what a clinic may not decide for a person stays');
select * from finish();
rollback;
