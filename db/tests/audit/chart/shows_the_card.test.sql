-- Test: open_patient_chart - the card: visits, attendance, plans, what is missing, blocks, requests and links of this patient at this clinic, each field for whoever may see its rows. SCH-12, FND-08, FND-04, CAT-04, APT-06.
begin;
select plan(25);
select tests.freeze_time('2027-03-01 08:00+02');
select tests.clinic('boreal');
select tests.staff('beata', 'admin');
select tests.specialist('bruno', '{"mon": [["08:00", "20:00"]]}');
select tests.calendar('boreal massage', '{bruno}');
select tests.patient('ana');
select tests.plan('theirs', 7), tests.has_plan('ana', 'theirs');
select tests.appointment('elsewhere', 'ana', 'boreal massage', 'bruno', '2027-03-08 08:00+02');
select tests.appointment('missed elsewhere', 'ana', 'boreal massage', 'bruno', '2027-02-08 08:00+02');
select tests.booking_request('asked elsewhere', 'boreal massage', 'bruno', '2027-03-08 10:00+02');
insert into app_public.booking_blocks (organization_id, patient_profile_id, reason, blocked_by, created_at)
values (tests.id('boreal'), tests.id('ana'), 'Of theirs', tests.id('beata'), app_hidden.now());
set session_replication_role = replica;
update app_public.appointments set status = 'noshow' where id = tests.id('missed elsewhere');
set session_replication_role = origin;
update app_public.booking_requests set patient_profile_id = tests.id('ana');
select tests.clinic('atlas');
select tests.staff('flavia', 'front_desk');
insert into app_public.roles (organization_id, key, name) values (tests.id('atlas'), 'counter', 'Counter');
insert into app_public.role_permissions (organization_id, role_id, permission) values (tests.id('atlas'), tests.role_id('counter'), 'patients.view');
select tests.staff('nora', 'counter');
select tests.specialist('stefan', '{"mon": [["08:00", "20:00"]]}');
select tests.calendar('kineto', '{stefan}');
select tests.patient('ana', 'atlas'), tests.patient('dan');
select tests.form_template('intake', jsonb_build_array(tests.form_item('pain', 'integer')), signature_mode => 'remote_link');
insert into app_public.calendar_forms (organization_id, calendar_id, template_id) values (tests.id('atlas'), tests.id('kineto'), tests.id('intake'));
create function pg_temp.visit(name text, at timestamptz, status text default 'done', late boolean default null, excuse text default null, patient text default 'ana') returns text language sql as $$
  select tests.appointment(name, patient, 'kineto', 'stefan', at);
  select set_config('session_replication_role', 'replica', true);
  update app_public.appointments set status = visit.status, is_late_cancellation = late, excuse_reason = excuse where id = tests.id(name);
  select set_config('session_replication_role', 'origin', true);
$$;
select pg_temp.visit('first', '2027-01-04 08:00+02'), pg_temp.visit('second', '2027-01-11 08:00+02'), pg_temp.visit('missed', '2027-01-18 08:00+02', 'noshow'),
  pg_temp.visit('excused', '2027-01-25 08:00+02', 'noshow', excuse => 'Ill'), pg_temp.visit('late', '2027-02-01 08:00+02', 'cancelled', true),
  pg_temp.visit('in time', '2027-02-08 08:00+02', 'cancelled', false), pg_temp.visit('late and excused', '2027-02-15 08:00+02', 'cancelled', true, 'Ill'),
  pg_temp.visit('now', '2027-03-01 07:30+02', 'inprogress'), pg_temp.visit('next', '2027-03-08 09:00+02', 'confirmed'), pg_temp.visit('after', '2027-03-15 09:00+02', 'booked'),
  pg_temp.visit('called off', '2027-03-22 09:00+02', 'cancelled', false), pg_temp.visit('removed', '2027-01-04 12:00+02'), pg_temp.visit('of dan', '2027-03-08 12:00+02', 'booked', patient => 'dan');
update app_public.appointments set deleted_at = now() where id = tests.id('removed');
select tests.remember('form', form_id) from app_public.appointment_forms where appointment_id = tests.id('next');
select tests.signature_link('open', 'form'), tests.signature_link('over', 'form', kind => 'kiosk', identify_by => null, lasts => '-1 hour');
select tests.plan('ten', 10), tests.plan('month', null, 30), tests.plan('gone', 3), tests.has_plan('ana', 'ten'), tests.has_plan('ana', 'month'), tests.has_plan('ana', 'gone'), tests.has_plan('dan', 'ten');
select app_private.end_plan(p, app_hidden.now()) from app_public.patient_service_plans p where p.id = tests.id('ana''s gone');
select tests.booking_request('asked', 'kineto', 'stefan', '2027-03-29 10:00+02'), tests.booking_request('answered', 'kineto', 'stefan', '2027-03-29 11:00+02'), tests.booking_request('of nobody', 'kineto', 'stefan', '2027-03-29 12:00+02');
update app_public.booking_requests set patient_profile_id = tests.id('ana') where id in (tests.id('asked'), tests.id('answered'));
update app_public.booking_requests set status = 'rejected' where id = tests.id('answered');
insert into app_public.booking_blocks (organization_id, patient_profile_id, reason, until, blocked_by, created_at, decision, decided_at, decided_by, decision_reason)
values (tests.id('atlas'), tests.id('ana'), 'Missed two', '2027-04-01', tests.id('flavia'), app_hidden.now(), null, null, null, null),
  (tests.id('atlas'), tests.id('ana'), 'Long ago', '2027-02-01', tests.id('flavia'), '2027-01-01', null, null, null, null),
  (tests.id('atlas'), tests.id('ana'), 'Lifted', null, tests.id('flavia'), '2027-01-01', 'lifted', now(), tests.id('flavia'), 'Came again'),
  (tests.id('atlas'), tests.id('dan'), 'Of dan', null, tests.id('flavia'), app_hidden.now(), null, null, null, null);
create function pg_temp.card(patient text default 'ana at atlas') returns app_public.patient_chart language sql as $$ select app_public.open_patient_chart(tests.id(patient)) $$;
create function pg_temp.beata() returns app_public.patient_chart language sql as $$ select pg_temp.card('ana at boreal') $$;
create function pg_temp.named(app_public.chart_appointment[]) returns text language sql as $$
  select coalesce(string_agg(n.name || ' ' || a.status, ', ' order by a.place), '') from unnest($1) with ordinality as a (appointment_id, status, s, e, m, sv, sp, c, place) join tests.names n on n.id = a.appointment_id;
$$;

select tests.act_as('flavia');
select is(pg_temp.named(app_public.patient_chart_next_appointments(pg_temp.card())), 'now inprogress, next confirmed, after booked', 'what is to take place, the nearest first');
select is(pg_temp.named(app_public.patient_chart_last_appointments(pg_temp.card())), 'late and excused cancelled, in time cancelled, late cancelled, excused noshow, missed noshow, second done, first done', 'what is over, the newest first');
select is(app_public.patient_chart_attendance(pg_temp.card()), (2, 1, 1)::app_public.chart_attendance, 'came twice, missed one, called off one too late; what was excused is none');
select is(app_public.patient_chart_attendance(pg_temp.card('dan at atlas')), (0, 0, 0)::app_public.chart_attendance, 'another patient, never yet');
select results_eq($$select name, is_open, valid_until, sessions_left, sessions_given from unnest(app_public.patient_chart_plans(pg_temp.card()))$$,
  $$values ('month', true, '2027-03-31 06:00+00'::timestamptz, null, null), ('ten', true, null, 10, 10)$$, 'plans with what is left, none that ended, of another patient or clinic');
select results_eq($$select kind, reason, form_id from unnest(app_public.patient_chart_missing(pg_temp.card()))$$, $$values ('form', 'pending', tests.id('form'))$$, 'what the next visit waits for');
select results_eq($$select reason, until, is_contested from unnest(app_public.patient_chart_booking_blocks(pg_temp.card()))$$, $$values ('Missed two', '2027-04-01'::timestamptz, false)$$, 'a block that stands');
select results_eq($$select booking_request_id, service_name, specialist_name from unnest(app_public.patient_chart_requests(pg_temp.card()))$$, $$values (tests.id('asked'), 'service of kineto', 'Dr. Stefan Ionescu')$$, 'a request that waits for an answer');
select results_eq($$select signature_link_id, form_id, kind from unnest(app_public.patient_chart_signature_links(pg_temp.card()))$$, $$values (tests.id('open'), tests.id('form'), 'link')$$, 'a link that is open');
select is((select array_agg(form_id = tests.id('form')) from unnest(app_public.patient_chart_missing(pg_temp.card('dan at atlas')))), '{f}', 'of another patient their own');
select tests.act_as('the database');
update app_public.booking_blocks set contested_at = app_hidden.now(), objection = 'I was ill' where reason = 'Missed two';
select tests.act_as('flavia');
select is((select is_contested from unnest(app_public.patient_chart_booking_blocks(pg_temp.card()))), true, 'one that the patient contests says so');

-- Who sees patients, and nothing of their treatment.
select tests.act_as('nora');
select is((pg_temp.card()).phone, '+40722000111', 'a colleague who sees patients opens the chart');
select is(cardinality((pg_temp.card()).appointments), 0, 'without appointments');
select is(app_public.patient_chart_attendance(pg_temp.card()), null, 'is not told that they never came');
select is(cardinality(app_public.patient_chart_next_appointments(pg_temp.card())) + cardinality(app_public.patient_chart_last_appointments(pg_temp.card())) + cardinality(app_public.patient_chart_missing(pg_temp.card()))
  + cardinality(app_public.patient_chart_plans(pg_temp.card())) + cardinality(app_public.patient_chart_requests(pg_temp.card())) + cardinality(app_public.patient_chart_signature_links(pg_temp.card())), 0, 'and finds nothing of visits, plans, forms, requests, links');
select is((select count(*) from unnest(app_public.patient_chart_booking_blocks(pg_temp.card()))), 1::bigint, 'but the block, which is about the patient');

-- Another clinic.
select tests.act_as('beata');
select * from tests.refuses($$select pg_temp.card()$$, 'NOT_FOUND', 'not_found', 'does not open this chart');
select is(pg_temp.named(app_public.patient_chart_next_appointments(pg_temp.beata())), 'elsewhere booked', 'has its own visits');
select is(app_public.patient_chart_attendance(pg_temp.beata()), (0, 1, 0)::app_public.chart_attendance, 'its own count');
select is((select array_agg(name) from unnest(app_public.patient_chart_plans(pg_temp.beata()))), '{theirs}', 'its own plans');
select is((select array_agg(reason) from unnest(app_public.patient_chart_booking_blocks(pg_temp.beata()))), '{Of theirs}', 'its own blocks');
select is((select array_agg(booking_request_id) from unnest(app_public.patient_chart_requests(pg_temp.beata()))), array[tests.id('asked elsewhere')], 'its own requests');
select is_empty($$select * from unnest(app_public.patient_chart_signature_links(pg_temp.beata()))$$, 'and no link of others');
-- A chart that somebody made up shows nobody anything.
select is(cardinality(app_public.patient_chart_next_appointments((select row(tests.id('ana at atlas'), tests.id('atlas'), tests.id('ana'), null, null, null, null, null, null, null, null, null)::app_public.patient_chart))), 0, 'the fields go by rights, not by what comes as a chart');
select * from finish();
rollback;
