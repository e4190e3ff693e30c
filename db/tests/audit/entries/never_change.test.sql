-- Test: entries - what was written down is changed by nobody, the owner of the table included. FND-08.
begin;
select plan(34);
select tests.clinic('atlas');
select tests.seal();
select audit.prepare_anchor();

-- The log, and the partitions behind it, which a statement could name directly.
create temporary table logs as
  select c.oid::regclass::text as name from pg_class c
  where c.relnamespace = 'audit'::regnamespace and c.relkind in ('r', 'p') and c.relname !~ '^heads';
grant select on logs to public;
select is(
  (select count(distinct regexp_replace(name, '_\d{4}_\d\d$', '_month')) from logs), 6::bigint,
  'entries and seals with their months, anchors and their heads');

create function tests.refusals(command text) returns text[] language plpgsql as $$
declare
  v_log text;
  v_said text[] := '{}';
begin
  for v_log in select name from logs order by 1 loop
    begin
      execute format(command, v_log, (select attname from pg_attribute where attrelid = v_log::regclass and attnum = 1));
      v_said := v_said || (v_log || ': went through');
    exception when others then
      v_said := v_said || (sqlstate || ' ' || sqlerrm);
    end;
  end loop;
  return array(select distinct s from unnest(v_said) s);
end;
$$;

create function tests.nobody_changes(who text, refusal text) returns setof text language plpgsql as $$
begin
  perform tests.act_as(who);
  return next alike(tests.refusals('update %s set %I = %2$I')::text, refusal, who || ' cannot update');
  return next alike(tests.refusals('update %s set %I = %2$I where false')::text, refusal, who || ' cannot update, not even nothing');
  return next alike(tests.refusals('delete from %s')::text, refusal, who || ' cannot delete');
  return next alike(tests.refusals('truncate %s cascade')::text, refusal, who || ' cannot truncate');
  perform tests.act_as('the database');
end;
$$;
select tests.nobody_changes('the database', '{"RX423 audit_is_append_only"}');
select tests.nobody_changes('the owner', '{"RX423 audit_is_append_only"}');
-- Heads move on with their chains, and stay.
select throws_ok('delete from audit.heads', 'RX423', 'audit_is_append_only', 'no head is deleted');
select throws_ok('truncate audit.heads cascade', 'RX423', 'audit_is_append_only', 'nor all of them');
select throws_ok('delete from audit.anchored_heads', 'RX423', 'audit_is_append_only', 'nor what an anchor holds of them');
select tests.act_as('the engine');
select throws_ok($$delete from audit.entries$$, '42501', null, 'the engine may not delete');
select throws_ok($$update audit.entries set actor_id = null$$, '42501', null, 'the engine may not update what is sealed');
select throws_ok($$update audit.entries set new = '{}'$$, 'RX423', 'audit_is_append_only', 'and of the values it may only take them out');
select throws_ok($$update audit.entries set old = null, new = null$$, 'RX423', 'audit_is_append_only', '… whole, with their key');
select throws_ok($$update audit.seals set hash = ''$$, '42501', null, 'the engine may not update a seal');
select throws_ok($$update audit.anchors set bytes = ''$$, '42501', null, 'the engine may not update an anchor');
select throws_ok($$delete from audit.heads$$, '42501', null, 'the engine may not delete a head');
-- Nor would a right help: tg_refuse_change lets nothing through but what tg_entries__only_erase looks at.
select tests.act_as('the database');
grant delete, truncate on audit.entries to app_engine;
grant update on audit.seals, audit.entries to app_owner, app_engine;
select tests.act_as('the engine');
select throws_ok($$delete from audit.entries$$, 'RX423', 'audit_is_append_only', '… with a right to it, neither delete');
select throws_ok($$update audit.seals set hash = '' where false$$, 'RX423', 'audit_is_append_only', '… nor update a seal');
select tests.act_as('the owner');
select throws_ok(
  $$update audit.entries set old = null, new = null, ip = null, user_agent = null, key = null$$, 'RX423', 'audit_is_append_only', 'nobody but the engine takes out values');

select tests.act_as('the worker');
select throws_ok($$select from audit.entries$$, '42501', null, 'the worker may not read');
select throws_ok($$insert into audit.entries (occurred_at) values (now())$$, '42501', null, 'the worker may not write');
select throws_ok($$select audit.append(null, 'insert', 'x', null, null, null, null, null)$$, '42501', null, 'nor append');
select tests.act_as('a visitor');
select throws_ok($$select from audit.entries$$, '42501', null, 'a visitor may not read');
select tests.staff('olga', 'owner');
select tests.act_as('olga');
select throws_ok($$select old from audit.entries$$, '42501', null, 'a member has no grant on values');
select throws_ok($$update audit.entries set actor_id = null$$, '42501', null, 'a member may not update');
select throws_ok($$delete from app_public.audit_entries$$, '42501', null, 'nor delete through the view');
select throws_ok($$insert into audit.entries (occurred_at) values (now())$$, '42501', null, 'nor write');
select tests.act_as('the owner');
select is((select count(*) from audit.entries), 0::bigint, 'the owner sees none');
select throws_ok($$insert into audit.entries (occurred_at) values (now())$$, null, null, 'the owner cannot write past append()');

-- Truncating an audited table by hand is not silent either: tg_audit writes that down, too.
select tests.act_as('the database');
create table app_public.toys (id uuid primary key, organization_id uuid);
alter table app_public.toys owner to app_owner;
set local role app_owner;
select app_private.classify('app_public.toys', 'clinic', 'clinic', '{"public": ["id", "organization_id"]}');
truncate app_public.toys;
reset role;
select results_eq(
  $$select action, num_nonnulls(organization_id, row_key, person_id, changed, old, new) from audit.entries where table_name = 'app_public.toys'$$,
  $$values ('truncate', 0)$$, 'a truncate leaves an entry, which says no more');
select app_private.classify('app_public.toys', 'clinic', 'clinic', '{"public": ["id", "organization_id"]}', unaudited => 'A toy is nobody''s business.');
select is((select count(*) from pg_trigger where tgrelid = 'app_public.toys'::regclass), 0::bigint, 'a table that leaves the audit loses its triggers');
select * from finish();
rollback;
