-- The action send_whatsapp: what its config may be. What it does stands in act_send_whatsapp.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "send_whatsapp"}', rows => '
label_ro: Trimite un mesaj WhatsApp
label_en: Send a WhatsApp message
description_ro: Trimite textul aprobat al clinicii prin WhatsApp.
description_en: Sends the clinic''s approved text over WhatsApp.
needs: {}
is_marketing: false
act_function: act_send_whatsapp
check_function: check_send_whatsapp
config_schema: ' || app_private.message_schema('whatsapp', 480, false, true));
