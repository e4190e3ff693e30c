-- Test: link_for_message, keep_link_for_message - a message that asks for a form opens that form by a link: for its own patient of age, one open link a form, which lasts as its template says. CNS-06, AUT-02.
begin;
select plan(27);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('boreal'), tests.data_key(), tests.staff('beata', 'admin'), tests.patient('bianca', birth_date => '1980-01-01'), tests.form_template('pains', jsonb_build_array(tests.form_item('pain', 'long_text')), signature_mode => 'remote_link'), tests.form('their form', 'bianca', 'pains');
select tests.clinic('atlas'), tests.data_key(), tests.staff('adrian', 'admin');
select tests.form_template('plain', jsonb_build_array(tests.form_item('pain', 'long_text'))), tests.form_template('pains', jsonb_build_array(tests.form_item('pain', 'long_text')), signature_mode => 'remote_link');
select tests.patient(name, birth_date => born) from (values ('ion', date '1980-01-01'), ('mia', '2009-03-02'), ('eva', '2009-03-01'), ('ana', '1980-01-01')) as p (name, born);
select tests.form('first of ana', 'ana', 'pains'), tests.form('of ion', 'ion', 'pains'), tests.form('of mia', 'mia', 'pains'), tests.form('of eva', 'eva', 'pains'), tests.form('plain of ana', 'ana', 'plain'), tests.form('of ana', 'ana', 'pains');
-- Another template's links last for an hour.
set local session_replication_role = replica;
update app_public.form_template_versions set link_expires_minutes = 60 where id = tests.id('first version of plain');
set local session_replication_role = origin;
-- A message to somebody that asks for a form.
create function pg_temp.mail(name text, patient text, asked text, clinic text default 'atlas') returns void language sql as $$
  select tests.remember(name, (app_private.notify(tests.id(clinic), 'patient_asked', jsonb_build_object('what', name, 'asked', asked), patient_profile_id => tests.id(patient), event_id => null))[1]) $$;
create function pg_temp.asks(name text, patient text, form text, clinic text default 'atlas') returns void language sql as $$ select pg_temp.mail(name, patient, 'form:' || tests.id(form), clinic) $$;
create function pg_temp.link(mail text) returns text language sql as $$
  select concat_ws(' ', case when l.is_open then (select n.name from tests.names n where n.id = l.link_id) else 'new' end, (select n.name from tests.names n where n.id = l.form_id)) from app_private.link_for_message(tests.id(mail)) as l $$;
-- As the worker does it.
create function pg_temp.keep(mail text, name text) returns boolean language plpgsql as $$
declare v_kept boolean;
begin
  set local session authorization app_worker;
  v_kept := app_private.keep_link_for_message(tests.id(mail), tests.remember(name, uuidv7()), sha256(name::bytea), '\x52584501'::bytea || int4send(1) || sha256('?') || sha256('!'));
  reset session authorization;
  return v_kept;
end $$;
create function pg_temp.links() returns text[] language sql as $$
  select array_agg(concat_ws(' ', n.name, l.status, l.ended_because) order by n.name) from app_public.signature_links l join tests.names n using (id) $$;
select pg_temp.asks('to ana', 'ana', 'of ana'), pg_temp.asks('to ion', 'ion', 'of ion'), pg_temp.asks('to mia', 'mia', 'of mia'), pg_temp.asks('to eva', 'eva', 'of eva'), pg_temp.asks('plain to ana', 'ana', 'plain of ana'),
  pg_temp.asks('of ion to ana', 'ana', 'of ion'), pg_temp.asks('their form to ana', 'ana', 'their form'), pg_temp.mail('consents to ana', 'ana', 'consents');

select is(pg_temp.link('to ana'), 'new of ana', 'a message opens the form that it asks for, and no other of its patient');
select is(pg_temp.link('to eva'), 'new of eva', 'whose eighteenth birthday is today');
select is(pg_temp.link('to mia'), null, 'not of one who is not of age until tomorrow');
select tests.freeze_time('2027-03-01 23:59+02');
select is(pg_temp.link('to mia'), null, 'to the last minute of today in Romania');
select tests.freeze_time('2027-03-02 00:00+02');
select is(pg_temp.link('to mia'), 'new of mia', 'who is of age from the first of tomorrow, whatever day it is where the server stands');
select tests.freeze_time('2027-03-01 10:00+02');
select is(pg_temp.link('plain to ana'), null, 'not where a link is not how the form is signed');
select is(pg_temp.link('of ion to ana'), null, 'not the form of another patient');
select is(pg_temp.link('their form to ana'), null, 'nor of another clinic');
select is(pg_temp.link('consents to ana'), null, 'nor where no form is asked for');

select is(pg_temp.keep('to ion', 'link of ion'), true, 'as it leaves its link is made');
select is(pg_temp.link('to ion'), 'link of ion of ion', 'and is open');
select is(pg_temp.link('to ana'), 'new of ana', 'for its form alone');
select is(pg_temp.keep('to ana', 'link of ana'), true, 'another form has its own');
select results_eq($$select l.form_id, l.identify_by, l.signature, l.expires_at - l.created_at from app_public.signature_links l where l.id = tests.id('link of ana')$$,
  $$select tests.id('of ana'), 'birth_date', v.link_inner_mode, make_interval(mins => v.link_expires_minutes) from app_public.form_template_versions v where v.id = (select version_id from app_public.forms where id = tests.id('of ana'))$$,
  'it opens by the date of birth, is signed as its template says, and lasts as long');
select is((select array_agg(event) from app_public.signature_events where link_id = tests.id('link of ana')), '{link_created}'::text[], 'and stands in the chain of its form');
select is(pg_temp.keep('to ana', 'second link of ana'), false, 'another is not made beside it');
select is(pg_temp.keep('to mia', 'link of mia'), false, 'nor one that nobody may open');
select is((select count(*) from app_public.signature_links), 2::bigint, 'none of them');

-- A link that nobody can send again, because its token is kept nowhere.
update app_public.signature_links set sealed_token = null where id = tests.id('link of ana');
select is(pg_temp.link('to ana'), 'new of ana', 'where the token of the open link is not kept, a new one is made');
select is(pg_temp.keep('to ana', 'third link of ana'), true, 'in its place');
select is(pg_temp.links(), '{"link of ana revoked sent_again","link of ion open","third link of ana open"}'::text[], 'which ends it, and no other form''s');
select is(pg_temp.link('to ana'), 'third link of ana of ana', 'and is the one that opens');
-- One second before it ends, and as it ends.
select tests.freeze_time((select expires_at - interval '1 second' from app_public.signature_links where id = tests.id('third link of ana')));
select is(pg_temp.link('to ana'), 'third link of ana of ana', 'until it ends');
select tests.freeze_time((select expires_at from app_public.signature_links where id = tests.id('third link of ana')));
select is(pg_temp.link('to ana'), 'new of ana', 'then another is made');
set local session_replication_role = replica;
update app_public.signature_links set kind = 'kiosk', identify_by = null, expires_at = app_hidden.now() + interval '1 day' where id = tests.id('third link of ana');
select is(pg_temp.link('to ana'), 'new of ana', 'as where there is a kiosk alone');
update app_public.forms set status = 'signed', completed_at = app_hidden.now(), signed_at = app_hidden.now() where id = tests.id('of ana');
select is(pg_temp.link('to ana'), null, 'a form that is signed is opened no more');
update app_public.forms set status = 'pending', completed_at = null, signed_at = null, deleted_at = app_hidden.now() where id = tests.id('of ana');
select is(pg_temp.link('to ana'), null, 'nor one that was removed');
select * from finish();
rollback;
