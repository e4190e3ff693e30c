-- Test: act_on_retention - years later every rule has done its work, and no row of another table is gone. FND-12, GDP-03.
begin;
select plan(11);
select tests.two_clinics();

create function pg_temp.rows() returns table (table_name text, n bigint) language plpgsql as $$
begin
  for table_name in select t.name from tests.app_tables t loop
    execute format('select count(*) from %s', table_name) into n;
    return next;
  end loop;
end $$;
-- Again until nothing is left: some rows wait until others are gone.
create function pg_temp.do_all() returns int language plpgsql as $$
declare
  v_removed int := 0;
  v_more int;
begin
  loop
    select sum(app_private.act_on_retention(a.table_name, a.retention)) into v_more from app_private.retention_acts() a;
    exit when v_more = 0;
    v_removed := v_removed + v_more;
  end loop;
  return v_removed;
end $$;

-- One of each that is not over.
update app_private.event_deliveries set delivered_at = app_hidden.now();
update app_private.event_deliveries set delivered_at = null
where event_id = (select min(id::text)::uuid from app_private.events where organization_id = tests.id('atlas'));
update app_public.messages set status = 'sent', sent_at = app_hidden.now() where organization_id = tests.id('boreal');
insert into app_private.time_claims (organization_id, specialist_id, kind, during, blocked, expires_at, token_hash, released_at)
select organization_id, specialist_id, 'hold', span, span, now(), sha256(name), case when name = 'lapsed' then now() end
from app_private.time_claims
cross join (values ('lapsed'::bytea, tstzrange('2047-06-01', '2047-06-02')), ('standing', tstzrange('2047-06-03', '2047-06-04'))) as holds (name, span)
where id = (select min(id::text)::uuid from app_private.time_claims where organization_id = tests.id('atlas'));
update app_private.time_claims set visitor_id = 'v', address = '203.0.113.9', token_hash = sha256(id::text::bytea), first_token_hash = sha256('f')
where kind <> 'hold';

create temporary table before on commit drop as select * from pg_temp.rows();
create temporary table claims on commit drop as select * from app_private.time_claims;
select tests.freeze_time(now() + interval '30 days');
select is((select count(*) from app_private.effects), (select n from before where table_name = 'app_private.effects'), 'the fixture has effects');
select pg_temp.do_all();
select is((select count(*) from app_private.effects), (select n from before where table_name = 'app_private.effects'), 'after a month they are there');

select tests.freeze_time(now() + interval '20 years');
select cmp_ok(pg_temp.do_all(), '>', 10, 'after years much goes');
select is(pg_temp.do_all(), 0, 'once');
select set_eq(
  $$select after.table_name from pg_temp.rows() as after join before using (table_name) where after.n < before.n$$,
  $$select table_name from app_private.retention_rules where act = 'delete'$$,
  'every rule that deletes has deleted, and nothing else lost a row');
select set_eq(
  $$select rules.table_name from app_private.retention_rules as rules join pg_temp.rows() as after using (table_name)
    where rules.act = 'delete' and after.n > 0$$,
  array['app_private.event_deliveries', 'app_private.events', 'app_public.messages', 'app_private.time_claims', 'app_public.waitlist_entries', 'app_public.waitlist_offers'], 'of those tables only these keep anything');
select is((select count(*) from app_private.event_deliveries where delivered_at is not null), 0::bigint, 'deliveries that are still to be made');
select set_eq($$select id from app_private.events$$, $$select event_id from app_private.event_deliveries union select event_id from app_public.messages where event_id is not null$$,
  'their events, and those that messages are about');
select is((select count(*) from app_public.messages where status <> 'queued'), 0::bigint, 'messages that wait to be sent');
select set_eq($$select id from app_private.time_claims$$, $$select id from claims where kind <> 'hold' or released_at is null$$,
  'and claims that became something, or stand');
select is_empty($$select from app_private.time_claims where kind <> 'hold' and num_nonnulls(visitor_id, address, token_hash, first_token_hash) > 0$$,
  'of which nobody knows any more who held them');
select * from finish();
rollback;
