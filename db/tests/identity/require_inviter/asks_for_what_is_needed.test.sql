-- Test: require_inviter - whoever invited must hold, at this clinic and now, what the invitation gives. FND-04.
begin;
select plan(11);
select tests.clinic('boreal');
select tests.staff('adrian', 'owner');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.staff('adrian', 'admin');
select tests.person('nora');
select tests.person('mallory');
select tests.patient('ana', account => false);
select tests.person('root', superadmin => true);
create function pg_temp.invite(email text, role text) returns uuid language sql as $$
  select (app_public.invite_member(tests.id('atlas'), email, 'A colleague', array[tests.role_id(role)])).id;
$$;
select tests.act_as('olga');
select tests.remember('owner''s', pg_temp.invite('mallory@people.test', 'owner'));
select tests.act_as('adrian', 'atlas');
select tests.remember('nora''s', pg_temp.invite('nora@people.test', 'billing'));
select tests.remember('ana''s', (app_public.invite_patient(tests.id('atlas'), tests.id('ana'), 'nora@people.test')).id);
select tests.act_as('root');
select tests.remember('empty', (app_public.create_organization('empty', 'Empty', 'nora@people.test', 'Nora')).id);
select tests.act_as('the database');
select tests.remember('platform''s', id) from app_public.invitations where organization_id = tests.id('empty');
-- What stands in the way now, taken back when it was looked at.
create function pg_temp.asked(invitation text, statement text default null) returns text language plpgsql as $$
begin
  if statement is not null then execute statement; end if;
  perform app_private.require_inviter(invitations) from app_public.invitations where id = tests.id(invitation);
  raise exception 'fine' using errcode = 'ZZ000';
exception when sqlstate 'ZZ000' or sqlstate 'RX410' then
  return sqlerrm;
end $$;
select is(pg_temp.asked('nora''s'), 'fine', 'an admin gives billing, though somebody else was offered more');
select is(pg_temp.asked('ana''s'), 'fine', 'and a patient their profile');
select is(pg_temp.asked('owner''s'), 'fine', 'an owner makes an owner');
select is(pg_temp.asked('platform''s'), 'fine', 'and the platform the first one, where nobody is');
select is(pg_temp.asked(invitation, statement), 'inviter_may_no_longer', why)
from (values
  ('nora''s', $$update app_public.principals set disabled_at = now() where id = tests.id('adrian')$$, 'a closed account gives nothing'),
  ('nora''s', $$update app_public.memberships set ended_at = now() where human_id = tests.id('adrian') and organization_id = tests.id('atlas')$$, 'nor who left this clinic and owns another'),
  ('nora''s', $$update app_public.membership_roles set role_id = tests.role_id('front_desk') where membership_id = tests.membership_id('adrian')$$, 'nor who holds less now, beside an owner who holds all'),
  ('owner''s', $$update app_public.membership_roles set role_id = tests.role_id('admin') where membership_id = tests.membership_id('olga')$$, 'an admin makes no owner'),
  ('ana''s', $$update app_public.membership_roles set role_id = tests.role_id('specialist') where membership_id = tests.membership_id('adrian')$$, 'a specialist does not hand out profiles'),
  ('platform''s', $$insert into app_public.memberships (organization_id, human_id) values (tests.id('empty'), tests.id('mallory'))$$, 'the platform makes nobody the owner where somebody is'),
  ('platform''s', $$insert into app_public.memberships (organization_id, human_id, ended_at) values (tests.id('empty'), tests.id('mallory'), now())$$, 'or was')
) as t (invitation, statement, why);
select * from finish();
rollback;
