-- Test: retain - a rule that could not be carried out, or would remove more than was meant, is refused. FND-12, GDP-03.
begin;
select plan(17);
create table app_public.toys (id uuid primary key, made_at timestamptz, sold_on date, maker text, price int not null);
create table app_public.plays (id uuid, made_at timestamptz) partition by range (made_at);
select app_private.classify('app_public.toys', 'cell', 'clinic', '{"public": ["id", "made_at", "sold_on"], "pii_basic": ["maker"], "operational": ["price"]}',
  kept => '{"operations": ["maker"], "lapsed_holds": ["made_at", "price"]}');
select app_private.classify('app_public.plays', 'cell', 'operations', '{"public": ["id", "made_at"]}');
create table app_public.games (id uuid primary key, made_at timestamptz, born_at timestamptz, maker text not null);

create function pg_temp.problem(sql text) returns text language plpgsql as $$
declare v_says text;
begin
  execute 'select app_private.retain(' || sql || ')';
  return 'none';
exception when others then
  get stacked diagnostics v_says = message_text;
  return v_says;
end $$;

select is(pg_temp.problem($$'app_public.games', 'operations', 'delete', 'made_at'$$), 'retain: app_public.games is not classified', 'a table that is not classified');
select is(pg_temp.problem($$'app_public.plays', 'operations', 'delete', 'made_at'$$), 'retain: app_public.plays is no plain table: drop its partitions instead', 'a partitioned one');
select is(pg_temp.problem($$'app_public.toys', 'clinic', 'delete', 'born_at'$$), 'retain: app_public.toys has no timestamptz born_at', 'a column that is not there');
select is(pg_temp.problem($$'app_public.toys', 'clinic', 'delete', 'sold_on'$$), 'retain: app_public.toys has no timestamptz sold_on', 'one that is a day');
select is(pg_temp.problem($$'app_public.toys', 'operations', 'delete', 'made_at'$$),
  'retain: app_public.toys is kept for clinic: say which of its rows are not', 'every row by another retention than the table''s');
select is(pg_temp.problem($$'app_public.toys', 'idempotency_keys', 'blank', 'made_at'$$), 'retain: app_public.toys keeps no column for idempotency_keys', 'to blank what no column is kept for');
select is(pg_temp.problem($$'app_public.toys', 'clinic', 'blank', 'made_at'$$), 'retain: app_public.toys keeps no column for clinic', 'to blank what goes with the row');
select is(pg_temp.problem($$'app_public.toys', 'lapsed_holds', 'blank', 'made_at'$$), 'retain: app_public.toys cannot be without price', 'to blank what must be given');
select alike(pg_temp.problem($$'app_public.toys', 'clinic', 'shred', 'made_at'$$), '%keeps no column for clinic%', 'an act that is none');
select alike(pg_temp.problem($$'app_public.toys', 'operations', 'shred', 'made_at'$$), '%retention_rules_act_is_known%', 'whatever the columns');
select is(pg_temp.problem($$'app_public.toys', 'clinic', 'delete', 'made_at', 'colour = 1'$$), 'column "colour" does not exist', 'a condition about another row');
select is(pg_temp.problem($$'app_public.toys', 'operations', 'delete', 'made_at', 'price = 0', 'colour = 1'$$), 'column "colour" does not exist', 'or what would need another row');
select is_empty($$select from app_private.retention_rules where table_name = 'app_public.toys'$$, 'nothing is left of any');

select tests.freeze_time('2027-03-01 08:00+02');
select is(pg_temp.problem($$'app_public.toys', 'operations', 'delete', 'made_at', 'price = 0'$$), 'none', 'some rows may go by another retention');
select app_private.retain('app_public.toys', 'operations', 'blank', 'made_at');
select app_private.retain('app_public.toys', 'operations', 'blank', 'made_at', not_while => 'price = 1');
select results_eq($$select retention, act, kept_from, only_if, not_while from app_private.retention_rules where table_name = 'app_public.toys'$$,
  $$values ('operations', 'blank', 'made_at', null::text, 'price = 1')$$, 'what is said later counts');
select tests.freeze_time('2027-03-02 08:00+02');
update app_private.retention_runs set removed = 7 where table_name = 'app_public.toys';
select app_private.retain('app_public.toys', 'operations', 'blank', 'made_at');
select results_eq($$select retention, ran_at, removed from app_private.retention_runs where table_name = 'app_public.toys'$$,
  $$values ('operations', timestamptz '2027-03-01 08:00+02', 7::bigint)$$, 'what was counted goes on');
select app_private.classify('app_public.toys', 'cell', 'clinic', '{"public": ["id", "made_at", "sold_on"], "pii_basic": ["maker"], "operational": ["price"]}');
select is_empty($$select from app_private.retention_rules where table_name = 'app_public.toys'$$, 'a rule that is not said again ends');
select * from finish();
rollback;
