-- The action send_email: what its config may be. What it does stands in act_send_email.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "send_email"}', rows => '
label_ro: Trimite un e-mail
label_en: Send a mail
description: Sends the clinic''s words by mail.
needs: {}
is_marketing: false
act_function: act_send_email
check_function: check_send_email
config_schema:
{"type": "object", "additionalProperties": false, "required": ["words"],
 "properties": {
   "words": {"type": "object", "additionalProperties": false, "required": ["ro", "en"], "properties": {"ro": {"type": "object", "additionalProperties": false, "required": ["title", "body"], "properties": {"title": {"type": "string", "minLength": 1, "maxLength": 200}, "body": {"type": "string", "minLength": 1, "maxLength": 20000}}}, "en": {"type": "object", "additionalProperties": false, "required": ["title", "body"], "properties": {"title": {"type": "string", "minLength": 1, "maxLength": 200}, "body": {"type": "string", "minLength": 1, "maxLength": 20000}}}}},
   "to": {"type": "string", "enum": ["patient", "specialist", "staff"]},
   "permission": {"type": "string"},
   "isMarketing": {"type": "boolean"}}}
');
