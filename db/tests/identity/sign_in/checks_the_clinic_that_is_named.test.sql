-- Test: sign_in - only those who have to do with a clinic may name it. FND-03, FND-04, FND-07.
begin;
select plan(20);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('former', 'admin');
select tests.patient('ana');
select tests.patient('removed');
select tests.patient('carmen', account => false, birth_date => '2015-01-01');
select tests.caregiver('corina', 'carmen');
select tests.caregiver('past', 'carmen');
select tests.caregiver('outgrown', 'carmen', ends_on => '2027-03-01');
select tests.person('root', superadmin => true);
select tests.person('a stranger');
select tests.clinic('boreal');
update app_public.memberships set ended_at = now() where human_id = tests.id('former');
update app_public.patients set deleted_at = now() where patient_profile_id = tests.id('removed');
update app_public.caregivers set revoked_at = now() where human_id = tests.id('past');
create function pg_temp.sign_in(person text, clinic uuid default tests.id('atlas')) returns uuid language sql as $$
  select app_hidden.sign_in('https://tests', person, 'session', null, true, person, 'ro', clinic);
$$;
select tests.act_as('the authenticator');
select isnt(pg_temp.sign_in(p), null, p || ' may name the clinic') from unnest('{olga,ana,corina,root}'::text[]) p;
select r.* from unnest('{former,removed,past,outgrown,a stranger}'::text[]) p,
  lateral tests.refuses(format('select pg_temp.sign_in(%L)', p), 'FORBIDDEN', 'not_of_this_clinic', p || ' may not') r;
select * from tests.refuses($$select pg_temp.sign_in('olga', tests.id('boreal'))$$, 'FORBIDDEN', 'not_of_this_clinic', 'staff of one clinic may not name another');
select * from tests.refuses($$select pg_temp.sign_in('olga', uuidv7())$$, 'FORBIDDEN', 'not_of_this_clinic', 'nor one that does not exist: the answers are alike');
select is(pg_temp.sign_in('a stranger', null), tests.id('a stranger'), 'who names none is let in, to nothing');
select tests.act_as('a visitor');
select throws_ok($$select app_hidden.sign_in('https://tests', 'olga', 's', null, true, 'x', 'ro', null)$$, '42501', null, 'a visitor does not call it');
select * from finish();
rollback;
