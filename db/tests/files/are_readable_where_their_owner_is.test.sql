-- Test: files - whoever sees the owner row sees its checked files, and nobody else does. FND-13, FND-05.
begin;
select plan(6);
select tests.two_clinics();

-- Every file that counts, with its owner; what only staff may see is told apart.
create temporary table checked as
select f.id, f.audience, f.organization_id, f.owner_kind,
       f.owner_id, con.confrelid::regclass as owners
from app_public.files f
join app_private.file_owner_kinds k on k.key = f.owner_kind
join pg_attribute a on a.attrelid = 'app_public.files'::regclass and a.attname = k.column_name
join pg_constraint con on con.conrelid = a.attrelid and con.contype = 'f' and a.attnum = any (con.conkey)
where f.status = 'confirmed';
grant select on checked to public;
select set_eq('select distinct owner_kind from checked', 'select key from app_private.file_owner_kinds',
  'of every kind of owner there is a file');
create temporary table seen (persona text, file_id uuid);
create temporary table due (persona text, file_id uuid);
grant select, insert on seen, due to public;

create function pg_temp.look(persona text) returns void language plpgsql as $$
begin
  perform tests.act_as(persona);
  insert into seen select persona, c.id from checked c join app_public.files f on f.id = c.id;
  insert into due
  select persona, c.id from checked c
  where (xpath('/row/n/text()', query_to_xml(
           format('select count(*) as n from %s where id = %L', c.owners, c.owner_id), false, true, '')))[1]::text = '1'
    and (c.audience = 'owner_readers'
         or c.organization_id = any (app_hidden.current_staff_organization_ids()));
  perform tests.act_as('the database');
end;
$$;
select pg_temp.look(p.name) from (select name from tests.personas order by name) p;

select results_eq(
  'select persona, file_id from seen order by 1, 2',
  'select persona, file_id from due order by 1, 2',
  'every persona sees exactly the files of what they see');
select isnt_empty(
  $$select from seen where persona = 'ana' and file_id = tests.id('ana''s finding at atlas')$$,
  'the patient sees the own finding');
select is_empty(
  $$select from seen where persona in ('bogdan', 'dan', 'elena', 'beata', 'root')
      and file_id = tests.id('ana''s finding at atlas')$$,
  'no other patient, no other clinic and not the platform sees it');
select is_empty(
  $$select from seen where persona in ('ana', 'elena') and file_id = tests.id('signature of stefan')$$,
  'a signature is for staff, though its specialist is for patients');
select is_empty(
  $$select from seen where file_id = tests.id('zoe''s finding at atlas')$$,
  'when the appointment is deleted, nobody sees its files');
select * from finish();
rollback;
