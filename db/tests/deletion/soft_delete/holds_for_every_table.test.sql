-- Test: soft_delete - every table that joins: hidden from everybody at once, restored as it was, never for good. FND-10.
begin;
select tests.two_clinics();
create temporary table entities as select table_name, split_part(table_name, '.', 2) as entity from app_private.soft_deletes;
grant select on entities to public;
select plan(3 + 4 * (select count(*) from entities)::int);

-- One live row of atlas of each, and how it looked.
create temporary table chosen (entity text primary key, id uuid, before jsonb);
grant select on chosen to public;
do $$
declare
  r record;
begin
  for r in select * from entities loop
    execute format(
      'insert into chosen select %L, t.id, to_jsonb(t) - ''updated_at'' from %s t
       where t.deleted_at is null and tests.id(''atlas'') in ((to_jsonb(t) ->> ''organization_id'')::uuid, t.id)
       order by t.id limit 1', r.entity, r.table_name);
  end loop;
end;
$$;
select is((select count(*) from chosen), (select count(*) from entities), 'each has a row to try');
select cmp_ok((select count(*) from entities), '>=', 7::bigint, 'services, calendars, specialties, specialists, patients, appointments, clinics');

create function pg_temp.seen_by(persona text, entity text, id uuid) returns boolean language plpgsql as $$
declare
  v_seen boolean;
begin
  perform tests.act_as(persona);
  execute format('select exists (select from app_public.%I t where t.id = $1)', entity) into v_seen using id;
  perform tests.act_as('the database');
  return v_seen;
end;
$$;
create function pg_temp.try_to(what text) returns text language plpgsql as $$
begin
  execute what;
  return 'done';
exception when others then
  return sqlstate;
end;
$$;
create function pg_temp.round_trip(entity text, id uuid, before jsonb) returns setof text language plpgsql as $$
declare
  v_now jsonb;
begin
  return next ok(pg_temp.seen_by('olga', entity, id), entity || ': the owner sees it');
  perform app_private.mark_deleted('app_public.' || entity, id, '2027-01-01 12:00+00');
  return next ok(
    not pg_temp.seen_by('olga', entity, id) and not pg_temp.seen_by('root', entity, id) and not pg_temp.seen_by('ana', entity, id),
    entity || ': deleted, nobody does');
  perform tests.act_as('olga');
  return next is(pg_temp.try_to(format('delete from app_public.%I', entity)), '42501', entity || ': nobody deletes for good');
  perform tests.act_as(case entity when 'organizations' then 'root' else 'olga' end);
  perform app_public.restore_deleted_row(entity, id);
  perform tests.act_as('the database');
  execute format('select to_jsonb(t) - ''updated_at'' from app_public.%I t where t.id = $1', entity) into v_now using id;
  return next is(v_now, before, entity || ': restored, it is as it was');
end;
$$;
select pg_temp.round_trip(c.entity, c.id, c.before) from chosen c order by c.entity;
select is(
  (select count(*) from tests.app_tables t join entities e on e.table_name = t.name
   where not exists (select from app_private.classified_tables k where k.table_name = t.name and k.unaudited is null)),
  0::bigint, 'and every one of them is followed by the audit');
select * from finish();
rollback;
