-- The message appointment_rescheduled_by_patient: what it needs, by which ways it goes, and its words on each. FND-15.
-- Sent messages point at the words they were written with, so a text is changed by a record of the next version.

select app_private.own_rows('app_private.message_types', scope => '{"key": "appointment_rescheduled_by_patient"}', rows => '
topic: clinic
expires_with: startsAt
lasts: 2 days
variables: {serviceName,specialistName,startsAt,endsAt,timezone,modality,patientName}
sample: {"endsAt": "2027-03-08T08:00:00Z", "modality": "in_person", "startsAt": "2027-03-08T07:00:00Z", "timezone": "Europe/Bucharest", "patientName": "Maria Ionescu", "serviceName": "Ședință de kinetoterapie", "specialistName": "Dr. Ana Ionescu"}
');

select app_private.own_rows('app_private.message_channels', scope => '{"template_key": "appointment_rescheduled_by_patient"}', rows => '
  channel | route  | rank | is_default
  --------+--------+------+-----------
  email   | letter | 1    | true
');

select app_private.own_rows('app_private.message_templates', scope => '{"template_key": "appointment_rescheduled_by_patient"}', rows => '
channel: email
locale: ro
version: 2
title: Programare mutată de pacient: {{when}}
body:
Bună ziua,

{{patientName}} și-a mutat programarea. Noua oră:

{{serviceName}}
{{specialistName}}
{{when}}
Ora de dinainte este din nou liberă.

==========
channel: email
locale: ro
version: 1
title: Programare mutată de pacient: {{when}}
body:
Bună ziua,

Programarea pacientului {{patientName}} a fost mutată din contul de pacient. Noua oră:

{{serviceName}}
{{specialistName}}
{{when}}
Ora de dinainte este din nou liberă.

==========
channel: email
locale: en
version: 2
title: Appointment moved by the patient: {{when}}
body:
Hello,

{{patientName}} has moved the appointment. The new time:

{{serviceName}}
{{specialistName}}
{{when}}
The time before is free again.

==========
channel: email
locale: en
version: 1
title: Appointment moved by the patient: {{when}}
body:
Hello,

The appointment of {{patientName}} was moved from the patient account. The new time:

{{serviceName}}
{{specialistName}}
{{when}}
The time before is free again.

');
