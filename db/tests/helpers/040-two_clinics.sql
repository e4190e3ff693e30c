-- Two clinics that have everything, and who each row belongs to: the ground of the tests that walk over all tables.
-- FND-05, FND-06, FND-07. A table that stays empty for one of the clinics fails here, so a new table is either filled
-- below or declared to be the platform's; nothing is left out by forgetting.

create table if not exists tests.fixture_rows (
  table_name text not null,
  key jsonb not null,
  home text not null,
  primary key (table_name, key)
);

comment on table tests.fixture_rows is
  'Every row of the fixture with its home: platform, a clinic (atlas, boreal), or a person there (atlas: ana).';

-- Tables without a clinic, filled by migrations or by processes. What people write never belongs here.
create or replace view tests.platform_tables as
select name from (values
  ('app_hidden.error_codes'),
  ('app_hidden.phone_regions'),
  ('app_public.time_zones'),
  ('app_public.permissions'),
  ('app_public.system_roles'),
  ('app_public.system_role_permissions'),
  ('app_public.service_accounts'),
  ('app_private.state_transitions'),
  ('app_private.legal_ages'),
  ('app_private.event_types'),
  ('app_private.event_consumers'),
  ('app_private.event_subscriptions'),
  ('app_private.message_templates'),
  ('app_private.message_types'),
  ('app_private.message_channels'),
  ('app_private.message_reports'),
  ('app_private.message_moves'),
  ('app_private.visitor_limits'),
  ('app_private.channels'),
  ('app_public.message_topics'),
  ('app_private.worker_heartbeats'),
  ('app_private.retention_rules'),
  ('app_private.retention_runs'),
  ('app_private.effects'),
  ('app_private.webhook_receipts'),
  ('app_private.file_types'),
  ('app_private.file_surfaces'),
  ('app_private.file_surface_types'),
  ('app_private.spent_allowances'),
  ('audit.seals'),
  ('audit.heads'),
  ('audit.anchors'),
  ('audit.anchored_heads'),
  ('app_private.data_classes'),
  ('app_private.retentions'),
  ('app_private.classified_tables'),
  ('app_private.dead_letter_decisions'),
  ('app_private.classified_columns'),
  ('app_private.key_rotations'),
  ('app_public.service_capabilities'),
  ('app_public.service_providers'),
  ('app_public.platform_service_providers'),
  ('app_private.soft_deletes'),
  ('app_private.object_surfaces')
) as declared (name);

create or replace function tests.primary_key_of(of_table oid) returns text[]
language sql stable
as $$
  select array_agg(a.attname::text order by k.place)
  from pg_catalog.pg_index i
  cross join unnest(i.indkey) with ordinality as k (attnum, place)
  join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.attnum
  where i.indrelid = of_table and i.indisprimary;
$$;

-- Whatever is new since the last call is at home here.
create or replace function tests.settle(home text) returns void
language plpgsql volatile
as $$
declare
  v_table record;
begin
  for v_table in select t.oid, t.name from tests.app_tables t loop
    execute format(
      $q$insert into tests.fixture_rows (table_name, key, home)
         select %L, (select jsonb_object_agg(c, to_jsonb(r) -> c) from unnest(%L::text[]) c), %L
         from %s r
         on conflict do nothing$q$,
      v_table.name, tests.primary_key_of(v_table.oid), settle.home, v_table.name);
  end loop;
end;
$$;

create or replace function tests.furnish(clinic text, staff text[], specialist text) returns void
language plpgsql volatile
as $$
declare
  v_clinic uuid := tests.clinic(furnish.clinic);
  -- The clinics' hours differ, so that a row moved across meets no row that is there already.
  v_first timestamptz := date_trunc('day', app_hidden.now()) + interval '3 days'
    + case furnish.clinic when 'atlas' then interval '9 hours' else interval '13 hours' end;
begin
  perform tests.staff(furnish.staff[1], 'owner');
  perform tests.staff(furnish.staff[2], 'admin');
  perform tests.staff(furnish.staff[3], 'front_desk');
  perform tests.specialist(furnish.specialist, '{"mon": [["09:00", "17:00"]], "thu": [["09:00", "12:00"]]}', account => true);
  perform tests.specialist(furnish.specialist || '''s colleague', '{"tue": [["09:00", "17:00"]]}');

  insert into app_public.specialties (organization_id, slug, name) values (v_clinic, 'own-method', 'Own method of ' || furnish.clinic);
  insert into app_public.specialist_specialties (organization_id, specialist_id, specialty_id)
  select v_clinic, tests.id(furnish.specialist), s.id from app_public.specialties s
  where s.organization_id = v_clinic;
  perform tests.service('massage at ' || furnish.clinic, specialists => array[furnish.specialist]);
  perform tests.calendar('calendar of ' || furnish.clinic,
    array[furnish.specialist, furnish.specialist || '''s colleague'], service => 'massage at ' || furnish.clinic);
  perform tests.calendar('choice of ' || furnish.clinic, array[furnish.specialist], strategy => 'specific');
  perform tests.calendar('staff only of ' || furnish.clinic, array[furnish.specialist], is_public => false);
  insert into app_public.calendar_hours (organization_id, calendar_id, weekday, starts, ends)
  values (v_clinic, tests.id('calendar of ' || furnish.clinic), 3, '10:00', '14:00');
  insert into app_public.specialist_schedule_overrides (organization_id, specialist_id, kind, starts_on, ends_on, note)
  select v_clinic, tests.id(s), 'closed', current_date + 20, current_date + 25, 'Sea side'
  from unnest(array[furnish.specialist, furnish.specialist || '''s colleague']) s;
  insert into app_private.specialist_assignment_tracking (organization_id, calendar_id, specialist_id, assigned_count)
  values (v_clinic, tests.id('calendar of ' || furnish.clinic), tests.id(furnish.specialist), 1)
  on conflict do nothing;

  perform tests.booking_request('request at ' || furnish.clinic, 'calendar of ' || furnish.clinic, furnish.specialist, v_first);
  perform tests.claim(furnish.specialist, v_first + interval '2 hours', kind => 'hold',
    calendar => 'calendar of ' || furnish.clinic, visitor => md5('a visitor')::uuid::text);

  insert into app_public.clinic_message_templates (organization_id, template_key, channel, locale, version, title, body)
  values (v_clinic, 'appointment_booked', 'email', 'ro', 1, 'Programare la ' || furnish.clinic, 'Ne vedem {{when}}.');
  insert into app_public.whatsapp_templates (organization_id, template_key, locale, content_sid, variables)
  values (v_clinic, 'appointment_booked', 'ro', 'HX' || md5(furnish.clinic), '{recipientName,when}');
  insert into app_public.messages (organization_id, template_key, channel, route, rank, locale, template_version,
    clinic_template_id, recipient_name, recipient_email, address, data, event_id, expires_at)
  select v_clinic, 'booking_request_received', 'email', 'letter', 1, 'ro', 1, w.id, 'Guest of ' || furnish.clinic,
    'guest@people.test', 'guest@people.test', '{}', e.id, app_hidden.now() + interval '2 days'
  from app_private.events e cross join app_public.clinic_message_templates w
  where e.organization_id = v_clinic and w.organization_id = v_clinic
  order by e.position limit 1;
  perform tests.file('logo of ' || furnish.clinic, 'organization_logo', v_clinic, furnish.staff[1]);
  perform tests.file('leaflet of ' || furnish.clinic, 'service_attachments', tests.id('massage at ' || furnish.clinic), furnish.staff[2]);
  perform tests.file('signature of ' || furnish.specialist, 'specialist_signatures', tests.id(furnish.specialist), furnish.specialist);
  perform tests.file('half a leaflet of ' || furnish.clinic, 'service_attachments', tests.id('massage at ' || furnish.clinic),
    furnish.staff[2], status => 'pending');
  insert into app_public.invitations (organization_id, kind, email, name, invited_by, expires_at)
  values (v_clinic, 'member', 'nora.of.' || furnish.clinic || '@people.test', 'Nora of ' || furnish.clinic,
    (select p.principal_id from tests.personas p where p.name = furnish.staff[1]), app_hidden.now() + interval '14 days');
  insert into app_public.invitation_roles (organization_id, invitation_id, role_id)
  select v_clinic, i.id, tests.role_id('front_desk', furnish.clinic) from app_public.invitations i where i.organization_id = v_clinic;
  insert into app_private.provider_organizations (organization_id, issuer, provider_org_id)
  values (v_clinic, 'https://tests', 'org_' || furnish.clinic);
  insert into app_private.opt_outs (organization_id, channel, address) values (v_clinic, 'sms', '+40722000333');
  perform tests.integration('messages of ' || furnish.clinic, 'twilio');
  insert into app_public.organization_service_providers (organization_id, capability, provider, integration_id)
  values (v_clinic, 'sms', 'twilio', tests.id('messages of ' || furnish.clinic));
  insert into app_private.revoked_sessions (session_id) values ('session at ' || furnish.clinic);
  insert into app_private.suppressed_addresses (channel, address, reason) values ('email', furnish.clinic || '@suppressed.test', 'bounce');
  insert into app_private.clinic_suppressed_addresses (organization_id, channel, address, reason)
  values (v_clinic, 'email', 'dead@suppressed.test', 'bounce');
  insert into app_private.lifted_suppressions (organization_id, channel, address, reason, since, lifted_by, because, lifted_at)
  values (v_clinic, 'email', 'alive@suppressed.test', 'bounce', app_hidden.now(), 'permission', 'They telephoned.', app_hidden.now());
  insert into app_private.remembered_mutations (request_digest, operation, arguments_digest, response, created_at)
  select sha256(d), 'hold_slot', sha256(d), extensions.pgp_sym_encrypt('{}', furnish.clinic), app_hidden.now() from convert_to(furnish.clinic, 'UTF8') d;
end;
$$;

-- What a patient was told, and how they want to be told.
create or replace function tests.tell(patient text, clinic text) returns void
language plpgsql volatile
as $$
declare
  v_profile app_public.patient_profiles;
begin
  select * into v_profile from app_public.patient_profiles p where p.id = tests.id(tell.patient);
  insert into app_public.messages (organization_id, template_key, channel, route, rank, locale, template_version,
    patient_profile_id, recipient_name, recipient_email, address, data, expires_at)
  values (tests.id(tell.clinic), 'appointment_booked', 'email', 'letter', 1, 'ro', 1, v_profile.id, initcap(tell.patient),
    v_profile.email, v_profile.email, '{}', app_hidden.now() + interval '2 days');
  insert into app_public.messages (organization_id, template_key, channel, route, rank, locale, template_version,
    recipient_human_id, account_id, recipient_name, data, expires_at)
  values (tests.id(tell.clinic), 'appointment_booked', 'in_app', 'inbox', 1, 'ro', 1, v_profile.human_id, v_profile.human_id,
    initcap(tell.patient), '{}', app_hidden.now() + interval '2 days');
  insert into app_public.notification_preferences (human_id, topic, channel, is_enabled)
  values (v_profile.human_id, 'appointments', 'sms', false);
  insert into app_public.notification_preferences (patient_profile_id, topic, channel, is_enabled)
  values (v_profile.id, 'appointments', 'push', false);
  insert into app_public.quiet_hours (human_id, quiet_from, quiet_until, timezone)
  values (v_profile.human_id, '22:00', '09:00', 'Europe/Bucharest');
  insert into app_public.quiet_hours (patient_profile_id, quiet_from, quiet_until, timezone)
  values (v_profile.id, '20:00', '10:00', 'Europe/Bucharest');
  insert into app_public.push_subscriptions (human_id, endpoint, p256dh, auth)
  values (v_profile.human_id, 'https://push.example.org/' || md5(tell.patient), repeat('B', 87), repeat('A', 22));
end;
$$;

create or replace function tests.admit(patient text, clinic text, specialist text, day int, request text default null)
returns void
language plpgsql volatile
as $$
declare
  v_at timestamptz := date_trunc('day', app_hidden.now()) + make_interval(days => admit.day, hours => 9);
begin
  perform tests.patient(admit.patient, admit.clinic);
  perform tests.appointment(admit.patient || '''s appointment at ' || admit.clinic, admit.patient,
    'calendar of ' || admit.clinic, admit.specialist, v_at, admit.request);
  perform app_private.put_in_inbox(tests.id(admit.clinic), (select p.principal_id from tests.personas p where p.name = admit.patient),
    gen_random_uuid(), 'Your appointment', 'See you at ' || admit.clinic, app_hidden.now());
  perform tests.file(admit.patient || '''s finding at ' || admit.clinic, 'appointment_files',
    tests.id(admit.patient || '''s appointment at ' || admit.clinic), admit.patient);
  perform tests.tell(admit.patient, admit.clinic);
end;
$$;

-- What was deleted: nobody outside sees it any more, and the patient zoe lost what patients of atlas see.
create or replace function tests.retire_something() returns void
language plpgsql volatile
as $$
begin
  perform tests.specialist('retired', clinic => 'atlas');
  insert into app_public.specialties (organization_id, slug, name, deleted_at)
  values (tests.id('atlas'), 'retired-method', 'Retired method', app_hidden.now());
  perform tests.calendar('retired calendar', '{retired}', clinic => 'atlas');
  perform tests.admit('zoe', 'atlas', 'stefan', 9);
  update app_public.appointments set deleted_at = app_hidden.now() where id = tests.id('zoe''s appointment at atlas');
  update app_public.patients set deleted_at = app_hidden.now() where id = tests.id('zoe at atlas');
  update app_public.calendars set deleted_at = app_hidden.now() where id = tests.id('retired calendar');
  update app_public.services set deleted_at = app_hidden.now() where id = tests.id('service of retired calendar');
  update app_public.specialists set deleted_at = app_hidden.now() where id = tests.id('retired');
end;
$$;

-- What was put right: a merge that was undone, and an appointment that moved there and back.
create or replace function tests.correct(clinic text, patient text, other text) returns void
language sql volatile
as $$
  insert into app_public.patient_merges
    (organization_id, patient_profile_id, merged_profile_id, reason, moved, undone_at, undo_reason)
  values (tests.id(correct.clinic), tests.id(correct.patient), tests.id(correct.other), 'Thought to be one person', '{}',
    app_hidden.now(), 'They are two');
  insert into app_public.appointment_transfers (organization_id, appointment_id, patient_profile_id, from_profile_id, reason)
  select tests.id(correct.clinic), tests.id(correct.other || '''s appointment at ' || correct.clinic), tests.id(p.to_patient),
    tests.id(p.from_patient), 'Wrong chart'
  from (values (correct.patient, correct.other), (correct.other, correct.patient)) as p (to_patient, from_patient);
$$;

-- Who is who. atlas has olga (owner), adrian (admin), flavia (front desk), stefan (specialist), the patients ana (andrei
-- acts for her too) and bogdan; corina cares for the child carmen, as victor once did. boreal has otto, beata, filip,
-- sorin and the patient dan. elena is a patient of both; zoe was one of atlas. celia owns cetus, a draft. root runs the
-- platform; dora, an owner of atlas, was disabled.
create or replace function tests.two_clinics() returns void
language plpgsql volatile security definer
as $$
begin
  perform tests.person('root', superadmin => true);
  insert into app_public.specialties (slug, name) values ('fixture-physiotherapy', 'Physiotherapy');
  insert into app_private.worker_heartbeats (worker_id, host, pid, started_at, seen_at) values ('w', 'h', 1, now(), now());
  insert into app_private.effects (key, claimed_at, claimed_by) values ('fixture:1', now(), 'w');
  insert into app_private.dead_letter_decisions (job_id, task, payload, decision, decided_by, decided_at)
  select 1, 'deliver_email', '{}', 'replayed', service_accounts.principal_id, now()
  from app_public.service_accounts where service_accounts.name = 'worker';
  perform app_hidden.receive_webhook('clerk', null, 'msg_fixture', 'user.updated', now(), '{}', '{}');
  insert into app_private.message_reports (vendor, vendor_id, status, occurred_at) values ('smtp', 'fixture', 'sent', now());
  insert into app_private.spent_allowances (key_digest, spent_until) values (decode(md5('fixture'), 'hex'), now());
  insert into app_private.data_keys (version, wrapped, master_key_id) values (1, extensions.gen_random_bytes(96), 'test master key');
  insert into app_private.key_rotations default values;
  -- Sealed and anchored as at a commit; what follows stays open until then.
  set constraints all immediate;
  set constraints all deferred;
  perform audit.prepare_anchor();
  perform tests.settle('platform');

  perform tests.furnish('atlas', '{olga,adrian,flavia}', 'stefan');
  perform tests.settle('atlas');
  perform tests.staff('dora', 'owner');
  update app_public.principals set disabled_at = app_hidden.now() where id = tests.id('dora');
  perform tests.settle('atlas: dora');
  perform tests.admit('ana', 'atlas', 'stefan', 4, 'request at atlas');
  perform tests.caregiver('andrei', 'ana', 'spouse');
  perform tests.settle('atlas: ana');
  perform tests.admit('bogdan', 'atlas', 'stefan', 5);
  perform tests.settle('atlas: bogdan');
  perform tests.patient('carmen', 'atlas', account => false, birth_date => (current_date - interval '9 years')::date);
  perform tests.caregiver('corina', 'carmen');
  perform tests.appointment('carmen''s appointment at atlas', 'carmen', 'calendar of atlas', 'stefan',
    date_trunc('day', app_hidden.now()) + interval '6 days 9 hours');
  perform tests.caregiver('victor', 'carmen');
  insert into app_public.invitations (organization_id, kind, email, name, patient_profile_id, invited_by, expires_at)
  values (tests.id('atlas'), 'patient', 'carmen@people.test', 'Carmen Popescu', tests.id('carmen'),
    (select p.principal_id from tests.personas p where p.name = 'flavia'), app_hidden.now() + interval '14 days');
  update app_public.caregivers set revoked_at = app_hidden.now() where id = tests.id('victor for carmen');
  perform tests.settle('atlas: carmen');

  perform tests.furnish('boreal', '{otto,beata,filip}', 'sorin');
  perform tests.settle('boreal');
  perform tests.admit('dan', 'boreal', 'sorin', 14, 'request at boreal');
  perform tests.caregiver('daria', 'dan', 'spouse');
  perform tests.settle('boreal: dan');

  perform tests.retire_something();
  perform tests.settle('atlas: deleted');

  insert into app_public.patient_profiles (human_id, given_name, family_name, email, birth_date)
  values (tests.person('elena'), 'Elena', 'Dumitrescu', 'elena@people.test', '1975-02-01');
  perform tests.settle('both: elena');
  perform tests.patient('elena', 'atlas');
  perform tests.appointment('elena''s appointment at atlas', 'elena', 'calendar of atlas', 'stefan',
    date_trunc('day', app_hidden.now()) + interval '7 days 9 hours');
  perform tests.settle('atlas: elena');
  perform tests.patient('elena', 'boreal');
  perform tests.appointment('elena''s appointment at boreal', 'elena', 'calendar of boreal', 'sorin',
    date_trunc('day', app_hidden.now()) + interval '8 days 9 hours');
  perform tests.settle('boreal: elena');
  perform tests.correct('atlas', 'ana', 'elena');
  -- One that stands: zoe's record went to bogdan.
  insert into app_public.patient_merges (organization_id, patient_profile_id, merged_profile_id, reason, moved)
  values (tests.id('atlas'), tests.id('bogdan'), tests.id('zoe'), 'Registered twice', '{}');
  perform tests.settle('atlas');
  perform tests.correct('boreal', 'dan', 'elena');
  perform tests.settle('boreal');
  perform tests.clinic('cetus', draft => true);
  perform tests.staff('celia', 'owner');
  perform tests.settle('cetus');

  -- An entry is at home in its chain, whoever caused it.
  update tests.fixture_rows as r
  set home = coalesce((select o.slug from app_public.organizations o where o.id::text = r.key ->> 'scope_id'), 'platform')
  where r.table_name = 'audit.entries';
  perform tests.require_furnished();
end;
$$;

create or replace function tests.require_furnished() returns void
language plpgsql stable
as $$
declare
  v_missing text;
begin
  select string_agg(t.name || ' for ' || c.slug, ', ' order by t.name, c.slug) into v_missing
  from tests.app_tables t
  cross join (values ('atlas'), ('boreal')) as c (slug)
  where t.name not in (select p.name from tests.platform_tables p)
    and not exists (select from tests.fixture_rows r where r.table_name = t.name and r.home like c.slug || '%');
  if v_missing is not null then
    raise exception 'the fixture has no row of %', v_missing
      using hint = 'Fill it in db/tests/helpers/040-two_clinics.sql, or declare it one of tests.platform_tables.';
  end if;

  select string_agg(t.name, ', ' order by t.name) into v_missing
  from tests.app_tables t join tests.platform_tables p using (name)
  where not exists (select from tests.fixture_rows r where r.table_name = t.name)
     or t.oid in (select tt.oid from tests.tenant_tables tt);
  if v_missing is not null then
    raise exception 'declared to be the platform''s, and empty or with a clinic: %', v_missing;
  end if;
end;
$$;
