-- Endpoints have their turns: who claims says whose was the last, and is told whose a delivery is. WHK-02.

drop function if exists app_private.claim_webhook_events(int, int);
