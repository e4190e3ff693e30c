-- The engine's own action. The others stand beside it, a file each. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "schedule_action"}', rows => '
label_ro: Programează o acțiune
label_en: Schedule an action
description: Does another action later.
needs: {}
is_marketing: false
act_function: act_schedule_action
check_function: check_schedule_action
config_schema:
{"type": "object", "additionalProperties": false, "required": ["action", "after"],
 "properties": {
   "action": {"type": "string"},
   "config": {"type": "object"},
   "after": {"type": "object"}}}
');
