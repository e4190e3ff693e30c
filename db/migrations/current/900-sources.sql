-- Written by npm run db:stage from db/functions and db/policies: change those, not this file.

-- source: functions/audit/prepare_anchor.sql
-- Writes down where every chain ends, as a document for the world outside the database. FND-09.
-- Each document names the hash of the one before, so they are a chain as well. The row is committed before the object
-- is stored: a run that is killed in between leaves it to the next one, with the same bytes.
-- requires: functions/core/now.sql

set role app_engine;

create or replace function audit.prepare_anchor() returns table (number bigint, object_key text, bytes bytea)
language plpgsql volatile security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_before audit.anchors;
  v_number bigint;
  v_bytes bytea;
begin
  perform pg_advisory_xact_lock(hashtextextended('audit: anchor', 0));
  select anchors.* into v_before from audit.anchors order by anchors.number desc limit 1;
  v_number := coalesce(v_before.number, 0) + 1;

  select convert_to(jsonb_build_object(
        'number', v_number,
        'previous', encode(v_before.hash, 'hex'),
        'at', to_char(app_hidden.now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        'heads', jsonb_agg(jsonb_build_object(
          'organization', nullif(moved.scope_id, '00000000-0000-0000-0000-000000000000'), 'sequence', moved.sequence, 'hash', encode(moved.hash, 'hex'))
          order by moved.scope_id))::text, 'UTF8')
    into v_bytes
    from audit.heads as moved
    where not exists (
      select from audit.anchored_heads as anchored
      where anchored.scope_id = moved.scope_id and anchored.sequence = moved.sequence)
    having count(*) > 0;

  if v_bytes is not null then
    insert into audit.anchors (number, object_key, bytes, hash, previous_hash, created_at)
    values (v_number, 'audit/anchors/' || lpad(v_number::text, 12, '0') || '.json', v_bytes, sha256(v_bytes), v_before.hash,
            app_hidden.now());
    insert into audit.anchored_heads (anchor_number, scope_id, sequence, hash)
    select v_number, coalesce(head.organization, '00000000-0000-0000-0000-000000000000'), head.sequence,
           decode(head.hash, 'hex')
    from jsonb_to_recordset(convert_from(v_bytes, 'UTF8')::jsonb -> 'heads') as head (organization uuid, sequence bigint, hash text);
  end if;

  return query
  select anchors.number, anchors.object_key, anchors.bytes from audit.anchors where anchors.stored_at is null order by anchors.number;
end;
$$;

comment on function audit.prepare_anchor() is
  'Makes an anchor of all chains that moved since the last, if any did, and answers with those that are not in object storage yet.';

revoke all on function audit.prepare_anchor() from public;
grant execute on function audit.prepare_anchor() to app_worker;
reset role;
-- end of source: functions/audit/prepare_anchor.sql

-- source: functions/audit/record_readings.sql
-- Whoever opened one patient's record, by whatever query, verb or file link, is on record once a visit. FND-08.
-- Called by the API's login role in the reader's name, before the answer leaves (server/readings). A visit: the same
-- reader, patient and clinic within thirty minutes of the entry, a chart opened by open_patient_chart included. A link to
-- a file is recorded beside, once a visit too.
-- requires: functions/core/now.sql
-- requires: functions/core/current_principal_id.sql
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/audit/record_read.sql

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

comment on function app_hidden.record_readings(uuid[], uuid[], text, text) is
  'Records that the caller read these people''s records at these clinics (null: at the caller''s own), each once in thirty '
  'minutes; not of themselves and those they care for. what: "record" or "file"; via: the kind of rows. Returns for how many '
  'seconds the same need not be said again.';
revoke all on function app_hidden.record_readings(uuid[], uuid[], text, text) from public;
grant execute on function app_hidden.record_readings(uuid[], uuid[], text, text) to app_authenticator;

reset role;
-- end of source: functions/audit/record_readings.sql

-- source: functions/secrets/ciphertext_places.sql
-- Where there are envelopes: asked of the classification, so that a rotation finds a column the day it is classified.
-- Its type decides, not its class: what holds an envelope is sealed again, whatever is said of it. A dropped column has no
-- name any more.
-- A column beside it with the same name and _bound_to holds what its envelopes are bound to besides. FND-11, FND-12, FND-35.

set role app_engine;

create or replace function app_private.ciphertext_places()
returns table (table_name text, column_name text, key_column text, key_type text, has_organization boolean, bound_column text)
language sql stable security definer
set search_path = ''
begin atomic
  select classified_columns.table_name, classified_columns.column_name, key.attname::text,
         pg_catalog.format_type(key.atttypid, key.atttypmod),
         exists (
           select from pg_catalog.pg_attribute
           where pg_attribute.attrelid = encrypted.attrelid and pg_attribute.attname = 'organization_id'),
         (select pg_attribute.attname::text from pg_catalog.pg_attribute
          where pg_attribute.attrelid = encrypted.attrelid and pg_attribute.attname = encrypted.attname || '_bound_to')
  from app_private.classified_columns
  join pg_catalog.pg_attribute as encrypted
    on encrypted.attrelid = classified_columns.table_name::regclass
   and encrypted.attname = classified_columns.column_name
   and encrypted.atttypid = 'app_private.ciphertext'::regtype
  join pg_catalog.pg_index on pg_index.indrelid = encrypted.attrelid and pg_index.indisprimary and pg_index.indnkeyatts = 1
  join pg_catalog.pg_attribute as key on key.attrelid = encrypted.attrelid and key.attnum = pg_index.indkey[0]
  order by 1, 2;
end;

comment on function app_private.ciphertext_places() is
  'Every encrypted column with the primary key that its envelopes are bound to.';
grant execute on function app_private.ciphertext_places() to app_worker;

reset role;
-- end of source: functions/secrets/ciphertext_places.sql
