-- Test: claim_patient_profiles - a profile of the same name and address stays where somebody else has or keeps it; what is
-- missing is named. FND-34, FND-07.
begin;
select plan(18);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
create function pg_temp.profile(name text, account text default null, birth date default '1980-05-17', given text default 'Ana', mail text default 'ana@people.test') returns uuid language sql as $$
  select tests.remember(profile.name, tests.patient(profile.name, account => false, birth_date => birth));
  update app_public.patient_profiles set given_name = given, family_name = 'Pop', email = mail, human_id = case when account is not null then tests.id(account) end where id = tests.id(profile.name) returning id;
$$;
create function pg_temp.claimed(given text, birth date default null) returns text[] language sql as $$
  select coalesce(array_agg(n.name order by n.name), '{}') from app_public.claim_patient_profiles(given, 'Pop', birth) p join tests.names n on n.id = p.id and n.name not like '%@%';
$$;
create function pg_temp.missing(statement text) returns text language plpgsql as $$
declare v text; begin execute statement; return 'nothing'; exception when sqlstate 'RX409' then get stacked diagnostics v = pg_exception_detail; return v::jsonb ->> 'facts'; end $$;
select tests.person('former', email => 'ana@people.test');
select tests.person('former of another address', email => 'other@people.test');
select tests.person('another ana', email => 'another.ana@people.test');
update app_public.humans set closed_at = now() where principal_id in (tests.id('former'), tests.id('former of another address'));
select tests.person('former who proved nothing', email => 'ana@people.test');
update app_public.humans set closed_at = now(), email_verified_at = null where principal_id = tests.id('former who proved nothing');
select tests.person('ana', email => 'ana@people.test');
select pg_temp.profile('hers'), pg_temp.profile('hers of before', 'former'), pg_temp.profile('of an open account', 'another ana'), pg_temp.profile('of another address', 'former of another address'),
  pg_temp.profile('of who proved nothing', 'former who proved nothing'), pg_temp.profile('of who has a caregiver'), pg_temp.profile('merged and two again'), pg_temp.profile('merged');
select tests.caregiver('somebody', 'of who has a caregiver');
insert into app_public.patient_merges (organization_id, patient_profile_id, merged_profile_id, reason, moved, undone_at, undo_reason)
values (tests.id('atlas'), tests.id('hers'), tests.id('merged and two again'), 'One person', '{}', now(), 'Two people'), (tests.id('atlas'), tests.id('hers'), tests.id('merged'), 'One person', '{}', null, null);
-- Of the family: another name, born on another day.
select pg_temp.profile('matei', birth => '1999-01-01', given => 'Matei');

select tests.act_as('ana');
select is(pg_temp.missing($$select pg_temp.claimed('Ana', '1981-05-17')$$), '["birthday"]', 'the name agrees: the birthday is missing');
select is(pg_temp.missing($$select pg_temp.claimed('Elena')$$), '["name"]', 'only the address agrees: the name is');
select is(pg_temp.claimed('Ana'), '{hers,"hers of before","merged and two again"}', 'nobody''s, her own of a former account, and one whose merge was undone; a namesake''s birthday is no obstacle');
select is(pg_temp.claimed('Ana'), '{}', 'what is hers is not claimed again');
select tests.act_as('the database');
select is((select human_id from app_public.patient_profiles where id = tests.id(n)), (select principal_id from tests.personas where name = a), n || ' stays')
from (values ('of an open account', 'another ana'), ('of another address', 'former of another address'), ('of who proved nothing', 'former who proved nothing'), ('of who has a caregiver', null), ('merged', null), ('matei', null)) as t (n, a);

-- The day on which somebody is old enough for an account.
select tests.person('young', email => 'young@people.test'), tests.person('younger', email => 'younger@people.test');
select pg_temp.profile('sixteen today', birth => '2011-03-01', given => 'Young', mail => 'young@people.test'), pg_temp.profile('sixteen tomorrow', birth => '2011-03-02', given => 'Younger', mail => 'younger@people.test');
select tests.act_as('young');
select is(pg_temp.claimed('Young'), '{"sixteen today"}', 'sixteen today');
select tests.act_as('younger');
select is(pg_temp.claimed('Younger'), '{}', 'sixteen tomorrow: nothing of a child is there to claim');

-- Whoever has a profile already is asked for the name all the same, unless it carries this address.
select tests.act_as('the database');
select tests.person('dan', email => 'dan@people.test'), tests.person('nobody', email => 'nobody@people.test');
select pg_temp.profile('dan himself', 'dan', given => 'Dan', mail => null), pg_temp.profile('dan''s mother', given => 'Dana', mail => 'dan@people.test', birth => '1950-01-01');
select tests.act_as('dan');
select is(pg_temp.missing($$select pg_temp.claimed('Dan')$$), '["name"]', 'with a profile of another address');
select tests.act_as('the database');
update app_public.patient_profiles set email = 'dan@people.test' where id = tests.id('dan himself');
select tests.act_as('dan');
select is(pg_temp.claimed('Dan'), '{}', 'with one of this address there is nothing more');
select is(pg_temp.missing($$select pg_temp.claimed('Dana')$$), '["birthday"]', 'and his own birthday is compared, though he gave none');
select tests.act_as('nobody');
select is(pg_temp.claimed('Nobody'), '{}', 'where nobody carries the address there is nothing to ask');
select is((select count(*) from app_public.patient_profiles), 0::bigint, 'and nothing is taken');
select tests.act_as('younger');
select is((select count(*) from app_public.patient_profiles), 0::bigint, 'nor by the younger');
select * from finish();
rollback;
