-- What is stored is read again by the rules that hold now: numbers that nobody can dial are mended where they can be
-- (+400722000123 is +40722000123) and named in a notice, by table and id, where somebody has to look. Names lose what
-- nobody sees. Addresses stay: one that breaks a rule has received mail or has not, and its owner changes it. FND-07.
-- Row security is forced on the owner, so it is lifted for these lines (0003).

do $$
declare
  v_tables constant text[] := array['patient_profiles', 'specialists', 'organizations', 'booking_requests'];
  v_table text;
  v_column text;
  v_row record;
begin
  foreach v_table in array v_tables || '{patients}' loop
    execute format('alter table app_public.%I no force row level security', v_table);
  end loop;
  alter table app_private.patient_search no force row level security;

  foreach v_table in array v_tables loop
    v_column := case when v_table in ('specialists', 'organizations') then 'contact_phone' else 'phone' end;
    for v_row in execute format(
      'select t.id, reading.number, reading.problem from app_public.%I as t, app_hidden.read_phone(t.%I, null) as reading '
      'where reading.number is distinct from t.%2$I', v_table, v_column)
    loop
      if v_row.problem is null then
        execute format('update app_public.%I set %I = $1 where id = $2', v_table, v_column) using v_row.number, v_row.id;
      else
        raise notice 'app_public.%.% of % is no number that can be dialled: %', v_table, v_column, v_row.id, v_row.problem;
      end if;
    end loop;
  end loop;

  update app_public.patient_profiles
  set given_name = app_hidden.read_name(given_name), family_name = app_hidden.read_name(family_name)
  where given_name <> app_hidden.read_name(given_name) or family_name <> app_hidden.read_name(family_name);
  update app_public.specialists
  set given_name = app_hidden.read_name(given_name), family_name = app_hidden.read_name(family_name)
  where given_name <> app_hidden.read_name(given_name) or family_name <> app_hidden.read_name(family_name);

  insert into app_private.patient_search (organization_id, patient_id, patient_profile_id, text)
  select patients.organization_id, patients.id, patient_profiles.id, app_private.patient_search_text(patient_profiles)
  from app_public.patients
  join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
  on conflict on constraint patient_search_pkey do nothing;

  foreach v_table in array v_tables || '{patients}' loop
    execute format('alter table app_public.%I force row level security', v_table);
  end loop;
  alter table app_private.patient_search force row level security;
end;
$$;
