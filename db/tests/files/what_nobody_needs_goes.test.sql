-- Test: sweep - uploads end after their day, objects after their use, and what is confirmed stays. FND-13.
begin;
select plan(15);
select tests.act_as('the worker');
select is(app_private.enqueue_object_sweeps(), 0, 'no clinic, nothing to sweep');
select tests.act_as('the database');
select tests.clinic('boreal');
select tests.staff('otto', 'owner');
select tests.service('ultrasound');
select tests.file('other leaflet', 'service_attachments', tests.id('ultrasound'), 'otto');
select tests.clinic('atlas');
select tests.staff('raluca', 'admin');
select tests.service('massage');
select tests.file(status, 'service_attachments', tests.id('massage'), 'raluca', status)
from unnest('{pending,confirmed,rejected,deleted}'::text[]) as status;

select tests.act_as('the worker');
select is(app_private.expire_uploads(), 0, 'nothing is due yet');
select is_empty('select * from app_private.objects_to_remove()', 'nor to be removed');

select tests.act_as('the database');
select tests.freeze_time(f.expires_at) from app_public.files f where f.id = tests.id('pending');
select tests.act_as('the worker');
select is(app_private.expire_uploads(), 1, 'after a day the pending one ends');
select tests.act_as('the database');
select results_eq(
  $$select status, rejection from app_public.files where id = tests.id('pending')$$,
  $$values ('rejected', 'expired')$$, 'and says why');
select tests.freeze_time(f.updated_at + interval '1 hour') from app_public.files f where f.id = tests.id('rejected');
select tests.act_as('the worker');
select is_empty('select * from app_private.objects_to_remove()', 'an upload URL is good for minutes: for an hour the rejected one is kept');
select tests.act_as('the database');
select tests.freeze_time(f.updated_at + interval '1 hour 1 microsecond') from app_public.files f where f.id = tests.id('rejected');
select tests.act_as('the worker');
select results_eq(
  $$select file_id from app_private.objects_to_remove()$$,
  $$select tests.id('rejected')$$, 'what was rejected more than an hour ago is removed, what was deleted is kept a month');

select tests.act_as('the database');
select tests.freeze_time(now() + interval '32 days');
select tests.act_as('the worker');
select results_eq(
  $$select file_id from app_private.objects_to_remove() order by 1$$,
  $$select tests.id(n) from unnest('{pending,rejected,deleted}'::text[]) n order by 1$$, 'then that too');
select app_private.record_objects_removed(tests.id(n)) from unnest('{pending,confirmed,rejected}'::text[]) n;
select tests.act_as('the database');
select results_eq(
  $$select id from app_public.files where objects_removed_at is not null order by id$$,
  $$select tests.id(n) from unnest('{pending,rejected}'::text[]) n order by 1$$,
  'and never what is confirmed, whatever is said of it');

create temporary table removed as select objects_removed_at as at from app_public.files where id = tests.id('rejected');
select tests.freeze_time(app_hidden.now() + interval '31 days');
select tests.act_as('the worker');
select app_private.record_objects_removed(tests.id('rejected'));
select results_eq($$select file_id from app_private.objects_to_remove()$$, $$select tests.id('deleted')$$, 'what is removed is not removed again');
select tests.act_as('the database');
select is(f.objects_removed_at, r.at, 'nor written down again') from app_public.files f, removed r where f.id = tests.id('rejected');

select tests.file('announced', 'service_attachments', tests.id('massage'), 'raluca', 'pending');
select tests.file('removed', 'service_attachments', tests.id('massage'), 'raluca', 'deleted');
select app_private.record_objects_removed(tests.id('removed'));
select tests.file('just rejected', 'service_attachments', tests.id('massage'), 'raluca', 'rejected');
create temporary table listed as
select f.object_key as key, f.id in (tests.id('confirmed'), tests.id('deleted'), tests.id('announced')) as is_needed from app_public.files f
union all select f.uploaded_key, f.id = tests.id('announced') from app_public.files f
union all select tests.id('atlas') || '/services/' || uuidv7(), false
union all select tests.id('atlas') || '/services/not an id', false
union all select tests.id('atlas') || '/logo/' || tests.id('confirmed'), false;
select set_eq(
  $$select app_private.stray_objects(tests.id('atlas'), (select array_agg(key) from listed))$$,
  'select key from listed where not is_needed',
  'a stray object is one that no living file of this clinic names');
select set_eq(
  $$select p from app_private.object_prefixes(tests.id('atlas')) p$$,
  $$select tests.id('atlas') || '/' || folder || '/' from unnest('{uploads,logo,services,signatures,appointments,forms,internal,documents,document-images,form-documents}'::text[]) folder$$,
  'only the folders of files are looked into');

select tests.act_as('the worker');
select is(app_private.enqueue_object_sweeps(), 2, 'once a day, a sweep a clinic');
select tests.act_as('the database');
select results_eq(
  $$select (payload ->> 'organizationId')::uuid from graphile_worker._private_jobs where key like 'sweep_objects:%' order by 1$$,
  $$select tests.id(clinic) from unnest('{boreal,atlas}'::text[]) clinic order by 1$$, 'for each of them');
select * from finish();
rollback;
