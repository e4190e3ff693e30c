-- Test: soft_delete - who deleted and who restored stands in the audit, of what went along too; a refusal leaves no entry. FND-10, FND-08.
begin;
select plan(7);
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('flavia', 'front_desk');
select tests.specialist('stefan');
select tests.service('massage', specialists => '{stefan}');
select tests.calendar('mondays', '{stefan}', service => 'massage');
create function pg_temp.deletions(of_table text, row_id uuid) returns setof text language sql as $$
  select case when new -> 'deleted_at' = 'null' then 'restored' else 'deleted' end || ' by '
         || (select p.name from tests.personas p where p.principal_id = e.actor_id)
  from tests.entries_of(of_table, row_id) e
  where action = 'update' and 'deleted_at' = any (changed) order by id
$$;
create function pg_temp.goes_wrong(what text) returns boolean language plpgsql as $$
begin
  execute what;
  return false;
exception when others then
  return true;
end;
$$;
select tests.act_as('adrian');
select app_public.remove_service(tests.id('massage'));
select app_public.restore_deleted_row('services', tests.id('massage'));
select tests.act_as('flavia');
select ok(pg_temp.goes_wrong($$select app_public.remove_service(tests.id('massage'))$$), 'front desk may not');
select tests.act_as('the database');
select results_eq($$select pg_temp.deletions('app_public.services', tests.id('massage'))$$, $$values ('deleted by adrian'), ('restored by adrian')$$,
  'the service was deleted and restored by the admin, and by nobody else');
select results_eq($$select pg_temp.deletions('app_public.calendars', tests.id('mondays'))$$, $$values ('deleted by adrian'), ('restored by adrian')$$,
  'and so was its calendar');
select is((select changed from tests.entries_of('app_public.services', tests.id('massage')) where action = 'update' order by id limit 1),
  '{deleted_at}', 'nothing else of it changed');
select is((select count(*) from tests.entries_of('app_public.services', tests.id('massage')) where action = 'delete'), 0::bigint,
  'no row went for good');
update app_private.soft_deletes set permission = null where table_name = 'app_public.services';
select tests.act_as('adrian');
select ok(pg_temp.goes_wrong($$select app_public.remove_service(tests.id('massage'))$$), 'without the permission the admin may not either');
select tests.act_as('the database');
select is((select count(*) from pg_temp.deletions('app_public.services', tests.id('massage'))), 2::bigint, 'and a refusal is no entry');
select * from finish();
rollback;
