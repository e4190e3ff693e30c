-- What of a composite type may be null, which a type cannot say of itself: everything else is always filled.

comment on column app_public.audit_values.old is
  E'@nullable\nColumns and their values before; null where there was no row, or what may be personal was erased.';
comment on column app_public.audit_values.new is
  E'@nullable\nColumns and their values after; null where there is no row, or what may be personal was erased.';
comment on column app_public.audit_values.ip is
  E'@nullable\nThe address it was done from; null when it was erased, or nobody outside did it.';
comment on column app_public.audit_values.user_agent is
  E'@nullable\nThe browser or program it was done with; null when it was erased, or nobody outside did it.';

comment on column app_public.booking_receipt.token is
  E'@nullable\nWhat opens the request again: bookingByToken, withdrawBookingRequest. Shown once, by requestBooking; null afterwards.';
comment on column app_public.booking_receipt.respond_by is
  E'@nullable\nUntil when the clinic answers; null when it has answered, or promises nothing.';

comment on column app_public.chart_appointment.cancellation_reason is
  E'@nullable\nWhy it was called off, where it was and somebody said why.';

comment on column app_public.chart_caregiver.ends_on is
  E'@nullable\nThe first day without it; null without an end.';

comment on column app_public.chart_reading.organization_id is
  E'@nullable\nThe clinic where it was read; null for the platform.';
comment on column app_public.chart_reading.organization_name is
  E'@nullable\nThe name of that clinic; null for the platform.';
comment on column app_public.chart_reading.reader_id is
  E'@nullable\nWho read; null when it was no person.';
comment on column app_public.chart_reading.reader_name is
  E'@nullable\nThe name of who read; null when it was no person, or the account is gone.';

comment on column app_public.dead_letter.key is
  E'@nullable\nOf jobs that are never twice in the queue: by what.';
comment on column app_public.dead_letter.last_error is
  E'@nullable\nWhat the last attempt failed with.';

comment on column app_public.deleted_row.organization_id is
  E'@nullable\nThe clinic it belongs to; null for a clinic itself.';

comment on column app_public.duplicates_page.continue_before is
  E'@nullable\nPass it as before to go on; null when every patient was looked at.';

comment on column app_public.hours_overlap.specialist_id is
  E'@nullable\nWhose hours they are; null for hours of a calendar as such.';
comment on column app_public.hours_overlap.calendar_id is
  E'@nullable\nThe calendar whose own hours they are; null for usual hours of a specialist.';

comment on column app_public.patient_chart.email is
  E'@nullable\nThe address of the person, if there is one.';
comment on column app_public.patient_chart.phone is
  E'@nullable\nThe number of the person, in E.164, if there is one.';
comment on column app_public.patient_chart.birth_date is
  E'@nullable\nThe birthday, if it is known.';

comment on column app_public.public_clinic.contact_email is
  E'@nullable\nWhere the clinic answers mail, if it says so.';
comment on column app_public.public_clinic.contact_phone is
  E'@nullable\nWhere the clinic answers calls, in E.164, if it says so.';
comment on column app_public.public_clinic.street is
  E'@nullable\nStreet and number, if the clinic says so.';
comment on column app_public.public_clinic.city is
  E'@nullable\nThe city, if the clinic says so.';

comment on column app_public.public_service.description is
  E'@nullable\nWhat happens in it, in the clinics own words.';

comment on column app_public.public_specialist.title is
  E'@nullable\nWhat stands before the name, such as Dr.';

comment on column app_public.received_invitation.clinic_city is
  E'@nullable\nThe city of the clinic, if it says so.';

comment on column app_public.slot.specialist_ends_at is
  E'@nullable\nWhere lengths differ from specialist to specialist: when each of specialistIds would end, in their order; else null.';

comment on column app_public.specialist_details.human_id is
  E'@nullable\nThe account that the specialist signs in with, if there is one.';
comment on column app_public.specialist_details.registration_number is
  E'@nullable\nThe number in the register of the profession.';
comment on column app_public.specialist_details.contact_email is
  E'@nullable\nWhere the specialist answers mail.';
comment on column app_public.specialist_details.contact_phone is
  E'@nullable\nWhere the specialist answers calls, in E.164.';
comment on column app_public.specialist_details.scheduling_timezone is
  E'@nullable\nThe zone of the usual hours, where it is not the clinics.';
