-- The action show_notification: what its config may be. What it does stands in act_show_notification.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "show_notification"}', rows => '
label_ro: Arată o notificare
label_en: Show a notification
description_ro: Pune textul clinicii între mesajele din aplicație.
description_en: Puts the clinic''s words into the inbox inside the app.
needs: {}
is_marketing: false
act_function: act_show_notification
check_function: check_show_notification
config_schema: ' || app_private.message_schema('in_app', 20000, true, false));
