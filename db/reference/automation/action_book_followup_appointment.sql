-- The action book_followup_appointment: what its config may be. What it does stands in act_book_followup_appointment.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "book_followup_appointment"}', rows => '
label_ro: Programează controlul
label_en: Book a follow-up appointment
description: Books the first free time after so many days.
needs: {patient}
is_marketing: false
act_function: act_book_followup_appointment
check_function: check_book_followup_appointment
config_schema:
{"type": "object", "additionalProperties": false, "required": ["calendarId", "afterDays"],
 "properties": {
   "calendarId": {"type": "string", "format": "uuid"},
   "afterDays": {"type": "integer", "minimum": 0, "maximum": 365},
   "withinDays": {"type": "integer", "minimum": 1, "maximum": 60},
   "weekdays": {"type": "array", "minItems": 1, "maxItems": 7, "items": {"type": "string", "enum": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]}},
   "from": {"type": "string", "format": "time"},
   "until": {"type": "string", "format": "time"},
   "sameSpecialist": {"type": "boolean"},
   "usePlan": {"type": "boolean"}}}
');
