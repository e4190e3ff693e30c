-- Test: delete_file, restore_file, deleted_files - one file, by permission; back where its place is free and its owner is there. FND-13, FND-10.
begin;
select plan(22);
select tests.clinic('boreal');
select tests.staff('adrian', 'admin');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('bianca', 'billing');
select tests.staff('otto', 'owner', clinic => 'boreal');
select tests.specialist('mihai', '{"mon": [["09:00", "12:00"]]}');
select tests.specialist('stefan');
select tests.calendar('mondays', '{mihai}');
select tests.service('massage');
select tests.service('yoga');
select tests.service('removed service');
select tests.specialist('removed specialist');
select tests.patient('ioana');
select tests.appointment('visit', 'ioana', 'mondays', 'mihai', '2027-03-08 09:00+02');
select tests.appointment('next visit', 'ioana', 'mondays', 'mihai', '2027-03-15 09:00+02');
select tests.appointment('removed visit', 'ioana', 'mondays', 'mihai', '2027-03-22 09:00+02');
update app_public.services set deleted_at = now() where id = tests.id('removed service');
update app_public.specialists set deleted_at = now() where id = tests.id('removed specialist');
update app_public.appointments set deleted_at = now() where id = tests.id('removed visit');
insert into app_private.file_surfaces
  (key, prefix, description, owner_kind, audience, max_bytes, max_files, manage_permission, uploaded_by_owner, class, retention)
values
  ('letterhead', 'letterhead', 'x', 'organization', 'staff', 100, 1, 'organization.manage', false, 'public', 'clinic'),
  ('cover', 'cover', 'x', 'service', 'staff', 100, 1, 'services.manage', false, 'public', 'clinic'),
  ('summary', 'summary', 'x', 'appointment', 'staff', 100, 1, 'organization.manage', false, 'phi', 'medical_record');
insert into app_private.file_surface_types (surface, content_type)
select surface, 'image/png' from unnest('{letterhead,cover,summary}'::text[]) as surface;
create function pg_temp.status(name text) returns text language sql security definer as 'select status from app_public.files where id = tests.id(name)';
create function pg_temp.listed(clinic text default null) returns text[] language sql as $$
  select array_agg(label order by label) from app_public.deleted_files(case when clinic is not null then tests.id(clinic) end)
$$;

-- Deleting.
select tests.file('leaflet', 'service_attachments', tests.id('massage'), 'adrian');
select tests.file('price list', 'service_attachments', tests.id('massage'), 'adrian');
select tests.file('announced', 'service_attachments', tests.id('massage'), 'adrian', 'pending');
select tests.act_as('bianca');
select * from tests.refuses($$select app_public.delete_file(tests.id('leaflet'))$$, 'FORBIDDEN', 'permission_missing', 'by the permission');
select tests.act_as('otto');
select throws_ok($$select app_public.delete_file(tests.id('leaflet'))$$, 'RX404', 'not_found', 'of the clinic');
select tests.act_as('adrian');
select throws_ok($$select app_public.delete_file(tests.id('announced'))$$, 'RX404', 'not_found', 'what is not there yet cannot be deleted');
select throws_ok($$select app_public.delete_file(uuidv7())$$, 'RX404', 'not_found', 'nor what never was');
select app_public.delete_file(tests.id('leaflet'));
select throws_ok($$select app_public.delete_file(tests.id('leaflet'))$$, 'RX404', 'not_found', 'nor what is deleted');
select is(pg_temp.status('price list'), 'confirmed', 'the file beside it stays');

-- Restoring: what stands in another place, or is not whole, takes nobody's.
select tests.act_as('the database');
select tests.file('old logo', 'organization_logo', tests.id('atlas'), 'adrian', 'deleted');
select tests.file('logo of boreal', 'organization_logo', tests.id('boreal'), 'adrian');
select tests.file('letterhead', 'letterhead', tests.id('atlas'), 'adrian');
select tests.file('refused logo', 'organization_logo', tests.id('atlas'), 'adrian', 'rejected');
select tests.file('older logo', 'organization_logo', tests.id('atlas'), 'adrian', 'deleted');
select tests.file('cover', 'cover', tests.id('massage'), 'adrian', 'deleted');
select tests.file('cover of yoga', 'cover', tests.id('yoga'), 'adrian');
select tests.file('signature', 'specialist_signatures', tests.id('mihai'), 'adrian', 'deleted');
select tests.file('signature of stefan', 'specialist_signatures', tests.id('stefan'), 'adrian');
select tests.file('summary', 'summary', tests.id('visit'), 'adrian', 'deleted');
select tests.file('summary of the next', 'summary', tests.id('next visit'), 'adrian');
select tests.file('cover of the removed', 'cover', tests.id('removed service'), 'adrian', 'deleted');
select tests.file('signature of the removed', 'specialist_signatures', tests.id('removed specialist'), 'adrian', 'deleted');
select tests.file('summary of the removed', 'summary', tests.id('removed visit'), 'adrian', 'deleted');
select tests.act_as('adrian', 'atlas');
select is((app_public.restore_file(tests.id(n))).status, 'confirmed', 'the ' || n || ' comes back')
from unnest('{old logo,cover,signature,summary}'::text[]) n;
select throws_ok(format('select app_public.restore_file(tests.id(%L))', n || ' of the removed'), 'RX409', 'belongs_to_something_deleted', 'the ' || n || ' of what is removed does not')
from unnest('{cover,signature,summary}'::text[]) n;
select throws_ok($$select app_public.restore_file(tests.id('older logo'))$$, 'RX409', 'too_many_files', 'nor what another stands for');
select tests.act_as('the database');
select tests.file('next letterhead', 'letterhead', tests.id('boreal'), 'adrian', 'deleted');
select tests.file('announced letterhead', 'letterhead', tests.id('boreal'), 'adrian', 'pending');
select tests.act_as('adrian', 'boreal');
select throws_ok($$select app_public.restore_file(tests.id('next letterhead'))$$, 'RX409', 'too_many_files', 'or is about to');

-- The list: of every clinic, or of one; for 29 days, while the bytes are there.
select tests.act_as('the database');
select tests.file('swept', 'cover', tests.id('massage'), 'adrian', 'deleted');
update app_public.files set objects_removed_at = now() where id = tests.id('swept');
select tests.act_as((select principal_id from tests.personas where name = 'adrian'), null);
select is(pg_temp.listed(), '{"cover of the removed.png",leaflet.png,"next letterhead.png","older logo.png","signature of the removed.png","summary of the removed.png"}'::text[], 'of both clinics');
select is(pg_temp.listed('boreal'), '{"next letterhead.png"}'::text[], 'of the one asked for');
select throws_ok($$select app_public.restore_file(tests.id('swept'))$$, 'RX404', 'not_found', 'whose bytes are gone does not come back');
select tests.act_as('the database');
select tests.freeze_time(f.deleted_at + interval '29 days' - interval '1 microsecond') from app_public.files f where f.id = tests.id('leaflet');
select tests.act_as((select principal_id from tests.personas where name = 'adrian'), null);
select ok('leaflet.png' = any (pg_temp.listed('atlas')), 'it is listed');
select tests.act_as('the database');
select tests.freeze_time(f.deleted_at + interval '29 days') from app_public.files f where f.id = tests.id('leaflet');
select tests.act_as((select principal_id from tests.personas where name = 'adrian'), null);
select ok('leaflet.png' <> all (coalesce(pg_temp.listed('atlas'), '{}')), 'and a moment later it is not');
select throws_ok($$select app_public.restore_file(tests.id('leaflet'))$$, 'RX404', 'not_found', 'nor restored');
select * from finish();
rollback;
