-- Test: the ledger - no statement of any role changes an entry, no writer forks it or takes it below zero. CAT-04, CAT-06.
begin;
select plan(50);
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.patient('ana');
select tests.plan('sessions', 2);
select tests.has_plan('ana', 'sessions');

create function pg_temp.is_refused(who text, statement text, code text, reason text) returns setof text language plpgsql as $$
begin
  return query select * from tests.refuses(statement, code, reason, who || ': ' || split_part(statement, ' app_public', 1));
end $$;
create temporary table statements (statement text);
insert into statements values
  ($$update app_public.entitlement_entries set quantity = 100$$),
  ($$update app_public.entitlement_entries set reason = 'x' where false$$),
  ($$delete from app_public.entitlement_entries$$),
  ($$truncate app_public.entitlement_entries$$),
  ($$truncate app_public.patient_entitlements cascade$$),
  ($$insert into app_public.entitlement_entries (id, organization_id, patient_entitlement_id, number, entry, quantity, balance, effective_at)
     select id, organization_id, patient_entitlement_id, 1, 'grant', 5, 5, now() from app_public.entitlement_entries
     on conflict (id) do update set quantity = 100$$),
  ($$merge into app_public.entitlement_entries as t using app_public.patient_entitlements as e on t.patient_entitlement_id = e.id
     when matched then update set quantity = 100$$);
grant select on statements to public;
-- The superuser, who passes row security, and whose rights no grant bounds.
select f.* from statements, pg_temp.is_refused('superuser', statement, 'IMMUTABLE', 'entitlement_entry_is_immutable') f;
select tests.act_as('the engine');
select f.* from statements, pg_temp.is_refused('engine', statement, '42501', null) f where statement !~ '^truncate';
select tests.act_as('the owner');
select f.* from statements, pg_temp.is_refused('owner', statement, 'IMMUTABLE', 'entitlement_entry_is_immutable') f where statement ~ '^(update|delete|truncate)';
select tests.act_as('adrian');
select f.* from statements, pg_temp.is_refused('admin', statement, '42501', null) f where statement ~ '^(update|delete)';

-- A writer who does not ask the functions.
select tests.act_as('the database');
create function pg_temp.write(entry text, quantity int) returns void language sql as $$
  insert into app_public.entitlement_entries (organization_id, patient_entitlement_id, number, entry, quantity, balance, effective_at, subject_kind, subject_id)
  select organization_id, id, 1, entry, quantity, 1000, now(), case entry when 'debit' then 'appointment' end, case entry when 'debit' then uuidv7() end
  from app_public.patient_entitlements
$$;
select * from tests.breaks($$select pg_temp.write('debit', -3)$$, 'entitlement_entries_balance_is_not_negative', 'not more than is left');
select * from tests.breaks($$select pg_temp.write('debit', 1)$$, 'entitlement_entries_quantity_is_as_the_entry_says', 'what is used is less than before');
select * from tests.breaks($$select pg_temp.write('grant', -1)$$, 'entitlement_entries_quantity_is_as_the_entry_says', 'and what is given more');
select pg_temp.write('debit', -2);
select results_eq($$select number, balance from app_public.entitlement_entries order by number$$, $$values (1, 2), (2, 0)$$, 'number and balance are what they must be, whatever was written');
select * from tests.breaks($$delete from app_public.patient_entitlements$$, 'entitlement_entries_entitlement_fkey', 'what has a history stays');
select is((select sum(quantity) from app_public.entitlement_entries)::int, tests.left_of('ana', 'sessions'), 'what is left is the sum');
select * from finish();
rollback;
