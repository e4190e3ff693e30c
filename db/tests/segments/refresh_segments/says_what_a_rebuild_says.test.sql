-- Test: refresh_segments, due_segments, check_segment - in random worlds, after any change and as time passes. SEG-03.
-- A world is some segments that name one another over random rules; each is changed several times, and after each change
-- the members are held beside what the rules say of everybody. Each kind of rule and of change leads in its turn, the rest is by
-- chance: eighty worlds meet all of them several times. PGOPTIONS='-c tests.worlds=500 -c tests.seed=0.25' asks for more of them, and
-- others; they stand in one transaction, so that many are asked for in several runs.
begin;
select plan(4);
select setseed(coalesce(nullif(current_setting('tests.seed', true), ''), '0.4711')::float8);
select tests.freeze_time('2027-03-10 10:00+00');
select tests.clinic('atlas');
select tests.staff('olga', 'owner');
select tests.patient('patient ' || chr(64 + n), account => false, birth_date => date '1950-01-01' + (random() * 27800)::int)
from generate_series(1, 9) as n;
select tests.specialist('mara');
select tests.calendar('busy', '{mara}');
select tests.appointment('visit ' || n, 'patient ' || chr(64 + n), 'busy', 'mara', timestamptz '2027-03-02 10:00+00' + n * interval '1 day')
from generate_series(1, 6) as n;
select tests.plan('ten', 10, 30);
insert into app_public.patient_service_plans (organization_id, patient_profile_id, service_plan_id, telerehab_access, library_access,
  starts_at, valid_until, price_amount, currency)
select organization_id, patient_profile_id, tests.id('ten'), false, false, at, at + interval '30 days', 450, 'RON'
from (select p.*, timestamptz '2027-02-20 10:00+00' + row_number() over (order by id) * interval '6 days' as at from app_public.patients as p
      where organization_id = tests.id('atlas')) as patients;

create function pg_temp.one_of(variadic words text[]) returns text language sql volatile
as $$ select words[1 + floor(random() * cardinality(words))::int] $$;

create temporary sequence rules; create temporary sequence changes;
grant usage on sequence rules, changes to public;
create function pg_temp.random_rule(depth int, segments uuid[], lead int default null) returns jsonb language plpgsql volatile as $$
declare
  v_words constant text[] := '{all,any,not,age,birthday,name,phone,locale,made,visits,soon,plan,plans,segment}';
  v_word text := coalesce(v_words[1 + lead % 14], pg_temp.one_of(variadic v_words));
begin
  if depth = 0 and v_word in ('all', 'any', 'not') then v_word := 'age'; end if;
  if cardinality(segments) = 0 and v_word = 'segment' then v_word := 'birthday'; end if;
  return case v_word
    when 'not' then jsonb_build_object('not', pg_temp.random_rule(depth - 1, segments))
    when 'age' then jsonb_build_object('field', 'profile.age', 'operator', pg_temp.one_of('at_least', 'less', 'is_not'), 'value', (20 + random() * 60)::int)
    when 'birthday' then jsonb_build_object('field', 'profile.days_to_birthday', 'operator', pg_temp.one_of('less', 'greater'), 'value', (random() * 365)::int)
    when 'name' then jsonb_build_object('field', 'profile.given_name', 'operator', pg_temp.one_of('is', 'contains_not', 'starts_with'), 'value', pg_temp.one_of('ana', 'An', 'Ștefan'))
    when 'phone' then jsonb_build_object('field', 'profile.has_phone', 'operator', 'is', 'value', random() < 0.5)
    when 'locale' then jsonb_build_object('field', 'profile.locale', 'operator', pg_temp.one_of('is', 'is_not'), 'value', pg_temp.one_of('ro', 'en'))
    when 'made' then jsonb_build_object('field', 'profile.birth_date', 'operator', pg_temp.one_of('last_days', 'more_days_ago', 'next_days'), 'value', (random() * 3650)::int)
    when 'visits' then jsonb_build_object('count', jsonb_build_object('of', 'appointments', 'within', jsonb_build_object('days', (1 + random() * 40)::int)),
      'operator', pg_temp.one_of('is', 'at_least'), 'value', (random() * 2)::int)
    when 'soon' then jsonb_build_object('count', jsonb_build_object('of', 'appointments', 'where',
      jsonb_build_object('field', 'appointment.is_to_come', 'operator', 'is', 'value', random() < 0.7)), 'operator', 'at_least', 'value', 1)
    when 'plan' then jsonb_build_object('field', 'patient.has_open_plan', 'operator', 'is', 'value', random() < 0.7)
    when 'plans' then jsonb_build_object('count', jsonb_build_object('of', 'plans', 'where',
      jsonb_build_object('field', 'plan.is_open', 'operator', 'is', 'value', random() < 0.7)), 'operator', pg_temp.one_of('is', 'less'), 'value', (random() * 2)::int)
    when 'segment' then jsonb_build_object('segment', segments[1 + floor(random() * cardinality(segments))::int])
    else jsonb_build_object(v_word, (select coalesce(jsonb_agg(pg_temp.random_rule(depth - 1, segments)), '[]') from generate_series(1, (random() * 3)::int)))
  end;
end $$;

create function pg_temp.change(segments uuid[], lead int default null) returns text language plpgsql volatile as $$
declare
  v_words constant text[] := '{time,time,time,born,called,phone,locale,gone,back,visit,moved,handed,plan,list,rule}';
  v_word text := coalesce(v_words[1 + lead % 15], pg_temp.one_of(variadic v_words));
  v_patient app_public.patients := (select p from app_public.patients as p where p.organization_id = tests.id('atlas') order by random() limit 1);
  v_at int := 2 + floor(random() * (cardinality(segments) - 1))::int;
begin
  case v_word
    when 'time' then perform tests.freeze_time(app_hidden.now() + random() ^ 3 * interval '90 days');
    when 'born' then
      update app_public.patient_profiles set birth_date = date '1950-01-01' + (random() * 27800)::int where id = v_patient.patient_profile_id;
    when 'called' then
      update app_public.patient_profiles set given_name = pg_temp.one_of('Ana', 'Ancuța', 'Ştefan', 'Ion') where id = v_patient.patient_profile_id;
    when 'phone' then
      update app_public.patient_profiles set phone = case when phone is null then '+40722000111' end where id = v_patient.patient_profile_id;
    when 'locale' then update app_public.patient_profiles set locale = pg_temp.one_of('ro', 'en') where id = v_patient.patient_profile_id;
    when 'gone' then update app_public.patients set deleted_at = app_hidden.now() where id = v_patient.id and random() < 0.5;
    when 'back' then update app_public.patients set deleted_at = null where organization_id = v_patient.organization_id;
    when 'visit' then
      update app_public.appointments set deleted_at = case when deleted_at is null then app_hidden.now() end
      where patient_profile_id = v_patient.patient_profile_id;
    when 'moved' then
      update app_public.appointments set starts_at = new_at, ends_at = new_at + (ends_at - starts_at)
      from (select app_hidden.now() + (random() - 0.5) * interval '30 days' as new_at) as one
      where patient_profile_id = v_patient.patient_profile_id;
    when 'handed' then
      update app_public.appointments set patient_profile_id = v_patient.patient_profile_id
      where id = (select id from app_public.appointments where patient_profile_id <> v_patient.patient_profile_id order by random() limit 1);
    when 'plan' then
      update app_public.patient_service_plans set valid_until = starts_at + random() * interval '90 days'
      where patient_profile_id = v_patient.patient_profile_id;
    when 'list' then
      if v_patient.deleted_at is null then
        perform app_private.put_in_segment(v_patient.organization_id, segments[1], v_patient.id, random() < 0.6);
      end if;
    when 'rule' then
      perform tests.act_as('olga');
      perform app_public.edit_segment(segments[v_at], rule => pg_temp.random_rule(2, segments[1:v_at - 1], nextval('rules')::int));
      perform tests.act_as('the database');
  end case;
  return v_word;
end $$;

/* Segments whose members are not those of their rule, or of the list without those who are gone. */
create function pg_temp.wrong(ours uuid[]) returns text language plpgsql volatile as $$
declare
  v_segment app_public.segments;
  v_wrong text;
begin
  for v_segment in select * from app_public.segments as s where s.id = any (ours) loop
    with wanted as (
      select app_private.rule_members(v_segment.organization_id, v_segment.rule) as id where v_segment.kind = 'rule'
      union
      select m.patient_id from app_public.segment_members m join app_public.patients p on p.id = m.patient_id
      where v_segment.kind = 'list' and m.segment_id = v_segment.id and m.left_at is null and p.deleted_at is null
    )
    select coalesce(w.id::text, 'nobody') || ' <> ' || coalesce(m.patient_id::text, 'nobody') || ' by ' || coalesce(v_segment.rule::text, 'list')
    into v_wrong
    from wanted w
    full join (select patient_id from app_public.segment_members where segment_id = v_segment.id and left_at is null) m on m.patient_id = w.id
    where w.id is null or m.patient_id is null
    limit 1;
    if v_wrong is not null then return v_wrong; end if;
  end loop;
  return null;
end $$;

create function pg_temp.worlds(worlds int) returns text language plpgsql volatile as $$
declare
  v_segments uuid[];
  v_wrong text;
  v_did text;
begin
  for v_world in 1 .. worlds loop
    if v_world % 10 = 1 then
      perform tests.act_as('olga');
      for v_n in reverse coalesce(cardinality(v_segments), 0) .. 1 loop
        -- Those that name others go first.
        perform app_public.remove_segment(v_segments[v_n]);
      end loop;
      v_segments := array[(app_public.create_segment(tests.id('atlas'), 'List ' || v_world)).id];
      for v_n in 1 .. 3 loop
        v_segments := v_segments || (app_public.create_segment(tests.id('atlas'), 'Rule ' || v_n, pg_temp.random_rule(2, v_segments, nextval('rules')::int))).id;
      end loop;
      perform tests.act_as('the database');
    end if;
    v_did := '';
    for v_n in 1 .. 1 + floor(random() * 3)::int loop
      v_did := v_did || ' ' || pg_temp.change(v_segments, case when v_n = 1 then nextval('changes')::int end);
    end loop;
    perform app_private.due_segments();
    while app_private.refresh_segments(tests.id('atlas')) loop null; end loop;
    v_wrong := pg_temp.wrong(v_segments);
    if v_wrong is not null then return v_world || ':' || v_did || ': ' || v_wrong; end if;
  end loop;
  return null;
end $$;

select is(pg_temp.worlds(coalesce(nullif(current_setting('tests.worlds', true), ''), '80')::int), null, 'members are those of a rebuild');
select is((select count(*)::int from app_private.segment_marks), 0, 'nobody is left to be looked at');
select is((select sum(app_private.check_segment(id))::int from app_public.segments where deleted_at is null), 0, 'the nightly check finds nothing wrong');
-- What no trigger saw.
select tests.act_as('olga');
select app_public.create_segment(tests.id('atlas'), 'Everybody', '{"all": []}');
select tests.act_as('the database');
select app_private.refresh_segments(tests.id('atlas'));
set local session_replication_role = replica;
delete from app_public.segment_members where left_at is null;
set local session_replication_role = origin;
select isnt((select sum(app_private.check_segment(id))::int from app_public.segments where deleted_at is null), 0, 'it finds who is missing');
select * from finish();
rollback;
