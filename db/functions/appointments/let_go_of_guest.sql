-- What a request brought about for a guest who was somebody else, or whose request fell through: forms that nobody touched go, and
-- so does a patient who was made for it, while nothing else is known of them. Asked of every table that names patients, by what it
-- said for merges; so a new one cannot be forgotten. APT-09, FND-34, docs/decisions/0134.

create or replace function app_private.let_go_of_guest(request app_public.booking_requests) returns void
language plpgsql volatile
set search_path = ''
as $$
declare
  v_patient app_public.patients;
begin
  perform app_private.drop_forms_ahead(request);
  if not request.has_made_patient then
    return;
  end if;
  -- Bookings, consents and forms hold their patient for share: those under way are waited for, and seen.
  select patients.* into v_patient
  from app_public.patients
  where patients.organization_id = request.organization_id
    and patients.patient_profile_id = request.patient_profile_id
    and patients.deleted_at is null
  for update;
  if found and app_private.is_known_by_request_alone(v_patient, request.id) then
    perform app_private.mark_deleted('app_public.patients', v_patient.id, app_hidden.now());
  end if;
end;
$$;

comment on function app_private.let_go_of_guest is
  'Takes back what was made for the guest of a request: untouched forms, and the patient, where nothing else is known of them.';
grant execute on function app_private.let_go_of_guest to app_engine;

create or replace function app_private.is_known_by_request_alone(patient app_public.patients, booking_request_id uuid) returns boolean
language plpgsql stable
set search_path = ''
as $$
declare
  v_is_known boolean;
begin
  if exists (
    select from app_public.patient_profiles
    where patient_profiles.id = patient.patient_profile_id and patient_profiles.human_id is not null
  ) then
    return false;
  end if;
  execute (
    select 'select ' || string_agg(
      format('exists (select from %s as theirs where theirs.%I in ($1, $2)%s%s)', rules.table_name::regclass, rules.column_name,
        case when soft_deletes.table_name is not null then ' and theirs.deleted_at is null' end,
        case rules.table_name when 'app_public.booking_requests' then ' and theirs.id <> $3' end),
      ' or ')
    from app_private.merge_rules as rules
    left join app_private.soft_deletes on soft_deletes.table_name = rules.table_name
    -- The patient themselves, and the words by which they are found.
    where rules.table_name not in ('app_public.patients', 'app_private.patient_search'))
  into strict v_is_known using patient.patient_profile_id, patient.id, booking_request_id;
  return not v_is_known;
end;
$$;

comment on function app_private.is_known_by_request_alone is
  'Whether a patient has no account, and no row of any table names them but that of this request.';
grant execute on function app_private.is_known_by_request_alone to app_engine;
