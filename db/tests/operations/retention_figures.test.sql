-- Test: retention_figures - what retentions removed, and how long ago they were acted on. FND-28, GDP-03.
begin;
select plan(3);
update app_private.retention_runs set ran_at = '2027-03-01 08:00+02', removed = 12 where table_name = 'app_private.effects';
select tests.freeze_time('2027-03-01 08:10:30+02');
select tests.act_as('the worker');
select results_eq($$select retention, act, removed, idle_seconds from app_private.retention_figures() where table_name = 'app_private.effects'$$,
  $$values ('operations', 'delete', 12::bigint, 630::double precision)$$, 'rows and seconds');
select results_eq($$select table_name, retention from app_private.retention_figures() order by 1, 2$$,
  $$select table_name, retention from app_private.retention_acts() order by 1, 2$$, 'of every rule that is acted on');
select tests.act_as('the database');
update app_private.retentions set held_because = 'A court asks for it.' where key = 'operations';
select is_empty($$select from app_private.retention_figures() where retention = 'operations'$$, 'what is held is not late');
select * from finish();
rollback;
