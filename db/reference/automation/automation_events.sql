-- What an automation can begin with: events about a patient. AUT-01.
-- undone_by is also what tg_events__cancel_automations listens to.

select app_private.own_rows('app_private.automation_events', rows => '
  event_name                          | label_ro                                       | label_en                                | has                   | undone_by
  ------------------------------------+------------------------------------------------+-----------------------------------------+-----------------------+----------------------------------------------------------------------
  appointment.booked                  | Programare făcută                              | Appointment booked                      | {patient,appointment} | {appointment.cancelled}
  appointment.cancelled               | Programare anulată                             | Appointment cancelled                   | {patient,appointment} | {appointment.reinstated}
  appointment.confirmed               | Programare confirmată de pacient               | Appointment confirmed by the patient    | {patient,appointment} | {appointment.cancelled}
  appointment.done                    | Programare încheiată                           | Appointment finished                    | {patient,appointment} | {}
  appointment.noshow                  | Pacientul nu s-a prezentat                     | The patient did not come                | {patient,appointment} | {}
  appointment.reinstated              | Anularea programării a fost retrasă            | Cancellation taken back                 | {patient,appointment} | {appointment.cancelled}
  appointment.rescheduled             | Programare mutată                              | Appointment moved                       | {patient,appointment} | {appointment.cancelled}
  appointment.reminder_due            | Se apropie programarea                         | A reminder is due                       | {patient,appointment} | {appointment.cancelled,appointment.rescheduled}
  appointment.started                 | Programare începută                            | Appointment started                     | {patient,appointment} | {}
  appointment.upcoming                | Programarea este aproape                       | Appointment is near                     | {patient,appointment} | {appointment.cancelled,appointment.rescheduled}
  consent.granted                     | Consimțământ acordat                           | Consent granted                         | {patient}             | {consent.withdrawn}
  consent.refused                     | Consimțământ refuzat                           | Consent refused                         | {patient}             | {}
  consent.withdrawn                   | Consimțământ retras                            | Consent withdrawn                       | {patient}             | {}
  form.cancelled                      | Formular anulat                                | Form cancelled                          | {patient}             | {}
  form.completed                      | Formular completat                             | Form completed                          | {patient}             | {form.cancelled,form.reopened}
  form.created                        | Formular trimis pacientului                    | Form asked of the patient               | {patient}             | {form.cancelled}
  form.reopened                       | Formular redeschis                             | Form reopened                           | {patient}             | {form.cancelled}
  form.signed                         | Formular semnat                                | Form signed                             | {patient}             | {}
  patient.booking_block_lifted        | Programarea online este din nou permisă        | Patient may book again                  | {patient}             | {}
  patient.booking_blocked             | Programarea online a fost blocată              | Patient kept from booking               | {patient}             | {patient.booking_block_lifted}
  patient.onboarded                   | Pacient nou                                    | New patient                             | {patient}             | {}
  patient.profile_completed           | Profil completat                               | Profile completed                       | {patient}             | {}
  patient_subscription.active         | Abonament activ                                | Subscription active                     | {patient}             | {patient_subscription.canceled,patient_subscription.expired}
  patient_subscription.canceled       | Abonament anulat                               | Subscription cancelled                  | {patient}             | {}
  patient_subscription.expired        | Abonament expirat                              | Subscription expired                    | {patient}             | {}
  patient_subscription.past_due       | Abonament cu plata întârziată                  | Subscription past due                   | {patient}             | {patient_subscription.active,patient_subscription.canceled}
  patient_subscription.tier_changed   | Abonament schimbat                             | Subscription changed                    | {patient}             | {patient_subscription.canceled}
  patient_subscription.trialing       | Perioadă de probă începută                     | Trial started                           | {patient}             | {patient_subscription.canceled,patient_subscription.expired}
  review.low_rating                   | Recenzie cu puține stele                       | Review with few stars                   | {patient,appointment} | {}
  segment.entered                     | Pacientul a intrat într-un segment             | Patient entered a segment               | {patient}             | {}
  segment.left                        | Pacientul a ieșit dintr-un segment             | Patient left a segment                  | {patient}             | {}
  session.aggregated                  | Ședință înregistrată, rezultate disponibile    | Session recorded, results are known     | {patient}             | {}
  treatment_plan.assigned             | Plan de tratament atribuit                     | Treatment plan assigned                 | {patient}             | {}
  treatment_plan.completed            | Plan de tratament încheiat                     | Treatment plan completed                | {patient}             | {}
  treatment_plan.expired              | Plan de tratament expirat                      | Treatment plan expired                  | {patient}             | {}
  treatment_plan.low_adherence        | Pacientul rămâne în urmă cu planul             | Patient falls behind with the plan      | {patient}             | {}
  treatment_plan.session_completed    | Ședință din plan efectuată                     | Session of the plan done                | {patient}             | {}
');
