-- Two clinics that have everything, and who each row belongs to: the ground of the tests that walk over all tables.
-- FND-05, FND-06, FND-07. The people are made here, the rows of each area in fixtures/<area>.sql. A table that stays
-- empty for one of the clinics fails, so a new table is either filled there or declared to be the platform's; nothing is
-- left out by forgetting.

create table if not exists tests.fixture_rows (
  table_name text not null,
  key jsonb not null,
  home text not null,
  primary key (table_name, key)
);

comment on table tests.fixture_rows is
  'Every row of the fixture with its home: platform, a clinic (atlas, boreal), or a person there (atlas: ana).';

-- Tables without a clinic, filled by migrations or by processes. What people write never belongs here. Each area
-- declares its own in its file of fixtures/.
create table if not exists tests.platform_tables (name text primary key);

create or replace function tests.primary_key_of(of_table oid) returns text[]
language sql stable
as $$
  select array_agg(a.attname::text order by k.place)
  from pg_catalog.pg_index i
  cross join unnest(i.indkey) with ordinality as k (attnum, place)
  join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
  where i.indrelid = of_table and i.indisprimary;
$$;

-- What a clinic of the fixture is for the functions of fixtures/: its id and slug, and who is who there, by name.
create type tests.fixture_clinic as (
  id uuid,
  slug text,
  owner text,
  admin text,
  front_desk text,
  specialist text,
  patient text,
  patient_of_both text,
  -- Whose record there was deleted; null where nobody's was.
  former_patient text,
  -- The clinics' hours differ, so that a row moved across meets no row that is there already.
  free_from timestamptz
);

-- A patient at a clinic. tests.id(patient.name) is the profile.
create type tests.fixture_patient as (
  name text,
  clinic_id uuid,
  clinic text,
  specialist text,
  sees_specialist_at timestamptz,
  -- What the appointment came of, by name; null where there was no booking request.
  booking_request text
);

create or replace function tests.clinic_of_fixture(slug text) returns tests.fixture_clinic
language sql stable
as $$
  select (tests.id(c.slug), c.slug, owner, admin, front_desk, specialist, patient, patient_of_both, former_patient,
          date_trunc('day', app_hidden.now()) + interval '3 days' + opens)::tests.fixture_clinic
  from (values
    ('atlas', 'olga', 'adrian', 'flavia', 'stefan', 'ana', 'elena', 'zoe', interval '9 hours'),
    ('boreal', 'otto', 'beata', 'filip', 'sorin', 'dan', 'elena', null, interval '13 hours')
  ) as c (slug, owner, admin, front_desk, specialist, patient, patient_of_both, former_patient, opens)
  where c.slug = clinic_of_fixture.slug;
$$;

-- The functions that areas write for the fixture, in db/tests/helpers/fixtures/<area>.sql, each for what it takes:
--   tests.furnish_<area>()                                rows of the platform
--   tests.furnish_<area>(clinic tests.fixture_clinic)     rows of a clinic, before it has patients
--   tests.furnish_<area>(patient tests.fixture_patient)   rows about a patient at a clinic
--   tests.correct_<area>(clinic tests.fixture_clinic)     rows of a clinic that need its patients
--   tests.retire_<area>(clinic tests.fixture_clinic)      rows that were deleted there
-- They run in the order of their files, which are loaded by name: those with a number first, then the others.
create or replace view tests.fixture_functions as
select p.oid as place, p.proname as name, split_part(p.proname, '_', 1) as verb,
       case when p.pronargs = 1 then p.proargtypes[0]::regtype end as takes, p.pronargs as arguments,
       p.oid::regprocedure::text as signature
from pg_catalog.pg_proc p
where p.pronamespace = 'tests'::regnamespace and p.proname ~ '^(furnish|correct|retire)_';

create or replace function tests.each_area(verb text) returns void
language plpgsql volatile
as $$
declare
  v_name text;
begin
  for v_name in
    select f.name from tests.fixture_functions f where f.verb = each_area.verb and f.arguments = 0 order by f.place
  loop
    execute format('select tests.%I()', v_name);
  end loop;
end;
$$;

create or replace function tests.each_area(verb text, subject anyelement) returns void
language plpgsql volatile
as $$
declare
  v_name text;
begin
  -- What the builders make belongs there.
  perform set_config('tests.clinic', coalesce(to_jsonb(subject) ->> 'slug', to_jsonb(subject) ->> 'clinic'), true);
  for v_name in
    select f.name from tests.fixture_functions f where f.verb = each_area.verb and f.takes = pg_typeof(subject) order by f.place
  loop
    execute format('select tests.%I($1)', v_name) using subject;
  end loop;
end;
$$;

-- A function of such a name that takes something else would never be called.
create or replace function tests.require_callable() returns void
language plpgsql stable
as $$
declare
  v_wrong text;
begin
  select string_agg(f.signature, ', ' order by f.signature) into v_wrong
  from tests.fixture_functions f
  where f.takes is distinct from 'tests.fixture_clinic'::regtype
    and not (f.verb = 'furnish' and (f.arguments = 0 or f.takes is not distinct from 'tests.fixture_patient'::regtype));
  if v_wrong is not null then
    raise exception 'the fixture calls no function that takes this: %', v_wrong
      using hint = 'What they may take stands in db/tests/helpers/040-two_clinics.sql.';
  end if;
end;
$$;

create or replace function tests.open_clinic(slug text) returns void
language plpgsql volatile
as $$
declare
  v_clinic tests.fixture_clinic;
begin
  perform tests.clinic(slug);
  v_clinic := tests.clinic_of_fixture(slug);
  perform tests.staff(v_clinic.owner, 'owner');
  perform tests.staff(v_clinic.admin, 'admin');
  perform tests.staff(v_clinic.front_desk, 'front_desk');
  perform tests.specialist(v_clinic.specialist, '{"mon": [["09:00", "17:00"]], "thu": [["09:00", "12:00"]]}', account => true);
  perform tests.specialist(v_clinic.specialist || '''s colleague', '{"tue": [["09:00", "17:00"]]}');
  perform tests.each_area('furnish', v_clinic);
end;
$$;

create or replace function tests.admit(patient text, clinic text, specialist text, day int, request text default null)
returns void
language plpgsql volatile
as $$
begin
  perform tests.patient(patient, clinic);
  perform tests.each_area('furnish', (patient, tests.id(clinic), clinic, specialist,
    date_trunc('day', app_hidden.now()) + make_interval(days => day, hours => 9), request)::tests.fixture_patient);
end;
$$;

-- Who is who. atlas has olga (owner), adrian (admin), flavia (front desk), stefan (specialist), the patients ana (andrei
-- acts for her too) and bogdan; corina cares for the child carmen, as victor once did. boreal has otto, beata, filip,
-- sorin and the patient dan. elena is a patient of both; zoe was one of atlas. celia owns cetus, a draft. root runs the
-- platform; dora, an owner of atlas, was disabled.
create or replace function tests.two_clinics() returns void
language plpgsql volatile security definer
as $$
begin
  perform tests.require_callable();
  -- A database that was copied from the furnished template has them.
  if exists (select from tests.fixture_rows) then
    perform set_config('tests.clinic', 'cetus', true);
    return;
  end if;
  perform tests.person('root', superadmin => true);
  perform tests.each_area('furnish');
  -- Sealed and anchored as at a commit; what follows stays open until then.
  set constraints all immediate;
  set constraints all deferred;
  perform audit.prepare_anchor();
  perform tests.settle('platform');

  perform tests.open_clinic('atlas');
  perform tests.settle('atlas');
  perform tests.staff('dora', 'owner');
  update app_public.principals set disabled_at = app_hidden.now() where id = tests.id('dora');
  perform tests.settle('atlas: dora');
  perform tests.admit('ana', 'atlas', 'stefan', 4, 'request at atlas');
  perform tests.caregiver('andrei', 'ana', 'spouse');
  perform tests.settle('atlas: ana');
  perform tests.admit('bogdan', 'atlas', 'stefan', 5);
  perform tests.settle('atlas: bogdan');
  perform tests.patient('carmen', 'atlas', account => false, birth_date => (current_date - interval '9 years')::date);
  perform tests.caregiver('corina', 'carmen');
  perform tests.appointment('carmen''s appointment at atlas', 'carmen', 'calendar of atlas', 'stefan',
    date_trunc('day', app_hidden.now()) + interval '6 days 9 hours');
  perform tests.caregiver('victor', 'carmen');
  insert into app_public.invitations (organization_id, kind, email, name, patient_profile_id, invited_by, expires_at)
  values (tests.id('atlas'), 'patient', 'carmen@people.test', 'Carmen Popescu', tests.id('carmen'),
    (select p.principal_id from tests.personas p where p.name = 'flavia'), app_hidden.now() + interval '14 days');
  update app_public.caregivers set revoked_at = app_hidden.now() where id = tests.id('victor for carmen');
  perform tests.settle('atlas: carmen');

  perform tests.open_clinic('boreal');
  perform tests.settle('boreal');
  perform tests.admit('dan', 'boreal', 'sorin', 14, 'request at boreal');
  perform tests.caregiver('daria', 'dan', 'spouse');
  perform tests.settle('boreal: dan');

  -- What was deleted: nobody outside sees it any more, and zoe lost what patients of atlas see.
  perform tests.admit('zoe', 'atlas', 'stefan', 9);
  perform tests.each_area('retire', tests.clinic_of_fixture('atlas'));
  perform tests.settle('atlas: deleted');

  insert into app_public.patient_profiles (human_id, given_name, family_name, email, birth_date)
  values (tests.person('elena'), 'Elena', 'Dumitrescu', 'elena@people.test', '1975-02-01');
  perform tests.settle('both: elena');
  perform tests.patient('elena', 'atlas');
  perform tests.appointment('elena''s appointment at atlas', 'elena', 'calendar of atlas', 'stefan',
    date_trunc('day', app_hidden.now()) + interval '7 days 9 hours');
  perform tests.settle('atlas: elena');
  perform tests.patient('elena', 'boreal');
  perform tests.appointment('elena''s appointment at boreal', 'elena', 'calendar of boreal', 'sorin',
    date_trunc('day', app_hidden.now()) + interval '8 days 9 hours');
  perform tests.settle('boreal: elena');
  perform tests.each_area('correct', tests.clinic_of_fixture('atlas'));
  -- One that stands: zoe's record went to bogdan.
  insert into app_public.patient_merges (organization_id, patient_profile_id, merged_profile_id, reason, moved)
  values (tests.id('atlas'), tests.id('bogdan'), tests.id('zoe'), 'Registered twice', '{}');
  perform tests.settle('atlas');
  perform tests.each_area('correct', tests.clinic_of_fixture('boreal'));
  perform tests.settle('boreal');
  perform tests.clinic('cetus', draft => true);
  perform tests.staff('celia', 'owner');
  perform tests.settle('cetus');

  -- An entry is at home in its chain, whoever caused it.
  update tests.fixture_rows as r
  set home = coalesce((select o.slug from app_public.organizations o where o.id::text = r.key ->> 'scope_id'), 'platform')
  where r.table_name = 'audit.entries';
  -- What is published for no clinic is the platform's, whichever clinic gave cause for it.
  update tests.fixture_rows as r set home = 'platform'
  from app_private.events as e
  where r.table_name = 'app_private.events' and e.organization_id is null and to_jsonb(e) @> r.key;
  perform tests.require_furnished();
end;
$$;

create or replace function tests.require_furnished() returns void
language plpgsql stable
as $$
declare
  v_missing text;
begin
  select string_agg(t.name || ' for ' || c.slug, ', ' order by t.name, c.slug) into v_missing
  from tests.app_tables t
  cross join (values ('atlas'), ('boreal')) as c (slug)
  where t.name not in (select p.name from tests.platform_tables p)
    and not exists (select from tests.fixture_rows r where r.table_name = t.name and r.home like c.slug || '%');
  if v_missing is not null then
    raise exception
      'the fixture has no row of %: write it in tests.furnish_<area>(clinic tests.fixture_clinic), in '
      'db/tests/helpers/fixtures/<area>.sql', v_missing
      using hint = 'The area is the folder of the policy file. A table without a clinic is declared in the same file: '
        'insert into tests.platform_tables.';
  end if;

  select string_agg(p.name, ', ' order by p.name) into v_missing
  from tests.platform_tables p left join tests.app_tables t using (name)
  where not exists (select from tests.fixture_rows r where r.table_name = p.name)
     or t.oid in (select tt.oid from tests.tenant_tables tt);
  if v_missing is not null then
    raise exception 'declared to be the platform''s, and not there, empty or with a clinic: %', v_missing
      using hint = 'A row for an empty one is written in tests.furnish_<area>(), in db/tests/helpers/fixtures/<area>.sql.';
  end if;
end;
$$;
