-- Test: request_upload - who may put which file where, what can be said no to beforehand, and how many there may be. FND-13, FND-04, FND-27.
begin;
select plan(51);
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.service('ultrasound');
select tests.clinic('atlas');
select tests.staff('raluca', 'admin');
select tests.staff('bianca', 'billing');
select tests.specialist('mihai', '{"mon": [["09:00", "12:00"]]}', account => true);
select tests.specialist('stefan');
select tests.calendar('mondays', '{mihai}');
select tests.service('massage');
select tests.service('removed service');
select tests.specialist('removed specialist');
select tests.patient('ioana');
select tests.patient('vlad');
select tests.appointment('visit', 'ioana', 'mondays', 'mihai', '2027-03-08 09:00+02');
select tests.appointment('removed visit', 'ioana', 'mondays', 'mihai', '2027-03-15 09:00+02');
update app_public.services set deleted_at = now() where id = tests.id('removed service');
update app_public.specialists set deleted_at = now() where id = tests.id('removed specialist');
update app_public.appointments set deleted_at = now() where id = tests.id('removed visit');
-- Surfaces as later features may bring them: of the clinic, several files; of an appointment, by staff alone.
insert into app_private.file_surfaces
  (key, prefix, description, owner_kind, audience, max_bytes, max_files, manage_permission, uploaded_by_owner, class, retention)
values
  ('papers', 'papers', 'x', 'organization', 'staff', 100, 2, 'organization.manage', false, 'public', 'clinic'),
  ('notes', 'notes', 'x', 'appointment', 'staff', 100, 2, 'appointments.conduct', false, 'phi', 'medical_record');
insert into app_private.file_surface_types (surface, content_type) values ('papers', 'image/png'), ('notes', 'image/png');

-- What is said, or the status of the file.
create function pg_temp.ask(
  surface text, owner_id uuid, filename text default 'a.png', content_type text default 'image/png',
  size_bytes bigint default 100, sha256 text default repeat('a', 64)
) returns text language plpgsql as $$
declare
  v_detail jsonb;
begin
  return (app_public.request_upload(surface, owner_id, filename, content_type, size_bytes, sha256)).status;
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail;
  return sqlerrm || coalesce(': ' || (v_detail ->> 'rejection'), '');
end;
$$;

create function pg_temp.taken(surface text, owner_id uuid, content_type text) returns jsonb language plpgsql as $$
declare
  v_detail text;
begin
  perform app_public.request_upload(surface, owner_id, 'a.png', content_type, 100, repeat('a', 64));
  return null;
exception when others then
  get stacked diagnostics v_detail = pg_exception_detail;
  return v_detail::jsonb -> 'taken';
end;
$$;

select tests.act_as('raluca');
select is(pg_temp.ask('wallpaper', tests.id('atlas')), 'surface_unknown', 'no such kind of file');
select is(pg_temp.ask('organization_logo', tests.id('atlas')), 'pending', 'the own clinic');
select is(pg_temp.ask('service_attachments', tests.id('massage')), 'pending', 'a service of it');
select is(pg_temp.ask('specialist_signatures', tests.id('stefan')), 'pending', 'a specialist of it');
select r.* from (values
    ('organization_logo', uuidv7(), 'no clinic'), ('service_attachments', uuidv7(), 'no service'),
    ('specialist_signatures', uuidv7(), 'no specialist'), ('appointment_files', uuidv7(), 'no appointment'),
    ('organization_logo', tests.id('boreal'), 'another clinic'), ('service_attachments', tests.id('ultrasound'), 'a service of another'),
    ('service_attachments', tests.id('removed service'), 'a removed service'),
    ('specialist_signatures', tests.id('removed specialist'), 'a removed specialist'),
    ('service_attachments', tests.id('stefan'), 'a row of another kind')
  ) as w (surface, owner_id, name), lateral is(pg_temp.ask(w.surface, w.owner_id), 'not_found', w.name) r;
select tests.act_as('bianca');
select r.* from (values
    ('organization_logo', tests.id('atlas')), ('service_attachments', tests.id('massage')),
    ('specialist_signatures', tests.id('stefan')), ('appointment_files', tests.id('visit')), ('papers', tests.id('atlas'))
  ) as w (surface, owner_id), lateral is(pg_temp.ask(w.surface, w.owner_id), 'permission_missing', w.surface || ' wants its permission') r;
select tests.act_as('otto');
select is(pg_temp.ask('service_attachments', tests.id('massage')), 'not_found', 'the owner of another clinic is told nothing');
select tests.act_as('mihai');
select is(pg_temp.ask('specialist_signatures', tests.id('mihai')), 'pending', 'a specialist gives the own signature');
select is(pg_temp.ask('specialist_signatures', tests.id('stefan')), 'permission_missing', 'not a colleague''s');
select is(pg_temp.ask('appointment_files', tests.id('removed visit')), 'not_found', 'a removed appointment');
select tests.act_as('ioana');
select is(pg_temp.ask('appointment_files', tests.id('visit')), 'pending', 'a patient, to the own appointment');
select is(pg_temp.ask('notes', tests.id('visit')), 'not_found', 'where the surface is for patients too');
select is(pg_temp.ask('appointment_files', tests.id('removed visit')), 'not_found', 'and the appointment is there');
select is(pg_temp.ask('appointment_files', uuidv7()), 'not_found', 'or ever was');
select tests.act_as('vlad');
select is(pg_temp.ask('appointment_files', tests.id('visit')), 'not_found', 'to the own, not to another''s');

-- Facts.
select tests.act_as('raluca');
select r.* from (values
    ('a.heic', 'image/heic', 100, repeat('a', 64), 'content_type_not_taken: heic', 'a photo as telephones keep it: with words that help'),
    ('a.gif', 'image/gif', 100, repeat('a', 64), 'content_type_not_taken', 'a type that the surface does not take'),
    ('a.pdf', 'application/pdf', 100, repeat('a', 64), 'pending', 'one that it takes'),
    (repeat('x', 196) || '.png', 'image/png', 100, repeat('a', 64), 'pending', 'a name of 200 characters'),
    (repeat('x', 197) || '.png', 'image/png', 100, repeat('a', 64), 'filename_not_usable', 'of 201'),
    ('a/b.png', 'image/png', 100, repeat('a', 64), 'filename_not_usable', 'with a folder in it'),
    (E'a\nb.png', 'image/png', 100, repeat('a', 64), 'filename_not_usable', 'of two lines'),
    ('a.exe', 'image/png', 100, repeat('a', 64), 'filename_of_another_type', 'that a computer would start'),
    ('a', 'image/png', 100, repeat('a', 64), 'filename_of_another_type', 'without an ending'),
    ('a.png', 'image/png', 0, repeat('a', 64), 'file_too_large', 'nothing at all'),
    ('a.png', 'image/png', 10485760, repeat('a', 64), 'pending', 'as much as there may be'),
    ('a.png', 'image/png', 10485761, repeat('a', 64), 'file_too_large', 'one byte more'),
    ('a.png', 'image/png', 100, repeat('A', 64), 'digest_not_readable', 'a digest in capitals'),
    ('a.png', 'image/png', 100, repeat('a', 63), 'digest_not_readable', 'a digest cut short')
  ) as w (filename, content_type, size_bytes, sha256, said, name),
  lateral is(pg_temp.ask('service_attachments', tests.id('massage'), w.filename, w.content_type, w.size_bytes, w.sha256), w.said, w.name) r;

select is(
  pg_temp.taken('specialist_signatures', tests.id('stefan'), 'image/jpeg'), '["image/png"]',
  'the refusal says what this kind of file may be');

-- How many a row holds: what lies elsewhere, or is gone, takes no place.
select tests.act_as('the database');
select tests.file('paper of boreal ' || n, 'papers', tests.id('boreal'), 'otto') from generate_series(1, 2) n;
select tests.file('rejected paper', 'papers', tests.id('atlas'), 'raluca', 'rejected');
select tests.file('deleted paper', 'papers', tests.id('atlas'), 'raluca', 'deleted');
select tests.file('logo', 'organization_logo', tests.id('atlas'), 'raluca');
select tests.file('paper', 'papers', tests.id('atlas'), 'raluca');
select tests.file('finding ' || n, 'appointment_files', tests.id('visit'), 'ioana') from generate_series(1, 2) n;
select tests.file('leaflet ' || n, 'service_attachments', tests.id('massage'), 'raluca') from generate_series(1, 17) n;
select tests.service('yoga');
select tests.act_as('raluca');
select is(pg_temp.ask('papers', tests.id('atlas')), 'pending', 'one of two is there, and another is announced');
select is(pg_temp.ask('papers', tests.id('atlas')), 'too_many_files', 'what is announced has its place');
select is(pg_temp.ask('organization_logo', tests.id('atlas')), 'pending', 'where the newest replaces there is always room');
select is(pg_temp.ask('service_attachments', tests.id('massage')), 'too_many_files', 'a service with twenty is full');
select is(pg_temp.ask('service_attachments', tests.id('yoga')), 'pending', 'another is not');
select tests.act_as('mihai');
select is(pg_temp.ask('notes', tests.id('visit')), 'pending', 'files of another kind at the same row are not counted');

-- How many somebody has open.
select tests.act_as('the database');
select tests.file('open ' || n, 'appointment_files', tests.id('visit'), 'raluca', 'pending')
from generate_series((select count(*) + 1 from app_public.files where uploaded_by = (select principal_id from tests.personas where name = 'raluca') and status = 'pending'), 49) n;
select tests.act_as('raluca');
select is(pg_temp.ask('organization_logo', tests.id('atlas')), 'pending', 'the fiftieth');
select is(pg_temp.ask('organization_logo', tests.id('atlas')), 'too_many_open_uploads', 'the fifty-first');
select tests.act_as('mihai');
select is(pg_temp.ask('specialist_signatures', tests.id('mihai')), 'pending', 'what others have open is theirs');
select * from finish();
rollback;
