--! Previous: sha1:d725888a0b8cd11904ac8c1e805860a17688d0d0
--! Hash: sha1:3a979690404f0a3c6f71ffb75afd0a1c6d4cc343
--! Message: whoever reads one patient's record is on record

--! split: 350-readings.sql
-- Readings by any query and by links to files join those of charts. FND-08.
comment on column app_public.chart_reading.what is
  '"chart": the chart was opened; "record": something else of the record was read; "file": a link to a file was asked for; '
  'or the name of the export.';

--! split: 351-files.sql
-- Files that ordinary programs write are taken, and what is not says why. FND-13.

update app_private.file_types set extensions = '{jpg,jpeg,jfif,jpe}' where content_type = 'image/jpeg';

alter table app_public.files drop constraint if exists files_rejection_is_known;
-- squawk-ignore constraint-missing-not-valid
alter table app_public.files add constraint files_rejection_is_known check (rejection in (
  'expired', 'type_mismatch', 'second_type', 'malformed', 'truncated', 'heic', 'encrypted', 'scripts', 'launches',
  'attachments', 'submits', 'media', 'dynamic_form', 'inflates_too_far', 'too_many_pixels', 'too_complex',
  'size_mismatch', 'digest_mismatch'));
comment on column app_public.files.rejection is
  'expired, type_mismatch, second_type (the bytes are a file of another type too), malformed, truncated, heic, encrypted, '
  'scripts, launches, attachments, submits, media, dynamic_form (what a PDF does by itself or hides), inflates_too_far, '
  'too_many_pixels, too_complex, size_mismatch, digest_mismatch.';

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions and db/policies: change those, not this file.

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
  -- What one may read of oneself is asked again after a minute: links to others end.
  v_next timestamptz := v_now + interval '1 minute';
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
    v_next := case when v_next = v_now + interval '1 minute' then v_read_at + v_visit else least(v_next, v_read_at + v_visit) end;
  end loop;
  return greatest(0, floor(extract(epoch from v_next - v_now)));
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

-- source: functions/files/rejection_hint.sql
-- What helps whoever sent a file that is not taken: why it is not, and what to do. FND-13.

set role app_engine;

create or replace function app_private.rejection_hint(rejection text) returns text
language sql immutable strict parallel safe
set search_path = ''
begin atomic
  select case rejection_hint.rejection
    when 'type_mismatch' then 'The bytes are of another type than announced. Send the file under its own type and ending.'
    when 'second_type' then 'The file holds another one, or a web page, too. Save or print it anew and send that; a photo that '
      'moves, without its film.'
    when 'malformed' then 'The file is damaged. Open it, save it anew and send that.'
    when 'truncated' then 'The end of the file is missing. Copy or download it once more and send that.'
    when 'heic' then 'This is a HEIC photo. Send it as JPEG: on an iPhone choose Settings, Camera, Formats, Most Compatible, '
      'or share the photo with the option Most Compatible.'
    when 'encrypted' then 'The PDF asks for a password. Print it to a new PDF without one and send that.'
    when 'scripts' then 'The PDF holds a program (JavaScript or an action that starts by itself). Print it to a new PDF and send that.'
    when 'launches' then 'The PDF starts other programs. Print it to a new PDF and send that.'
    when 'attachments' then 'The PDF holds other files. Send each as a file of its own, or print it to a new PDF.'
    when 'submits' then 'The PDF sends what is filled in to somebody. Print it to a new PDF and send that.'
    when 'media' then 'The PDF holds film, sound or 3D. Print it to a new PDF and send that.'
    when 'dynamic_form' then 'The PDF is an XFA form, which only few programs show. Print it to a new PDF and send that.'
    when 'inflates_too_far' then 'The file unpacks to more than 128 MB in one piece, 512 MB in all, or more than it says. Send it '
      'with fewer or smaller pictures.'
    when 'too_many_pixels' then 'The picture is too large: up to 120 megapixels, and as PNG up to 64 MB unpacked. Make it smaller, '
      'or send it as JPEG.'
    when 'too_complex' then 'The PDF has more than 250,000 parts, or parts within parts too deep. Print it to a new PDF and send that.'
    when 'size_mismatch' then 'There are more or fewer bytes than announced. Request another upload.'
    when 'digest_mismatch' then 'The bytes are others than announced. Request another upload.'
    else 'The bytes are not what was announced. Request another upload.'
  end;
end;

comment on function app_private.rejection_hint(text) is 'Why a file was rejected and what helps, for people; one for each rejection.';

reset role;
-- end of source: functions/files/rejection_hint.sql

-- source: functions/files/own_upload.sql
-- The uploader's business only, and only while they may still upload there. What was decided before is said again.
-- FND-13.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_principal_id.sql
-- requires: functions/files/require_upload_right.sql
-- requires: functions/files/rejection_hint.sql

set role app_engine;

create or replace function app_private.own_upload(file_id uuid) returns app_public.files
language plpgsql volatile
set search_path = ''
as $$
declare
  v_file app_public.files;
  v_surface app_private.file_surfaces;
begin
  select files.* into v_file
  from app_public.files
  where files.id = file_id and files.uploaded_by = app_hidden.current_principal_id() and files.status <> 'deleted'
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'file_not_found', '{}', 'There is no such file, or it is not yours to confirm.');
  end if;
  select file_surfaces.* into strict v_surface from app_private.file_surfaces where file_surfaces.key = v_file.surface;
  perform app_private.require_upload_right(v_surface, coalesce(
    v_file.service_id, v_file.specialist_id, v_file.appointment_id, v_file.organization_id));

  if v_file.rejection = 'expired' or (v_file.status = 'pending' and v_file.expires_at <= app_hidden.now()) then
    perform app_hidden.refuse('GONE', 'upload_expired', '{}', 'The upload took longer than a day. Request another.');
  end if;
  if v_file.status = 'rejected' then
    perform app_hidden.refuse(
      'VALIDATION', 'file_rejected', jsonb_build_object('rejection', v_file.rejection),
      app_private.rejection_hint(v_file.rejection));
  end if;
  return v_file;
end;
$$;

comment on function app_private.own_upload(uuid) is
  'Locks the caller''s upload, pending or confirmed; NOT_FOUND, GONE upload_expired, or VALIDATION file_rejected with the reason.';

reset role;
-- end of source: functions/files/own_upload.sql

-- source: functions/files/known_content_type.sql
-- One name for each type: browsers and scanners write several. FND-13.

-- requires: functions/core/ascii_lower.sql
set role app_engine;

create or replace function app_private.known_content_type(content_type text) returns text
language sql immutable strict parallel safe
set search_path = ''
begin atomic
  select case named.name
    when 'image/jpg' then 'image/jpeg'
    when 'image/pjpeg' then 'image/jpeg'
    when 'image/jfif' then 'image/jpeg'
    when 'image/x-png' then 'image/png'
    when 'application/x-pdf' then 'application/pdf'
    else named.name
  end
  from (values (app_hidden.ascii_lower(btrim(split_part(known_content_type.content_type, ';', 1))))) as named (name);
end;

comment on function app_private.known_content_type(text) is
  'The registered name of a media type, in lower case and without parameters: image/jpg is image/jpeg.';

reset role;
-- end of source: functions/files/known_content_type.sql

-- source: functions/files/require_file_facts.sql
-- What can be said no to before a byte was sent. The ending of the name must fit the type: the name is what a computer
-- opens the download by, whatever is inside. FND-13.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/refuse.sql
-- requires: functions/files/rejection_hint.sql

set role app_engine;

create or replace function app_private.require_file_facts(
  surface app_private.file_surfaces, filename text, content_type text, size_bytes bigint, sha256 text
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_extensions text[];
begin
  select file_types.extensions into v_extensions
  from app_private.file_surface_types
  join app_private.file_types on file_types.content_type = file_surface_types.content_type
  where file_surface_types.surface = (require_file_facts.surface).key
    and file_surface_types.content_type = require_file_facts.content_type;
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'content_type_not_taken',
      jsonb_build_object('field', 'contentType', 'taken', (
        select jsonb_agg(file_surface_types.content_type order by file_surface_types.content_type)
        from app_private.file_surface_types
        where file_surface_types.surface = (require_file_facts.surface).key)),
      case when content_type in ('image/heic', 'image/heif', 'image/heic-sequence', 'image/heif-sequence')
           then app_private.rejection_hint('heic')
           else 'A file of this type is not taken here.' end);
  end if;

  -- The second range is what turns text around or hides in it: invoice‮fdp.exe reads invoiceexe.pdf. U+200D is taken where it
  -- joins what is no ASCII: pictures of several parts.
  if not coalesce(filename ~ '[[:alnum:]]' and length(filename) <= 200
                  and filename !~ '[[:cntrl:]/\\]' and filename !~ '[\u200B\u200C\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF]'
                  and filename !~ '(^|[\u0001-\u007F\u200D])\u200D|\u200D([\u0001-\u007F]|$)', false) then
    perform app_hidden.refuse(
      'VALIDATION', 'filename_not_usable', '{"field": "filename"}',
      'A file''s name is one line of up to 200 characters without slashes.');
  end if;
  if app_hidden.ascii_lower(substring(filename from '\.([A-Za-z0-9]+)$')) = any (v_extensions) is not true then
    perform app_hidden.refuse(
      'VALIDATION', 'filename_of_another_type', jsonb_build_object('field', 'filename', 'endings', v_extensions),
      'The ending of the name does not fit the type of the file.');
  end if;

  if not coalesce(size_bytes between 1 and surface.max_bytes, false) then
    perform app_hidden.refuse(
      'VALIDATION', 'file_too_large', jsonb_build_object('field', 'sizeBytes', 'least', 1, 'most', surface.max_bytes),
      'The file is empty or too large.');
  end if;
  if not coalesce(sha256 ~ '^[0-9a-f]{64}$', false) then
    perform app_hidden.refuse(
      'VALIDATION', 'digest_not_readable', '{"field": "sha256"}', 'Give the SHA-256 of the bytes as 64 lower-case hex digits.');
  end if;
end;
$$;

comment on function app_private.require_file_facts(app_private.file_surfaces, text, text, bigint, text) is
  'Passes when the surface takes such a file; else VALIDATION content_type_not_taken, filename_not_usable, '
  'filename_of_another_type, file_too_large or digest_not_readable.';

reset role;
-- end of source: functions/files/require_file_facts.sql

-- source: functions/files/request_upload.sql
-- The first step of an upload: what will come, and where it belongs. The bytes go from the browser to the object store
-- by the URL in File.upload, and count after confirmUpload. FND-13.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/files/require_upload_right.sql
-- requires: functions/files/require_upload_allowance.sql
-- requires: functions/files/require_file_facts.sql
-- requires: functions/files/known_content_type.sql

set role app_engine;

create or replace function app_public.request_upload(
  surface text,
  owner_id uuid,
  filename text,
  content_type text,
  size_bytes bigint,
  sha256 text
) returns app_public.files
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_surface app_private.file_surfaces;
  v_organization_id uuid;
  v_id uuid := uuidv7();
  v_file app_public.files;
  v_content_type constant text := app_private.known_content_type(content_type);
  -- What a name has around it is a slip of whoever copied it, no part of it.
  v_filename constant text := normalize(btrim(filename, E' \t\u00A0\uFEFF'));
begin
  select file_surfaces.* into v_surface
  from app_private.file_surfaces
  where file_surfaces.key = request_upload.surface;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'surface_unknown', '{"field": "surface"}', 'There is no such kind of file.');
  end if;
  v_organization_id := app_private.require_upload_right(v_surface, owner_id);
  perform app_private.require_file_facts(v_surface, v_filename, v_content_type, size_bytes, sha256);
  perform app_private.require_upload_allowance(v_surface, v_organization_id, owner_id);

  insert into app_public.files
    (id, organization_id, surface, audience, service_id, specialist_id, appointment_id,
     filename, content_type, size_bytes, sha256, object_key, uploaded_by, expires_at)
  values
    (v_id, v_organization_id, v_surface.key, v_surface.audience,
     case v_surface.owner_kind when 'service' then owner_id end,
     case v_surface.owner_kind when 'specialist' then owner_id end,
     case v_surface.owner_kind when 'appointment' then owner_id end,
     v_filename, v_content_type, size_bytes, sha256, concat_ws('/', v_organization_id, v_surface.prefix, v_id),
     app_hidden.current_principal_id(), app_hidden.now() + interval '1 day')
  returning * into v_file;
  return v_file;
end;
$$;

comment on function app_public.request_upload(text, uuid, text, text, bigint, text) is
  'Announces a file: surface names the kind (organization_logo, service_attachments, specialist_signatures, '
  'appointment_files), ownerId the row it belongs to. Send the bytes with File.upload, then confirmUpload.';
grant execute on function app_public.request_upload(text, uuid, text, text, bigint, text) to app_member;

reset role;
-- end of source: functions/files/request_upload.sql
