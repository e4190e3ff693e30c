-- Test: lint - a row that names a function names one of the engine's, and is checked when it is written. FND-14, FND-13.
begin;
select plan(4);
select is_empty(
  $$select object, problem from tests.lint('named_functions')$$,
  'every subscription for messages and every kind of owner of files has its function');

create temporary table before as select object from tests.lint('named_functions');
create function app_private.messages_about_nothing(event app_private.events) returns void language sql as 'select';
create function app_private.messages_about_toys(event app_private.events) returns void language sql as 'select';
create function app_private.file_owner_toy(id uuid) returns uuid language sql as 'select id';
create table app_private.toys (key text, toy_function text);

select throws_ok(
  $$insert into app_private.event_subscriptions (consumer, event_name, messages_function)
    values ('notifications', 'toy.broken', 'messages_about_toys')$$,
  '23514', null, 'what is not the engine''s own is refused when it is written');
select throws_ok(
  $$insert into app_private.event_subscriptions (consumer, event_name) values ('notifications', 'toy.broken')$$,
  '23514', null, 'and so is a subscription for messages without a function');

set local session_replication_role = replica;
insert into app_private.event_subscriptions (consumer, event_name, messages_function) values
  ('notifications', 'toy.broken', 'messages_about_toys'), ('notifications', 'toy.lost', 'messages_about_losses');
insert into app_private.file_owner_kinds (key, column_name, owner_function) values ('toy', 'toy_id', 'file_owner_toy');
select set_eq(
  $$select object from tests.lint('named_functions') except select object from before$$,
  array['app_private.event_subscriptions toy.broken', 'app_private.event_subscriptions toy.lost',
        'app_private.file_owner_kinds toy', 'app_private.messages_about_nothing(app_private.events)', 'app_private.toys'],
  'a function that is not there, not the engine''s, of another shape or asked for by nobody is named, and a table that checks nothing');
select * from finish();
rollback;
