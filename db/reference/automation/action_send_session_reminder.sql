-- The action send_session_reminder: what its config may be. What it does stands in act_send_session_reminder.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "send_session_reminder"}', rows => '
label_ro: Amintește de ședință
label_en: Send a session reminder
description_ro: Amintește pacientului de vizita care urmează.
description_en: Reminds the patient of the visit that comes next.
needs: {patient}
is_marketing: false
act_function: act_send_session_reminder
config_schema:
{"type": "object", "additionalProperties": false, "required": [],
 "properties": {}}
');
