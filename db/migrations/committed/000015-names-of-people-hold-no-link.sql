--! Previous: sha1:6f368150126c7dbf08567fd3db8a4a9c14d43845
--! Hash: sha1:3c6935873b563fba6aeb9a7a52376fe338ccc273
--! Message: names of people hold no link

--! split: 550-names-of-people-hold-no-link.sql
-- What an invitation calls somebody is read like every name of a person, by the trigger _050_read_facts.
-- retired: functions/appointments/require_no_link.sql
alter table app_public.invitations drop constraint if exists invitations_name_holds_no_link;

--! split: 900-sources.sql
-- Written by npm run db:stage from db/functions and db/policies: change those, not this file.

-- source: functions/events/publish.sql
-- Publishes an event in the transaction of the change: both happen or neither. FND-14.
-- The lock on the subject is held until commit, so positions within a subject are in the order of
-- commits and no consumer can be told the later of two events first.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/current_actor_id.sql
-- requires: functions/events/payload_problem.sql

set role app_engine;
create or replace function app_private.publish(
  name text,
  organization_id uuid,
  subject_id uuid,
  payload jsonb default '{}',
  cause_id uuid default null
) returns uuid
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_type app_private.event_types;
  v_problem text;
  v_id uuid;
begin
  select event_types.* into v_type
  from app_private.event_types
  where event_types.name = publish.name
  order by event_types.version desc
  limit 1;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'event_name_unknown', jsonb_build_object('name', publish.name),
      'event_types lists the events.');
  end if;

  v_problem := app_private.payload_problem(v_type.payload_schema, publish.payload);
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'event_payload_off_schema', jsonb_build_object(
      'name', v_type.name, 'version', v_type.version, 'path', v_problem), 'The payload must fit the schema in event_types.');
  end if;

  perform pg_advisory_xact_lock(hashtextextended('event:' || publish.subject_id, 0));

  insert into app_private.events
    (organization_id, name, version, subject_type, subject_id, payload, actor_id, request_id, cause_id, occurred_at)
  values
    (publish.organization_id, v_type.name, v_type.version, v_type.subject_type, publish.subject_id,
     publish.payload, app_private.current_actor_id(), nullif(current_setting('app.request_id', true), ''),
     publish.cause_id, app_hidden.now())
  returning id into v_id;
  return v_id;
end;
$$;

comment on function app_private.publish(text, uuid, uuid, jsonb, uuid) is
  'Writes an event of the catalog in the current transaction and queues its deliveries. An unknown name or '
  'a payload off its schema is refused, which takes the whole change back.';

revoke all on function app_private.publish(text, uuid, uuid, jsonb, uuid) from public;
reset role;
-- end of source: functions/events/publish.sql

-- source: functions/scheduling/claim_slot.sql
-- Books a time directly, without a hold before it: the front desk on the phone, a signed-in patient. SCH-06, APT-01.
-- The caller has checked permission, and records the reason for an override. Whoever could be chosen is locked before the
-- days, as who removes a specialist does, so that a booking is either counted there or refused here.
-- requires: functions/core/refuse.sql
-- requires: functions/core/current_principal_id.sql
-- requires: functions/scheduling/require_start.sql
-- requires: functions/scheduling/visible_calendar.sql
-- requires: functions/scheduling/require_choice.sql
-- requires: functions/catalog/require_specialist.sql
-- requires: functions/scheduling/require_calendar.sql
-- requires: functions/scheduling/place_claim.sql

create or replace function app_private.claim_slot(
  calendar_id uuid,
  starts_at timestamptz,
  specialist_id uuid,
  kind text,
  override boolean default false
) returns app_private.time_claims
language plpgsql volatile
set search_path = ''
as $$
declare
  v_calendar app_public.calendars;
  v_draft app_private.time_claims;
begin
  if claim_slot.kind is null or claim_slot.kind not in ('request', 'appointment') then
    perform app_hidden.refuse(
      'VALIDATION', 'claim_kind_invalid', '{"rule": "claim_kind_invalid"}', 'A time is first held or booked.');
  end if;
  v_calendar := app_private.visible_calendar(claim_slot.calendar_id);
  perform app_private.require_choice(v_calendar, claim_slot.specialist_id);
  perform app_private.require_start(claim_slot.starts_at);
  perform app_private.require_specialist(v_calendar.organization_id, chosen.specialist_id)
  from (
    select cs.specialist_id
    from app_public.calendar_specialists as cs
    join app_public.specialists as sp
      on sp.organization_id = cs.organization_id and sp.id = cs.specialist_id and sp.deleted_at is null
    where cs.organization_id = v_calendar.organization_id and cs.calendar_id = v_calendar.id
      and (claim_slot.specialist_id is null or cs.specialist_id = claim_slot.specialist_id)
    order by cs.specialist_id
  ) as chosen;
  perform app_private.require_calendar(v_calendar.organization_id, v_calendar.id);
  v_draft.kind := claim_slot.kind;
  v_draft.created_by := app_hidden.current_principal_id();
  return app_private.place_claim(v_calendar, claim_slot.starts_at, claim_slot.specialist_id, v_draft, override);
end;
$$;

comment on function app_private.claim_slot(uuid, timestamptz, uuid, text, boolean) is
  'Takes a start for a request or an appointment; the specialist by strategy when none is named. '
  'override sets notice, horizon, hours and grid aside, never another claim.';

grant execute on function app_private.claim_slot(uuid, timestamptz, uuid, text, boolean) to app_engine;
-- end of source: functions/scheduling/claim_slot.sql

-- source: functions/identity/from_punycode.sql
-- What a label of an international domain name says: read to see whether it is one that we would have written. FND-34.

create or replace function app_hidden.from_punycode(code text) returns text
language plpgsql immutable strict parallel safe
set search_path = ''
as $$
declare
  v_letters int[] := array(
    select ascii(letter) from regexp_split_to_table(substring(code from '^(.*)-[^-]*$'), '') as letter where letter <> '');
  v_digits text := substring(code from '([^-]*)$');
  v_at int := 1;
  v_n bigint := 128;
  v_i bigint := 0;
  v_before bigint;
  v_bias int := 72;
  v_weight bigint;
  v_digit int;
  v_delta bigint;
  v_k int;
  v_t int;
begin
  if length(code) > 59 then
    return null;
  end if;
  while v_at <= length(v_digits) loop
    v_before := v_i;
    v_weight := 1;
    v_k := 36;
    loop
      v_digit := strpos('abcdefghijklmnopqrstuvwxyz0123456789', substr(v_digits, v_at, 1)) - 1;
      if v_at > length(v_digits) or v_digit < 0 or v_weight > 2147483647 then
        return null;
      end if;
      v_at := v_at + 1;
      v_i := v_i + v_digit * v_weight;
      v_t := least(greatest(v_k - v_bias, 1), 26);
      exit when v_digit < v_t;
      v_weight := v_weight * (36 - v_t);
      v_k := v_k + 36;
    end loop;
    v_delta := (v_i - v_before) / case when v_before = 0 then 700 else 2 end;
    v_delta := v_delta + v_delta / (cardinality(v_letters) + 1);
    v_k := 0;
    while v_delta > 455 loop
      v_delta := v_delta / 35;
      v_k := v_k + 36;
    end loop;
    v_bias := v_k + (36 * v_delta / (v_delta + 38))::int;
    v_n := v_n + v_i / (cardinality(v_letters) + 1);
    v_i := v_i % (cardinality(v_letters) + 1);
    if v_n > 1114111 or v_n between 55296 and 57343 then
      return null;
    end if;
    v_letters := v_letters[:v_i] || v_n::int || v_letters[v_i + 1:];
    v_i := v_i + 1;
  end loop;
  return (select string_agg(chr(letter), '' order by place) from unnest(v_letters) with ordinality as spelled (letter, place));
end;
$$;

comment on function app_hidden.from_punycode(text) is 'The text of a label in punycode, without its xn--; null where it is none.';
grant execute on function app_hidden.from_punycode(text) to app_member, app_engine;
-- end of source: functions/identity/from_punycode.sql

-- source: functions/identity/read_email.sql
-- An email address as it is kept, compared and written to: ASCII, in lower case, its domain in punycode. It is judged
-- before it is folded, so that no look-alike turns into somebody's address on the way. FND-07, FND-34.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/identity/domain_label.sql

create or replace function app_hidden.read_email(email text, out address text, out problem text)
language plpgsql immutable parallel safe
set search_path = ''
as $$
declare
  -- What copying brings along stands around the address; within it, it is a mistake.
  v_email text := regexp_replace(
    email, '^[\s\u00a0\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+|[\s\u00a0\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+$', '', 'g');
  v_local text := substring(v_email from '^([^@]*)@[^@]*$');
  v_domain text := substring(v_email from '@([^@]*)$');
  v_labels text[];
begin
  if email is null or v_email = '' then
    return;
  end if;
  if v_local is null or length(v_email) > 1000
     or v_local !~ '^[A-Za-z0-9.!#$%&''*+/=?^_`{|}~-]+$' or v_domain ~ '[\s\u0001-\u002c\u002f\u003a-\u0040\u005b-\u0060\u007b-\u007f]' then
    problem := 'not_an_address';
  elsif v_local ~ '^\.|\.$|\.\.' or v_domain ~ '^\.|\.$|\.\.' then
    problem := 'dot_misplaced';
  elsif length(v_local) > 64 then
    problem := 'local_part_too_long';
  else
    v_labels := array(
      select app_hidden.domain_label(label)
      from regexp_split_to_table(v_domain, '\.') with ordinality as part (label, place)
      order by place);
    v_domain := array_to_string(v_labels, '.');
    problem := case
      when cardinality(v_labels) < 2 then 'not_an_address'
      when array_position(v_labels, null) is not null then 'domain_not_accepted'
      -- 192.0.2.1 is no domain.
      when v_labels[cardinality(v_labels)] ~ '^[0-9]+$' then 'domain_not_accepted'
      when 63 < any (array(select length(label) from unnest(v_labels) as label)) then 'domain_label_too_long'
      when length(v_local) + 1 + length(v_domain) > 254 then 'address_too_long'
    end;
  end if;
  if problem is null then
    address := app_hidden.ascii_lower(v_local) || '@' || v_domain;
  end if;
end;
$$;

comment on function app_hidden.read_email(text) is
  'An address as it is kept; else what is wrong: not_an_address, dot_misplaced, local_part_too_long, '
  'domain_label_too_long, address_too_long, domain_not_accepted. Nothing written is no address.';
grant execute on function app_hidden.read_email(text) to app_member, app_engine;
-- end of source: functions/identity/read_email.sql

-- source: functions/appointments/patient_for_request.sql
-- The patient a booking request is for: the one that staff named, the one whose address and name agree, or a new one.
-- Whoever is unclear is asked about. APT-09, FND-07, FND-34.
-- requires: functions/identity/admit_patient.sql
-- requires: functions/identity/require_patient.sql
-- requires: functions/core/refuse.sql
-- requires: functions/identity/lock_people.sql
-- requires: functions/identity/people_like.sql

set role app_engine;

create or replace function app_private.patient_for_request(
  request app_public.booking_requests,
  patient_profile_id uuid,
  as_new_patient boolean
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_candidates app_private.person_candidate[];
  v_known uuid[];
  v_profile_id uuid;
begin
  if patient_profile_id is not null and as_new_patient then
    perform app_hidden.refuse(
      'VALIDATION', 'patient_contradicted', '{"field": "asNewPatient"}',
      'Name a patient or pass asNewPatient, not both: whose appointment is it?');
  end if;
  if patient_profile_id is not null then
    perform app_private.require_patient(request.organization_id, patient_profile_id);
    return patient_profile_id;
  end if;

  if not as_new_patient then
    perform app_private.lock_people(request.organization_id);
    select array_agg(candidate), array_agg(candidate.patient_profile_id) filter (where candidate.address and candidate.name)
    into v_candidates, v_known
    from app_private.people_like(
      request.organization_id, request.given_name, request.family_name, request.email, request.phone) as candidate;

    if cardinality(v_known) = 1 then
      perform app_private.require_patient(request.organization_id, v_known[1]);
      return v_known[1];
    elsif v_candidates is not null then
      perform app_private.refuse_unclear(v_candidates);
    end if;
  end if;

  insert into app_public.patient_profiles (given_name, family_name, email, phone, locale)
  values (request.given_name, request.family_name, request.email, request.phone, request.locale)
  returning id into v_profile_id;
  perform app_private.admit_patient(request.organization_id, v_profile_id);
  return v_profile_id;
end;
$$;

comment on function app_private.patient_for_request(app_public.booking_requests, uuid, boolean) is
  'The patient profile for a request, made if need be; CONFLICT person_unclear when only a person can tell, VALIDATION '
  'patient_contradicted when one is named and said to be new.';

reset role;
-- end of source: functions/appointments/patient_for_request.sql

-- source: functions/appointments/request_booking.sql
-- A visitor without an account asks for the time they hold. The request keeps the time until the clinic answers;
-- hold, request and appointment are the same claim, so the time is never let go in between. APT-05, APT-09.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/core/remembered.sql
-- requires: functions/core/remember.sql
-- requires: functions/scheduling/is_staff_of.sql
-- requires: functions/scheduling/require_request_allowance.sql
-- requires: functions/scheduling/take_hold.sql
-- requires: functions/scheduling/require_bookable.sql
-- requires: functions/scheduling/convert_claim.sql
-- requires: functions/appointments/respond_by.sql
-- requires: functions/appointments/booking_receipt_of.sql

set role app_engine;

create or replace function app_public.request_booking(
  hold_token text,
  given_name text,
  family_name text,
  email text,
  phone text,
  message text default null,
  locale text default null
) returns app_public.booking_receipt
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_remembered jsonb := app_private.remembered('request_booking', jsonb_build_array(
    hold_token, given_name, family_name, email, phone, message, locale));
  v_claim app_private.time_claims;
  v_token text := encode(extensions.gen_random_bytes(16), 'hex');
  v_request app_public.booking_requests;
  v_receipt app_public.booking_receipt;
begin
  if v_remembered is not null then
    return jsonb_populate_record(v_receipt, v_remembered);
  end if;

  v_claim := app_private.take_hold(hold_token, to_book => true);
  if not app_private.is_staff_of(v_claim.organization_id) then
    perform app_private.require_request_allowance(v_claim.visitor_id, v_claim.address);
  end if;
  perform app_private.require_bookable(v_claim, for_the_public => not app_private.is_staff_of(v_claim.organization_id));
  insert into app_public.booking_requests (
    organization_id, calendar_id, service_id, specialist_id, claim_id, given_name, family_name, email, phone, message,
    locale, starts_at, ends_at, price_amount, currency, respond_by, organizer_email, token_hash
  )
  select
    v_claim.organization_id, calendars.id, services.id, v_claim.specialist_id, v_claim.id,
    request_booking.given_name, request_booking.family_name, request_booking.email, request_booking.phone,
    nullif(btrim(request_booking.message), ''),
    coalesce(request_booking.locale, organizations.locale), lower(v_claim.during), upper(v_claim.during),
    coalesce(calendars.price_amount, services.price_amount), services.currency,
    app_private.respond_by(organizations, lower(v_claim.during)), organizations.contact_email,
    extensions.digest(v_token, 'sha256')
  from app_public.calendars
  join app_public.services on services.organization_id = calendars.organization_id and services.id = calendars.service_id
  join app_public.organizations on organizations.id = calendars.organization_id
  where calendars.organization_id = v_claim.organization_id and calendars.id = v_claim.calendar_id
  returning * into v_request;

  perform app_private.convert_claim(v_claim.id, 'request');

  v_receipt := app_private.booking_receipt_of(v_request);
  v_receipt.token := v_token;
  perform app_private.remember('request_booking', to_jsonb(v_receipt));
  return v_receipt;
end;
$$;

comment on function app_public.request_booking(text, text, text, text, text, text, text) is
  'Turns a hold into a booking request. The receipt''s token is shown once. NOT_FOUND or GONE for the hold, '
  'VALIDATION with the field for the contact, also for a name with a link in it (link_in_text); when the time can no longer '
  'be booked, what holdSlot says of the rule; RATE_LIMITED when the caller has asked too often, whatever became of it.';
grant execute on function app_public.request_booking(text, text, text, text, text, text, text) to app_anonymous, app_member;

reset role;
-- end of source: functions/appointments/request_booking.sql

-- source: functions/identity/read_name.sql
-- A name as it is kept: composed (NFC), on one line's spaces, without what nobody sees. Marks that turn the direction
-- of text around make one name look like another; what has no width makes two of one. FND-07, FND-34.
-- The joiners of Arabic and Indic scripts stay behind letters of those scripts, where they are spelling. Line breaks and
-- control characters stay, and the constraint ..._is_one_line refuses them.

create or replace function app_hidden.read_name(name text) returns text
language sql immutable strict parallel safe
set search_path = ''
return btrim(
  regexp_replace(
    regexp_replace(
      normalize(read_name.name, nfc),
      '[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\u3164\ufeff\ufff9-\ufffb\uffa0\U000e0000-\U000e007f]'
      '|(?<![\u0600-\u0e00\u0f00-\u109f\u1780-\u18af])[\u200c\u200d]',
      '', 'g'),
    '[ \u0009\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+', ' ', 'g'),
  E' \n\r\u200c\u200d');

comment on function app_hidden.read_name(text) is
  'A name in NFC, trimmed, its words apart by one space, without bidirectional marks and characters of no width.';
grant execute on function app_hidden.read_name(text) to app_member, app_engine;
-- end of source: functions/identity/read_name.sql

-- source: functions/identity/read_phone.sql
-- A telephone number as people write, paste and speak it, read as libphonenumber reads it: `0722 123 456`,
-- `+40 (0)722 123 456`, `0040722123456`, `tel:…`, with the invisible characters that a copied contact brings. What is
-- returned can be dialled from anywhere, or the problem says why not. Lengths and the general shape of a plan decide, not
-- which numbers are assigned at the moment: operators hand out new ones faster than anybody updates. FND-07.
-- requires: functions/identity/phone_length_problem.sql
-- requires: functions/identity/phone_region_of.sql
-- requires: functions/identity/without_trunk_prefix.sql

create or replace function app_hidden.read_phone(phone text, region text, out number text, out problem text)
language plpgsql stable parallel safe
set search_path = ''
as $$
declare
  -- Full-width signs become plain ones; digits of Arabic keyboards too.
  v_text text := translate(normalize(phone, nfkc), '٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹', '01234567890123456789');
  v_digits text;
  v_idd text;
  v_calling_code text;
  v_shorter text;
  v_dialled text;
  v_plan app_hidden.phone_regions;
  v_exact app_hidden.phone_regions;
begin
  v_text := regexp_replace(v_text, '[\u0009\u000a\u000d\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]', '', 'g');
  v_text := btrim(regexp_replace(v_text, '^\s*tel:', '', 'i'));
  if phone is null or v_text = '' then
    return;
  end if;
  v_digits := regexp_replace(v_text, '[^0-9]', '', 'g');
  -- Letters, a second plus, a star, an extension: nothing of it is guessed at.
  if v_digits = '' or v_text !~ '^[ (\[]*\+?[0-9 ()\[\]./~\-\u2010-\u2015\u2212\u2053\u223c\u30fc]*$' then
    problem := 'not_a_number';
    return;
  elsif length(v_digits) < 3 then
    problem := 'too_short';
    return;
  elsif length(v_text) > 250 then
    problem := 'too_long';
    return;
  end if;

  -- A clinic says its region; where only its calling code is known, that of the first region is meant.
  select phone_regions.* into v_plan
  from app_hidden.phone_regions
  where phone_regions.region = read_phone.region
     or phone_regions.calling_code = read_phone.region and phone_regions.place = 1;

  v_idd := substring(v_digits from '^(?:' || coalesce(v_plan.idd_prefix, case when v_plan is null then '00' end) || ')[1-9]');
  if v_text like '%+%' or v_idd is not null then
    if v_text not like '%+%' then
      v_digits := substr(v_digits, length(v_idd));
    end if;
    v_plan := null;
    -- No calling code begins another.
    select phone_regions.* into v_plan
    from app_hidden.phone_regions
    where phone_regions.calling_code in (left(v_digits, 1), left(v_digits, 2), left(v_digits, 3)) and phone_regions.place = 1;
    v_calling_code := v_plan.calling_code;
    v_digits := substr(v_digits, length(v_calling_code) + 1);
  elsif v_digits like v_plan.calling_code || '%' then
    -- 40722123456 is +40722123456 without its plus, unless it is a number of the region as it stands.
    v_calling_code := v_plan.calling_code;
    v_shorter := substr(v_digits, length(v_calling_code) + 1);
    number := app_hidden.without_trunk_prefix(v_digits, v_plan);
    if length(number) > (select max(possible) from unnest(v_plan.possible_lengths) as possible)
       or (number !~ ('^(?:' || v_plan.national_number || ')$')
           and app_hidden.without_trunk_prefix(v_shorter, v_plan) ~ ('^(?:' || v_plan.national_number || ')$')) then
      v_digits := v_shorter;
      select phone_regions.* into v_plan
      from app_hidden.phone_regions
      where phone_regions.calling_code = v_calling_code and phone_regions.place = 1;
    end if;
    number := null;
  end if;
  if v_plan.region is null then
    problem := 'unknown_country';
    return;
  end if;

  v_dialled := v_digits;
  v_digits := app_hidden.without_trunk_prefix(v_dialled, v_plan);
  v_exact := app_hidden.phone_region_of(v_plan.calling_code, v_digits);
  v_plan := case when v_exact.region is null then v_plan else v_exact end;
  problem := case
    -- What E.164 allows at most, and our columns at least.
    when length(v_plan.calling_code || v_digits) > 15 then 'too_long'
    when length(v_plan.calling_code || v_digits) < 7 then 'too_short'
    else app_hidden.phone_length_problem(length(v_digits), v_plan.possible_lengths)
  end;
  if problem is null and v_exact.region is null then
    -- 389 3371 is dialled within Canada alone: from abroad the first region of the calling code decides.
    select app_hidden.phone_length_problem(length(v_digits), first.possible_lengths) into problem
    from app_hidden.phone_regions as first
    where first.calling_code = v_plan.calling_code and first.place = 1;
  end if;
  if problem is null and v_digits !~ ('^(?:' || v_plan.national_number || ')$') then
    -- 072200012 has nine digits, as numbers of Romania have; but its zero is the trunk prefix, and one is missing.
    problem := coalesce(
      case when v_digits = v_dialled then
        app_hidden.phone_length_problem(
          length(v_digits) - length((regexp_match(v_digits, '^((?:' || v_plan.national_prefix || '))'))[1]),
          v_plan.possible_lengths)
      end,
      'not_in_use');
  end if;
  if problem is null then
    number := '+' || v_plan.calling_code || v_digits;
  end if;
end;
$$;

comment on function app_hidden.read_phone(text, text) is
  'A telephone number in E.164, read in a region (ISO 3166 code or calling code; null: none) where it names no country; '
  'else what is wrong: not_a_number, too_short, too_long, wrong_length, not_in_use, unknown_country. Nothing written is no number.';
grant execute on function app_hidden.read_phone(text, text) to app_member, app_engine;
-- end of source: functions/identity/read_phone.sql

-- source: functions/identity/require_no_link.sql
-- The name of a person goes into mails, to whatever address somebody wrote beside it: it leads nowhere. FND-35, APT-05.
-- Mail readers turn more into links than what begins with http, so anything that looks like a scheme, a path, an address
-- or a domain is refused, and so is a number to call. An abbreviation before a name is written with a space: "Dr. Ion".
-- requires: functions/core/refuse.sql

create or replace function app_private.require_no_link(field text, text text) returns void
language plpgsql immutable
set search_path = ''
as $$
declare
  -- Full-width and ideographic signs are read as the plain ones.
  v_text text := lower(translate(normalize(require_no_link.text, NFKC), '。․', '..'));
begin
  if v_text ~ '[:/\\@]'
    or v_text ~ '(^|[^[:alnum:]])www[.]'
    or v_text ~ '[[:alnum:]][.][[:alpha:]]{2}'
    or v_text ~ '[0-9]+[.][0-9]+[.][0-9]+[.][0-9]+'
    or v_text ~ 'https?'
    or v_text ~ '([[:digit:]][ ()-]*){6}'
  then
    perform app_hidden.refuse(
      'VALIDATION', 'link_in_text', jsonb_build_object('field', require_no_link.field),
      'Write a name here: no link, no address and no number. After a dot comes a space.');
  end if;
end;
$$;

comment on function app_private.require_no_link(text, text) is
  'Refuses, with VALIDATION link_in_text, what a mail reader could turn into a link, and a number to call.';
grant execute on function app_private.require_no_link(text, text) to app_engine;
-- end of source: functions/identity/require_no_link.sql

-- source: functions/identity/tg_read_facts.sql
-- The one way in for telephone numbers, addresses and names, whoever writes them: a form, a verb, an import. A table
-- declares its columns in the arguments of its trigger, kind and column; a lint looks for columns that are of such a kind
-- and declared nowhere. What did not change is not read again, so that a rule that grew stricter stops nobody from
-- changing something else. FND-07, FND-34.
-- A person is a name that goes into mails to whoever is written to, so it holds no link. An account's name is none of
-- these: it comes from the identity provider, who must not be kept from signing somebody in, and greets only themselves.
-- requires: functions/identity/read_name.sql
-- requires: functions/identity/require_no_link.sql
-- requires: functions/identity/read_phone.sql
-- requires: functions/identity/read_email.sql
-- requires: functions/identity/refuse_phone.sql
-- requires: functions/identity/refuse_email.sql
-- requires: functions/identity/home_region.sql

set role app_engine;

create or replace function app_private.tg_read_facts() returns trigger
language plpgsql security definer
set search_path = ''
as $$
declare
  v_new jsonb := to_jsonb(new);
  v_old jsonb := case when tg_op = 'UPDATE' then to_jsonb(old) else '{}' end;
  v_read jsonb := '{}';
  v_kind text;
  v_column text;
  v_field text;
  v_value text;
  v_problem text;
begin
  for i in 0 .. tg_nargs - 1 loop
    v_kind := split_part(tg_argv[i], ' ', 1);
    v_column := split_part(tg_argv[i], ' ', 2);
    v_value := v_new ->> v_column;
    continue when v_value is null or v_value = v_old ->> v_column;
    v_field := lower(left(v_column, 1)) || substr(replace(initcap(v_column), '_', ''), 2);
    v_problem := null;
    case v_kind
      when 'name' then
        v_value := app_hidden.read_name(v_value);
      when 'person' then
        v_value := app_hidden.read_name(v_value);
        perform app_private.require_no_link(v_field, v_value);
      when 'email' then
        select reading.address, reading.problem into v_value, v_problem from app_hidden.read_email(v_value) as reading;
        if v_problem is not null then
          perform app_hidden.refuse_email(v_problem, v_field);
        end if;
      when 'phone' then
        select reading.number, reading.problem into v_value, v_problem
        from app_hidden.read_phone(
          v_value,
          coalesce(v_new ->> 'country',
                   app_private.home_region(tg_table_name, (v_new ->> 'organization_id')::uuid, (v_new ->> 'id')::uuid))) as reading;
        if v_problem is not null then
          perform app_hidden.refuse_phone(v_problem, v_field);
        end if;
    end case;
    v_read := v_read || jsonb_build_object(v_column, v_value);
  end loop;
  return jsonb_populate_record(new, v_read);
end;
$$;

comment on function app_private.tg_read_facts() is
  'Reads the columns named in its arguments ("phone contact_phone", "email …", "name …", "person …") as people write them, or refuses '
  'with VALIDATION, the reason and the field. Trigger _050_read_facts.';

reset role;
-- end of source: functions/identity/tg_read_facts.sql

-- source: functions/events/tg_events__refuse_change.sql
-- What happened is not rewritten, by nobody. FND-14.
-- Per statement: it refuses before a row is looked for, so the answer is the same for whoever sees no row.
-- requires: functions/core/refuse.sql

set role app_engine;
create or replace function app_private.tg_events__refuse_change() returns trigger
language plpgsql volatile
set search_path = ''
as $$
begin
  perform app_hidden.refuse('IMMUTABLE', 'event_is_immutable', '{}', 'What happened stays: publish another event.');
  return null;
end;
$$;

comment on function app_private.tg_events__refuse_change() is 'Refuses update, delete and truncate of events.';

revoke all on function app_private.tg_events__refuse_change() from public;
grant execute on function app_private.tg_events__refuse_change() to app_owner;
reset role;

create or replace trigger _200_refuse_change
  before update or delete or truncate on app_private.events
  for each statement execute function app_private.tg_events__refuse_change();
-- end of source: functions/events/tg_events__refuse_change.sql

-- source: functions/files/rejection_hint.sql
-- What helps whoever sent a file that is not taken: why it is not, and what to do. FND-13.

set role app_engine;

create or replace function app_private.rejection_hint(rejection text) returns text
language sql immutable strict parallel safe
set search_path = ''
begin atomic
  select case rejection_hint.rejection
    when 'type_mismatch' then 'The bytes are of another type than announced. Send the file under its own type and ending.'
    when 'second_type' then 'The file holds another one, or a web page, too. Save or print it anew and send that; a photo that '
      'moves, without its film.'
    when 'malformed' then 'The file is damaged. Open it, save it anew and send that.'
    when 'truncated' then 'The end of the file is missing. Copy or download it once more and send that.'
    when 'heic' then 'This is a HEIC photo. Send it as JPEG: on an iPhone choose Settings, Camera, Formats, Most Compatible, '
      'or share the photo with the option Most Compatible.'
    when 'encrypted' then 'The PDF asks for a password. Print it to a new PDF without one and send that.'
    when 'scripts' then 'The PDF holds a program (JavaScript or an action that starts by itself). Print it to a new PDF and send that.'
    when 'launches' then 'The PDF starts programs, or opens other files or pages by itself. Print it to a new PDF and '
      'send that.'
    when 'attachments' then 'The PDF holds other files. Send each as a file of its own, or print it to a new PDF.'
    when 'submits' then 'The PDF sends what is filled in to somebody. Print it to a new PDF and send that.'
    when 'media' then 'The PDF holds film, sound or 3D. Print it to a new PDF and send that.'
    when 'dynamic_form' then 'The PDF is an XFA form, which only few programs show. Print it to a new PDF and send that.'
    when 'inflates_too_far' then 'The file unpacks to more than 128 MB in one piece, 512 MB in all, or more than it says. Send it '
      'with fewer or smaller pictures.'
    when 'too_many_pixels' then 'The picture is too large: up to 120 megapixels, and as PNG up to 64 MB unpacked. Make it smaller, '
      'or send it as JPEG.'
    when 'too_complex' then 'The PDF has more than 250,000 parts, or parts within parts too deep. Print it to a new PDF and send that.'
    when 'size_mismatch' then 'There are more or fewer bytes than announced. Request another upload.'
    when 'digest_mismatch' then 'The bytes are others than announced. Request another upload.'
    else 'The bytes are not what was announced. Request another upload.'
  end;
end;

comment on function app_private.rejection_hint(text) is 'Why a file was rejected and what helps, for people; one for each rejection.';

reset role;
-- end of source: functions/files/rejection_hint.sql

-- source: functions/files/require_file_facts.sql
-- What can be said no to before a byte was sent. The ending of the name must fit the type: the name is what a computer
-- opens the download by, whatever is inside. FND-13.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/refuse.sql
-- requires: functions/files/rejection_hint.sql

set role app_engine;

create or replace function app_private.require_file_facts(
  surface app_private.file_surfaces, filename text, content_type text, size_bytes bigint, sha256 text
) returns void
language plpgsql stable
set search_path = ''
as $$
declare
  v_extensions text[];
begin
  select file_types.extensions into v_extensions
  from app_private.file_surface_types
  join app_private.file_types on file_types.content_type = file_surface_types.content_type
  where file_surface_types.surface = (require_file_facts.surface).key
    and file_surface_types.content_type = require_file_facts.content_type;
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'content_type_not_taken',
      jsonb_build_object('field', 'contentType', 'taken', (
        select jsonb_agg(file_surface_types.content_type order by file_surface_types.content_type)
        from app_private.file_surface_types
        where file_surface_types.surface = (require_file_facts.surface).key)),
      case when content_type in ('image/heic', 'image/heif', 'image/heic-sequence', 'image/heif-sequence')
           then app_private.rejection_hint('heic')
           else 'A file of this type is not taken here.' end);
  end if;

  -- The second range is what turns text around or hides in it: invoice‮fdp.exe reads invoiceexe.pdf. U+200D is taken where it
  -- joins what is no ASCII: pictures of several parts.
  if not coalesce(filename ~ '[[:alnum:]]' and length(filename) <= 200
                  and filename !~ '[[:cntrl:]/\\]' and filename !~ '[\u200B\u200C\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF]'
                  and filename !~ '(^|[\u0001-\u007F\u200D])\u200D|\u200D([\u0001-\u007F]|$)', false) then
    perform app_hidden.refuse(
      'VALIDATION', 'filename_not_usable', '{"field": "filename"}',
      'A file''s name is one line of up to 200 characters without slashes.');
  end if;
  if app_hidden.ascii_lower(substring(filename from '\.([A-Za-z0-9]+)$')) = any (v_extensions) is not true then
    perform app_hidden.refuse(
      'VALIDATION', 'filename_of_another_type', jsonb_build_object('field', 'filename', 'endings', v_extensions),
      'The ending of the name does not fit the type of the file.');
  end if;

  if not coalesce(size_bytes between 1 and surface.max_bytes, false) then
    perform app_hidden.refuse(
      'VALIDATION', 'file_too_large', jsonb_build_object('field', 'sizeBytes', 'least', 1, 'most', surface.max_bytes),
      format('The file is empty, or larger than the %s that are taken here.', pg_size_pretty(surface.max_bytes)));
  end if;
  if not coalesce(sha256 ~ '^[0-9a-f]{64}$', false) then
    perform app_hidden.refuse(
      'VALIDATION', 'digest_not_readable', '{"field": "sha256"}', 'Give the SHA-256 of the bytes as 64 lower-case hex digits.');
  end if;
end;
$$;

comment on function app_private.require_file_facts(app_private.file_surfaces, text, text, bigint, text) is
  'Passes when the surface takes such a file; else VALIDATION content_type_not_taken, filename_not_usable, '
  'filename_of_another_type, file_too_large or digest_not_readable.';

reset role;
-- end of source: functions/files/require_file_facts.sql

-- source: functions/files/request_upload.sql
-- The first step of an upload: what will come, and where it belongs. The bytes go from the browser to the object store
-- by the URL in File.upload, and count after confirmUpload. FND-13.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/files/require_upload_right.sql
-- requires: functions/files/require_upload_allowance.sql
-- requires: functions/files/require_file_facts.sql
-- requires: functions/files/known_content_type.sql

set role app_engine;

create or replace function app_public.request_upload(
  surface text,
  owner_id uuid,
  filename text,
  content_type text,
  size_bytes bigint,
  sha256 text
) returns app_public.files
language plpgsql volatile strict security definer
set search_path = ''
as $$
declare
  v_surface app_private.file_surfaces;
  v_organization_id uuid;
  v_id uuid := uuidv7();
  v_file app_public.files;
  v_content_type constant text := app_private.known_content_type(content_type);
  -- What a name has around it is a slip of whoever copied it, no part of it.
  v_filename constant text := normalize(btrim(filename, E' \t\u00A0\uFEFF'));
begin
  select file_surfaces.* into v_surface
  from app_private.file_surfaces
  where file_surfaces.key = request_upload.surface;
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'surface_unknown',
      jsonb_build_object('field', 'surface', 'legal', (select jsonb_agg(file_surfaces.key order by file_surfaces.key) from app_private.file_surfaces)),
      'There is no such kind of file. Choose one of those in legal.');
  end if;
  v_organization_id := app_private.require_upload_right(v_surface, owner_id);
  perform app_private.require_file_facts(v_surface, v_filename, v_content_type, size_bytes, sha256);
  perform app_private.require_upload_allowance(v_surface, v_organization_id, owner_id);

  insert into app_public.files
    (id, organization_id, surface, audience, service_id, specialist_id, appointment_id,
     filename, content_type, size_bytes, sha256, object_key, uploaded_by, expires_at)
  values
    (v_id, v_organization_id, v_surface.key, v_surface.audience,
     case v_surface.owner_kind when 'service' then owner_id end,
     case v_surface.owner_kind when 'specialist' then owner_id end,
     case v_surface.owner_kind when 'appointment' then owner_id end,
     v_filename, v_content_type, size_bytes, sha256, concat_ws('/', v_organization_id, v_surface.prefix, v_id),
     app_hidden.current_principal_id(), app_hidden.now() + interval '1 day')
  returning * into v_file;
  return v_file;
end;
$$;

comment on function app_public.request_upload(text, uuid, text, text, bigint, text) is
  'Announces a file: surface names the kind (organization_logo, service_attachments, specialist_signatures, '
  'appointment_files), ownerId the row it belongs to. Send the bytes with File.upload, then confirmUpload.';
grant execute on function app_public.request_upload(text, uuid, text, text, bigint, text) to app_member;

reset role;
-- end of source: functions/files/request_upload.sql

-- source: functions/notify/notify_many.sql
-- Tells many people the same thing in the transaction of its cause. FND-15.
-- Telling the same person about the same event twice tells once, so a consumer may be retried.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/core/refuse.sql
-- requires: functions/notify/queue_messages.sql

set role app_engine;
create or replace function app_private.notify_many(
  organization_id uuid,
  template_key text,
  recipients app_private.message_recipient[],
  data jsonb default '{}',
  event_id uuid default null,
  calendar_uid uuid default null
) returns uuid[]
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_type app_private.message_types;
  v_recipients app_private.message_recipient[];
  v_problem text;
begin
  select message_types.* into v_type
  from app_private.message_types
  where message_types.key = notify_many.template_key;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'message_template_unknown', jsonb_build_object('template', notify_many.template_key),
      'messageTexts lists the messages of the clinic.');
  end if;

  if (v_type.calendar_status is null) <> (notify_many.calendar_uid is null) then
    perform app_hidden.refuse('VALIDATION', 'message_calendar_mismatch', jsonb_build_object('template', v_type.key),
      'A message carries a calendar entry if and only if its template has one.');
  end if;

  select recipient.locale into v_problem
  from unnest(notify_many.recipients) as recipient
  where recipient.locale <> all (array['ro', 'en'])
  limit 1;
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'message_template_unknown', jsonb_build_object(
      'template', v_type.key, 'locale', v_problem), 'Messages are written in Romanian (ro) and English (en).');
  end if;

  select difference.name into v_problem
  from unnest(notify_many.recipients) as recipient
  cross join lateral (
    select given.name
    from jsonb_object_keys(coalesce(notify_many.data, '{}') || coalesce(recipient.data, '{}')) as given (name)
    where given.name <> all (v_type.variables)
    union all
    select needed.name
    from unnest(v_type.variables) as needed (name)
    where not coalesce(notify_many.data, '{}') || coalesce(recipient.data, '{}') ? needed.name
  ) as difference
  order by difference.name
  limit 1;
  if v_problem is not null then
    perform app_hidden.refuse('VALIDATION', 'message_variables_mismatch', jsonb_build_object(
      'template', v_type.key, 'variable', v_problem), 'Give the variables of the template, each of them and no other.');
  end if;

  if exists (
    select from unnest(notify_many.recipients) as recipient
    where case
      when recipient.patient_profile_id is not null then not exists (
        select from app_public.patients
        where patients.organization_id = notify_many.organization_id
          and patients.patient_profile_id = recipient.patient_profile_id)
      when recipient.human_id is not null then not exists (
        select from app_public.humans where humans.principal_id = recipient.human_id)
      else recipient.name is null
    end
  ) then
    perform app_hidden.refuse('NOT_FOUND', 'message_recipient_unknown', jsonb_build_object('template', v_type.key),
      'Name a person or an address to write to.');
  end if;

  select array_agg(
    row(recipient.patient_profile_id, recipient.human_id, recipient.name, recipient.email, recipient.phone,
        recipient.locale, coalesce(notify_many.data, '{}') || coalesce(recipient.data, '{}'))::app_private.message_recipient)
  into v_recipients
  from unnest(notify_many.recipients) as recipient
  where notify_many.event_id is null or not exists (
    select from app_public.messages
    where messages.organization_id = notify_many.organization_id
      and messages.event_id = notify_many.event_id
      and messages.template_key = notify_many.template_key
      and messages.recipient = coalesce(
        recipient.patient_profile_id::text, recipient.human_id::text, app_hidden.ascii_lower(recipient.email), recipient.phone, ''));

  return app_private.queue_messages(
    notify_many.organization_id, v_type.key, v_recipients, notify_many.event_id, notify_many.calendar_uid);
end;
$$;

comment on function app_private.notify_many(uuid, text, app_private.message_recipient[], jsonb, uuid, uuid) is
  'Queues a message to each of these people over the channels that suit them; answers the ids of the new messages. '
  'An unknown message, person or language, a missing or an unknown variable is refused, and then nobody is told.';

revoke all on function app_private.notify_many(uuid, text, app_private.message_recipient[], jsonb, uuid, uuid) from public;
reset role;
-- end of source: functions/notify/notify_many.sql

-- source: functions/identity/first_sign_in.sql
-- Links a sign-in with a human, once, whoever comes twice at the same moment. FND-03.
-- Only a verified email proves who somebody is. An unverified one makes no human either: whoever came first with
-- somebody else's address would share the account with its owner, or be given what a clinic means for that owner.
-- requires: functions/core/ascii_lower.sql
-- requires: functions/identity/address_key.sql
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/identity/human_by_email.sql

set role app_engine;

create or replace function app_private.first_sign_in(
  issuer text,
  subject text,
  email text,
  email_verified boolean,
  display_name text,
  locale text
) returns uuid
language plpgsql volatile
set search_path = ''
as $$
declare
  v_email text := app_hidden.address_key(first_sign_in.email);
  -- The provider lets people call themselves anything; ours is one line of text, and no reason to turn them away.
  v_name text := btrim(regexp_replace(first_sign_in.display_name, '[[:cntrl:]]+', ' ', 'g'));
  v_principal_id uuid;
begin
  if coalesce(v_email, '') = '' then
    perform app_hidden.refuse('UNAUTHENTICATED', 'email_missing', '{"claim": "email"}',
      'The sign-in must carry an email address: the session token lacks the claim email (docs/guides/sign_in.md).');
  end if;
  perform pg_advisory_xact_lock(hashtextextended('sign_in:' || v_email, 0));

  select identities.principal_id into v_principal_id
  from app_private.identities
  where identities.issuer = first_sign_in.issuer and identities.subject = first_sign_in.subject
    and identities.principal_id is not null;
  if found then
    return v_principal_id;
  end if;

  if email_verified is null then
    perform app_hidden.refuse('UNAUTHENTICATED', 'email_verified_missing', '{"claim": "email_verified"}',
      'The sign-in must say whether the address is verified: the session token lacks the claim email_verified (docs/guides/sign_in.md).');
  elsif not email_verified then
    perform app_hidden.refuse('UNAUTHENTICATED', 'email_not_verified', '{}', 'Verify your email address, then sign in again.');
  end if;

  v_principal_id := app_private.human_by_email(v_email, left(v_email, 200), locale);
  -- Whoever is new, or was named before they came, is called from now on as they call themselves, if that can be read.
  update app_public.humans
  set email_verified_at = app_hidden.now(),
      display_name = case when v_name ~ '[[:alnum:]]' then left(v_name, 200) else humans.display_name end,
      locale = case when first_sign_in.locale in ('ro', 'en') then first_sign_in.locale else humans.locale end
  where humans.principal_id = v_principal_id and humans.email_verified_at is null;
  insert into app_private.identities (issuer, subject, principal_id, provider_name, provider_locale)
  values (first_sign_in.issuer, first_sign_in.subject, v_principal_id, left(v_name, 200), left(app_hidden.ascii_lower(first_sign_in.locale), 2))
  on conflict on constraint identities_pkey do nothing;
  if not found then
    -- The provider deleted the sign-in while it came in for the first time.
    perform app_hidden.refuse('UNAUTHENTICATED', 'account_disabled', '{}', 'This account is closed. Ask the clinic.');
  end if;
  return v_principal_id;
end;
$$;

comment on function app_private.first_sign_in(text, text, text, boolean, text, text) is
  'Links or creates the human of a sign-in that was never seen before.';

reset role;
-- end of source: functions/identity/first_sign_in.sql

-- source: functions/notify/read_way.sql
-- Where somebody is reached over a channel, as it is kept, however it was written: an address or a number. A channel that
-- there is not, and what nobody can be reached at, is refused rather than looked for in vain. FND-34, FND-35.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/read_email.sql
-- requires: functions/identity/read_phone.sql
-- requires: functions/identity/refuse_email.sql
-- requires: functions/identity/refuse_phone.sql
-- requires: functions/identity/home_region.sql

create or replace function app_private.read_way(channel text, address text, organization_id uuid) returns text
language plpgsql stable
set search_path = ''
as $$
declare
  v_reaches text;
  v_read text;
  v_problem text;
begin
  select channels.reaches into v_reaches from app_private.channels where channels.name = read_way.channel;
  if not found then
    perform app_hidden.refuse(
      'VALIDATION', 'message_channel_unknown',
      jsonb_build_object('field', 'channel', 'legal', (
        select jsonb_agg(channels.name order by channels.name) from app_private.channels)),
      'Choose one of the channels in legal.');
  end if;

  case v_reaches
    when 'email' then
      select reading.address, reading.problem into v_read, v_problem from app_hidden.read_email(read_way.address) as reading;
      if v_problem is not null then
        perform app_hidden.refuse_email(v_problem, 'address');
      end if;
    when 'phone' then
      select reading.number, reading.problem into v_read, v_problem
      from app_hidden.read_phone(
        read_way.address, app_private.home_region('messages', read_way.organization_id, null)) as reading;
      if v_problem is not null then
        perform app_hidden.refuse_phone(v_problem, 'address');
      end if;
    else
      v_read := btrim(read_way.address);
  end case;
  if v_read is null then
    perform app_hidden.refuse('VALIDATION', 'required', '{"field": "address"}', 'Say which address or number.');
  end if;
  return v_read;
end;
$$;

comment on function app_private.read_way(text, text, uuid) is
  'The address or number over a channel as it is kept; VALIDATION with the reason for a channel or an address that is none.';
grant execute on function app_private.read_way(text, text, uuid) to app_engine;
-- end of source: functions/notify/read_way.sql

-- source: functions/notify/lift_suppression.sql
-- Somebody with the permission says that an address is good again, and why. FND-35, FND-15.
-- A clinic lifts what its own vendor reported. Where it sends through the platform's account, it may also have a dead
-- address tried again: that harms nobody, and one more bounce ends it. A complaint about the platform's mails is
-- lifted by the platform alone, whose name as a sender is at stake, and a STOP by nobody but who said it.
-- Only addresses that this clinic was kept from writing to: others are not there, so nobody finds out about them.
-- requires: functions/notify/read_way.sql
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/identity/is_superadmin.sql
-- requires: functions/notify/lift_suppressions.sql

set role app_engine;
create or replace function app_public.lift_suppression(
  channel text,
  address text,
  reason text,
  organization_id uuid default null
) returns boolean
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_address text;
  v_reason constant text := btrim(coalesce(lift_suppression.reason, ''));
  v_by_own_account boolean;
  v_lifted int;
begin
  if organization_id is not null then
    perform app_private.require_permission(organization_id, 'suppressions.lift');
  elsif not app_hidden.is_superadmin() then
    perform app_hidden.refuse('FORBIDDEN', 'superadmin_only', '{}', 'Name your clinic: only the platform lifts for everybody.');
  end if;
  if v_reason !~ '[[:alnum:]]' or length(v_reason) > 500 or v_reason ~ '[[:cntrl:]]' then
    perform app_hidden.refuse('VALIDATION', 'reason_missing', '{"field": "reason"}', 'Say in one line of up to 500 characters why.');
  end if;

  v_address := app_private.read_way(lift_suppression.channel, lift_suppression.address, organization_id);

  if organization_id is null then
    v_lifted := app_private.lift_suppressions(null, lift_suppression.channel, v_address, array['bounce', 'complaint'], 'permission', v_reason);
  else
    if not exists (
      select from app_public.messages
      where messages.organization_id = lift_suppression.organization_id
        and messages.address = v_address
        and messages.channel = lift_suppression.channel
    ) then
      perform app_hidden.refuse('NOT_FOUND', 'not_suppressed', '{"field": "address"}', 'This address is written to as any other.');
    end if;

    v_by_own_account := exists (
      select from app_public.organization_service_providers as choice
      where choice.organization_id = lift_suppression.organization_id
        and choice.capability = lift_suppression.channel
        and choice.integration_id is not null);
    v_lifted := app_private.lift_suppressions(
      organization_id, lift_suppression.channel, v_address, array['bounce', 'complaint'], 'permission', v_reason);
    if not v_by_own_account then
      v_lifted := v_lifted + app_private.lift_suppressions(
        null, lift_suppression.channel, v_address, array['bounce'], 'permission', v_reason);
      if v_lifted = 0 and exists (
        select from app_private.suppressed_addresses as known
        where known.channel = lift_suppression.channel and known.address = v_address
      ) then
        perform app_hidden.refuse('STATE', 'complaint_to_the_platform', '{"field": "address"}',
          'Its owner complained about mails of the platform: ask the platform to lift it.');
      end if;
    end if;
    if v_lifted = 0 and exists (
      select from app_private.opt_outs
      where opt_outs.organization_id = lift_suppression.organization_id
        and opt_outs.channel = lift_suppression.channel and opt_outs.address = v_address
    ) then
      perform app_hidden.refuse('STATE', 'opted_out', '{"field": "address"}',
        'Its owner asked not to be written to: a START from that number takes it back.');
    end if;
  end if;
  if v_lifted = 0 then
    perform app_hidden.refuse('NOT_FOUND', 'not_suppressed', '{"field": "address"}', 'This address is written to as any other.');
  end if;
  return true;
end;
$$;

comment on function app_public.lift_suppression(text, text, text, uuid) is
  'Lets the clinic write again over a channel to an address that was reported as dead or whose owner complained; the '
  'reason is kept on record. Needs suppressions.lift. Without organizationId: what the platform''s own vendors reported, '
  'superadmin only. NOT_FOUND when nothing keeps the clinic from writing there; VALIDATION for a channel or an address '
  'that is none; STATE for a STOP, which only its owner takes back, and for a complaint to the platform.';
grant execute on function app_public.lift_suppression(text, text, text, uuid) to app_member;
reset role;
-- end of source: functions/notify/lift_suppression.sql

-- source: functions/notify/record_message_status.sql
-- A vendor reports what became of a message. FND-15, FND-25, FND-35.
-- A report speaks of what went by the very account it came from: a clinic that signs one with its own keys and names
-- another's message finds none.
-- requires: functions/core/refuse.sql
-- requires: functions/core/now.sql
-- requires: functions/notify/apply_message_reports.sql

set role app_engine;
create or replace function app_private.record_message_status(
  integration_id uuid,
  vendor text,
  vendor_id text,
  status text,
  occurred_at timestamptz,
  reason text default null,
  address_is_dead boolean default false
) returns void
language plpgsql volatile security definer
set search_path = ''
as $$
begin
  if record_message_status.status is null
    or record_message_status.status not in ('sent', 'delivered', 'read', 'failed', 'bounced', 'bounced_for_now', 'complained') then
    perform app_hidden.refuse('VALIDATION', 'message_status_unknown', jsonb_build_object('status', record_message_status.status),
      'A status that message_moves knows.');
  end if;

  perform pg_advisory_xact_lock(hashtextextended('vendor id:' || record_message_status.vendor_id, 0));
  insert into app_private.message_reports (integration_id, vendor, vendor_id, status, occurred_at, reason, address_is_dead, received_at)
  values (record_message_status.integration_id, record_message_status.vendor, record_message_status.vendor_id,
          record_message_status.status, record_message_status.occurred_at, left(record_message_status.reason, 500),
          coalesce(record_message_status.address_is_dead, false), app_hidden.now())
  on conflict do nothing;

  perform app_private.apply_message_reports(record_message_status.integration_id, record_message_status.vendor_id);
end;
$$;

comment on function app_private.record_message_status(uuid, text, text, text, timestamptz, text, boolean) is
  'Takes what a vendor says of a message that went by this integration, or (null) by the platform''s account: sent, '
  'delivered, read, failed, bounced, bounced_for_now or complained. Reports may come twice, in any order, and before our '
  'own record of the sending. A dead address and a complaint end writing to it.';

revoke all on function app_private.record_message_status(uuid, text, text, text, timestamptz, text, boolean) from public;
grant execute on function app_private.record_message_status(uuid, text, text, text, timestamptz, text, boolean) to app_worker;
reset role;
-- end of source: functions/notify/record_message_status.sql

-- source: functions/notify/set_notification_preference.sql
-- A person says what they want to be told over which channel; nobody says it for them, a caregiver aside. FND-15.
-- requires: functions/core/refuse.sql
-- requires: functions/notify/require_own_person.sql

set role app_engine;
create or replace function app_public.set_notification_preference(
  topic text,
  channel text,
  is_enabled boolean,
  patient_profile_id uuid default null
) returns app_public.notification_preferences
language plpgsql volatile security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_human_id uuid := app_private.require_own_person(set_notification_preference.patient_profile_id);
  v_preference app_public.notification_preferences;
begin
  if not exists (select from app_public.message_topics where message_topics.key = set_notification_preference.topic) then
    perform app_hidden.refuse('VALIDATION', 'message_topic_unknown', '{"field": "topic"}', 'messageTopics lists the topics.');
  end if;
  if not exists (select from app_private.channels where channels.name = set_notification_preference.channel) then
    perform app_hidden.refuse(
      'VALIDATION', 'message_channel_unknown',
      jsonb_build_object('field', 'channel', 'legal', (select jsonb_agg(channels.name order by channels.name) from app_private.channels)),
      'Choose one of the channels in legal.');
  end if;
  if set_notification_preference.is_enabled is null then
    perform app_hidden.refuse('VALIDATION', 'notification_preference_says_nothing', '{"field": "isEnabled"}', 'Say true or false.');
  end if;

  insert into app_public.notification_preferences (human_id, patient_profile_id, topic, channel, is_enabled)
  values (v_human_id, set_notification_preference.patient_profile_id, set_notification_preference.topic,
          set_notification_preference.channel, set_notification_preference.is_enabled)
  on conflict on constraint notification_preferences_are_set_once do update set is_enabled = excluded.is_enabled
  returning notification_preferences.* into v_preference;
  return v_preference;
end;
$$;

comment on function app_public.set_notification_preference(text, text, boolean, uuid) is
  'Switches a topic on or off over a channel, for oneself or for a person one acts for. What is said for a patient '
  'goes before what is said for the account.';
revoke all on function app_public.set_notification_preference(text, text, boolean, uuid) from public;
grant execute on function app_public.set_notification_preference(text, text, boolean, uuid) to app_member;

reset role;
-- end of source: functions/notify/set_notification_preference.sql

-- source: functions/notify/set_whatsapp_template.sql
-- A clinic names the text that WhatsApp approved for its sender. FND-15.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/notify/printable_variables.sql

set role app_engine;
create or replace function app_public.set_whatsapp_template(
  organization_id uuid,
  template_key text,
  locale text,
  content_sid text,
  variables text[]
) returns app_public.whatsapp_templates
language plpgsql volatile strict security definer
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_names text[];
  v_unknown text;
  v_template app_public.whatsapp_templates;
begin
  perform app_private.require_permission(set_whatsapp_template.organization_id, 'message_templates.manage');
  select app_private.printable_variables(message_types.variables, 'whatsapp') into v_names
  from app_private.message_types
  join app_private.message_channels
    on message_channels.template_key = message_types.key and message_channels.channel = 'whatsapp'
  where message_types.key = set_whatsapp_template.template_key;
  if not found then
    perform app_hidden.refuse('VALIDATION', 'message_template_unknown', jsonb_build_object(
      'template', set_whatsapp_template.template_key, 'channel', 'whatsapp'), 'messageTexts lists the messages that WhatsApp carries.');
  end if;
  select coalesce(given.name, '') into v_unknown
  from unnest(set_whatsapp_template.variables) as given (name)
  where given.name is null or given.name <> all (v_names)
  limit 1;
  if v_unknown is not null then
    perform app_hidden.refuse(
      'VALIDATION', 'message_variables_mismatch',
      jsonb_build_object('field', 'variables', 'variable', v_unknown, 'legal', to_jsonb(v_names)),
      'Name variables of the message, as listed in legal.');
  end if;

  insert into app_public.whatsapp_templates (organization_id, template_key, locale, content_sid, variables)
  values (set_whatsapp_template.organization_id, set_whatsapp_template.template_key, set_whatsapp_template.locale,
          set_whatsapp_template.content_sid, set_whatsapp_template.variables)
  on conflict on constraint whatsapp_templates_pkey do update
    set content_sid = excluded.content_sid, variables = excluded.variables
  returning whatsapp_templates.* into v_template;
  return v_template;
end;
$$;

comment on function app_public.set_whatsapp_template(uuid, text, text, text, text[]) is
  'Names the approved WhatsApp text of a message in a language, and what stands for its {{1}}, {{2}} and so on. Needs '
  'message_templates.manage.';
revoke all on function app_public.set_whatsapp_template(uuid, text, text, text, text[]) from public;
grant execute on function app_public.set_whatsapp_template(uuid, text, text, text, text[]) to app_member;

reset role;
-- end of source: functions/notify/set_whatsapp_template.sql

-- source: functions/notify/text_to_preview.sql
-- What the renderer needs to show a message as its reader will see it. FND-15.
-- requires: functions/core/refuse.sql
-- requires: functions/identity/require_permission.sql
-- requires: functions/notify/require_text.sql
-- requires: functions/notify/words_of.sql

set role app_engine;
create or replace function app_hidden.text_to_preview(
  organization_id uuid,
  template_key text,
  channel text,
  locale text,
  title text,
  body text,
  data jsonb
) returns table (
  words_title text,
  words_body text,
  words_data jsonb,
  clinic_name text,
  clinic_email text,
  clinic_phone text,
  clinic_address text
)
language plpgsql stable security definer rows 1
set search_path = ''
as $$
#variable_conflict use_column
declare
  v_title text := text_to_preview.title;
  v_body text := text_to_preview.body;
  v_type app_private.message_types;
  v_unknown text;
begin
  perform app_private.require_permission(text_to_preview.organization_id, 'message_templates.manage');
  if jsonb_typeof(text_to_preview.data) <> 'object' then
    perform app_hidden.refuse('VALIDATION', 'message_data_malformed', '{"field": "data"}', 'An object with the variables to replace.');
  end if;
  if text_to_preview.body is null then
    select words.title, words.body into v_title, v_body
    from app_private.words_of(
      text_to_preview.organization_id, text_to_preview.template_key, text_to_preview.channel, text_to_preview.locale) as words;
  end if;
  perform app_private.require_text(
    text_to_preview.template_key, text_to_preview.channel, text_to_preview.locale, v_title, coalesce(v_body, ''));

  select message_types.* into v_type from app_private.message_types where message_types.key = text_to_preview.template_key;
  select given.name into v_unknown
  from jsonb_object_keys(coalesce(text_to_preview.data, '{}')) as given (name)
  where given.name <> all (v_type.variables)
  order by given.name
  limit 1;
  if v_unknown is not null then
    perform app_hidden.refuse('VALIDATION', 'message_variables_mismatch', jsonb_build_object(
      'template', v_type.key, 'variable', v_unknown), 'Replace only what the message has: see variables in messageTexts.');
  end if;

  return query
  select v_title, v_body, v_type.sample || coalesce(text_to_preview.data, '{}'),
    organizations.name, organizations.contact_email, organizations.contact_phone,
    nullif(concat_ws(', ', organizations.street, organizations.city), '')
  from app_public.organizations
  where organizations.id = text_to_preview.organization_id;
end;
$$;

comment on function app_hidden.text_to_preview(uuid, text, text, text, text, text, jsonb) is
  'The clinic''s words for a message, or the draft that is given, with sample data. Needs message_templates.manage.';
revoke all on function app_hidden.text_to_preview(uuid, text, text, text, text, text, jsonb) from public;
grant execute on function app_hidden.text_to_preview(uuid, text, text, text, text, text, jsonb) to app_member;

reset role;
-- end of source: functions/notify/text_to_preview.sql

-- source: policies/appointments/booking_requests.sql
-- Staff with appointments.view; the guest only through the token of the request. APT-09.
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/identity/tg_read_facts.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/tg_guard_state.sql
-- requires: functions/core/classify.sql

alter table app_public.booking_requests enable row level security;
alter table app_public.booking_requests force row level security;

grant select (id, organization_id, calendar_id, service_id, specialist_id, status, given_name, family_name, email, phone, message,
              locale, starts_at, ends_at, price_amount, currency, respond_by, decided_at, decided_by, rejection_reason,
              created_at, updated_at)
   on app_public.booking_requests to app_member;

drop policy if exists booking_requests_select_staff on app_public.booking_requests;
create policy booking_requests_select_staff on app_public.booking_requests
  for select to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('appointments.view'))::uuid[]));

grant select, insert, update on app_public.booking_requests to app_engine;
drop policy if exists booking_requests_all_engine on app_public.booking_requests;
create policy booking_requests_all_engine on app_public.booking_requests
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _200_guard_state before insert or update of status on app_public.booking_requests
  for each row execute function app_private.tg_guard_state();

create or replace trigger _050_read_facts before insert or update of given_name, family_name, email, phone on app_public.booking_requests
  for each row execute function app_private.tg_read_facts('person given_name', 'person family_name', 'email email', 'phone phone');

create or replace trigger _100_stamp before insert or update on app_public.booking_requests
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.booking_requests', 'clinic',
  '{"operational": ["id", "organization_id", "claim_id", "locale", "respond_by", "decided_at", "decided_by",
                    "created_at", "updated_at"],
    "pii_basic": ["given_name", "family_name", "email", "phone"],
    "public": ["organizer_email"],
    "phi": ["calendar_id", "service_id", "specialist_id", "status", "message", "starts_at", "ends_at",
            "price_amount", "currency", "rejection_reason"],
    "auth_secret": ["token_hash"]}',
  protected => '{"digest": ["token_hash"]}');
-- end of source: policies/appointments/booking_requests.sql

-- source: policies/catalog/specialists.sql
-- Staff see their clinic's specialists, patients those of their clinics, guests none. The listing columns are
-- all that is granted: account, contact and the rest come from `specialist_details`, to staff only. SPC-05, SPC-06.
-- requires: functions/identity/current_staff_organization_ids.sql
-- requires: functions/identity/current_patient_organization_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/identity/tg_read_facts.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql
-- requires: functions/core/allow_soft_delete.sql

alter table app_public.specialists enable row level security;
alter table app_public.specialists force row level security;

grant select (id, organization_id, title, given_name, family_name, scheduling_active, created_at, updated_at) on app_public.specialists to app_member;

grant insert (organization_id, human_id, title, given_name, family_name, registration_number,
              contact_email, contact_phone, scheduling_timezone, scheduling_active),
      update (human_id, title, given_name, family_name, registration_number,
              contact_email, contact_phone, scheduling_timezone, scheduling_active)
   on app_public.specialists to app_member;

drop policy if exists specialists_select_staff on app_public.specialists;
create policy specialists_select_staff on app_public.specialists
  for select to app_member
  using (organization_id = any ((select app_hidden.current_staff_organization_ids())::uuid[]) and deleted_at is null);

drop policy if exists specialists_select_patient on app_public.specialists;
create policy specialists_select_patient on app_public.specialists
  for select to app_member
  using (organization_id = any ((select app_hidden.current_patient_organization_ids())::uuid[]) and deleted_at is null);

drop policy if exists specialists_insert_manager on app_public.specialists;
create policy specialists_insert_manager on app_public.specialists
  for insert to app_member
  with check (organization_id = any ((select app_hidden.organization_ids_where('specialists.manage'))::uuid[]));

drop policy if exists specialists_update_manager on app_public.specialists;
create policy specialists_update_manager on app_public.specialists
  for update to app_member
  using (organization_id = any ((select app_hidden.organization_ids_where('specialists.manage'))::uuid[]) and deleted_at is null)
  with check (organization_id = any ((select app_hidden.organization_ids_where('specialists.manage'))::uuid[]));

grant select, update on app_public.specialists to app_engine;
drop policy if exists specialists_all_engine on app_public.specialists;
create policy specialists_all_engine on app_public.specialists
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _050_read_facts before insert or update of title, given_name, family_name, contact_email, contact_phone on app_public.specialists
  for each row execute function app_private.tg_read_facts('name title', 'person given_name', 'person family_name', 'email contact_email', 'phone contact_phone');

create or replace trigger _100_stamp before insert or update on app_public.specialists
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.specialists', 'clinic',
  '{"operational": ["id", "organization_id", "scheduling_timezone", "scheduling_active", "created_at",
                    "updated_at", "deleted_at"],
    "pii_basic": ["human_id", "title", "given_name", "family_name", "registration_number", "contact_email",
                  "contact_phone"]}',
  person_column => 'human_id');
select app_private.allow_soft_delete('app_public.specialists', 'specialists.manage',
  'concat_ws('' '', r.title, r.given_name, r.family_name)');
-- end of source: policies/catalog/specialists.sql

-- source: policies/identity/invitations.sql
-- What the clinic typed, for whoever may invite. The invited person reads `my_invitations`. FND-04, FND-07.
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/identity/tg_read_facts.sql
-- requires: functions/core/tg_guard_state.sql
-- requires: functions/core/classify.sql

alter table app_public.invitations enable row level security;
alter table app_public.invitations force row level security;

grant select on app_public.invitations to app_member;

drop policy if exists invitations_select_staff on app_public.invitations;
create policy invitations_select_staff on app_public.invitations
  for select to app_member
  using (
    case kind
      when 'member' then organization_id = any ((select app_hidden.organization_ids_where('members.manage'))::uuid[])
      else organization_id = any ((select app_hidden.organization_ids_where('patients.manage'))::uuid[])
    end
  );

grant select, insert, update on app_public.invitations to app_engine;
drop policy if exists invitations_all_engine on app_public.invitations;
create policy invitations_all_engine on app_public.invitations
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _050_read_facts before insert or update of name, email on app_public.invitations
  for each row execute function app_private.tg_read_facts('person name', 'email email');

create or replace trigger _200_guard_state before insert or update of status on app_public.invitations
  for each row execute function app_private.tg_guard_state();

create or replace trigger _100_stamp before insert or update on app_public.invitations
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.invitations', 'clinic',
  '{"operational": ["id", "organization_id", "kind", "status", "invited_by", "sent_times", "expires_at", "created_at", "updated_at"],
    "pii_basic": ["email", "name", "patient_profile_id"]}',
  person_column => 'patient_profile_id');
-- end of source: policies/identity/invitations.sql

-- source: policies/identity/patient_profiles.sql
-- The person and those who care for them; staff of the clinics where the person is a patient. The test for
-- staff is one index look-up a row, never a list of every patient. FND-07.
-- requires: functions/identity/current_human_patient_profile_ids.sql
-- requires: functions/identity/organization_ids_where.sql
-- requires: functions/identity/tg_read_facts.sql
-- requires: functions/core/tg_stamp.sql
-- requires: functions/core/classify.sql

alter table app_public.patient_profiles enable row level security;
alter table app_public.patient_profiles force row level security;

grant select on app_public.patient_profiles to app_member;

-- What an address may become is said in functions/identity/tg_patient_profiles__email_proof.sql.
grant update (given_name, family_name, email, phone, birth_date, locale) on app_public.patient_profiles to app_member;

drop policy if exists patient_profiles_select_person on app_public.patient_profiles;
create policy patient_profiles_select_person on app_public.patient_profiles
  for select to app_member
  using (id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]));

drop policy if exists patient_profiles_select_staff on app_public.patient_profiles;
create policy patient_profiles_select_staff on app_public.patient_profiles
  for select to app_member
  using (
    exists (
      select from app_public.patients
      where patients.patient_profile_id = patient_profiles.id
        and patients.organization_id = any ((select app_hidden.organization_ids_where('patients.view'))::uuid[])
        and patients.deleted_at is null
    )
  );

drop policy if exists patient_profiles_update_person on app_public.patient_profiles;
create policy patient_profiles_update_person on app_public.patient_profiles
  for update to app_member
  using (id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]))
  with check (id = any ((select app_hidden.current_human_patient_profile_ids())::uuid[]));

-- Until the person has an account, the clinic that made the profile keeps it.
drop policy if exists patient_profiles_update_staff on app_public.patient_profiles;
create policy patient_profiles_update_staff on app_public.patient_profiles
  for update to app_member
  using (
    human_id is null and exists (
      select from app_public.patients
      where patients.patient_profile_id = patient_profiles.id
        and patients.organization_id = any ((select app_hidden.organization_ids_where('patients.manage'))::uuid[])
        and patients.deleted_at is null
    )
  )
  with check (
    human_id is null and exists (
      select from app_public.patients
      where patients.patient_profile_id = patient_profiles.id
        and patients.organization_id = any ((select app_hidden.organization_ids_where('patients.manage'))::uuid[])
        and patients.deleted_at is null
    )
  );

grant select, insert, update on app_public.patient_profiles to app_engine;
drop policy if exists patient_profiles_all_engine on app_public.patient_profiles;
create policy patient_profiles_all_engine on app_public.patient_profiles
  for all to app_engine
  using (true)
  with check (true);

create or replace trigger _050_read_facts before insert or update of given_name, family_name, email, phone on app_public.patient_profiles
  for each row execute function app_private.tg_read_facts('person given_name', 'person family_name', 'email email', 'phone phone');

create or replace trigger _100_stamp before insert or update on app_public.patient_profiles
  for each row execute function app_private.tg_stamp();

select app_private.classify('app_public.patient_profiles', 'medical_record',
  '{"operational": ["locale", "created_at", "updated_at"],
    "pii_basic": ["id", "human_id", "given_name", "family_name", "email", "phone", "birth_date"]}',
  person_column => 'id');
-- end of source: policies/identity/patient_profiles.sql
