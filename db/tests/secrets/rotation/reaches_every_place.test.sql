-- Test: rotation - finds every place and every owner, touches what it was told to, and nobody else's. FND-11, FND-35.
begin;
select plan(52);
select tests.clinic('boreal');
select tests.clinic('atlas');
select tests.integration('twilio');

-- A place of the platform's with two envelopes in a row, one of them optional, beside those of the clinics.
create table app_private.toys (number int primary key, credentials app_private.ciphertext not null, code app_private.ciphertext);
select app_private.classify('app_private.toys', 'cell', 'operations', '{"operational": ["number"], "auth_secret": ["credentials", "code"]}',
  protected => '{"ciphertext": ["credentials", "code"]}');
create trigger _300_key_in_use before insert or update on app_private.toys
  for each row execute function app_private.tg_ciphertext__key_in_use('credentials', 'code');
-- Envelopes are bound to one key.
create table app_private.pairs (a int, b int, code app_private.ciphertext, primary key (a, b));
select app_private.classify('app_private.pairs', 'cell', 'operations', '{"operational": ["a", "b"], "auth_secret": ["code"]}',
  protected => '{"ciphertext": ["code"]}');
-- What was said of a column does not hide an envelope.
create table app_private.mistaken (id uuid primary key, organization_id uuid, gone text, code app_private.ciphertext);
select app_private.classify('app_private.mistaken', 'cell', 'operations', '{"operational": ["id", "organization_id", "gone", "code"]}');
alter table app_private.mistaken drop column organization_id, drop column gone;
grant select, insert, update on app_private.toys, app_private.mistaken to app_engine;
alter table app_private.toys owner to app_engine;
select results_eq(
  $$select * from app_private.ciphertext_places() where table_name in ('app_private.toys', 'app_private.pairs', 'app_private.mistaken', 'app_public.organization_integrations', 'app_public.invoices')$$,
  $$values ('app_private.mistaken', 'code', 'id', 'uuid', false, null, null),
           ('app_private.toys', 'code', 'number', 'integer', false, null, null),
           ('app_private.toys', 'credentials', 'number', 'integer', false, null, null),
           ('app_public.invoices', 'tax_id', 'id', 'uuid', true, null, 'tax_id_sealed_for'),
           ('app_public.organization_integrations', 'credentials', 'id', 'uuid', true, 'credentials_bound_to', null)$$,
  'each place once, with its key, its owner and what it is bound to');

-- Whose key an envelope may be under.
select tests.data_key('atlas', 1);
insert into app_private.data_keys (organization_id, version, wrapped, master_key_id, status) values
  (null, 7, extensions.gen_random_bytes(60), 'm1', 'active'), (tests.id('boreal'), 9, extensions.gen_random_bytes(60), 'm1', 'active');
select lives_ok($$insert into app_private.toys values (9, tests.envelope(7), null), (10, tests.envelope(7), tests.envelope(7)), (2, tests.envelope(7), null)$$,
  'what is the platform''s is sealed under the platform''s key, and what is empty under none');
select tests.refuses($$insert into app_private.toys values (3, tests.envelope(9))$$, 'CONFLICT', 'data_key_not_in_use', '… not under a clinic''s');
select tests.refuses($$update app_private.toys set code = tests.envelope(9) where number = 9$$, 'CONFLICT', 'data_key_not_in_use', '… in no column');
select tests.refuses($$update app_public.organization_integrations set credentials = tests.envelope(7)$$, 'CONFLICT', 'data_key_not_in_use', 'what is a clinic''s not under the platform''s key');
select tests.refuses($$update app_public.organization_integrations set credentials = tests.envelope(9)$$, 'CONFLICT', 'data_key_not_in_use', '… nor under another clinic''s');

-- A rotation takes the keys that were there when it began.
select tests.act_as('the worker');
select tests.remember('rotation', app_private.open_key_rotation());
select tests.act_as('the database');
update app_private.key_rotations set started_at = '2026-03-01 12:00+00' where id = tests.id('rotation');
insert into app_private.key_rotations (id, started_at, finished_at) values (tests.remember('an old rotation', uuidv7()), '2026-01-01 00:00+00', '2026-01-02 00:00+00');
create function pg_temp.made(clinic uuid, at timestamptz) returns void language sql as $$
  alter table app_private.data_keys disable trigger user;
  update app_private.data_keys set created_at = at where organization_id is not distinct from clinic;
  alter table app_private.data_keys enable trigger user;
$$;
select pg_temp.made(null, '2026-03-01 12:00+00');
select pg_temp.made(tests.id('atlas'), '2026-03-01 11:59:59.999999+00');
select pg_temp.made(tests.id('boreal'), '2026-02-01 00:00+00');
select tests.act_as('the worker');
select results_eq(
  $$select * from app_private.owners_to_rekey(tests.id('rotation'), 10)$$,
  $$values (tests.id('atlas'), 2), (tests.id('boreal'), 10)$$, 'a key that was made when it began is new enough, one made before is not');
select is_empty($$select * from app_private.owners_to_rekey(tests.id('an old rotation'), 10)$$, 'another rotation began before them all');
select results_eq(
  $$select organization_id from app_private.owners_to_rekey(tests.id('rotation'), 1)$$, $$values (tests.id('atlas'))$$, 'they come in parts');

select ok(app_private.add_next_data_key(null, 8, extensions.gen_random_bytes(60), 'm1'), 'the platform gets a key');
select results_eq($$select key_version from app_hidden.data_key(tests.id('boreal'))$$, $$values (9)$$, '… and the clinics keep theirs');
select ok(not app_private.add_next_data_key(null, 8, extensions.gen_random_bytes(60), 'm1'), 'the key that was followed is followed once');
select ok(app_private.add_next_data_key(tests.id('atlas'), 2, extensions.gen_random_bytes(60), 'm1'), 'so does a clinic');
select results_eq(
  $$select organization_id from app_private.owners_to_rekey(tests.id('rotation'), 10)$$, $$values (tests.id('boreal'))$$, 'and waits no more');
select ok(not app_private.add_next_data_key(tests.id('boreal'), 2, extensions.gen_random_bytes(60), 'm1'), 'a clinic at another version is not touched');

-- What is to be sealed again: of this column, in the order of the keys.
select results_eq(
  $$select row_id, organization_id, bound_to from app_private.envelopes_to_reseal('app_private.toys', 'credentials', null, 10)$$,
  $$values ('2', null::uuid, null), ('9', null, null), ('10', null, null)$$, 'a column that is bound to nothing more, in the order of its keys');
select results_eq($$select row_id from app_private.envelopes_to_reseal('app_private.toys', 'credentials', null, 2)$$, $$values ('2'), ('9')$$, '… in parts');
select results_eq($$select row_id from app_private.envelopes_to_reseal('app_private.toys', 'credentials', '9', 10)$$, $$values ('10')$$, '… after the last one');
select results_eq($$select row_id from app_private.envelopes_to_reseal('app_private.toys', 'code', null, 10)$$, $$values ('10')$$, 'another column of the same table by itself');
select tests.act_as('the database');
select results_eq(
  $$select row_id::uuid, organization_id, bound_to from app_private.envelopes_to_reseal('app_public.organization_integrations', 'credentials', null, 10)$$,
  $$values (tests.id('twilio'), tests.id('atlas'), (select credentials_bound_to from app_public.organization_integrations where id = tests.id('twilio')))$$,
  'a column that is bound to its destination says which');

-- New envelopes go where the old ones still are.
create temporary table fresh as select number, credentials, ('\x525845010000000800'::bytea || extensions.gen_random_bytes(60)) as envelope from app_private.toys;
create temporary table known as select * from app_private.toys;
grant select on fresh, known to public;
select tests.act_as('the worker');
select is(app_private.replace_envelopes('app_private.toys', 'credentials',
    (select array_agg(number::text order by number) from fresh),
    (select array_agg(case when number = 10 then '\x00' else credentials::bytea end order by number) from fresh),
    (select array_agg(envelope order by number) from fresh)), 2, 'two are as they were read');
select tests.act_as('the database');
select results_eq(
  $$select number, credentials::bytea, code::bytea from app_private.toys order by 1$$,
  $$select number, case when number = 10 then known.credentials::bytea else fresh.envelope end, known.code::bytea
    from fresh join known using (number) order by 1$$, 'they are replaced, what somebody changed and the other column are not');
select is(
  app_private.replace_envelopes('app_private.toys', 'code', '{10}', array(select code::bytea from known where number = 10), array(select envelope from fresh where number = 10)),
  1, 'the other column has its own');
select is(
  (select code::bytea from app_private.toys where number = 10), (select envelope from fresh where number = 10), '… and gets it');
select throws_ok(
  $$select app_private.replace_envelopes('app_private.toys', 'number', '{}', '{}', '{}')$$, 'P0002', null, 'no column but these is written');
select throws_ok(
  $$select app_private.replace_envelopes('app_private.cars', 'credentials', '{}', '{}', '{}')$$, 'P0002', null, 'nor another table''s');

-- The format before knew no destination: sealed again although its key is the present one.
update app_public.organization_integrations set credentials = '\x5258450200000002'::bytea || extensions.gen_random_bytes(60);
select is_empty(
  $$select from app_private.envelopes_to_reseal('app_public.organization_integrations', 'credentials', null, 10)$$, 'bound and under the present key, nothing is to do');
update app_public.organization_integrations set credentials = '\x5258450100000002'::bytea || extensions.gen_random_bytes(60);
select isnt_empty(
  $$select from app_private.envelopes_to_reseal('app_public.organization_integrations', 'credentials', null, 10)$$, 'not bound to its destination, it is sealed again');
select results_eq(
  $$select row_id from app_private.envelopes_to_reseal('app_private.toys', 'credentials', null, 10)$$, $$values ('10')$$, '… where there is one to bind to');

-- Retired when no place holds it, and the rotation ends when none waits.
select tests.act_as('the worker');
select results_eq($$select * from app_private.retire_data_keys('0')$$, $$values (1, 1)$$, 'the platform''s is in one row yet, the clinic''s is in none');
select ok(not app_private.finish_key_rotation(tests.id('rotation')), 'a key waits for its retirement');
select tests.act_as('the database');
update app_private.toys set credentials = tests.envelope(8) where number = 10;
select tests.act_as('the worker');
select results_eq($$select * from app_private.retire_data_keys('0')$$, $$values (1, 0)$$, 'now it is in none');
select ok(not app_private.finish_key_rotation(tests.id('rotation')), 'a key waits for its successor');
select ok(app_private.add_next_data_key(tests.id('boreal'), 10, extensions.gen_random_bytes(60), 'm1'), 'it has one');
select ok(not app_private.finish_key_rotation(tests.id('rotation')), '… and is not retired');
select results_eq($$select * from app_private.retire_data_keys('0')$$, $$values (1, 0)$$, '… and is');
select is_empty($$select * from app_private.owners_to_rekey(tests.id('rotation'), 10)$$, 'retired keys get no successor');
select tests.act_as('the database');
select pg_temp.made(null, '2026-03-01 12:00+00');
update app_private.key_rotations set started_at = '2026-03-01 12:00+00' where id = tests.id('rotation');
select tests.act_as('the worker');
select ok(not app_private.finish_key_rotation(uuidv7()), 'a rotation that is none is not finished');
select ok(not app_private.finish_key_rotation(tests.id('an old rotation')), 'one that was finished is not finished again');
select is(app_private.open_key_rotation(false), tests.id('rotation'), '… and ours goes on');
select ok(app_private.finish_key_rotation(tests.id('rotation')), 'with a key that was made when it began, and old ones retired, ours is');
select ok(not app_private.finish_key_rotation(tests.id('rotation')), '… once');

-- Another master key wraps every key again, retired ones too.
select tests.act_as('the database');
update app_private.data_keys set master_key_id = 'm2' where organization_id = tests.id('atlas') and version = 2;
update app_private.data_keys set wrapped = decode(repeat('aa', 60), 'hex') where organization_id = tests.id('boreal');
create temporary table keys as select id, organization_id, version, row_number() over (order by id) as place
  from app_private.data_keys where master_key_id <> 'm2';
grant select on keys to public;
select tests.act_as('the worker');
select results_eq(
  $$select id, organization_id, version from app_private.data_keys_to_rewrap('m2', null, 100)$$,
  $$select id, organization_id, version from keys order by id$$, 'all but those that it wraps, from the first');
select is((select count(*) from keys), 5::bigint, '… five of six');
select results_eq(
  $$select id from app_private.data_keys_to_rewrap('m2', (select id from keys where place = 2), 2)$$,
  $$select id from keys where place in (3, 4)$$, 'the next ones after these');
select ok(app_private.rewrap_data_key((select id from keys where organization_id = tests.id('boreal') and version = 9),
  decode(repeat('aa', 60), 'hex'), decode(repeat('bb', 60), 'hex'), 'm2'), 'one is wrapped again');
select ok(not app_private.rewrap_data_key((select id from keys where organization_id = tests.id('boreal') and version = 9),
  decode(repeat('aa', 60), 'hex'), decode(repeat('cc', 60), 'hex'), 'm3'), 'not when somebody was faster');
select tests.act_as('the database');
select results_eq(
  $$select version, wrapped, master_key_id from app_private.data_keys where organization_id = tests.id('boreal') order by 1$$,
  $$values (9, decode(repeat('bb', 60), 'hex'), 'm2'), (10, decode(repeat('aa', 60), 'hex'), 'm1')$$, 'it and no other');
select * from finish();
rollback;
