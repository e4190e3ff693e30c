-- Test: create_calendar_feed, revoke_calendar_feed, read_calendar_feed - the address is told once and answers until it is revoked,
-- the specialist is removed, or whoever made it leaves; names stay at the clinic. APT-08.
begin;
select plan(29);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('horia', 'admin'), tests.staff('adrian', 'admin');
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select tests.staff('bianca', 'billing');
insert into app_public.roles (organization_id, key, name) values (tests.id('atlas'), 'planner', 'Planner');
insert into app_public.role_permissions (organization_id, role_id, permission) values (tests.id('atlas'), tests.role_id('planner'), 'schedules.manage');
select tests.staff('petra', 'planner');
select tests.patient('ana');
select tests.specialist('stefan', account => true);
select tests.specialist('dora', account => true);
select tests.calendar('mondays', '{stefan,dora}'), tests.service('another service');
select tests.appointment('visit', 'ana', 'mondays', 'stefan', '2027-03-02 10:00+02');
select tests.appointment('called off', 'ana', 'mondays', 'stefan', '2027-03-02 12:00+02');
update app_public.appointments set status = 'cancelled' where id = tests.id('called off');
select tests.appointment('removed', 'ana', 'mondays', 'stefan', '2027-03-02 13:00+02');
update app_public.appointments set deleted_at = now() where id = tests.id('removed');
select tests.appointment('colleague''s', 'ana', 'mondays', 'dora', '2027-03-02 14:00+02');
select tests.appointment('long ago', 'ana', 'mondays', 'stefan', '2027-01-30 07:00+02');
select tests.appointment('a month ago', 'ana', 'mondays', 'stefan', '2027-01-30 08:00+02');
select tests.appointment('in half a year', 'ana', 'mondays', 'stefan', app_hidden.now() + interval '180 days');
select tests.appointment('just before', 'ana', 'mondays', 'stefan', app_hidden.now() + interval '179 days 23:00');
create function pg_temp.made(specialist text, initials boolean default false) returns app_public.calendar_feed_link language sql as
  'select * from app_public.create_calendar_feed(tests.id(specialist), initials)';
create function pg_temp.token(path text) returns text language sql as $$select substring(path from '^/v1/calendar-feeds/([0-9a-f]{32})\.ics$')$$;
create table pg_temp.links (name text primary key, id uuid, token text);
grant all on pg_temp.links to public;
create function pg_temp.make(name text, specialist text, initials boolean default false) returns void language sql as
  'insert into pg_temp.links select name, made.id, pg_temp.token(made.path) from pg_temp.made(specialist, initials) as made';
create function pg_temp.read(feed text) returns jsonb language sql as
  'select app_hidden.read_calendar_feed(links.token) from pg_temp.links where links.name = feed';

select tests.act_as('stefan');
select pg_temp.make('own', 'stefan');
select pg_temp.make('with initials', 'stefan', true);
select isnt(token, null, 'a path with 128 random bits') from pg_temp.links where name = 'own';
select throws_ok($$select pg_temp.made('dora')$$, 'RX403', 'permission_missing', 'a colleague''s calendar is not one''s own');
select tests.act_as('bianca');
select throws_ok($$select pg_temp.made('stefan')$$, 'RX403', 'permission_missing', 'nor is it theirs who bill');
select tests.act_as('petra');
select throws_ok($$select pg_temp.made('stefan')$$, 'RX403', 'permission_missing', 'nor theirs who plan and see no appointments');
select tests.act_as('horia');
select throws_ok($$select pg_temp.made('stefan')$$, 'RX404', 'specialist_not_found', 'nor another clinic''s');
select tests.act_as('ana');
select throws_ok($$select pg_temp.made('stefan')$$, 'RX404', 'specialist_not_found', 'nor a patient''s');
select tests.act_as('adrian');
select pg_temp.make('by the admin', 'stefan');
select is((select count(*) from app_public.calendar_feeds), 3::bigint, 'staff see which there are');
select throws_ok('select token_hash from app_public.calendar_feeds', '42501', null, 'nobody sees what opens them');

select tests.act_as('a visitor');
select is(pg_temp.read('own') ->> 'name', 'Dr. Stefan Ionescu, Atlas', 'whose it is');
select is(
  (select array_agg(entry ->> 'id' order by entry ->> 'startsAt') from jsonb_array_elements(pg_temp.read('own') -> 'entries') entry),
  array[tests.id('a month ago')::text, tests.id('visit')::text, tests.id('just before')::text], 'the specialist''s visits from a month back until half a year ahead: not what was called off or removed, nor a colleague''s');
select is((pg_temp.read('own') -> 'entries' -> 1) - 'id' - 'changedAt',
  '{"startsAt": "2027-03-02T08:00:00+00:00", "endsAt": "2027-03-02T09:00:00+00:00", "serviceName": "service of mondays", "modality": "in_person", "initials": null}',
  'when and what, nobody''s name');
select is(pg_temp.read('with initials') -> 'entries' -> 1 ->> 'initials', 'A. P.', 'initials where they are wanted');
select is(app_hidden.read_calendar_feed(repeat('0', 32)), null, 'no such address');
select throws_ok('select count(*) from app_public.calendar_feeds', '42501', null, 'a visitor sees no list');

select tests.act_as('dora');
select throws_ok($$select app_public.revoke_calendar_feed(id) from pg_temp.links where name = 'own'$$, 'RX403', 'permission_missing', 'a colleague does not revoke it');
select tests.act_as('horia');
select throws_ok($$select app_public.revoke_calendar_feed(id) from pg_temp.links where name = 'own'$$, 'RX404', 'calendar_feed_not_found', 'nor does another clinic');
select tests.act_as('stefan');
select is((select revoked_at from app_public.revoke_calendar_feed((select id from pg_temp.links where name = 'own'))), app_hidden.now(), 'who made it does');
select is(pg_temp.read('own'), null, 'then it answers no more');
select tests.act_as('the database');
select set_config('tests.now', '2027-03-01 09:00+02', true);
select tests.act_as('stefan');
select is((select revoked_at from app_public.revoke_calendar_feed((select id from pg_temp.links where name = 'own'))), app_hidden.now() - interval '1 hour', 'once more changes nothing');
select isnt(pg_temp.read('by the admin'), null, 'the others go on');
select pg_temp.make(n::text, 'stefan') from generate_series(1, 3) n;
select throws_ok($$select pg_temp.made('stefan')$$, 'RX409', 'too_many_feeds', 'five at a time');
select is((select feed.id from app_public.revoke_calendar_feed((select id from pg_temp.links where name = '2')) feed), (select id from pg_temp.links where name = '2'), 'each is revoked for itself');
select tests.act_as('dora');
select lives_ok($$select pg_temp.made('dora')$$, 'of each specialist');

select tests.act_as('the database');
update app_public.memberships set ended_at = app_hidden.now() where human_id = tests.id('adrian') and organization_id = tests.id('atlas');
select is(pg_temp.read('by the admin'), null, 'who left the clinic reads nothing more, though they are at another');
select isnt(pg_temp.read('with initials'), null, 'who is there does');
update app_public.organizations set deleted_at = app_hidden.now() where id = tests.id('atlas');
select is(pg_temp.read('with initials'), null, 'nobody reads a clinic that is gone');
update app_public.organizations set deleted_at = null where id = tests.id('atlas');
select isnt(pg_temp.read('with initials'), null, 'until it is back');
update app_public.specialists set deleted_at = app_hidden.now() where id = tests.id('stefan');
select is(pg_temp.read('with initials'), null, 'nobody reads a specialist who is gone');
select tests.act_as('a visitor');
select throws_ok($$select app_public.create_calendar_feed(tests.id('dora'))$$, '42501', null, 'visitors make none');
select * from finish();
rollback;
