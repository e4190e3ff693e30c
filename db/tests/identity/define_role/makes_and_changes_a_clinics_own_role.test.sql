-- Test: define_role - a clinic has roles of its own, and what they allow takes effect at once. FND-04.
begin;
select plan(10);
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.act_as('olga');
select tests.remember('reception', (app_public.define_role(tests.id('atlas'), 'weekend', 'Weekend', '{patients.view,appointments.view}')).id);
select tests.act_as('the database');
select tests.staff('wanda', 'weekend');
select tests.act_as('wanda');
select is(array(select app_public.my_permissions(tests.id('atlas'))), '{appointments.view,patients.view}', 'a member with that role holds what it allows');

select tests.act_as('olga');
select is(
  (app_public.define_role(tests.id('atlas'), 'weekend', 'Week end', '{appointments.view,services.manage}')).id, tests.id('reception'), 'the same key is the same role');
select tests.act_as('wanda');
select is(array(select app_public.my_permissions(tests.id('atlas'))), '{appointments.view,services.manage}', 'the next statement has it');
select tests.act_as('olga');
select is((select name from app_public.roles where key = 'weekend'), 'Week end', 'with its new name');
select tests.act_as('the database');
select results_eq(
  $$select e.action, e.row_key from audit.entries e where e.table_name = 'app_public.role_permissions' and e.row_key like '%' || tests.id('reception') || '%' order by e.action, e.row_key$$,
  $$select action, concat_ws('/', tests.id('atlas'), tests.id('reception'), permission) from (values ('delete', 'patients.view'), ('insert', 'appointments.view'), ('insert', 'patients.view'), ('insert', 'services.manage')) as t (action, permission) order by 1, 2$$,
  'on record is what was given and taken; what stays is not written again');
select tests.act_as('olga');
select lives_ok($$select app_public.define_role(tests.id('atlas'), 'weekend', 'Week end', '{}')$$, 'a role may allow nothing');
select tests.act_as('wanda');
select is_empty($$select app_public.my_permissions(tests.id('atlas'))$$, 'then its members hold nothing');
select throws_ok($$update app_public.role_permissions set permission = 'owners.manage'$$, '42501', null, 'roles are written by this verb only');
select throws_ok($$insert into app_public.membership_roles (organization_id, membership_id, role_id) values (tests.id('atlas'), tests.membership_id('wanda'), tests.role_id('owner'))$$, '42501', null, 'and given by others');
select throws_ok($$update app_public.roles set system_role_key = 'owner'$$, '42501', null, 'no role becomes a system role');
select * from finish();
rollback;
