-- The action block_booking: what its config may be. What it does stands in act_block_booking.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "block_booking"}', rows => '
label_ro: Oprește programările
label_en: Block booking
description: Keeps the patient from booking by themselves.
needs: {patient}
is_marketing: false
act_function: act_block_booking
config_schema:
{"type": "object", "additionalProperties": false, "required": ["reason"],
 "properties": {
   "reason": {"type": "string", "minLength": 3, "maxLength": 500},
   "days": {"type": "integer", "minimum": 1, "maximum": 3650}}}
');
