-- The action send_push: what its config may be. What it does stands in act_send_push.sql. AUT-02.

select app_private.own_rows('app_private.automation_actions', scope => '{"code": "send_push"}', rows => '
label_ro: Trimite o notificare push
label_en: Send a push notice
description_ro: Trimite textul clinicii ca notificare a browserului.
description_en: Sends the clinic''s words as a notice of the browser.
needs: {}
is_marketing: false
act_function: act_send_push
check_function: check_send_push
config_schema: ' || app_private.message_schema('push', 240, true, true));
