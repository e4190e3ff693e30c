-- Test: attach_upload, reject_upload - one upload at a time, by who still may; the newest replaces what stands in the same place, and nothing else. FND-13.
begin;
select plan(23);
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.clinic('atlas');
select tests.staff('raluca', 'admin');
select tests.specialist('mihai', '{"mon": [["09:00", "12:00"]]}');
select tests.specialist('stefan');
select tests.calendar('mondays', '{mihai}');
select tests.service('massage');
select tests.service('yoga');
select tests.patient('ioana');
select tests.appointment('visit', 'ioana', 'mondays', 'mihai', '2027-03-08 09:00+02');
select tests.appointment('next visit', 'ioana', 'mondays', 'mihai', '2027-03-15 09:00+02');
-- The newest replaces: for every kind of owner, and twice for the clinic.
insert into app_private.file_surfaces
  (key, prefix, description, owner_kind, audience, max_bytes, max_files, manage_permission, uploaded_by_owner, class, retention)
values
  ('letterhead', 'letterhead', 'x', 'organization', 'staff', 100, 1, 'organization.manage', false, 'public', 'clinic'),
  ('cover', 'cover', 'x', 'service', 'staff', 100, 1, 'services.manage', false, 'public', 'clinic'),
  ('summary', 'summary', 'x', 'appointment', 'staff', 100, 1, 'organization.manage', false, 'phi', 'medical_record');
insert into app_private.file_surface_types (surface, content_type)
select surface, 'image/png' from unnest('{letterhead,cover,summary}'::text[]) as surface;

select tests.file('logo of boreal', 'organization_logo', tests.id('boreal'), 'otto');
select tests.file('letterhead', 'letterhead', tests.id('atlas'), 'raluca');
select tests.file('logo', 'organization_logo', tests.id('atlas'), 'raluca');
select tests.file('other new logo', 'organization_logo', tests.id('atlas'), 'raluca', 'pending');
select tests.file('refused logo', 'organization_logo', tests.id('atlas'), 'raluca', 'rejected');
select tests.file('new logo', 'organization_logo', tests.id('atlas'), 'raluca', 'pending');
select tests.file('cover of yoga', 'cover', tests.id('yoga'), 'raluca');
select tests.file('new cover', 'cover', tests.id('massage'), 'raluca', 'pending');
select tests.file('signature of stefan', 'specialist_signatures', tests.id('stefan'), 'raluca');
select tests.file('new signature', 'specialist_signatures', tests.id('mihai'), 'raluca', 'pending');
select tests.file('summary of the next', 'summary', tests.id('next visit'), 'raluca');
select tests.file('new summary', 'summary', tests.id('visit'), 'raluca', 'pending');
select tests.file('leaflet', 'service_attachments', tests.id('massage'), 'raluca');
select tests.file('new leaflet', 'service_attachments', tests.id('massage'), 'raluca', 'pending');
create function pg_temp.status(name text) returns text language sql security definer as 'select status from app_public.files where id = tests.id(name)';
create function pg_temp.is_still(name text, status text) returns text language sql as
  'select is(pg_temp.status(name), status, ''the '' || name || '' is '' || status)';

select tests.serve('raluca');
select app_hidden.attach_upload(tests.id('new logo'));
select tests.act_as('the database');
select pg_temp.is_still(n, s) from (values ('new logo', 'confirmed'), ('logo', 'deleted'), ('other new logo', 'pending'),
  ('refused logo', 'rejected'), ('letterhead', 'confirmed'), ('logo of boreal', 'confirmed'), ('new cover', 'pending')) as w (n, s);
select tests.serve('raluca');
select app_hidden.reject_upload(tests.id('other new logo'), 'malformed');
select tests.act_as('the database');
select pg_temp.is_still(n, s) from (values ('other new logo', 'rejected'), ('new logo', 'confirmed'), ('new cover', 'pending')) as w (n, s);

select tests.serve('raluca');
select app_hidden.attach_upload(tests.id(n)) from unnest('{new cover,new signature,new summary,new leaflet}'::text[]) n;
select tests.act_as('the database');
select pg_temp.is_still(n, 'confirmed')
from unnest('{cover of yoga,signature of stefan,summary of the next,leaflet,new leaflet}'::text[]) n;

-- What was decided is said again; what took too long is over; what was deleted is nobody's to confirm.
select tests.file('late', 'letterhead', tests.id('atlas'), 'raluca', 'pending');
select tests.file('waits', 'letterhead', tests.id('atlas'), 'raluca', 'pending');
select tests.file('deleted', 'letterhead', tests.id('atlas'), 'raluca', 'deleted');
update app_public.files set status = 'rejected', rejection = 'expired', expires_at = null where id = tests.id('late');
select tests.serve('raluca');
select throws_ok($$select app_hidden.attach_upload(tests.id('other new logo'))$$, 'RX400', 'file_rejected', 'rejected is rejected');
select throws_ok($$select app_hidden.attach_upload(tests.id('late'))$$, 'RX410', 'upload_expired', 'expired is over');
select throws_ok($$select app_hidden.attach_upload(tests.id('deleted'))$$, 'RX404', 'file_not_found', 'deleted is gone');
select tests.act_as('the database');
delete from app_public.membership_roles where membership_id = tests.membership_id('raluca');
select tests.serve('raluca');
select throws_ok($$select app_hidden.attach_upload(tests.id('waits'))$$, 'RX403', 'permission_missing', 'whoever lost the permission meanwhile may not');
select tests.act_as('the database');
select pg_temp.is_still('waits', 'pending');
insert into app_public.membership_roles (organization_id, membership_id, role_id)
values (tests.id('atlas'), tests.membership_id('raluca'), tests.role_id('admin', 'atlas'));
select tests.freeze_time(f.expires_at - interval '1 microsecond') from app_public.files f where f.id = tests.id('waits');
select tests.act_as('raluca');
select lives_ok($$select * from app_hidden.upload_to_check(tests.id('waits'))$$, 'until the end of its day it may be confirmed');
select tests.act_as('the database');
select tests.freeze_time(f.expires_at) from app_public.files f where f.id = tests.id('waits');
select tests.serve('raluca');
select throws_ok($$select app_hidden.attach_upload(tests.id('waits'))$$, 'RX410', 'upload_expired', 'then not, swept up or not');
select tests.act_as('the database');
select is(pg_temp.status('waits'), 'pending', 'which the sweep says');
select * from finish();
rollback;
