-- The action block_booking: what its config may be. What it does stands in act_block_booking.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "block_booking"}', rows => '
label_ro: Oprește programările
label_en: Block booking
description_ro: Pacientul nu se mai poate programa singur.
description_en: Keeps the patient from booking by themselves.
needs: {patient}
is_marketing: false
act_function: act_block_booking
config_schema:
{"type": "object", "additionalProperties": false, "required": ["reason"], "x-order": ["reason", "days"],
 "properties": {
   "reason": {"type": "string", "minLength": 3, "maxLength": 500,
     "title": "Reason", "x-title-ro": "Motivul",
     "description": "It stands with the block.", "x-description-ro": "Rămâne scris lângă oprire."},
   "days": {"type": "integer", "minimum": 1, "maximum": 3650,
     "title": "For how many days", "x-title-ro": "Pentru câte zile",
     "description": "Without a number: until somebody lifts it.", "x-description-ro": "Fără număr: până când cineva o ridică."}}}
');
