drop function if exists app_hidden.link_to_send(uuid, text, uuid, text);
drop function if exists app_hidden.send_signature_link(uuid, uuid, bytea, bytea, bytea, text, uuid);
drop function if exists app_hidden.open_kiosk(uuid, uuid, bytea, text, uuid);

