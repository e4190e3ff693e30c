-- The patient says how it was: once, after the appointment, within a month. It is not edited, so that nobody is asked to.
-- APT-04.

set role app_engine;

create or replace function app_public.review_appointment(appointment_id uuid, rating int, comment text default null)
returns app_public.appointment_reviews
language plpgsql volatile security definer
set search_path = ''
as $$
declare
  v_appointment app_public.appointments;
  v_review app_public.appointment_reviews;
  v_until timestamptz;
begin
  select appointments.* into v_appointment
  from app_public.appointments
  where appointments.id = review_appointment.appointment_id
    and appointments.deleted_at is null
    and appointments.patient_profile_id = any (app_hidden.current_human_patient_profile_ids())
    and appointments.organization_id = any (app_hidden.current_patient_organization_ids())
  for share;
  if not found then
    perform app_hidden.refuse('NOT_FOUND', 'appointment_not_found');
  end if;
  if v_appointment.status <> 'done' then
    perform app_hidden.refuse('STATE', 'appointment_not_done', jsonb_build_object('status', v_appointment.status));
  end if;
  v_until := v_appointment.ends_at + interval '30 days';
  if v_until < app_hidden.now() then
    perform app_hidden.refuse('STATE', 'review_too_late', jsonb_build_object('until', v_until, 'timezone', (
      select organizations.timezone from app_public.organizations where organizations.id = v_appointment.organization_id)));
  end if;
  if rating not between 1 and 5 then
    perform app_hidden.refuse('VALIDATION', 'rating_out_of_range', '{"field": "rating"}');
  end if;
  if length(btrim(comment, e' \t\r\n')) > 2000 then
    perform app_hidden.refuse('VALIDATION', 'comment_too_long', '{"field": "comment", "most": 2000}');
  end if;

  insert into app_public.appointment_reviews (organization_id, appointment_id, rating, comment, created_by)
  values (v_appointment.organization_id, v_appointment.id, review_appointment.rating,
          nullif(btrim(review_appointment.comment, e' \t\r\n'), ''), app_hidden.current_account_id())
  on conflict on constraint appointment_reviews_one_for_an_appointment do nothing
  returning * into v_review;
  if not found then
    perform app_hidden.refuse('CONFLICT', 'reviewed_already');
  end if;

  if exists (
    select from app_public.organizations
    where organizations.id = v_review.organization_id and v_review.rating < organizations.low_rating_below
  ) then
    perform app_private.publish('review.low_rating', v_review.organization_id, v_review.id, jsonb_build_object(
      'appointmentId', v_appointment.id, 'specialistId', v_appointment.specialist_id, 'rating', v_review.rating));
  end if;
  return v_review;
end;
$$;

comment on function app_public.review_appointment is
  E'@arg rating From 1, bad, to 5, very good.\n'
  '@arg comment In the patient''s own words, at most 2000 characters.\n'
  'Says how an appointment was: by its patient or a caregiver, once it is done, within 30 days, and once. STATE '
  'appointment_not_done or review_too_late, CONFLICT reviewed_already.';
grant execute on function app_public.review_appointment to app_member;

reset role;
