-- Test: service_attachments - leaflets of a service: for everybody while the clinic offers it, for its staff in any case. CAT-02, FND-13.
begin;
select plan(12);
select tests.clinic('boreal');
select tests.staff('otto', 'admin');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.patient('ana');
select tests.specialist('stefan');
select tests.calendar('mondays', '{stefan}'), tests.calendar('others', '{stefan}');
select tests.file(name, 'service_attachments', tests.id('service of mondays'), 'adrian', status => status)
from (values ('second', 'confirmed'), ('first', 'confirmed'), ('half', 'pending'), ('gone', 'deleted')) as given (name, status);
select tests.file('of another service', 'service_attachments', tests.id('service of others'), 'adrian');
select tests.file('a logo', 'organization_logo', tests.id('atlas'), 'adrian');
create function tests.handed_out() returns uuid[] language sql as
  $$ select array_agg(id order by id) from app_public.service_attachments(tests.id('service of mondays')) $$;
create temporary table wanted as
select array(select id from unnest(array[tests.id('first'), tests.id('second')]) as id order by id) as ids;
grant select on wanted to public;

select tests.act_as('a visitor');
select is(tests.handed_out(), (select ids from wanted), 'a visitor gets the checked files of the service, and no others');
select is((select array_agg(filename) from app_public.service_attachments(tests.id('service of mondays'))),
  (select array_agg(filename order by filename, id) from app_public.service_attachments(tests.id('service of mondays'))), 'by name');
select is_empty($$select from app_public.service_attachments(null)$$, 'of no service nothing');
select is_empty($$select from app_public.service_attachments(uuidv7())$$, 'nor of one that is not there');
select tests.act_as('ana');
select is(tests.handed_out(), (select ids from wanted), 'a patient as well');
select tests.act_as('otto');
select is(tests.handed_out(), (select ids from wanted), 'and whoever works elsewhere');

select tests.act_as('the database');
update app_public.services set is_active = false where id = tests.id('service of mondays');
select tests.act_as('a visitor');
select is(tests.handed_out(), null, 'what is not on offer is handed out to no visitor');
select tests.act_as('otto');
select is(tests.handed_out(), null, 'nor to staff of another clinic');
select tests.act_as('adrian');
select is(tests.handed_out(), (select ids from wanted), 'staff see what they prepare');
select tests.act_as('the database');
update app_public.services set is_active = true where id = tests.id('service of mondays');
update app_public.organizations set activated_at = null where id = tests.id('atlas');
select tests.act_as('a visitor');
select is(tests.handed_out(), null, 'of a clinic that is a draft nothing is seen');
select tests.act_as('adrian');
select is(tests.handed_out(), (select ids from wanted), 'but by its staff');
select tests.act_as('the database');
update app_public.services set deleted_at = app_hidden.now() where id = tests.id('service of mondays');
select tests.act_as('adrian');
select is(tests.handed_out(), null, 'what was deleted hands out nothing');
select * from finish();
rollback;
