--! Previous: sha1:c2e48ed54d4fd60be5444a0290772283cec49921
--! Hash: sha1:3f0514f161e57d1c6388ac6da637f4041c0836ce
--! Message: cards that stand, texts that are limited, bookings moved

--! split: 150-billing_last.sql
-- Listings take the token of a booking that is to be moved. APT-05, BIL-05, docs/decisions/0201.
drop function if exists app_public.available_slots(uuid, timestamptz, timestamptz, uuid, text);
drop function if exists app_public.available_days(uuid, date, date, uuid, text);
drop function if exists app_public.next_available(uuid, int, uuid);
drop function if exists app_private.require_listed(uuid);

-- Every card that a payment provider told of, so that an earlier one that stands is shown again when a later one is taken away. BIL-08,
-- docs/decisions/0201.
-- squawk-ignore ban-drop-table
drop table if exists app_private.provider_cards;
create table app_private.provider_cards (
  organization_id uuid not null,
  subscription_id uuid not null,
  provider_card_id text not null,
  brand text not null,
  last_four text not null,
  entered_at timestamptz not null,
  is_gone boolean not null,
  constraint provider_cards_pkey primary key (organization_id, subscription_id, provider_card_id),
  constraint provider_cards_subscription_fkey foreign key (organization_id, subscription_id)
    references app_public.organization_subscriptions (organization_id, id) on delete cascade,
  constraint provider_cards_brand_is_short check (length(brand) <= 40),
  constraint provider_cards_last_four_are_digits check (last_four ~ '^[0-9]{4}$')
);
comment on table app_private.provider_cards is
  'Every card of a subscription that the payment provider told of; app_public.payment_cards is the latest of those that stand.';
comment on column app_private.provider_cards.entered_at is 'When it was entered, by the payment provider''s clock.';
comment on column app_private.provider_cards.is_gone is 'Whether it was taken away, which is the last word about it.';
comment on column app_public.payment_cards.brand is 'Its brand, as the payment provider calls it; null once no card stands any more.';
comment on column app_public.payment_cards.last_four is 'Its last four digits; null once no card stands any more.';
comment on column app_public.payment_cards.entered_at is
  'When it was entered, by the payment provider''s clock; of the latest that was taken away, once none stands.';

-- The policy file says this again.
grant insert on app_private.provider_cards to app_engine;
set local role app_engine;
insert into app_private.provider_cards (organization_id, subscription_id, provider_card_id, brand, last_four, entered_at, is_gone)
select cards.organization_id, cards.subscription_id, cards.provider_card_id, cards.brand, cards.last_four, cards.entered_at, false
from app_public.payment_cards as cards
where cards.provider_card_id is not null;
reset role;

-- Text messages on their way, which a hard limit counts beside those that were taken. FND-20, docs/decisions/0203.
-- squawk-ignore require-concurrent-index-creation
create index if not exists messages_texts_leaving_idx on app_public.messages (organization_id)
  where channel = 'sms' and status = 'queued' and attempted_at is not null;

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions, db/policies and db/reference: change those, not this file.

-- source: functions/subscriptions/require_not_suspended.sql
-- Nothing new begins at a clinic whose subscription is suspended or has ended: no booking, no plan, no message that is about neither. What
-- is under way goes on, and is read, exported and paid for. A clinic that never began a subscription is no customer yet, and is not asked.
-- No lock: what begins in the moment of the suspension stands. BIL-05, docs/decisions/0177.

create or replace function app_private.is_suspended(organization_id uuid) returns boolean
language sql stable
set search_path = ''
begin atomic
  select coalesce((
    select subscriptions.status in ('suspended', 'canceled')
    from app_public.organization_subscriptions as subscriptions
    where subscriptions.organization_id = is_suspended.organization_id
      and subscriptions.anchor_on is not null
    order by subscriptions.id desc
    limit 1
  ), false);
end;

comment on function app_private.is_suspended is
  'Whether the subscription of a clinic that began last is suspended or has ended.';
grant execute on function app_private.is_suspended to app_engine;

create or replace function app_private.require_not_suspended(organization_id uuid) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if app_private.is_suspended(organization_id) then
    perform app_hidden.refuse('STATE', 'clinic_suspended');
  end if;
end;
$$;

comment on function app_private.require_not_suspended is
  'Whoever begins something new at a clinic asks it; STATE clinic_suspended.';
grant execute on function app_private.require_not_suspended to app_engine;

-- Who is signed in moves what is booked to a time of the listing, and so does a guest who shows the link of a booking; a visitor looks for a
-- new one. APT-05, docs/decisions/0201.
create or replace function app_private.require_listed(calendar app_public.calendars, booking_token text) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if app_hidden.current_principal_id() is null
    and (booking_token is null or not app_private.moves_booking(booking_token, calendar)) then
    perform app_private.require_not_suspended(calendar.organization_id);
  end if;
end;
$$;

comment on function app_private.require_listed is
  'Whoever lists free times asks it: at a clinic that takes no bookings visitors see none, but to move a booking whose token they show; STATE '
  'clinic_suspended.';
grant execute on function app_private.require_listed to app_engine;

create or replace function app_private.moves_booking(token text, calendar app_public.calendars) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select
    from app_private.request_by_token(moves_booking.token) as request
    cross join lateral app_private.guest_booking_of(request) as booking
    where request.id is not null and booking.calendar_id = (calendar).id and booking.may_move);
end;

comment on function app_private.moves_booking is
  'Whether a token opens a booking of this calendar that its guest may move now.';
grant execute on function app_private.moves_booking to app_engine;
-- end of source: functions/subscriptions/require_not_suspended.sql

-- source: functions/identity/staff_who_may.sql
-- Who of a clinic may do something, for those who tell them of it. FND-15.

create or replace function app_private.staff_who_may(organization_id uuid, permission text) returns setof uuid
language sql stable
set search_path = ''
begin atomic
  select distinct memberships.human_id
  from app_public.memberships
  join app_public.membership_roles
    on membership_roles.organization_id = memberships.organization_id and membership_roles.membership_id = memberships.id
  join app_public.role_permissions
    on role_permissions.organization_id = membership_roles.organization_id and role_permissions.role_id = membership_roles.role_id
  where memberships.organization_id = staff_who_may.organization_id
    and memberships.ended_at is null
    and role_permissions.permission = staff_who_may.permission;
end;

comment on function app_private.staff_who_may is 'The accounts of a clinic''s staff who have a permission.';
grant execute on function app_private.staff_who_may to app_engine;
-- end of source: functions/identity/staff_who_may.sql

-- source: functions/notify/staff_recipients.sql
-- The staff of a clinic that messages about an event go to. FND-15.

create or replace function app_private.staff_recipients(organization_id uuid, permission text) returns app_private.message_recipient[]
language sql stable
set search_path = ''
begin atomic
  select array_agg(row(null, human_id, null, null, null, null, null)::app_private.message_recipient)
  from app_private.staff_who_may(staff_recipients.organization_id, staff_recipients.permission) as human_id;
end;

comment on function app_private.staff_recipients is 'The staff of a clinic who have a permission, as recipients of messages; null when there is nobody.';
grant execute on function app_private.staff_recipients to app_engine;
-- end of source: functions/notify/staff_recipients.sql

-- source: functions/appointments/messages_about_review.sql
-- A review with few stars: whoever of the clinic may be told of those is told, once for each review. The message says
-- neither who wrote it nor what they wrote: that is read where rights are asked. APT-04, FND-15.

create or replace function app_private.messages_about_review(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_recipients app_private.message_recipient[];
begin
  v_recipients := app_private.staff_recipients(event.organization_id, 'reviews.alerted');
  if v_recipients is null then
    return;
  end if;
  perform app_private.notify_many(
    event.organization_id, 'review_low_rating', v_recipients,
    jsonb_build_object(
      'rating', event.payload ->> 'rating',
      'specialistName', (
        select concat_ws(' ', specialists.title, specialists.given_name, specialists.family_name)
        from app_public.specialists where specialists.id = (event.payload ->> 'specialistId')::uuid)),
    event_id => event.id);
end;
$$;

comment on function app_private.messages_about_review is
  'Queues what review.low_rating calls for: a note to each member with reviews.alerted.';
grant execute on function app_private.messages_about_review to app_engine;
-- end of source: functions/appointments/messages_about_review.sql

-- source: functions/automation/act_message.sql
-- send_email, send_sms, send_whatsapp, show_notification, send_push: the clinic's own words over one channel. AUT-02, AUT-04.
-- Everything else is the pipeline's: who can be reached, consent, suppression, quiet hours, caps. What it says no to is the
-- outcome here; what it finds as a message leaves stands with the message, which the outcome names.

create or replace function app_private.act_message(step app_private.action_step, channel text) returns app_private.action_outcome
language plpgsql volatile
set search_path = ''
as $$
declare
  v_people app_private.message_recipient[] := app_private.readers_of_step(step);
  v_ids uuid[];
  v_reason text;
begin
  if app_private.is_suspended(step.organization_id) then
    return app_private.acted('skipped', 'clinic_suspended');
  elsif v_people is null then
    return app_private.acted('skipped', 'nobody_to_tell');
  end if;
  -- Two actions about one event are two messages: that each is done once is known by the execution.
  v_ids := app_private.notify_many(
    step.organization_id,
    case when (step.config -> 'isMarketing')::boolean then 'offer_' else 'automation_' end || act_message.channel,
    v_people, app_private.facts_of_step(step) || jsonb_build_object('words', step.config -> 'words'));
  select min(messages.reason) into v_reason
  from app_public.messages
  where messages.id = any (v_ids)
  having not bool_or(messages.status = 'queued');
  if v_reason is null and v_ids <> '{}' then
    return app_private.acted('done', null, jsonb_build_object('messageIds', v_ids));
  end if;
  return app_private.acted(
    'skipped',
    case
      when v_reason = 'consent_missing' then 'consent'
      when v_reason in ('bounce', 'complaint', 'request', 'opted_out') then 'suppression'
      when v_reason = 'expires_in_quiet_hours' then 'quiet_hours'
      else coalesce(v_reason, 'unreachable')
    end,
    jsonb_build_object('messageIds', v_ids));
end;
$$;

comment on function app_private.act_message is 'Queues the words of an action over one channel; skipped with what stands in the way.';
grant execute on function app_private.act_message to app_engine;

-- The patient, with who cares for them as for every message; the specialist of the visit; or staff, by what they may do.
create or replace function app_private.readers_of_step(step app_private.action_step) returns app_private.message_recipient[]
language sql stable
set search_path = ''
begin atomic
  select array_agg(distinct row(reader.patient_profile_id, reader.human_id, null, null, null, null, null)::app_private.message_recipient)
  from (
    select patients.patient_profile_id, null::uuid as human_id
    from app_public.patients
    where coalesce((step).config ->> 'to', 'patient') = 'patient'
      and patients.organization_id = (step).organization_id and patients.id = (step).patient_id and patients.deleted_at is null
    union all
    select null, memberships.human_id
    from app_public.appointments
    join app_public.specialists
      on specialists.organization_id = appointments.organization_id and specialists.id = appointments.specialist_id
    join app_public.memberships
      on memberships.organization_id = specialists.organization_id and memberships.human_id = specialists.human_id
      and memberships.ended_at is null
    where (step).config ->> 'to' = 'specialist'
      and appointments.organization_id = (step).organization_id and appointments.id = (step).appointment_id
    union all
    select null, staff.human_id
    from app_private.staff_who_may((step).organization_id, (step).config ->> 'permission') as staff (human_id)
    where (step).config ->> 'to' = 'staff'
  ) as reader;
end;

comment on function app_private.readers_of_step is 'Whom an action tells; null where there is nobody.';
grant execute on function app_private.readers_of_step to app_engine;

-- Consents are answered in an account, so a message to who has none links to nothing.
create or replace function app_private.asked_as(step app_private.action_step, form_id uuid) returns text
language sql stable
set search_path = ''
begin atomic
  select coalesce('form:' || asked_as.form_id, (
    select 'consents' from app_public.patient_profiles
    where patient_profiles.id = (step).patient_profile_id and patient_profiles.human_id is not null));
end;

comment on function app_private.asked_as is
  'What a patient is asked for, as a message about it names it: form:<id>, or consents; null where there is nowhere to answer it.';
grant execute on function app_private.asked_as to app_engine;

-- What a mail links to: what the patient was asked for last by the actions before it, else the form that the event is about.
create or replace function app_private.asked_before(step app_private.action_step) returns text
language sql stable
set search_path = ''
begin atomic
  select coalesce((
      select app_private.asked_as(step, (executions.details ->> 'formId')::uuid)
      from app_public.automation_executions as executions
      where executions.organization_id = (step).organization_id and executions.automation_rule_version_id = (step).rule_version_id
        and executions.event_id = (step).event_id and executions.action_index < (step).action_index
        and executions.action in ('require_form', 'suggest_form', 'require_consent') and executions.outcome = 'done'
      order by executions.action_index desc
      limit 1),
    (
      select app_private.asked_as(step, forms.id)
      from app_private.events
      join app_public.forms on forms.organization_id = events.organization_id and forms.id = events.subject_id
      where events.id = (step).event_id and starts_with(events.name, 'form.')))
  where coalesce((step).config ->> 'to', 'patient') = 'patient';
end;

comment on function app_private.asked_before is
  'What the patient is asked for by what came before an action, as asked_as() names it; null where nothing is, and for other readers.';
grant execute on function app_private.asked_before to app_engine;

-- What the words of an action may name. Without a visit those about it stay empty.
create or replace function app_private.facts_of_step(step app_private.action_step) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select jsonb_build_object(
      'serviceName', null, 'specialistName', null, 'startsAt', null, 'endsAt', null, 'timezone', null, 'modality', null,
      'bookingRequestId', null,
      'asked', app_private.asked_before(step),
      'patientName', (
        select patient_profiles.given_name || ' ' || patient_profiles.family_name
        from app_public.patient_profiles where patient_profiles.id = (step).patient_profile_id))
    || coalesce((
      select app_private.appointment_facts(
          appointments.organization_id, appointments.calendar_id, appointments.service_id, appointments.specialist_id,
          appointments.starts_at, appointments.ends_at, appointments.modality, appointments.locale)
        || jsonb_build_object('bookingRequestId', appointments.booking_request_id)
      from app_public.appointments
      where appointments.organization_id = (step).organization_id and appointments.id = (step).appointment_id), '{}');
end;

comment on function app_private.facts_of_step is 'The variables of an action''s words: the patient, and the visit if it is about one.';
grant execute on function app_private.facts_of_step to app_engine;
-- end of source: functions/automation/act_message.sql

-- source: functions/documents/walk_document.sql
-- Compares a value of a template with its schema, and goes on inside. A step of template_problems(). DOC-01.
-- The schema is the subset of JSON Schema that stands in document_block_types: type, enum, required, properties (others are not
-- known), items, bounds, pattern, and the formats of documents. scope: clinic, kind, inputs, and the collection whose
-- rows are gone through around the place.

create or replace function app_private.walk_document(schema jsonb, given jsonb, path text, scope jsonb, depth int, problems jsonb)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_type constant text := schema ->> 'type';
  v_is constant text := jsonb_typeof(given);
  v_part record;
  v_scope jsonb := scope;
begin
  if jsonb_array_length(problems) >= 100 then
    return problems;
  elsif schema ->> 'format' not in ('condition', 'collection') then
    return app_private.walk_format(schema, given, path, scope, depth, problems);
  elsif schema ? 'enum' then
    return case when schema -> 'enum' @> given and v_is <> 'array' then problems else app_private.with_problem(problems, path, 'word_unknown') end;
  elsif v_is <> (case v_type when 'integer' then 'number' else v_type end) then
    return app_private.with_problem(problems, path, case v_type
      when 'object' then 'not_an_object' when 'array' then 'not_a_list' when 'string' then 'not_a_text'
      when 'boolean' then 'not_a_boolean' else 'not_a_number' end);
  end if;

  if v_type = 'object' then
    -- What a block goes through decides what is bound inside of it.
    if given ? 'over' and schema -> 'properties' -> 'over' ->> 'format' = 'collection' then
      v_scope := scope || jsonb_build_object('over', given -> 'over');
    end if;
    for v_part in select key, member from jsonb_each(given) as each (key, member) where key not in ('type', 'id') or not schema ? 'block' loop
      if not schema -> 'properties' ? v_part.key then
        problems := app_private.with_problem(problems, path || '.' || left(v_part.key, 60), 'property_unknown');
      else
        problems := app_private.walk_document(
          schema -> 'properties' -> v_part.key, v_part.member, path || '.' || v_part.key, v_scope, depth, problems);
      end if;
    end loop;
    for v_part in select required as key from jsonb_array_elements_text(schema -> 'required') as required where not given ? required loop
      problems := app_private.with_problem(problems, path || '.' || v_part.key, 'required');
    end loop;
    if schema ->> 'format' = 'condition' and given ? 'field' and given ? 'operator' then
      problems := app_private.walk_comparison(given, path, scope, problems);
    end if;
  elsif v_type = 'array' then
    problems := app_private.with_bounds(schema, jsonb_array_length(given), path, problems);
    for v_part in select entry, place - 1 as place from jsonb_array_elements(given) with ordinality as each (entry, place) where place <= 500 loop
      problems := app_private.walk_document(
        schema -> 'items', v_part.entry, format('%s[%s]', path, v_part.place), scope, depth, problems);
    end loop;
  elsif v_type = 'string' then
    if length(given #>> '{}') > coalesce((schema ->> 'maxLength')::int, 5000) then
      problems := app_private.with_problem(problems, path, 'too_long', coalesce((schema ->> 'maxLength')::int, 5000));
    elsif given #>> '{}' !~ coalesce(schema ->> 'pattern', '') then
      problems := app_private.with_problem(problems, path, 'not_of_this_shape');
    elsif schema ->> 'format' = 'collection' and app_private.document_field_type(given #>> '{}', scope - 'collection') is distinct from 'collection' then
      problems := app_private.with_problem(problems, path, 'collection_unknown');
    end if;
  elsif v_type in ('number', 'integer') then
    if v_type = 'integer' and (given #>> '{}')::numeric % 1 <> 0 then
      problems := app_private.with_problem(problems, path, 'not_a_whole_number');
    elsif (given #>> '{}')::numeric < (schema ->> 'minimum')::numeric or (given #>> '{}')::numeric > (schema ->> 'maximum')::numeric then
      problems := app_private.with_problem(problems, path, 'out_of_range', (schema ->> 'maximum')::int);
    end if;
  end if;
  return problems;
end;
$$;

comment on function app_private.walk_document is 'The problems, and what is wrong with a value by its schema: see template_problems().';
grant execute on function app_private.walk_document to app_engine;

create or replace function app_private.with_bounds(schema jsonb, size int, path text, problems jsonb) returns jsonb
language sql immutable
set search_path = ''
return case
  when size > (schema ->> 'maxItems')::int then app_private.with_problem(problems, path, 'too_many', (schema ->> 'maxItems')::int)
  when size < (schema ->> 'minItems')::int then app_private.with_problem(problems, path, 'too_few', (schema ->> 'minItems')::int)
  else problems end;

comment on function app_private.with_bounds is 'The problems, and that a list is too long or too short.';
grant execute on function app_private.with_bounds to app_engine;

-- What a condition compares with what: by the type of its field.
create or replace function app_private.walk_comparison(given jsonb, path text, scope jsonb, problems jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_type constant text := app_private.document_field_type(given ->> 'field', scope);
  v_operator constant text := given ->> 'operator';
begin
  if v_operator in ('is_filled', 'is_empty') then
    return case when given ? 'value' then app_private.with_problem(problems, path || '.value', 'value_not_usable') else problems end;
  elsif v_type is null then
    return problems; -- The field is told already.
  elsif not given ? 'value' then
    return app_private.with_problem(problems, path || '.value', 'required');
  elsif v_type in ('collection', 'money')
    or (v_operator in ('greater', 'less', 'at_least', 'at_most') and v_type not in ('number', 'date', 'instant'))
    or (v_operator = 'contains' and v_type not in ('text', 'long_text')) then
    return app_private.with_problem(problems, path || '.operator', 'operator_unknown');
  elsif jsonb_typeof(given -> 'value') <> (case v_type when 'number' then 'number' else 'string' end)
    or (v_type in ('date', 'instant') and not pg_input_is_valid(given ->> 'value', 'date')) then
    return app_private.with_problem(problems, path || '.value', 'value_not_usable');
  end if;
  return problems;
end;
$$;

comment on function app_private.walk_comparison is 'The problems, and what is wrong with what a condition compares.';
grant execute on function app_private.walk_comparison to app_engine;
-- end of source: functions/documents/walk_document.sql

-- source: functions/documents/walk_format.sql
-- Checks what documents know by themselves: runs of text, blocks, inputs, fields, pictures and components. A step of
-- walk_document(). DOC-01.

create or replace function app_private.walk_format(schema jsonb, given jsonb, path text, scope jsonb, depth int, problems jsonb)
returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_scope constant jsonb := case when schema ->> 'scope' = 'over' and scope ? 'over'
    then scope || jsonb_build_object('collection', scope -> 'over') - 'over' else scope - 'over' end;
  v_part record;
begin
  case schema ->> 'format'
    when 'runs', 'blocks' then
      if jsonb_typeof(given) <> 'array' then
        return app_private.with_problem(problems, path, 'not_a_list');
      elsif schema ->> 'format' = 'blocks' and depth >= (app_private.document_limits() ->> 'depth')::int then
        return app_private.with_problem(problems, path, 'too_deep', (app_private.document_limits() ->> 'depth')::int);
      end if;
      problems := app_private.with_bounds('{"maxItems": 500}', jsonb_array_length(given), path, problems);
      for v_part in select entry, place - 1 as place from jsonb_array_elements(given) with ordinality as each (entry, place) where place <= 500 loop
        problems := case schema ->> 'format'
          when 'runs' then app_private.walk_run(v_part.entry, format('%s[%s]', path, v_part.place), v_scope, problems)
          else app_private.walk_block(v_part.entry, format('%s[%s]', path, v_part.place), v_scope, depth + 1, problems) end;
      end loop;
    when 'inputs' then
      return app_private.walk_inputs(given, path, problems);
    when 'value' then
      if jsonb_typeof(given) not in ('string', 'number') or length(given #>> '{}') > 200 then
        return app_private.with_problem(problems, path, 'value_not_usable');
      end if;
    when 'field' then
      if app_private.document_field_type(given #>> '{}', scope) is null then
        return app_private.with_problem(problems, path, 'field_unknown');
      end if;
    when 'image' then
      if not exists (
        select from app_public.files
        where files.organization_id = (scope ->> 'organization')::uuid and files.id::text = given #>> '{}'
          and files.surface = 'document_images' and files.status = 'confirmed'
      ) then
        return app_private.with_problem(problems, path, 'image_unknown');
      end if;
    when 'component' then
      if not exists (
        select from app_public.pdf_template_components as component
        where component.organization_id = (scope ->> 'organization')::uuid and component.id::text = given #>> '{}'
          and component.kind = scope ->> 'block'
      ) then
        return app_private.with_problem(problems, path, 'component_unknown');
      end if;
  end case;
  return problems;
end;
$$;

comment on function app_private.walk_format is 'The problems, and what is wrong with a value of a format of documents: see walk_document().';
grant execute on function app_private.walk_format to app_engine;

create or replace function app_private.walk_block(given jsonb, path text, scope jsonb, depth int, problems jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_block app_private.document_block_types;
begin
  if jsonb_typeof(given) <> 'object' then
    return app_private.with_problem(problems, path, 'not_an_object');
  end if;
  select document_block_types.* into v_block
  from app_private.document_block_types
  where document_block_types.type = given ->> 'type';
  if not found then
    return app_private.with_problem(problems, path || '.type', 'block_unknown');
  elsif scope ->> 'kind' <> all (v_block.kinds) or (v_block.type in ('letterhead', 'footer') and depth > 1) then
    problems := app_private.with_problem(problems, path || '.type', 'block_not_here');
  end if;
  if jsonb_typeof(given -> 'id') is distinct from 'string' or given ->> 'id' !~ '^[a-z][a-z0-9_-]{0,62}$' then
    problems := app_private.with_problem(problems, path || '.id', 'key_not_usable');
  end if;
  if v_block.type = 'table' and ((given ? 'over') = (given ? 'rows') or (given ? 'over' and
      jsonb_path_exists(given, 'lax $.columns[*] ? (!exists(@.cell))'))) then
    problems := app_private.with_problem(problems, path, 'rows_or_collection');
  end if;
  return app_private.walk_document(
    v_block.schema || '{"block": true}', given, path, scope || jsonb_build_object('block', v_block.type), depth, problems);
end;
$$;

comment on function app_private.walk_block is 'The problems, and what is wrong with one block.';
grant execute on function app_private.walk_block to app_engine;

create or replace function app_private.walk_run(given jsonb, path text, scope jsonb, problems jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_marks constant jsonb := '{"bold": {"type": "boolean"}, "italic": {"type": "boolean"}}';
  v_type text;
begin
  if given ? 'field' then
    problems := app_private.walk_document(jsonb_build_object(
      'type', 'object', 'properties', v_marks || '{"field": {"type": "string", "format": "field"}, "format": {"type": "string", "maxLength": 30}}'),
      given, path, scope, 0, problems);
    v_type := app_private.document_field_type(given ->> 'field', scope);
    if v_type = 'collection' then
      return app_private.with_problem(problems, path || '.field', 'field_unknown');
    elsif given ? 'format' and v_type is not null and given ->> 'format' <> all (app_private.document_formats(v_type)) then
      return app_private.with_problem(problems, path || '.format', 'format_unknown');
    end if;
    return problems;
  end if;
  return app_private.walk_document(jsonb_build_object(
    'type', 'object', 'required', '["text"]'::jsonb, 'properties', v_marks || '{"text": {"type": "string", "maxLength": 5000}}'),
    given, path, scope, 0, problems);
end;
$$;

comment on function app_private.walk_run is 'The problems, and what is wrong with one run of text or one bound field.';
grant execute on function app_private.walk_run to app_engine;

create or replace function app_private.walk_inputs(given jsonb, path text, problems jsonb) returns jsonb
language plpgsql stable
set search_path = ''
as $$
declare
  v_twice text;
begin
  problems := app_private.walk_document(app_private.document_inputs_schema(), given, path, '{}', 0, problems);
  select input ->> 'key' into v_twice
  from jsonb_path_query(given, 'lax $[*]') as input group by input ->> 'key' having count(*) > 1 order by input ->> 'key' limit 1;
  if v_twice is not null then
    problems := app_private.with_problem(problems, path, 'key_twice');
  end if;
  if jsonb_path_exists(given, 'lax $[*] ? ((@.type == "rows" && !exists(@.columns)) || (@.type != "rows" && exists(@.columns))
      || (@.type == "choice" && !exists(@.options)) || (@.type != "choice" && exists(@.options)))') then
    problems := app_private.with_problem(problems, path, 'columns_or_options');
  end if;
  return problems;
end;
$$;

comment on function app_private.walk_inputs is 'The problems, and what is wrong with the inputs that a template declares.';
grant execute on function app_private.walk_inputs to app_engine;
-- end of source: functions/documents/walk_format.sql

-- source: functions/documents/require_document_content.sql
-- What is written into a document is what its template asks: keys that it declares, of their types, and all that is required once it
-- is to be issued. DOC-04.

create or replace function app_private.require_document_content(editor_state jsonb, content jsonb, complete boolean) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_inputs constant jsonb := app_private.document_inputs_of(editor_state);
  v_problems jsonb := '[]';
  v_entry record;
begin
  if jsonb_typeof(content) <> 'object' then
    v_problems := app_private.with_problem(v_problems, '$', 'not_an_object');
  else
    for v_entry in select key, value from jsonb_each(content) loop
      if not v_inputs ? v_entry.key then
        v_problems := app_private.with_problem(v_problems, left(v_entry.key, 60), 'property_unknown');
      else
        v_problems := app_private.with_input(v_problems, v_inputs -> v_entry.key, v_entry.value, v_entry.key);
      end if;
    end loop;
    for v_entry in
      select input.key from jsonb_each(v_inputs) as input
      where complete and (input.value -> 'required')::boolean
        and (jsonb_typeof(coalesce(content -> input.key, 'null')) = 'null' or btrim(content ->> input.key) in ('', '[]'))
      order by input.key
    loop
      v_problems := app_private.with_problem(v_problems, v_entry.key, 'required');
    end loop;
  end if;
  perform app_private.refuse_problems('answers_not_valid', v_problems);
end;
$$;

comment on function app_private.require_document_content is
  'VALIDATION answers_not_valid with each place where content is not what the inputs of a template ask.';
grant execute on function app_private.require_document_content to app_engine;

create or replace function app_private.with_input(problems jsonb, input jsonb, value jsonb, path text) returns jsonb
language plpgsql immutable
set search_path = ''
as $$
declare
  v_entry record;
begin
  if jsonb_typeof(value) = 'null' then
    return problems;
  end if;
  case input ->> 'type'
    when 'rows' then
      if jsonb_typeof(value) <> 'array' then
        return app_private.with_problem(problems, path, 'not_a_list');
      elsif jsonb_array_length(value) > 500 then
        return app_private.with_problem(problems, path, 'too_many', 500);
      end if;
      for v_entry in select entry, place - 1 as place from jsonb_array_elements(value) with ordinality as each (entry, place) loop
        if jsonb_typeof(v_entry.entry) <> 'object' then
          problems := app_private.with_problem(problems, format('%s[%s]', path, v_entry.place), 'not_an_object');
        else
          select coalesce(jsonb_agg(problem), problems) into problems
          from (
            select jsonb_array_elements(problems) as problem
            union all
            select jsonb_array_elements(case when input -> 'columns' ? cell.key
              then app_private.with_input('[]', jsonb_build_object('type', input -> 'columns' -> cell.key), cell.value,
                                          format('%s[%s].%s', path, v_entry.place, cell.key))
              else app_private.with_problem('[]', format('%s[%s].%s', path, v_entry.place, left(cell.key, 60)), 'property_unknown') end)
            from jsonb_each(v_entry.entry) as cell) as every;
        end if;
      end loop;
      return problems;
    when 'number' then
      return case when jsonb_typeof(value) = 'number' then problems else app_private.with_problem(problems, path, 'not_a_number') end;
    when 'date' then
      return case when value #>> '{}' ~ '^\d{4}-\d{2}-\d{2}$' and pg_input_is_valid(value #>> '{}', 'date')
        then problems else app_private.with_problem(problems, path, 'not_a_date') end;
    when 'choice' then
      return case when jsonb_typeof(value) = 'string' and input -> 'options' ? (value #>> '{}')
        then problems else app_private.with_problem(problems, path, 'word_unknown') end;
    else
      return case when jsonb_typeof(value) <> 'string' then app_private.with_problem(problems, path, 'not_a_text')
        when length(value #>> '{}') > case input ->> 'type' when 'text' then 1000 else 20000 end
          then app_private.with_problem(problems, path, 'too_long', case input ->> 'type' when 'text' then 1000 else 20000 end)
        else problems end;
  end case;
end;
$$;

comment on function app_private.with_input is 'The problems, and what is wrong with what was written into one input.';
grant execute on function app_private.with_input to app_engine;
-- end of source: functions/documents/require_document_content.sql

-- source: functions/documents/document_preview_input.sql
-- What a template would be rendered from as it is drafted: with the data of an appointment or a form that the caller may see, or with
-- samples. Nothing is kept; a reading of somebody's record is. DOC-01, FND-08.

set role app_engine;

create or replace function app_hidden.document_preview_input(
  organization_id uuid, kind text, editor_state jsonb, layout_config jsonb, locale text, sample uuid default null
) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_person_id uuid;
  v_head jsonb;
  v_data jsonb;
  v_proof jsonb;
begin
  perform app_private.require_permission(document_preview_input.organization_id, 'document_templates.manage');
  if document_preview_input.kind not in ('report', 'prescription', 'form') or document_preview_input.locale not in ('ro', 'en') then
    perform app_hidden.refuse('VALIDATION', 'document_kind_unknown', '{"field": "kind"}');
  end if;
  perform app_private.refuse_problems('content_not_valid', (
    select coalesce(jsonb_agg(to_jsonb(problem)), '[]')
    from app_private.template_problems(
      document_preview_input.organization_id, document_preview_input.kind, document_preview_input.editor_state,
      document_preview_input.layout_config) as problem));
  v_head := app_private.document_head(
    document_preview_input.organization_id, document_preview_input.organization_id, document_preview_input.kind, null, '…',
    document_preview_input.locale, app_hidden.now());
  v_data := app_private.sample_data(document_preview_input.organization_id, document_preview_input.kind, document_preview_input.editor_state, v_head);

  if document_preview_input.sample is not null and document_preview_input.kind = 'form' then
    perform app_private.require_permission(document_preview_input.organization_id, 'forms.view');
    select forms.patient_profile_id, app_private.printed_proof(kept.proof::jsonb, form_signatures.proof_sha256),
           v_data || app_private.data_of_patient(forms.organization_id, forms.patient_profile_id, v_head)
             || jsonb_build_object('form', app_private.data_of_form(forms, kept.answers::jsonb, form_signatures))
    into v_person_id, v_proof, v_data
    from app_public.forms
    join app_public.form_signatures on form_signatures.organization_id = forms.organization_id and form_signatures.form_id = forms.id
    join app_private.signature_documents as kept on kept.organization_id = forms.organization_id and kept.form_id = forms.id
    where forms.organization_id = document_preview_input.organization_id and forms.id = document_preview_input.sample and forms.deleted_at is null;
  elsif document_preview_input.sample is not null then
    perform app_private.require_permission(document_preview_input.organization_id, 'documents.view');
    select appointments.patient_profile_id,
           v_data || app_private.data_of_appointment(appointments.organization_id, appointments.id, appointments.specialist_id, v_head, v_data -> 'input')
    into v_person_id, v_data
    from app_public.appointments
    where appointments.organization_id = document_preview_input.organization_id and appointments.id = document_preview_input.sample
      and appointments.deleted_at is null;
  end if;
  if document_preview_input.sample is not null then
    if v_person_id is null then
      perform app_hidden.refuse('NOT_FOUND', 'not_found');
    end if;
    perform audit.record_read(
      document_preview_input.organization_id, 'app_public.pdf_templates', document_preview_input.sample::text, 'document preview', v_person_id);
  end if;
  return app_private.compose_document(
    document_preview_input.organization_id, document_preview_input.editor_state, document_preview_input.layout_config,
    (select coalesce(jsonb_object_agg(named.component_id, jsonb_build_object('blocks', named.editor_state -> 'blocks')), '{}')
     from app_private.components_named(document_preview_input.organization_id, document_preview_input.editor_state) as named),
    v_head, v_data, null, v_proof);
end;
$$;

comment on function app_hidden.document_preview_input is
  'The input of the renderer for a drafted template, with the data of an appointment or a signed form, or samples. Needs '
  'document_templates.manage, and documents.view or forms.view for real data. VALIDATION content_not_valid, document_kind_unknown.';
grant execute on function app_hidden.document_preview_input to app_member;

reset role;

create or replace function app_private.sample_input(type text, locale text) returns jsonb
language sql immutable
set search_path = ''
return case sample_input.type
  when 'number' then '3'::jsonb
  when 'date' then '"2026-12-08"'
  when 'text' then to_jsonb(case locale when 'ro' then 'Text scurt' else 'Short text' end)
  else to_jsonb(case locale when 'ro' then 'Aici stă ce scrie specialistul.' else 'Here stands what the specialist writes.' end) end;

comment on function app_private.sample_input is 'What a preview shows in an input of a type.';
grant execute on function app_private.sample_input to app_engine;

create or replace function app_private.sample_data(organization_id uuid, kind text, editor_state jsonb, head jsonb) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select coalesce(jsonb_object_agg(grouped.name, grouped.fields), '{}')
    || jsonb_build_object(
      'sessions', (
        select jsonb_build_array(jsonb_object_agg(split_part(known.code, '.', 2), known.sample))
        from app_private.document_fields as known where known.collection = 'sessions'),
      'input', (
        select coalesce(jsonb_object_agg(input.key, case input.value ->> 'type'
          when 'rows' then (
            select jsonb_build_array(jsonb_object_agg(entry.key, app_private.sample_input(entry.value #>> '{}', head ->> 'locale')))
            from jsonb_each(input.value -> 'columns') as entry)
          when 'choice' then input.value -> 'options' -> 0
          else app_private.sample_input(input.value ->> 'type', head ->> 'locale') end), '{}')
        from jsonb_each(app_private.document_inputs_of(sample_data.editor_state)) as input))
  from (
    select split_part(known.code, '.', 1) as name, jsonb_object_agg(split_part(known.code, '.', 2), known.sample)
      || case split_part(known.code, '.', 1) when 'form' then '{"sections": [{"title": null, "answers": [
           {"kind": "answer", "label": "…", "value": "…"}]}]}'::jsonb else '{}' end as fields
    from app_private.document_fields as known
    where known.collection is null and known.type <> 'collection' and sample_data.kind = any (known.kinds)
    group by split_part(known.code, '.', 1)) as grouped;
end;

comment on function app_private.sample_data is 'What a preview shows where it is made without a patient: the samples of the fields, and something in every input.';
grant execute on function app_private.sample_data to app_engine;
-- end of source: functions/documents/document_preview_input.sql

-- source: functions/documents/replace_document.sql
-- What is issued is corrected by another one: a draft with the same content, which takes its place when it is issued. DOC-04.

set role app_engine;

create or replace function app_public.replace_document(document_id uuid, reason text) returns app_public.appointment_documents
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_document constant app_public.appointment_documents := app_private.locked_document(replace_document.document_id);
  v_version app_public.pdf_template_versions;
  v_successor app_public.appointment_documents;
begin
  if v_document.status <> 'issued' then
    perform app_hidden.refuse('STATE', 'illegal_move', jsonb_build_object(
      'entity', 'appointment_documents', 'from', v_document.status, 'to', 'replaced',
      'legal', app_private.legal_moves('appointment_documents', v_document.status)));
  end if;
  select successor.* into v_successor
  from app_public.appointment_documents as successor
  where successor.organization_id = v_document.organization_id and successor.replaces_id = v_document.id;
  if found then
    perform app_hidden.refuse('STATE', 'is_being_replaced', jsonb_build_object('documentId', v_successor.id));
  end if;
  select version.* into strict v_version
  from app_public.pdf_template_versions as version
  where version.organization_id = v_document.organization_id and version.id = v_document.version_id;
  insert into app_public.appointment_documents
    (organization_id, appointment_id, patient_profile_id, specialist_id, kind, template_id, version_id, title, locale, content,
     replaces_id, reason, created_by)
  values (v_document.organization_id, v_document.appointment_id, v_document.patient_profile_id, v_document.specialist_id, v_version.kind,
          v_version.template_id, v_version.id, v_document.title, v_document.locale, v_document.content, v_document.id,
          app_private.require_reason(replace_document.reason), app_private.current_actor_id())
  returning * into v_successor;
  insert into app_public.appointment_document_files (organization_id, document_id, file_id)
  select attached.organization_id, v_successor.id, attached.file_id
  from app_public.appointment_document_files as attached
  where attached.organization_id = v_document.organization_id and attached.document_id = v_document.id;
  return v_successor;
end;
$$;

comment on function app_public.replace_document is
  'Begins the successor of an issued document, with its content and files: a draft that takes its place when it is issued. For its '
  'specialist, or with documents.manage. NOT_FOUND; STATE illegal_move, is_being_replaced.';
grant execute on function app_public.replace_document to app_member;

reset role;
-- end of source: functions/documents/replace_document.sql

-- source: functions/exercises/claim_render.sql
-- What the worker asks before it makes a video, and says while it does. EXL-03, EXL-05.

set role app_engine;

create or replace function app_private.claim_render(render_id uuid)
returns table (
  exercise_id uuid, slug text, kind text, names jsonb, video_provider text, collection_id text,
  recipe jsonb, recipe_hash text, language text, source_key text, object_key text, asset_version int
)
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_render app_public.exercise_renders;
begin
  select known.* into v_render from app_public.exercise_renders as known where known.id = claim_render.render_id for no key update;
  if v_render.status = 'ready' then
    return;
  end if;
  -- One that died left it as it was.
  if v_render.status <> 'rendering' then
    update app_public.exercise_renders as known set status = 'rendering', problem = null, progress = 0
    where known.id = v_render.id
    returning known.* into v_render;
  end if;
  return query
    select exercises.id, exercises.slug, exercises.kind, exercises.translations, exercises.video_provider, exercises.bunny_collection_id,
           v_render.recipe, v_render.recipe_hash, v_render.language, v_render.source_key,
           object_surfaces.prefix || exercises.slug || '/' || v_render.id || '-' || v_render.asset_version || '.mp4', v_render.asset_version
    from app_public.exercises
    join app_private.object_surfaces on object_surfaces.key = v_render.surface
    where exercises.id = v_render.exercise_id;
end;
$$;

comment on function app_private.claim_render is
  'What a video is made of and where it goes, which is from then on being made; no row for one that is there.';
grant execute on function app_private.claim_render to app_worker;

create or replace function app_private.record_render_progress(render_id uuid, asset_version int, progress int) returns void
language sql volatile strict security definer
set search_path = ''
begin atomic
  update app_public.exercise_renders as known set progress = least(greatest(record_render_progress.progress, 0), 99)
  where known.id = record_render_progress.render_id
    and known.asset_version = record_render_progress.asset_version
    and known.status = 'rendering';
end;

comment on function app_private.record_render_progress is 'Says how far the making of a video is, in percent.';
grant execute on function app_private.record_render_progress to app_worker;

create or replace function app_private.record_exercise_collection(exercise_id uuid, collection_id text) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
begin
  update app_public.exercises set bunny_collection_id = record_exercise_collection.collection_id
  where exercises.id = record_exercise_collection.exercise_id and exercises.bunny_collection_id is null;
  return (select exercises.bunny_collection_id from app_public.exercises where exercises.id = record_exercise_collection.exercise_id);
end;
$$;

comment on function app_private.record_exercise_collection is
  'Keeps under which collection the vendor has the videos of an exercise, and says which it is: of two that were made, the first.';
grant execute on function app_private.record_exercise_collection to app_worker;

reset role;
-- end of source: functions/exercises/claim_render.sql

-- source: functions/exercises/exercise_catalog.sql
-- The library as a patient sees it: what is published, in the language of their profile, while the clinic, a plan or the clinic by hand
-- opens it to them. Asked at every statement, so it is closed as soon as that ends. EXL-04, CAT-08.

set role app_engine;

create or replace function app_public.exercise_catalog(patient_id uuid default null, terms text[] default '{}')
returns setof app_public.shown_exercise
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_language text;
  v_is_open boolean;
begin
  -- Whoever names nobody is the one of theirs to whom it is open, themselves first.
  select patient_profiles.locale, access.is_open into v_language, v_is_open
  from app_public.patients
  join app_public.patient_profiles on patient_profiles.id = patients.patient_profile_id
  cross join lateral app_hidden.has_access(patients.organization_id, patients.id, 'library_access') as access (is_open)
  where patients.patient_profile_id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[])
    and patients.organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[])
    and patients.deleted_at is null
    and (exercise_catalog.patient_id is null or patients.id = exercise_catalog.patient_id)
  order by access.is_open desc, patient_profiles.human_id is not distinct from app_hidden.current_account_id() desc, patients.id
  limit 1;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  elsif not v_is_open then
    perform app_hidden.refuse('FORBIDDEN', 'library_closed');
  end if;
  return query
    select shown.*
    from app_public.exercises
    left join app_public.exercise_renders as preview on preview.exercise_id = exercises.id and preview.id = exercises.catalog_render_id
    cross join lateral app_private.shown_exercise(exercises, preview.recipe_hash, v_language) as shown
    where exercises.status = 'published'
      and app_private.exercise_has_terms(exercises.id, exercise_catalog.terms)
    order by shown.name, exercises.id;
end;
$$;

comment on function app_public.exercise_catalog is
  E'@arg patientId For whom of the caller''s it is; where nobody is named, for the one to whom it is open.\n'
  '@arg terms Only exercises with all of these, by the slugs of ExerciseTerm; a category holds those below it.\n'
  'The published exercises with their videos, in the language of the patient, each with its contraindications. FORBIDDEN library_closed '
  'while nothing opens the library to them.';
grant execute on function app_public.exercise_catalog to app_member;

reset role;

create or replace function app_private.exercise_has_terms(exercise_id uuid, terms text[]) returns boolean
language sql stable
set search_path = ''
begin atomic
  select not exists (
    select from unnest(exercise_has_terms.terms) as asked (slug)
    where not exists (
      with recursive below as (
        select exercise_terms.id from app_public.exercise_terms where exercise_terms.slug = asked.slug
        union
        select child.id from below join app_public.exercise_terms as child on child.parent_id = below.id
      )
      select from below
      join app_public.exercise_tags on exercise_tags.term_id = below.id and exercise_tags.exercise_id = exercise_has_terms.exercise_id));
end;

comment on function app_private.exercise_has_terms is 'Whether an exercise has each of these terms, or one below it.';
grant execute on function app_private.exercise_has_terms to app_engine;
-- end of source: functions/exercises/exercise_catalog.sql

-- source: functions/exercises/exercise_video.sql
-- Where a video of an exercise is, for whoever may see it: superadmins and staff any, patients those of exercises that they are to do,
-- and what is published while the library is open to them. A video that is made again plays as it was until then. EXL-04, CAT-08.

set role app_engine;

create or replace function app_hidden.exercise_video(render_id uuid, out provider text, out video_id text)
language plpgsql stable strict security definer
set search_path = ''
as $$
declare
  v_people constant uuid[] := app_hidden.current_human_patient_profile_ids();
  v_clinics constant uuid[] := app_hidden.current_patient_organization_ids();
begin
  select video.provider, video.video_id into provider, video_id
  from app_public.exercise_renders as video
  join app_public.exercises on exercises.id = video.exercise_id
  where video.id = exercise_video.render_id
    and video.video_id is not null
    and (
      app_hidden.is_superadmin()
      or cardinality(app_hidden.current_staff_organization_ids()) > 0
      or exists (
        select from app_public.patient_sessions as sessions
        join app_public.treatment_plan_exercises as prescribed
          on prescribed.scope_id = sessions.plan_scope_id and prescribed.version_id = sessions.version_id
          and prescribed.session_position = sessions.position
        where sessions.patient_profile_id = any (v_people) and sessions.organization_id = any (v_clinics)
          and sessions.status in ('due', 'started')
          and prescribed.exercise_id = video.exercise_id)
      or exercises.status = 'published' and exists (
        select from app_public.patients
        where patients.patient_profile_id = any (v_people) and patients.organization_id = any (v_clinics)
          and app_hidden.has_access(patients.organization_id, patients.id, 'library_access')));
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'exercise_video_not_found');
  end if;
end;
$$;

comment on function app_hidden.exercise_video is
  'Provider and id of a video of an exercise that the caller may see; NOT_FOUND exercise_video_not_found otherwise.';
grant execute on function app_hidden.exercise_video to app_member;

reset role;
-- end of source: functions/exercises/exercise_video.sql

-- source: functions/payments/billing_recipients.sql
-- Who is written to about what a clinic pays the platform: its members with billing.manage, and the address for bills, unless one of them
-- reads it anyway. BIL-08.

create or replace function app_private.billing_recipients(organization_id uuid) returns app_private.message_recipient[]
language sql stable
set search_path = ''
as $$
  with members as (
    select human_id from app_private.staff_who_may(billing_recipients.organization_id, 'billing.manage') as human_id
  )
  select array_agg(told.recipient)
  from (
    select row(null, members.human_id, null, null, null, null, null)::app_private.message_recipient as recipient
    from members
    union all
    select row(null, null, billing.legal_name, billing.billing_email, null, organizations.locale, null)::app_private.message_recipient
    from app_public.organization_billing as billing
    join app_public.organizations on organizations.id = billing.organization_id
    where billing.organization_id = billing_recipients.organization_id
      and not exists (
        select from members
        join app_public.humans on humans.principal_id = members.human_id
        where humans.closed_at is null and app_hidden.ascii_lower(humans.email) = app_hidden.ascii_lower(billing.billing_email))
  ) as told
$$;

comment on function app_private.billing_recipients is
  'The members of a clinic with billing.manage, and its address for bills where none of them has it; null when there is nobody.';
grant execute on function app_private.billing_recipients to app_engine;

-- What each message about a bill does: those people, in the transaction of the event.
create or replace function app_private.tell_of_billing(event app_private.events, template_key text, data jsonb) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_recipients constant app_private.message_recipient[] := app_private.billing_recipients(event.organization_id);
begin
  if v_recipients is not null and data is not null then
    perform app_private.notify_many(
      event.organization_id, tell_of_billing.template_key, v_recipients, tell_of_billing.data, event_id => event.id);
  end if;
end;
$$;

comment on function app_private.tell_of_billing is
  'Queues a message to billing_recipients(); nothing where there is nobody, or nothing to say any more.';
grant execute on function app_private.tell_of_billing to app_engine;
-- end of source: functions/payments/billing_recipients.sql

-- source: functions/payments/transfer_facts.sql
-- What a message about money tells of how it is paid by bank transfer: the platform's account in that currency, and what to write beside it.
-- The account is read as the message is queued: money goes to where the platform has an account. BIL-07, docs/decisions/0201.

create or replace function app_private.transfer_facts(provider text, currency text, reference text) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select jsonb_build_object(
    'accountHolder', account.holder,
    -- Four by four, as people read and copy an IBAN.
    'accountIban', regexp_replace(account.iban, '(.{4})(?=.)', '\1 ', 'g'),
    'accountBank', account.bank,
    'accountBic', account.bic,
    'accountReference', case when account.currency is not null then transfer_facts.reference end)
  from (select) as one
  left join app_public.platform_bank_accounts as account
    on account.currency = transfer_facts.currency and not app_private.charges_by_itself(transfer_facts.provider);
end;

comment on function app_private.transfer_facts is
  'The variables accountHolder, accountIban, accountBank, accountBic and accountReference of a message: all null where a payment provider takes '
  'the money by itself, or the platform has no account in the currency. accountBic is null where the account has none.';
grant execute on function app_private.transfer_facts to app_engine;
-- end of source: functions/payments/transfer_facts.sql

-- source: functions/invoices/messages_about_invoice.sql
-- An invoice was issued: the billing address of the clinic is written to, and its members with billing.manage hear of it, with the account
-- to pay to where it is paid by bank transfer. BIL-02, BIL-07, FND-15.

create or replace function app_private.messages_about_invoice(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.tell_of_billing(event, 'invoice_issued',
    jsonb_build_object(
      'invoiceNumber', invoices.series || ' ' || invoices.number,
      'netAmount', invoices.net_amount::text,
      'currency', invoices.currency,
      'dueOn', invoices.due_on)
    || app_private.transfer_facts(subscription.provider, invoices.currency, invoices.series || ' ' || invoices.number))
  from app_public.invoices
  join app_public.organization_subscriptions as subscription
    on subscription.organization_id = invoices.organization_id and subscription.id = invoices.subscription_id
  where invoices.organization_id = event.organization_id and invoices.id = event.subject_id;
end;
$$;

comment on function app_private.messages_about_invoice is
  'Queues what invoice.issued calls for: a mail to the billing address and a note to each member with billing.manage.';
grant execute on function app_private.messages_about_invoice to app_engine;
-- end of source: functions/invoices/messages_about_invoice.sql

-- source: functions/metering/edit_platform_tier_version.sql
-- What a draft costs and includes, all at once: either everything is as given, or nothing changed. FND-20.

set role app_engine;

create or replace function app_public.edit_platform_tier_version(
  tier_version_id uuid,
  trial_days int,
  ai_markup_basis_points int,
  prices app_public.tier_price[],
  limits app_public.tier_limit[],
  overage_prices app_public.tier_overage_price[]
) returns app_public.platform_tier_versions
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_version app_public.platform_tier_versions := app_private.draft_version(edit_platform_tier_version.tier_version_id);
begin
  perform app_private.refuse_tier_content(trial_days, ai_markup_basis_points, prices, limits, overage_prices);

  delete from app_public.platform_overage_prices as known where known.tier_version_id = v_version.id;
  delete from app_public.platform_tier_limits as known where known.tier_version_id = v_version.id;
  delete from app_public.platform_tier_prices as known where known.tier_version_id = v_version.id;
  insert into app_public.platform_tier_prices (tier_version_id, currency, tenancy_mode, monthly_amount, annual_amount, setup_amount)
  select v_version.id, given.currency, given.tenancy_mode, given.monthly_amount, given.annual_amount, coalesce(given.setup_amount, 0)
  from unnest(edit_platform_tier_version.prices) as given;
  insert into app_public.platform_tier_limits (tier_version_id, meter, enforcement, included)
  select v_version.id, given.meter, given.enforcement, given.included
  from unnest(edit_platform_tier_version.limits) as given;
  insert into app_public.platform_overage_prices (tier_version_id, meter, currency, unit_price)
  select v_version.id, given.meter, given.currency, given.unit_price
  from unnest(edit_platform_tier_version.overage_prices) as given;
  update app_public.platform_tier_versions as versions
  set trial_days = edit_platform_tier_version.trial_days, ai_markup_basis_points = edit_platform_tier_version.ai_markup_basis_points
  where versions.id = v_version.id
  returning * into v_version;
  return v_version;
end;
$$;

comment on function app_public.edit_platform_tier_version is
  E'@arg trialDays How many days a new subscription is free.\n'
  '@arg aiMarkupBasisPoints What is added to the cost of AI calls, in hundredths of a percent.\n'
  '@arg prices All prices; one for each currency and way of being hosted.\n'
  '@arg limits All limits; a meter that is left out is neither limited nor billed.\n'
  '@arg overagePrices All prices of what is used beyond a soft limit.\n'
  'Replaces what a draft says. Superadmin only; IMMUTABLE never_changed once it was published; VALIDATION tier_price_malformed, '
  'tier_limit_malformed, overage_price_malformed with the place in the list; tier_limit_only_soft with the meter whose use is known only '
  'afterwards.';
grant execute on function app_public.edit_platform_tier_version to app_member;

reset role;

-- A draft, locked for whoever edits or publishes it.
create or replace function app_private.draft_version(tier_version_id uuid) returns app_public.platform_tier_versions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_version app_public.platform_tier_versions;
begin
  if not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
  select versions.* into v_version
  from app_public.platform_tier_versions as versions
  where versions.id = draft_version.tier_version_id
  for update;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  elsif v_version.published_at is not null then
    perform app_hidden.refuse('IMMUTABLE', 'never_changed', '{"entity": "platform_tier_versions"}');
  end if;
  return v_version;
end;
$$;

comment on function app_private.draft_version is
  'The draft, locked. FORBIDDEN superadmin_only, NOT_FOUND, IMMUTABLE never_changed once it was published.';
grant execute on function app_private.draft_version to app_engine;

create or replace function app_private.refuse_tier_content(
  trial_days int,
  ai_markup_basis_points int,
  prices app_public.tier_price[],
  limits app_public.tier_limit[],
  overage_prices app_public.tier_overage_price[]
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_place bigint;
  v_meter text;
begin
  if trial_days not between 0 and 365 then
    perform app_hidden.refuse('VALIDATION', 'tier_trial_out_of_range', '{"field": "trialDays", "most": 365}');
  elsif ai_markup_basis_points not between 0 and 100000 then
    perform app_hidden.refuse('VALIDATION', 'tier_markup_out_of_range', '{"field": "aiMarkupBasisPoints", "most": 100000}');
  end if;

  select given.place into v_place
  from unnest(prices) with ordinality as given (currency, tenancy_mode, monthly_amount, annual_amount, setup_amount, place)
  where not coalesce(
    given.currency ~ '^[A-Z]{3}$' and given.tenancy_mode in ('shared', 'dedicated') and given.monthly_amount >= 0 and given.annual_amount >= 0
      and coalesce(given.setup_amount, 0) >= 0
      and not exists (
        select from unnest(prices) with ordinality as other (currency, tenancy_mode, m, a, s, place)
        where (other.currency, other.tenancy_mode) = (given.currency, given.tenancy_mode) and other.place < given.place), false)
  order by given.place limit 1;
  if found then
    perform app_hidden.refuse('VALIDATION', 'tier_price_malformed', jsonb_build_object('field', 'prices', 'place', v_place));
  end if;

  select given.place, given.meter into v_place, v_meter
  from unnest(limits) with ordinality as given (meter, enforcement, included, place)
  join app_public.meters on meters.key = given.meter and not meters.can_be_hard
  where given.enforcement = 'hard'
  order by given.place limit 1;
  if found then
    perform app_hidden.refuse(
      'VALIDATION', 'tier_limit_only_soft', jsonb_build_object('field', 'limits', 'place', v_place, 'meter', v_meter));
  end if;

  -- How much there is cannot be billed as it grows.
  select given.place into v_place
  from unnest(limits) with ordinality as given (meter, enforcement, included, place)
  left join app_public.meters on meters.key = given.meter
  where not coalesce(
    case given.enforcement when 'hard' then meters.key is not null when 'soft' then not meters.is_standing end
      and coalesce(given.included, 0) >= 0
      and not exists (
        select from unnest(limits) with ordinality as other (meter, e, i, place)
        where other.meter = given.meter and other.place < given.place), false)
  order by given.place limit 1;
  if found then
    perform app_hidden.refuse('VALIDATION', 'tier_limit_malformed', jsonb_build_object('field', 'limits', 'place', v_place));
  end if;

  select given.place into v_place
  from unnest(overage_prices) with ordinality as given (meter, currency, unit_price, place)
  where not coalesce(
    given.currency ~ '^[A-Z]{3}$' and given.unit_price >= 0 and given.unit_price < 1e12 and scale(given.unit_price) <= 9
      and exists (select from unnest(limits) as other where other.meter = given.meter and other.enforcement = 'soft' and other.included is not null)
      and not exists (
        select from unnest(overage_prices) with ordinality as other (meter, currency, u, place)
        where (other.meter, other.currency) = (given.meter, given.currency) and other.place < given.place), false)
  order by given.place limit 1;
  if found then
    perform app_hidden.refuse('VALIDATION', 'overage_price_malformed', jsonb_build_object('field', 'overagePrices', 'place', v_place));
  end if;
end;
$$;

comment on function app_private.refuse_tier_content is
  'Refuses what no version can say: twice the same, a negative price, a hard limit of what cannot be refused, a soft one of what stands, a price without a soft limit.';
grant execute on function app_private.refuse_tier_content to app_engine;
-- end of source: functions/metering/edit_platform_tier_version.sql

-- source: functions/metering/require_within_limit.sql
-- A hard limit of the clinic's tier, asked where what it counts is made. FND-20.
-- One after the other, by the lock of the clinic's usage: two at once count each other, and cannot both be the last. A clinic
-- without a live subscription has no limits, and a meter without a hard limit is not locked.

create or replace function app_private.require_within_limit(organization_id uuid, meter text, adding bigint default 1) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_limit constant bigint := app_private.hard_limit(require_within_limit.organization_id, require_within_limit.meter);
  v_used numeric;
begin
  if v_limit is null then
    return;
  end if;
  perform app_private.usage_watermark(require_within_limit.organization_id);
  v_used := app_private.usage_now(require_within_limit.organization_id, require_within_limit.meter, v_limit);
  if v_used + adding > v_limit then
    perform app_hidden.refuse('ENTITLEMENT_EXHAUSTED', 'tier_limit_reached', jsonb_build_object(
      'meter', require_within_limit.meter, 'limit', v_limit, 'used', least(v_used, v_limit)));
  end if;
end;
$$;

comment on function app_private.require_within_limit is
  'Passes while the clinic''s tier allows so many more, and holds the lock until the transaction ends; adding 0 where they are counted '
  'already. ENTITLEMENT_EXHAUSTED tier_limit_reached.';
grant execute on function app_private.require_within_limit to app_engine;

create or replace function app_private.hard_limit(organization_id uuid, meter text) returns bigint
language sql stable
set search_path = ''
begin atomic
  select limits.included
  from app_public.platform_tier_limits as limits
  where limits.tier_version_id = app_private.tier_version_at(hard_limit.organization_id, app_hidden.now())
    and limits.meter = hard_limit.meter and limits.enforcement = 'hard';
end;

comment on function app_private.hard_limit is 'The hard limit of a meter that the tier of a clinic has now; null where it has none.';
grant execute on function app_private.hard_limit to app_engine;
-- end of source: functions/metering/require_within_limit.sql

-- source: functions/metering/text_may_leave.sql
-- A hard limit of text messages is asked as one leaves, and skips it: whatever caused the message stands. FND-20, docs/decisions/0203.
-- One that is on its way has its place until the vendor has taken it or refused it, so two at once cannot both be the last. What goes by the
-- clinic's own account is not the platform's to limit.

create or replace function app_private.text_may_leave(message app_public.messages) returns boolean
language plpgsql volatile
set search_path = ''
as $$
declare
  v_limit bigint;
begin
  if message.channel <> 'sms' or app_private.texts_by_own_account(message.organization_id) then
    return true;
  end if;
  v_limit := app_private.hard_limit(message.organization_id, 'sms_messages');
  if v_limit is null then
    return true;
  end if;
  perform app_private.usage_watermark(message.organization_id);
  return app_private.usage_now(message.organization_id, 'sms_messages') + (
    select count(*)
    from app_public.messages as other
    where other.organization_id = message.organization_id
      and other.channel = 'sms' and other.status = 'queued' and other.attempted_at is not null
      and other.id <> message.id
  ) < v_limit;
end;
$$;

comment on function app_private.text_may_leave is
  'Whether a message is no text message by the platform''s account, or the hard limit of the clinic''s tier has place for it; then the lock of the '
  'clinic''s usage is held until the transaction ends.';
grant execute on function app_private.text_may_leave to app_engine;

create or replace function app_private.texts_by_own_account(organization_id uuid) returns boolean
language sql stable
set search_path = ''
begin atomic
  select exists (
    select from app_public.organization_service_providers as choice
    where choice.organization_id = texts_by_own_account.organization_id
      and choice.capability = 'sms'
      and choice.integration_id is not null);
end;

comment on function app_private.texts_by_own_account is 'Whether the text messages of a clinic go by an account of its own.';
grant execute on function app_private.texts_by_own_account to app_engine;
-- end of source: functions/metering/text_may_leave.sql

-- source: functions/notify/claim_message.sql
-- What a message needs to leave, read when it leaves; decides whether it may. FND-15.
-- A text message that is beyond a hard limit of the clinic's tier does not leave (FND-20). The rules are asked again: since it was queued the person may have switched the channel off, the address may have
-- bounced, or night may have come. A message in quiet hours waits for their end, it is not lost.

set role app_engine;
create or replace function app_private.claim_message(message_id uuid)
returns table (
  wait_until timestamptz,
  organization_id uuid,
  channel text,
  locale text,
  address text,
  account_id uuid,
  recipient_name text,
  title text,
  body text,
  content_sid text,
  content_variables text[],
  data jsonb,
  calendar_status text,
  calendar_uid uuid,
  calendar_sequence int,
  created_at timestamptz,
  expires_at timestamptz,
  clinic_name text,
  clinic_email text,
  clinic_phone text,
  clinic_address text,
  link_name text,
  link_path text
)
language plpgsql volatile strict security definer rows 1
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_message app_public.messages;
  v_way record;
  v_cap int;
  v_code text;
  v_kind app_private.link_kinds;
  v_path text;
begin
  select messages.* into v_message
  from app_public.messages
  where messages.id = claim_message.message_id and messages.status = 'queued'
  for update;
  if not found then
    return;
  end if;
  if v_message.expires_at <= app_hidden.now() then
    perform app_private.end_message(v_message.id, 'skipped', 'expired');
    return;
  end if;
  -- A link that was used or taken back meanwhile is told to nobody.
  if v_message.data ? 'signatureLinkId'
    and app_private.sealed_signature_link((v_message.data ->> 'signatureLinkId')::uuid) is null then
    perform app_private.end_message(v_message.id, 'skipped', 'expired');
    return;
  end if;

  select ways.* into v_way
  from app_private.ways_to_reach(
    v_message.organization_id, v_message.template_key, array[app_private.recipient_of(v_message)]) as ways
  where ways.channel = v_message.channel and ways.account_id is not distinct from v_message.account_id;
  -- What marketing rests on is locked: a withdrawal that comes now comes after the message.
  if v_way.obstacle is null and exists (
       select from app_private.message_types
       join app_public.message_topics on message_topics.key = message_types.topic
       where message_types.key = v_message.template_key and message_topics.kind = 'marketing')
     and not app_private.hold_consent(
       v_message.organization_id, v_message.patient_profile_id, 'marketing_' || v_message.channel) then
    v_way.obstacle := 'consent_missing';
  end if;
  if v_way.is_reachable is not true or not v_way.is_wanted or v_way.obstacle is not null then
    perform app_private.end_message(
      v_message.id,
      case when v_way.obstacle in ('bounce', 'complaint', 'request', 'opted_out') then 'suppressed' else 'skipped' end,
      case
        when v_way.obstacle is not null then v_way.obstacle
        when v_way.is_reachable then 'switched_off'
        else 'unreachable'
      end);
    return;
  end if;

  if not v_message.is_urgent and v_way.not_before > app_hidden.now() then
    if v_way.not_before >= v_message.expires_at then
      perform app_private.end_message(v_message.id, 'skipped', 'expires_in_quiet_hours');
      return;
    end if;
    update app_public.messages set not_before = v_way.not_before where messages.id = v_message.id;
    perform graphile_worker.add_jobs(array[app_private.delivery_of(v_message.id, v_way.not_before)]);
    wait_until := v_way.not_before;
    return next;
    return;
  end if;

  select channels.per_person_and_day into v_cap
  from app_private.channels
  where channels.name = v_message.channel;
  if v_cap is not null then
    -- Two workers count one after the other, or both would take the last place. Each clinic counts its own: one that
    -- writes a lot does not silence another (FND-35).
    perform pg_advisory_xact_lock(hashtextextended(
      'cap:' || v_message.organization_id || ':' || v_message.channel || ':' || v_message.address, 0));
    if v_cap <= (
      select count(*)
      from app_public.messages as other
      where other.organization_id = v_message.organization_id
        and other.address = v_message.address
        and other.channel = v_message.channel
        and other.attempted_at > app_hidden.now() - interval '24 hours'
        and other.id <> v_message.id
    ) then
      perform app_private.end_message(v_message.id, 'skipped', 'daily_cap');
      return;
    end if;
  end if;

  if not app_private.text_may_leave(v_message) then
    perform app_private.end_message(v_message.id, 'skipped', 'tier_limit_reached');
    return;
  end if;

  -- Made now and kept nowhere: what was queued only names it (FND-32).
  if exists (
    select from app_private.message_types where message_types.key = v_message.template_key and message_types.carries_code
  ) then
    v_code := app_private.issue_code(v_message.organization_id, (v_message.data ->> 'code')::uuid);
    if v_code is null then
      perform app_private.end_message(v_message.id, 'skipped', 'expired');
      return;
    end if;
    v_message.data := v_message.data || jsonb_build_object('code', v_code);
  end if;

  -- So is a link. What somebody reads in an account needs none, and would be kept there.
  select link_kinds.* into v_kind
  from app_private.link_kinds
  where v_message.data ->> link_kinds.data_key is not null;
  if found then
    if v_message.account_id is null then
      v_path := app_private.issue_link(
        v_message.organization_id, v_kind, (v_message.data ->> v_kind.data_key)::uuid);
    end if;
    if v_path is null then
      v_message.data := v_message.data || jsonb_build_object(v_kind.data_key, null);
    end if;
  end if;

  update app_public.messages
  set attempts = messages.attempts + 1, attempted_at = app_hidden.now()
  where messages.id = v_message.id;

  return query
  select
    null::timestamptz, v_message.organization_id, v_message.channel, v_message.locale, v_message.address,
    v_message.account_id, v_message.recipient_name,
    case
      when v_message.data ? 'words' then v_message.data #>> array['words', v_message.locale, 'title']
      when clinic_message_templates.id is null then message_templates.title
      else clinic_message_templates.title
    end,
    coalesce(v_message.data #>> array['words', v_message.locale, 'body'], clinic_message_templates.body, message_templates.body),
    whatsapp_templates.content_sid, whatsapp_templates.variables,
    -- What has words of its own is about a time or not, so what is not known is left out.
    case when v_message.data ? 'words' then jsonb_strip_nulls(v_message.data - 'words') else v_message.data end,
    message_types.calendar_status, v_message.calendar_uid, v_message.calendar_sequence,
    v_message.created_at, v_message.expires_at,
    organizations.name, organizations.contact_email, organizations.contact_phone,
    nullif(concat_ws(', ', organizations.street, organizations.city), ''),
    case when v_path is not null then v_kind.url_name end, v_path
  from app_public.organizations
  join app_private.message_types on message_types.key = v_message.template_key
  join app_private.message_templates
    on message_templates.template_key = v_message.template_key
    and message_templates.channel = v_message.channel
    and message_templates.locale = v_message.locale
    and message_templates.version = v_message.template_version
  left join app_public.clinic_message_templates
    on clinic_message_templates.organization_id = v_message.organization_id
    and clinic_message_templates.id = v_message.clinic_template_id
  left join app_public.whatsapp_templates
    on v_message.channel = 'whatsapp'
    and whatsapp_templates.organization_id = v_message.organization_id
    and whatsapp_templates.template_key = v_message.template_key
    and whatsapp_templates.locale = v_message.locale
  where organizations.id = v_message.organization_id;
end;
$$;

comment on function app_private.claim_message is
  'The queued message with its words and sender. Only wait_until: it waits for the end of quiet hours and is queued '
  'again. No row: it was sent, or it may not be sent and says why.';

grant execute on function app_private.claim_message to app_worker;
reset role;
-- end of source: functions/notify/claim_message.sql

-- source: functions/operations/migrated_to.sql
-- How far the database is migrated, so that a server can say whether it is ready. FND-28.

grant usage on schema graphile_migrate to app_engine;
grant select on graphile_migrate.migrations to app_engine;

set role app_engine;

create or replace function app_hidden.migrated_to() returns text
language sql stable security definer
set search_path = ''
begin atomic
  select max(migrations.filename) from graphile_migrate.migrations;
end;

comment on function app_hidden.migrated_to is 'The newest committed migration that ran here, by file name; null when none did.';
grant execute on function app_hidden.migrated_to to app_authenticator, app_worker;

reset role;
-- end of source: functions/operations/migrated_to.sql

-- source: functions/operations/workers_from.sql
-- Which workers go on working: a migration that drops or changes what they call raises the number to its own. An API calls what it reads from
-- the catalog, a worker what its version knows. FND-28, docs/decisions/0204.

create or replace function app_hidden.workers_from() returns int
language sql immutable
set search_path = ''
return 48;

comment on function app_hidden.workers_from is
  'The number of the migration that last changed what a worker calls: one of an older version would fail its jobs, and does not start.';
grant execute on function app_hidden.workers_from to app_worker, app_authenticator;
-- end of source: functions/operations/workers_from.sql

-- source: functions/payment_vendors/record_payment_card.sql
-- What a payment provider tells of a card that a clinic entered or took away: brand and last four digits, which people see beside "by
-- card". The card that was entered last, of those that stand, pays (0189) and is the one that is shown, in whatever order and however often
-- it is told: each card is kept, and one that was taken away does not come back by what is told late. BIL-08, docs/decisions/0197, 0201.

set role app_engine;

create or replace function app_hidden.record_payment_card(
  provider text, customer_id text, card_id text, brand text, last_four text, entered_at timestamptz, is_gone boolean default false
) returns text
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
begin
  if last_four !~ '^[0-9]{4}$' then
    perform app_hidden.refuse('VALIDATION', 'card_malformed', '{"field": "lastFour"}');
  end if;
  select organization_subscriptions.* into v_subscription
  from app_public.organization_subscriptions
  where organization_subscriptions.provider = record_payment_card.provider
    and organization_subscriptions.provider_customer_id = record_payment_card.customer_id
    and organization_subscriptions.status <> 'canceled'
  for no key update;
  if not found then
    return 'not_ours';
  end if;
  insert into app_private.provider_cards as known
    (organization_id, subscription_id, provider_card_id, brand, last_four, entered_at, is_gone)
  values (
    v_subscription.organization_id, v_subscription.id, record_payment_card.card_id, left(record_payment_card.brand, 40),
    record_payment_card.last_four, record_payment_card.entered_at, record_payment_card.is_gone)
  on conflict on constraint provider_cards_pkey do update set is_gone = true
    where excluded.is_gone and not known.is_gone;
  return case when app_private.show_latest_card(v_subscription) then 'kept' else 'older' end;
end;
$$;

comment on function app_hidden.record_payment_card is
  'Keeps a card of the live subscription of whom the provider knows by customer_id, or that it is_gone: kept where another card is shown by '
  'that, or none; else older, or not_ours. VALIDATION card_malformed.';
grant execute on function app_hidden.record_payment_card to app_worker;

reset role;

-- Of one instant the greater id holds. Whoever calls it has locked the subscription.
create or replace function app_private.show_latest_card(subscription app_public.organization_subscriptions) returns boolean
language plpgsql volatile
set search_path = ''
as $$
begin
  insert into app_public.payment_cards as shown (organization_id, subscription_id, provider_card_id, brand, last_four, entered_at)
  select latest.organization_id, latest.subscription_id,
    case when not latest.is_gone then latest.provider_card_id end,
    case when not latest.is_gone then latest.brand end,
    case when not latest.is_gone then latest.last_four end,
    latest.entered_at
  from (
    select cards.*
    from app_private.provider_cards as cards
    where cards.organization_id = subscription.organization_id and cards.subscription_id = subscription.id
    order by cards.is_gone, cards.entered_at desc, cards.provider_card_id collate "C" desc
    limit 1
  ) as latest
  on conflict on constraint payment_cards_one_of_a_subscription do update
    set provider_card_id = excluded.provider_card_id, brand = excluded.brand, last_four = excluded.last_four,
        entered_at = excluded.entered_at
    where shown.provider_card_id is distinct from excluded.provider_card_id;
  return found;
end;
$$;

comment on function app_private.show_latest_card is
  'Shows the card of a subscription that was entered last of those that stand, or that none stands; whether that changed anything.';
grant execute on function app_private.show_latest_card to app_engine;
-- end of source: functions/payment_vendors/record_payment_card.sql

-- source: functions/payments/messages_about_payment.sql
-- A clinic's payment arrived: a receipt, once for each payment, with the account where the rest is paid by bank transfer. BIL-07, BIL-08.

create or replace function app_private.messages_about_payment(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_private.tell_of_billing(event, 'payment_received',
    jsonb_build_object(
      'invoiceNumber', invoices.series || ' ' || invoices.number,
      'paidAmount', payments.amount::text,
      'receivedOn', payments.received_on,
      'dueAmount', nullif(greatest(app_private.invoice_due(invoices), 0), 0)::text,
      'balanceAmount', nullif(payments.amount - payments.applied_amount - payments.refunded_amount, 0)::text,
      'currency', payments.currency)
    || app_private.transfer_facts(
      case when app_private.invoice_due(invoices) > 0 then subscription.provider end, invoices.currency,
      invoices.series || ' ' || invoices.number))
  from app_public.payments
  join app_public.invoices on invoices.organization_id = payments.organization_id and invoices.id = payments.invoice_id
  join app_public.organization_subscriptions as subscription
    on subscription.organization_id = invoices.organization_id and subscription.id = invoices.subscription_id
  where payments.organization_id = event.organization_id and payments.id = event.subject_id;
end;
$$;

comment on function app_private.messages_about_payment is
  'Queues what payment.received calls for: a receipt to the clinic''s address for bills and to members with billing.manage.';
grant execute on function app_private.messages_about_payment to app_engine;
-- end of source: functions/payments/messages_about_payment.sql

-- source: functions/plans/messages_about_subscription_reports.sql
-- What the clinic's payment provider reports and nobody understands: those who manage plans look at it. BIL-09, FND-15.

create or replace function app_private.messages_about_subscription_reports(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_recipients app_private.message_recipient[];
begin
  v_recipients := app_private.staff_recipients(event.organization_id, 'patient_plans.manage');
  if v_recipients is null then
    return;
  end if;
  perform app_private.notify_many(
    event.organization_id, 'subscription_report_unclear', v_recipients,
    jsonb_build_object('externalReference', links.external_reference),
    event_id => event.id)
  from app_public.patient_subscription_links as links
  where links.organization_id = event.organization_id and links.subscription_id = event.subject_id;
end;
$$;

comment on function app_private.messages_about_subscription_reports is
  'Queues what patient_subscription.report_unclear calls for: a note to each member with patient_plans.manage.';
grant execute on function app_private.messages_about_subscription_reports to app_engine;
-- end of source: functions/plans/messages_about_subscription_reports.sql

-- source: functions/scheduling/available_days.sql
-- Which days of a month picker can be clicked. SCH-05.

set role app_engine;

create or replace function app_public.available_days(
  calendar_id uuid,
  "from" date,
  "to" date,
  specialist_id uuid default null,
  hold_token text default null,
  booking_token text default null
) returns setof date
language plpgsql stable security definer
set search_path = ''
set plan_cache_mode = force_generic_plan
as $$
declare
  v_calendar app_public.calendars;
  v_from timestamptz;
  v_to timestamptz;
  v_first date;
  v_last date;
  v_own_claim_id uuid;
begin
  v_calendar := app_private.visible_calendar(available_days.calendar_id);
  perform app_private.require_listed(v_calendar, available_days.booking_token);
  -- Clamped first: a date may be in a year that no instant reaches.
  select case when isfinite(day.first) then least(greatest(day.first, date '1999-01-01'), date '2201-01-01') else day.first end,
         case when isfinite(day.last) then least(greatest(day.last, date '1999-01-01'), date '2201-01-01') else day.last end
  into v_first, v_last
  from (select "from" as first, "to" as last) as day;
  perform app_private.require_window(
    v_calendar.organization_id, v_first::timestamp at time zone 'UTC', v_last::timestamp at time zone 'UTC', 'UTC');
  if available_days.hold_token is not null then
    v_own_claim_id := app_private.own_claim_id(available_days.hold_token);
  end if;
  perform app_private.require_choice(v_calendar, available_days.specialist_id);
  v_from := "from"::timestamp at time zone v_calendar.timezone;
  v_to := "to"::timestamp at time zone v_calendar.timezone;

  -- One slot makes a day: the rest of it is not looked at.
  return query
    with timetables as materialized (
      select t.*
      from app_private.timetables(available_days.calendar_id, v_from, v_to, available_days.specialist_id, true,
        v_own_claim_id) as t
    ),
    days as materialized (
      select "from" + n as date,
        ("from" + n)::timestamp at time zone v_calendar.timezone as midnight,
        ("from" + n + 1)::timestamp at time zone v_calendar.timezone as next_midnight
      from generate_series(0, "to" - "from" - 1) as n
    )
    select days.date
    from days
    where exists (
      select
      from timetables as t
      cross join lateral app_private.starts_within(
        t.windows, t.timezone, t.step, t.duration, t.ruled_out,
        greatest(days.midnight, t.earliest), least(days.next_midnight, t.latest))
    )
    order by days.date;
end;
$$;

comment on function app_public.available_days is
  E'@longestPage 400\n@cost 40\n@arg bookingToken What opens the booking that is to be moved.\n'
  'Days in [from, to), in the calendar''s zone, on which at least one time can be booked; at most 62 days at a time. '
  'holdToken and bookingToken as availableSlots takes them. To visitors STATE clinic_suspended.';

grant execute on function app_public.available_days to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/available_days.sql

-- source: functions/scheduling/available_slots.sql
-- The times a visitor can choose from. SCH-05, APT-05.
-- It answers with starts, never with claims: who else is booked, and with whom, does not leave the database.

set role app_engine;

create or replace function app_public.available_slots(
  calendar_id uuid,
  "from" timestamptz,
  "to" timestamptz,
  specialist_id uuid default null,
  hold_token text default null,
  booking_token text default null
) returns setof app_public.slot
language plpgsql stable security definer
set search_path = ''
-- Planned once per connection: planning again costs more than running.
set plan_cache_mode = force_generic_plan
-- A year of twenty specialists is 80,000 starts, which are sorted in memory where they are not equally long.
set work_mem = '16MB'
-- Set to the calendar's below, and back by PostgreSQL when the function is left.
set timezone = 'UTC'
as $$
declare
  -- What app_private.local_time() says, at a third of its cost: the session's zone does the work.
  c_local constant text := 'YYYY-MM-DD"T"HH24:MI:SSTZH:TZM';
  v_calendar app_public.calendars;
  v_own_claim_id uuid;
  v_lengths_differ boolean;
  v_is_of_one boolean;
begin
  v_calendar := app_private.visible_calendar(available_slots.calendar_id);
  perform app_private.require_listed(v_calendar, available_slots.booking_token);
  perform app_private.require_window(v_calendar.organization_id, "from", "to", v_calendar.timezone);
  perform app_private.require_choice(v_calendar, available_slots.specialist_id);
  if available_slots.hold_token is not null then
    v_own_claim_id := app_private.own_claim_id(available_slots.hold_token);
  end if;

  perform set_config('timezone', v_calendar.timezone, true);
  select count(distinct coalesce(cs.duration_minutes, 0)) > 1, available_slots.specialist_id is not null or count(*) = 1
  into v_lengths_differ, v_is_of_one
  from app_public.calendar_specialists as cs
  where cs.organization_id = v_calendar.organization_id and cs.calendar_id = v_calendar.id;

  if v_calendar.capacity > 1 then
    -- A group that has begun to fill comes first, as a booking would be assigned.
    return query
      select slot.starts_at, slot.ends_at[1], to_char(slot.starts_at, c_local),
        case v_calendar.assignment_strategy when 'specific' then slot.specialist_ids else '{}' end,
        case when v_calendar.assignment_strategy = 'specific' and v_lengths_differ then slot.specialist_ends_at end,
        slot.seats_left
      from (
        select f.starts_at,
          array_agg(f.starts_at + f.duration order by s.seats_left is null, o.turn) as ends_at,
          array_agg(f.specialist_id order by f.specialist_id) as specialist_ids,
          array_agg(f.starts_at + f.duration order by f.specialist_id) as specialist_ends_at,
          sum(coalesce(s.seats_left, v_calendar.capacity))::int as seats_left
        from app_private.free_starts(
          available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as f
        join app_private.assignment_order(available_slots.calendar_id) as o on o.specialist_id = f.specialist_id
        left join app_private.sessions_within(
          v_calendar.organization_id, v_calendar.id, "from", "to", v_own_claim_id) as s
          on s.specialist_id = f.specialist_id and s.during = tstzrange(f.starts_at, f.starts_at + f.duration)
        group by f.starts_at
      ) as slot
      order by slot.starts_at;
  elsif v_lengths_differ then
    -- One row a start, as long as with whom "any" would be assigned to by now.
    return query
      select slot.starts_at, slot.ends_at[1], to_char(slot.starts_at, c_local),
        case v_calendar.assignment_strategy when 'specific' then slot.specialist_ids else '{}' end,
        case v_calendar.assignment_strategy when 'specific' then slot.specialist_ends_at end, null::int
      from (
        select f.starts_at,
          array_agg(f.starts_at + f.duration order by o.turn) as ends_at,
          array_agg(f.specialist_id order by f.specialist_id) as specialist_ids,
          array_agg(f.starts_at + f.duration order by f.specialist_id) as specialist_ends_at
        from app_private.free_starts(
          available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as f
        join app_private.assignment_order(available_slots.calendar_id) as o on o.specialist_id = f.specialist_id
        group by f.starts_at
      ) as slot
      order by slot.starts_at;
  elsif v_is_of_one then
    -- One specialist's starts need no putting together.
    return query
      select slot.starts_at, slot.starts_at + slot.duration, to_char(slot.starts_at, c_local),
        case v_calendar.assignment_strategy when 'specific' then array[slot.specialist_id] else '{}' end,
        null::timestamptz[], null::int
      from app_private.free_starts(
        available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as slot
      order by slot.starts_at;
  elsif v_calendar.assignment_strategy = 'specific' then
    return query
      select slot.starts_at, slot.starts_at + slot.duration, to_char(slot.starts_at, c_local), slot.specialist_ids,
        null::timestamptz[], null::int
      from app_private.starts_with_whom(
        available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as slot
      order by slot.starts_at;
  else
    -- With whom is not said: a start is listed unless it is ruled out for all.
    return query
      select slot.starts_at, slot.starts_at + slot.duration, to_char(slot.starts_at, c_local), '{}'::uuid[],
        null::timestamptz[], null::int
      from (
        select start as starts_at, any_value(t.duration) as duration
        from app_private.timetables_alike(
          available_slots.calendar_id, "from", "to", available_slots.specialist_id, v_own_claim_id) as t
        cross join lateral app_private.starts_within(
          t.windows, t.timezone, t.step, t.duration, t.ruled_out_for_all, t.earliest, t.latest) as start
        group by start
      ) as slot
      order by slot.starts_at;
  end if;
end;
$$;

comment on function app_public.available_slots is
  E'@longestPage 2000\n@cost 20\n@arg bookingToken What opens the booking that is to be moved.\n'
  'Bookable times of a calendar that start in [from, to), earliest first; at most 62 days at a time. '
  'specialistId narrows to one specialist, where the visitor picks the specialist. '
  'Whoever holds a time and shows holdToken sees it as free. To visitors STATE clinic_suspended where a clinic takes no bookings, but for '
  'whoever shows as bookingToken what opens a booking of this calendar that can be moved.';

grant execute on function app_public.available_slots to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/available_slots.sql

-- source: functions/scheduling/next_available.sql
-- "The next free times", without the caller guessing a window. SCH-05.

set role app_engine;

create or replace function app_public.next_available(
  calendar_id uuid,
  n int default 1,
  specialist_id uuid default null,
  booking_token text default null
) returns setof app_public.slot
language plpgsql stable security definer
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_from timestamptz;
  v_to timestamptz;
  v_last timestamptz;
  v_days int := 4;
  v_found int := 0;
  v_slot app_public.slot;
begin
  v_calendar := app_private.visible_calendar(next_available.calendar_id);
  perform app_private.require_listed(v_calendar, next_available.booking_token);
  if n is null or n not between 1 and 50 then
    perform app_hidden.refuse(
      'VALIDATION', 'count_out_of_range',
      jsonb_build_object('rule', 'count_out_of_range', 'field', 'n', 'min', 1, 'max', 50));
  end if;

  -- Usually the first days answer; each round looks twice as far, until the horizon.
  v_from := app_hidden.now() + make_interval(mins => v_calendar.notice_minutes);
  v_last := app_hidden.now() + make_interval(hours => (v_calendar.horizon_days + 2) * 24);
  while v_found < n and v_from < v_last loop
    v_to := least(v_from + make_interval(hours => v_days * 24), v_last);
    for v_slot in
      select s.*
      from app_public.available_slots(
        next_available.calendar_id, v_from, v_to, next_available.specialist_id, booking_token => next_available.booking_token) as s
      limit n - v_found
    loop
      v_found := v_found + 1;
      return next v_slot;
    end loop;
    v_from := v_to;
    v_days := least(v_days * 2, 62);
  end loop;
end;
$$;

comment on function app_public.next_available is
  E'@cost 20\n@arg bookingToken What opens the booking that is to be moved.\n'
  'The next n (at most 50) bookable times of a calendar, up to its horizon. bookingToken as availableSlots takes it. To visitors STATE '
  'clinic_suspended.';

grant execute on function app_public.next_available to app_anonymous, app_member;

reset role;
-- end of source: functions/scheduling/next_available.sql

-- source: functions/signatures/link_for_message.sql
-- The link of a message that asks for a form: whoever reads it opens the form by it, without an account. An open link serves every
-- message about its form; where there is none it is made as the message leaves, by the worker, which seals its token first. AUT-02,
-- CNS-06, docs/decisions/0150.
-- Only for a patient of age, whose own address the message goes to: what they answer before the form is shown is their date of birth.

set role app_engine;

create or replace function app_private.link_for_message(message_id uuid)
returns table (link_id uuid, is_open boolean, organization_id uuid, form_id uuid, patient_id uuid)
language sql stable strict security definer rows 1
set search_path = ''
begin atomic
  select coalesce(links.id, uuidv7()), links.id is not null, forms.organization_id, forms.id, forms.patient_id
  from app_public.messages
  join app_public.forms
    on forms.organization_id = messages.organization_id
    and forms.id = case when starts_with(messages.data ->> 'asked', 'form:') then substr(messages.data ->> 'asked', 6)::uuid end
    and forms.patient_profile_id = messages.patient_profile_id
  join app_public.form_template_versions as versions
    on versions.organization_id = forms.organization_id and versions.id = forms.version_id
  join app_public.patient_profiles on patient_profiles.id = forms.patient_profile_id
  left join app_public.signature_links as links
    on links.organization_id = forms.organization_id and links.form_id = forms.id and links.kind = 'link'
    and links.status = 'open' and links.sealed_token is not null and links.expires_at > app_hidden.now()
  where messages.id = link_for_message.message_id
    and app_private.caregiver_ends_on(patient_profiles.birth_date) <= (app_hidden.now() at time zone 'Europe/Bucharest')::date
    and versions.signature_mode = 'remote_link'
    and forms.status <> 'signed' and forms.deleted_at is null;
end;

comment on function app_private.link_for_message is
  'The open link of the form that a message asks for, or what a new one is made of; no row where it is not to be opened by a link.';
grant execute on function app_private.link_for_message to app_worker;

create or replace function app_private.keep_link_for_message(message_id uuid, link_id uuid, token_hash bytea, sealed_token bytea)
returns boolean
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_asked record;
  v_link app_public.signature_links;
begin
  select asked.* into v_asked from app_private.link_for_message(keep_link_for_message.message_id) as asked;
  if not found or v_asked.is_open then
    return false;
  end if;
  perform app_private.end_signature_links(v_asked.organization_id, v_asked.form_id, 'sent_again', 'link');
  insert into app_public.signature_links
    (id, organization_id, form_id, kind, signature, identify_by, token_hash, sealed_token, created_by, expires_at, created_at)
  select keep_link_for_message.link_id, forms.organization_id, forms.id, 'link', versions.link_inner_mode, 'birth_date',
         keep_link_for_message.token_hash, keep_link_for_message.sealed_token, app_private.current_actor_id(),
         app_hidden.now() + make_interval(mins => versions.link_expires_minutes), app_hidden.now()
  from app_public.forms
  join app_public.form_template_versions as versions
    on versions.organization_id = forms.organization_id and versions.id = forms.version_id
  where forms.organization_id = v_asked.organization_id and forms.id = v_asked.form_id
  on conflict do nothing
  returning * into v_link;
  if not found then
    return false;
  end if;
  perform app_private.record_signature_event(
    v_link.organization_id, v_link.form_id, 'link_created', v_link.id,
    jsonb_build_object('identifyBy', v_link.identify_by, 'expiresAt', app_private.instant_text(v_link.expires_at), 'caregiver', null));
  return true;
end;
$$;

comment on function app_private.keep_link_for_message is
  'Keeps the link that was made for a message; false where somebody was faster, or the form is not to be opened by a link any more.';
grant execute on function app_private.keep_link_for_message to app_worker;

reset role;
-- end of source: functions/signatures/link_for_message.sql

-- source: functions/subscriptions/messages_about_organization_subscription.sql
-- Those who manage billing hear what becomes of the clinic's subscription: its trial ends soon, something is unpaid, nothing new begins any
-- more, it is active again, it has ended. That it begins is no news to whoever began it. What is unpaid is told with the account to which
-- it is paid by bank transfer. BIL-01, BIL-05, BIL-07, FND-15.

create or replace function app_private.messages_about_organization_subscription(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_subscription app_public.organization_subscriptions;
  v_recipients app_private.message_recipient[];
  v_data jsonb := '{}';
begin
  if event.name = 'subscription.active' and event.payload ->> 'from' in ('pending', 'trialing')
    or event.name = 'subscription.canceled' and event.payload ->> 'from' = 'pending' then
    return;
  end if;
  v_recipients := app_private.staff_recipients(event.organization_id, 'billing.manage');
  if v_recipients is null then
    return;
  end if;

  select subscriptions.* into strict v_subscription
  from app_public.organization_subscriptions as subscriptions
  where subscriptions.organization_id = event.organization_id and subscriptions.id = event.subject_id;
  if event.name = 'subscription.trial_ending' then
    v_data := jsonb_build_object('expiresAt', v_subscription.trial_ends_at, 'timezone', v_subscription.timezone);
  elsif event.name = 'subscription.past_due' then
    v_data := jsonb_build_object(
      'timezone', v_subscription.timezone,
      'expiresAt', (
        select greatest(min(steps.due_at), app_private.covered_until(v_subscription, paid_only => true))
        from app_private.dunning_steps_of(v_subscription) as steps
        where steps.action = 'suspend' and steps.due_at > event.occurred_at))
      || app_private.overdue_facts(v_subscription);
  elsif event.name = 'subscription.suspended' then
    v_data := app_private.overdue_facts(v_subscription);
  end if;
  perform app_private.notify_many(
    event.organization_id,
    case event.name when 'subscription.active' then 'subscription_active_again' else replace(event.name, '.', '_') end,
    v_recipients, v_data, event_id => event.id);
end;
$$;

comment on function app_private.messages_about_organization_subscription is
  'Queues what the events of a clinic''s subscription call for: a note to each member with billing.manage.';
grant execute on function app_private.messages_about_organization_subscription to app_engine;

-- One transfer may pay them all: the oldest first, as the clinic's balance pays them.
create or replace function app_private.overdue_facts(subscription app_public.organization_subscriptions) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select jsonb_build_object('dueAmount', nullif(overdue.amount, 0)::text, 'currency', (subscription).currency)
    || app_private.transfer_facts(
      case when overdue.amount > 0 then (subscription).provider end, (subscription).currency, overdue.numbers)
  from (
    select coalesce(sum(app_private.invoice_due(invoices)), 0) as amount,
      string_agg(invoices.series || ' ' || invoices.number, ', ' order by invoices.due_on, invoices.number) as numbers
    from app_public.invoices
    where invoices.organization_id = (subscription).organization_id and invoices.subscription_id = (subscription).id
      and invoices.status = 'issued' and invoices.currency = (subscription).currency
      and app_private.overdue_at(invoices.due_on, (subscription).timezone) <= app_hidden.now()
  ) as overdue;
end;

comment on function app_private.overdue_facts is
  'What the overdue bills of a subscription come to, and how they are paid by bank transfer; all null where nothing is overdue.';
grant execute on function app_private.overdue_facts to app_engine;
-- end of source: functions/subscriptions/messages_about_organization_subscription.sql

-- source: functions/telemetry/log_what_was_recorded.sql
-- What recordings of a session say goes into its log, beside what the patient entered, which stays. Of each recording the newest version counts, and of
-- several what they counted together. Where the camera counted nothing, what the patient says is what was done: somebody who stood
-- out of its sight did not do nothing. TEL-11, EXE-02.

create or replace function app_private.log_what_was_recorded(session app_public.patient_sessions) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  insert into app_public.patient_exercise_logs as logs
    (organization_id, patient_session_id, place, exercise_id, prescribed, actual_sets, actual_reps, actual_source, video_watch_percentage, pose_summary)
  select (session).organization_id, (session).id, asked.place, (asked.value ->> 'exerciseId')::uuid, asked.value -> 'prescription',
         case when pose.reps is not null then least(pose.sets, 100) end, case when pose.reps is not null then least(pose.reps, 10000) end,
         case when pose.reps is not null then 'pose' end, media.watched, pose.summary
  from jsonb_array_elements(app_public.patient_sessions_exercises(session)) with ordinality as asked (value, place)
  cross join lateral (
    select nullif(sum(newest.reps), 0)::int as reps, nullif(sum(newest.sets), 0)::int as sets,
      (array_agg(jsonb_build_object(
        'reps', newest.reps, 'sets', newest.sets, 'range', newest.range_degrees, 'joint', newest.joint, 'side', newest.side,
        'confidence', newest.confidence, 'view', newest.view, 'algorithmVersion', newest.algorithm_version)
        order by newest.reps desc, newest.confidence desc, newest.id))[1] as summary
    from (
      select distinct on (metrics.exercise_session_id) metrics.*
      from app_public.exercise_sessions as recordings
      join app_public.pose_session_metrics as metrics
        on metrics.organization_id = recordings.organization_id and metrics.exercise_session_id = recordings.id
      where recordings.organization_id = (session).organization_id and recordings.patient_session_id = (session).id
        and metrics.place = asked.place
      order by metrics.exercise_session_id, metrics.algorithm_version desc
    ) as newest
  ) as pose
  cross join lateral (
    select max(newest.watched_percentage) as watched
    from (
      select distinct on (metrics.exercise_session_id) metrics.*
      from app_public.exercise_sessions as recordings
      join app_public.media_session_metrics as metrics
        on metrics.organization_id = recordings.organization_id and metrics.exercise_session_id = recordings.id
      where recordings.organization_id = (session).organization_id and recordings.patient_session_id = (session).id
        and metrics.place = asked.place
      order by metrics.exercise_session_id, metrics.algorithm_version desc
    ) as newest
  ) as media
  where num_nonnulls(pose.summary, media.watched) > 0
  on conflict on constraint patient_exercise_logs_place_is_used_once do update set
    actual_sets = case when excluded.actual_source = 'pose' then excluded.actual_sets else logs.entered_sets end,
    actual_reps = case when excluded.actual_source = 'pose' then excluded.actual_reps else logs.entered_reps end,
    actual_seconds = logs.entered_seconds,
    actual_source = case
      when excluded.actual_source = 'pose' then 'pose'
      when num_nonnulls(logs.entered_sets, logs.entered_reps, logs.entered_seconds) > 0 then 'patient' end,
    video_watch_percentage = coalesce(excluded.video_watch_percentage, logs.video_watch_percentage),
    pose_summary = coalesce(excluded.pose_summary, logs.pose_summary);
end;
$$;

comment on function app_private.log_what_was_recorded is
  'Brings the log of a session to what its recordings say: repetitions and sets where the camera counted some, and how much of the video was watched.';
grant execute on function app_private.log_what_was_recorded to app_engine;
-- end of source: functions/telemetry/log_what_was_recorded.sql

-- source: functions/telemetry/withdrawals_since.sql
-- Since when what a recording rests on is not consented to any more: the first withdrawal since it began. Consenting once more counts for the
-- next recording. TEL-06. It is asked for every second, of all that run, so it looks up nothing but the answers of one person. What was refused is neither
-- withdrawn nor does it run out.

create or replace function app_private.withdrawals_since(recording app_public.exercise_sessions) returns jsonb
language sql stable
set search_path = ''
begin atomic
  select coalesce(jsonb_object_agg(ended.scope, ended.at), '{}')
  from (
    select asked.scope, min(asked.at) as at
    from (
      select 'pose' as scope, coalesce(consents.withdrawn_at, consents.holds_until) as at
      from app_public.consents
      where consents.organization_id = (recording).organization_id
        and consents.patient_profile_id = (recording).patient_profile_id
        and consents.purpose_code = 'biometric_capture'
      union all
      select 'media', consents.withdrawn_at
      from app_public.consents
      where consents.human_id = (recording).viewer_id
        and consents.purpose_code = 'analytics'
    ) as asked
    where asked.at between (recording).started_at and app_hidden.now()
    group by asked.scope
  ) as ended;
end;

comment on function app_private.withdrawals_since is
  'By scope, when the consent that a recording rests on was first withdrawn, or ran out, since it began: {"pose": instant, "media": instant}.';
grant execute on function app_private.withdrawals_since to app_engine;
-- end of source: functions/telemetry/withdrawals_since.sql

-- source: functions/treatment/begin_session.sql
-- A session at home begins: on its day or later, with every absolute contraindication of what it asks for acknowledged, those included that
-- the library has come to know since it was prescribed. The verb that the patient calls has asked for access before, and gives the token of
-- the recording afterwards. What is started is the clinic's usage. EXE-05, EXE-02, FND-20.

create or replace function app_private.begin_session(patient_session_id uuid, acknowledged_ids uuid[]) returns app_public.patient_sessions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_session app_public.patient_sessions := app_private.locked_session(begin_session.patient_session_id);
  v_status text;
  v_asked uuid[];
begin
  perform app_private.require_own_session(v_session);
  if v_session.status = 'started' then
    return v_session;
  end if;
  select enrolments.status into strict v_status
  from app_public.patient_treatment_plans as enrolments
  where enrolments.organization_id = v_session.organization_id and enrolments.id = v_session.patient_treatment_plan_id;
  if v_status <> 'active' then
    perform app_hidden.refuse('STATE', 'treatment_plan_not_active', jsonb_build_object('status', v_status));
  end if;
  perform app_private.authorize_move(
    'patient_sessions', v_session.status, 'started', v_session.organization_id, v_session.patient_profile_id);
  if v_session.due_on > app_private.today_at(v_session.organization_id) then
    perform app_hidden.refuse('STATE', 'session_not_due', jsonb_build_object('dueOn', v_session.due_on));
  end if;

  v_asked := array(
    select (harm.value ->> 'id')::uuid
    from jsonb_array_elements(app_public.patient_sessions_exercises(v_session)) as exercise
    cross join lateral jsonb_array_elements(exercise.value -> 'contraindications') as harm
    where harm.value ->> 'severity' = 'absolute'
    union
    select (later.value ->> 'id')::uuid
    from jsonb_array_elements(app_public.patient_sessions_later_contraindications(v_session)) as later
    where later.value ->> 'severity' = 'absolute'
    order by 1);
  if not v_asked <@ coalesce(begin_session.acknowledged_ids, '{}') then
    perform app_hidden.refuse('STATE', 'contraindications_not_acknowledged', jsonb_build_object(
      'contraindicationIds', array(select asked from unnest(v_asked) as asked where asked <> all (coalesce(acknowledged_ids, '{}')))));
  end if;
  perform app_private.require_within_limit(v_session.organization_id, 'telerehab_sessions');
  update app_public.patient_sessions as sessions
  set status = 'started', started_at = app_hidden.now(), acknowledged_ids = v_asked
  where sessions.id = v_session.id
  returning * into v_session;
  perform app_private.record_usage(
    v_session.organization_id, 'telerehab_sessions', 'patient_sessions', v_session.id::text, 1, v_session.started_at);
  return v_session;
end;
$$;

comment on function app_private.begin_session is
  'Starts a session at home of the caller; a repeated start answers the same. STATE treatment_plan_not_active, session_not_due, illegal_move, '
  'contraindications_not_acknowledged with those that are missing; ENTITLEMENT_EXHAUSTED tier_limit_reached.';
grant execute on function app_private.begin_session to app_engine;

-- Beyond what is due, where the plan allows it: a session of the version once more. Asked for again before it is done, it is the same one.
create or replace function app_private.add_extra_session(patient_treatment_plan_id uuid, session_position int)
returns app_public.patient_sessions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_enrolment app_public.patient_treatment_plans;
  v_session app_public.patient_sessions;
begin
  select enrolments.* into v_enrolment
  from app_public.patient_treatment_plans as enrolments
  where enrolments.id = add_extra_session.patient_treatment_plan_id
    and enrolments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
    and enrolments.organization_id = any (app_hidden.current_patient_organization_ids());
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_patient(v_enrolment.organization_id, v_enrolment.patient_profile_id);
  v_enrolment := app_private.lock_enrolment(v_enrolment.organization_id, v_enrolment.id);
  if v_enrolment.status <> 'active' then
    perform app_hidden.refuse('STATE', 'treatment_plan_not_active', jsonb_build_object('status', v_enrolment.status));
  elsif not v_enrolment.allows_extra_sessions then
    perform app_hidden.refuse('STATE', 'no_extra_sessions');
  end if;
  select sessions.* into v_session
  from app_public.patient_sessions as sessions
  where sessions.organization_id = v_enrolment.organization_id and sessions.patient_treatment_plan_id = v_enrolment.id
    and sessions.position = add_extra_session.session_position
    and sessions.is_extra and sessions.due_on = app_private.today_at(v_enrolment.organization_id) and sessions.status in ('due', 'started')
  limit 1;
  if found then
    return v_session;
  end if;
  insert into app_public.patient_sessions
    (organization_id, patient_treatment_plan_id, patient_profile_id, plan_scope_id, version_id, position, is_extra, due_on, place)
  select v_enrolment.organization_id, v_enrolment.id, v_enrolment.patient_profile_id, v_enrolment.plan_scope_id, v_enrolment.version_id,
         add_extra_session.session_position, true, app_private.today_at(v_enrolment.organization_id), 'home'
  from app_public.treatment_plan_versions as versions
  where versions.scope_id = v_enrolment.plan_scope_id and versions.id = v_enrolment.version_id
    and versions.sessions_snapshot -> (add_extra_session.session_position - 1) ->> 'place' = 'home'
    and add_extra_session.session_position >= 1
  returning * into v_session;
  if v_session.id is null then
    perform app_hidden.refuse('NOT_FOUND', 'session_not_found');
  end if;
  return v_session;
end;
$$;

comment on function app_private.add_extra_session is
  'One more session at home of a plan of the caller that allows it, due today. NOT_FOUND; STATE treatment_plan_not_active, no_extra_sessions.';
grant execute on function app_private.add_extra_session to app_engine;
-- end of source: functions/treatment/begin_session.sql

-- source: functions/treatment/plan_to_write.sql
-- Whose a treatment plan is, and who may do something to it: the platform's superadmins, a clinic's staff by permission. TPL-01, FND-04.

create or replace function app_private.require_right_to_plan(organization_id uuid, permission text) returns void
language plpgsql stable
set search_path = ''
as $$
begin
  if require_right_to_plan.organization_id is not null then
    perform app_private.require_permission(require_right_to_plan.organization_id, require_right_to_plan.permission);
  elsif not app_hidden.is_superadmin() then
    if app_hidden.organization_ids_where('treatment_plans.view') = '{}' then
      perform app_hidden.refuse('NOT_FOUND', 'not_found');
    end if;
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only');
  end if;
end;
$$;

comment on function app_private.require_right_to_plan is
  'Passes with the permission at the clinic, of the platform for superadmins; FORBIDDEN permission_missing or superadmin_only, NOT_FOUND.';
grant execute on function app_private.require_right_to_plan to app_engine;

create or replace function app_private.plan_to_write(treatment_plan_id uuid, permission text) returns app_public.treatment_plans
language plpgsql volatile
set search_path = ''
as $$
declare
  v_plan app_public.treatment_plans;
begin
  select treatment_plans.* into v_plan
  from app_public.treatment_plans
  where treatment_plans.id = plan_to_write.treatment_plan_id;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  perform app_private.require_right_to_plan(v_plan.organization_id, plan_to_write.permission);
  select treatment_plans.* into strict v_plan
  from app_public.treatment_plans
  where treatment_plans.id = plan_to_write.treatment_plan_id
  for no key update;
  return v_plan;
end;
$$;

comment on function app_private.plan_to_write is
  'A treatment plan, locked: its versions are numbered and moved under this lock. NOT_FOUND, FORBIDDEN permission_missing, superadmin_only.';
grant execute on function app_private.plan_to_write to app_engine;

create or replace function app_private.version_to_move(version_id uuid, permission text) returns app_public.treatment_plan_versions
language plpgsql volatile
set search_path = ''
as $$
declare
  v_version app_public.treatment_plan_versions;
begin
  select treatment_plan_versions.* into v_version
  from app_public.treatment_plan_versions
  where treatment_plan_versions.id = version_to_move.version_id;
  -- Of no version there is no plan, which is not found either.
  perform app_private.plan_to_write(v_version.treatment_plan_id, version_to_move.permission);
  select treatment_plan_versions.* into strict v_version
  from app_public.treatment_plan_versions
  where treatment_plan_versions.id = version_to_move.version_id
  for update;
  return v_version;
end;
$$;

comment on function app_private.version_to_move is
  'A version of a treatment plan, locked with its plan; NOT_FOUND, FORBIDDEN permission_missing, superadmin_only.';
grant execute on function app_private.version_to_move to app_engine;
-- end of source: functions/treatment/plan_to_write.sql

-- source: functions/treatment/set_treatment_status.sql
-- Staff pause a patient's plan, take it up again, or end it. While it is paused nothing is due; what is left moves on by then. EXE-01.

set role app_engine;

create or replace function app_public.set_treatment_status(patient_treatment_plan_id uuid, status text, reason text)
returns app_public.patient_treatment_plans
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_enrolment app_public.patient_treatment_plans := app_private.locked_enrolment(set_treatment_status.patient_treatment_plan_id);
  v_reason text := app_private.require_reason(set_treatment_status.reason);
  v_today date := app_private.today_at(v_enrolment.organization_id);
begin
  if v_enrolment.status = set_treatment_status.status then
    return v_enrolment;
  end if;
  -- The transitions of the worker and of patients are not theirs.
  if set_treatment_status.status in ('completed', 'expired') then
    perform app_hidden.refuse('FORBIDDEN', 'move_not_allowed', jsonb_build_object(
      'entity', 'patient_treatment_plans', 'from', v_enrolment.status, 'to', set_treatment_status.status));
  end if;
  perform app_private.authorize_move(
    'patient_treatment_plans', v_enrolment.status, set_treatment_status.status, v_enrolment.organization_id);

  if set_treatment_status.status = 'cancelled' then
    perform app_private.give_assignment_back(v_enrolment);
    perform app_private.cancel_open_sessions(v_enrolment);
  elsif set_treatment_status.status = 'active' then
    perform app_private.put_off_sessions(v_enrolment, v_today);
  else
    perform app_private.miss_sessions(v_enrolment, v_today);
  end if;
  update app_public.patient_treatment_plans as enrolments set
    status = set_treatment_status.status,
    status_reason = v_reason,
    paused_on = case when set_treatment_status.status = 'paused' then v_today end,
    ends_on = case when set_treatment_status.status = 'active'
      then greatest(enrolments.ends_on + (v_today - enrolments.paused_on), app_private.last_session_on(enrolments)) else enrolments.ends_on end,
    tended_on = v_today
  where enrolments.id = v_enrolment.id
  returning * into v_enrolment;
  -- Its last session may have been done in the clinic during the pause.
  return app_private.settle_enrolment(v_enrolment);
end;
$$;

comment on function app_public.set_treatment_status is
  E'@words status patient_treatment_plans.status\n@arg status paused, active or cancelled.\n'
  'Pauses a patient''s treatment plan, takes it up again, or ends it. Needs treatment_plans.assign and a reason. FORBIDDEN move_not_allowed; STATE '
  'illegal_move. A plan that is taken up when nothing of it is left to do is completed. One that is cancelled before anything of it was '
  'done gives its assignment back.';
grant execute on function app_public.set_treatment_status to app_member;

reset role;

create or replace function app_private.give_assignment_back(enrolment app_public.patient_treatment_plans) returns void
language plpgsql volatile
set search_path = ''
as $$
begin
  if not exists (
    select from app_public.patient_sessions as sessions
    where sessions.organization_id = (enrolment).organization_id and sessions.patient_treatment_plan_id = (enrolment).id
      and (sessions.started_at is not null or sessions.status in ('completed', 'missed'))
  ) then
    perform app_private.restore_entitlement(
      (enrolment).organization_id, 'treatment_plan_assignments', 'patient_treatment_plan', (enrolment).id);
  end if;
end;
$$;

comment on function app_private.give_assignment_back is 'Gives the assignment of a patient''s plan back, as long as nothing of it was done or missed.';
grant execute on function app_private.give_assignment_back to app_engine;

-- The days between them stay as they were, but for weekdays.
create or replace function app_private.put_off_sessions(enrolment app_public.patient_treatment_plans, until date) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_positions int[];
  v_before date[];
  v_due date[];
begin
  select array_agg(sessions.position order by sessions.position), array_agg(sessions.due_on order by sessions.position)
  into v_positions, v_before
  from app_public.patient_sessions as sessions
  where sessions.organization_id = enrolment.organization_id and sessions.patient_treatment_plan_id = enrolment.id
    and sessions.status = 'due' and not sessions.is_extra and sessions.appointment_id is null;
  if v_before[1] >= until then
    return;
  end if;
  v_due := app_private.due_dates(until, enrolment.weekdays, array(
    select case when place = 1 then 0 else v_before[place] - v_before[place - 1] end
    from generate_subscripts(v_before, 1) as place order by place));
  update app_public.patient_sessions as sessions set due_on = v_due[moved.place]
  from unnest(v_positions) with ordinality as moved (position, place)
  where sessions.organization_id = enrolment.organization_id and sessions.patient_treatment_plan_id = enrolment.id
    and sessions.status = 'due' and not sessions.is_extra and sessions.position = moved.position;
end;
$$;

comment on function app_private.put_off_sessions is
  'The sessions that are left are due from this day on, unless the first is later anyway; those with an appointment stay with it.';
grant execute on function app_private.put_off_sessions to app_engine;
-- end of source: functions/treatment/set_treatment_status.sql

-- source: functions/webhooks/messages_about_webhooks.sql
-- An address that is told nothing any more: those who manage webhooks hear of it, where nobody of them did it. WHK-02, FND-15.

create or replace function app_private.messages_about_webhooks(event app_private.events) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_recipients app_private.message_recipient[];
begin
  if event.payload ->> 'reason' = 'by_staff' then
    return;
  end if;
  v_recipients := app_private.staff_recipients(event.organization_id, 'webhooks.manage');
  if v_recipients is null then
    return;
  end if;
  perform app_private.notify_many(
    event.organization_id, 'webhook_disabled', v_recipients,
    jsonb_build_object('webhookName', subscriptions.name),
    event_id => event.id)
  from app_public.webhook_subscriptions as subscriptions
  where subscriptions.organization_id = event.organization_id and subscriptions.id = event.subject_id;
end;
$$;

comment on function app_private.messages_about_webhooks is
  'Queues what webhook_subscription.disabled calls for: a note to each member with webhooks.manage.';
grant execute on function app_private.messages_about_webhooks to app_engine;
-- end of source: functions/webhooks/messages_about_webhooks.sql

-- source: functions/webhooks/write_webhook_attempts.sql
-- Writes down what came of attempts, in one statement: of the deliveries in ids, and of the endpoints in endpoints, all of which the
-- caller has locked. What the attempts say of an endpoint counts in their order, and the last one decides; a success of a sound
-- endpoint touches the delivery alone, so that endpoint need not be named. WHK-02.
-- A status is written only where it changes: the guard of the state machine looks at each that is.

create or replace function app_private.write_webhook_attempts(attempts jsonb, ids uuid[], endpoints uuid[]) returns setof uuid
language sql volatile
set search_path = ''
as $$
  with attempt as materialized (
    select told.place, told.response_status, told.problem, told.answer, told.duration, told.problem is null as is_taken,
      coalesce(told.response_status in (429, 502, 504), false) as is_slow,
      make_interval(secs => coalesce(told.retry_after, 0)) as asked_for,
      app_hidden.now() as at, events.id, events.subscription_id, events.status, app_private.webhook_pause(events.step + 1) as pause
    from rows from (jsonb_to_recordset(attempts) as (
      id uuid, claim uuid, status int, problem text, answer text, duration int, "retryAfter" int
    )) with ordinality as told (id, claim, response_status, problem, answer, duration, retry_after, place)
    join app_public.webhook_events as events on events.id = told.id and events.claim = told.claim
    where told.id = any (ids)
  ), outcome as materialized (
    select attempt.*, case
      when attempt.is_taken then 'delivered'
      when attempt.status <> 'pending' then attempt.status -- it was cancelled as it was sent
      when attempt.response_status = 410 or attempt.pause is null then 'failed'
      else 'pending' end as status_then
    from attempt
  ), healed as (
    select attempt.subscription_id, max(attempt.place) filter (where attempt.is_taken) as place
    from attempt
    group by attempt.subscription_id
  ), said as (
    select attempt.subscription_id, attempt.at, healed.place is not null as was_healed,
      count(*) filter (where attempt.place > coalesce(healed.place, 0)) as failures,
      count(*) filter (where attempt.is_slow and attempt.place > coalesce(healed.place, 0)) as slow,
      max(attempt.asked_for) filter (where attempt.is_slow) as asked_for
    from attempt
    join healed on healed.subscription_id = attempt.subscription_id
    group by attempt.subscription_id, attempt.at, healed.place
  ), known as (
    update app_private.webhook_endpoints as endpoint
    set failing_since = case
          when said.failures = 0 then null
          when said.was_healed then said.at
          else coalesce(endpoint.failing_since, said.at) end,
        unbroken_since = case
          when said.failures = 0 then null
          when not said.was_healed and endpoint.failed_at >= said.at - app_private.webhook_silence() then endpoint.unbroken_since
          else said.at end,
        failed_at = case when said.failures > 0 then said.at end,
        slow_steps = least(case when said.was_healed then 0 else endpoint.slow_steps end + said.slow, 7),
        slowed_until = case
          when said.asked_for is null then endpoint.slowed_until
          else said.at + greatest(said.asked_for, least(interval '10 minutes', interval '5 seconds'
            * 2 ^ least(case when said.was_healed then 0 else endpoint.slow_steps end + greatest(said.slow - 1, 0), 7))) end
    from said
    where endpoint.subscription_id = said.subscription_id and endpoint.subscription_id = any (endpoints)
  ), waits as (
    update app_public.webhook_events as events
    set claim = null, attempts = events.attempts + 1, step = events.step + 1,
        next_attempt_at = case when outcome.status = 'pending' then outcome.at + greatest(outcome.pause, outcome.asked_for) end,
        response_status = outcome.response_status, problem = outcome.problem, response_body = outcome.answer,
        duration_ms = outcome.duration,
        attempt_log = app_private.webhook_attempt_log(events, outcome.response_status, outcome.problem, outcome.duration)
    from outcome
    where events.id = outcome.id and outcome.status_then = outcome.status
    returning events.id
  ), ends as (
    update app_public.webhook_events as events
    set claim = null, attempts = events.attempts + 1, step = events.step + 1,
        status = outcome.status_then, next_attempt_at = null,
        response_status = outcome.response_status, problem = outcome.problem, response_body = outcome.answer,
        duration_ms = outcome.duration,
        attempt_log = app_private.webhook_attempt_log(events, outcome.response_status, outcome.problem, outcome.duration)
    from outcome
    where events.id = outcome.id and outcome.status_then <> outcome.status
    returning events.id
  )
  select waits.id from waits union all select ends.id from ends;
$$;

comment on function app_private.write_webhook_attempts is
  'Records attempts of locked deliveries, given as {id, claim, status, problem, answer, duration, retryAfter}, and what they say of '
  'locked endpoints; answers with the ids of the deliveries.';
grant execute on function app_private.write_webhook_attempts to app_engine;
-- end of source: functions/webhooks/write_webhook_attempts.sql

-- source: functions/webhooks/rotate_webhook_secret.sql
-- A new secret, sealed already; the one before signs, too, for 24 hours, so that receivers need not change at one instant.
-- A request that comes again makes no other: it is answered with the secret of the first time. WHK-01, FND-26.

set role app_engine;

create or replace function app_hidden.rotate_webhook_secret(
  subscription_id uuid, secret_id uuid, secret bytea, request jsonb default null
) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('rotate_webhook_secret', request);
  v_answer constant jsonb := jsonb_build_object('id', subscription_id, 'secretId', secret_id);
  v_subscription app_public.webhook_subscriptions;
begin
  if v_remembered is not null then
    perform app_private.locked_webhook_subscription(subscription_id);
    return v_remembered;
  end if;
  v_subscription := app_private.locked_webhook_subscription(subscription_id);
  delete from app_private.webhook_secrets
  where webhook_secrets.subscription_id = v_subscription.id and webhook_secrets.good_until <= app_hidden.now();
  if (select count(*) >= 5 from app_private.webhook_secrets where webhook_secrets.subscription_id = v_subscription.id) then
    perform app_hidden.refuse('CONFLICT', 'too_many_secrets', jsonb_build_object('most', 5));
  end if;
  update app_private.webhook_secrets
  set good_until = app_hidden.now() + interval '24 hours'
  where webhook_secrets.subscription_id = v_subscription.id and webhook_secrets.good_until is null;
  insert into app_private.webhook_secrets (id, organization_id, subscription_id, secret)
  values (secret_id, v_subscription.organization_id, v_subscription.id, rotate_webhook_secret.secret);
  update app_public.webhook_subscriptions
  set rotated_at = app_hidden.now()
  where webhook_subscriptions.id = v_subscription.id;
  perform app_private.remember('rotate_webhook_secret', v_answer);
  return v_answer;
end;
$$;

comment on function app_hidden.rotate_webhook_secret is
  'Signs with this secret from now on, and with the one before for 24 hours more. Answers with the ids of both, those of '
  'the first time where the request comes again. Needs webhooks.manage.';
grant execute on function app_hidden.rotate_webhook_secret to app_member;

reset role;
-- end of source: functions/webhooks/rotate_webhook_secret.sql

-- source: functions/webhooks/save_webhook_subscription.sql
-- Adds or changes a subscription. The secret of a new one arrives sealed. WHK-01.
-- Behind the mutation saveWebhookSubscription, which looks at the host and seals before this is called. What is remembered of a
-- request names the secret's row; the secret itself lies there, sealed, and is opened for whoever repeats the request. FND-26.

set role app_engine;

create or replace function app_hidden.save_webhook_subscription(
  id uuid,
  organization_id uuid,
  name text,
  url text,
  event_names text[],
  secret_id uuid default null,
  secret bytea default null,
  request jsonb default null
) returns jsonb
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('save_webhook_subscription', request);
  v_answer constant jsonb := jsonb_build_object('id', id, 'secretId', secret_id);
  v_names text[] := array(select distinct wanted from unnest(event_names) as wanted order by 1);
  v_unknown text;
begin
  if v_remembered is not null then
    perform app_private.require_permission(organization_id, 'webhooks.manage');
    return v_remembered;
  end if;
  if secret is not null then
    perform app_private.require_permission(organization_id, 'webhooks.manage');
    perform app_private.lock_webhooks(organization_id);
  elsif (app_private.locked_webhook_subscription(id)).organization_id is distinct from organization_id then
    perform app_hidden.refuse('NOT_FOUND', 'not_found');
  end if;
  select wanted into v_unknown
  from unnest(v_names) as wanted
  where not exists (
    select from app_private.event_subscriptions
    where event_subscriptions.consumer = 'webhooks' and event_subscriptions.event_name = wanted)
  limit 1;
  if found then
    perform app_hidden.refuse('VALIDATION', 'event_not_offered', jsonb_build_object('field', 'eventNames', 'name', left(v_unknown, 100)));
  end if;

  if secret is null then
    update app_public.webhook_subscriptions as subscriptions
    set name = btrim(save_webhook_subscription.name), url = save_webhook_subscription.url, event_names = v_names
    where subscriptions.id = save_webhook_subscription.id;
    perform app_private.remember('save_webhook_subscription', v_answer);
    return v_answer;
  end if;
  if (select count(*) >= 20 from app_public.webhook_subscriptions as subscriptions
      where subscriptions.organization_id = save_webhook_subscription.organization_id) then
    perform app_hidden.refuse('CONFLICT', 'too_many_subscriptions', jsonb_build_object('most', 20));
  end if;
  insert into app_public.webhook_subscriptions (id, organization_id, name, url, event_names, rotated_at, created_by)
  values (save_webhook_subscription.id, save_webhook_subscription.organization_id, btrim(save_webhook_subscription.name),
    save_webhook_subscription.url, v_names, app_hidden.now(), app_private.current_actor_id());
  insert into app_private.webhook_endpoints (organization_id, subscription_id)
  values (save_webhook_subscription.organization_id, save_webhook_subscription.id);
  insert into app_private.webhook_secrets (id, organization_id, subscription_id, secret)
  values (secret_id, save_webhook_subscription.organization_id, save_webhook_subscription.id, save_webhook_subscription.secret);
  perform app_private.publish('webhook_subscription.added', organization_id, id);
  perform app_private.remember('save_webhook_subscription', v_answer);
  return v_answer;
end;
$$;

comment on function app_hidden.save_webhook_subscription is
  'Stores a subscription; a new one with the secret that was sealed for secret_id. Answers with their ids, those of the first time where '
  'the request comes again. Needs webhooks.manage.';
grant execute on function app_hidden.save_webhook_subscription to app_member;

reset role;
-- end of source: functions/webhooks/save_webhook_subscription.sql

-- source: policies/payment_vendors/provider_cards.sql
-- Every card that a payment provider told of: read and written by functions only. BIL-08, docs/decisions/0201.

select app_private.classify('app_private.provider_cards', home => 'clinic', retention => 'billing', classes =>
  '{"operational": ["organization_id", "subscription_id", "provider_card_id", "brand", "last_four", "entered_at", "is_gone"]}',
  unaudited => 'What the provider told; what people see of it is app_public.payment_cards.');
select app_private.protect('app_private.provider_cards', engine => 'select, insert, update');
-- end of source: policies/payment_vendors/provider_cards.sql

-- source: reference/invoices/message_invoice_issued.sql
-- The message invoice_issued: what it needs, by which ways it goes, and its words on each. BIL-02, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "invoice_issued"}', rows => '
topic: clinic
lasts: 30 days
variables: {invoiceNumber,netAmount,currency,dueOn,accountHolder,accountIban,accountBank,accountBic,accountReference}
sample: {"invoiceNumber": "RX 1042", "netAmount": "49900", "currency": "RON", "dueOn": "2027-04-15", "accountHolder": "RestartiX SRL", "accountIban": "RO49 AAAA 1B31 0075 9384 0000", "accountBank": "Banca Exemplu", "accountBic": null, "accountReference": "RX 1042"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "invoice_issued"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "invoice_issued"}', rows => '
channel: email
locale: ro
version: 1
title: Factura {{invoiceNumber}}
body:
Bună ziua, {{recipientName}},

Am emis factura {{invoiceNumber}} către {{clinicName}}: {{netAmount}} fără TVA, cu scadența la {{dueOn}}.

O găsiți, cu tot ce cuprinde, în pagina de facturare a clinicii.

==========
channel: email
locale: ro
version: 2
title: Factura {{invoiceNumber}}
body:
Bună ziua, {{recipientName}},

Am emis factura {{invoiceNumber}} către {{clinicName}}: {{netAmount}} fără TVA, cu scadența la {{dueOn}}.
{{#accountIban}}

Se plătește prin transfer bancar:
Titular: {{accountHolder}}
IBAN: {{accountIban}}
Banca: {{accountBank}}{{#accountBic}}, BIC {{accountBic}}{{/accountBic}}
La detaliile plății: {{accountReference}}
{{/accountIban}}

O găsiți, cu tot ce cuprinde, în pagina de facturare a clinicii.

==========
channel: email
locale: en
version: 1
title: Invoice {{invoiceNumber}}
body:
Hello {{recipientName}},

We have issued invoice {{invoiceNumber}} to {{clinicName}}: {{netAmount}} without VAT, due on {{dueOn}}.

You find it, with all that it is made of, on the billing page of the clinic.

==========
channel: email
locale: en
version: 2
title: Invoice {{invoiceNumber}}
body:
Hello {{recipientName}},

We have issued invoice {{invoiceNumber}} to {{clinicName}}: {{netAmount}} without VAT, due on {{dueOn}}.
{{#accountIban}}

It is paid by bank transfer:
Account holder: {{accountHolder}}
IBAN: {{accountIban}}
Bank: {{accountBank}}{{#accountBic}}, BIC {{accountBic}}{{/accountBic}}
In the details of the payment: {{accountReference}}
{{/accountIban}}

You find it, with all that it is made of, on the billing page of the clinic.

==========
channel: in_app
locale: ro
version: 1
title: Factura {{invoiceNumber}}
body:
{{netAmount}} fără TVA, cu scadența la {{dueOn}}.
==========
channel: in_app
locale: en
version: 1
title: Invoice {{invoiceNumber}}
body:
{{netAmount}} without VAT, due on {{dueOn}}.
');
-- end of source: reference/invoices/message_invoice_issued.sql

-- source: reference/metering/meters.sql
-- What of a clinic is counted. FND-20, FND-24. A standing meter is counted from the rows themselves (app_private.standing_usage);
-- of the others each use is a record. can_be_hard: what is used is known before it is, so that it can be refused (docs/decisions/0203).

select app_private.own_rows('app_public.meters', rows => '
  key                | unit     | aggregation | is_standing | can_be_hard | description                                       | description_ro
  -------------------+----------+-------------+-------------+-------------+---------------------------------------------------+------------------------------------------------------------
  active_patients    | patient  | latest      | true        | true        | Patients in the clinic''s lists.                  | Pacienți în listele clinicii.
  ai_calls           | call     | count       | false       | false       | Calls of AI models.                               | Apeluri ale modelelor de inteligență artificială.
  sms_messages       | message  | sum         | false       | true        | Text messages by the platform''s account.         | SMS-uri trimise prin contul platformei.
  specialists        | person   | latest      | true        | true        | Specialists of the clinic.                        | Specialiști ai clinicii.
  storage_bytes      | byte     | latest      | true        | true        | What the clinic''s files take up.                 | Cât ocupă fișierele clinicii.
  telerehab_sessions | session  | count       | false       | true        | Exercise sessions that patients started at home.  | Ședințe de exerciții începute de pacienți acasă.
  video_minutes      | minute   | sum         | false       | false       | Minutes of video calls by the platform''s account. | Minute de apel video prin contul platformei.
');
-- end of source: reference/metering/meters.sql

-- source: reference/notify/message_payment_received.sql
-- The message payment_received: what it needs, by which ways it goes, and its words on each. BIL-08, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "payment_received"}', rows => '
topic: clinic
lasts: 7 days
variables: {invoiceNumber,paidAmount,receivedOn,dueAmount,balanceAmount,currency,accountHolder,accountIban,accountBank,accountBic,accountReference}
sample: {"invoiceNumber": "RX 1042", "paidAmount": "11900", "receivedOn": "2027-03-01", "dueAmount": null, "balanceAmount": null, "currency": "RON", "accountHolder": null, "accountIban": null, "accountBank": null, "accountBic": null, "accountReference": null}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "payment_received"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "payment_received"}', rows => '
channel: email
locale: ro
version: 1
title: Am primit plata facturii {{invoiceNumber}}
body:
Bună ziua, {{recipientName}},

Am primit {{paidAmount}} la {{receivedOn}} pentru factura {{invoiceNumber}} a clinicii {{clinicName}}.
{{#dueAmount}}

Mai sunt de plătit {{dueAmount}}.
{{/dueAmount}}
{{#balanceAmount}}

Suma de {{balanceAmount}} este în plus și rămâne în soldul clinicii: din ea se plătește factura următoare.
{{/balanceAmount}}

Vă mulțumim,
echipa RestartiX

==========
channel: email
locale: ro
version: 2
title: Am primit plata facturii {{invoiceNumber}}
body:
Bună ziua, {{recipientName}},

Am primit {{paidAmount}} la {{receivedOn}} pentru factura {{invoiceNumber}} a clinicii {{clinicName}}.
{{#dueAmount}}

Mai sunt de plătit {{dueAmount}}.
{{/dueAmount}}
{{#accountIban}}

Restul se plătește prin transfer bancar:
Titular: {{accountHolder}}
IBAN: {{accountIban}}
Banca: {{accountBank}}{{#accountBic}}, BIC {{accountBic}}{{/accountBic}}
La detaliile plății: {{accountReference}}
{{/accountIban}}
{{#balanceAmount}}

Suma de {{balanceAmount}} este în plus și rămâne în soldul clinicii: din ea se plătește factura următoare.
{{/balanceAmount}}

Vă mulțumim,
echipa RestartiX

==========
channel: email
locale: en
version: 1
title: We have received your payment of invoice {{invoiceNumber}}
body:
Hello {{recipientName}},

We received {{paidAmount}} on {{receivedOn}} for invoice {{invoiceNumber}} of {{clinicName}}.
{{#dueAmount}}

{{dueAmount}} is still to be paid.
{{/dueAmount}}
{{#balanceAmount}}

{{balanceAmount}} is more than was due. It stays in the balance of the clinic, which pays the next invoice.
{{/balanceAmount}}

Thank you,
the RestartiX team

==========
channel: email
locale: en
version: 2
title: We have received your payment of invoice {{invoiceNumber}}
body:
Hello {{recipientName}},

We received {{paidAmount}} on {{receivedOn}} for invoice {{invoiceNumber}} of {{clinicName}}.
{{#dueAmount}}

{{dueAmount}} is still to be paid.
{{/dueAmount}}
{{#accountIban}}

The rest is paid by bank transfer:
Account holder: {{accountHolder}}
IBAN: {{accountIban}}
Bank: {{accountBank}}{{#accountBic}}, BIC {{accountBic}}{{/accountBic}}
In the details of the payment: {{accountReference}}
{{/accountIban}}
{{#balanceAmount}}

{{balanceAmount}} is more than was due. It stays in the balance of the clinic, which pays the next invoice.
{{/balanceAmount}}

Thank you,
the RestartiX team

==========
channel: in_app
locale: ro
version: 1
title: Plată primită: {{paidAmount}}
body:
Pentru factura {{invoiceNumber}}, la {{receivedOn}}.{{#dueAmount}} Mai sunt de plătit {{dueAmount}}.{{/dueAmount}}
==========
channel: in_app
locale: en
version: 1
title: Payment received: {{paidAmount}}
body:
For invoice {{invoiceNumber}}, on {{receivedOn}}.{{#dueAmount}} {{dueAmount}} is still to be paid.{{/dueAmount}}
');
-- end of source: reference/notify/message_payment_received.sql

-- source: reference/notify/message_subscription_past_due.sql
-- The message subscription_past_due: what it needs, by which ways it goes, and its words on each. BIL-01, BIL-05, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "subscription_past_due"}', rows => '
topic: clinic
lasts: 7 days
variables: {expiresAt,timezone,dueAmount,currency,accountHolder,accountIban,accountBank,accountBic,accountReference}
sample: {"expiresAt": "2027-03-30T21:00:00Z", "timezone": "Europe/Bucharest", "dueAmount": "59381", "currency": "RON", "accountHolder": "RestartiX SRL", "accountIban": "RO49 AAAA 1B31 0075 9384 0000", "accountBank": "Banca Exemplu", "accountBic": null, "accountReference": "RX 1042"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "subscription_past_due"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "subscription_past_due"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}: o factură nu este plătită
body:
Bună ziua, {{recipientName}},

O factură a clinicii {{clinicName}} a trecut de scadență și nu este plătită. O găsiți la Abonament și facturare, de unde o puteți plăti.
{{#expiresWhen}}

Dacă rămâne neplătită, din {{expiresWhen}} clinica nu mai primește programări noi. Ce este programat și tratamentele începute continuă.
{{/expiresWhen}}

Cu drag,
echipa RestartiX

==========
channel: email
locale: ro
version: 2
title: {{clinicName}}: o factură nu este plătită
body:
Bună ziua, {{recipientName}},

O factură a clinicii {{clinicName}} a trecut de scadență și nu este plătită. O găsiți la Abonament și facturare, de unde o puteți plăti.
{{#accountIban}}

Pentru a plăti {{dueAmount}} prin transfer bancar:
Titular: {{accountHolder}}
IBAN: {{accountIban}}
Banca: {{accountBank}}{{#accountBic}}, BIC {{accountBic}}{{/accountBic}}
La detaliile plății: {{accountReference}}
{{/accountIban}}
{{#expiresWhen}}

Dacă rămâne neplătită, din {{expiresWhen}} clinica nu mai primește programări noi. Ce este programat și tratamentele începute continuă.
{{/expiresWhen}}

Cu drag,
echipa RestartiX

==========
channel: email
locale: en
version: 1
title: {{clinicName}}: a bill is not paid
body:
Hello {{recipientName}},

A bill of {{clinicName}} is overdue. You find it under billing, where you can pay it.
{{#expiresWhen}}

If it stays unpaid, the clinic takes no new bookings from {{expiresWhen}} on. What is booked and treatment under way go on.
{{/expiresWhen}}

Warm regards,
the RestartiX team

==========
channel: email
locale: en
version: 2
title: {{clinicName}}: a bill is not paid
body:
Hello {{recipientName}},

A bill of {{clinicName}} is overdue. You find it under billing, where you can pay it.
{{#accountIban}}

To pay {{dueAmount}} by bank transfer:
Account holder: {{accountHolder}}
IBAN: {{accountIban}}
Bank: {{accountBank}}{{#accountBic}}, BIC {{accountBic}}{{/accountBic}}
In the details of the payment: {{accountReference}}
{{/accountIban}}
{{#expiresWhen}}

If it stays unpaid, the clinic takes no new bookings from {{expiresWhen}} on. What is booked and treatment under way go on.
{{/expiresWhen}}

Warm regards,
the RestartiX team

==========
channel: in_app
locale: ro
version: 1
title: {{clinicName}}: o factură nu este plătită
body:
O găsiți la Abonament și facturare.
==========
channel: in_app
locale: en
version: 1
title: {{clinicName}}: a bill is not paid
body:
You find it under billing.
');
-- end of source: reference/notify/message_subscription_past_due.sql

-- source: reference/notify/message_subscription_suspended.sql
-- The message subscription_suspended: what it needs, by which ways it goes, and its words on each. BIL-01, BIL-05, FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "subscription_suspended"}', rows => '
topic: clinic
lasts: 7 days
variables: {dueAmount,currency,accountHolder,accountIban,accountBank,accountBic,accountReference}
sample: {"dueAmount": "59381", "currency": "RON", "accountHolder": "RestartiX SRL", "accountIban": "RO49 AAAA 1B31 0075 9384 0000", "accountBank": "Banca Exemplu", "accountBic": null, "accountReference": "RX 1042"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "subscription_suspended"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
  in_app  | inbox  | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "subscription_suspended"}', rows => '
channel: email
locale: ro
version: 1
title: {{clinicName}}: abonamentul este suspendat
body:
Bună ziua, {{recipientName}},

Abonamentul clinicii {{clinicName}} este suspendat, fiindcă o factură a rămas neplătită. Clinica nu mai primește programări și planuri noi și nu mai trimite mesaje noi.

Tot ce este înregistrat se poate citi și exporta, iar programările făcute și tratamentele începute continuă. După plată totul pornește din nou, fără alt pas.

Cu drag,
echipa RestartiX

==========
channel: email
locale: ro
version: 2
title: {{clinicName}}: abonamentul este suspendat
body:
Bună ziua, {{recipientName}},

Abonamentul clinicii {{clinicName}} este suspendat, fiindcă o factură a rămas neplătită. Clinica nu mai primește programări și planuri noi și nu mai trimite mesaje noi.

Tot ce este înregistrat se poate citi și exporta, iar programările făcute și tratamentele începute continuă. După plată totul pornește din nou, fără alt pas.
{{#accountIban}}

Pentru a plăti {{dueAmount}} prin transfer bancar:
Titular: {{accountHolder}}
IBAN: {{accountIban}}
Banca: {{accountBank}}{{#accountBic}}, BIC {{accountBic}}{{/accountBic}}
La detaliile plății: {{accountReference}}
{{/accountIban}}

Cu drag,
echipa RestartiX

==========
channel: email
locale: en
version: 1
title: {{clinicName}}: the subscription is suspended
body:
Hello {{recipientName}},

The subscription of {{clinicName}} is suspended, since a bill stayed unpaid. The clinic takes no new bookings and plans, and sends no new messages.

Everything can be read and exported, and what is booked and treatment under way go on. Once the bill is paid everything works again by itself.

Warm regards,
the RestartiX team

==========
channel: email
locale: en
version: 2
title: {{clinicName}}: the subscription is suspended
body:
Hello {{recipientName}},

The subscription of {{clinicName}} is suspended, since a bill stayed unpaid. The clinic takes no new bookings and plans, and sends no new messages.

Everything can be read and exported, and what is booked and treatment under way go on. Once the bill is paid everything works again by itself.
{{#accountIban}}

To pay {{dueAmount}} by bank transfer:
Account holder: {{accountHolder}}
IBAN: {{accountIban}}
Bank: {{accountBank}}{{#accountBic}}, BIC {{accountBic}}{{/accountBic}}
In the details of the payment: {{accountReference}}
{{/accountIban}}

Warm regards,
the RestartiX team

==========
channel: in_app
locale: ro
version: 1
title: {{clinicName}}: abonamentul este suspendat
body:
O factură a rămas neplătită. Clinica nu primește programări noi până la plată.
==========
channel: in_app
locale: en
version: 1
title: {{clinicName}}: the subscription is suspended
body:
A bill stayed unpaid. The clinic takes no new bookings until it is paid.
');
-- end of source: reference/notify/message_subscription_suspended.sql

select app_private.write_owned_rows();
