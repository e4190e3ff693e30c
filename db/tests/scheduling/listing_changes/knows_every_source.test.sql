-- Test: tables_of_listings, listing_changes - what a listing reads is watched, table by table; a new one is named here. SCH-07.
begin;
select plan(4);
create function pg_temp.read_by_listings() returns setof text language sql as $$
  with recursive functions as (
    select f.oid, f.proname, regexp_replace(pg_get_functiondef(f.oid), '--[^\n]*', '', 'g') as body
    from tests.app_functions f
    -- The booking of a token decides who may list, not what is listed.
    where f.prokind = 'f' and f.proname not in ('refuse', 'moves_booking')
  ), called as (
    select functions.oid, functions.body from functions where functions.proname = 'available_slots'
    union
    select callee.oid, callee.body
    from called
    join functions as callee on called.body ~ ('\mapp_(private|public|hidden)\.' || callee.proname || '\s*\(')
  )
  select distinct t.name
  from called
  join tests.app_tables t on called.body ~* ('\m(from|join)[\s(]+' || replace(t.name, '.', '\.') || '\M')
$$;
select results_eq(
  $$select * from pg_temp.read_by_listings() except select unnest(app_private.tables_of_listings()) order by 1$$,
  -- Claims and turns are told by their own ids and events; who works where decides who may list, not what is listed.
  $$values ('app_private.resource_claims'), ('app_private.specialist_assignment_tracking'), ('app_private.time_claims'),
           ('app_public.memberships'), ('app_public.principals')$$,
  'available_slots() reads nothing else than what listing_changes() looks at');
select is_empty(
  $$select unnest(app_private.tables_of_listings()) except select * from pg_temp.read_by_listings()$$, 'and it looks at nothing else');
select is_empty(
  $$select name from unnest(app_private.tables_of_listings()) as name
    where not exists (select from pg_trigger where tgrelid = name::regclass and tgname = '_500_audit' and tgenabled <> 'D')$$,
  'an edit of each of these leaves an entry');
-- Inserts are found by their ids. Whoever changes or removes claims publishes slot.held or slot.released, itself or the verb
-- that it is a step of; misses_nothing.test.sql has a step for each. Taking an offer puts off when its hold ends, and no more.
select set_eq(
  $$select proname::text from tests.app_functions
    where prosrc ~* '\m(update|delete from|merge into)\s+(app_private\.)?(time_claims|resource_claims)\M'$$,
  '{convert_claim,count_assignment,hand_turn_over,leave,let_go,prolong_hold,reassign_specialist,resize_claim,settle_sessions,take_offered,take_resources,uncount_assignment,write_claim}'::text[],
  'and whoever changes claims is known');
select * from finish();
rollback;
