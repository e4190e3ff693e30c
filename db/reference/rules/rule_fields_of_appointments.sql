-- The fields of what a patient has several of: appointments. SEG-02, SEG-05. r is the row.

select app_private.own_rows('app_private.rule_fields', scope => '{"collection": "appointments"}', rows => '
code: appointment.status
position: 18
type: choice
label_en: State
label_ro: Stare
source: appointments
permission: appointments.view
cost: 3
value_sql: r.status
choices: [{"value": "booked", "ro": "programată", "en": "booked"}, {"value": "upcoming", "ro": "urmează", "en": "upcoming"}, {"value": "confirmed", "ro": "confirmată", "en": "confirmed"}, {"value": "inprogress", "ro": "în desfășurare", "en": "in progress"}, {"value": "done", "ro": "încheiată", "en": "done"}, {"value": "cancelled", "ro": "anulată", "en": "cancelled"}, {"value": "noshow", "ro": "neprezentare", "en": "no-show"}]
==========
code: appointment.service
position: 19
type: choice
label_en: Service
label_ro: Serviciu
source: appointments
permission: appointments.view
cost: 3
value_sql: r.service_id::text
choices_of: services
==========
code: appointment.specialist
position: 20
type: choice
label_en: Specialist
label_ro: Specialist
source: appointments
permission: appointments.view
cost: 3
value_sql: r.specialist_id::text
choices_of: specialists
==========
code: appointment.calendar
position: 21
type: choice
label_en: Calendar
label_ro: Calendar
source: appointments
permission: appointments.view
cost: 3
value_sql: r.calendar_id::text
choices_of: calendars
==========
code: appointment.modality
position: 22
type: choice
label_en: How it takes place
label_ro: Cum are loc
source: appointments
permission: appointments.view
cost: 3
value_sql: r.modality
choices: [{"value": "in_person", "ro": "la clinică", "en": "in person"}, {"value": "video", "ro": "video", "en": "video"}, {"value": "phone", "ro": "telefonic", "en": "by phone"}]
==========
code: appointment.starts_at
position: 23
type: instant
label_en: Day
label_ro: Ziua
source: appointments
permission: appointments.view
cost: 3
value_sql: r.starts_at
==========
code: appointment.created_at
position: 24
type: instant
label_en: Booked on
label_ro: Făcută în
source: appointments
permission: appointments.view
cost: 3
value_sql: r.created_at
==========
code: appointment.is_to_come
position: 25
type: boolean
label_en: Is still to come
label_ro: Urmează
source: appointments
permission: appointments.view
cost: 3
value_sql: r.starts_at > {now}
turns_sql: case when r.starts_at > {now} then r.starts_at end
==========
code: appointment.is_late_cancellation
position: 26
type: boolean
label_en: Was called off late
label_ro: A fost anulată târziu
source: appointments
permission: appointments.view
cost: 3
value_sql: r.is_late_cancellation
==========
code: appointment.is_by_plan
position: 27
type: boolean
label_en: Is by a plan
label_ro: Este dintr-un plan
source: appointments
permission: appointments.view
cost: 3
value_sql: r.patient_service_plan_id is not null
');
