-- Whoever opened one patient's record, by whatever query, verb or file link, is on record once a visit. FND-08.
-- Called by the API's login role in the reader's name, before the answer leaves (server/readings). A visit: the same
-- reader, patient and clinic within thirty minutes of the entry, a chart opened by open_patient_chart included. A link to
-- a file is recorded beside, once a visit too.

set role app_engine;

create or replace function app_hidden.record_readings(person_ids uuid[], organization_ids uuid[], what text, via text)
returns int
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_reader_id constant uuid := app_hidden.current_principal_id();
  v_now constant timestamptz := app_hidden.now();
  v_visit constant interval := interval '30 minutes';
  v_next timestamptz;
  v_record record;
  v_read_at timestamptz;
begin
  for v_record in
    with asked as (
      select distinct given.person_id, given.organization_id
      from unnest(record_readings.person_ids, record_readings.organization_ids) as given (person_id, organization_id)
      where given.person_id <> all (app_hidden.current_human_patient_profile_ids())
    ), at_a_clinic as (
      select patients.id, patients.organization_id, patients.patient_profile_id,
             asked.organization_id is not null
               or patients.organization_id = any (app_hidden.current_staff_organization_ids()) as is_readers
      from asked
      join app_public.patients
        on patients.patient_profile_id = asked.person_id
       and (asked.organization_id is null or patients.organization_id = asked.organization_id)
    )
    select distinct at_a_clinic.id, at_a_clinic.organization_id, at_a_clinic.patient_profile_id
    from at_a_clinic
    -- A row that names no clinic was read by somebody of the reader's clinics; by nobody's, it counts at each.
    where at_a_clinic.is_readers or not exists (
      select from at_a_clinic as other
      where other.patient_profile_id = at_a_clinic.patient_profile_id and other.is_readers)
    order by at_a_clinic.patient_profile_id, at_a_clinic.organization_id
  loop
    -- Two answers at once are one visit.
    perform pg_advisory_xact_lock(hashtextextended(
      concat_ws(' ', 'reading', v_reader_id, v_record.patient_profile_id, v_record.organization_id), 0));
    select max(entries.occurred_at) into v_read_at
    from audit.entries
    where entries.person_id = v_record.patient_profile_id
      and entries.occurred_at > v_now - v_visit
      and entries.actor_id = v_reader_id
      and entries.organization_id = v_record.organization_id
      and entries.action = 'read'
      -- That a file was asked for is more than that the record was open.
      and (record_readings.what <> 'file' or entries.new ->> 'what' = 'file');
    if v_read_at is null then
      perform audit.record_read(
        v_record.organization_id, 'app_public.patients', v_record.id::text, record_readings.what,
        v_record.patient_profile_id, jsonb_build_object('via', record_readings.via));
      v_read_at := v_now;
    end if;
    v_next := least(v_next, v_read_at + v_visit);
  end loop;
  -- What one may read of oneself is asked again after a minute: links to others end.
  return floor(extract(epoch from coalesce(v_next, v_now + interval '1 minute') - v_now));
end;
$$;

comment on function app_hidden.record_readings is
  'Records that the caller read these people''s records at these clinics (null: at the caller''s own), each once in thirty '
  'minutes; not of themselves and those they care for. what: "record" or "file"; via: the kind of rows. Returns for how many '
  'seconds the same need not be said again.';
grant execute on function app_hidden.record_readings to app_authenticator;

reset role;
