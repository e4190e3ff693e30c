--! Previous: sha1:a4141f31c764f095bdad0e9387a54e4400addbec
--! Hash: sha1:92c33989458800a1bed7371620d924183a83a316
--! Message: patients are found as people look, and agendas

--! split: 100-search.sql
-- Patients are found by words: a row for each name, the number, the address and the birthday of a patient. FND-07.
drop function if exists app_public.search_patients(uuid, text);
drop type if exists app_public.patient_match;
create type app_public.patient_match as (
  patient_id uuid,
  patient_profile_id uuid,
  is_similar boolean,
  duplicate_ids uuid[]
);
comment on type app_public.patient_match is
  E'@foreignKey (patient_id) references app_public.patients (id)\n'
  '@foreignKey (patient_profile_id) references app_public.patient_profiles (id)\n'
  'A patient who was searched for.';
comment on column app_public.patient_match.is_similar is
  'Whether the name is only similar to what was typed; false where it begins with it.';
comment on column app_public.patient_match.duplicate_ids is
  'Other patients of the clinic who are probably the same person, by the id of Patient; what likelyDuplicates says.';

drop function if exists app_private.search_terms(text, text);
drop type if exists app_private.search_terms;
create type app_private.search_terms as (words text[], number text[], mail text);
comment on type app_private.search_terms is
  'What somebody typed: words that a patient must all have, ways to read a number of which one must fit, and what may be the beginning of an address instead.';

-- Derived from patients and their profiles; 910-search.sql fills both tables.
-- squawk-ignore ban-drop-table
drop table if exists app_private.patient_search;
-- squawk-ignore ban-drop-table
drop table if exists app_private.search_words;

create table app_private.patient_search (
  organization_id uuid not null,
  patient_profile_id uuid not null,
  word text collate "C" not null,
  text text not null,
  constraint patient_search_pkey primary key (organization_id, patient_profile_id, word),
  constraint patient_search_organization_id_patient_profile_id_fkey foreign key (organization_id, patient_profile_id)
    references app_public.patients (organization_id, patient_profile_id) on update cascade on delete cascade
);
create index patient_search_word_idx on app_private.patient_search (organization_id, word);
comment on table app_private.patient_search is
  'What search_patients() finds a patient by, a row a word; kept by triggers, made anew at will.';
comment on column app_private.patient_search.word is
  'A name as search_text() folds it, or a fact behind its mark: = birthday, @ address, + number, - number from its end.';
comment on column app_private.patient_search.text is
  'All words of the patient, a space before each: family names, a comma, given names, a semicolon, facts.';

create table app_private.search_words (
  organization_id uuid not null,
  word text collate "C" not null,
  constraint search_words_pkey primary key (organization_id, word),
  constraint search_words_organization_id_fkey foreign key (organization_id)
    references app_public.organizations (id) on delete cascade
);
create index search_words_word_idx on app_private.search_words
  using gist (organization_id, word extensions.gist_trgm_ops (siglen = 64));
comment on table app_private.search_words is
  'Each name that patients of a clinic have, once: what a name that was typed wrongly may have been.';

--! split: 110-agenda.sql
-- A clinic's days as its screens show them. SCH-12, APT-01.
drop function if exists app_public.agenda(uuid, date, int, uuid[]);
drop type if exists app_public.agenda_specialist;
drop type if exists app_public.agenda_day;
drop type if exists app_public.agenda_appointment;
drop type if exists app_public.agenda_request;
drop type if exists app_public.agenda_hold;
drop type if exists app_public.agenda_stretch;

create type app_public.agenda_stretch as (
  starts_at timestamptz,
  ends_at timestamptz,
  local_start text,
  local_end text
);
comment on type app_public.agenda_stretch is 'From when to when, as an instant and as the clocks of the clinic show it.';

create type app_public.agenda_appointment as (
  appointment_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  local_start text,
  local_end text,
  status text,
  patient_name text,
  service_name text
);
comment on type app_public.agenda_appointment is
  E'@foreignKey (appointment_id) references app_public.appointments (id)\n'
  'An appointment in the agenda, called off ones among them. Everything else of it is behind appointment.';
comment on column app_public.agenda_appointment.status is E'@words appointments.status\nWhere it stands.';
comment on column app_public.agenda_appointment.patient_name is 'The patient, as the appointment was made for.';

create type app_public.agenda_request as (
  booking_request_id uuid,
  starts_at timestamptz,
  ends_at timestamptz,
  local_start text,
  local_end text,
  guest_name text,
  service_name text,
  respond_by timestamptz
);
comment on type app_public.agenda_request is
  E'@foreignKey (booking_request_id) references app_public.booking_requests (id)\n'
  'A booking request that waits for an answer. Everything else of it is behind bookingRequest.';
comment on column app_public.agenda_request.guest_name is 'Who asks.';

create type app_public.agenda_hold as (
  starts_at timestamptz,
  ends_at timestamptz,
  local_start text,
  local_end text,
  expires_at timestamptz
);
comment on type app_public.agenda_hold is 'A time that somebody keeps while they fill in a form.';

create type app_public.agenda_day as (
  day date,
  starts_at timestamptz,
  ends_at timestamptz,
  is_day_off boolean,
  hours app_public.agenda_stretch[],
  gaps app_public.agenda_stretch[],
  appointments app_public.agenda_appointment[],
  requests app_public.agenda_request[],
  holds app_public.agenda_hold[],
  blocks app_public.agenda_stretch[]
);
comment on type app_public.agenda_day is
  'A day of a specialist, on the clocks of the clinic; 23 or 25 hours long when they change. What runs past midnight is in both days.';
comment on column app_public.agenda_day.day is 'The date at the clinic.';
comment on column app_public.agenda_day.is_day_off is 'Whether the specialist has no hours on this day.';
comment on column app_public.agenda_day.hours is 'When the specialist works: usual hours, those of their calendars, and what was changed for the date.';
comment on column app_public.agenda_day.gaps is 'Working hours that nothing takes, cooldowns included.';
comment on column app_public.agenda_day.appointments is 'Appointments, in the order of their times.';
comment on column app_public.agenda_day.requests is 'Booking requests that wait for an answer.';
comment on column app_public.agenda_day.holds is 'Times that are kept at the moment.';
comment on column app_public.agenda_day.blocks is 'Times that the specialist closed.';

create type app_public.agenda_specialist as (specialist_id uuid, days app_public.agenda_day[]);
comment on type app_public.agenda_specialist is
  E'@foreignKey (specialist_id) references app_public.specialists (id)\n'
  'A specialist with the days that were asked for.';
comment on column app_public.agenda_specialist.specialist_id is 'The specialist, by its id.';
comment on column app_public.agenda_specialist.days is 'The days, in their order.';

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/appointments/tg_appointments__publish_changed.sql
-- Whoever watches the clinic's day hears of what is no move: another time or specialist, removed, brought back. FND-14, SCH-12.

set role app_engine;

create or replace function app_private.tg_appointments__publish_changed() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform app_private.publish('appointment.changed', new.organization_id, new.id, jsonb_build_object(
    'appointmentId', new.id, 'specialistId', new.specialist_id, 'fromSpecialistId', old.specialist_id));
  return null;
end;
$$;

comment on function app_private.tg_appointments__publish_changed is
  'Publishes appointment.changed. Trigger _900_publish_changed.';

reset role;

create or replace trigger _900_publish_changed
  after update of specialist_id, starts_at, ends_at, deleted_at on app_public.appointments
  for each row
  when ((old.specialist_id, old.starts_at, old.ends_at, old.deleted_at) is distinct from
        (new.specialist_id, new.starts_at, new.ends_at, new.deleted_at))
  execute function app_private.tg_appointments__publish_changed();
-- end of source: functions/appointments/tg_appointments__publish_changed.sql

-- source: functions/appointments/tg_booking_requests__publish_changed.sql
-- Whoever watches the clinic's requests hears that one is another specialist's now. FND-14, SCH-12.

set role app_engine;

create or replace function app_private.tg_booking_requests__publish_changed() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform app_private.publish('booking_request.changed', new.organization_id, new.id, jsonb_build_object(
    'bookingRequestId', new.id, 'specialistId', new.specialist_id, 'fromSpecialistId', old.specialist_id));
  return null;
end;
$$;

comment on function app_private.tg_booking_requests__publish_changed is
  'Publishes booking_request.changed. Trigger _900_publish_changed.';

reset role;

create or replace trigger _900_publish_changed
  after update of specialist_id, starts_at, ends_at on app_public.booking_requests
  for each row
  when ((old.specialist_id, old.starts_at, old.ends_at) is distinct from (new.specialist_id, new.starts_at, new.ends_at))
  execute function app_private.tg_booking_requests__publish_changed();
-- end of source: functions/appointments/tg_booking_requests__publish_changed.sql

-- source: functions/events/news_of.sql
-- What screens of clinics are told: ids of what happened lately, out of the ledger of events. The servers
-- ask while somebody watches, so that a booking pays nothing for it; they know what they have told already, and whoever is
-- told reads the row under their own rights. FND-15, SCH-12.
-- Half a minute, because an event has the time at which it was written and is seen when its transaction has ended.

set role app_engine;

create or replace function app_hidden.news_of(organization_ids uuid[], subject_types text[], seconds int default 30)
returns table (id uuid, organization_id uuid, subject_type text, subject_id uuid, specialist_ids uuid[])
language sql stable strict security definer
set search_path = ''
as $$
  select events.id, events.organization_id, events.subject_type, events.subject_id,
         array_remove(array[(events.payload ->> 'specialistId')::uuid, (events.payload ->> 'fromSpecialistId')::uuid], null)
  from app_private.events
  -- By the time in the id, whose first 48 bits are milliseconds: the last rows of the index.
  where events.id >= (
      select (lpad(to_hex((extract(epoch from clock_timestamp() - make_interval(secs => seconds)) * 1000)::bigint), 12, '0')
              || '70008000000000000000')::uuid)
    and events.organization_id = any (organization_ids)
    and events.subject_type = any (subject_types)
  order by events.id
$$;

comment on function app_hidden.news_of is
  'Events of these clinics about such subjects in the last seconds, oldest first, by their ids, with the specialists they name.';
grant execute on function app_hidden.news_of to app_authenticator;

reset role;
-- end of source: functions/events/news_of.sql

-- source: functions/identity/listeners_over.sql
-- Which of those who listen to a clinic may not any more: has_permission() for each of them in one query, as
-- sessions_over() asks for sessions. FND-15, FND-04.

set role app_engine;

create or replace function app_hidden.listeners_over(
  principal_ids uuid[],
  named_organization_ids uuid[],
  organization_ids uuid[],
  permissions text[]
) returns table (place int, reason text)
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  for v_place in 1 .. cardinality(principal_ids) loop
    -- Until the transaction ends, which is when this function does: the server asks by itself.
    perform set_config('app.principal_id', principal_ids[v_place]::text, true),
            set_config('app.organization_id', coalesce(named_organization_ids[v_place]::text, ''), true);
    continue when app_hidden.has_permission(organization_ids[v_place], permissions[v_place]);
    place := v_place;
    reason := case when organization_ids[v_place] = any (app_hidden.current_staff_organization_ids())
      then 'permission_missing' else 'not_found' end;
    return next;
  end loop;
end;
$$;

comment on function app_hidden.listeners_over is
  'Of people given as columns, with the clinic that their connection names (or null), the clinic that they listen to and the '
  'permission it takes: the places, from 1, of those who lack it, and why.';
grant execute on function app_hidden.listeners_over to app_authenticator;

reset role;
-- end of source: functions/identity/listeners_over.sql

-- source: functions/patients/day_of.sql
-- A day out of what stood between dots: the day first, as in Romanian and English; the month first where it cannot be
-- otherwise. Two digits are a year that has been. FND-07.

create or replace function app_private.day_of(year text, month text, day text) returns date
language sql stable strict
set search_path = ''
return (
  select case
    when y between 1900 and 2200 and m between 1 and 12
         and d between 1 and extract(day from make_date(y, m, 1) + interval '1 month' - interval '1 day')
    then make_date(y, m, d) end
  from (
    select case when length(day_of.year) = 4 then day_of.year::int
                when day_of.year::int > extract(year from app_hidden.now())::int % 100 then 1900 + day_of.year::int
                else 2000 + day_of.year::int end,
           case when day_of.month::int > 12 then day_of.day::int else day_of.month::int end,
           case when day_of.month::int > 12 then day_of.month::int else day_of.day::int end
  ) as read (y, m, d)
);

comment on function app_private.day_of is 'The day that three numbers mean, null for none.';
grant execute on function app_private.day_of to app_engine;
-- end of source: functions/patients/day_of.sql

-- source: functions/patients/is_one_person.sql
-- When two patients of a clinic are probably one person: the name and one more fact agree, or given name, address and
-- number do (a family name that changed, or was written otherwise), and no birthday differs. FND-34.
-- One expression, so that PostgreSQL inlines it.

create or replace function app_private.is_one_person(
  address boolean,
  name boolean,
  given_name boolean,
  telephone boolean,
  birthday boolean
) returns boolean
language sql immutable parallel safe
return is_one_person.birthday is not false
  and (is_one_person.name and (is_one_person.address or is_one_person.telephone or is_one_person.birthday)
       or is_one_person.given_name and is_one_person.address and is_one_person.telephone);

comment on function app_private.is_one_person is
  'Whether two patients are probably one person, by which of their facts agree; a fact that one of them lacks is null.';
grant execute on function app_private.is_one_person to app_engine;
-- end of source: functions/patients/is_one_person.sql

-- source: functions/patients/duplicates_among.sql
-- For patients who were found, the others of the clinic who are probably the same person, by the rule of
-- likely_duplicates(). Whoever shares an address, a number or a birthday is looked up by it; what more than twenty have in
-- common says nothing of two. FND-34, FND-07.

create or replace function app_private.duplicates_among(organization_id uuid, profile_ids uuid[])
returns table (patient_profile_id uuid, duplicate_ids uuid[])
language sql stable
set search_path = ''
begin atomic
  with people as materialized (
    select patient_search.patient_profile_id, min(patient_search.text) as text,
           min(patient_search.word) filter (where patient_search.word like '@%') as address,
           min(patient_search.word) filter (where patient_search.word like '+%') as telephone,
           min(patient_search.word) filter (where patient_search.word like '=%') as birthday
    from app_private.patient_search
    where patient_search.organization_id = duplicates_among.organization_id
      and patient_search.patient_profile_id = any (duplicates_among.profile_ids)
    group by patient_search.patient_profile_id
  ),
  pairs as materialized (
    select distinct people.patient_profile_id, other.patient_profile_id as other_id, other.text as other_text
    from people
    cross join lateral unnest(array[people.address, people.telephone, people.birthday]) as fact
    cross join lateral (
      select patient_search.patient_profile_id, patient_search.text
      from app_private.patient_search
      where patient_search.organization_id = duplicates_among.organization_id
        and patient_search.word = fact
        and patient_search.patient_profile_id <> people.patient_profile_id
      limit 20
    ) as other
  ),
  -- Names are folded in the text already; their order does not count.
  compared as (
    select pairs.patient_profile_id, pairs.other_id,
           strpos(pairs.other_text || ' ', ' ' || people.address || ' ') > 0 as address,
           strpos(pairs.other_text || ' ', ' ' || people.telephone || ' ') > 0 as telephone,
           case when pairs.other_text like '% =%' then strpos(pairs.other_text, ' ' || people.birthday) > 0 end as birthday,
           -- Words in another order are as long as before: most names are not looked at closer.
           case when length(given.one) = length(given.other)
                then app_private.name_key(given.one) = app_private.name_key(given.other) else false end as given_name,
           case when length(names.one) = length(names.other)
                then app_private.name_key(names.one) = app_private.name_key(names.other) else false end as name
    from pairs
    join people on people.patient_profile_id = pairs.patient_profile_id
    cross join lateral (select split_part(people.text, ' ;', 1) as one, split_part(pairs.other_text, ' ;', 1) as other) as names
    cross join lateral (select split_part(names.one, ' , ', 2) as one, split_part(names.other, ' , ', 2) as other) as given
  )
  select compared.patient_profile_id, array_agg(patients.id order by patients.id)
  from compared
  join app_public.patients
    on patients.organization_id = duplicates_among.organization_id
   and patients.patient_profile_id = compared.other_id
   and patients.deleted_at is null
  where app_private.is_one_person(compared.address, compared.name, compared.given_name, compared.telephone, compared.birthday)
  group by compared.patient_profile_id;
end;

comment on function app_private.duplicates_among is
  'Those of the patients, by their profiles, who have likely duplicates, with these by the id of Patient.';
grant execute on function app_private.duplicates_among to app_engine;
-- end of source: functions/patients/duplicates_among.sql

-- source: functions/patients/patient_search_text.sql
-- A patient as somebody looks for them: every word of the names, family names first, and each fact behind a mark that no
-- name holds. A number stands there twice, so that it is found from its beginning and by its last digits. FND-07.

create or replace function app_private.patient_search_text(profile app_public.patient_profiles) returns text
language sql stable
set search_path = ''
return ' ' || app_hidden.search_text(profile.family_name) || ' , ' || app_hidden.search_text(profile.given_name) || ' ;'
  || coalesce(' =' || to_char(profile.birth_date, 'YYYY-MM-DD'), '')
  || coalesce(' @' || app_hidden.ascii_lower(profile.email), '')
  || coalesce(' ' || profile.phone || ' -' || reverse(substr(profile.phone, 2)), '');

comment on function app_private.patient_search_text is
  'What search_patients() looks into, with a space before every word.';
grant execute on function app_private.patient_search_text to app_engine;
-- end of source: functions/patients/patient_search_text.sql

-- source: functions/patients/keep_search_words.sql
-- What a patient is found by is written anew; a word that stays is not touched. FND-07.
-- New names are written in their order, so that two who write the same ones do not wait for each other in a circle.

create or replace function app_private.keep_search_words(
  organization_id uuid,
  profile app_public.patient_profiles
) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_text text := app_private.patient_search_text(profile);
  v_words text[] := array(
    select distinct word collate "C" from string_to_table(v_text, ' ') as word where word not in ('', ',', ';') order by 1);
begin
  delete from app_private.patient_search
  where patient_search.organization_id = keep_search_words.organization_id
    and patient_search.patient_profile_id = profile.id
    and patient_search.word <> all (v_words);
  insert into app_private.patient_search (organization_id, patient_profile_id, word, text)
  select keep_search_words.organization_id, profile.id, word, v_text
  from unnest(v_words) as word
  on conflict on constraint patient_search_pkey do update set text = excluded.text
  where patient_search.text <> excluded.text;
  insert into app_private.search_words (organization_id, word)
  select keep_search_words.organization_id, word
  from unnest(v_words) as word
  where word !~ '^[=@+-]'
  on conflict do nothing;
end;
$$;

comment on function app_private.keep_search_words is 'Writes the words that search_patients() finds this patient by.';
grant execute on function app_private.keep_search_words to app_engine;
-- end of source: functions/patients/keep_search_words.sql

-- source: functions/patients/likely_duplicates.sql
-- Which patients of a clinic are probably one person, as is_one_person() says: shown, never merged by themselves. A page
-- looks at 200 patients, newest first, and finds their like by index, so its cost does not grow with the clinic. FND-34.

set role app_engine;

create or replace function app_public.likely_duplicates(organization_id uuid, before uuid default null)
returns app_public.duplicates_page
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_page app_public.duplicates_page;
begin
  perform app_private.require_permission(organization_id, 'patients.view');

  with page as materialized (
    select patients.id, patients.patient_profile_id
    from app_public.patients
    where patients.organization_id = likely_duplicates.organization_id
      and patients.deleted_at is null
      and (likely_duplicates.before is null or patients.id < likely_duplicates.before)
    order by patients.id desc
    limit 200
  ),
  people as materialized (
    select page.id as patient_id, profile.id, app_hidden.ascii_lower(profile.email) as email, profile.phone, profile.birth_date,
           app_private.name_key(profile.given_name) as given_name,
           app_private.name_key(profile.given_name || ' ' || profile.family_name) as name
    from page
    join app_public.patient_profiles as profile on profile.id = page.patient_profile_id
  ),
  pairs as (
    select people.patient_id, people.id, alike.patient_id as other_patient_id, alike.id as other_id,
           alike.address, alike.name, alike.telephone, alike.birthday
    from people
    cross join lateral (
      select compared.*
      from (
        select found.patient_id, other.id,
               app_hidden.ascii_lower(other.email) = people.email as address,
               app_private.name_key(other.given_name || ' ' || other.family_name) = people.name as name,
               app_private.name_key(other.given_name) = people.given_name as given_name,
               other.phone = people.phone as telephone,
               other.birth_date = people.birth_date as birthday
        -- One index each. What more than twenty have in common says nothing of two.
        from (
          (select patients.id as patient_id, earlier.id
           from app_public.patient_profiles as earlier
           join app_public.patients
             on patients.organization_id = likely_duplicates.organization_id and patients.patient_profile_id = earlier.id
           where app_hidden.ascii_lower(earlier.email) = people.email and patients.deleted_at is null and patients.id < people.patient_id
           limit 20)
          union
          (select patients.id, earlier.id
           from app_public.patient_profiles as earlier
           join app_public.patients
             on patients.organization_id = likely_duplicates.organization_id and patients.patient_profile_id = earlier.id
           where earlier.phone = people.phone and patients.deleted_at is null and patients.id < people.patient_id
           limit 20)
          union
          (select patients.id, earlier.id
           from app_public.patient_profiles as earlier
           join app_public.patients
             on patients.organization_id = likely_duplicates.organization_id and patients.patient_profile_id = earlier.id
           where earlier.birth_date = people.birth_date and patients.deleted_at is null and patients.id < people.patient_id
           limit 20)
        ) as found
        join app_public.patient_profiles as other on other.id = found.id
        -- Names are folded once a pair.
        offset 0
      ) as compared
      where app_private.is_one_person(compared.address, compared.name, compared.given_name, compared.telephone, compared.birthday)
      order by compared.patient_id desc
      limit 5
    ) as alike
  )
  select
    (select coalesce(array_agg(row(
        pairs.patient_id, pairs.id, pairs.other_patient_id, pairs.other_id,
        array_remove(array[case when pairs.address then 'address' end, case when pairs.name then 'name' end,
                           case when pairs.telephone then 'telephone' end, case when pairs.birthday then 'birthday' end], null),
        array_remove(array[case when not pairs.address then 'address' end, case when not pairs.name then 'name' end,
                           case when not pairs.telephone then 'telephone' end], null)
      )::app_public.likely_duplicate order by pairs.patient_id desc, pairs.other_patient_id desc), '{}')
     from pairs),
    (select min(page.id::text)::uuid from page having count(*) = 200)
  into v_page;
  return v_page;
end;
$$;

comment on function app_public.likely_duplicates is
  'Pairs of the clinic''s patients who are probably one person, newest first; pass continueBefore of one page as before of the '
  'next. For staff with patients.view.';
grant execute on function app_public.likely_duplicates to app_member;

reset role;
-- end of source: functions/patients/likely_duplicates.sql

-- source: functions/patients/number_term.sql
-- A number as people write it: +40 722 …, 0040722…, 0722…, 722…, its last digits; four digits may be the year of birth.
-- FND-07.

create or replace function app_private.number_term(number text, calling_code text) returns text
language sql stable strict
set search_path = ''
return (
  select concat_ws(e'\n',
    case when number_term.number like '+%' then '+' || digits
         when digits like '00%' then '+' || substr(digits, 3)
         when digits like '0%' then '+' || number_term.calling_code || substr(digits, 2)
         else '+' || number_term.calling_code || digits end,
    -- Some countries keep the zero, and some people leave the plus out.
    case when number_term.number not like '+%' then '+' || case when digits like '0%' then number_term.calling_code else '' end || digits end,
    case when number_term.number not like '+%' then '-' || reverse(digits) end,
    case when digits ~ '^(19|20)\d\d$' then '=' || digits || '-' end)
  from (select regexp_replace(number_term.number, '[^0-9]', '', 'g') as digits) as read
);

comment on function app_private.number_term is 'The words of patient_search that a number may be the beginning of, a line each.';
grant execute on function app_private.number_term to app_engine;
-- end of source: functions/patients/number_term.sql

-- source: functions/patients/patients_by_words.sql
-- Patients of a clinic who have all terms. The term that the fewest have leads, in the order of its words, so that whole
-- words come first and the look-up ends when enough are found; the others are looked for in the text beside it. FND-07.

create or replace function app_private.patients_by_words(
  organization_id uuid,
  terms text[],
  whole boolean,
  most int
) returns setof uuid
language plpgsql stable
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  -- No text sorts behind it.
  v_last constant text := case when whole then '' else chr(1114111) end;
  v_lead int := 1;
  v_words text[];
  v_beginnings text[];
  v_patterns text[];
begin
  if cardinality(terms) > 1 then
    select place into v_lead
    from unnest(terms) with ordinality as term (lines, place)
    cross join lateral (
      select count(*) as patients
      from string_to_table(term.lines, e'\n') as line
      cross join lateral (
        select from app_private.patient_search
        where patient_search.organization_id = patients_by_words.organization_id
          and patient_search.word >= line and patient_search.word <= line || v_last
        limit 1500
      ) as bounded
    ) as counted
    order by counted.patients, length(term.lines) desc, place
    limit 1;
  end if;
  v_words := string_to_array(terms[v_lead], e'\n');
  -- A plain comparison for what can be read in one way; it costs a third of the other.
  v_beginnings := array(
    select '% ' || regexp_replace(lines, '[%_\\]', '\\\&', 'g') || case when whole then ' %' else '%' end
    from unnest(terms) with ordinality as term (lines, place)
    where place <> v_lead and position(e'\n' in lines) = 0);
  v_patterns := array(
    select ' (' || replace(regexp_replace(lines, '[^[:alnum:]\n]', '\\\&', 'g'), e'\n', '|') || ')' || case when whole then ' ' else '' end
    from unnest(terms) with ordinality as term (lines, place)
    where place <> v_lead and position(e'\n' in lines) > 0);

  return query
    select found.patient_profile_id
    from unnest(v_words) as line
    cross join lateral (
      select patient_search.patient_profile_id
      from app_private.patient_search
      where patient_search.organization_id = patients_by_words.organization_id
        and patient_search.word >= line and patient_search.word <= line || v_last
        and patient_search.text || ' ' like all (v_beginnings)
        and patient_search.text || ' ' ~ all (v_patterns)
        and exists (
          select from app_public.patients
          where patients.organization_id = patients_by_words.organization_id
            and patients.patient_profile_id = patient_search.patient_profile_id
            and patients.deleted_at is null)
      order by patient_search.word
      limit most
    ) as found
    limit most;
end;
$$;

comment on function app_private.patients_by_words is
  'Patients, by their profiles, who have a word of each term, or one that begins so unless whole; at most so many.';
grant execute on function app_private.patients_by_words to app_engine;
-- end of source: functions/patients/patients_by_words.sql

-- source: functions/patients/search_terms.sql
-- What somebody typed, as what a patient must have: names in any order, a number as people write it, a birthday as
-- they write it in Romanian and English, an address. A word that can be read in several ways is a term of several lines,
-- of which one must fit. Nothing of it becomes a pattern. FND-07.

create or replace function app_private.search_terms(text text, calling_code text) returns text[]
language plpgsql stable strict
set search_path = ''
as $$
declare
  v_rest text := search_terms.text;
  v_date text[];
  v_day date;
  v_number text := '';
  v_names text := '';
  v_terms text[] := '{}';
  v_token text;
begin
  -- 14.03.1985, 14/3/1985, 14-03-85, and 1985-03-14.
  for v_date in
    select match
    from regexp_matches(
      v_rest,
      '(?<![[:alnum:]+])'
      '(?:(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})|(\d{4})([./-])(\d{1,2})\6(\d{1,2}))'
      '(?![[:alnum:]])', 'g') as match
  loop
    v_day := case when v_date[5] is null
      then app_private.day_of(v_date[4], v_date[3], v_date[1])
      else app_private.day_of(v_date[5], v_date[7], v_date[8]) end;
    if v_day is not null then
      v_terms := v_terms || ('=' || to_char(v_day, 'YYYY-MM-DD'));
      v_rest := replace(v_rest, coalesce(
        v_date[1] || v_date[2] || v_date[3] || v_date[2] || v_date[4],
        v_date[5] || v_date[6] || v_date[7] || v_date[6] || v_date[8]), ' ');
    end if;
  end loop;

  foreach v_token in array regexp_split_to_array(v_rest, '\s+') loop
    if position('@' in v_token) > 0 then
      v_terms := v_terms || ('@' || app_hidden.ascii_lower(v_token));
    elsif v_token ~ '^[+(]?[0-9][0-9()./-]*$' then
      v_number := v_number || v_token;
    else
      v_names := v_names || ' ' || v_token;
    end if;
  end loop;

  if v_number <> '' then
    v_terms := v_terms || app_private.number_term(v_number, calling_code);
  end if;
  return (
    select coalesce(array_agg(term), '{}')
    from (
      select term from unnest(v_terms || string_to_array(app_hidden.search_text(v_names), ' ')) with ordinality as part (term, place)
      where term <> ''
      order by place
      limit 8
    ) as kept);
end;
$$;

comment on function app_private.search_terms is
  'What a patient must have to be found by this text, in the words of patient_search; lines of one term are alternatives.';
grant execute on function app_private.search_terms to app_engine;
-- end of source: functions/patients/search_terms.sql

-- source: functions/patients/similar_terms.sql
-- Names that were typed wrongly, as names that patients of the clinic have: muresn, popesku, mihaiela. FND-07.
-- The nearest come out of the index, in which every name stands once, so that it stays small in a large clinic.

create or replace function app_private.similar_terms(organization_id uuid, terms text[]) returns text[]
language sql stable strict
set search_path = ''
return array(
  select concat_ws(e'\n', term.lines, case when term.lines ~ '^[[:alpha:]]{3,}$' then (
    select string_agg(nearest.word, e'\n' order by nearest.word)
    from (
      select search_words.word
      from app_private.search_words
      where search_words.organization_id = similar_terms.organization_id
      order by search_words.word operator(extensions.<->) term.lines
      limit 5
    ) as nearest
    where extensions.similarity(nearest.word, term.lines) >= 0.3) end)
  from unnest(similar_terms.terms) with ordinality as term (lines, place)
  order by term.place
);

comment on function app_private.similar_terms is 'Terms with the names of the clinic that are most like them as alternatives.';
grant execute on function app_private.similar_terms to app_engine;
-- end of source: functions/patients/similar_terms.sql

-- source: functions/patients/search_patients.sql
-- Front desk types what they hear and read: muresan ana, ţăranu, 0722 123, 14.03.1985, ana.pop@. Without diacritics, half
-- of a name, or a name with a slip. FND-07.
-- The rights are asked first, and the engine looks. Whole words come before beginnings, and what is only similar is looked
-- for when little else was found.

set role app_engine;

create or replace function app_public.search_patients(organization_id uuid, text text)
returns setof app_public.patient_match
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_most constant int := 50;
  v_terms text[];
  v_ids uuid[] := '{}';
  v_whole int;
  v_alike int;
begin
  perform app_private.require_permission(organization_id, 'patients.view');
  if length(search_patients.text) > 200 then
    perform app_hidden.refuse('VALIDATION', 'text_too_long', '{"field": "text", "most": 200}');
  end if;
  select app_private.search_terms(search_patients.text, organizations.calling_code) into strict v_terms
  from app_public.organizations
  where organizations.id = search_patients.organization_id;
  if v_terms is null or v_terms = '{}' then
    return;
  end if;

  v_ids := array(select app_private.patients_by_words(organization_id, v_terms, true, v_most));
  v_whole := cardinality(v_ids);
  if v_whole < v_most then
    v_ids := v_ids || array(select app_private.patients_by_words(organization_id, v_terms, false, v_most));
  end if;
  -- What could be the beginning of an address: ana.pop, mari85.
  if v_ids = '{}' and search_patients.text ~ '^\s*[[:alnum:]]+[._+0-9-][[:alnum:]._+-]*\s*$' then
    v_ids := array(select app_private.patients_by_words(
      organization_id, array['@' || app_hidden.ascii_lower(btrim(search_patients.text))], false, v_most));
  end if;
  v_alike := cardinality(v_ids);
  if v_alike < 10 then
    v_ids := v_ids || array(select app_private.patients_by_words(
      organization_id, app_private.similar_terms(organization_id, v_terms), true, 20));
  end if;

  return query
    with found as materialized (
      select id, min(place) as place
      from unnest(v_ids) with ordinality as one (id, place)
      group by id
      order by place
      limit v_most
    )
    select patients.id, patient_profiles.id, found.place > v_alike, coalesce(duplicates.duplicate_ids, '{}')
    from found
    join app_public.patients
      on patients.organization_id = search_patients.organization_id and patients.patient_profile_id = found.id
    join app_public.patient_profiles on patient_profiles.id = found.id
    left join app_private.duplicates_among(search_patients.organization_id, array(select found.id from found)) as duplicates
      on duplicates.patient_profile_id = found.id
    order by found.place > v_alike, found.place > v_whole,
             starts_with(app_hidden.search_text(patient_profiles.family_name), split_part(v_terms[1], e'\n', 1)) desc,
             patient_profiles.family_name collate "ro-x-icu", patient_profiles.given_name collate "ro-x-icu", patients.id;
end;
$$;

comment on function app_public.search_patients is
  E'@arg text Names or their beginnings in any order, a number or its last digits, an address, a birthday; 200 characters at most.\n'
  'Patients of a clinic by what people say of themselves, without regard to case and diacritics: whole words before beginnings, '
  'and where little else is found, names that are similar; the first 50. Needs patients.view.';
grant execute on function app_public.search_patients to app_member;

reset role;
-- end of source: functions/patients/search_patients.sql

-- source: functions/patients/tg_patient_profiles__search.sql
-- Whoever is called otherwise, or has another number, address or birthday, is found by it in every clinic. FND-07.

set role app_engine;

create or replace function app_private.tg_patient_profiles__search() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform app_private.keep_search_words(patients.organization_id, new)
  from app_public.patients
  where patients.patient_profile_id = new.id;
  return new;
end;
$$;

comment on function app_private.tg_patient_profiles__search is 'Keeps patient_search of a person. Trigger _500_search.';

reset role;

create or replace trigger _500_search
  after update of given_name, family_name, phone, email, birth_date on app_public.patient_profiles
  for each row execute function app_private.tg_patient_profiles__search();
-- end of source: functions/patients/tg_patient_profiles__search.sql

-- source: functions/patients/tg_patient_search__words.sql
-- A name that no patient of the clinic has any more is not kept either. FND-07.

set role app_engine;

create or replace function app_private.tg_patient_search__words() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  delete from app_private.search_words
  where search_words.organization_id = old.organization_id
    and search_words.word = old.word
    and not exists (
      select from app_private.patient_search
      where patient_search.organization_id = old.organization_id and patient_search.word = old.word);
  return null;
end;
$$;

comment on function app_private.tg_patient_search__words is 'Keeps search_words free of names that nobody has. Trigger _500_words.';

reset role;

create or replace trigger _500_words after delete on app_private.patient_search
  for each row execute function app_private.tg_patient_search__words();
-- end of source: functions/patients/tg_patient_search__words.sql

-- source: functions/patients/tg_patients__search.sql
-- A new patient can be found, and so can one whose record became another person's. FND-07.

set role app_engine;

create or replace function app_private.tg_patients__search() returns trigger
language plpgsql security definer
set search_path = ''
as $$
begin
  perform app_private.keep_search_words(new.organization_id, patient_profiles)
  from app_public.patient_profiles
  where patient_profiles.id = new.patient_profile_id;
  return new;
end;
$$;

comment on function app_private.tg_patients__search is 'Keeps patient_search of a patient. Trigger _500_search.';

reset role;

create or replace trigger _500_search after insert or update of patient_profile_id on app_public.patients
  for each row execute function app_private.tg_patients__search();
-- end of source: functions/patients/tg_patients__search.sql

-- source: functions/scheduling/agenda_stretches.sql
-- Stretches of time as the agenda lists them. SCH-12.

create or replace function app_private.agenda_stretches(times tstzmultirange, timezone text) returns app_public.agenda_stretch[]
language sql stable
set search_path = ''
return array(
  select (lower(during), upper(during), app_private.local_time(lower(during), agenda_stretches.timezone),
          app_private.local_time(upper(during), agenda_stretches.timezone))::app_public.agenda_stretch
  from unnest(agenda_stretches.times) as during
  order by during
);

comment on function app_private.agenda_stretches is 'The stretches, in their order, as instants and on the clocks of a zone.';
grant execute on function app_private.agenda_stretches to app_engine;
-- end of source: functions/scheduling/agenda_stretches.sql

-- source: functions/scheduling/working_hours.sql
-- When specialists work, whatever they are booked for: the usual hours and those that their calendars have of their own;
-- a date's other hours instead of them, more hours beside them, and closings out of all. SCH-01, SCH-02.
-- timetables() reads the same rows for one calendar, where the nearest hours alone count; a test holds both together.

create or replace function app_private.working_hours(
  organization_id uuid,
  specialist_ids uuid[],
  "from" timestamptz,
  "to" timestamptz
) returns table (specialist_id uuid, hours tstzmultirange)
language sql stable
begin atomic
  with people as materialized (
    select specialists.id, specialists.scheduling_timezone as timezone
    from app_public.specialists
    where specialists.organization_id = working_hours.organization_id
      and specialists.id = any (working_hours.specialist_ids)
  ),
  weekly as (
    select people.id, people.timezone, h.weekday, h.starts, h.ends
    from people
    join app_public.specialist_weekly_hours as h
      on h.organization_id = working_hours.organization_id and h.specialist_id = people.id
    union
    select people.id, calendars.timezone, h.weekday, h.starts, h.ends
    from people
    join app_public.calendar_specialists as cs
      on cs.organization_id = working_hours.organization_id and cs.specialist_id = people.id
    join app_public.calendars
      on calendars.organization_id = cs.organization_id and calendars.id = cs.calendar_id
     and calendars.is_active and calendars.deleted_at is null
    join app_public.calendar_hours as h
      on h.organization_id = cs.organization_id and h.calendar_id = cs.calendar_id
     and h.specialist_id is not distinct from case
           when exists (select from app_public.calendar_hours as own
                        where own.organization_id = cs.organization_id and own.calendar_id = cs.calendar_id
                          and own.specialist_id = people.id)
           then people.id end
  ),
  -- From the day before, whose hours may run past midnight, and the dates that other zones have meanwhile.
  days as materialized (
    select first.day + n as date, extract(isodow from first.day + n)::int as weekday
    from (select (working_hours."from" at time zone 'UTC')::date - 2 as day) as first
    cross join generate_series(0, (working_hours."to" at time zone 'UTC')::date - first.day + 1) as n
  ),
  overrides as materialized (
    select people.id, people.timezone, o.kind, days.date, coalesce(o.starts, '00:00') as starts, coalesce(o.ends, '24:00') as ends
    from people
    join app_public.specialist_schedule_overrides as o
      on o.organization_id = working_hours.organization_id and o.specialist_id = people.id
    join days on days.date between o.starts_on and o.ends_on
  ),
  pieces as (
    select weekly.id, weekly.timezone, 'open' as kind, days.date, weekly.starts, weekly.ends
    from weekly
    join days on days.weekday = weekly.weekday
    where (weekly.id, days.date) not in (select o.id, o.date from overrides as o where o.kind = 'replace')
    union all
    select o.id, o.timezone, o.kind, o.date, o.starts, o.ends from overrides as o
  ),
  -- Times that clocks skip or show twice are looked at closely, on the nights when they change.
  zones as materialized (
    select distinct pieces.timezone, days.date,
      (days.date + 2)::timestamp at time zone pieces.timezone - days.date::timestamp at time zone pieces.timezone
        <> interval '48 hours' as clocks_change
    from pieces
    join days on days.date = pieces.date
  ),
  spans as (
    select pieces.id, pieces.kind,
      case when zones.clocks_change then app_private.on_clocks(piece.opens, pieces.timezone)
        else piece.opens at time zone pieces.timezone end as opens,
      case when zones.clocks_change then app_private.on_clocks(piece.closes, pieces.timezone)
        else piece.closes at time zone pieces.timezone end as closes
    from pieces
    join zones on zones.timezone = pieces.timezone and zones.date = pieces.date
    cross join lateral (
      select pieces.date + pieces.starts as opens,
             pieces.date + case when pieces.ends <= pieces.starts then 1 else 0 end + pieces.ends as closes
    ) as piece
  )
  select spans.id,
    coalesce(range_agg(tstzrange(spans.opens, spans.closes)) filter (where spans.kind <> 'closed'), '{}')
    - coalesce(range_agg(tstzrange(spans.opens, spans.closes)) filter (where spans.kind = 'closed'), '{}')
  from spans
  where spans.opens < spans.closes
  group by spans.id;
end;

comment on function app_private.working_hours is
  'When these specialists work from the day of one instant to that of another; a specialist without hours has no row.';
grant execute on function app_private.working_hours to app_engine;
-- end of source: functions/scheduling/working_hours.sql

-- source: functions/scheduling/agenda.sql
-- The screen of a clinic's day, week or month: everybody's hours, what takes them, and what is free, in one question.
-- Who may see the appointments of a clinic sees it; the rows behind it are read under the reader's own rights. SCH-12, APT-01.
-- Only what touches the days is looked at, so that its cost does not grow with the clinic's history.

set role app_engine;

create or replace function app_public.agenda(
  organization_id uuid,
  from_day date,
  days int,
  specialist_ids uuid[] default null
) returns setof app_public.agenda_specialist
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_timezone text;
  v_day date := case when isfinite(from_day) then least(greatest(from_day, date '1999-01-01'), date '2201-01-01') else from_day end;
  v_from timestamptz;
  v_to timestamptz;
  v_ids uuid[];
begin
  perform app_private.require_permission(organization_id, 'appointments.view');
  if agenda.days is null or agenda.days not between 1 and 31 then
    perform app_hidden.refuse('VALIDATION', 'days_out_of_bounds', '{"field": "days", "least": 1, "most": 31}');
  end if;
  select organizations.timezone into strict v_timezone
  from app_public.organizations
  where organizations.id = agenda.organization_id;
  v_from := v_day::timestamp at time zone v_timezone;
  v_to := case when isfinite(v_day) then (v_day + agenda.days)::timestamp at time zone v_timezone else v_from end;
  perform app_private.require_window(organization_id, v_from, v_to, v_timezone);

  -- Who has left is shown with what they had.
  v_ids := array(
    select specialists.id
    from app_public.specialists
    where specialists.organization_id = agenda.organization_id and specialists.deleted_at is null
      and (agenda.specialist_ids is null or specialists.id = any (agenda.specialist_ids))
    union
    select appointments.specialist_id
    from app_public.appointments
    where appointments.organization_id = agenda.organization_id and appointments.deleted_at is null
      and appointments.starts_at >= v_from - interval '24 hours' and appointments.starts_at < v_to and appointments.ends_at > v_from
      and (agenda.specialist_ids is null or appointments.specialist_id = any (agenda.specialist_ids)));

  return query
    with days as materialized (
      select date.day, date.day::timestamp at time zone v_timezone as starts_at,
             (date.day + 1)::timestamp at time zone v_timezone as ends_at
      from generate_series(0, agenda.days - 1) as n
      cross join lateral (select v_day + n as day) as date
    ),
    -- No service takes longer than a day.
    booked as (
      select appointments.specialist_id, days.day, array_agg(
        (appointments.id, appointments.starts_at, appointments.ends_at,
         app_private.local_time(appointments.starts_at, v_timezone), app_private.local_time(appointments.ends_at, v_timezone),
         appointments.status, appointments.contact_name, services.name)::app_public.agenda_appointment
        order by appointments.starts_at, appointments.id) as list
      from app_public.appointments
      join app_public.services on services.organization_id = appointments.organization_id and services.id = appointments.service_id
      join days on appointments.starts_at < days.ends_at and appointments.ends_at > days.starts_at
      where appointments.organization_id = agenda.organization_id and appointments.deleted_at is null
        and appointments.starts_at >= v_from - interval '24 hours' and appointments.starts_at < v_to and appointments.ends_at > v_from
        and appointments.specialist_id = any (v_ids)
      group by appointments.specialist_id, days.day
    ),
    requested as (
      select requests.specialist_id, days.day, array_agg(
        (requests.id, requests.starts_at, requests.ends_at,
         app_private.local_time(requests.starts_at, v_timezone), app_private.local_time(requests.ends_at, v_timezone),
         requests.given_name || ' ' || requests.family_name, services.name, requests.respond_by)::app_public.agenda_request
        order by requests.starts_at, requests.id) as list
      from app_public.booking_requests as requests
      join app_public.services on services.organization_id = requests.organization_id and services.id = requests.service_id
      join days on requests.starts_at < days.ends_at and requests.ends_at > days.starts_at
      where requests.organization_id = agenda.organization_id and requests.status = 'requested'
        and requests.starts_at >= v_from - interval '24 hours' and requests.starts_at < v_to
        and requests.specialist_id = any (v_ids)
      group by requests.specialist_id, days.day
    ),
    -- By specialist alone, who belongs to one clinic: so the index of the exclusion constraint serves.
    claims as materialized (
      select claim.*
      from unnest(v_ids) as specialist (id)
      cross join lateral (
        select time_claims.specialist_id, time_claims.kind, time_claims.during, time_claims.blocked, time_claims.expires_at
        from app_private.time_claims
        where time_claims.specialist_id = specialist.id
          and time_claims.blocked && tstzrange(v_from, v_to)
          and time_claims.released_at is null
          and (time_claims.expires_at is null or time_claims.expires_at > app_hidden.now())
      ) as claim
    ),
    taken as (
      select claims.specialist_id, range_agg(claims.blocked) as times,
             range_agg(claims.during) filter (where claims.kind = 'block') as blocks
      from claims
      group by claims.specialist_id
    ),
    held as (
      select claims.specialist_id, days.day, array_agg(
        (lower(claims.during), upper(claims.during), app_private.local_time(lower(claims.during), v_timezone),
         app_private.local_time(upper(claims.during), v_timezone), claims.expires_at)::app_public.agenda_hold
        order by claims.during) as list
      from claims
      join days on claims.during && tstzrange(days.starts_at, days.ends_at)
      where claims.kind = 'hold'
      group by claims.specialist_id, days.day
    ),
    worked as materialized (
      select w.specialist_id, w.hours
      from app_private.working_hours(agenda.organization_id, v_ids, v_from, v_to) as w
    ),
    whole as (
      select person.id, days.day, days.starts_at, days.ends_at,
             coalesce(worked.hours, '{}') * tstzrange(days.starts_at, days.ends_at)::tstzmultirange as hours,
             coalesce(taken.times, '{}') as taken,
             coalesce(taken.blocks, '{}') * tstzrange(days.starts_at, days.ends_at)::tstzmultirange as blocks,
             booked.list as booked, requested.list as requested, held.list as held
      from unnest(v_ids) as person (id)
      cross join days
      left join worked on worked.specialist_id = person.id
      left join taken on taken.specialist_id = person.id
      left join booked on booked.specialist_id = person.id and booked.day = days.day
      left join requested on requested.specialist_id = person.id and requested.day = days.day
      left join held on held.specialist_id = person.id and held.day = days.day
    )
    select whole.id, array_agg(
      (whole.day, whole.starts_at, whole.ends_at, isempty(whole.hours),
       app_private.agenda_stretches(whole.hours, v_timezone),
       app_private.agenda_stretches(whole.hours - whole.taken, v_timezone),
       coalesce(whole.booked, '{}'), coalesce(whole.requested, '{}'), coalesce(whole.held, '{}'),
       app_private.agenda_stretches(whole.blocks, v_timezone))::app_public.agenda_day
      order by whole.day)
    from whole
    join app_public.specialists on specialists.id = whole.id
    group by whole.id, specialists.family_name, specialists.given_name
    order by specialists.family_name collate "ro-x-icu", specialists.given_name collate "ro-x-icu", whole.id;
end;
$$;

comment on function app_public.agenda is
  E'@cost 40\n'
  '@arg fromDay The first day, as the clinic''s calendar has it.\n'
  '@arg days How many days, 31 at most.\n'
  '@arg specialistIds Only these; everybody when null.\n'
  'Days of a clinic for each of its specialists: working hours, appointments, requests, what is kept, and what is free. Needs '
  'appointments.view.';
grant execute on function app_public.agenda to app_member;

reset role;
-- end of source: functions/scheduling/agenda.sql

-- source: policies/patients/patient_search.sql
-- Read and kept by functions of the engine alone. FND-07.

select app_private.classify('app_private.patient_search', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id"], "phi": ["patient_profile_id"], "pii_basic": ["word", "text"]}',
  person_column => 'patient_profile_id',
  unaudited => 'Derived from patients and patient_profiles, whose changes are on record.');
select app_private.on_merge('app_private.patient_search', 'patient_profile_id', 'stays', 'What is found of a patient, written anew with the patient.');
select app_private.protect('app_private.patient_search', engine => 'select, insert, update, delete');
-- end of source: policies/patients/patient_search.sql

-- source: policies/patients/search_words.sql
-- Read and kept by functions of the engine alone. FND-07.

select app_private.classify('app_private.search_words', home => 'clinic', retention => 'medical_record', classes =>
  '{"operational": ["organization_id"], "pii_basic": ["word"]}',
  unaudited => 'Derived from patient_profiles, whose changes are on record.');
select app_private.protect('app_private.search_words', engine => 'select, insert, delete');
-- end of source: policies/patients/search_words.sql

-- source: reference/appointments/appointment_events.sql
-- What is published about appointments. A version is never changed: a new one is added. FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "appointment"}', rows => '
name: appointment.booked
version: 1
description: An appointment was made.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.cancelled
version: 1
description: The appointment will not take place.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.changed
version: 1
description: It has another time or specialist, was taken out of the lists, or brought back.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "specialistId", "fromSpecialistId"],
 "properties": {
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "fromSpecialistId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.confirmed
version: 1
description: The patient said they will come.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.done
version: 1
description: The appointment took place.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.noshow
version: 1
description: The patient did not come.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.patient_changed
version: 1
description: An appointment moved to the chart of the right patient.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "fromPatientProfileId"],
 "properties": {
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"},
   "fromPatientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.started
version: 1
description: The patient is with the specialist.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
==========
name: appointment.upcoming
version: 1
description: An appointment is near.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["appointmentId", "patientProfileId", "specialistId", "serviceId", "startsAt", "endsAt"],
 "properties": {
   "to": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow"], "type": "string"},
   "from": {"enum": ["booked", "upcoming", "confirmed", "inprogress", "done", "cancelled", "noshow", null], "type": ["string", "null"]},
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "serviceId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": "string", "format": "uuid"},
   "patientProfileId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/appointments/appointment_events.sql

-- source: reference/appointments/booking_request_events.sql
-- What is published about booking requests. A version is never changed: a new one is added. FND-14.

select app_private.own_rows('app_private.event_types', scope => '{"subject_type": "booking_request"}', rows => '
name: booking_request.changed
version: 1
description: It has another time or specialist.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "specialistId", "fromSpecialistId"],
 "properties": {
   "specialistId": {"type": "string", "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"},
   "fromSpecialistId": {"type": "string", "format": "uuid"}}}
==========
name: booking_request.confirmed
version: 1
description: The clinic said yes: the request became an appointment.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": ["string", "null"], "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"}}}
==========
name: booking_request.expired
version: 1
description: The clinic did not answer in time; the time is free again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": ["string", "null"], "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"}}}
==========
name: booking_request.received
version: 1
description: A guest asked for a time; the clinic has to answer.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": ["string", "null"], "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"}}}
==========
name: booking_request.rejected
version: 1
description: The clinic said no; the time is free again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": ["string", "null"], "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"}}}
==========
name: booking_request.withdrawn
version: 1
description: The guest took the request back; the time is free again.
payload_schema:
{"type": "object", "additionalProperties": false,
 "required": ["bookingRequestId", "calendarId", "specialistId", "startsAt", "endsAt"],
 "properties": {
   "endsAt": {"type": "string", "format": "date-time"},
   "startsAt": {"type": "string", "format": "date-time"},
   "calendarId": {"type": "string", "format": "uuid"},
   "specialistId": {"type": "string", "format": "uuid"},
   "appointmentId": {"type": ["string", "null"], "format": "uuid"},
   "bookingRequestId": {"type": "string", "format": "uuid"}}}
');
-- end of source: reference/appointments/booking_request_events.sql

select app_private.write_owned_rows();

--! split: 910-search.sql
-- Everybody can be found by words. FND-07.
set local role app_engine;
select app_private.keep_search_words(patients.organization_id, patient_profiles)
from app_public.patients
join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id;
reset role;
