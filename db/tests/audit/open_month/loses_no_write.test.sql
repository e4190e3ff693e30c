-- Test: open_month - partitions are made ahead, and a month that nobody made loses no write. FND-08.
begin;
select plan(21);
select tests.clinic('atlas');
create function tests.months() returns text[] language sql volatile as $$
  select array_agg(relname::text order by relname) from pg_class
  where relnamespace = 'audit'::regnamespace and relispartition and relkind = 'r' and relname >= 'entries_2031' and relname < 'entries_2032_99'
$$;

-- The task, in its month.
select tests.freeze_time('2031-10-31 23:30+00');
select tests.act_as('the worker');
select audit.open_months();
select audit.open_months();
select tests.act_as('the database');
select is(tests.months(), '{entries_2031_10,entries_2031_11,entries_2031_12,entries_2032_01}', 'this month and three ahead, once');

-- The turn of the month, with partitions made ahead.
update app_public.organizations set city = 'Înainte' where id = tests.id('atlas');
select tests.freeze_time('2031-11-01 00:00+00');
update app_public.organizations set city = 'După' where id = tests.id('atlas');
select tests.freeze_time('2031-11-01 00:30+00');
update app_public.organizations set city = 'Mai târziu' where id = tests.id('atlas');
-- The task has slept for half a year.
select tests.freeze_time('2032-07-01 00:00+00');
update app_public.organizations set city = 'Vara' where id = tests.id('atlas');
select results_eq(
  $$select tableoid::regclass::text, new ->> 'city' from audit.entries where occurred_at > '2031-01-01' order by id$$,
  $$values ('audit.entries_2031_10', 'Înainte'), ('audit.entries_2031_11', 'După'), ('audit.entries_2031_11', 'Mai târziu'),
           ('audit.entries_2032_07', 'Vara')$$,
  'each entry is in its month, and the write of a month without partitions made its own');
select tests.seal();
select results_eq(
  $$select tableoid::regclass::text, entries from audit.seals where occurred_at > '2031-01-01' order by sequence$$,
  $$values ('audit.seals_2031_10', 1), ('audit.seals_2031_11', 1), ('audit.seals_2031_11', 1), ('audit.seals_2032_07', 1)$$,
  'and so are their seals');
select is((select finding from audit.verify(tests.id('atlas'))), null, 'the chain is whole across months');
select is((select seals from audit.verify(tests.id('atlas'), '2031-11-01', '2031-12-01')), 2::bigint, 'a month verifies by itself');
select is((select finding from audit.verify(tests.id('atlas'), '2031-11-01', '2031-12-01')), null, '… held to the one before');
select matches(
  tests.tampered($$delete from audit.entries where new ->> 'city' = 'După'$$, tests.id('atlas')), '^missing ', 'what is missing at the turn is found');
select is_empty(
  $$select from pg_class where relnamespace = 'audit'::regnamespace and relispartition and pg_get_expr(relpartbound, oid) = 'DEFAULT'$$,
  'there is no default partition');

-- A clock that is off, as far as clocks go.
select tests.freeze_time('1999-12-31 23:59:59+00');
select lives_ok($$update app_public.organizations set city = 'Demult' where id = tests.id('atlas')$$, 'the past has room');
select is((select tableoid::regclass::text from audit.entries where new ->> 'city' = 'Demult'), 'audit.entries_1999_12', '… in its month');

-- Each partition is guarded like the whole.
create temporary table parts as
  select oid, relname from pg_class where relnamespace = 'audit'::regnamespace and relispartition and relkind = 'r';
select is_empty($$select relname from parts join pg_class using (oid, relname) where not relrowsecurity or not relforcerowsecurity$$, 'row security is on and forced');
select is_empty($$select relname from parts join pg_class using (oid, relname) where relowner <> 'app_owner'::regrole$$, 'the migrator owns them');
select is_empty(
  $$select relname, grantee::regrole from parts join pg_class using (oid, relname) cross join aclexplode(relacl) where grantee <> relowner$$,
  'nobody has a grant on one');
select is_empty(
  $$select relname from parts where not exists (select from pg_trigger where tgrelid = parts.oid and tgname = '_200_refuse_change' and tgenabled = 'O')$$,
  'each refuses changes');
select is_empty(
  $$select relname from parts where relname like 'entries%' and 2 <> (select count(*) from pg_trigger
    where tgrelid = parts.oid and tgname in ('_200_only_erase', '_900_seal') and tgenabled = 'O')$$,
  'each month of entries seals, and only erases');
select is_empty($$select relname from parts where not exists (select from pg_index where indrelid = parts.oid and indisprimary)$$, 'each has its key');

-- Who may.
select tests.act_as('a visitor');
select throws_ok($$select audit.open_months()$$, '42501', null, 'a visitor opens no month');
select throws_ok($$select audit.open_month(now())$$, '42501', null, '… by no way');
select tests.act_as('the worker');
select throws_ok($$select audit.open_month(now())$$, '42501', null, 'the worker opens them ahead, no other');
select tests.act_as('the owner');
select throws_ok($$delete from audit.entries_2031_11$$, 'RX423', 'audit_is_append_only', 'the owner cannot delete from a month');
select throws_ok($$truncate audit.seals_2031_11$$, 'RX423', 'audit_is_append_only', 'nor truncate one');
select * from finish();
rollback;
