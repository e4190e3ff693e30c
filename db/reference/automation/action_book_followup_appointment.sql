-- The action book_followup_appointment: what its config may be. What it does stands in act_book_followup_appointment.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "book_followup_appointment"}', rows => '
label_ro: Programează controlul
label_en: Book a follow-up appointment
description_ro: Programează pacientul la prima oră liberă după atâtea zile.
description_en: Books the first free time after so many days.
needs: {patient}
is_marketing: false
act_function: act_book_followup_appointment
check_function: check_book_followup_appointment
config_schema:
{"type": "object", "additionalProperties": false, "required": ["calendarId", "afterDays"],
 "x-order": ["calendarId", "afterDays", "withinDays", "weekdays", "from", "until", "sameSpecialist", "usePlan"],
 "properties": {
   "calendarId": {"type": "string", "format": "uuid", "x-choices": "calendars", "title": "Calendar", "x-title-ro": "Calendar"},
   "afterDays": {"type": "integer", "minimum": 0, "maximum": 365,
     "title": "After how many days", "x-title-ro": "După câte zile",
     "description": "Counted from the event.", "x-description-ro": "Numărate de la eveniment."},
   "withinDays": {"type": "integer", "minimum": 1, "maximum": 60,
     "title": "How many days it looks ahead", "x-title-ro": "În câte zile caută o oră liberă",
     "description": "Without a number: 14.", "x-description-ro": "Fără număr: 14."},
   "weekdays": {"type": "array", "minItems": 1, "maxItems": 7,
     "title": "On which days", "x-title-ro": "În ce zile",
     "description": "None ticked: on any.", "x-description-ro": "Niciuna bifată: în oricare.",
     "items": {"type": "string", "enum": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
       "x-labels": {"mon": {"en": "Monday", "ro": "luni"}, "tue": {"en": "Tuesday", "ro": "marți"}, "wed": {"en": "Wednesday", "ro": "miercuri"},
         "thu": {"en": "Thursday", "ro": "joi"}, "fri": {"en": "Friday", "ro": "vineri"}, "sat": {"en": "Saturday", "ro": "sâmbătă"},
         "sun": {"en": "Sunday", "ro": "duminică"}}}},
   "from": {"type": "string", "format": "time", "title": "Not before", "x-title-ro": "Nu înainte de ora"},
   "until": {"type": "string", "format": "time", "title": "Before", "x-title-ro": "Înainte de ora"},
   "sameSpecialist": {"type": "boolean", "default": false,
     "title": "With the specialist of the appointment that it follows", "x-title-ro": "La specialistul programării de la care pornește"},
   "usePlan": {"type": "boolean", "default": false,
     "title": "Takes a session of the patient''s plan", "x-title-ro": "Folosește o ședință din planul pacientului"}}}
');
