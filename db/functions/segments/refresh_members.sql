-- Who is in these segments by their rules, of these patients or of all, in one statement: the row of a patient is read once for all
-- of them. Each rule is a condition of which PostgreSQL asks the cheap parts first; an instant at which several turn is found once.
-- A list is a rule as well: whoever is in it stays while they are a patient. The text is made anew each time, so it is planned for
-- as many as there are. SEG-03.
-- What a change of somebody's rows or the passing of time does is an event; what an administrator did, by a new rule, is not: nobody
-- is written to because somebody edits a segment. docs/decisions/0140.

create or replace function app_private.refresh_members(organization_id uuid, segment_ids uuid[], patient_ids uuid[]) returns int
language plpgsql volatile
set search_path = ''
set work_mem = '32MB'
as $$
declare
  v_patients constant text := case when patient_ids is null then '$2::uuid[] is null' else 'patients.id = any ($2)' end;
  v_these constant text := case when patient_ids is null then '' else ' and stays.patient_id = any ($2)' end;
  v_ids uuid[] := '{}';
  v_told uuid[] := '{}';
  v_holds text[] := '{}';
  v_turns text[] := '{}';
  v_turning uuid[] := '{}';
  v_places int[] := '{}';
  v_parameters jsonb := '[]';
  v_reads app_private.rule_read[] := '{}';
  v_asked text;
  v_read record;
  v_columns text := '';
  v_joins text := '';
  v_segment app_public.segments;
  v_part app_private.rule_part;
  v_turn text;
  v_moved int;
  v_stays_told app_public.segment_members[];
begin
  for v_segment in
    select segments.*
    from app_public.segments
    where segments.organization_id = refresh_members.organization_id and segments.id = any (segment_ids) and segments.deleted_at is null
  loop
    v_part := app_private.rule_part(
      refresh_members.organization_id, coalesce(v_segment.rule, jsonb_build_object('segment', v_segment.id)), null, null, v_parameters);
    v_parameters := v_part.parameters;
    v_reads := v_reads || v_part.reads;
    v_ids := v_ids || v_segment.id;
    v_holds := v_holds || format('case when %s then %s end', v_part.condition_sql, cardinality(v_ids));
    if v_segment.filled_version = v_segment.version then
      v_told := v_told || v_segment.id;
    end if;
    if cardinality(v_part.turns_sql) > 0 then
      v_turn := 'least(' || (select string_agg(distinct turn, ', ' order by turn) from unnest(v_part.turns_sql) as turn) || ')';
      if v_turn <> all (v_turns) then
        v_turns := v_turns || v_turn;
      end if;
      v_turning := v_turning || v_segment.id;
      v_places := v_places || array_position(v_turns, v_turn);
    end if;
  end loop;

  -- What several rules read is read once: a value as a column of the patient, and all that is counted of a collection in one look.
  v_asked := array_to_string(v_holds, ', ') || ']::int[], null) as places, array[' || array_to_string(v_turns, ', ') || ']::timestamptz[] as turns';
  for v_read in
    select shared.rows_sql, array_agg(shared.asked order by shared.asked) as asked, array_agg(shared.read_sql order by shared.asked) as reads,
      'of_' || row_number() over (order by shared.rows_sql) as name
    from (select distinct on (read.asked) read.*, count(*) over (partition by read.asked) as times from unnest(v_reads) as read) as shared
    where shared.rows_sql is not null or shared.times > 1
    group by shared.rows_sql
    having shared.rows_sql is null or count(*) > 1
  loop
    for place in 1..cardinality(v_read.asked) loop
      v_asked := replace(v_asked, v_read.asked[place],
        case when v_read.rows_sql is null then 'p' else v_read.name end || '.read_' || place);
      v_read.reads[place] := v_read.reads[place] || ' as read_' || place;
    end loop;
    if v_read.rows_sql is null then
      v_columns := ', ' || array_to_string(v_read.reads, ', ');
    else
      v_joins := v_joins || ' cross join lateral (select ' || array_to_string(v_read.reads, ', ') || v_read.rows_sql || ') as ' || v_read.name;
    end if;
  end loop;

  -- The day and the clock of the clinic are asked once: each rule that asked for itself would be planned for itself.
  execute 'with looked as materialized (
      select p.id, p.patient_profile_id, array_remove(array[' || replace(replace(v_asked
        || ' from (select app_private.rule_today($1) as today, app_private.rule_zone($1) as zone offset 0) as clinic
          cross join lateral (select p.*' || v_columns || ' from ' || app_private.rule_patients(v_patients) || ' as p offset 0) as p' || v_joins,
        '(select app_private.rule_today($1))', 'clinic.today'), '(select app_private.rule_zone($1))', 'clinic.zone') || '
      where $3 is not null and $4 is null
    ), wanted as materialized (
      select ($5)[place] as segment_id, looked.id as patient_id, looked.patient_profile_id
      from looked cross join unnest(looked.places) as place
    ), present as (
      select stays.id, stays.segment_id, stays.patient_id
      from app_public.segment_members as stays
      where stays.organization_id = $1 and stays.segment_id = any ($5) and stays.left_at is null' || v_these || '
    ), differing as materialized (
      select present.id as gone_id, wanted.segment_id, wanted.patient_id, wanted.patient_profile_id
      from wanted
      full join present on present.segment_id = wanted.segment_id and present.patient_id = wanted.patient_id
      where wanted.segment_id is null or present.id is null
    ), gone as (
      update app_public.segment_members as stays set left_at = greatest($9, stays.entered_at)
      where stays.organization_id = $1 and stays.left_at is null
        and stays.id in (select differing.gone_id from differing where differing.gone_id is not null)
      returning stays.*
    ), come as (
      insert into app_public.segment_members (organization_id, segment_id, patient_id, patient_profile_id, entered_at)
      select $1, differing.segment_id, differing.patient_id, differing.patient_profile_id, $9
      from differing
      where differing.gone_id is null
      on conflict do nothing
      returning segment_members.*
    ), moved as (
      select gone.* from gone
      union all
      select come.* from come
    ), turning as materialized (
      select asking.segment_id, looked.id as patient_id, looked.turns[asking.place] as at
      from looked cross join unnest($7, $8) as asking (segment_id, place)
      where looked.turns[asking.place] is not null
    ), noted as (
      select stays.segment_id, stays.patient_id, stays.at
      from app_private.segment_rechecks as stays
      where stays.organization_id = $1 and stays.segment_id = any ($5)' || v_these || '
    ), due_otherwise as materialized (
      -- Most are due when they were: only what differs is written.
      select coalesce(turning.segment_id, noted.segment_id) as segment_id, coalesce(turning.patient_id, noted.patient_id) as patient_id,
        turning.at
      from turning
      full join noted on noted.segment_id = turning.segment_id and noted.patient_id = turning.patient_id
      where turning.at is distinct from noted.at
    ), forgotten as (
      delete from app_private.segment_rechecks as kept
      using due_otherwise
      where kept.organization_id = $1 and kept.segment_id = due_otherwise.segment_id and kept.patient_id = due_otherwise.patient_id
        and due_otherwise.at is null
    ), kept as (
      insert into app_private.segment_rechecks (organization_id, segment_id, patient_id, at)
      select $1, due_otherwise.segment_id, due_otherwise.patient_id, due_otherwise.at
      from due_otherwise
      where due_otherwise.at is not null
      on conflict on constraint segment_rechecks_pkey do update set at = excluded.at
    )
    select count(*), array_agg(moved::app_public.segment_members) filter (where moved.segment_id = any ($6)) from moved'
  into v_moved, v_stays_told
  using refresh_members.organization_id, patient_ids, v_parameters, null::uuid, v_ids, v_told, v_turning, v_places, app_hidden.now();

  perform app_private.publish_stays(v_stays_told);
  if patient_ids is null then
    update app_public.segments set filled_version = segments.version
    where segments.organization_id = refresh_members.organization_id and segments.id = any (v_ids)
      and segments.filled_version is distinct from segments.version;
  end if;
  return v_moved;
end;
$$;

comment on function app_private.refresh_members is
  'Has these patients, or all, in these segments or not, as the rules say now; how many entered or left. No segment may name another of them.';
grant execute on function app_private.refresh_members to app_engine;
