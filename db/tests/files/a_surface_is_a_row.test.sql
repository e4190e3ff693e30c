-- Test: file_surfaces - a new kind of file is a row, with its class and retention, and nothing else. FND-13, FND-12, SPC-02.
begin;
select plan(6);
select tests.clinic('atlas');
select tests.staff('raluca', 'admin');
select tests.specialist('mihai', account => true);
select tests.patient('ioana');

insert into app_private.file_surfaces
  (key, prefix, description, owner_kind, audience, max_bytes, max_files, manage_permission, uploaded_by_owner, class, retention)
values
  ('specialist_portraits', 'portraits', 'The specialist''s face.', 'specialist', 'owner_readers', 2000000, 1, 'specialists.manage', true, 'pii_basic', 'clinic');
insert into app_private.file_surface_types (surface, content_type) values ('specialist_portraits', 'image/jpeg');

select tests.act_as('mihai');
select is(
  (app_public.request_upload('specialist_portraits', tests.id('mihai'), 'Mihai Pop.JPG', 'image/jpeg', 1000, repeat('a', 64))).status,
  'pending', 'the specialist announces the own portrait');
select results_eq(
  $$select object_key like '%/portraits/%', uploaded_key like '%/uploads/%' from app_public.files$$,
  $$values (true, true)$$,
  'its bytes wait apart from those that were checked');
select throws_ok(
  $$select app_public.request_upload('specialist_portraits', tests.id('mihai'), 'a.png', 'image/png', 1000, repeat('a', 64))$$,
  'RX400', 'content_type_not_taken', 'a type that the surface does not list is refused');
select tests.act_as('the database');
select throws_ok(
  $$update app_public.files set service_id = uuidv7()$$,
  '23514', null, 'a file has one owner');
select throws_ok(
  $$update app_public.files set owner_kind = 'organization', owner_id = organization_id, specialist_id = null,
    owner_organization_id = organization_id$$,
  '23503', null, 'of the kind that its surface names');
select throws_ok(
  $$insert into app_private.file_surfaces
      (key, prefix, description, owner_kind, audience, max_bytes, max_files, manage_permission, uploaded_by_owner, class, retention)
    values ('x', 'uploads', 'x', 'service', 'staff', 1, 1, 'services.manage', false, 'phi', 'clinic')$$,
  '23514', null, 'no surface keeps its files where nobody has looked yet');
select * from finish();
rollback;
