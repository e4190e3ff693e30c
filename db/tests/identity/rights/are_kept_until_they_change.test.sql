-- Test: rights, keep_rights, asker, tg_forget_rights - an answer about the caller is found once in a transaction; another
-- caller, another clinic, a change of what it rests on and a savepoint that is taken back are never answered with it.
-- FND-04, FND-07, FND-29, SPC-02.
begin;
select plan(32);
select tests.clinic('boreal');
select tests.staff('olga', 'owner');
select tests.clinic('atlas');
select tests.staff('olga', 'admin');
select tests.staff('nora', 'admin');
select tests.specialist('stefan', account => true);
select tests.patient('ana');
select tests.patient('carmen', account => false);
select tests.caregiver('corina', 'carmen');
select tests.staff('boris', 'owner');
create function pg_temp.me(who text) returns uuid language sql as $$select principal_id from tests.personas where name = who$$;
create function pg_temp.many(question text) returns int language sql as $$select cardinality(app_hidden.rights(question))$$;
-- What nobody may do, so that only a kept answer tells the same as before.
create function pg_temp.unseen(statement text) returns void language plpgsql security definer as $$
begin
  set local session_replication_role = replica;
  execute statement;
  set local session_replication_role = origin;
end $$;
create function pg_temp.staff_as(who text) returns int language plpgsql as $$
begin
  perform tests.act_as((select principal_id from tests.personas where name = who), null::uuid);
  return cardinality(app_hidden.rights('staff'));
end $$;
-- How many clinics, people, … the answer names before and after one thing changes, which is then taken back.
create function pg_temp.around(statement text, persona text, question text) returns text language plpgsql as $$
declare v_before int; v_after int;
begin
  perform tests.act_as(pg_temp.me(persona), null);
  v_before := pg_temp.many(question);
  perform tests.act_as('the database');
  execute statement;
  perform tests.act_as(pg_temp.me(persona), null);
  v_after := pg_temp.many(question);
  raise exception using message = v_before || ' then ' || v_after, errcode = 'ZZ000';
exception when sqlstate 'ZZ000' then
  return sqlerrm;
end $$;

-- Kept: a change that no trigger hears of is not seen, but by who asks the query itself.
select tests.act_as(pg_temp.me('nora'), null);
select is(pg_temp.many('staff'), 1, 'nora works at one clinic');
select pg_temp.unseen($$update app_public.memberships set ended_at = now(), member_name = 'Nora' where human_id = pg_temp.me('nora')$$);
select is(pg_temp.many('staff'), 1, 'the answer is kept');
select is(cardinality(app_hidden.current_staff_organization_ids()), 0, '… and who asks the query itself is told what is so');
select is(pg_temp.many('members.manage'), 0, '… as is who asks something else');
select tests.act_as('the database');
update app_public.memberships set ended_at = null, member_name = null where human_id = pg_temp.me('nora');

-- Another caller, another clinic, a visitor.
select tests.act_as(pg_temp.me(persona), tests.id(clinic)) from (values ('olga', 'atlas')) t (persona, clinic);
select is(pg_temp.many('staff'), 1, 'olga names one clinic');
select tests.act_as(pg_temp.me('olga'), null);
select is(pg_temp.many('staff'), 2, 'naming none she works at two');
select tests.act_as(pg_temp.me('ana'), null);
select is(pg_temp.many('staff'), 0, 'who comes after her in the same transaction works nowhere');
select is(pg_temp.many('people'), 1, 'ana acts for herself');
select tests.act_as('a visitor');
select is(pg_temp.many('people'), 0, 'a visitor after her acts for nobody');
select tests.act_as(pg_temp.me('olga'), null);
select is(pg_temp.many('staff'), 2, 'olga again works at two');
select is(array[pg_temp.staff_as('olga'), pg_temp.staff_as('ana'), pg_temp.staff_as('nora')], '{2,0,1}'::int[],
  'callers who take turns within one statement are told their own');

-- Everything an answer rests on.
select tests.act_as('the database');
select is(pg_temp.around(statement, persona, question), expected, why)
from (values
  ($$update app_public.memberships set ended_at = now() where human_id = pg_temp.me('nora')$$, 'nora', 'staff', '1 then 0', 'a membership ends'),
  ($$update app_public.memberships set ended_at = now() where human_id = pg_temp.me('nora')$$, 'nora', 'members.manage', '1 then 0', '… and what it allowed'),
  ($$update app_public.memberships set ended_at = now() where human_id = pg_temp.me('nora')$$, 'boris', 'colleagues', '4 then 3', '… and is nobody''s colleague'),
  ($$delete from app_public.membership_roles where membership_id in (select id from app_public.memberships where human_id = pg_temp.me('nora'))$$, 'nora', 'members.manage', '1 then 0', 'a role is taken'),
  ($$delete from app_public.role_permissions where permission = 'members.manage'$$, 'nora', 'members.manage', '1 then 0', 'a role is defined anew'),
  ($$update app_public.principals set disabled_at = now() where id = pg_temp.me('nora')$$, 'nora', 'staff', '1 then 0', 'an account is closed'),
  ($$update app_public.organizations set deleted_at = now() where slug = 'atlas'$$, 'olga', 'staff', '2 then 1', 'a clinic closes'),
  ($$update app_public.organizations set deleted_at = now() where slug = 'atlas'$$, 'ana', 'patient', '1 then 0', '… for its patients too'),
  ($$update app_public.specialists set deleted_at = now() where id = tests.id('stefan')$$, 'stefan', 'specialist', '1 then 0', 'a specialist is removed'),
  ($$update app_public.patients set deleted_at = now() where organization_id = tests.id('atlas')$$, 'ana', 'patient', '1 then 0', 'a patient is removed'),
  ($$update app_public.patient_profiles set human_id = null where human_id = pg_temp.me('ana')$$, 'ana', 'people', '1 then 0', 'a profile loses its account'),
  ($$update app_public.caregivers set revoked_at = now() where human_id = pg_temp.me('corina')$$, 'corina', 'people', '1 then 0', 'a caregiver is revoked'),
  ($$delete from app_public.caregivers where human_id = pg_temp.me('corina')$$, 'corina', 'people', '1 then 0', '… or deleted'),
  ($$select tests.freeze_time(now() + interval '40 years')$$, 'nora', 'staff', '1 then 1', 'nothing of it, and the answer stays')
) as t (statement, persona, question, expected, why);

-- Savepoints: what is taken back takes the answer along, what is released leaves it.
select tests.act_as('the database');
savepoint fired;
update app_public.memberships set ended_at = now() where human_id = pg_temp.me('nora');
select tests.act_as(pg_temp.me('nora'), null);
select is(pg_temp.many('staff'), 0, 'nora was dismissed, within a savepoint');
savepoint deeper;
select tests.act_as('the database');
update app_public.memberships set ended_at = null where human_id = pg_temp.me('nora');
select tests.act_as(pg_temp.me('nora'), null);
select is(pg_temp.many('staff'), 1, '… and taken on again, within another');
rollback to savepoint deeper;
select is(pg_temp.many('staff'), 0, 'which is taken back');
rollback to savepoint fired;
select tests.act_as(pg_temp.me('nora'), null);
select is(pg_temp.many('staff'), 1, '… as the first is then');
savepoint dismissed;
select tests.act_as('the database');
update app_public.memberships set ended_at = now() where human_id = pg_temp.me('nora');
release savepoint dismissed;
select tests.act_as(pg_temp.me('nora'), null);
select is(pg_temp.many('staff'), 0, 'a change that was released is one');

-- Who changes rights and asks in one statement looks out of a snapshot of before: the answer for those after it is of now.
select tests.act_as('the database');
create function pg_temp.take_back() returns int language sql volatile security definer as $$
  update app_public.memberships set ended_at = null where human_id = pg_temp.me('nora');
  select 1;
$$;
select tests.act_as(pg_temp.me('nora'), null);
select count(pg_temp.many('staff')) from pg_temp.take_back() as done where done = 1;
select is(pg_temp.many('staff'), 1, 'what a statement changed and asked is kept as it became');
select is(current_setting('rights.staff'), app_hidden.asker() || app_hidden.current_staff_organization_ids()::text, 'kept is whom it is about, and the answer');
select * from finish();
rollback;
