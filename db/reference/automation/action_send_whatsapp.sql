-- The action send_whatsapp: what its config may be. What it does stands in act_send_whatsapp.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "send_whatsapp"}', rows => '
label_ro: Trimite un mesaj WhatsApp
label_en: Send a WhatsApp message
description: Sends the clinic''s approved text over WhatsApp.
needs: {}
is_marketing: false
act_function: act_send_whatsapp
check_function: check_send_whatsapp
config_schema:
{"type": "object", "additionalProperties": false, "required": ["words"],
 "properties": {
   "words": {"type": "object", "additionalProperties": false, "required": ["ro", "en"], "properties": {"ro": {"type": "object", "additionalProperties": false, "required": ["body"], "properties": {"body": {"type": "string", "minLength": 1, "maxLength": 480}}}, "en": {"type": "object", "additionalProperties": false, "required": ["body"], "properties": {"body": {"type": "string", "minLength": 1, "maxLength": 480}}}}},
   "to": {"type": "string", "enum": ["patient", "specialist", "staff"]},
   "permission": {"type": "string"},
   "isMarketing": {"type": "boolean"}}}
');
