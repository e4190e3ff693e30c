-- Test: tg_mark_segments, tg_mark_former_patient - every table that rules read marks whom a change is about, for each command, and
-- whom a row leaves. SEG-03.
begin;
select plan(4);

create function pg_temp.wanted() returns table (of text, trigger text, function text, arguments text[]) language sql as $$
  select sources.table_name, '_900_segments_' || sources.code || '_' || kinds.kind,
    case kinds.kind when 'left' then 'tg_mark_former_patient' else 'tg_mark_segments' end,
    array_remove(array[sources.code, sources.found_by, sources.detail_column], null)
  from app_private.rule_sources as sources
  cross join unnest('{insert,update,delete,left}'::text[]) as kinds (kind)
  where kinds.kind <> 'left' or sources.found_by in ('patient_id', 'patient_profile_id')
$$;
create function pg_temp.standing() returns table (of text, trigger text, function text, arguments text[]) language sql as $$
  select format('%s.%s', namespace.nspname, relation.relname), standing.tgname::text, called.proname::text,
    string_to_array(rtrim(convert_from(standing.tgargs, 'UTF8'), e'\n'), ',')
  from (
    select tgname, tgrelid, tgfoid, replace(encode(tgargs, 'escape'), '\000', ',')::bytea as tgargs from pg_trigger
    where not tgisinternal and tgname like '\_900\_segments\_%' and tgenabled <> 'D') as standing
  join pg_class as relation on relation.oid = standing.tgrelid
  join pg_namespace as namespace on namespace.oid = relation.relnamespace
  join pg_proc as called on called.oid = standing.tgfoid
$$;
select set_eq(
  $$select of, trigger, function, array_to_string(arguments, ',') || ',' from pg_temp.wanted()$$,
  $$select of, trigger, function, array_to_string(arguments, ',') from pg_temp.standing()$$,
  'the triggers are those of the sources');
select is_empty(
  $$select tgrelid::regclass, tgname from pg_trigger
    where tgname like '\_900\_segments\_%' and tgname !~ '_left$'
      and (case when tgname ~ '_insert$' then 4 when tgname ~ '_delete$' then 8 else 16 end) <> (tgtype & 28)$$,
  'each is of the command that its name says');
select is_empty(
  $$select tgrelid::regclass, tgname from pg_trigger
    where tgname ~ '^_900_segments_.*_left$' and pg_get_triggerdef(oid) !~ '\(old\.(patient_id|patient_profile_id) IS DISTINCT FROM new\.\1\)'$$,
  'and one of leaving runs where the patient is another one, and nowhere else');

insert into app_private.rule_sources (code, table_name, found_by) values ('waiting', 'app_public.waitlist_entries', 'patient_profile_id');
select is(
  (select count(*)::int from (
    select of, trigger from pg_temp.wanted() except select of, trigger from pg_temp.standing()) as missing),
  4, 'a source without triggers is found');
select * from finish();
rollback;
