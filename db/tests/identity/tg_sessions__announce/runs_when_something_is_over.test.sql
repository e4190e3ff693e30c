-- Test: tg_sessions__announce, tg_inbox_items__announce - run when a session, an account or a membership is over, when something arrives, and not otherwise. FND-03, FND-15.
-- A notice leaves at commit, where no test of one transaction hears it; so the functions that send it only count here.
begin;
select plan(6);
create temporary table announced (what text);
create or replace function app_private.tg_sessions__announce() returns trigger language plpgsql set search_path = '' as $$
begin
  insert into pg_temp.announced values (tg_table_name);
  return null;
end;
$$;
create or replace function app_private.tg_inbox_items__announce() returns trigger language plpgsql set search_path = '' as $$
begin
  insert into pg_temp.announced values (tg_table_name);
  return null;
end;
$$;
create function pg_temp.heard(what text) returns text[] language plpgsql as $$
declare
  v_heard text[];
begin
  delete from pg_temp.announced;
  execute what;
  select array_agg(a.what) into v_heard from pg_temp.announced a;
  return v_heard;
end;
$$;
select tests.clinic('atlas');
select tests.staff('adrian', 'admin');
select is(pg_temp.heard($$insert into app_private.revoked_sessions (session_id) values ('sess_1')$$), '{revoked_sessions}', 'a session that ends');
select is(pg_temp.heard($$update app_private.identities set ended_at = now() where principal_id = tests.id('adrian')$$), '{identities}', 'an account that is closed at the provider');
select is(pg_temp.heard($$update app_public.principals set disabled_at = now() where id = tests.id('adrian')$$), '{principals}', 'one that is closed here');
select is(pg_temp.heard($$update app_public.principals set disabled_at = null where id = tests.id('adrian')$$), null, 'not one that opens again');
select is(pg_temp.heard($$update app_private.identities set ended_at = null where principal_id = tests.id('adrian')$$), null, 'nor there');
select is(pg_temp.heard($$insert into app_public.inbox_items (organization_id, human_id, message_id, title, body) values (tests.id('atlas'), tests.id('adrian'), uuidv7(), 'Salut', 'Ceva nou')$$), '{inbox_items}', 'something that arrives');
select * from finish();
rollback;
