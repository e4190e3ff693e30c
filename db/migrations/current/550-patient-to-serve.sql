-- A step whose permission nobody read. FND-04.
drop function if exists app_private.patient_to_serve(uuid, text);
