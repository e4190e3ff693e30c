-- What is missing says it in words of fixed lists, a session of a plan among it. APT-06, CAT-04, FND-29.
drop function if exists app_private.hold_requirements(app_public.appointments, text);
drop function if exists app_private.hold_requirements(app_public.appointments, text, boolean);
drop function if exists app_private.what_is_missing(app_public.appointments, text, text []);
drop function if exists app_private.what_is_missing(app_public.appointments, text, text [], boolean);
drop function if exists app_private.booking_gate(app_public.appointments);
drop function if exists app_private.pass_gate(app_public.appointments);

alter type app_public.missing_requirement drop attribute if exists message;
alter type app_public.missing_requirement add attribute message text;
alter type app_public.missing_requirement drop attribute if exists patient_service_plan_id;
alter type app_public.missing_requirement add attribute patient_service_plan_id uuid;
comment on type app_public.missing_requirement is
  E'@foreignKey (purpose_version_id) references app_public.consent_purpose_versions (id)\n'
  '@foreignKey (template_id) references app_public.form_templates (id)\n'
  '@foreignKey (form_id) references app_public.forms (id)\n'
  '@foreignKey (patient_service_plan_id) references app_public.patient_service_plans (id)\n'
  'Something that is asked of a patient before an appointment and is not there yet.';
comment on column app_public.missing_requirement.kind is
  E'@words own missing_kind\nWhat is missing.\n'
  'terms: Terms or a notice of the clinic are not accepted.\n'
  'consent: A consent is not given.\n'
  'form: A form is not filled in, or not signed.\n'
  'entitlement: It is to be by a plan, and none pays for it.\n'
  'blocked: The clinic keeps the patient from booking by themselves.';
comment on column app_public.missing_requirement.reason is
  E'@nullable\n@words own missing_reason\nWhy it is missing; null where the clinic blocks, which message explains.\n'
  'older_version: Given, and newer words have to be accepted.\n'
  'withdrawn: Given, and taken back.\n'
  'refused: Asked, and refused.\n'
  'never_given: Not given, and not refused.\n'
  'pending: Nobody has begun the form.\n'
  'in_progress: Some of the form is answered.\n'
  'completed: The form is complete, and not signed.\n'
  'cancelled: Staff took the form back.\n'
  'nothing_left: The sessions of the plan are used up.\n'
  'plan_ended: The plan has ended, or will have by then.\n'
  'plan_paused: The plan has not begun, or its subscription awaits a payment.\n'
  'other_service: The plan is for other services.\n'
  'no_plan: The patient has no open plan that is good for it.';
comment on column app_public.missing_requirement.resolved_by is
  E'@words own missing_resolution\nWhat resolves it.\n'
  'self: The patient accepts words.\n'
  'form: A form is filled in or signed.\n'
  'plan: Another plan is named, or the appointment is paid for by itself.\n'
  'clinic: The clinic is to be asked.';
comment on column app_public.missing_requirement.message is E'@nullable\nWhy the clinic blocks, in its words.';
comment on column app_public.missing_requirement.patient_service_plan_id is E'@nullable\nThe plan that does not pay for it.';

-- Fixed lists that no column holds are enums as well (FND-29).
comment on column app_public.stranded_appointment.rule is
  E'@words own stranded_rule\nWhat is in the way now.\n'
  'specialist_inactive: The specialist is switched off.\n'
  'not_in_calendar: The specialist is not in the calendar any more.\n'
  'not_providing_service: The specialist does not provide the service any more.\n'
  'outside_hours: It is outside the specialist''s hours.\n'
  'closed: The specialist is away.';
comment on column app_public.appointment_moves.overridden_rules is
  E'@words own booking_rule\nRules that were set aside at booking; reason says why.\n'
  'clinic_draft: The clinic is not open yet.\n'
  'calendar_inactive: The calendar is switched off.\n'
  'service_inactive: The service is switched off.\n'
  'calendar_private: The calendar is not public.\n'
  'specialist_inactive: The specialist is switched off.\n'
  'not_in_calendar: The specialist is not in the calendar.\n'
  'not_providing_service: The specialist does not provide the service.\n'
  'in_the_past: It had begun.\n'
  'inside_notice: It began sooner than the notice of the calendar allows.\n'
  'beyond_horizon: It began later than the calendar was open for.\n'
  'outside_hours: It was outside the specialist''s hours.\n'
  'closed: The specialist was away.\n'
  'off_the_grid: It did not begin at a step of the calendar.\n'
  'taken: The time was taken.\n'
  'no_resource: No room or device that it needs was free.\n'
  'blocked: The clinic keeps the patient from booking by themselves.';

