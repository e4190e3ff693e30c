-- Test: append - what a transaction writes into a chain is linked entry by entry, and sealed as one. FND-08, FND-09.
begin;
select plan(13);
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.seal();
-- To make a month, all wait for one another.
set local track_functions = 'all';
create function pg_temp.months_asked_for() returns bigint language sql as $$
  select coalesce(sum(calls), 0)::bigint from pg_stat_xact_user_functions where funcid = 'audit.open_month(timestamptz)'::regprocedure
$$;
create temporary table before as select id, pg_temp.months_asked_for() as asked from audit.entries;
create function pg_temp.months_asked_for_here() returns bigint language sql as $$ select pg_temp.months_asked_for() - max(asked) from before $$;
create function pg_temp.entries() returns table (clinic uuid, seal int, "position" int, city text) language sql as $$
  select organization_id, dense_rank() over (partition by organization_id order by seal_id)::int, "position", new ->> 'city'
  from audit.entries e where id not in (select id from before) order by organization_id, e.id
$$;
create function pg_temp.write(clinic text, city text) returns uuid language sql as $$
  select audit.append(tests.id(clinic), 'update', 'app_public.organizations', tests.id(clinic)::text, null, '{city}', null, jsonb_build_object('city', city))
$$;

select pg_temp.write('atlas', 'a'), pg_temp.write('atlas', 'b'), pg_temp.write('boreal', 'x'), pg_temp.write('atlas', 'c');
select results_eq(
  $$select clinic, seal, "position", city from pg_temp.entries()$$,
  $$values (tests.id('boreal'), 1, 1, 'x'), (tests.id('atlas'), 1, 1, 'a'), (tests.id('atlas'), 1, 2, 'b'), (tests.id('atlas'), 1, 3, 'c')$$,
  'one seal for each clinic, and in it each entry has its place');
select is(pg_temp.months_asked_for_here(), 0::bigint, '… and nobody asks for a month that is there');
select is(
  (select min(seal_id::text) from audit.entries where new ->> 'city' = 'a'), (select min(id::text) from audit.entries where new ->> 'city' = 'a'),
  'the first entry names the seal');
select is((select count(*) from audit.seals where id in (select seal_id from audit.entries where new ->> 'city' in ('a', 'x'))), 0::bigint, 'before the commit nothing is sealed');
select tests.seal();
select results_eq(
  $$select entries, entries_hash from audit.seals where id in (select seal_id from audit.entries where new ->> 'city' in ('a', 'x')) order by scope_id$$,
  $$select case city when 'x' then 1 else 3 end, hash from (select new ->> 'city' as city, hash, scope_id from audit.entries) e where city in ('x', 'c') order by scope_id$$,
  'the commit seals each up to its last entry');
select ok(
  (select sealed_at from audit.seals where scope_id = tests.id('boreal') order by sequence desc limit 1)
  < (select sealed_at from audit.seals where scope_id = tests.id('atlas') order by sequence desc limit 1),
  '… in the order of their ids, whoever was written to first: tg_entries__seal locks both heads');

-- The clock moves within a transaction: in tests only, and each time has a seal of its own.
select tests.freeze_time('2031-05-05 10:00+00');
select pg_temp.write('atlas', 'd'), pg_temp.write('atlas', 'e');
select tests.freeze_time('2031-05-05 10:01+00');
select pg_temp.write('atlas', 'f'), pg_temp.write('boreal', 'y'), pg_temp.write('atlas', 'g');
select tests.freeze_time('2031-05-05 10:02+00');
select pg_temp.write('atlas', 'h');
select is(pg_temp.months_asked_for_here(), 1::bigint, 'a month that is not there is asked for once');
select results_eq(
  $$select seal, "position", city from pg_temp.entries() where clinic = tests.id('atlas') offset 3$$,
  $$values (2, 1, 'd'), (2, 2, 'e'), (3, 1, 'f'), (3, 2, 'g'), (4, 1, 'h')$$, 'another time, another seal');
select lives_ok('select tests.seal()', 'the commit seals them all');
select results_eq(
  $$select entries from audit.seals where scope_id = tests.id('atlas') and occurred_at > '2031-01-01' order by sequence$$,
  $$values (2), (2), (1)$$, '… each with what it holds');
select results_eq(
  $$select finding from audit.verify(tests.id('atlas')) union all select finding from audit.verify(tests.id('boreal'))$$,
  $$values (null::text), (null)$$, 'both chains are whole');

-- At once, for whoever says so.
set constraints all immediate;
select pg_temp.write('atlas', 'i'), pg_temp.write('atlas', 'j');
select is((select array_agg("position" order by id) from audit.entries where new ->> 'city' in ('i', 'j')), '{1,1}', 'with constraints immediate each entry is sealed as it is written');
select is((select finding from audit.verify(tests.id('atlas'))), null, '… and the chain is whole');
select * from finish();
rollback;
