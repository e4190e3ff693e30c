-- The action send_email: what its config may be. What it does stands in act_send_email.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "send_email"}', rows => '
label_ro: Trimite un e-mail
label_en: Send a mail
description_ro: Trimite prin e-mail textul clinicii.
description_en: Sends the clinic''s words by mail.
needs: {}
is_marketing: false
act_function: act_send_email
check_function: check_send_email
config_schema: ' || app_private.message_schema('email', 20000, true, true));
