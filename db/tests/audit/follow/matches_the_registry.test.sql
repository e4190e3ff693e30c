-- Test: follow - a table joins by its row: what the triggers mask and name is what the registry says. FND-08, FND-12.
begin;
select plan(21);

-- Every table, today's and tomorrow's.
select is_empty($$
  select table_name from app_private.classified_tables
  where (unaudited is null) is distinct from exists (
    select from pg_trigger where tgrelid = table_name::regclass and tgname = '_500_audit' and tgenabled = 'O')$$,
  'each table is followed, unless it says why not');
create temporary table followed as
select tgrelid::regclass::text as table_name, string_to_array(encode(tgargs, 'escape'), '\000') as said
from pg_trigger where tgname = '_500_audit';
select is_empty($$
  select f.table_name, said[4] from followed f
  where said[4]::text[] is distinct from (
    select coalesce(array_agg(c.column_name order by c.column_name), '{}')
    from app_private.classified_columns c join app_private.data_classes d on d.name = c.class
    where c.table_name = f.table_name and d.is_masked)$$,
  'what is masked is what the classes say: migrate the policy file of the table again');
select is_empty($$
  select f.table_name from followed f join app_private.classified_tables t using (table_name)
  where said[3] is distinct from coalesce(t.person_column, '')$$,
  'whom a row is about is what the registry says');
select is_empty($$
  select f.table_name from followed f
  where said[1] is distinct from case
    when f.table_name = 'app_public.organizations' then 'id'
    when exists (select from pg_attribute where attrelid = f.table_name::regclass and attname = 'organization_id') then 'organization_id'
    else '' end$$,
  'whose a row is follows from its column');

-- Said again, it is the same: the triggers of today are what follow() makes.
create temporary table made as select tgrelid, tgname, tgtype, tgargs, tgfoid from pg_trigger where tgname like '\_500\_audit%';
drop trigger _500_audit on app_public.services;
create trigger _500_audit after insert on app_public.services for each row execute function audit.tg_audit('id');
select audit.follow(table_name) from app_private.classified_tables;
select set_eq(
  $$select tgrelid, tgname, tgtype, tgargs, tgfoid from pg_trigger where tgname like '\_500\_audit%'$$, 'select * from made', 'each table gets its own columns, and what stood there gives way');

-- A table with secrets, and a key that is somebody's address.
create table app_public.letters (
  address text, number int, organization_id uuid, secret_hash bytea, cnp text, note text, updated_at timestamptz, primary key (address, number));
alter table app_public.letters owner to app_owner;
set local role app_owner;
select app_private.classify('app_public.letters', 'clinic', 'clinic',
  '{"pii_basic": ["address"], "operational": ["number", "organization_id", "note", "updated_at"], "auth_secret": ["secret_hash"], "pii_regulated": ["cnp"]}',
  protected => '{"digest": ["secret_hash"], "ciphertext": ["cnp"]}');
reset role;
select tests.clinic('atlas');
insert into app_public.letters values ('canary@people.test', 7, tests.id('atlas'), '\xc0ffeec0ffee', '2800517000000', 'a', now());
update app_public.letters set secret_hash = '\xdecadedecade', cnp = '2900517000000';
update app_public.letters set note = 'b', secret_hash = '\xbeefbeefbeef';
delete from app_public.letters;
create temporary table seen as select * from audit.entries where table_name = 'app_public.letters';

select is((select array_agg(action order by id) from seen), '{insert,update,update,delete}', 'each leaves its entry');
select is((select array_agg(distinct row_key) from seen), '{7}', 'a key column that names somebody is not in the key');
select ok(bool_and(coalesce(old, new) ->> 'address' = 'canary@people.test'), '… but always among the values') from seen;
select is(changed, '{cnp,secret_hash}', 'masked columns are named when they change') from seen where action = 'update' and not old ? 'note';
select is(old, '{"address": "canary@people.test"}', '… and shown never') from seen where action = 'update' and not old ? 'note';
select is(new, '{"note": "b", "address": "canary@people.test"}', '… also beside others') from seen where action = 'update' and old ? 'note';
select ok(not (old ?| '{cnp,secret_hash}'), '… also of a deleted row') from seen where action = 'delete';
select is_empty(
  $$select from seen where seen::text ~* '(c0ffeec0ffee|decadedecade|beefbeefbeef|2800517|2900517)'$$, 'no column of an entry holds a secret');
select is_empty(
  $$select from seen where strpos(encode(bytes, 'escape'), 'canary') > 0 or strpos(encode(bytes, 'escape'), '203.0.113') > 0$$,
  'the bytes of the chain hold nothing personal');
select isnt_empty(
  $$select from seen where strpos(encode(bytes, 'escape'), 'app_public.letters') > 0$$, '… where what is no secret is found');
select is_empty(
  $$select digest from seen group by digest having count(*) > 1$$, 'no two digests are alike, whatever they are of');

-- A key that is a secret, and no clinic.
create table app_public.stamps (code_hash bytea, place uuid, note text, primary key (place, code_hash));
alter table app_public.stamps owner to app_owner;
set local role app_owner;
select app_private.classify('app_public.stamps', 'clinic', 'clinic', '{"auth_secret": ["code_hash"], "pii_basic": ["place"], "operational": ["note"]}',
  protected => '{"digest": ["code_hash"]}');
reset role;
insert into app_public.stamps values ('\xfaceface', '01890000-0000-7000-8000-000000000001', 'a');
select is(new, '{"place": "01890000-0000-7000-8000-000000000001", "note": "a"}', 'a secret key is not among the values')
from audit.entries where table_name = 'app_public.stamps';
select is(row_key, '01890000-0000-7000-8000-000000000001', '… nor in the key; an id that stands for somebody is')
from audit.entries where table_name = 'app_public.stamps' and action = 'insert';
alter table app_public.stamps drop constraint stamps_pkey, add primary key (code_hash);
select audit.follow('app_public.stamps');
update app_public.stamps set note = 'b';
select is(row_key, null, 'where nothing but a secret names the row, nothing names it') from audit.entries where table_name = 'app_public.stamps' and action = 'update';
alter table app_public.stamps drop constraint stamps_pkey, add column number int not null default 3, add primary key (place, number);
select audit.follow('app_public.stamps');
delete from app_public.stamps;
select is(row_key, '01890000-0000-7000-8000-000000000001/3', 'a key of several columns is all of them, in their order')
from audit.entries where table_name = 'app_public.stamps' and action = 'delete';
select is(organization_id, null, '… and what names no clinic is the platform''s') from audit.entries where table_name = 'app_public.stamps' and action = 'insert';
select * from finish();
rollback;
