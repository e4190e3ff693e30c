-- One case of every kind of action, for tests that walk all of them: what is there before, a config, what it leaves, and what
-- makes it skip. Whoever adds an action adds its case here; tests compare this list with the catalog.

create or replace function tests.arrange_action_kinds() returns void
language plpgsql volatile
as $$
declare
  v_action record;
begin
  perform tests.staff('adrian', 'admin'), tests.staff('flavia', 'front_desk');
  perform tests.hours('ana', '{"mon": [["08:00", "20:00"]]}');
  perform tests.form_template('intake', jsonb_build_array(tests.form_item('note', 'long_text')), validity_months => 6);
  with made as (
    insert into app_public.segments (organization_id, name, kind) values (tests.id('atlas'), 'List', 'list') returning id)
  select tests.remember('list', made.id) into v_action from made;
  insert into app_public.whatsapp_templates (organization_id, template_key, locale, content_sid, variables)
  values (tests.id('atlas'), 'automation_whatsapp', 'ro', 'HX' || repeat('a', 32), '{recipientName}');
  -- A patient of the name of each action, told from the others by their birthday.
  for v_action in select kinds.action, kinds.birthday from tests.action_kinds() as kinds loop
    perform tests.patient(v_action.action, birth_date => v_action.birthday);
  end loop;
  update app_public.patient_profiles set phone = '+40722000111' where id in (tests.id('send_sms'), tests.id('send_whatsapp'));
  insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled)
  values (tests.id('send_whatsapp'), 'care', 'whatsapp', true);
  insert into app_public.push_subscriptions (human_id, endpoint, p256dh, auth)
  select human_id, 'https://push.test/one', repeat('B', 87), repeat('A', 22)
  from app_public.patient_profiles where id = tests.id('send_push');
  perform tests.appointment('next', 'send_session_reminder', 'mondays', 'ana', '2030-03-04 10:00+02');
end;
$$;
comment on function tests.arrange_action_kinds is
  'What the cases of actions need at the clinic atlas, which has a specialist ana and a calendar mondays: a patient of the name of each.';

-- Before the row is there its id is null.
create or replace function tests.naming(property text, name text) returns jsonb
language sql stable
as $$
  select jsonb_build_object(naming.property, (select names.id from tests.names where names.name = naming.name))
$$;
comment on function tests.naming is 'A config that names a row of the test.';

create or replace function tests.action_kinds()
returns table (action text, birthday date, config jsonb, effects text, written_to regclass, skipped_by text, skipped_because text)
language sql stable
as $$
  with words as (select '{"title": "Salut", "body": "Bună, {{patientName}}!"}'::jsonb as titled, '{"body": "Bună, {{patientName}}!"}'::jsonb as untitled),
  said as (
    select jsonb_build_object('words', jsonb_build_object('ro', titled, 'en', titled)) as titled,
           jsonb_build_object('words', jsonb_build_object('ro', untitled, 'en', untitled)) as untitled
    from words)
  select kinds.action, '1980-01-01'::date + kinds.place::int, kinds.config,
    format('select count(*) from app_public.%I where patient_profile_id = tests.id(%L) and %s', kinds.written_to, kinds.action, kinds.which),
    ('app_public.' || kinds.written_to)::regclass, kinds.skipped_by, kinds.skipped_because
  from said
  cross join lateral (values
    (1, 'require_form', tests.naming('templateId', 'intake'), 'patient_requirements', 'true', null, 'asked_already'),
    (2, 'suggest_form', tests.naming('templateId', 'intake'), 'forms', 'true',
     $sql$select tests.act_as('suggest_form');
       select app_public.complete_form((select id from app_public.forms), '{"note": "Da"}')$sql$,
     'form_stands'),
    (3, 'require_consent', '{"purpose": "telemedicine"}', 'patient_requirements', 'true', null, 'asked_already'),
    (4, 'send_email', said.titled, 'messages', $sql$template_key = 'automation_email' and status <> all ('{skipped,suppressed}')$sql$,
     $sql$insert into app_private.clinic_suppressed_addresses (organization_id, channel, address, reason)
       select organization_id, 'email', address, 'complaint' from app_public.messages where template_key = 'automation_email'$sql$,
     'suppression'),
    (5, 'send_sms', said.untitled, 'messages', $sql$template_key = 'automation_sms' and status <> all ('{skipped,suppressed}')$sql$,
     $sql$update app_public.patient_profiles set phone = null where id = tests.id('send_sms')$sql$, 'unreachable'),
    (6, 'send_whatsapp', said.untitled, 'messages', $sql$template_key = 'automation_whatsapp' and status <> all ('{skipped,suppressed}')$sql$,
     'update app_public.notification_preferences set is_enabled = false', 'switched_off'),
    (7, 'show_notification', said.titled, 'messages', $sql$template_key = 'automation_in_app' and status <> all ('{skipped,suppressed}')$sql$,
     $sql$update app_public.patient_profiles set human_id = null where id = tests.id('show_notification')$sql$, 'unreachable'),
    (8, 'send_push', said.titled, 'messages', $sql$template_key = 'automation_push' and status <> all ('{skipped,suppressed}')$sql$,
     'delete from app_public.push_subscriptions', 'unreachable'),
    (9, 'grant_access', '{"access": "library_access", "reason": "Trial"}', 'access_grants', 'true', null, 'access_stands'),
    (10, 'block_booking', '{"reason": "Missed three"}', 'booking_blocks', 'true', null, 'booking_blocked_already'),
    (11, 'book_followup_appointment', tests.naming('calendarId', 'mondays') || '{"afterDays": 1, "withinDays": 30}', 'appointments', 'true',
     null, 'booked_already'),
    (12, 'update_segment', tests.naming('segmentId', 'list'), 'segment_members', 'true', null, 'in_segment_already'),
    (13, 'send_session_reminder', '{}', 'messages', $sql$template_key = 'appointment_reminder' and channel = 'email' and status <> all ('{skipped,suppressed}')$sql$,
     $sql$update app_public.appointments set deleted_at = app_hidden.now() where id = tests.id('next')$sql$, 'nothing_to_come'),
    -- What it does, it does when its time comes.
    (14, 'schedule_action',
     '{"action": "update_segment", "after": {"days": 1}}'::jsonb || jsonb_build_object('config', tests.naming('segmentId', 'list')),
     'segment_members', 'true', null, 'in_segment_already')
  ) as kinds (place, action, config, written_to, which, skipped_by, skipped_because)
$$;
comment on function tests.action_kinds is
  'A case of each action: its config, the query that counts what it leaves about the patient of its name, the table that it writes '
  'to, and what makes it skip when it comes again, with the reason.';
