-- Test: actions - a message of an automation links to the form or the consents that were asked before it, to who may open them. AUT-02, CNS-06.
begin;
select plan(24);
select tests.freeze_time('2027-03-01 10:00+02');
select tests.clinic('atlas');
select tests.data_key();
select tests.staff('adrian', 'admin');
select tests.patient('ana'), tests.patient('dan', account => false), tests.patient('mia', account => false, birth_date => '2015-01-01'), tests.patient('ion');
update app_public.patient_profiles set email = 'dan@people.test' where id = tests.id('dan');
select tests.form_template('pains', jsonb_build_array(tests.form_item('pain', 'long_text')), signature_mode => 'remote_link');
select tests.form_template('plain', jsonb_build_array(tests.form_item('pain', 'long_text')));
create function pg_temp.mail(config jsonb default '{}') returns jsonb language sql as $$
  select jsonb_build_object('action', 'send_email', 'config', jsonb_build_object('words', jsonb_build_object(
    'ro', '{"title": "Salut", "body": "Aici: {{askedUrl}}"}'::jsonb, 'en', '{"title": "Hello", "body": "Here: {{askedUrl}}"}'::jsonb)) || config)
$$;
create function pg_temp.ask(action text, config jsonb) returns jsonb language sql as $$ select jsonb_build_object('action', action, 'config', config) $$;
create function pg_temp.form(template text) returns jsonb language sql as $$ select jsonb_build_object('templateId', tests.id(template)) $$;
-- What these actions about a patient leave in the mails of the clinic's words, and in those of the product.
create function pg_temp.asked(patient text, actions jsonb, event text default 'patient.profile_completed', key text default 'automation_email') returns text language plpgsql as $$
declare v_rule uuid;
begin
  perform tests.act_as('adrian');
  v_rule := (app_public.create_automation(tests.id('atlas'), 'Asks', event, actions)).id;
  perform tests.act_as('the database');
  if event = 'patient.profile_completed' then
    perform tests.happens(event, patient);
  else
    perform tests.form('made for ' || patient, patient, 'pains');
  end if;
  perform tests.automations_follow();
  update app_public.automation_rules set is_enabled = false where id = v_rule;
  perform tests.remember('mail', (select id from app_public.messages
    where template_key = key and channel = 'email' and messages.patient_profile_id = tests.id(patient) order by id desc limit 1));
  return (select case when data ->> 'asked' = 'form:' || f.id then 'form' else data ->> 'asked' end
    from app_public.messages left join lateral (select id from app_public.forms where patient_profile_id = tests.id(patient) order by id desc limit 1) f on true
    where messages.id = tests.id('mail'));
end $$;

select is(pg_temp.asked('ana', jsonb_build_array(pg_temp.mail())), null, 'a mail links to nothing where nothing was asked');
select is(pg_temp.asked('ana', jsonb_build_array(pg_temp.mail(), pg_temp.ask('require_consent', '{"purpose": "org_terms"}'))), null, 'nor to what is asked after it');
select is(pg_temp.asked('ana', jsonb_build_array(pg_temp.ask('require_consent', '{"purpose": "org_terms"}'), pg_temp.mail())), null, 'nor where it is not asked again');
select is(pg_temp.asked('ion', jsonb_build_array(pg_temp.ask('require_consent', '{"purpose": "org_terms"}'), pg_temp.mail())), 'consents', 'after a consent it links to the person''s consents');
select is(pg_temp.asked('dan', jsonb_build_array(pg_temp.ask('require_consent', '{"purpose": "org_terms"}'), pg_temp.mail())), null, 'which who has no account cannot open');
select is(pg_temp.asked('ana', jsonb_build_array(pg_temp.ask('suggest_form', pg_temp.form('pains')), pg_temp.mail('{"to": "staff", "permission": "patients.view"}'))), null, 'staff get no link of a patient');
select is((select count(*) from app_public.messages where template_key = 'automation_email' and recipient_human_id is not null and data ->> 'asked' is not null), 0::bigint, 'none of them');
select is(pg_temp.asked('ana', jsonb_build_array(pg_temp.ask('suggest_form', pg_temp.form('pains')), pg_temp.mail())), 'form', 'after a form it links to that form');
select tests.remember('mail of ana', tests.id('mail'));
select is(pg_temp.asked('ana', jsonb_build_array(pg_temp.ask('suggest_form', pg_temp.form('pains'))), key => 'patient_asked'), 'form', 'as does the message that tells of it');
select is(pg_temp.asked('dan', jsonb_build_array(pg_temp.mail()), 'form.created'), 'form', 'and a mail about a form');
select tests.remember('mail of dan', tests.id('mail'));
select is(pg_temp.asked('mia', jsonb_build_array(pg_temp.ask('require_form', pg_temp.form('pains')), pg_temp.mail())), 'form', 'of a child too');
select tests.remember('mail of mia', tests.id('mail'));
select is(pg_temp.asked('ion', jsonb_build_array(pg_temp.ask('require_form', pg_temp.form('plain')), pg_temp.mail())), 'form', 'and of a form without a signature');
select tests.remember('mail of ion', tests.id('mail'));

-- As it leaves.
create function pg_temp.link(mail text) returns text language sql as $$
  select case when is_open then 'open' else 'to be made' end from app_private.link_for_message(tests.id(mail))
$$;
create function pg_temp.keep(mail text, link uuid default gen_random_uuid()) returns boolean language sql as $$
  select app_private.keep_link_for_message(tests.id(mail), tests.remember('link of ' || mail, link), sha256(link::text::bytea), '\x52584501'::bytea || int4send(1) || sha256('?') || sha256('!'))
$$;
select is(pg_temp.link('mail of mia'), null, 'a child''s form is opened by nobody''s link');
select is(pg_temp.link('mail of ion'), null, 'nor one that is not signed by a link');
set session authorization app_worker;
select is(pg_temp.link('mail of dan'), 'to be made', 'who has no account gets one');
select is(pg_temp.keep('mail of dan'), true, 'it is kept');
select is(pg_temp.link('mail of dan'), 'open', 'and serves the next message');
select is(pg_temp.keep('mail of dan'), false, 'another is not made beside it');
select is(pg_temp.keep('mail of mia'), false, 'nor one that nobody may open');
reset session authorization;
select tests.act_as('the database');
select results_eq($$select kind, status, signature, identify_by, form_id = tests.id('made for dan') from app_public.signature_links$$,
  $$values ('link', 'open', 'drawn', 'birth_date', true)$$, 'its form, opened by the date of birth');
select results_eq($$select event from app_public.signature_events where link_id = tests.id('link of mail of dan') or form_id = tests.id('made for dan') order by position$$,
  array['link_created'], 'the chain of the form says so');
select is(pg_temp.link('mail of ana'), 'to be made', 'so does who has an account');
update app_public.forms set deleted_at = app_hidden.now() where id = tests.id('made for dan');
select is(pg_temp.link('mail of dan'), null, 'a form that is no more has none');
select is(tests.wrong_config('send_push', (pg_temp.mail() -> 'config')), '$.config.words.en.body variable_unknown, $.config.words.ro.body variable_unknown', 'what is read in an account needs no link');
select * from finish();
rollback;
