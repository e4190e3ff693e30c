-- Which consents an appointment asks for depends on the stage. docs/decisions/0150.

drop function if exists app_private.consents_asked(app_public.appointments);

