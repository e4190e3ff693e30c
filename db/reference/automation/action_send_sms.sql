-- The action send_sms: what its config may be. What it does stands in act_send_sms.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "send_sms"}', rows => '
label_ro: Trimite un SMS
label_en: Send a text message
description_ro: Trimite textul clinicii prin SMS.
description_en: Sends the clinic''s words by SMS.
needs: {}
is_marketing: false
act_function: act_send_sms
check_function: check_send_sms
config_schema: ' || app_private.message_schema('sms', 480, false, true));
